import CKernels
package import Compute

/// Loops over many elements, in vector instructions where the machine has them.
extension PrimeField where P == FrParameters {
  /// low[i] ← low[i] + r · (high[i] − low[i]), what `high` lacks being zero.
  package static func fold(
    _ low: inout MutableSpan<Self>, _ high: Span<Self>, by r: Self, kernels: Kernels = .best
  ) {
    precondition(high.count <= low.count, "a fold halves")
    let rest = .one - r
    guard kernels == .ifma, low.count >= 16 else {
      for i in 0..<high.count {
        let (a, b) = (low[i], high[i])
        if a == b { continue }
        low[i] = a + r * (b - a)
      }
      for i in high.count..<low.count where !low[i].isZero { low[i] *= rest }
      return
    }
    let (both, alone) = (high.count, low.count - high.count)
    // SAFETY: an element is four limbs; both spans hold `both` of them, and `low` `alone` more.
    unsafe low.withUnsafeMutableBytes { low in
      unsafe high.withUnsafeBytes { high in
        let low = unsafe low.assumingMemoryBound(to: UInt64.self).baseAddress
        let high = unsafe high.assumingMemoryBound(to: UInt64.self).baseAddress
        guard let low = unsafe low else { return }
        unsafe withLimbs(of: 16 * r) { unsafe tacit_fr_fold(low, high, both, $0) }
        unsafe withLimbs(of: 16 * rest) { unsafe tacit_fr_scale(low + 4 * both, alone, $0) }
      }
    }
  }

  /// target[first + i] ← target[first + i] + s · values[i].
  package static func add(
    _ values: ArraySlice<Self>, times s: Self, to target: inout MutableSpan<Self>,
    from first: Int, kernels: Kernels = .best
  ) {
    precondition(first >= 0 && first + values.count <= target.count, "the target holds the values")
    guard kernels == .ifma, values.count >= 8 else {
      for (place, value) in values.enumerated() { target[first + place] += s * value }
      return
    }
    // SAFETY: an element is four limbs; the target holds as many elements from `first` on as there are
    // values.
    unsafe target.withUnsafeMutableBytes { target in
      unsafe values.withUnsafeBytes { values in
        let target = unsafe target.assumingMemoryBound(to: UInt64.self).baseAddress
        let source = unsafe values.assumingMemoryBound(to: UInt64.self).baseAddress
        guard let target = unsafe target, let source = unsafe source else { return }
        let count = values.count / MemoryLayout<Self>.stride
        unsafe withLimbs(of: 16 * s) {
          unsafe tacit_fr_add_scaled(target + 4 * first, source, count, $0)
        }
      }
    }
  }

  /// values[i] ← s · values[i].
  package static func scale(
    _ values: inout MutableSpan<Self>, by s: Self, kernels: Kernels = .best
  ) {
    guard kernels == .ifma, values.count >= 8 else {
      for i in 0..<values.count where !values[i].isZero { values[i] *= s }
      return
    }
    // SAFETY: an element is four limbs, and all are scaled.
    unsafe values.withUnsafeMutableBytes { values in
      let limbs = unsafe values.assumingMemoryBound(to: UInt64.self).baseAddress
      guard let limbs = unsafe limbs else { return }
      let count = values.count / MemoryLayout<Self>.stride
      unsafe withLimbs(of: 16 * s) { unsafe tacit_fr_scale(limbs, count, $0) }
    }
  }

  /// table[2i], table[2i + 1] ← (1 − r)·table[i], r·table[i], as far as `count` places go: a level of a
  /// table of eq.
  package static func split(
    _ table: inout [Self], count: Int, by r: Self, kernels: Kernels = .best
  ) {
    precondition(count <= table.count, "the table holds the level")
    guard kernels == .ifma, count >= 32 else {
      var i = (count - 1) >> 1
      while i >= 0 {
        let value = table[i]
        let high = value * r
        if 2 * i + 1 < count { table[2 * i + 1] = high }
        table[2 * i] = value - high
        i -= 1
      }
      return
    }
    // SAFETY: an element is four limbs, and the table holds `count` of them.
    unsafe table.withUnsafeMutableBytes { table in
      guard let limbs = unsafe table.assumingMemoryBound(to: UInt64.self).baseAddress else {
        return
      }
      unsafe withLimbs(of: 16 * r) { unsafe tacit_fr_split(limbs, count, $0) }
    }
  }

  private static func withLimbs(of factor: Self, _ body: (UnsafePointer<UInt64>) -> Void) {
    let limbs: InlineArray<4, UInt64> = [factor.l0, factor.l1, factor.l2, factor.l3]
    unsafe limbs.span.withUnsafeBufferPointer { limbs in
      if let base = limbs.baseAddress { unsafe body(base) }
    }
  }
}

extension PrimeField where P == FpParameters {
  /// Each value to the power (q + 1)/4: its square root, if it has one.
  ///
  /// - Complexity: 5 µs a value, in vectors 0.7 µs.
  package static func rootCandidates(
    _ values: inout [Self], kernels: Kernels = .best
  ) {
    guard kernels == .ifma, values.count >= 4 else {
      for i in values.indices { values[i] = values[i].pow(rootExponent) }
      return
    }
    let count = values.count
    values += [Self](repeating: .zero, count: -count & 15)
    let padded = values.count
    // SAFETY: an element is four limbs, and their count a multiple of sixteen.
    unsafe values.withUnsafeMutableBytes {
      unsafe tacit_fp_roots($0.assumingMemoryBound(to: UInt64.self).baseAddress, padded)
    }
    values.removeLast(padded - count)
  }
}
