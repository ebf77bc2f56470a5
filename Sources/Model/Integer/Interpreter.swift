import ConstraintSystem

/// Runs a graph node by node: on integers, by each operator's named semantics, and on reals.
///
/// The reference: it knows nothing of circuits.
package struct Interpreter: Sendable {
  package let graph: Graph
  private let steps: [(node: Node, tensors: NodeTensors)]
  private let integerConstants: [Values<Int64>?]
  private let realConstants: [Values<Float>?]

  /// Verifies the graph; `run(reals:)` is possible on every graph, `run(integers:)` on one whose
  /// activations are all quantized (`IntegerNetwork.graph`).
  package init(_ graph: Graph) throws(ModelError) {
    try graph.verify()
    self.graph = graph
    steps = graph.nodes.map { ($0, graph.tensors(of: $0)) }
    integerConstants = graph.tensors.map { tensor in
      guard case .integer(let values)? = tensor.constant else { return nil }
      return Values(shape: tensor.shape, elements: values)
    }
    realConstants = graph.tensors.map { tensor in
      tensor.reals.map { Values(shape: tensor.shape, elements: $0) }
    }
  }

  /// The values of all tensors, by index; nil for constants that no arithmetic reads.
  ///
  /// - Parameter inputs: one per graph input, row-major, zero points included.
  package func trace(integers inputs: [[Int64]]) throws(ModelError) -> [Values<Int64>?] {
    guard inputs.count == graph.inputs.count else {
      throw .invalid(
        node: "", what: "\(inputs.count) inputs for a network of \(graph.inputs.count)")
    }
    var values = integerConstants
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
    for (node, tensors) in steps {
      values[node.outputs[0]] = try node.operator.integer(
        node.inputs.map { $0.flatMap { values[$0] } }, tensors)
    }
    return values
  }

  /// The network's outputs, row-major, zero points included.
  package func run(integers inputs: [[Int64]]) throws(ModelError) -> [[Int64]] {
    let values = try trace(integers: inputs)
    return graph.outputs.map { values[$0]?.elements ?? [] }
  }

  /// The values of all tensors in single precision; quantized constants stand for their reals.
  package func trace(reals inputs: [[Float]]) throws(ModelError) -> [Values<Float>?] {
    guard inputs.count == graph.inputs.count else {
      throw .invalid(
        node: "", what: "\(inputs.count) inputs for a network of \(graph.inputs.count)")
    }
    var values = realConstants
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
    for (node, tensors) in steps {
      values[node.outputs[0]] = try node.operator.real(
        node.inputs.map { $0.flatMap { values[$0] } }, tensors)
    }
    return values
  }

  package func run(reals inputs: [[Float]]) throws(ModelError) -> [[Float]] {
    let values = try trace(reals: inputs)
    return graph.outputs.map { values[$0]?.elements ?? [] }
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
