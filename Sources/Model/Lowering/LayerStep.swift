/// What dense and convolutional layers make of their sums.
enum LayerStep {
  struct Reals: WindowStep {
    static var initial: Float { 0 }
    private let factor: Double
    private let terms: [Double]
    /// Of the activation; infinite where it has none.
    private let (lower, upper): (Float, Float)

    /// - Parameters:
    ///   - bias: one for each channel, or one for all, or none.
    ///   - factors: of the sum and of the bias.
    init(
      bias: [Float]? = nil, factors: (sum: Float, bias: Float) = (1, 1), channels: Int,
      activation: RealRange
    ) {
      factor = Double(factors.sum)
      terms = (0..<channels).map { channel in
        bias.map { Double(factors.bias) * Double($0[$0.count == 1 ? 0 : channel]) } ?? 0
      }
      (lower, upper) = (activation.lower ?? -.infinity, activation.upper ?? .infinity)
    }

    @inline(__always)
    func callAsFunction(_ sum: Double, channel: Int, position: Int) -> Float {
      result(sum, terms[channel])
    }

    func run(
      _ sums: Span<Double>, lane: Int, channel: Int, _ positions: Range<Int>,
      into results: inout MutableSpan<Float>, at target: Int
    ) {
      let term = terms[channel]
      run(sums, lane: lane, positions, into: &results, at: target) { sum, _ in result(sum, term) }
    }

    /// As `RealRange` clamps: what is no number stays what it is.
    @inline(__always)
    private func result(_ sum: Double, _ term: Double) -> Float {
      let value = Float(sum * factor + term)
      let raised = value < lower ? lower : value
      return raised > upper ? upper : raised
    }
  }

  struct Integers: WindowStep {
    static var initial: Int64 { 0 }

    /// A channel's bias and its step, where that is one of integers that a sum of 32 bits passes in a word.
    private struct Channel {
      var term: Int64
      var mantissa: Int64
      var half: Int64
      var shift: Int64
    }
    private let channels: [Channel]
    private let areShort: Bool
    private let (zero, least, most): (Int64, Int64, Int64)
    private let plan: QuantizedLinear

    /// - Parameter bias: one for each channel, or one for all, or none.
    init(bias: [Int64]?, plan: QuantizedLinear) {
      var areShort = true
      channels = (0..<plan.channels).map { channel in
        var own = Channel(
          term: bias.map { $0[$0.count == 1 ? 0 : channel] } ?? 0, mantissa: 0, half: 0, shift: 0)
        if case .integer(let mantissa, let shift) = plan.rescale(channel),
          (1...62).contains(shift), (0..<1 << 31).contains(mantissa)
        {
          (own.mantissa, own.half, own.shift) = (mantissa, 1 << Int64(shift - 1), Int64(shift))
        } else {
          areShort = false
        }
        return own
      }
      self.areShort = areShort
      self.plan = plan
      (zero, least, most) = (plan.output.zeroPoint, plan.clamp.lowerBound, plan.clamp.upperBound)
    }

    @inline(__always)
    func callAsFunction(_ sum: Double, channel: Int, position: Int) -> Int64 {
      result(sum, channels[channel], channel)
    }

    func run(
      _ sums: Span<Double>, lane: Int, channel: Int, _ positions: Range<Int>,
      into results: inout MutableSpan<Int64>, at target: Int
    ) {
      let own = channels[channel]
      run(sums, lane: lane, positions, into: &results, at: target) { sum, _ in
        result(sum, own, channel)
      }
    }

    @inline(__always)
    private func result(_ sum: Double, _ own: Channel, _ channel: Int) -> Int64 {
      let acc = sum.integer &+ own.term
      guard areShort, let narrow = Int32(exactly: acc) else { return plan.finish(acc, channel) }
      let quotient = (Int64(narrow) &* own.mantissa &+ own.half) &>> own.shift
      return min(max(zero &+ quotient, least), most)
    }
  }
}
