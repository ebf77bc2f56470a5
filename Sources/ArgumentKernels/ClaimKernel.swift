import CKernels
package import Field
package import Polynomial
package import Compute

/// The claims' rows on the trace: c, y, l, of c all columns that have a claim at r together.
package enum ClaimKernel {
  package static let width = 3

  /// At 0 and at 1, and of the product the leading coefficient.
  package struct Sums: Sendable, Equatable {
    /// Σ eq·c.
    package var combined: (low: Fr, high: Fr) { (values[0], values[1]) }
    /// Σ y·l.
    package var outputs: (low: Fr, high: Fr, leading: Fr) { (values[2], values[3], values[4]) }
    fileprivate var values = InlineArray<5, Fr>(repeating: .zero)

    package init() {}

    package static func + (a: Sums, b: Sums) -> Sums {
      var sum = a
      for i in 0..<5 { sum.values[i] += b.values[i] }
      return sum
    }
    package static func == (a: Sums, b: Sums) -> Bool {
      (0..<5).allSatisfy { a.values[$0] == b.values[$0] }
    }
  }

  /// - Parameters:
  ///   - rows: memory of groups of `height` rows.
  ///   - pairs: within eq's table, by ascending rows.
  ///   - range: of the pairs.
  package static func sums(
    _ rows: Span<Fr>, pairs: Span<RowPair>, range: Range<Int>, height: Int,
    weights: SplitEquality, kernels: Kernels = .best
  ) -> Sums {
    guard kernels == .ifma else {
      return portableSums(rows, pairs, range, height: height, weights: weights)
    }
    let most = Int(TACIT_PRODUCT_PLACES) / HeldBlocks.height
    return stride(from: range.lowerBound, to: range.upperBound, by: most).reduce(Sums()) {
      $0
        + vectorSums(
          rows, pairs, $1..<min($1 + most, range.upperBound), height: height, weights: weights)
    }
  }

  private static func vectorSums(
    _ rows: Span<Fr>, _ pairs: Span<RowPair>, _ range: Range<Int>, height: Int,
    weights: SplitEquality
  ) -> Sums {
    var limbs = [UInt64](repeating: 0, count: Int(TACIT_CLAIM_SUM_LIMBS))
    // SAFETY: the sums are as many limbs, and the range is one of the pairs.
    unsafe withKernelInput(
      rows, pairs: pairs, height: height, constants: Span(), weights: weights
    ) { unsafe tacit_claim_sums($0, range.lowerBound, range.upperBound, &limbs) }
    let factors: InlineArray<5, Fr> = [256, 256, 16, 16, 16]
    var sums = Sums()
    for i in 0..<5 { sums.values[i] = KernelSum.montgomery(limbs, i) * factors[i] }
    return sums
  }

  private static func portableSums(
    _ rows: Span<Fr>, _ pairs: Span<RowPair>, _ range: Range<Int>, height: Int,
    weights: SplitEquality
  ) -> Sums {
    let mask = 1 << weights.bits - 1
    let near = weights.low.span
    var result = Sums()
    var (y0, y1, y2) = (FrAccumulator(), FrAccumulator(), FrAccumulator())
    var next = range.lowerBound
    while next < range.upperBound {
      let far = Int(pairs[next].row) >> weights.bits
      var (low, high) = (FrAccumulator(), FrAccumulator())
      while next < range.upperBound, Int(pairs[next].row) >> weights.bits == far {
        let pair = pairs[next]
        next += 1
        let (isLow, isHigh) = (pair.low >= 0, pair.high >= 0)
        for step in 0..<height {
          let eq = near[(Int(pair.row) + step) & mask]
          let (a, b) = (width * (Int(pair.low) + step), width * (Int(pair.high) + step))
          if isLow {
            low.add(eq, rows[a])
            y0.add(rows[a + 1], rows[a + 2])
          }
          if isHigh {
            high.add(eq, rows[b])
            y1.add(rows[b + 1], rows[b + 2])
          }
          if isLow && isHigh {
            y2.add(rows[b + 1] - rows[a + 1], rows[b + 2] - rows[a + 2])
          } else if isLow {
            y2.add(rows[a + 1], rows[a + 2])
          } else {
            y2.add(rows[b + 1], rows[b + 2])
          }
        }
      }
      let weight = weights.high[far]
      result.values[0] += weight * low.value
      result.values[1] += weight * high.value
    }
    (result.values[2], result.values[3], result.values[4]) = (y0.value, y1.value, y2.value)
    return result
  }
}
