import CKernels
package import Field

/// Σ a·b over pairs of places (i, i + half): at 0, at 1, and the leading coefficient.
package struct ProductSums: Sendable, Equatable {
  package var low = Fr.zero
  package var high = Fr.zero
  package var leading = Fr.zero

  package init(low: Fr, high: Fr, leading: Fr) {
    (self.low, self.high, self.leading) = (low, high, leading)
  }

  /// a₁ and a₂.
  package var coefficients: (Fr, Fr) { (high - low - leading, leading) }

  /// In vectors: the machine must have them.
  package init(_ a: [Fr], _ b: [Fr], half: Int, range: Range<Int>) {
    let most = Int(TACIT_PRODUCT_PLACES)
    for start in stride(from: range.lowerBound, to: range.upperBound, by: most) {
      add(a, b, half: half, start..<min(start + most, range.upperBound))
    }
  }

  private mutating func add(_ a: [Fr], _ b: [Fr], half: Int, _ range: Range<Int>) {
    var limbs = [UInt64](repeating: 0, count: 15)
    // SAFETY: elements are four limbs; the kernel reads what is held of both tables, and writes the sums.
    unsafe a.withUnsafeBytes { first in
      unsafe b.withUnsafeBytes { second in
        var product = unsafe tacit_product(
          a: first.assumingMemoryBound(to: UInt64.self).baseAddress, a_count: a.count,
          b: second.assumingMemoryBound(to: UInt64.self).baseAddress, b_count: b.count, half: half)
        unsafe tacit_fr_product_sums(&product, range.lowerBound, range.upperBound, &limbs)
      }
    }
    low += 16 * KernelSum.montgomery(limbs, 0)
    high += 16 * KernelSum.montgomery(limbs, 1)
    leading += 16 * KernelSum.montgomery(limbs, 2)
  }
}
