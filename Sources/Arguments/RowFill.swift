import CKernels
package import Field

/// From the integers of a trace's rows to their columns in the row check.
package struct RowFill: Sendable {
  package let limbs: Int
  private let lookup: RowCheck.Lookup
  /// What M and h' are held times, and what the limbs count in φ₀.
  package let multiplierScale: Fr
  private let helperScale: Fr
  private let limbScales: [Fr]
  /// φ₁ … φ_K, φ₀ on padding.
  private let defaults: [Fr]
  private let isVector: Bool
  /// What the vector kernel multiplies and adds.
  private let constants: [Fr]

  package init(_ shape: Shape, lookup: RowCheck.Lookup, kernels: Kernels = .best) {
    self.init(limbScales: shape.limbScales, lookup: lookup, kernels: kernels)
  }

  package init(
    limbScales: [Fr], lookup: RowCheck.Lookup, kernels: Kernels = .best
  ) {
    self.lookup = lookup
    limbs = limbScales.count
    isVector = kernels == .ifma && (2...3).contains(limbs)
    let scales = RowKernel.scales(limbs: limbs, kernels: kernels)
    multiplierScale = lookup.scaledBeta * scales.multiplier
    self.limbScales = limbScales.map { -lookup.scaledBeta * $0 }
    helperScale = scales.helper
    defaults =
      [Fr](repeating: lookup.lowLimb, count: limbs - 1) + [lookup.topLimb, lookup.alpha]
    // 2^260 takes an integer to the field, and 2^4 makes up for what a product loses.
    let entry = KernelSum.integerEntry
    constants =
      [entry, lookup.beta * entry, lookup.betaSquared * entry]
      + [lookup.helperOnPadding, 16 * helperScale] + self.limbScales.map { $0 * entry } + defaults
  }

  /// Products of field elements per row: the conversion, h by its fraction, its share of the inversion;
  /// and of one with an integer.
  package var multiplications: Int { 2 + 3 * (limbs + 1) / 2 + 4 }
  package var smallMultiplications: Int { 2 + 2 * limbs }

  /// Fills acc, h' and the fingerprints.
  ///
  /// - Parameters:
  ///   - rows: whole groups in the order of `RowCheck.Columns`: of each row M times `multiplierScale` is in
  ///     its place, and in that of φ₀ what its block adds to βq + β²y.
  ///   - cells: per group acc, y and the limbs, of eight rows each. A row without anything is left
  ///     zero.
  /// - Returns: false when a fingerprint is zero.
  package func fill(_ rows: inout MutableSpan<Fr>, cells: [Int64]) -> Bool {
    let width = RowCheck.Columns.width(limbs: limbs)
    precondition(
      rows.count * (limbs + 2) == cells.count * width && rows.count % (8 * width) == 0,
      "whole groups of rows and of cells")
    return isVector ? fillVector(&rows, cells) : fillPortable(&rows, cells)
  }

  private func fillPortable(_ rows: inout MutableSpan<Fr>, _ cells: [Int64]) -> Bool {
    let width = RowCheck.Columns.width(limbs: limbs)
    let linear = RowCheck.Columns.linear(limbs: limbs)
    let count = rows.count / width
    // h = N/D, D = Πφ, waits for one inversion.
    var places: [Int] = []
    var (numerators, denominators) = ([Fr](), [Fr]())
    places.reserveCapacity(count)
    numerators.reserveCapacity(count)
    denominators.reserveCapacity(count)
    for row in 0..<count {
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
      let product = rows[base + RowCheck.Columns.multiplier].multiplied(bySmall: acc)
      var denominator = function + product + defaults[limbs]
      var numerator = Fr.one
      for limb in 0..<limbs {
        let fingerprint = lookup.beta.multiplied(bySmall: cells[first + 16 + 8 * limb])
        rows[base + RowCheck.Columns.limbs + limb] = fingerprint
        let full = fingerprint + defaults[limb]
        numerator = limb == 0 ? full + denominator : numerator * full + denominator
        denominator *= full
      }
      places.append(base + RowCheck.Columns.helper)
      numerators.append(numerator)
      denominators.append(denominator)
    }
    guard !denominators.contains(where: \.isZero) else { return false }
    Fr.batchInvert(&denominators)
    for i in places.indices {
      let helper = numerators[i] * denominators[i] - lookup.helperOnPadding
      rows[places[i]] = helperScale * helper
    }
    return true
  }

  private func fillVector(_ rows: inout MutableSpan<Fr>, _ cells: [Int64]) -> Bool {
    let groups = rows.count / (8 * RowCheck.Columns.width(limbs: limbs))
    var scratch = [UInt64](
      repeating: 0, count: (groups + 1) / 2 * Int(TACIT_FILL_SCRATCH))
    var products = [Fr](repeating: .zero, count: 16)
    // SAFETY: elements are four limbs; `groups` groups of rows and of cells are there, as many constants
    // as the kernel reads, scratch for every two groups, and sixteen products.
    return unsafe rows.withUnsafeMutableBytes { rows in
      unsafe cells.withUnsafeBufferPointer { cells in
        unsafe constants.withUnsafeBytes { constants in
          unsafe scratch.withUnsafeMutableBufferPointer { scratch in
            var fill = unsafe tacit_row_fill(
              rows: rows.assumingMemoryBound(to: UInt64.self).baseAddress,
              cells: cells.baseAddress, count: groups, limbs: limbs,
              constants: constants.assumingMemoryBound(to: UInt64.self).baseAddress,
              scratch: scratch.baseAddress)
            unsafe products.withUnsafeMutableBytes {
              unsafe tacit_fill_prepare(
                &fill, $0.assumingMemoryBound(to: UInt64.self).baseAddress)
            }
            guard !products.contains(where: \.isZero) else { return false }
            Fr.batchInvert(&products)
            unsafe products.withUnsafeBytes {
              unsafe tacit_fill_finish(
                &fill, $0.assumingMemoryBound(to: UInt64.self).baseAddress)
            }
            return true
          }
        }
      }
    }
  }
}
