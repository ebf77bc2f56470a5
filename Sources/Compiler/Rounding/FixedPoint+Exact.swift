package import Model

extension FixedPoint {
  /// How many (mantissa, shift) pairs it has.
  package var classes: Int { mantissas.count }

  /// q = ⌊(acc·m + 2^(s−1)) / 2^s⌋ in class `index`, exactly.
  ///
  /// |acc| ≤ 2^60 and m < 2^62 make |acc·m| ≤ 2^122, and s ≤ 120: nothing overflows.
  @inline(__always)
  package func quotient(_ accumulator: Int64, in index: Int) -> Int128 {
    Self.quotient(accumulator, mantissas[index], shifts[index])
  }

  @inline(__always)
  static func quotient(_ accumulator: Int64, _ mantissa: Int64, _ shift: Int) -> Int128 {
    let product = Int128(accumulator) * Int128(mantissa)
    guard shift > 0 else { return product }
    return (product + (Int128(1) << Int128(shift - 1))) >> Int128(shift)
  }

  /// The least acc with quotient ≥ `target` in class `index`, for a mantissa above 0.
  ///
  /// acc·m ≥ target·2^s − 2^(s−1), where the last term is absent for s = 0.
  package func leastAccumulator(reaching target: Int64, in index: Int) -> Int128 {
    let (mantissa, shift) = (Int128(mantissas[index]), shifts[index])
    let half = shift > 0 ? Int128(1) << Int128(shift - 1) : 0
    return ceilDivide((Int128(target) << Int128(shift)) - half, mantissa)
  }

  /// The greatest acc with quotient ≤ `target` in class `index`, for a mantissa above 0.
  package func greatestAccumulator(reaching target: Int64, in index: Int) -> Int128 {
    leastAccumulator(reaching: target + 1, in: index) - 1
  }

  /// Whether q = acc.
  package var isIdentity: Bool {
    zip(mantissas, shifts).allSatisfy { $0 == 1 && $1 == 0 }
  }

  /// The same map with the least shifts: (m·2^j, s) and (m, s − j) round alike.
  package var reduced: FixedPoint {
    var result = self
    for index in mantissas.indices {
      let zeros = mantissas[index] == 0 ? shifts[index] : mantissas[index].trailingZeroBitCount
      let common = min(zeros, shifts[index])
      result.mantissas[index] = mantissas[index] >> Int64(common)
      result.shifts[index] -= common
    }
    return result
  }
}

/// ⌈a / b⌉ for b > 0.
func ceilDivide(_ a: Int128, _ b: Int128) -> Int128 {
  let quotient = a / b
  return quotient * b < a ? quotient + 1 : quotient
}

/// ⌊a / b⌋ for b > 0.
func floorDivide(_ a: Int128, _ b: Int128) -> Int128 {
  let quotient = a / b
  return quotient * b > a ? quotient - 1 : quotient
}
