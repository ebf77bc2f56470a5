import ArgumentKernels
import Field
import Polynomial
import Compute
import TestSupport
import Testing

/// The sums of the row argument in vectors against the portable ones, and those against their definition.
struct RowKernelTests {
  private struct Sample {
    var limbs: Int
    var lookup: LookupChallenges
    var mu: Fr
    var rows: [Fr]
    var point: [Fr]
  }

  private func sample(limbs: Int, rows count: Int, variables: Int, seed: UInt64) throws -> Sample {
    var samples = Samples(seed: seed)
    let lookup = try #require(
      LookupChallenges(
        alpha: samples.scalar(), beta: samples.scalar(), limbs: limbs, limbBits: 4, rangeTag: 1))
    let width = RowLayout.width(limbs: limbs)
    var rows = samples.scalars(width * count)
    // Whole rows that are idle, as padding is, alone and by the dozen.
    for row in 0..<count where row % 5 == 3 || (row / 16) % 3 == 1 {
      for column in 0..<width { rows[row * width + column] = .zero }
    }
    // Elements at both ends of the field.
    for place in stride(from: 0, to: rows.count, by: 7) { rows[place] = -Fr.one }
    for place in stride(from: 3, to: rows.count, by: 11) {
      rows[place] = Samples.greatest
    }
    return Sample(
      limbs: limbs, lookup: lookup, mu: samples.scalar(), rows: rows,
      point: samples.scalars(variables))
  }

  /// The rows in groups, of which those numbered so are not held, and zero.
  private func table(
    _ sample: Sample, without left: (Int) -> Bool, _ kernels: Kernels
  ) -> (table: SparseMultilinear, kernel: RowKernel) {
    let kernel = RowKernel(
      limbs: sample.limbs, lookup: sample.lookup, mu: sample.mu, kernels: kernels)
    let width = RowLayout.width(limbs: sample.limbs)
    let (count, height) = (sample.rows.count / width, HeldBlocks.height)
    let groups = HeldBlocks(
      covering: (0..<count).filter { !left($0 / height) }.map { $0..<$0 + 1 })
    var values: [Fr] = []
    for number in groups.numbers {
      for row in height * Int(number)..<height * Int(number) + height {
        var cells = row < count ? Array(sample.rows[row * width..<(row + 1) * width]) : []
        cells += [Fr](repeating: .zero, count: width - cells.count)
        cells[RowLayout.multiplier] *= kernel.multiplierScale
        values += cells
      }
    }
    let table = SparseMultilinear(
      variables: sample.point.count + 1, width: width, groups: groups, values: values)
    return (table, kernel)
  }

  private func sums(
    _ sample: Sample, without left: (Int) -> Bool = { _ in false }, share: Double = 1,
    _ kernels: Kernels
  ) -> [Fr] {
    let (table, kernel) = table(sample, without: left, kernels)
    let weights = SplitEquality(sample.point[...], count: 1 << sample.point.count)
    let count = table.pairs.count
    return kernel.sums(
      table.values.span, pairs: table.pairs.span,
      range: Int(Double(count) * (1 - share))..<count, height: table.height, weights: weights)
  }

  @Test(
    .enabled(if: Kernels.best == .ifma, "needs AVX-512 IFMA and TACIT_KERNELS not portable"),
    arguments: 1...6, [0, 1, 3, 7, 8, 9, 11])
  func `sums agree`(limbs: Int, variables: Int) throws {
    let half = 1 << variables
    for used in [1, half, half + 1, 2 * half - 1, 2 * half] where used <= 2 * half {
      let sample = try sample(limbs: limbs, rows: used, variables: variables, seed: 9)
      for share in [1, 0.5, 0.01] {
        let vector = sums(sample, share: share, .ifma)
        #expect(vector == sums(sample, share: share, .portable))
      }
      for step in [2, 3, 7] {
        let vector = sums(sample, without: { $0 % step == 1 }, .ifma)
        #expect(vector == sums(sample, without: { $0 % step == 1 }, .portable))
      }
    }
  }

  @Test(arguments: [Kernels.portable, .best], [2, 3])
  func `a group that is not held is as one of padding`(kernels: Kernels, limbs: Int) throws {
    var sample = try sample(limbs: limbs, rows: 1024, variables: 9, seed: 5)
    let width = RowLayout.width(limbs: limbs)
    let isLeft = { (group: Int) in group % 5 == 2 || (70..<90).contains(group) || group > 120 }
    for row in 0..<1024 where isLeft(row / HeldBlocks.height) {
      for column in 0..<width { sample.rows[row * width + column] = .zero }
    }
    #expect(sums(sample, without: isLeft, kernels) == sums(sample, kernels))
  }

  /// N + μD of a row at a point of the line through a pair, less that of padding, from the definition; both
  /// times −1/κ.
  private func term(
    _ sample: Sample, _ low: ArraySlice<Fr>, _ high: ArraySlice<Fr>, at x: Fr
  ) -> Fr {
    let values = zip(low, high).map { $0 + x * ($1 - $0) }
    let limbs = sample.limbs
    var factors = (0..<limbs).map {
      values[2 + $0] + ($0 == limbs - 1 ? sample.lookup.topLimb : sample.lookup.lowLimb)
    }
    factors.append(values[0] * values[1] + values[2 + limbs] + sample.lookup.alpha)
    let lookup = sample.lookup
    let denominator = factors.reduce(lookup.normalization, *)
    var numerator = -lookup.fractionOnPadding * denominator
    for left in factors.indices {
      numerator += factors.indices.reduce(lookup.normalization) {
        $1 == left ? $0 : $0 * factors[$1]
      }
    }
    return -(numerator + sample.mu * denominator - sample.mu) * lookup.productOnPadding
  }

  /// The leading coefficient of a polynomial of degree d through values at 0, …, d.
  private func leading(_ values: [Fr]) -> Fr {
    var differences = values
    for order in 1..<values.count {
      let divisor = Fr(UInt64(order)).inverse()
      differences = zip(differences, differences.dropFirst()).map { ($1 - $0) * divisor }
    }
    return differences[0]
  }

  @Test(arguments: 1...6) func `sums are those of the fractions`(limbs: Int) throws {
    let half = 8
    let sample = try sample(limbs: limbs, rows: 13, variables: 3, seed: 4)
    let width = RowLayout.width(limbs: limbs)
    let eq = Equality.table(sample.point)
    for kernels in [Kernels.portable, .best] {
      let sums = sums(sample, kernels)
      let degree = limbs + 2
      let values = (0...degree).map { x in
        var sum = Fr.zero
        for pair in 0..<half {
          let low = sample.rows[pair * width..<(pair + 1) * width]
          let zero = [Fr](repeating: .zero, count: width)
          let high =
            pair + half < 13
            ? sample.rows[(pair + half) * width..<(pair + half + 1) * width] : zero[...]
          sum += eq[pair] * term(sample, low, high, at: Fr(UInt64(x)))
        }
        return sum
      }
      #expect(sums.count == degree + 1)
      for x in 0..<degree where x != 1 { #expect(sums[x] == values[x], "at \(x)") }
      #expect(sums[degree] == leading(values))
    }
  }
}
