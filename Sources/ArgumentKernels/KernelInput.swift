import CKernels
import Field
import Polynomial

/// Calls `body` with what the vector loop of a round reads: the groups of rows that pairs hold, its
/// constants, and eq as far as the pairs' rows need it.
///
/// - Parameters:
///   - rows: memory of groups of `height` rows.
///   - limbs: K, for the loop that has rows of more than one length.
///   - constants: what the loop's declaration says of `padding`; empty if nothing.
///   - body: runs a loop over some of the pairs; the pointer is of no use after it.
func withKernelInput(
  _ rows: Span<Fr>, pairs: Span<RowPair>, height: Int, limbs: Int = 0, constants: Span<Fr>,
  weights: SplitEquality, _ body: (UnsafePointer<tacit_row_check>) -> Void
) {
  // SAFETY: elements are four limbs each, a pair has the layout of the loops, and all that is
  // pointed to is there while `body` runs.
  unsafe rows.withUnsafeBytes { rows in
    unsafe constants.withUnsafeBytes { constants in
      unsafe weights.low.withUnsafeBytes { low in
        unsafe weights.high.withUnsafeBytes { high in
          unsafe pairs.withUnsafeBytes { pairs in
            var input = unsafe tacit_row_check(
              rows: rows.assumingMemoryBound(to: UInt64.self).baseAddress,
              pairs: pairs.assumingMemoryBound(to: tacit_row_pair.self).baseAddress,
              height: height, limbs: limbs,
              padding: constants.assumingMemoryBound(to: UInt64.self).baseAddress,
              low: low.assumingMemoryBound(to: UInt64.self).baseAddress,
              high: high.assumingMemoryBound(to: UInt64.self).baseAddress, bits: weights.bits)
            unsafe body(&input)
          }
        }
      }
    }
  }
}
