import ArgumentKernels
import Field
import Compute
import TestSupport
import Testing

/// The columns of the row argument in vectors against the portable ones, and those against their
/// definition.
struct RowFillTests {
  private static let limbBits = 9

  private struct Sample {
    var limbs: Int
    var lookup: LookupChallenges
    /// Per row M as it is held and what the block adds to φ₀; acc, y and the limbs.
    var known: [(multiplier: Fr, looked: Fr)]
    var integers: [[Int64]]
  }

  private func sample(limbs: Int, groups: Int, seed: UInt64) throws -> Sample {
    var samples = Samples(seed: seed)
    let lookup = try #require(
      LookupChallenges(
        alpha: samples.scalar(), beta: samples.scalar(), limbs: limbs, limbBits: Self.limbBits,
        rangeTag: 1))
    let extremes: [Int64] = [0, 1, -1, .max, .min, 1 << 52, -(1 << 52), (1 << 52) - 1, -(1 << 51)]
    var random = SystemRandomNumberGenerator()
    var sample = Sample(limbs: limbs, lookup: lookup, known: [], integers: [])
    for row in 0..<8 * groups {
      // Rows without anything, alone and by the group.
      let isIdle = row % 5 == 3 || row / 8 % 3 == 1
      sample.known.append(isIdle ? (.zero, .zero) : (samples.scalar(), samples.scalar()))
      sample.integers.append(
        (0..<limbs + 2).map { column in
          isIdle
            ? 0
            : (row + column) % 4 == 0
              ? extremes[(row + column) / 4 % extremes.count]
              : Int64.random(in: -(1 << 40)...(1 << 40), using: &random)
        })
    }
    return sample
  }

  private func fill(_ sample: Sample, _ kernels: Kernels) -> (rows: [Fr], nodes: [Fr]) {
    let fill = RowTables(
      limbScales: (0..<sample.limbs).map { Fr(UInt64(1) << UInt64(Self.limbBits * $0)) },
      lookup: sample.lookup, kernels: kernels)
    let scale = RowKernel.multiplierScale(limbs: sample.limbs, kernels: kernels)
    let width = RowLayout.width(limbs: sample.limbs)
    var rows = [Fr](repeating: .zero, count: width * sample.known.count)
    var cells: [Int64] = []
    for group in 0..<sample.known.count / 8 {
      for column in 0..<sample.limbs + 2 {
        for row in 8 * group..<8 * group + 8 { cells.append(sample.integers[row][column]) }
      }
    }
    for (row, known) in sample.known.enumerated() {
      rows[row * width + 1] = known.multiplier * scale
      rows[row * width + 2 + sample.limbs] = known.looked
    }
    var nodes = [Fr](repeating: .zero, count: 2 * sample.known.count)
    var span = rows.mutableSpan
    var nodeSpan = nodes.mutableSpan
    fill.fill(&span, nodes: &nodeSpan, cells: cells)
    return (rows, nodes)
  }

  @Test(
    .enabled(if: Kernels.best == .ifma, "needs AVX-512 IFMA and TACIT_KERNELS not portable"),
    arguments: 1...6, [1, 2, 3, 7, 64])
  func `columns agree`(limbs: Int, groups: Int) throws {
    let sample = try sample(limbs: limbs, groups: groups, seed: 12)
    let scale = RowKernel.multiplierScale(limbs: limbs, kernels: .ifma)
    let (vector, portable) = (fill(sample, .ifma), fill(sample, .portable))
    #expect(vector.nodes == portable.nodes)
    let width = RowLayout.width(limbs: limbs)
    for (place, value) in portable.rows.enumerated() {
      let isMultiplier = place % width == RowLayout.multiplier
      #expect(vector.rows[place] == (isMultiplier ? value * scale : value))
    }
  }

  @Test(arguments: 1...6) func `columns are what they are defined as`(limbs: Int) throws {
    let sample = try sample(limbs: limbs, groups: 3, seed: 3)
    let (lookup, width) = (sample.lookup, RowLayout.width(limbs: limbs))
    let (rows, nodes) = fill(sample, .portable)
    for (row, integers) in sample.integers.enumerated() {
      let found = rows[row * width..<(row + 1) * width]
      let (known, limbValues) = (sample.known[row], integers[2...].map { Fr($0) })
      // From the top limb down, then 2^S less.
      let base = Fr(UInt64(1) << UInt64(Self.limbBits))
      var remainder = limbValues.reversed().reduce(Fr.zero) { $0 * base + $1 }
      for _ in 0..<limbs { remainder *= base.inverse() }
      let linear =
        known.looked - lookup.beta * remainder + lookup.betaSquared * Fr(integers[1])
      let function = linear + known.multiplier * Fr(integers[0])
      let expected =
        [Fr(integers[0]), known.multiplier] + limbValues.map { lookup.beta * $0 } + [linear]
      #expect(Array(found) == expected)
      // N/D is Σ 1/φ less what it is on padding, and D is one there.
      var (sum, product) = ((function + lookup.alpha).inverse(), function + lookup.alpha)
      var padding = lookup.alpha
      for (limb, value) in limbValues.enumerated() {
        let own = limb == limbs - 1 ? lookup.topLimb : lookup.lowLimb
        sum += (own + lookup.beta * value).inverse()
        product *= own + lookup.beta * value
        padding *= own
      }
      let denominator = nodes[2 * row + 1] + .one
      #expect(denominator * padding == product)
      #expect(nodes[2 * row] == (sum - lookup.fractionOnPadding) * denominator)
    }
  }

  @Test(arguments: [Kernels.portable, .best], [2, 3])
  func `a fingerprint of zero makes a denominator of zero`(kernels: Kernels, limbs: Int) throws {
    var sample = try sample(limbs: limbs, groups: 5, seed: 8)
    let row = 26
    let (integers, lookup) = (sample.integers[row], sample.lookup)
    sample.known[row].looked =
      -lookup.alpha - lookup.betaSquared * Fr(integers[1])
      - sample.known[row].multiplier * Fr(integers[0])
    for (limb, value) in integers[2...].enumerated() {
      sample.known[row].looked +=
        lookup.scaledBeta * Fr(UInt64(1) << UInt64(Self.limbBits * limb)) * Fr(value)
    }
    let nodes = fill(sample, kernels).nodes
    for other in sample.known.indices {
      #expect((nodes[2 * other + 1] + .one).isZero == (other == row))
    }
  }
}
