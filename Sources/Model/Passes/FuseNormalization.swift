import ConstraintSystem

/// A normalization that a float file writes out becomes one: x − mean(x), over the root of the mean of its squares
/// and a small number, times factors and plus terms by channel; and x over the root of its own mean square.
///
/// Exporters of ONNX before opset 17 write ReduceMean, Sub, Pow or Mul, ReduceMean, Add, Sqrt, Div, Mul, Add; others
/// multiply with a reciprocal root. Quantized piece by piece, squares and roots would have eight bits each.
package enum FuseNormalization {
  package static func run(_ graph: inout Graph) {
    guard graph.isFloat else { return }
    let search = Search(graph)
    var isChanged = false
    for index in graph.nodes.indices {
      guard let found = search.normalization(endingIn: index) else { continue }
      isChanged = true
      graph.nodes[found.last] = Node(
        name: graph.nodes[found.last].name, operator: found.made, inputs: [found.input],
        outputs: graph.nodes[found.last].outputs)
    }
    if isChanged { graph.removeDeadNodes() }
  }
}

/// Looks for what normalizations are made of.
private struct Search {
  let graph: Graph
  private let makers: [Int: Int]
  private var readers: [Int: [Int]] = [:]
  private let outputs: Set<Int>

  init(_ graph: Graph) {
    self.graph = graph
    makers = graph.firstMakers
    outputs = Set(graph.outputs)
    for (index, node) in graph.nodes.enumerated() {
      for input in node.inputs.compactMap(\.self) { readers[input, default: []].append(index) }
    }
  }

  /// - Returns: what it is of, and the last node of it, with factors and terms that nobody else reads between.
  func normalization(
    endingIn index: Int
  ) -> (input: Int, made: Normalization, last: Int)? {
    let node = graph.nodes[index]
    guard let (value, radicand) = quotient(node), let output = node.outputs.first,
      let (mean, epsilon) = sum(radicand), let (squares, axes) = self.mean(mean),
      let root = square(squares)
    else { return nil }
    let (input, isCentered): (Int, Bool)
    if let (x, own) = deviation(value), let (y, other) = deviation(root), x == y, own == axes,
      other == axes
    {
      (input, isCentered) = (x, true)
    } else if value == root {
      (input, isCentered) = (value, false)
    } else {
      return nil
    }
    let shape = graph.tensors[input].shape
    guard graph.tensors[output].shape == shape, graph.tensors[input].constant == nil,
      let form = form(axes, of: shape, isCentered: isCentered)
    else { return nil }
    var made = Normalization(form, epsilon: epsilon)
    var last = index
    if let (next, factors) = constants(after: last, of: made, shape, isFactor: true) {
      (made.scale, last) = (factors, next)
    }
    if let (next, terms) = constants(after: last, of: made, shape, isFactor: false) {
      (made.bias, last) = (terms, next)
    }
    return (input, made, last)
  }

  private func form(_ axes: [Int], of shape: [Int], isCentered: Bool) -> Normalization.Form? {
    guard let first = axes.first, axes == Array(first..<shape.count) else { return nil }
    return isCentered ? .layer(axis: Int64(first)) : .rootMeanSquare(axis: Int64(first))
  }

  /// What one node alone makes of another's output with a constant for each channel, or one.
  private func constants(
    after index: Int, of made: Normalization, _ shape: [Int], isFactor: Bool
  ) -> (next: Int, values: [Float])? {
    guard let output = graph.nodes[index].outputs.first, !outputs.contains(output),
      let own = readers[output], own.count == 1, let next = own.first,
      graph.nodes[next].inputs.count == 2,
      let place = graph.nodes[next].inputs.firstIndex(where: { $0 != output }),
      let constant = graph.nodes[next].inputs[place], let values = reals(constant),
      values.allSatisfy(\.isFinite), let result = graph.nodes[next].outputs.first,
      graph.tensors[result].shape == shape
    else { return nil }
    let sign: Float
    if isFactor {
      guard isProduct(graph.nodes[next]) else { return nil }
      sign = 1
    } else {
      guard let sum = graph.nodes[next].operator.addition, sum.activation == .unbounded,
        !sum.isDifference || place == 1
      else { return nil }
      sign = sum.isDifference ? -1 : 1
    }
    let extents = graph.tensors[constant].shape
    let padded = [Int](repeating: 1, count: max(0, shape.count - extents.count)) + extents
    guard values.count == 1 || padded == made.channelShape(of: shape) else { return nil }
    return (next, values.map { sign * $0 })
  }

