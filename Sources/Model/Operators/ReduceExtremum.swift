import ConstraintSystem

/// ONNX ReduceMax and ReduceMin, TFLite REDUCE_MAX and REDUCE_MIN: the largest or the smallest value over some
/// axes, which stay with extent 1 or go.
///
/// Integers: the largest or smallest, at the output's scale. TFLite's ends have one; onnxruntime's may have two,
/// with a real between a DequantizeLinear and a QuantizeLinear.
///
/// Rows: k values take about k − 1 rows (`PairwiseExtremum`) and one more that holds the result.
package struct ReduceExtremum: Operator {
  package static let onnx = [ONNXForm("ReduceMax", since: 1), ONNXForm("ReduceMin", since: 1)]
  package static let tflite = [ReducedAxes.tflite("REDUCE_MAX"), ReducedAxes.tflite("REDUCE_MIN")]
  package static let keepsIntegers = true

  package var isMaximum: Bool
  package var axes: ReducedAxes
  private var isTFLite: Bool

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    isMaximum = node.type == "ReduceMax" || node.type == "REDUCE_MAX"
    isTFLite = node.isTFLite
    axes = try ReducedAxes(&attributes)
    try attributes.finish()
  }

  package var label: String { isMaximum ? "ReduceMax" : "ReduceMin" }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try axes.outputShape(inputs)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try step(tensors) }

  private func step(_ tensors: NodeTensors) throws(ModelError) -> Requantization {
    try tensors.extremumStep(label, isTFLite: isTFLite)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    Values(shape: tensors.output.shape, elements: try extrema(inputs.operand(0, tensors)))
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let step = try step(tensors)
    let elements = try extrema(inputs.operand(0, tensors)).map(step.callAsFunction)
    return Values(shape: tensors.output.shape, elements: elements)
  }

  private func extrema<Element: Comparable>(
    _ x: Values<Element>
  ) throws(ModelError) -> [Element] {
    try axes.groups(in: x.shape).compactMap { cells in
      let values = cells.lazy.map { x.elements[$0] }
      return isMaximum ? values.max() : values.min()
    }
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let tensor = try tensors.input(0, "input")
    let step = try step(tensors)
    let x = try builder.aligned(inputs.operand(0, tensors), to: tensor, at: tensors.node)
    let reduced = try axes.places(in: tensor.shape)
    let extremum = PairwiseExtremum(isMaximum: isMaximum, span: step.input.span, name: name)
      .along(reduced, of: x, into: &builder)
    // The reduced axes have one place left.
    let kept = tensor.shape.indices.filter { !reduced.contains($0) }
    let shape = kept.map { tensor.shape[$0] }
    let result = builder.view(
      extremum,
      through: tensor.shape.indices.map {
        kept.firstIndex(of: $0).map(AffineIndex.label) ?? .fixed(0)
      },
      shape: shape, named: name)
    guard try axes.count(in: tensor.shape) > 1 else {
      return step.lower(result, named: name, into: &builder)
    }
    return step.lower(
      builder.terms(over: shape, .inPlace(result), named: name), shape: shape, named: name,
      into: &builder)
  }
}
