/// How QONNX's quantizers make integers of reals: which integers there are, and how a real becomes one.
///
/// y = round(clamp(x / scale + zeroPoint)), of exact reals. Source: QONNX's `IntQuant`, `Trunc` and
/// `BipolarQuant`, whose texts stand in its docs/qonnx-custom-ops.
package struct QuantRule: Sendable, Hashable {
  /// QONNX's rounding modes.
  package enum Rounding: String, Sendable, Hashable {
    /// ROUND, too.
    case halfEven = "HALF_EVEN"
    case ceil = "CEIL"
    case floor = "FLOOR"
    /// Away from zero.
    case up = "UP"
    /// Towards zero.
    case down = "DOWN"
    /// Halves away from zero.
    case halfUp = "HALF_UP"
    /// Halves towards zero.
    case halfDown = "HALF_DOWN"

    package func callAsFunction(_ value: Double) -> Double {
      switch self {
      case .halfEven: value.rounded(.toNearestOrEven)
      case .ceil: value.rounded(.up)
      case .floor: value.rounded(.down)
      case .up: value.rounded(.awayFromZero)
      case .down: value.rounded(.towardZero)
      case .halfUp: value.rounded(.toNearestOrAwayFromZero)
      case .halfDown:
        value < 0 ? -(-value - 0.5).rounded(.up) : (value - 0.5).rounded(.up)
      }
    }
  }

  /// The integers that there are, zero point included.
  package var range: ClosedRange<Int64>
  package var rounding: Rounding
  /// Whether there are −1 and 1 alone: 1 from zero up.
  package var isSign: Bool
  /// Bits that are cut off an integer that was rounded before, half to even.
  package var cutBits: Int
  /// Whether the integers have the scale that they had before bits were cut off.
  package var keepsScale: Bool

  package init(
    _ range: ClosedRange<Int64>, rounding: Rounding, isSign: Bool = false, cutBits: Int = 0,
    keepsScale: Bool = false
  ) {
    self.range = range
    self.rounding = rounding
    self.isSign = isSign
    self.cutBits = cutBits
    self.keepsScale = keepsScale
  }

  /// The rule with another direction.
  func rounding(_ direction: Rounding) -> QuantRule {
    var rule = self
    rule.rounding = direction
    return rule
  }

  package static let sign = QuantRule(-1...1, rounding: .floor, isSign: true)

  /// Whether reals between two integers go in one direction whichever is nearer.
  var isDirected: Bool {
    switch rounding {
    case .halfEven, .halfUp, .halfDown: cutBits > 0
    case .ceil, .floor, .up, .down: true
    }
  }

  /// What is left of an integer's unit when bits are cut off.
  private var cut: Double { Double(sign: .plus, exponent: -cutBits, significand: 1) }

  /// What an integer grows by for each step of the real, but for rounding.
  var slope: Double { keepsScale ? cut : 1 }

  /// An integer before it is clamped, of a real in steps, zero point included; of signs one whose sign, with
  /// that of zero, is theirs.
  package func callAsFunction(_ steps: Double) -> Double {
    guard cutBits > 0 else { return rounding(steps) }
    return rounding((keepsScale ? steps : steps / cut).rounded(.toNearestOrEven) * cut)
  }
}
