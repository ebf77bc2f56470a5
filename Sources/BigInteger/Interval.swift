/// All integers from `lower` to `upper`, ends included: what the compiler knows of a wire.
///
/// Every operation gives the smallest interval that holds all results, treating its operands as
/// independent (so `x − x` is not `[0, 0]`). Exact at the ends, nothing is rounded or saturated.
public struct Interval: Sendable, Hashable {
  public let lower: Integer
  public let upper: Integer

  public init(_ lower: Integer, _ upper: Integer) {
    precondition(lower <= upper, "an interval is not empty")
    self.lower = lower
    self.upper = upper
  }

  /// One value.
  public init(_ value: Integer) {
    lower = value
    upper = value
  }

  /// What a two's complement word of that many bits holds: 8 bits are −128 … 127.
  public init(signedBits bits: Int) {
    precondition(bits > 0, "a signed word has a sign bit")
    let half = Integer.one << (bits - 1)
    self.init(-half, half - 1)
  }

  /// What an unsigned word of that many bits holds: 8 bits are 0 … 255.
  public init(unsignedBits bits: Int) {
    precondition(bits >= 0, "a word has a natural number of bits")
    self.init(0, (Integer.one << bits) - 1)
  }
}

extension Interval {
  public func contains(_ value: Integer) -> Bool {
    lower <= value && value <= upper
  }

  public func contains(_ other: Interval) -> Bool {
    lower <= other.lower && other.upper <= upper
  }

  /// How many integers it holds.
  public var count: Integer { upper - lower + 1 }

  /// The greatest |x| in it.
  public var largestMagnitude: Integer { max(lower.magnitude, upper.magnitude) }

  /// The fewest bits of a two's complement word that holds every value, at least 1.
  public var signedBitWidth: Int { max(lower.signedBitWidth, upper.signedBitWidth) }

  /// The fewest bits of an unsigned word that holds every value; nil when some are negative.
  public var unsignedBitWidth: Int? { lower.sign < 0 ? nil : upper.bitWidth }

  /// The smallest interval that holds both.
  public func union(_ other: Interval) -> Interval {
    Interval(min(lower, other.lower), max(upper, other.upper))
  }

  /// What both hold; nil when that is nothing.
  public func intersection(_ other: Interval) -> Interval? {
    let (lower, upper) = (max(lower, other.lower), min(upper, other.upper))
    return lower <= upper ? Interval(lower, upper) : nil
  }

  /// The values after each is moved to the nearest one in `bounds`.
  public func clamped(to bounds: Interval) -> Interval {
    func clamp(_ value: Integer) -> Integer { min(max(value, bounds.lower), bounds.upper) }
    return Interval(clamp(lower), clamp(upper))
  }
}

extension Interval {
  public static func + (a: Interval, b: Interval) -> Interval {
    Interval(a.lower + b.lower, a.upper + b.upper)
  }

  public static func - (a: Interval, b: Interval) -> Interval {
    Interval(a.lower - b.upper, a.upper - b.lower)
  }

  public static prefix func - (a: Interval) -> Interval {
    Interval(-a.upper, -a.lower)
  }

  /// The hull of all products; a product is extreme at a corner.
  public static func * (a: Interval, b: Interval) -> Interval {
    (a * b.lower).union(a * b.upper)
  }

  /// The hull of the multiples, whose ends swap for a negative factor.
  public static func * (a: Interval, factor: Integer) -> Interval {
    let (first, last) = (a.lower * factor, a.upper * factor)
    return first <= last ? Interval(first, last) : Interval(last, first)
  }

  public static func + (a: Interval, offset: Integer) -> Interval {
    Interval(a.lower + offset, a.upper + offset)
  }

  /// Each value times 2ⁿ.
  public static func << (a: Interval, count: Int) -> Interval {
    Interval(a.lower << count, a.upper << count)
  }

  /// ⌊x / 2ⁿ⌋ of each value.
  public static func >> (a: Interval, count: Int) -> Interval {
    Interval(a.lower >> count, a.upper >> count)
  }

  public static func += (a: inout Interval, b: Interval) { a = a + b }
}

extension Interval: CustomStringConvertible {
  public var description: String { "[\(lower), \(upper)]" }
}
