import CKernels
package import Field
import Polynomial
package import Compute

/// Makes the claims' rows from integers and l.
package struct ClaimTables: Sendable {
  private let scales: [Fr]
  private let isVector: Bool
  private let factors: [Fr]

  /// - Parameter scales: what each of some integer columns counts in c.
  package init(scales: [Fr], kernels: Kernels = .best) {
    self.scales = scales
    isVector = kernels == .ifma && scales.count <= 7
    factors = [KernelSum.integerEntry] + scales.map { $0 * KernelSum.integerEntry }
  }

  /// - Parameters:
  ///   - rows: of whole groups, zero.
  ///   - cells: per group y and the columns, of eight rows each.
  package func fill(
    _ rows: inout MutableSpan<Fr>, cells: [Int64], weights l: ArraySlice<Fr>
  ) {
    let (height, width) = (HeldBlocks.height, ClaimKernel.width)
    let groups = rows.count / (height * width)
    precondition(
      rows.count == height * width * groups && l.count == height * groups
        && cells.count == height * groups * (scales.count + 1), "whole groups of rows and of cells")
    if isVector { return fillVector(&rows, cells, l, groups) }
    for row in 0..<height * groups {
      let first = row / height * height * (scales.count + 1) + row % height
      let y = cells[first]
      var combined = Fr.zero
      for (index, scale) in scales.enumerated() {
        let cell = cells[first + height * (index + 1)]
        if cell != 0 { combined += scale.multiplied(bySmall: cell) }
      }
      rows[width * row] = combined
      if y != 0 { rows[width * row + 1] = Fr(y) }
      rows[width * row + 2] = l[l.startIndex + row]
    }
  }

  private func fillVector(
    _ rows: inout MutableSpan<Fr>, _ cells: [Int64], _ l: ArraySlice<Fr>, _ groups: Int
  ) {
    // SAFETY: elements are four limbs; `groups` groups of rows, cells and l are there, and a factor for
    // every column.
    unsafe rows.withUnsafeMutableBytes { rows in
      unsafe l.withUnsafeBytes { l in
        unsafe cells.withUnsafeBufferPointer { cells in
          unsafe factors.withUnsafeBytes { factors in
            var fill = unsafe tacit_claim_fill(
              rows: rows.assumingMemoryBound(to: UInt64.self).baseAddress,
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
