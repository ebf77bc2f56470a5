import CKernels
package import Compute

/// Σ c·row over rows of integers, place by place, each place kept as a plain integer and reduced once at
/// the end.
///
/// Cost in vectors: 0.1 of a field multiplication for each cell.
package struct IntegerRowSum: Sendable {
  private let length: Int
  private let kernels: Kernels
  private var portable: [SmallProductAccumulator<FrParameters>] = []
  /// Of every eight places `TACIT_INTEGER_SUM_LIMBS` vectors, limb by limb.
  private var limbs: [UInt64] = []
  /// Rows since carries were passed on.
  private var unsettled = 0

  /// Rows that a word takes: each adds at most four terms below 2^52 to one, and carries less than
  /// one more.
  private static let mostUnsettled = 512

  /// - Parameter length: of the longest row.
  package init(length: Int, kernels: Kernels = .best) {
    self.length = length
    self.kernels = kernels
    if kernels == .ifma {
      limbs = [UInt64](
        repeating: 0, count: (length + 7) / 8 * 8 * Int(TACIT_INTEGER_SUM_LIMBS))
    } else {
      portable = Array(repeating: SmallProductAccumulator(), count: length)
    }
  }

  /// Adds c·row, of at most `length` cells.
  package mutating func add(_ row: ArraySlice<Int64>, times c: Fr) {
    precondition(row.count <= length, "a row is no longer than the sum")
    guard kernels == .ifma else {
      for (place, cell) in row.enumerated() where cell != 0 {
        portable[place].add(c, small: cell)
      }
      return
    }
    unsettled += 1
    let settles = unsettled == Self.mostUnsettled
    var row = row
    if settles {
      unsettled = 0
      // Carries are passed on at every place.
      row += Array(repeating: 0, count: length - row.count)
    }
    let opposite = -c
    let factors: InlineArray<8, UInt64> = [
      c.l0, c.l1, c.l2, c.l3, opposite.l0, opposite.l1, opposite.l2, opposite.l3,
    ]
    // SAFETY: the sums hold whole vectors for every cell of the row, and the factors two elements.
    unsafe limbs.withUnsafeMutableBufferPointer { limbs in
      unsafe row.withUnsafeBufferPointer { row in
        unsafe factors.span.withUnsafeBufferPointer { factors in
          unsafe tacit_fr_add_integers(
            limbs.baseAddress, row.baseAddress, row.count, factors.baseAddress, settles ? 1 : 0)
        }
      }
    }
  }

  /// The sums.
  ///
  /// - Complexity: about two multiplications a place.
  package var values: [Fr] {
    kernels == .ifma ? (0..<length).map { sum($0).value } : portable.map(\.value)
  }

  private func sum(_ place: Int) -> SmallProductAccumulator<FrParameters> {
    let count = Int(TACIT_INTEGER_SUM_LIMBS)
    let first = place / 8 * 8 * count + place % 8
    // Each is at most 2^63, and the carry it takes of 12 bits.
    return SmallProductAccumulator(limbs: InlineArray { limbs[first + 8 * $0] })
  }
}
