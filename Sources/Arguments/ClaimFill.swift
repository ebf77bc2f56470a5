import CKernels
package import Field
import Polynomial

/// Makes the claims' rows from integers, h' and l.
package struct ClaimFill: Sendable {
  private let helper: Fr
  private let scales: [Fr]
  private let isVector: Bool
  private let factors: [Fr]

  /// - Parameters:
  ///   - helper: what h' counts in c.
  ///   - scales: what each of some integer columns counts in c.
  package init(helper: Fr, scales: [Fr], kernels: Kernels = .best) {
    self.helper = helper
    self.scales = scales
    isVector = kernels == .ifma && scales.count <= 7
    factors = [KernelSum.integerEntry, 16 * helper] + scales.map { $0 * KernelSum.integerEntry }
  }

  /// - Parameters:
  ///   - rows: of whole groups, zero.
  ///   - cells: per group y and the columns, of eight rows each.
  package func fill(
    _ rows: inout MutableSpan<Fr>, cells: [Int64], helper h: ArraySlice<Fr>,
    weights l: ArraySlice<Fr>
  ) {
    let (height, width) = (RowGroups.height, ClaimKernel.width)
    let groups = rows.count / (height * width)
    precondition(
      rows.count == height * width * groups && h.count == height * groups && l.count == h.count
        && cells.count == height * groups * (scales.count + 1), "whole groups of rows and of cells")
    if isVector { return fillVector(&rows, cells, h, l, groups) }
    for row in 0..<height * groups {
      let first = row / height * height * (scales.count + 1) + row % height
      let (helperCell, y) = (h[h.startIndex + row], cells[first])
      var combined = helperCell.isZero ? .zero : helper * helperCell
      for (index, scale) in scales.enumerated() {
        let cell = cells[first + height * (index + 1)]
        if cell != 0 { combined += scale.multiplied(bySmall: cell) }
      }
      rows[width * row] = combined
      rows[width * row + 1] = helperCell
      if y != 0 { rows[width * row + 2] = Fr(y) }
      rows[width * row + 3] = l[l.startIndex + row]
    }
  }

  private func fillVector(
    _ rows: inout MutableSpan<Fr>, _ cells: [Int64], _ h: ArraySlice<Fr>, _ l: ArraySlice<Fr>,
    _ groups: Int
  ) {
    // SAFETY: elements are four limbs; `groups` groups of rows, cells, h' and l are there, and a factor
    // for every column.
    unsafe rows.withUnsafeMutableBytes { rows in
      unsafe h.withUnsafeBytes { h in
        unsafe l.withUnsafeBytes { l in
          unsafe cells.withUnsafeBufferPointer { cells in
            unsafe factors.withUnsafeBytes { factors in
              var fill = unsafe tacit_claim_fill(
                rows: rows.assumingMemoryBound(to: UInt64.self).baseAddress,
                helper: h.assumingMemoryBound(to: UInt64.self).baseAddress,
                weights: l.assumingMemoryBound(to: UInt64.self).baseAddress,
                cells: cells.baseAddress, integers: scales.count, count: groups,
                factors: factors.assumingMemoryBound(to: UInt64.self).baseAddress)
              unsafe tacit_claim_rows(&fill)
            }
          }
        }
      }
    }
  }
}
