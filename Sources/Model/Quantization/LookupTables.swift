/// What the runtimes make of every integer under a function of one value.
///
/// Each was compared with LiteRT 2.3.0 on all 256 integers for some hundred pairs of scales.
enum LookupTables {
  /// By input integer, lowest first, zero points included; nil for scales that LiteRT refuses, or that
  /// take the function out of single precision.
  static func images(
    _ function: Lookup.Function, _ input: AffineQuantization, _ output: AffineQuantization,
    isTFLite: Bool
  ) -> [Int64]? {
    guard let image = image(function, input, output, isTFLite: isTFLite) else { return nil }
    var result: [Int64] = []
    for value in input.range {
      guard let integer = image(value - input.zeroPoint) else { return nil }
      result.append(integer)
    }
    return result
  }

  /// The image of an input whose zero point is removed.
  private static func image(
    _ function: Lookup.Function, _ input: AffineQuantization, _ output: AffineQuantization,
    isTFLite: Bool
  ) -> ((Int64) -> Int64?)? {
    func real(_ value: Int64) -> Float { function(input.scale * Float(value)) }
    guard isTFLite else { return { output.quantize(real($0)) } }
    switch function {
    case .hardSwish:
      guard let step = FixedHardSwish(input.scale, output.scale) else { return nil }
      return { (step($0) + output.zeroPoint).clamped(to: output.range) }
    case .leakyRelu(let alpha):
      guard let step = FixedLeakyRelu(input.scale, output.scale, alpha) else { return nil }
      return { (step($0) + output.zeroPoint).clamped(to: output.range) }
    case .elu:
      // XNNPACK's conversion: the zero point goes in before ties go to even.
      return { value in
        let steps = real(value) * (1 / output.scale) + Float(output.zeroPoint)
        return integer(steps.rounded(.toNearestOrEven), output, zeroPoint: 0)
      }
    default:
      // `LUTPopulate`: half away from zero.
      return { value in
        let steps = (real(value) * (1 / output.scale)).rounded(.toNearestOrAwayFromZero)
        return integer(steps, output, zeroPoint: output.zeroPoint)
      }
    }
  }

  private static func integer(_ steps: Float, _ output: AffineQuantization, zeroPoint: Int64)
    -> Int64?
  {
    guard !steps.isNaN else { return nil }
    let reach = Float(1 << 20)
    return (Int64(min(max(steps, -reach), reach)) + zeroPoint).clamped(to: output.range)
  }
}

/// TFLite's `reference_ops::HardSwish` on integers: 16-bit fixed point throughout.
private struct FixedHardSwish {
  private let output: (mantissa: Int64, exponent: Int)
  private let reluish: (mantissa: Int64, exponent: Int)

  init?(_ inputScale: Float, _ outputScale: Float) {
    let fine = Float(1) / 128 * inputScale
    output = Self.multiplier(Double(fine / outputScale))
    reluish = Self.multiplier(Double(fine / (Float(3) / 32768)))
    guard output.exponent <= 0, output.exponent >= -31, (-31...31).contains(reluish.exponent) else {
      return nil
    }
  }

  /// A mantissa of 15 bits and an exponent.
  private static func multiplier(_ ratio: Double) -> (mantissa: Int64, exponent: Int) {
    let (mantissa, exponent) = DoubleRounding.parts(ratio)
    let most = (Int64(1) << 31) - (1 << 15)
    return (mantissa >= most ? 32767 : (mantissa + (1 << 15)) >> 16, exponent)
  }

  /// The value times ReLU6(value + 3)/6, zero points removed.
  func callAsFunction(_ value: Int64) -> Int64 {
    let fine = value << 7
    let scaled = DoubleRounding.highProduct(fine, output.mantissa, bits: 15, rounds: true)
    var reluish = fine
    if self.reluish.exponent > 0 { reluish = short(reluish << Int64(self.reluish.exponent - 1)) }
    reluish = DoubleRounding.highProduct(reluish, self.reluish.mantissa, bits: 15, rounds: true)
    if self.reluish.exponent > 0 { reluish = short(reluish << 1) }
    if self.reluish.exponent < 0 {
      reluish = DoubleRounding.divide(reluish, by: -self.reluish.exponent)
    }
    reluish = (reluish + (1 << 15)) >> 1
    let product = DoubleRounding.highProduct(reluish, scaled, bits: 15, rounds: false)
    return DoubleRounding.divide(product, by: -output.exponent)
  }

  private func short(_ value: Int64) -> Int64 { value.clamped(to: -32768...32767) }
}

/// LEAKY_RELU: XNNPACK's `qs8-vlrelu` with eight fractional bits where its multipliers have room, else
/// TFLite's own kernel.
private struct FixedLeakyRelu {
  private enum Step {
    case coarse(Int64)
    case fine(DoubleRounding)
  }
  private let positive: Step
  private let negative: Step

  init?(_ inputScale: Float, _ outputScale: Float, _ alpha: Float) {
    let ratio = inputScale / outputScale
    let slope = alpha * ratio
    if (0x1p-8...0x1p7).contains(ratio), (0x1p-8...127.99609375).contains(abs(slope)) {
      positive = .coarse(Int64((256 * ratio).rounded(.toNearestOrEven)))
      negative = .coarse(Int64((256 * slope).rounded(.toNearestOrEven)))
      return
    }
    let exact = Double(inputScale) / Double(outputScale)
    let (first, second) = (
      DoubleRounding(exact),
      DoubleRounding(Double(inputScale) * Double(alpha) / Double(outputScale))
    )
    guard first.exponent <= 20, second.exponent <= 20 else { return nil }
    (positive, negative) = (.fine(first), .fine(second))
  }

  func callAsFunction(_ value: Int64) -> Int64 {
    switch value < 0 ? negative : positive {
    case .coarse(let multiplier): (value * multiplier + 128) >> 8
    case .fine(let step): step(value)
    }
  }
}
