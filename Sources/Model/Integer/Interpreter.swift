import ConstraintSystem

/// Runs a graph node by node: on integers, by each operator's named semantics, and on reals.
///
/// The reference: it knows nothing of circuits.
package struct Interpreter: Sendable {
  package let graph: Graph
  private let steps: [(node: Node, tensors: NodeTensors)]
  /// By step the tensors that no later step reads, constants aside.
  private let unread: [[Int]]
  /// The network's outputs.
  private let ends: Set<Int>

  /// Verifies the graph; `run(reals:)` is possible on every graph, `run(integers:)` on one whose
  /// activations are all quantized (`IntegerNetwork.graph`).
  ///
  /// What operators make of their constants is held for all runs.
  ///
  /// - Parameter twin: of a graph that has the same nodes and constants, from which it differs in the steps
  ///   between integers at most: both hold it once.
  package init(_ graph: Graph, twin: Interpreter? = nil) throws(ModelError) {
    try graph.verify()
    self.graph = graph
    let stores = twin?.steps.map(\.tensors.store)
    steps = graph.nodes.enumerated().map { index, node in
      var tensors = graph.tensors(of: node)
      tensors.store = stores?[index] ?? NodeStore()
      return (node, tensors)
    }
    var last: [Int: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for tensor in node.inputs.compactMap(\.self) + node.outputs { last[tensor] = index }
    }
    var unread = [[Int]](repeating: [], count: graph.nodes.count)
    for (tensor, index) in last where graph.tensors[tensor].constant == nil {
      unread[index].append(tensor)
    }
    self.unread = unread
    ends = Set(graph.outputs)
  }

  /// Hands over the values of each input and then of each tensor that is computed, with its index, and holds
  /// them no longer than something reads them.
  ///
  /// - Parameter inputs: one per graph input, row-major, zero points included.
  package func trace(
    integers inputs: [[Int64]],
    _ visit: (_ tensor: Int, _ values: Values<Int64>) throws(ModelError) -> Void
  ) throws(ModelError) {
    try checkCount(inputs.count)
    var values = graph.tensors.map { tensor -> Values<Int64>? in
      guard case .integer(let values)? = tensor.constant else { return nil }
      return Values(shape: tensor.shape, elements: values)
    }
    for (index, elements) in zip(graph.inputs, inputs) {
      let tensor = graph.tensors[index]
      guard elements.count == tensor.count else {
        throw .invalid(
          node: "",
          what: "input \"\(tensor.name)\" takes \(tensor.count) values, not \(elements.count)")
      }
      guard let range = tensor.type.range else {
        throw .invalid(node: "", what: "input \"\(tensor.name)\" takes reals")
      }
      if let outside = elements.firstIndex(where: { !range.contains($0) }) {
        throw .invalid(
          node: "",
          what: "input \"\(tensor.name)\" holds \(elements[outside]) at position \(outside); "
            + "\(tensor.type) holds \(range.lowerBound) to \(range.upperBound)")
      }
      values[index] = Values(shape: tensor.shape, elements: elements)
    }
    try run(&values, visit) { (node, operands, tensors) throws(ModelError) in
      try node.operator.integer(operands, tensors)
    }
  }

  /// The network's outputs, row-major, zero points included.
  package func run(integers inputs: [[Int64]]) throws(ModelError) -> [[Int64]] {
    var outputs: [Int: [Int64]] = [:]
    try trace(integers: inputs) { tensor, values in
      if ends.contains(tensor) { outputs[tensor] = values.elements }
    }
    return graph.outputs.map { outputs[$0] ?? [] }
  }

  /// The same in single precision; quantized constants stand for their reals.
  package func trace(
    reals inputs: [[Float]],
    _ visit: (_ tensor: Int, _ values: Values<Float>) throws(ModelError) -> Void
  ) throws(ModelError) {
    try checkCount(inputs.count)
    var values = graph.tensors.map { tensor in
      tensor.reals.map { Values(shape: tensor.shape, elements: $0) }
    }
    for (index, elements) in zip(graph.inputs, inputs) {
      let tensor = graph.tensors[index]
      guard elements.count == tensor.count else {
        throw .invalid(
          node: "",
          what: "input \"\(tensor.name)\" takes \(tensor.count) values, not \(elements.count)")
      }
      guard elements.allSatisfy(\.isFinite) else {
        throw .invalid(node: "", what: "input \"\(tensor.name)\" holds NaN or infinite values")
      }
      values[index] = Values(shape: tensor.shape, elements: elements)
    }
    try run(&values, visit) { (node, operands, tensors) throws(ModelError) in
      try node.operator.real(operands, tensors)
    }
  }

  package func run(reals inputs: [[Float]]) throws(ModelError) -> [[Float]] {
    var outputs: [Int: [Float]] = [:]
    try trace(reals: inputs) { tensor, values in
      if ends.contains(tensor) { outputs[tensor] = values.elements }
    }
    return graph.outputs.map { outputs[$0] ?? [] }
  }

  private func checkCount(_ inputs: Int) throws(ModelError) {
    guard inputs == graph.inputs.count else {
      throw .invalid(
        node: "", what: "\(inputs) inputs for a network of \(graph.inputs.count)")
    }
  }

  /// Evaluates node by node, from the constants and inputs.
  private func run<Element>(
    _ values: inout [Values<Element>?],
    _ visit: (Int, Values<Element>) throws(ModelError) -> Void,
    _ evaluate: (Node, [Values<Element>?], NodeTensors) throws(ModelError) -> Values<Element>
  ) throws(ModelError) {
    for input in graph.inputs { if let given = values[input] { try visit(input, given) } }
    for (index, (node, tensors)) in steps.enumerated() {
      let output = try evaluate(node, node.inputs.map { $0.flatMap { values[$0] } }, tensors)
      try visit(node.outputs[0], output)
      values[node.outputs[0]] = output
      for tensor in unread[index] { values[tensor] = nil }
    }
  }
}

extension Tensor {
  /// A constant as reals: scale · (integer − zeroPoint) where it is quantized.
  package var reals: [Float]? {
    switch constant {
    case nil: return nil
    case .real(let values)?: return values
    case .integer(let values)?:
      guard let quantization else { return values.map { Float($0) } }
      let inner = quantization.axis.map { shape[($0 + 1)...].reduce(1, *) } ?? 1
      let (scales, zeros) = (quantization.scales, quantization.zeroPoints)
      return values.enumerated().map { index, value in
        let slice = index / inner % scales.count
        return scales[slice] * Float(value &- zeros[zeros.count == 1 ? 0 : slice])
      }
    }
  }
}
