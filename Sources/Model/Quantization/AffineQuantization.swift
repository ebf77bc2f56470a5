import ConstraintSystem

/// A range of reals, open where a bound is nil: what Relu, Relu6 or Clip leaves of a value.
package struct RealRange: Sendable, Hashable {
  package var lower: Float?
  package var upper: Float?

  package init(lower: Float? = nil, upper: Float? = nil) {
    self.lower = lower
    self.upper = upper
  }
  package static let unbounded = RealRange()
  package static let relu = RealRange(lower: 0)
  package static let relu6 = RealRange(lower: 0, upper: 6)
  package static let reluN1To1 = RealRange(lower: -1, upper: 1)

  package func clamp(_ value: Float) -> Float {
    var value = value
    if let lower { value = value < lower ? lower : value }
    if let upper { value = value > upper ? upper : value }
    return value
  }

  /// What is left after this range and then `next`; nil when nothing is.
  package func followed(by next: RealRange) -> RealRange? {
    let lower = [lower, next.lower].compactMap(\.self).max()
    let upper = [upper, next.upper].compactMap(\.self).min()
    if let lower, let upper, lower > upper { return nil }
    return RealRange(lower: lower, upper: upper)
  }
}

/// One scale and one zero point: real = scale · (integer − zeroPoint).
package struct AffineQuantization: Sendable, Hashable {
  package var scale: Float
  package var zeroPoint: Int64
  package var range: ClosedRange<Int64>
  /// How reals become integers; nil for ONNX QuantizeLinear.
  package var rule: QuantRule?

  package init(
    scale: Float, zeroPoint: Int64, range: ClosedRange<Int64>, rule: QuantRule? = nil
  ) {
    self.scale = scale
    self.zeroPoint = zeroPoint
    self.range = range
    self.rule = rule
  }

  /// ONNX QuantizeLinear: a single-precision division, ties to even, saturated; or what the rule says. NaN
  /// is nil.
  package func quantize(_ value: Float) -> Int64? {
    if let rule { return quantize(value, by: rule) }
    let steps = steps(value)
    guard !steps.isNaN else { return nil }
    let reach = Float(1 << 20)
    let bounded = Int64(min(max(steps, -reach), reach))
    return min(max(bounded + zeroPoint, range.lowerBound), range.upperBound)
  }

  private func quantize(_ value: Float, by rule: QuantRule) -> Int64? {
    guard !value.isNaN else { return nil }
    if rule.isSign { return value >= 0 ? 1 : -1 }
    // In single precision, as QONNX does it.
    let steps = Double(value / scale + Float(zeroPoint))
    let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
    return Int64(min(max(rule(steps), low), high))
  }

  /// Whether `quantize` saturates a value at the lower, and at the upper end: a value that rounds to
  /// the end is not beyond it.
  package func isBelow(_ value: Float) -> Bool {
    steps(value) < Float(range.lowerBound - zeroPoint)
  }
  package func isAbove(_ value: Float) -> Bool {
    steps(value) > Float(range.upperBound - zeroPoint)
  }

  private func steps(_ value: Float) -> Float { (value / scale).rounded(.toNearestOrEven) }

  package func dequantize(_ value: Int64) -> Float { scale * Float(value - zeroPoint) }

  /// Integers of the type, as rows hold them.
  package func withoutZeroPoint(_ integers: ClosedRange<Int64>) -> ClosedRange<Int64> {
    (integers.lowerBound - zeroPoint)...(integers.upperBound - zeroPoint)
  }

  /// The largest difference of two integers of the type.
  var span: Int64 { range.upperBound - range.lowerBound }

  /// The integers of this type whose reals lie in `reals`.
  package func clamp(_ reals: RealRange) -> ClosedRange<Int64>? {
    var (low, high) = (range.lowerBound, range.upperBound)
    if let lower = reals.lower {
      guard let bound = quantize(lower) else { return nil }
      low = bound
    }
    if let upper = reals.upper {
      guard let bound = quantize(upper) else { return nil }
      high = bound
    }
    return low <= high ? low...high : nil
  }
}

extension FinalQuantization {
  init(type: ElementType, _ affine: AffineQuantization) {
    self.init(type: type, scale: Double(affine.scale), zeroPoint: affine.zeroPoint)
  }
}

extension Tensor {
  /// The quantization of an activation: one scale, one zero point, eight bits.
  package func affine(_ node: String) throws(ModelError) -> AffineQuantization {
    guard let quantization else { throw isReal(node) }
    guard let range = quantization.rule?.range ?? type.range,
      type == .int8 || type == .uint8 || (type == .int16 && quantization.rule != nil)
    else {
      throw .unsupported(
        node: node, what: "tensor \"\(name)\" holds \(type)",
        remedy: type == .int16
          ? "activations of 16 bits (TFLite's 16x8 mode) are not proven: convert the model to int8"
          : "activations are int8 or uint8")
    }
    guard quantization.scales.count == 1, quantization.zeroPoints.count == 1 else {
      throw .unsupported(
        node: node, what: "activation \"\(name)\" has a scale per channel",
        remedy: "quantize activations with one scale per tensor")
    }
    return AffineQuantization(
      scale: quantization.scales[0], zeroPoint: quantization.zeroPoints[0], range: range,
      rule: quantization.rule)
  }

  /// That it holds no integers.
  func isReal(
    _ node: String,
    remedy: String = "quantize the model, or give calibration inputs to do it here"
  ) -> ModelError {
    .unsupported(node: node, what: "tensor \"\(name)\" is not quantized", remedy: remedy)
  }
}
