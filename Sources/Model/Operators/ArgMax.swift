package import ConstraintSystem

/// ONNX ArgMax, TFLite ARG_MAX: the index of the first largest value along an axis; a public step
/// after the proof.
package struct ArgMax: FinalOperator {
  package static let onnx = [ONNXForm("ArgMax", since: 1)]
  package static let tflite = [TFLiteForm("ARG_MAX", options: 40, [("output_type", .type)])]
  package static let outputType = ElementType.int64

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

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    var shape = try SourceShapes.first(inputs)
    let position = try SourceShapes.axis(axis, of: shape)
    if keepsAxis { shape[position] = 1 } else { shape.remove(at: position) }
    return shape
  }

  package func steps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep] {
    [.argMax(axis: try SourceShapes.axis(axis, of: tensors.input(0, "input").shape))]
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    let position = try SourceShapes.axis(axis, of: x.shape)
    let indices = FinalValues.argMax(x.elements, shape: x.shape, axis: position)
    return Values(shape: tensors.output.shape, elements: indices.map { Float($0) })
  }
}
