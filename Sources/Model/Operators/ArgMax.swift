package import ConstraintSystem

/// ONNX ArgMax, TFLite ARG_MAX: the index of the first largest value along an axis; a public step
/// after the proof.
package struct ArgMax: Operator {
  package static let onnx: [(name: String, opsets: ClosedRange<Int>)] = [
    ("ArgMax", 1...Operators.latestOpset)
  ]
  package static let tflite = ["ARG_MAX"]

  package var axis: Int64
  package var keepsAxis: Bool

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    if node.isTFLite {
      axis = try node.integers(1, "axis").first ?? 0
      keepsAxis = false
      attributes.ignore("output_type")
    } else {
      axis = try attributes.integer("axis", default: 0)
      keepsAxis = try attributes.integer("keepdims", default: 1) != 0
      try attributes.require("select_last_index", 0)
    }
    try attributes.finish()
  }

  package var label: String { "ArgMax" }

  private func position(_ shape: [Int]) -> Int? {
    let rank = Int64(shape.count)
    guard axis >= -rank, axis < rank else { return nil }
    return Int(axis < 0 ? axis + rank : axis)
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    var shape = try SourceShapes.first(inputs)
    guard let position = position(shape) else {
      throw .invalid(node: "", what: "a shape of \(shape) has no axis \(axis)")
    }
    if keepsAxis { shape[position] = 1 } else { shape.remove(at: position) }
    return shape
  }

  package func finalStep(_ tensors: NodeTensors) throws(ModelError) -> FinalStep? {
    let shape = try tensors.input(0, "input").shape
    guard let position = position(shape) else {
      throw .invalid(node: tensors.node, what: "a shape of \(shape) has no axis \(axis)")
    }
    return .argMax(axis: position)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) {
    throw .notLast(label, tensors)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    guard let position = position(x.shape) else {
      throw .invalid(node: tensors.node, what: "a shape of \(x.shape) has no axis \(axis)")
    }
    let indices = FinalValues.argMax(x.elements, shape: x.shape, axis: position)
    return Values(shape: tensors.output.shape, elements: indices.map { Float($0) })
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    throw .notLast(label, tensors)
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [Wire?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> Wire {
    throw .notLast(label, tensors)
  }
}
