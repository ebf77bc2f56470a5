import ConstraintSystem

extension IntegerNetwork {
  /// What stands in the way of proving single nodes, in order: those that a reader refused, and those
  /// whose operators do not handle their tensors.
  ///
  /// - Parameter whole: as a reader gives it, `Refused` nodes included; not verified. A float network is
  ///   judged by what a trial quantization makes of it.
  package static func problems(of whole: Graph) -> [NodeProblem] {
    var problems = whole.nodes.compactMap { $0.refused?.problem }
    var graph = Quantizer.withTrialInputs(whole)
    if whole.isFloat {
      guard let trial = Quantizer.trial(whole) else { return problems }
      graph = trial.graph
      problems += trial.problems
    }
    graph.annotateSums()
    do throws(ModelError) {
      _ = try cutEnd(&graph)
      graph.removeDeadNodes()
      try cutStart(&graph)
    } catch {
      if let node = error.node, let made = graph.nodes.first(where: { $0.name == node }) {
        problems.append(error.problem(node: node, type: made.operator.label))
      }
    }
    for found in [refusals(in: graph), unlowered(in: graph)] {
      let known = Set(problems.map(\.node))
      problems += found.filter { !known.contains($0.node) }
    }
    return problems
  }

  /// Why a graph whose every node is well is no network that can be proven; nil when it is.
  package static func obstacle(to whole: Graph) -> ModelError? {
    do throws(ModelError) {
      try whole.verify()
      if whole.isFloat, let trial = Quantizer.trial(whole) {
        _ = try IntegerNetwork(trial.graph)
      } else {
        _ = try IntegerNetwork(Quantizer.withTrialInputs(whole))
      }
      return nil
    } catch {
      return error
    }
  }

  /// What operators say of their tensors; nodes whose tensors are not those of a verified graph are
  /// left out.
  static func refusals(in graph: Graph) -> [NodeProblem] {
    if graph.leastRows > 1 << Limits.traceBits { return [.tooManyRows] }
    return graph.nodes.compactMap { node in
      guard graph.isSound(node) else { return nil }
      do throws(ModelError) {
        try node.operator.check(graph.tensors(of: node))
        return nil
      } catch {
        return graph.said(error, of: node).problem(
          node: node.name, type: node.operator.label)
      }
    }
  }
}

extension IntegerNetwork {
  /// What operators say when they are asked for rows and relations, which are not kept.
  private static func unlowered(in graph: Graph) -> [NodeProblem] {
    if graph.leastRows > 1 << Limits.traceBits { return [] }
    var builder = DiscardingBuilder()
    var wires: [Int: TensorView] = [:]
    let throughs = graph.indexInputs
    for (place, input) in graph.inputs.enumerated() where graph.tensors.indices.contains(input) {
      let shape = graph.tensors[input].shape
      wires[input] =
        throughs.contains(input) ? TensorView(shape: shape, input: place) : builder.wire(shape)
    }
    var problems: [NodeProblem] = []
    for node in graph.nodes {
      // Behind a node that has no rows the others still have theirs.
      for output in node.outputs where graph.tensors.indices.contains(output) {
        wires[output] = builder.wire(graph.tensors[output].shape)
      }
      guard graph.isSound(node), let output = node.outputs.first else { continue }
      let tensors = graph.tensors(of: node)
      let operands = node.inputs.map { $0.flatMap { wires[$0] } }
      let isKnown = zip(operands, tensors.inputs).allSatisfy { wire, tensor in
        wire != nil || tensor?.constant != nil || tensor == nil
      }
      guard isKnown else { continue }
      do throws(ModelError) {
        try node.operator.check(tensors)
        wires[output] = try node.operator.lower(
          operands, tensors, named: node.name, into: &builder)
      } catch {
        problems.append(
          graph.said(error, of: node).problem(node: node.name, type: node.operator.label))
      }
      if builder.rows > 1 << Limits.traceBits { return problems + [.tooManyRows] }
      if builder.blocks > Limits.blocks {
        return problems + [
          NodeProblem(
            node: "", type: "", what: "it takes more than \(Limits.blocks) steps to prove",
            remedy: "use a smaller network")
        ]
      }
    }
    return problems
  }
}

