package import ConstraintSystem

/// ONNX QuantizeLinear, TFLite QUANTIZE. From reals: at the network's input, done by who hands the
/// input over. From integers: to another scale and zero point.
///
/// TFLite's integers: `((x − z_x)·m + 128) >> 8` with m = round(256·s_x/s_y) (XNNPACK's `qs8-vcvt`);
/// ONNX's: a real between them, `rint(f32(f32(s_x·(x − z_x))/s_y))`, as onnxruntime computes it.
package struct Quantize: RequantizingOperator {
  package static let onnx = [
    ONNXForm("QuantizeLinear", since: 10), .microsoft("QuantizeLinear"),
  ]
  package static let tflite = [TFLiteForm("QUANTIZE", options: 89)]
  package static let end: NetworkEnd? = .input

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

  package func real(_ x: Float) -> Float { x }

  package func followingSteps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep]? {
    let input = try tensors.input(0, "input")
    let output = FinalQuantization(
      type: tensors.output.type, try tensors.output.affine(tensors.node))
    guard input.quantization != nil else { return isCoarse ? nil : [.quantize(output)] }
    guard isCoarse else { return [.dequantize, .quantize(output)] }
    guard try input.affine(tensors.node).scale == Float(output.scale) else { return nil }
    return [.requantize(output)]
  }

  func step(_ tensors: NodeTensors) throws(ModelError) -> Requantization {
    let input = try tensors.input(0, "input").affine(tensors.node)
    let output = try tensors.output.affine(tensors.node)
    let ratio = input.scale / output.scale
    // LiteRT leaves other ratios to a kernel that the Q31 form describes.
    guard isCoarse, ratio >= 0x1p-8, ratio <= 0x1p7 else {
      let step =
        isCoarse ? nil : try tensors.rescale(input.scale, to: output.scale, by: .onnxruntime)
      return try Requantization(tensors, .unbounded, rescale: step)
    }
    let mantissa = Int64((ratio * 256).rounded(.toNearestOrEven))
    // Eight zero bits round nothing away.
    let rescale = mantissa == 256 ? Rescale.identity : Rescale(mantissa: mantissa, shift: 8)
    return try Requantization(tensors, .unbounded, rescale: rescale)
  }
}
