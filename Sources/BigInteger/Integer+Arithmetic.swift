import CGMP

// SAFETY, for the whole file: each call is one GMP function on the addresses `IntegerStorage` hands out;
// GMP lets a result be one of its operands. What it leaves undefined (a zero divisor, a negative
// exponent, a modulus that is not positive) is refused first.

extension Integer {
  public static func + (a: Integer, b: Integer) -> Integer {
    unsafe result(tacit_mpz_add, a, b)
  }

  public static func - (a: Integer, b: Integer) -> Integer {
    unsafe result(tacit_mpz_sub, a, b)
  }

  public static func * (a: Integer, b: Integer) -> Integer {
    unsafe result(tacit_mpz_mul, a, b)
  }

  public static func += (a: inout Integer, b: Integer) { unsafe a.apply(tacit_mpz_add, b) }
  public static func -= (a: inout Integer, b: Integer) { unsafe a.apply(tacit_mpz_sub, b) }
  public static func *= (a: inout Integer, b: Integer) { unsafe a.apply(tacit_mpz_mul, b) }

  public static prefix func - (a: Integer) -> Integer {
    unsafe Integer { result in unsafe a.read { unsafe tacit_mpz_neg(result, $0) } }
  }

  public var magnitude: Integer {
    unsafe Integer { result in unsafe read { unsafe tacit_mpz_abs(result, $0) } }
  }
}

/// Division. A zero divisor is a mistake of the caller, never of data: check before dividing by data.
extension Integer {
  /// Rounded toward zero, as Swift's integers divide.
  public static func / (a: Integer, b: Integer) -> Integer {
    precondition(!b.isZero, "a divisor is not zero")
    return unsafe result(tacit_mpz_tdiv_q, a, b)
  }

  /// `a − b·(a / b)`: takes the sign of `a`.
  public static func % (a: Integer, b: Integer) -> Integer {
    precondition(!b.isZero, "a divisor is not zero")
    return unsafe result(tacit_mpz_tdiv_r, a, b)
  }

  public static func /= (a: inout Integer, b: Integer) {
    precondition(!b.isZero, "a divisor is not zero")
    unsafe a.apply(tacit_mpz_tdiv_q, b)
  }

  public static func %= (a: inout Integer, b: Integer) {
    precondition(!b.isZero, "a divisor is not zero")
    unsafe a.apply(tacit_mpz_tdiv_r, b)
  }

  /// Rounded toward zero; `self = quotient·divisor + remainder`.
  public func quotientAndRemainder(
    dividingBy divisor: Integer
  ) -> (quotient: Integer, remainder: Integer) {
    let quotient = self / divisor
    return (quotient, self - quotient * divisor)
  }

  /// ⌊self / divisor⌋.
  public func floorDivide(by divisor: Integer) -> Integer {
    precondition(!divisor.isZero, "a divisor is not zero")
    return unsafe Integer.result(tacit_mpz_fdiv_q, self, divisor)
  }

  /// `self − modulus·⌊self / modulus⌋`: in `0 ..< modulus` for a positive modulus.
  public func floorModulo(_ modulus: Integer) -> Integer {
    precondition(!modulus.isZero, "a modulus is not zero")
    return unsafe Integer.result(tacit_mpz_fdiv_r, self, modulus)
  }
}

/// Shifts: by 2ⁿ exactly, and by a negative count the other way, as Swift's integers shift.
extension Integer {
  public static func << (a: Integer, count: Int) -> Integer {
    let bits = count.magnitude
    return unsafe Integer { result in
      unsafe a.read {
        if count >= 0 {
          unsafe tacit_mpz_mul_2exp(result, $0, bits)
        } else {
          unsafe tacit_mpz_fdiv_q_2exp(result, $0, bits)
        }
      }
    }
  }

  /// ⌊a / 2ⁿ⌋, the arithmetic shift.
  public static func >> (a: Integer, count: Int) -> Integer {
    // −Int.min does not exist; no number has 2⁶³ bits to shift by either.
    a << (count == Int.min ? Int.max : -count)
  }

  public static func <<= (a: inout Integer, count: Int) { a = a << count }
  public static func >>= (a: inout Integer, count: Int) { a = a >> count }
}

/// Powers and number theory.
extension Integer {
  /// selfᵉ; 0⁰ is 1.
  public func pow(_ exponent: Int) -> Integer {
    precondition(exponent >= 0, "an integer power has a natural exponent")
    return unsafe Integer { result in
      unsafe read { unsafe tacit_mpz_pow_ui(result, $0, UInt(exponent)) }
    }
  }

  /// selfᵉ mod m, in `0 ..< modulus`.
  public func power(_ exponent: Integer, modulo modulus: Integer) -> Integer {
    precondition(exponent.sign >= 0, "a negative power is the inverse's power")
    precondition(modulus.sign > 0, "a modulus is positive")
    return unsafe Integer { result in
      unsafe read { base in
        unsafe exponent.read { exponent in
          unsafe modulus.read { unsafe tacit_mpz_powm(result, base, exponent, $0) }
        }
      }
    }
  }

  /// The x in `0 ..< modulus` with self·x ≡ 1, or nil when self shares a factor with the modulus.
  public func inverse(modulo modulus: Integer) -> Integer? {
    precondition(modulus.sign > 0, "a modulus is positive")
    var exists = false
    let inverse = unsafe Integer { result in
      unsafe read { value in
        unsafe modulus.read { exists = unsafe tacit_mpz_invert(result, value, $0) != 0 }
      }
    }
    return exists ? inverse : nil
  }

  /// The greatest common divisor, never negative; `gcd(0, 0)` is 0.
  public func gcd(_ other: Integer) -> Integer {
    unsafe Integer.result(tacit_mpz_gcd, self, other)
  }
}
