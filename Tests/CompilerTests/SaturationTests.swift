import Compiler
import ConstraintSystem
import Model
import Testing

struct SaturationTests {
  struct Case: CustomTestStringConvertible {
    var mantissa: Int64
    var shift: Int
    var bounds: ClosedRange<Int64>
    var accumulators: ClosedRange<Int64>
    var testDescription: String { "\(mantissa)/2^\(shift) \(bounds) \(accumulators)" }
  }

  static let small: [Case] = [
    Case(mantissa: 5, shift: 3, bounds: -8...7, accumulators: -2000...3000),
    Case(mantissa: 1, shift: 0, bounds: 0...15, accumulators: -900...1500),
    Case(mantissa: 7, shift: 0, bounds: -3...40, accumulators: -500...511),
    Case(mantissa: 1_234_567, shift: 24, bounds: -128...127, accumulators: -30_000...20_000),
    Case(mantissa: (1 << 31) - 1, shift: 34, bounds: 0...255, accumulators: -9000...12_345),
    Case(mantissa: 3, shift: 1, bounds: 10...12, accumulators: -40...400),
    // All saturated, on one side and on the other.
    Case(mantissa: 3, shift: 2, bounds: -4...4, accumulators: 1000...9000),
    Case(mantissa: 3, shift: 2, bounds: -4...4, accumulators: -9000...(-1000)),
    // One bound only, a single value, and no multiplier.
    Case(mantissa: 9, shift: 4, bounds: 0...5000, accumulators: -5000...700),
    Case(mantissa: 9, shift: 4, bounds: 3...3, accumulators: -5000...700),
    Case(mantissa: 0, shift: 0, bounds: 0...9, accumulators: -5000...700),
  ]

  /// Both rows as their definitions read; the domains and widths that the plan promises hold.
  private func check(
    _ plan: Saturation, _ accumulator: Int64, _ c: Case, _ index: Int
  ) -> Bool {
    let step = plan.steps[index]
    let q = round(accumulator, c.mantissa, c.shift)
    let coarse = round(accumulator, 1, step)
    let excess =
      coarse - min(max(coarse, plan.kept.lowerBound), plan.kept.upperBound)
    let moved = accumulator - (excess << Int64(step))
    let fine = round(moved, c.mantissa, c.shift)
    func clamp(_ q: Int64) -> Int64 { min(max(q, c.bounds.lowerBound), c.bounds.upperBound) }
    return clamp(q) == clamp(fine) && (excess != 0 || fine == q)
      && plan.coarse.contains(coarse) && plan.fine.contains(fine)
      && plan.excess.contains(excess) && plan.fineAccumulators[index].contains(moved)
  }

  @Test(arguments: small, 0...8)
  func `every accumulator gives the same output in two rows`(c: Case, cell: Int) throws {
    let plan = try #require(
      Saturation(
        bounds: c.bounds,
        multiplier: FixedPoint(mantissas: [c.mantissa], shifts: [c.shift], axes: []),
        accumulators: [c.accumulators], cell: cell, largestStep: max(c.shift, 1)))
    #expect(c.accumulators.allSatisfy { check(plan, $0, c, 0) })
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func `channels share their bounds`(seed: UInt64) throws {
    var random = Seeded(seed)
    let bounds =
      Int64.random(in: -300...0, using: &random)...Int64.random(in: 1...300, using: &random)
    let cases = (0..<6).map { _ in
      let scale = DenseNetwork.q31(Double.random(in: 0.00001...4, using: &random))
      let low = Int64.random(in: -3_000_000...10, using: &random)
      return Case(
        mantissa: scale.mantissa, shift: scale.shift, bounds: bounds,
        accumulators: low...Int64.random(in: low...4_000_000, using: &random))
    }
    let multiplier = FixedPoint(
      mantissas: cases.map(\.mantissa), shifts: cases.map(\.shift), axes: [0])
    for cell in 2...7 {
      let plan = try #require(
        Saturation(
          bounds: bounds, multiplier: multiplier, accumulators: cases.map(\.accumulators),
          cell: cell, largestStep: multiplier.shifts.max() ?? 1))
      for (index, c) in cases.enumerated() {
        let step = Int64(1) << Int64(plan.steps[index])
        var accumulators: [Int64] = [c.accumulators.lowerBound, c.accumulators.upperBound]
        for _ in 0..<300 { accumulators.append(Int64.random(in: c.accumulators, using: &random)) }
        // Around the borders of coarse cells, of the kept ones above all.
        for edge in [plan.kept.lowerBound, plan.kept.upperBound, 0, plan.coarse.lowerBound] {
          for offset in -2...2 as ClosedRange<Int64> {
            accumulators += [edge * step + step / 2 + offset, edge * step - step / 2 + offset]
          }
        }
        let inside = accumulators.filter(c.accumulators.contains)
        #expect(inside.allSatisfy { check(plan, $0, c, index) })
      }
    }
  }

  @Test func `a wide range shrinks to a small table`() throws {
    let plan = try #require(
      Saturation(
        bounds: 0...255,
        multiplier: FixedPoint(mantissas: [1_500_000_001], shifts: [38], axes: []),
        accumulators: [-3_000_000...2_000_000], cell: 6, largestStep: 38))
    #expect(round(-3_000_000, 1_500_000_001, 38) == -16_371)
    #expect(plan.coarse.count + plan.fine.count < 1100)
  }
}
