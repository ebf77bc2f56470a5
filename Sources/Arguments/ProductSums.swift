import CKernels
package import Field

/// Σ a·b over pairs of places (i, i + half): at 0, at 1, and the leading coefficient.
package struct ProductSums: Sendable, Equatable {
  package var low = Fr.zero
  package var high = Fr.zero
  package var leading = Fr.zero

  package enum First {
    case elements([Fr])
    case integers([Int64])
  }

  package init(low: Fr, high: Fr, leading: Fr) {
    (self.low, self.high, self.leading) = (low, high, leading)
  }

  /// a₁ and a₂.
  package var coefficients: (Fr, Fr) { (high - low - leading, leading) }

  /// In vectors: the machine must have them.
  package init(_ a: First, _ b: [Fr], half: Int, range: Range<Int>) {
    let most = Int(TACIT_PRODUCT_PLACES)
    for start in stride(from: range.lowerBound, to: range.upperBound, by: most) {
      add(a, b, half: half, start..<min(start + most, range.upperBound))
    }
  }

  private mutating func add(_ a: First, _ b: [Fr], half: Int, _ range: Range<Int>) {
    var limbs = [UInt64](repeating: 0, count: 15)
    // SAFETY: elements are four limbs; the kernel reads what is held of both tables, and writes the sums.
    unsafe b.withUnsafeBytes { b in
      var product = unsafe tacit_product(
        a: nil, integers: nil, a_count: 0,
        b: b.assumingMemoryBound(to: UInt64.self).baseAddress,
        b_count: b.count / MemoryLayout<Fr>.stride, half: half)
      switch a {
      case .elements(let a):
        unsafe a.withUnsafeBytes { bytes in
          unsafe product.a = bytes.assumingMemoryBound(to: UInt64.self).baseAddress
          unsafe product.a_count = a.count
          unsafe tacit_fr_product_sums(&product, range.lowerBound, range.upperBound, &limbs)
        }
      case .integers(let a):
        unsafe a.withUnsafeBufferPointer { buffer in
          unsafe product.integers = buffer.baseAddress
          unsafe product.a_count = a.count
          unsafe tacit_fr_product_sums(&product, range.lowerBound, range.upperBound, &limbs)
        }
      }
    }
    let sums = (0..<3).map { place in
      switch a {
      case .elements: 16 * KernelSum.montgomery(limbs, place)
      case .integers: 16 * KernelSum.plain(limbs, place)
      }
    }
    low += sums[0]
    high += sums[1]
    leading += sums[2]
  }

  /// target[i] ← the fold of integers i and i + half of a range, at x; in vectors.
  package static func fold(
    _ values: [Int64], half: Int, range: Range<Int>, by x: Fr,
    into target: inout MutableSpan<Fr>
  ) {
    precondition(target.count == range.count, "the target holds the range")
    let factors = [KernelSum.integerEntry, x * KernelSum.integerEntry]
    // SAFETY: elements are four limbs; the kernel reads what is held of the values and writes the target.
    unsafe target.withUnsafeMutableBytes { target in
      unsafe values.withUnsafeBufferPointer { values in
        unsafe factors.withUnsafeBytes { factors in
          unsafe tacit_fr_fold_integers(
            target.assumingMemoryBound(to: UInt64.self).baseAddress, values.baseAddress,
            values.count, half, range.lowerBound, range.upperBound,
            factors.assumingMemoryBound(to: UInt64.self).baseAddress)
        }
      }
    }
  }
}
