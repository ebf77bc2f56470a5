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
    let other = (-value).canonicalLimbs
    // The two magnitudes sum to r, which is odd; the top limbs nearly always decide.
    let (a, b) = (limbs, other)
    if a.3 != b.3 {
      negative = a.3 > b.3
    } else if a.2 != b.2 {
      negative = a.2 > b.2
    } else if a.1 != b.1 {
      negative = a.1 > b.1
    } else {
      negative = a.0 > b.0
    }
    self.limbs = negative ? b : a
  }

  var bitWidth: Int {
    if limbs.3 != 0 { return 256 - limbs.3.leadingZeroBitCount }
    if limbs.2 != 0 { return 192 - limbs.2.leadingZeroBitCount }
    if limbs.1 != 0 { return 128 - limbs.1.leadingZeroBitCount }
    return 64 - limbs.0.leadingZeroBitCount
  }

  /// Calls `body(window, magnitude, negative)` for every non-zero digit, lowest first: digits lie
  /// in −2^(width−1)...2^(width−1) and the scalar is Σ digit·2^(width·window).
  ///
  /// Whether a digit borrows from the next is a coin toss, so it is computed and never branched on.
  @inline(__always)
  func forEachDigit(width: Int, _ body: (Int, Int, Bool) -> Void) {
    let half = UInt64(1) &<< UInt64(width - 1)
    let mask = half &<< 1 &- 1
    let shift = UInt64(width)
    var (l0, l1, l2, l3) = limbs
    var window = 0
    @inline(__always) func digit(_ low: UInt64) -> UInt64 {
      // low > half: the digit low − 2^width borrows one from the next.
      let borrow = (half &- low) &>> 63
      let sign = 0 &- borrow
      let magnitude = ((low ^ sign) &+ borrow) &+ borrow &<< shift
      if magnitude != 0 {
        body(window, Int(truncatingIfNeeded: magnitude), negative != (borrow == 1))
      }
      window &+= 1
      return borrow
    }
    @inline(__always) func increased(_ limb: UInt64, _ carry: inout UInt64) -> UInt64 {
      let sum = limb &+ carry
      carry = sum < carry ? 1 : 0
      return sum
    }
    // Below 2^253 nothing runs over.
    while l2 | l3 != 0 {
      let low = l0 & mask
      l0 = l0 &>> shift | l1 &<< (64 &- shift)
      l1 = l1 &>> shift | l2 &<< (64 &- shift)
      l2 = l2 &>> shift | l3 &<< (64 &- shift)
      l3 = l3 &>> shift
      var carry = digit(low)
      l0 = increased(l0, &carry)
      l1 = increased(l1, &carry)
      l2 = increased(l2, &carry)
      l3 &+= carry
    }
    while l0 | l1 != 0 {
      let low = l0 & mask
      l0 = l0 &>> shift | l1 &<< (64 &- shift)
      l1 = l1 &>> shift
      var carry = digit(low)
      l0 = increased(l0, &carry)
      l1 &+= carry
    }
  }

  /// Windows that digits of a magnitude of `bits` bits can touch: the last may hold only a carry.
  static func windows(bits: Int, width: Int) -> Int { bits / width + 1 }
}
