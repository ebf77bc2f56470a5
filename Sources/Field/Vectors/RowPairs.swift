import CKernels
package import Compute

/// Two groups of rows that a sum-check's round pairs, of at most eight rows each. The kernels' layout.
@frozen
public struct RowPair: BitwiseCopyable, Sendable {
  /// Number of the lower group's first row.
  public var row: UInt32
  /// The rows of memory that the groups begin at; a negative one is not held, and zero.
  public var low: Int32
  public var high: Int32

  @inlinable
  public init(row: UInt32, low: Int32, high: Int32) {
    self.row = row
    self.low = low
    self.high = high
  }
}

extension RowPair {
  /// Whether it holds a group, and all of what it holds is there.
  fileprivate func lies(within rows: Int, height: Int) -> Bool {
    max(low, high) >= 0 && max(Int(low), Int(high)) + height <= rows
  }
}

/// Elements that threads share, each keeping to the groups of its own pairs.
@unsafe private struct Shared: @unchecked Sendable {
  // SAFETY: made and used within one call; no two pairs have a group in common.
  let buffer: UnsafeMutableBufferPointer<Fr>
}

extension PrimeField where P == FrParameters {
  /// low + r · (high − low) for every pair of groups of `height` rows of `width` values, in the place of
  /// the lower group or, where that is not held, of the upper one.
  ///
  /// - Parameter pairs: of groups that do not overlap.
  /// - Complexity: one multiplication per value that is left, divided over the threads.
  package static func fold(
    _ values: inout [Self], _ pairs: [RowPair], width: Int, height: Int, by r: Self,
    kernels: Kernels = .best
  ) {
    let rows = values.count / width
    precondition(
      pairs.allSatisfy { $0.lies(within: rows, height: height) }, "groups lie within the values")
    let size = width * height
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      let shared = unsafe Shared(buffer: buffer)
      _ = inParallel(count: pairs.count, grain: max(1, 2048 / size)) { range in
        unsafe fold(shared, pairs.span.extracting(range), width: width, size: size, by: r, kernels)
      }
    }
  }

  /// The same in parts, each with what is then made of it while it is in the cache.
  ///
  /// - Parameters:
  ///   - parts: how many; divided over the threads.
  ///   - ranges: of the pairs to fold for a part.
  ///   - body: reads what the part's pairs left, and nothing else of the values.
  /// - Returns: what `body` makes of each part.
  package static func fold<Result: Sendable>(
    _ values: inout [Self], _ pairs: [RowPair], width: Int, height: Int, by r: Self,
    parts: Int, kernels: Kernels = .best, ranges: @Sendable (Int) -> [Range<Int>],
    _ body: @Sendable (Span<Self>, Int) -> Result
  ) -> [Result] {
    let rows = values.count / width
    precondition(
      pairs.allSatisfy { $0.lies(within: rows, height: height) }, "groups lie within the values")
    let size = width * height
    return unsafe values.withUnsafeMutableBufferPointer { buffer in
      let shared = unsafe Shared(buffer: buffer)
      return inParallel(count: parts, grain: 1) { own in
        own.map { part in
          for range in ranges(part) {
            unsafe fold(
              shared, pairs.span.extracting(range), width: width, size: size, by: r, kernels)
          }
          // SAFETY: other threads write groups of other parts only, which `body` does not read.
          return body(unsafe UnsafeBufferPointer(shared.buffer).span, part)
        }
      }.flatMap(\.self)
    }
  }

  @unsafe private static func fold(
    _ values: Shared, _ pairs: Span<RowPair>, width: Int, size: Int, by r: Self,
    _ kernels: Kernels
  ) {
    if kernels == .ifma {
      unsafe foldVector(values, pairs, width: width, size: size, by: r)
    } else {
      unsafe foldPortable(values, pairs, width: width, size: size, by: r)
    }
  }

  @unsafe private static func foldPortable(
    _ values: Shared, _ pairs: Span<RowPair>, width: Int, size: Int, by r: Self
  ) {
    let buffer = unsafe values.buffer
    let rest = .one - r
    for index in pairs.indices {
      let pair = pairs[index]
      let (low, high) = (width * Int(pair.low), width * Int(pair.high))
      // SAFETY: the caller has seen that the groups lie within the values.
      for i in 0..<size {
        if pair.high < 0 {
          let a = unsafe buffer[low + i]
          if !a.isZero { unsafe buffer[low + i] = rest * a }
        } else if pair.low < 0 {
          let b = unsafe buffer[high + i]
          if !b.isZero { unsafe buffer[high + i] = r * b }
        } else {
          let (a, b) = unsafe (buffer[low + i], buffer[high + i])
          if a != b { unsafe buffer[low + i] = a + r * (b - a) }
        }
      }
    }
  }

  @unsafe private static func foldVector(
    _ values: Shared, _ pairs: Span<RowPair>, width: Int, size: Int, by r: Self
  ) {
    let factor = 16 * r
    let limbs: InlineArray<4, UInt64> = [factor.l0, factor.l1, factor.l2, factor.l3]
    let bytes = unsafe UnsafeMutableRawBufferPointer(values.buffer)
    let base = unsafe bytes.assumingMemoryBound(to: UInt64.self).baseAddress
    // SAFETY: an element is four limbs; the caller has seen that the groups lie within the values.
    unsafe pairs.withUnsafeBytes { bytes in
      unsafe limbs.span.withUnsafeBufferPointer { limbs in
        let first = unsafe bytes.assumingMemoryBound(to: tacit_row_pair.self).baseAddress
        guard let base = unsafe base, let first = unsafe first, let limbs = limbs.baseAddress
        else { return }
        unsafe tacit_fr_fold_pairs(base, first, pairs.count, width, size, limbs)
      }
    }
  }
}