/// Takes what operators say of themselves and keeps none of it.
private struct DiscardingBuilder: CircuitBuilder {
  private(set) var blocks = 0
  private(set) var rows = 0
  private var count = 0

  mutating func wire(_ shape: [Int]) -> TensorView {
    count += 1
    return TensorView(source: .block(count - 1), shape: shape)
  }

  mutating func tensor(
    _ layer: String, as role: TensorRole, shape: [Int], type: ModelTensor.StoredType,
    values: [Int64]
  ) -> TensorView {
    count += 1
    return TensorView(source: .tensor(count - 1), shape: shape)
  }

  mutating func block(
    _ layer: String, as role: BlockRole?, shape: [Int], relation: [Term], scaling: Scaling,
    activation: Activation
  ) -> TensorView {
    blocks += 1
    rows += shape.reduce(1, *)
    return wire(shape)
  }

  mutating func rows(
    _ layer: String, as role: BlockRole?, shape: [Int], of kind: GadgetRows
  ) -> Int {
    blocks += 1
    rows += shape.reduce(1, *)
    count += 1
    return count - 1
  }

  mutating func bound(_ wire: TensorView, quotients: ClosedRange<Int64>) {}
  mutating func declare(_ gadget: Gadget) {}
}

extension NodeProblem {
  fileprivate static let tooManyRows = NodeProblem(
    node: "", type: "", what: "it takes more than 2^\(Limits.traceBits) rows to prove",
    remedy: "use a smaller network, or smaller inputs")
}

extension Graph {
  /// Rows that its nodes take at least: the values that operators with rows make.
  fileprivate var leastRows: Int {
    var rows = 0
    for node in nodes where node.operator.takesRows {
      guard let output = node.outputs.first, tensors.indices.contains(output) else { continue }
      let (sum, overflow) = rows.addingReportingOverflow(tensors[output].bounded)
      rows = overflow ? .max : sum
    }
    return rows
  }

  /// An error in the words of a network of QONNX's, which calibration inputs do not quantize.
  fileprivate func said(_ error: ModelError, of node: Node) -> ModelError {
    guard arithmetic == .exact else { return error }
    let real = (node.inputs + node.outputs).compactMap(\.self).first {
      tensors.indices.contains($0) && error == tensors[$0].isReal(node.name)
    }
    return real.map { tensors[$0].isReal(node.name, remedy: "put a Quant behind what makes it") }
      ?? error
  }

  /// What `verify` makes sure of, for one node.
  fileprivate func isSound(_ node: Node) -> Bool {
    let inputs = node.inputs.compactMap(\.self)
    guard node.refused == nil, node.outputs.count == 1,
      (inputs + node.outputs).allSatisfy(tensors.indices.contains)
    else { return false }
    let operands = node.inputs.map { $0.map { tensors[$0] } }
    do throws(ModelError) {
      for index in inputs + node.outputs { try tensors[index].verify() }
      return try node.operator.outputShape(operands) == tensors[node.outputs[0]].shape
    } catch {
      return false
    }
  }
}

extension ModelError {
  /// The one node that it is about.
  package var node: String? {
    switch self {
    case .unsupportedOperator(let node, _, _, _), .unsupportedAttribute(let node, _, _, _, _),
      .unsupported(let node, _, _), .invalid(let node, _):
      node.isEmpty ? nil : node
    case .nodes, .cancelled: nil
    }
  }
}

extension Tensor {
  /// Its values' number, or a large one where extents are not those of a verified graph.
  fileprivate var bounded: Int {
    shape.reduce(1) { product, extent in
      let (next, overflow) = product.multipliedReportingOverflow(by: max(extent, 1))
      return overflow ? Int.max / 2 : min(next, Int.max / 2)
    }
  }
}
