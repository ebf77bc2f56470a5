/// A real as the unevaluated sum of two doubles, the second below half a unit in the last place of the first:
/// about 104 bits, by IEEE sums, products and quotients alone, so that it is the same on every platform.
/// Source: [Dekker71]; sums and products of doubles without error as there, §4 and §5.
package struct DoubleDouble: Hashable, Sendable {
  package let high: Double
  package let low: Double

  package init(_ value: Double) { (high, low) = (value, 0) }

  private init(high: Double, low: Double) { (self.high, self.low) = (high, low) }

  /// a + b exactly, of finite doubles.
  package init(sum a: Double, _ b: Double) {
    let sum = a + b
    let part = sum - a
    self.init(high: sum, low: (a - (sum - part)) + (b - part))
  }

  /// a + b exactly, where a is 0 or the larger one.
  private init(ordered a: Double, _ b: Double) {
    let sum = a + b
    self.init(high: sum, low: b - (sum - a))
  }

  /// a · b exactly, of doubles below 2^995 whose product's last bit is no smaller than the least double.
  package init(product a: Double, _ b: Double) {
    let product = a * b
    let (x, y) = (Self.halves(a), Self.halves(b))
    self.init(
      high: product,
      low: ((x.high * y.high - product) + x.high * y.low + x.low * y.high) + x.low * y.low)
  }

  /// 26 bits each.
  private static func halves(_ value: Double) -> (high: Double, low: Double) {
    let scaled = 134_217_729 * value
    let high = scaled - (scaled - value)
    return (high, value - high)
  }

  package static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let (high, low) = (DoubleDouble(sum: a.high, b.high), DoubleDouble(sum: a.low, b.low))
    let sum = DoubleDouble(ordered: high.high, high.low + low.high)
    return DoubleDouble(ordered: sum.high, sum.low + low.low)
  }

  package static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    a + DoubleDouble(high: -b.high, low: -b.low)
  }

  package static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let product = DoubleDouble(product: a.high, b.high)
    return DoubleDouble(
      ordered: product.high, product.low + (a.high * b.low + a.low * b.high))
  }

  package static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let first = a.high / b.high
    var rest = a - b * DoubleDouble(first)
    let second = rest.high / b.high
    rest = rest - b * DoubleDouble(second)
    let quotient = DoubleDouble(ordered: first, second)
    return quotient + DoubleDouble(rest.high / b.high)
  }

  /// Times a power of two, exactly where the result is normal.
  package func scaled(by exponent: Int) -> DoubleDouble {
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    return DoubleDouble(high: high * factor, low: low * factor)
  }

  /// The nearest single, ties to even, with one rounding: the first double is moved to an odd neighbour where
  /// it is not exact, so that none of its 53 bits hides on which side of a tie the sum lies.
  package var single: Float {
    guard low != 0, high.isFinite, high != 0 else { return Float(high) }
    guard high.bitPattern & 1 == 0 else { return Float(high) }
    return Float(low > 0 ? high.nextUp : high.nextDown)
  }
}
