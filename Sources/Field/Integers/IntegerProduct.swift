import CKernels
package import Compute

/// Σ aᵢ·bᵢ modulo 2^64.
package func integerProduct(
  _ a: Span<Int64>, _ b: Span<Int64>, kernels: Kernels = .best
) -> Int64 {
  precondition(a.count == b.count, "a product pairs cells")
  guard kernels == .ifma, a.count >= 8 else {
    var sum: Int64 = 0
    for i in a.indices { sum &+= a[i] &* b[i] }
    return sum
  }
  // SAFETY: both spans have as many cells.
  return unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in
      unsafe tacit_integer_product(a.baseAddress, b.baseAddress, a.count)
    }
  }
}
