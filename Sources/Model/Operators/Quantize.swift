import ConstraintSystem

/// ONNX QuantizeLinear, TFLite QUANTIZE. From reals: at the network's input, done by who hands the
/// input over. From integers: to another scale and zero point.
///
/// TFLite's integers: `((x − z_x)·m + 128) >> 8` with m = round(256·s_x/s_y) (XNNPACK's `qs8-vcvt`);
/// ONNX's: the Q31 form of s_x/s_y.
package struct Quantize: Operator {
  package static let onnx: [(name: String, opsets: ClosedRange<Int>)] = [
    ("QuantizeLinear", 10...Operators.latestOpset)
  ]
  package static let tflite = ["QUANTIZE"]

  /// Whether the multiplier has TFLite's 8 fractional bits.
  package var isCoarse: Bool

  package init(isCoarse: Bool) { self.isCoarse = isCoarse }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    try attributes.require("block_size", 0)
    try attributes.require("precision", 0)
    attributes.ignore("axis", "saturate", "output_dtype")
    try attributes.finish()
    isCoarse = node.isTFLite
  }

  package var label: String { "Quantize" }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try SourceShapes.first(inputs)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try step(tensors) }

  private func step(_ tensors: NodeTensors) throws(ModelError) -> Requantization {
    let input = try tensors.input(0, "input").affine(tensors.node)
    let output = try tensors.output.affine(tensors.node)
    let ratio = input.scale / output.scale
    // LiteRT leaves other ratios to a kernel that the Q31 form describes.
    guard isCoarse, ratio >= 0x1p-8, ratio <= 0x1p7 else {
      return try Requantization(tensors, .unbounded)
    }
    let mantissa = Int64((ratio * 256).rounded(.toNearestOrEven))
    // Eight zero bits round nothing away.
    let rescale = mantissa == 256 ? Rescale.identity : Rescale(mantissa: mantissa, shift: 8)
    return try Requantization(tensors, .unbounded, rescale: rescale)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    return Values(shape: tensors.output.shape, elements: x.elements)
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let step = try step(tensors)
    return Values(shape: tensors.output.shape, elements: x.elements.map(step.callAsFunction))
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [Wire?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> Wire {
    let x: Wire = try inputs.operand(0, tensors)
    return try step(tensors).lower(x, named: name, into: &builder)
  }
}
