import ConstraintSystem

/// What a float file adds to a softmax's input, or puts in its place, so that a value is nothing beside the others,
/// becomes a mask of the softmax: `scores + mask` with −∞, −10000 or the least number of a type, `Where(mask, scores,
/// −∞)`, and `scores · mask − 10000 · (1 − mask)`.
///
/// Quantized as it stands, such a number would leave no step of the scale to the scores.
package enum FuseMasks {
  /// Values from here down are masks: the exponential of a distance of a thousand is zero in float32.
  private static let least: Float = -1000

  package static func run(_ graph: inout Graph) {
    guard graph.isFloat else { return }
    let makers = graph.firstMakers
    let uses = GraphUses(graph)
    for index in graph.nodes.indices {
      guard var softmax = graph.nodes[index].operator as? Softmax, softmax.mask == nil,
        let scores = graph.nodes[index].inputs.first ?? nil, let maker = makers[scores]
      else { continue }
      let shape = graph.tensors[scores].shape
      guard let axis = try? SourceShapes.axis(softmax.axis, of: shape),
        !softmax.flattens || axis == shape.count - 1, !softmax.isLogarithm,
        let found = masked(graph.nodes[maker], in: graph),
        graph.tensors[found.input].shape == shape,
        leavesSome(found.mask, of: shape, along: axis),
        found.terms == nil || uses.isReadOnce(scores)
      else { continue }
      // Of the last axis alone both are the same.
      softmax.flattens = false
      softmax.mask = found.mask
      graph.nodes[index].operator = softmax
      graph.nodes[index].inputs[0] = found.input
      if let terms = found.terms {
        // What is added to places that count is added as before.
        let constant = graph.tensors.count
        graph.tensors.append(
          Tensor(
            name: graph.tensors[scores].name, shape: terms.shape, type: .float32,
            constant: .real(terms.elements)))
        let sum = graph.tensors.count
        graph.tensors.append(graph.tensors[scores])
        graph.nodes[index].inputs[0] = sum
        graph.nodes[maker] = Node(
          name: graph.nodes[maker].name, operator: Add(), inputs: [found.input, constant],
          outputs: [sum])
      } else {
        graph.nodes[index].inputs[0] = unscaled(
          found.input, mask: found.mask, makers: makers, in: graph)
      }
    }
    graph.removeDeadNodes()
  }

  private struct Found {
    var input: Int
    var mask: Values<Bool>
    /// What is added to places that count; nil for nothing.
    var terms: Values<Float>?
  }

  private static func masked(_ node: Node, in graph: Graph) -> Found? {
    if let sum = node.operator.addition, sum.activation == .unbounded, node.inputs.count == 2 {
      for place in 0..<2 where place == 1 || !sum.isDifference {
        guard let constant = node.inputs[place], let input = node.inputs[1 - place],
          var values = reals(constant, in: graph)
        else { continue }
        if sum.isDifference { values.elements = values.elements.map { -$0 } }
        let mask = Values(shape: values.shape, elements: values.elements.map { $0 > least })
        guard mask.elements.contains(false) else { return nil }
        values.elements = values.elements.map { $0 > least ? $0 : 0 }
        guard values.elements.allSatisfy(\.isFinite) else { return nil }
        return Found(
          input: input, mask: mask,
          terms: values.elements.allSatisfy { $0 == 0 } ? nil : values)
      }
      return nil
    }
    guard node.operator is Select, node.inputs.count == 3, let condition = node.inputs[0],
      let flags = flags(condition, in: graph)
    else { return nil }
    for place in 1...2 {
      guard let constant = node.inputs[place], let input = node.inputs[3 - place],
        let values = reals(constant, in: graph), values.elements.allSatisfy({ $0 <= least })
      else { continue }
      return Found(
        input: input,
        mask: Values(shape: flags.shape, elements: flags.elements.map { $0 == (place == 2) }),
        terms: nil)
    }
    return nil
  }

  private static func reals(_ tensor: Int, in graph: Graph) -> Values<Float>? {
    guard case .real(let values)? = graph.tensors[tensor].constant else { return nil }
    return Values(shape: graph.tensors[tensor].shape, elements: values)
  }

  private static func flags(_ tensor: Int, in graph: Graph) -> Values<Bool>? {
    let shape = graph.tensors[tensor].shape
    switch graph.tensors[tensor].constant {
    case .integer(let values)?: return Values(shape: shape, elements: values.map { $0 != 0 })
    case .real(let values)?: return Values(shape: shape, elements: values.map { $0 != 0 })
    case nil: return nil
    }
  }

  /// Whether every row along an axis has a place that counts.
  private static func leavesSome(
    _ mask: Values<Bool>, of shape: [Int], along axis: Int
  ) -> Bool {
    guard mask.shape.count <= shape.count else { return false }
    let counts = Broadcast.expand(mask, to: shape)
    let behind = shape[(axis + 1)...].reduce(1, *)
    var rows = [Bool](repeating: false, count: counts.count / max(1, shape[axis]))
    for (cell, counts) in counts.enumerated() where counts {
      rows[cell / (behind * shape[axis]) * behind + cell % behind] = true
    }
    return rows.allSatisfy(\.self)
  }

  /// A tensor before it was multiplied with 1 wherever places count.
  private static func unscaled(
    _ tensor: Int, mask: Values<Bool>, makers: [Int: Int], in graph: Graph
  ) -> Int {
    guard let maker = makers[tensor], let product = graph.nodes[maker].operator as? Multiply,
      product.activation == .unbounded, graph.nodes[maker].inputs.count == 2
    else { return tensor }
    let shape = graph.tensors[tensor].shape
    for place in 0..<2 {
      guard let factor = graph.nodes[maker].inputs[place],
        let input = graph.nodes[maker].inputs[1 - place],
        let factors = reals(factor, in: graph), graph.tensors[input].shape == shape
      else { continue }
      let isOne = zip(
        Broadcast.expand(mask, to: shape), Broadcast.expand(factors, to: shape)
      ).allSatisfy { !$0 || $1 == 1 }
      if isOne { return input }
    }
    return tensor
  }
}
