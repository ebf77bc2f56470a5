/// An exact fraction: a scale, a product of scales, a bound that is not whole.
///
/// Kept in lowest terms with a positive denominator, so equal values are equal structures. Each
/// operation costs a gcd; sums of many unlike fractions grow long denominators.
public struct Rational: Sendable, Hashable {
  public let numerator: Integer
  public let denominator: Integer

  public static let zero = Rational(Integer.zero)
  public static let one = Rational(Integer.one)

  public init(_ numerator: Integer, _ denominator: Integer) {
    precondition(!denominator.isZero, "a fraction has a nonzero denominator")
    let common = numerator.gcd(denominator)
    let unit = denominator.sign < 0 ? -common : common
    self.numerator = numerator / unit
    self.denominator = denominator / unit
  }

  public init(_ value: Integer) {
    numerator = value
    denominator = .one
  }

  /// The dyadic value the bits stand for, with no rounding; nil for infinities and NaN.
  public init?(exactly value: Double) {
    guard value.isFinite else { return nil }
    let isSubnormal = value.exponentBitPattern == 0
    let significand = value.significandBitPattern | (isSubnormal ? 0 : 1 << 52)
    let magnitude = Rational(Integer(significand))
      .scaled(byPowerOfTwo: Int(max(value.exponentBitPattern, 1)) - 1075)
    self = value.sign == .minus ? -magnitude : magnitude
  }

  /// −1, 0 or 1.
  public var sign: Int { numerator.sign }
  public var isZero: Bool { numerator.isZero }
  public var isInteger: Bool { denominator == .one }
  public var magnitude: Rational { sign < 0 ? -self : self }

  /// `self · 2ᵉ`, for an exponent of either sign.
  public func scaled(byPowerOfTwo exponent: Int) -> Rational {
    let factor = Integer.one << Int(exponent.magnitude)
    return exponent >= 0
      ? Rational(numerator * factor, denominator) : Rational(numerator, denominator * factor)
  }
}

extension Rational {
  public static func + (a: Rational, b: Rational) -> Rational {
    Rational(
      a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)
  }

  public static func - (a: Rational, b: Rational) -> Rational {
    a + -b
  }

  public static func * (a: Rational, b: Rational) -> Rational {
    Rational(a.numerator * b.numerator, a.denominator * b.denominator)
  }

  /// A zero divisor is a mistake of the caller, never of data: check before dividing by data.
  public static func / (a: Rational, b: Rational) -> Rational {
    precondition(!b.isZero, "a divisor is not zero")
    return Rational(a.numerator * b.denominator, a.denominator * b.numerator)
  }

  public static prefix func - (a: Rational) -> Rational {
    Rational(lowestTerms: -a.numerator, a.denominator)
  }

  public static func += (a: inout Rational, b: Rational) { a = a + b }
  public static func -= (a: inout Rational, b: Rational) { a = a - b }
  public static func *= (a: inout Rational, b: Rational) { a = a * b }
  public static func /= (a: inout Rational, b: Rational) { a = a / b }

  private init(lowestTerms numerator: Integer, _ denominator: Integer) {
    self.numerator = numerator
    self.denominator = denominator
  }
}

extension Rational: Comparable {
  public static func < (a: Rational, b: Rational) -> Bool {
    a.numerator * b.denominator < b.numerator * a.denominator
  }
}

extension Rational: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: StaticBigInt) {
    self.init(Integer(integerLiteral: value))
  }
}

extension Rational: CustomStringConvertible {
  /// `n` when whole, `n/d` otherwise.
  public var description: String {
    isInteger ? "\(numerator)" : "\(numerator)/\(denominator)"
  }
}
