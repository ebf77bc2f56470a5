/// Functions that public last steps are made of, in singles: each the nearest to the exact value, so that every
/// verifier prints the same bytes.
///
/// In double first; where that leaves open which of two singles is the nearer one, again with twice as many
/// bits [Ziv91]. No mathematical library takes part, as each has values of its own.
package enum RoundedReals {
  /// e^x.
  package static func exponential(_ x: Double) -> Float {
    guard x > -105 else { return x.isNaN ? .nan : 0 }
    guard x < 90 else { return .infinity }
    let (rest, exponent) = reduced(x)
    let near =
      (1 + series(rest)) * Double(sign: .plus, exponent: exponent, significand: 1)
    return rounded(near) ?? wideExponential(x).single
  }

  /// ln x, of a positive finite number, to half a unit in the last place of a double or a little more.
  package static func logarithm(_ x: Double) -> DoubleDouble {
    var (exponent, fraction) = (Int(x.exponent), x.significand)
    if fraction > 1.5 { (exponent, fraction) = (exponent + 1, fraction / 2) }
    // ln f = 2·artanh(s), s from −1/7 to 1/5.
    let s = (fraction - 1) / (fraction + 1)
    let square = s * s
    let tail = stride(from: 23, through: 1, by: -2).reduce(0.0) { $0 * square + 1 / Double($1) }
    let near = Double(exponent) * (logarithmOfTwo.high + logarithmOfTwo.low) + 2 * s * tail
    // One step of Halley's method: what is left is of third order.
    let power = wideExponential(near)
    let correction = (DoubleDouble(x) - power) / (DoubleDouble(x) + power)
    return DoubleDouble(near) + correction.scaled(by: 1)
  }

  /// 1 / (1 + e^−x).
  package static func sigmoid(_ x: Float) -> Float {
    guard x.magnitude < 105 else { return x.isNaN ? .nan : x > 0 ? 1 : 0 }
    let power = wideExponential(-Double(x.magnitude))
    let one = DoubleDouble(1)
    return ((x < 0 ? power : one) / (one + power)).single
  }

  /// The hyperbolic tangent.
  package static func hyperbolicTangent(_ x: Float) -> Float {
    guard x.magnitude < 10, x != 0 else { return x.isNaN || x == 0 ? x : x > 0 ? 1 : -1 }
    let twice = 2 * Double(x.magnitude)
    let (one, two) = (DoubleDouble(1), DoubleDouble(2))
    // e^2x − 1, whose leading digits small x must keep.
    let grown =
      twice < 0.34 ? wideSeries(DoubleDouble(twice)) : wideExponential(twice) - one
    let result = (grown / (grown + two)).single
    return x < 0 ? -result : result
  }

  // MARK: In double

  /// In three parts, of which whole multiples of the first are exact.
  private static let logarithmOfTwo = (
    high: 0x1.62e42fefp-1, low: 0x1.473de6af278edp-34, lowest: -0x1.9ff0342542fc3p-90
  )

  /// x = rest + exponent · ln 2, the rest at most half of ln 2.
  private static func reduced(_ x: Double) -> (rest: Double, exponent: Int) {
    let count = (x * 0x1.71547652b82fep+0).rounded(.toNearestOrEven)
    return ((x - count * logarithmOfTwo.high) - count * logarithmOfTwo.low, Int(count))
  }

  /// 1/2!, 1/3!, …
  private static let inverseFactorials: [Double] = (2...14).map { n in
    1 / (2...n).reduce(1.0) { $0 * Double($1) }
  }

  /// e^x − 1.
  private static func series(_ x: Double) -> Double {
    let tail = inverseFactorials.reversed().reduce(0.0) { $0 * x + $1 }
    return x + x * x * tail
  }

  /// The nearest single to a value that is known to 2^-47 of its own size; nil where that is two.
  private static func rounded(_ value: Double) -> Float? {
    let (below, above) = (Float(value - value * 0x1p-47), Float(value + value * 0x1p-47))
    return below == above ? below : nil
  }

  // MARK: In two doubles

  /// For |x| up to 700.
  private static func wideExponential(_ x: Double) -> DoubleDouble {
    let exponent = reduced(x).exponent
    let count = Double(exponent)
    let rest =
      DoubleDouble(sum: x, -count * logarithmOfTwo.high)
      - DoubleDouble(product: count, logarithmOfTwo.low)
      - DoubleDouble(count * logarithmOfTwo.lowest)
    return (DoubleDouble(1) + wideSeries(rest)).scaled(by: exponent)
  }

  /// e^x − 1 for |x| up to 0.35: x(1 + x/2(1 + x/3(…))).
  private static func wideSeries(_ x: DoubleDouble) -> DoubleDouble {
    let one = DoubleDouble(1)
    let sum = (2...24).reversed().reduce(one) { one + $0 * x / DoubleDouble(Double($1)) }
    return x * sum
  }
}
