import Field

/// A scalar as sign and magnitude, so that a small negative number has as few digits as a positive.
struct SignedMagnitude {
  var negative: Bool
  var limbs: (UInt64, UInt64, UInt64, UInt64)

  init(_ value: Int64) {
    negative = value < 0
    limbs = (value.magnitude, 0, 0, 0)
  }

  /// v or v − r, whichever is smaller in magnitude: below 2^253.
  init(_ value: Fr) {
    let limbs = value.canonicalLimbs
    let low = UInt128(limbs.0) | UInt128(limbs.1) &<< 64
    let high = UInt128(limbs.2) | UInt128(limbs.3) &<< 64
    // r − v; the two sum to r, which is odd. Zero is its own magnitude.
    let otherLow = Self.order.low &- low
    let otherHigh = Self.order.high &- high &- (Self.order.low < low ? 1 : 0)
    negative = high > otherHigh || high == otherHigh && low > otherLow
    let (first, second) = negative ? (otherLow, otherHigh) : (low, high)
    self.limbs = (
      UInt64(truncatingIfNeeded: first), UInt64(truncatingIfNeeded: first &>> 64),
      UInt64(truncatingIfNeeded: second), UInt64(truncatingIfNeeded: second &>> 64)
    )
  }

  private static let order: (low: UInt128, high: UInt128) = {
    let r = FrParameters.modulus
    return (UInt128(r.0) | UInt128(r.1) << 64, UInt128(r.2) | UInt128(r.3) << 64)
  }()

  var bitWidth: Int {
    if limbs.3 != 0 { return 256 - limbs.3.leadingZeroBitCount }
    if limbs.2 != 0 { return 192 - limbs.2.leadingZeroBitCount }
    if limbs.1 != 0 { return 128 - limbs.1.leadingZeroBitCount }
    return 64 - limbs.0.leadingZeroBitCount
  }

  /// The magnitude where it is below 2^128, as those of halves are.
  @inline(__always)
  var short: UInt128 { UInt128(limbs.0) | UInt128(limbs.1) &<< 64 }

  /// Windows that digits of a magnitude of `bits` bits can touch: the last may hold only a carry.
  static func windows(bits: Int, width: Int) -> Int { bits / width + 1 }
}

/// Signed digits of magnitudes below 2^127: digits lie in 1 − 2^(width−1)...2^(width−1), and the
/// magnitude is Σ digit·2^(width·window).
///
/// Adding 2^(width−1) − 1 in every window leaves the digits plus that much, each in its own bits, so that
/// none waits for another's borrow.
struct SignedDigits {
  let width: Int
  private let offset: Int64
  private let mask: Int64
  private let offsets: UInt128
  /// The window that would not fit the word with its offset, and has none: it holds no more than
  /// width − 2 bits and a carry.
  private let bare: Int

  init(width: Int) {
    self.width = width
    let offset = Int64(1) << (width - 1) - 1
    self.offset = offset
    mask = 1 << width - 1
    let whole = 128 / width
    offsets = (0..<whole).reduce(0) { $0 | UInt128(offset) << (width * $1) }
    bare = whole
  }

  /// Calls `body(window, magnitude, negative)` for the digits of some windows, zeros among them, lowest
  /// first: `negative` is all ones or zero.
  @inline(__always)
  func forEach(
    of magnitude: UInt128, in windows: Range<Int>,
    _ body: (_ window: Int, _ magnitude: Int64, _ negative: Int64) -> Void
  ) {
    var rest = (magnitude &+ offsets) &>> UInt128(truncatingIfNeeded: width &* windows.lowerBound)
    for window in windows {
      let digit =
        Int64(truncatingIfNeeded: rest) & mask &- (window == bare ? 0 : offset)
      let negative = digit &>> 63
      body(window, (digit ^ negative) &- negative, negative)
      rest &>>= UInt128(truncatingIfNeeded: width)
    }
  }
}
