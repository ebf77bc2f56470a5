package import ConstraintSystem

/// ONNX QuantizeLinear, TFLite QUANTIZE. From reals: at the network's input, done by who hands the
/// input over. From integers: to another scale and zero point.
///
/// ONNX's integers: a real between them, `rint(f32(f32(s_x·(x − z_x))/s_y))`, as onnxruntime computes it. TFLite's:
/// `((x − z_x)·m + 128) >> 8` with m = round(256·s_x/s_y) between tensors of one type and scales in a ratio from
/// 2^−8 to 2^7 (XNNPACK's `qs8-vcvt`). Others LiteRT leaves to a kernel that rounds twice, of every 16 values that
/// are there half upwards, of what is left half away from zero (TFLite's `optimized_ops::Requantize`).
package struct Quantize: RequantizingOperator {
  package static let onnx = [
    ONNXForm("QuantizeLinear", since: 10), .microsoft("QuantizeLinear"),
  ]
  package static let tflite = [TFLiteForm("QUANTIZE", options: 89)]
  package static let end: NetworkEnd? = .input

  /// Whether the integers are LiteRT's; else ONNX's.
  package var isTFLite: Bool

  package init(isTFLite: Bool) { self.isTFLite = isTFLite }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    try attributes.require("block_size", 0)
    try attributes.require("precision", 0)
    attributes.ignore("axis", "saturate", "output_dtype")
    try attributes.finish()
    isTFLite = node.isTFLite
  }

  package var label: String { "Quantize" }

  package func real(_ x: Float) -> Float { x }

  package func followingSteps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep]? {
    let input = try tensors.input(0, "input")
    let output = FinalQuantization(
      type: tensors.output.type, try tensors.output.affine(tensors.node))
    guard input.quantization != nil else { return isTFLite ? nil : [.quantize(output)] }
    guard isTFLite else { return [.dequantize, .quantize(output)] }
    guard try input.affine(tensors.node).scale == Float(output.scale) else { return nil }
    return [.requantize(output)]
  }

  func step(_ tensors: NodeTensors) throws(ModelError) -> Requantization {
    try steps(tensors).head
  }

  /// The step of the values before `cut`, and where they differ that of those from there on.
  private func steps(
    _ tensors: NodeTensors
  ) throws(ModelError) -> (head: Requantization, cut: Int, tail: Requantization?) {
    let tensor = try tensors.input(0, "input")
    let input = try tensor.affine(tensors.node)
    let output = try tensors.output.affine(tensors.node)
    func made(_ rescale: Rescale) throws(ModelError) -> Requantization {
      try Requantization(tensors, .unbounded, rescale: rescale)
    }
    let ratio = input.scale / output.scale
    guard isTFLite, ratio != 1 else {
      return (
        try made(tensors.rescale(input.scale, to: output.scale, by: .onnxruntime)), tensor.count,
        nil
      )
    }
    if tensor.type == tensors.output.type, ratio >= 0x1p-8, ratio <= 0x1p7 {
      let mantissa = Int64((ratio * 256).rounded(.toNearestOrEven))
      // Eight zero bits round nothing away.
      let rescale = mantissa == 256 ? Rescale.identity : Rescale(mantissa: mantissa, shift: 8)
      return (try made(rescale), tensor.count, nil)
    }
    let exact = Double(input.scale) / Double(output.scale)
    guard let vector = FloatStep.roundedTwice(exact, isVector: true),
      let single = FloatStep.roundedTwice(exact)
    else { return (try made(tensors.rescale(ratio: exact)), tensor.count, nil) }
    let (head, tail) = (try made(.float(vector)), try made(.float(single)))
    let cut = tensor.count / 16 * 16
    if cut == 0 { return (tail, tensor.count, nil) }
    let areEqual = input.range.allSatisfy { head($0) == tail($0) }
    return (head, areEqual ? tensor.count : cut, areEqual || cut == tensor.count ? nil : tail)
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let (head, cut, tail) = try steps(tensors)
    return Values(
      shape: tensors.output.shape,
      elements: x.elements.enumerated().map { place, value in
        place < cut ? head(value) : (tail ?? head)(value)
      })
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let x: TensorView = try inputs.operand(0, tensors)
    let (head, cut, tail) = try steps(tensors)
    guard let tail else { return head.lower(x, named: name, into: &builder) }
    var flat = try tensors.input(0, "input")
    flat.shape = [flat.count]
    let row = try builder.aligned(x, to: flat, at: tensors.node)
    func part(_ range: Range<Int>) -> TensorView {
      builder.view(
        row,
        through: [AffineIndex(steps: [.init(label: 0, stride: 1)], constant: range.lowerBound)],
        shape: [range.count], named: name)
    }
    let parts = [
      head.lower(part(0..<cut), named: name, into: &builder),
      tail.lower(part(cut..<flat.count), named: name, into: &builder),
    ]
    return builder.concatenated(parts, axis: 0, named: name)
  }
}
