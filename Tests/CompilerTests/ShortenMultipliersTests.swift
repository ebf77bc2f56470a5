import Compiler
import ConstraintSystem
import Model
import Testing

struct ShortenMultipliersTests {
  /// One multiplier for each channel.
  private static func fixed(_ multipliers: [(mantissa: Int64, shift: Int)]) -> FixedPoint {
    FixedPoint(
      mantissas: multipliers.map(\.mantissa), shifts: multipliers.map(\.shift), axes: [0])
  }

  /// One block of one channel per multiplier over an input of this range.
  private func draft(
    _ weights: [Int64], _ biases: [Int64], _ multiplier: FixedPoint, _ activation: Activation,
    input: ClosedRange<Int64>
  ) -> CircuitIR {
    var recorder = CircuitRecorder()
    let x = recorder.input("x", shape: [1], range: input)
    let weight = recorder.tensor(
      "y", as: .weight, shape: [weights.count], type: .int64, values: weights)
    let bias = recorder.tensor(
      "y", as: .bias, shape: [biases.count], type: .int64, values: biases)
    let shape = [weights.count]
    let relation =
      recorder.terms(
        over: shape, Reading(x, [.fixed(0)]), Reading(weight, [.label(0)]), named: "y")
      + recorder.terms(over: shape, Reading(bias, [.label(0)]), named: "y")
    _ = recorder.block(
      "y", shape: shape, relation: relation, multiplier: multiplier, activation: activation)
    return recorder.draft
  }

  /// Every input of the domain gives the outputs that it gave, and stays in the ranges.
  private func agree(_ draft: CircuitIR, _ weights: [Int64], _ biases: [Int64]) throws -> CircuitIR
  {
    let ranges = try AnalyzeRanges.run(draft)
    let short = ShortenMultipliers.run(draft, ranges)
    let (before, after) = (draft.blocks[1], short.draft.blocks[1])
    guard case .input(let domain) = draft.blocks[0].function else { return short.draft }
    for x in domain {
      for channel in weights.indices {
        let acc = x * weights[channel] + biases[channel]
        let old = before.function(Int64(clamping: before.multiplier.quotient(acc, in: channel)))
        let quotient = Int64(clamping: after.multiplier.quotient(acc, in: channel))
        #expect(after.function(quotient) == old, "x = \(x), channel \(channel)")
        #expect(short.ranges[1].quotients.contains(quotient))
      }
    }
    let (wide, narrow) = (ranges[1].quotients, short.ranges[1].quotients)
    #expect(wide.lowerBound <= narrow.lowerBound && narrow.upperBound <= wide.upperBound)
    for channel in weights.indices {
      #expect(after.multiplier.shifts[channel] <= before.multiplier.shifts[channel])
    }
    return short.draft
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func `no reachable accumulator changes its output`(seed: UInt64) throws {
    var random = Seeded(seed)
    let channels = 12
    let reach = Int64(1) << Int64.random(in: 1...20, using: &random)
    let weights = (0..<channels).map { _ in Int64.random(in: -reach...reach, using: &random) }
    let biases = (0..<channels).map { _ in
      Int64.random(in: -(reach << 6)...(reach << 6), using: &random)
    }
    let rescales = (0..<channels).map { _ in
      (
        mantissa: Int64.random(in: 1 << 30..<1 << 31, using: &random),
        shift: Int.random(in: 24...66, using: &random)
      )
    }
    let low = Int64.random(in: -200...20, using: &random)
    let activation: Activation =
      seed % 3 == 0
      ? .lookup(name: "t", lowest: low, values: (0..<60).map { Int16($0 * $0 % 91) })
      : .clamp(low...(low + .random(in: 0...255, using: &random)))
    _ = try agree(
      draft(
        weights, biases, Self.fixed(rescales), activation, input: -128...127),
      weights, biases)
  }

  @Test func `a constant channel keeps a few bits of its multiplier`() throws {
    // As training leaves dead channels: no weights, a bias near 2^30, a ratio near 2^-30.
    let weights: [Int64] = [0, 0, 0, 5]
    let biases: [Int64] = [1_073_741_760, -1_073_741_824, 1_073_741_952, 17]
    let rescales = [
      (mantissa: Int64(1_284_567_891), shift: 58), (1_567_891_234, 57), (2_003_456_789, 66),
      (1_431_655_765, 36),
    ]
    let short = try agree(
      draft(
        weights, biases, Self.fixed(rescales), .clamp(-128...127), input: -128...127),
      weights, biases)
    #expect(short.blocks[1].multiplier.shifts.allSatisfy { $0 <= 36 })
    // 0.03 of a step rounds to nothing.
    #expect(short.blocks[1].multiplier.mantissas[2] == 0)
  }

  @Test func `outputs beyond a clamp on one side stay there`() throws {
    for (bias, rescale) in [
      (Int64(1) << 30, FixedPoint(mantissas: [1 << 30], shifts: [40], axes: [])),
      (-(Int64(1) << 30), FixedPoint(mantissas: [1 << 30], shifts: [40], axes: [])),
    ] {
      _ = try agree(
        draft([3], [bias], rescale, .clamp(-100...(-90)), input: -128...127), [3],
        [bias])
    }
  }
}
