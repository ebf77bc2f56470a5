import CKernels
package import Field
package import Compute

/// From the integers of a trace's rows to their columns in the row argument, and to their fractions.
package struct RowTables: Sendable {
  package let limbs: Int
  private let lookup: LookupChallenges
  /// What M is held times.
  package let multiplierScale: Fr
  /// What the limbs count in φ₀.
  private let limbScales: [Fr]
  /// φ₁ … φ_K, φ₀ on padding.
  private let defaults: [Fr]
  private let isVector: Bool
  /// What the vector kernel multiplies and adds.
  private let constants: [Fr]

  /// - Parameter limbScales: 2^{b(k−1)} for limb k.
  package init(limbScales: [Fr], lookup: LookupChallenges, kernels: Kernels = .best) {
    self.lookup = lookup
    limbs = limbScales.count
    isVector = kernels == .ifma && (2...3).contains(limbs)
    multiplierScale =
      lookup.scaledBeta * RowKernel.multiplierScale(limbs: limbs, kernels: kernels)
    self.limbScales = limbScales.map { -lookup.scaledBeta * $0 }
    defaults =
      [Fr](repeating: lookup.lowLimb, count: limbs - 1) + [lookup.topLimb, lookup.alpha]
    // 2^260 takes an integer to the field, and every product loses a factor of 16.
    let entry = KernelSum.integerEntry
    let lost: Fr = limbs == 3 ? 4096 : 256
    constants =
      [entry, lookup.beta * entry, lookup.betaSquared * entry]
      + [lookup.normalization * lost, lookup.normalization * lost * 16]
      + [-16 * lookup.fractionOnPadding, .one] + self.limbScales.map { $0 * entry } + defaults
  }

  /// Products of field elements per row: the conversion, its fraction and what normalizes it; and
  /// of one with an integer.
  package var multiplications: Int { 2 + 3 * (limbs + 1) / 2 + 3 }
  package var smallMultiplications: Int { 2 + 2 * limbs }

  /// Fills acc and the fingerprints, and N and D − 1 of each row.
  ///
  /// - Parameters:
  ///   - rows: whole groups in the order of `RowLayout`: of each row M times `multiplierScale` is
  ///     in its place, and in that of φ₀ what its block adds to βq + β²y.
  ///   - nodes: of the same rows.
  ///   - cells: per group acc, y and the limbs, of eight rows each. A row without anything is left
  ///     zero.
  package func fill(
    _ rows: inout MutableSpan<Fr>, nodes: inout MutableSpan<Fr>, cells: [Int64]
  ) {
    let width = RowLayout.width(limbs: limbs)
    precondition(
      rows.count * (limbs + 2) == cells.count * width && rows.count % (8 * width) == 0
        && nodes.count * width == rows.count * FractionKernel.nodeWidth,
      "whole groups of rows, of nodes and of cells")
    if isVector { fillVector(&rows, &nodes, cells) } else { fillPortable(&rows, &nodes, cells) }
  }

  private func fillPortable(
    _ rows: inout MutableSpan<Fr>, _ nodes: inout MutableSpan<Fr>, _ cells: [Int64]
  ) {
    let width = RowLayout.width(limbs: limbs)
    let linear = RowLayout.linear(limbs: limbs)
    for row in 0..<rows.count / width {
      let (base, first) = (row * width, row / 8 * 8 * (limbs + 2) + row % 8)
      let (acc, y) = (cells[first], cells[first + 8])
      var function = rows[base + linear]
      var isIdle = acc == 0 && y == 0 && function.isZero
      for limb in 0..<limbs where cells[first + 16 + 8 * limb] != 0 { isIdle = false }
      if isIdle { continue }
      rows[base] = Fr(acc)
      function += lookup.betaSquared.multiplied(bySmall: y)
      for limb in 0..<limbs {
        function += limbScales[limb].multiplied(bySmall: cells[first + 16 + 8 * limb])
      }
      rows[base + linear] = function
      // N/D = Σ 1/φ, one fingerprint after another.
      let product = rows[base + RowLayout.multiplier].multiplied(bySmall: acc)
      var denominator = function + product + defaults[limbs]
      var numerator = Fr.one
      for limb in 0..<limbs {
        let fingerprint = lookup.beta.multiplied(bySmall: cells[first + 16 + 8 * limb])
        rows[base + RowLayout.limbs + limb] = fingerprint
        let full = fingerprint + defaults[limb]
        numerator = limb == 0 ? full + denominator : numerator * full + denominator
        denominator *= full
      }
      denominator *= lookup.normalization
      let node = row * FractionKernel.nodeWidth
      nodes[node] = numerator * lookup.normalization - lookup.fractionOnPadding * denominator
      nodes[node + 1] = denominator - .one
    }
  }

  private func fillVector(
    _ rows: inout MutableSpan<Fr>, _ nodes: inout MutableSpan<Fr>, _ cells: [Int64]
  ) {
    let groups = rows.count / (8 * RowLayout.width(limbs: limbs))
    // SAFETY: elements are four limbs; `groups` groups of rows, of nodes and of cells are there,
    // and as many constants as the kernel reads.
    unsafe rows.withUnsafeMutableBytes { rows in
      unsafe nodes.withUnsafeMutableBytes { nodes in
        unsafe cells.withUnsafeBufferPointer { cells in
          unsafe constants.withUnsafeBytes { constants in
            var fill = unsafe tacit_row_fill(
              rows: rows.assumingMemoryBound(to: UInt64.self).baseAddress,
              nodes: nodes.assumingMemoryBound(to: UInt64.self).baseAddress,
              cells: cells.baseAddress, count: groups, limbs: limbs,
              constants: constants.assumingMemoryBound(to: UInt64.self).baseAddress)
            unsafe tacit_fill_rows(&fill)
          }
        }
      }
    }
  }
}
