import Model
import Testing

/// What QONNX's rounding modes make of numbers, by the table of its documentation.
struct QuantRuleTests {
  /// docs/qonnx-custom-ops/intquant_v1.md: ROUND, CEIL, FLOOR, UP, DOWN, HALF_UP, HALF_DOWN.
  static let table: [(Double, [Double])] = [
    (5.5, [6, 6, 5, 6, 5, 6, 5]), (2.5, [2, 3, 2, 3, 2, 3, 2]), (1.6, [2, 2, 1, 2, 1, 2, 2]),
    (1.1, [1, 2, 1, 2, 1, 1, 1]), (1.0, [1, 1, 1, 1, 1, 1, 1]),
    (-1.0, [-1, -1, -1, -1, -1, -1, -1]),
    (-1.1, [-1, -1, -2, -2, -1, -1, -1]), (-1.6, [-2, -1, -2, -2, -1, -2, -2]),
    (-2.5, [-2, -2, -3, -3, -2, -3, -2]), (-5.5, [-6, -5, -6, -6, -5, -6, -5]),
  ]
  static let modes: [QuantRule.Rounding] = [
    .halfEven, .ceil, .floor, .up, .down, .halfUp, .halfDown,
  ]

  @Test func `the table of the documentation`() {
    for (value, row) in Self.table {
      #expect(Self.modes.map { $0(value) } == row, "\(value)")
    }
  }

  @Test func `a real is in the range, and of signs zero is positive`() {
    func made(_ rule: QuantRule, zero: Int64 = 0) -> AffineQuantization {
      AffineQuantization(scale: 0.5, zeroPoint: zero, range: rule.range, rule: rule)
    }
    let four = made(QuantRule(-8...7, rounding: .halfEven))
    #expect(
      [-9, -4, -0.25, 0.25, 0.75, 100, .infinity].map { four.quantize($0) } == [
        -8, -8, 0, 0, 2, 7, 7,
      ])
    #expect(four.quantize(.nan) == nil)
    // The zero point is added before a tie is broken, unlike in QuantizeLinear.
    #expect(made(QuantRule(0...15, rounding: .halfEven), zero: 3).quantize(0.25) == 4)
    let sign = made(.sign)
    #expect([-0.1, -0.0, 0, 3].map { sign.quantize($0) } == [-1, 1, 1, 1])
  }

  @Test func `what is cut off is rounded before`() {
    let cut = QuantRule(-16...15, rounding: .floor, cutBits: 2)
    // Of steps of four: 5/4 of a unit is 1.25, and 0.99 of one is a whole.
    #expect([1.25, 0.99 / 4, -0.25, 0.1].map { cut($0) } == [1, 0, -1, 0])
    let kept = QuantRule(-16...15, rounding: .floor, cutBits: 2, keepsScale: true)
    #expect([5, 3.9, -1, 0.4].map { kept($0) } == [1, 1, -1, 0])
  }

  @Test(arguments: modes) func `a step is the rule of an exact real`(_ mode: QuantRule.Rounding)
    throws
  {
    let output = AffineQuantization(
      scale: 0.25, zeroPoint: 5, range: -128...127, rule: QuantRule(-128...127, rounding: mode))
    let step = try #require(
      FloatStep.exact(0.0625, plus: 0.03125, over: output, QuantRule(-128...127, rounding: mode)))
    for acc in Int64(-300)...300 {
      let real = 0.0625 * Double(acc) + 0.03125
      #expect(step(acc) == Int64(mode(real / 0.25 + 5)) - 5)
    }
  }
}
