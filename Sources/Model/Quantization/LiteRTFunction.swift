import Platform

/// Functions of one int8 value that LiteRT has kernels for, by their names there: what they make of every integer.
///
/// Each was compared with LiteRT 2.3.0 on all 256 integers for 1,500 pairs of scales.
enum LiteRTFunction: String {
  case absolute = "ABS"
  case exponential = "EXP"
  case logarithm = "LOG"
  case reciprocalRoot = "RSQRT"
  case squareRoot = "SQRT"

  /// On reals.
  var expression: Expression {
    switch self {
    case .absolute: .function(.absolute, .x)
    case .exponential: .function(.exponential, .x)
    case .logarithm: .function(.logarithm, .x)
    case .reciprocalRoot: .pair(.quotient, .constant(1), .function(.squareRoot, .x))
    case .squareRoot: .function(.squareRoot, .x)
    }
  }

  /// By input integer, lowest first, zero points included.
  func images(
    _ input: AffineQuantization, _ output: AffineQuantization, at node: String
  ) throws(ModelError) -> [Int64?] {
    guard input.range.lowerBound < 0, output.range == input.range else {
      throw .unsupported(
        node: node, what: "\(rawValue) of another type than int8, which LiteRT has no kernel for",
        remedy: "convert the model to int8")
    }
    if self == .reciprocalRoot || self == .squareRoot {
      // The kernels stop the inference at the first negative value.
      guard input.zeroPoint == input.range.lowerBound else {
        throw .unsupported(
          node: node, what: "\(rawValue) of integers below the zero point, where LiteRT stops",
          remedy: "clamp its input at 0, so that its zero point is the least integer")
      }
    }
    guard let image = image(input, output) else {
      throw .unsupported(
        node: node, what: "\(rawValue) from scale \(input.scale) to \(output.scale)",
        remedy: "quantize again with scales that are nearer to each other")
    }
    return input.range.map { integer in
      image(integer - input.zeroPoint).clamped(to: output.range)
    }
  }

  /// The image of an input whose zero point is removed; nil for scales that its integers do not hold.
  private func image(
    _ input: AffineQuantization, _ output: AffineQuantization
  ) -> ((Int64) -> Int64)? {
    func real(_ value: Int64) -> Float { input.scale * Float(value) }
    func table(_ value: Float) -> Int64 {
      let steps = (value * (1 / output.scale)).rounded(.toNearestOrAwayFromZero)
      return Int64(min(max(steps, -0x1p20), 0x1p20)) + output.zeroPoint
    }
    switch self {
    case .absolute:
      guard input.scale != output.scale else { return { abs($0) + output.zeroPoint } }
      let step = DoubleRounding(Double(input.scale) / Double(output.scale))
      return step.exponent > 20 ? nil : { step(abs($0)) + output.zeroPoint }
    case .exponential: return { table(Platform.exp(real($0))) }
    case .logarithm:
      return { $0 <= 0 ? output.range.lowerBound : table(Platform.log(real($0))) }
    case .squareRoot:
      // Cut off, not rounded.
      return { value in
        let steps = (real(value).squareRoot() / output.scale).rounded(.towardZero)
        return Int64(min(steps, 0x1p20)) + output.zeroPoint
      }
    case .reciprocalRoot:
      let scale = DoubleRounding(1 / (Double(input.scale.squareRoot()) * Double(output.scale)))
      guard scale.exponent <= 31 else { return nil }
      return { value in
        guard value > 0 else { return output.range.upperBound }
        var root = Self.reciprocalRoot(value)
        root.exponent += 20
        var finer = scale
        finer.exponent -= 20
        return finer(root(1)) + output.zeroPoint
      }
    }
  }

  /// 1/√value in fixed point by Newton's method, for values below 2^29.
  /// Source: TFLite's `GetInvSqrtQuantizedMultiplierExp`.
  private static func reciprocalRoot(_ value: Int64) -> DoubleRounding {
    if value <= 1 { return DoubleRounding(mantissa: Int64(Int32.max), exponent: 0) }
    func product(_ a: Int64, _ b: Int64) -> Int64 {
      DoubleRounding.highProduct(a, b, bits: 31, rounds: true)
    }
    func raised(_ value: Int64, by bits: Int64) -> Int64 {
      (value << bits).clamped(to: Int64(Int32.min)...Int64(Int32.max))
    }
    let pairs = (value.leadingZeroBitCount - 33) / 2 - 1
    let half = DoubleRounding.divide((value << Int64(2 * pairs)) >> 1, by: 1)
    let threeHalves = Int64(3) << 27
    var root = Int64(1) << 28
    for _ in 0..<5 {
      let cube = raised(product(product(root, root), root), by: 6)
      root = raised(product(threeHalves, root) - product(half, cube), by: 3)
    }
    // Times √2/2, in 31 bits.
    root = product(root, 1_518_500_250)
    let exponent = 11 - pairs
    return exponent < 0
      ? DoubleRounding(mantissa: root << Int64(-exponent), exponent: 0)
      : DoubleRounding(mantissa: root, exponent: -exponent)
  }
}