  // MARK: Pieces

  private func maker(_ tensor: Int) -> Node? { makers[tensor].map { graph.nodes[$0] } }

  private func reals(_ tensor: Int) -> [Float]? {
    guard case .real(let values)? = graph.tensors[tensor].constant else { return nil }
    return values
  }

  private func isProduct(_ node: Node) -> Bool {
    (node.operator as? Multiply)?.activation == .unbounded && node.inputs.count == 2
  }

  /// A tensor over the root of another.
  private func quotient(_ node: Node) -> (value: Int, radicand: Int)? {
    guard node.inputs.count == 2, let a = node.inputs[0], let b = node.inputs[1] else { return nil }
    if node.operator is Divide {
      let (source, exponent) = power(b)
      return exponent == 0.5 ? (a, source) : nil
    }
    guard isProduct(node) else { return nil }
    for (value, factor) in [(a, b), (b, a)] {
      let (source, exponent) = power(factor)
      if exponent == -0.5 { return (value, source) }
    }
    return nil
  }

  /// The tensor that another is a power of, by functions of one value, and the exponent.
  private func power(_ tensor: Int) -> (source: Int, exponent: Float) {
    var (source, exponent) = (tensor, Float(1))
    while let node = maker(source) {
      if let function = node.operator as? Elementwise, let own = Self.exponent(function.expression),
        let input = node.inputs.first ?? nil
      {
        (source, exponent) = (input, exponent * own)
      } else if node.operator is Divide, node.inputs.count == 2, let one = node.inputs[0],
        reals(one) == [1], let input = node.inputs[1]
      {
        (source, exponent) = (input, -exponent)
      } else {
        break
      }
    }
    return (source, exponent)
  }

  private static func exponent(_ expression: Expression) -> Float? {
    switch expression {
    case .x: 1
    case .function(.squareRoot, let inner): exponent(inner).map { $0 / 2 }
    case .function(.reciprocal, let inner): exponent(inner).map { -$0 }
    case .function(.power(let own), let inner): exponent(inner).map { $0 * own }
    case .pair(.quotient, .constant(1), let inner): exponent(inner).map { -$0 }
    default: nil
    }
  }

  /// A tensor and a number of at least zero.
  private func sum(_ tensor: Int) -> (tensor: Int, number: Float)? {
    guard let node = maker(tensor),
      node.operator.addition
        == Addition(
          isDifference: false, activation: .unbounded), node.inputs.count == 2
    else { return nil }
    for side in 0..<2 {
      guard let number = node.inputs[side].flatMap(reals), number.count == 1, number[0] >= 0,
        number[0].isFinite, let other = node.inputs[1 - side]
      else { continue }
      return (other, number[0])
    }
    return nil
  }

  /// What a tensor is the mean of, over axes that stay.
  private func mean(_ tensor: Int) -> (source: Int, axes: [Int])? {
    guard let node = maker(tensor), let mean = node.operator as? Mean, mean.axes.keepsAxes,
      let source = node.inputs.first ?? nil,
      let axes = try? mean.axes.places(in: graph.tensors[source].shape)
    else { return nil }
    return (source, axes)
  }

  /// What a tensor is the square of.
  private func square(_ tensor: Int) -> Int? {
    if let node = maker(tensor), isProduct(node), node.inputs[0] == node.inputs[1] {
      return node.inputs[0]
    }
    let (source, exponent) = power(tensor)
    return exponent == 2 ? source : nil
  }

  /// What a tensor is the deviation of from its mean.
  private func deviation(_ tensor: Int) -> (source: Int, axes: [Int])? {
    guard let node = maker(tensor),
      node.operator.addition
        == Addition(
          isDifference: true, activation: .unbounded), node.inputs.count == 2,
      let x = node.inputs[0], let (source, axes) = node.inputs[1].flatMap({ mean($0) }), source == x
    else { return nil }
    return (x, axes)
  }
}
