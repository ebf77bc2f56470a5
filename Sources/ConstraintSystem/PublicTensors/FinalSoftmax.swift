/// Softmax and its logarithm over one row, in the forms that runtimes have.
package enum FinalSoftmax {
  /// exp(x·β − max) / Σ of reals, in single precision; the sum in double, as the runtimes' own order of additions
  /// differs with the machine.
  package static func reals(_ row: [Float], beta: Float = 1) -> [Float] {
    let row = row.map { $0 * beta }
    guard let largest = row.max() else { return [] }
    let terms = row.map { RoundedReals.exponential(Double($0 - largest)) }
    let sum = terms.reduce(0.0) { $0 + Double($1) }
    return terms.map { Float(Double($0) / sum) }
  }

  /// x − (max + ln Σ exp(x − max)) of reals, likewise.
  package static func logarithms(_ row: [Float]) -> [Float] {
    guard let largest = row.max() else { return [] }
    let sum = row.reduce(0.0) { $0 + Double(RoundedReals.exponential(Double($1 - largest))) }
    let offset = logarithm(sum)
    return row.map { Float(Double($0 - largest) - offset) }
  }

  private static func logarithm(_ sum: Double) -> Double {
    sum.isFinite && sum > 0 ? RoundedReals.logarithm(sum).high : .nan
  }

  /// LiteRT's int8 LOG_SOFTMAX: single precision in order; steps to even, the zero point, saturated.
  static func logarithms(
    _ row: [Int64], scale: Float, _ output: FinalQuantization
  ) -> [Int64] {
    // A zero point says nothing of differences.
    let reals = row.map { scale * Float($0) }
    guard let largest = reals.max() else { return [] }
    let sum = reals.reduce(0) { $0 + RoundedReals.exponential(Double($1 - largest)) }
    let offset = largest + Float(logarithm(Double(sum)))
    return reals.map { output.integer(($0 - offset) / Float(output.scale)) }
  }

  /// LiteRT's int8 SOFTMAX: exponentials of the scaled distance to the maximum as a table of singles, summed in
  /// order, times 1/(sum·s_y), half upwards, plus the zero point, saturated.
  /// Source: `optimized_ops::Softmax` for int8; its table is the C library's expf, here the nearest singles.
  struct LiteRT {
    private let table: ExponentialTable
    private let output: FinalQuantization

    /// - Parameter scale: of the input, times β.
    init(scale: Float, _ output: FinalQuantization) {
      table = ExponentialTable { Double(-scale * Float($0)) }
      self.output = output
    }

    func callAsFunction(_ row: [Int64]) -> [Int64] {
      let terms = table.terms(row)
      let inverse = 1 / (terms.reduce(0, +) * Float(output.scale))
      return terms.map { output.integer(($0 * inverse + 0.5).rounded(.down)) }
    }
  }

  /// onnxruntime's QLinearSoftmax: a table of singles that puts the maximum near the largest sum that singles
  /// hold, summed in order; ⌊1/s_y⌋ times a term over the sum, ties to even, plus the zero point, saturated.
  /// Source: onnxruntime's `qlinear_softmax.cc`; its table is the C library's exp, here the nearest singles.
  struct QLinear {
    private let table: ExponentialTable
    private let steps: Float
    private let output: FinalQuantization

    /// - Parameter width: of a row.
    init(scale: Float, width: Int, _ output: FinalQuantization) {
      let room = RoundedReals.logarithm(
        Double(Float.greatestFiniteMagnitude / Float(max(1, width)))
      ).single
      let shift = max(0, Double(room) - 5) / Double(scale)
      table = ExponentialTable { (-Double($0) + shift) * Double(scale) }
      steps = (1 / Float(output.scale)).rounded(.down)
      self.output = output
    }

    func callAsFunction(_ row: [Int64]) -> [Int64] {
      let terms = table.terms(row)
      let sum = terms.reduce(0, +)
      return terms.map { output.integer($0 * steps / sum) }
    }
  }

  /// The exponentials of integers, by their distance to the largest of them.
  private struct ExponentialTable {
    private let exponent: (Int64) -> Double
    /// Of the distances between integers of eight bits.
    private let values: [Float]

    init(_ exponent: @escaping (Int64) -> Double) {
      self.exponent = exponent
      values = (0..<256).map { RoundedReals.exponential(exponent($0)) }
    }

    func terms(_ row: [Int64]) -> [Float] {
      guard let largest = row.max() else { return [] }
      return row.map { value in
        let distance = largest.subtractingSaturated(value)
        return distance < values.count
          ? values[Int(distance)] : RoundedReals.exponential(exponent(distance))
      }
    }
  }
}

extension FinalQuantization {
  /// Steps of the scale as an integer: ties to even, the zero point, saturated; 0 for what is no number.
  func integer(_ steps: Float) -> Int64 {
    let rounded = steps.rounded(.toNearestOrEven)
    return saturated(rounded.isNaN ? 0 : Int64(min(max(rounded, -0x1p40), 0x1p40)))
  }

  /// The zero point added.
  func saturated(_ steps: Int64) -> Int64 {
    let range = type.range ?? Int64.min...Int64.max
    let (sum, overflow) = steps.addingReportingOverflow(zeroPoint)
    let shifted = overflow ? (steps < 0 ? Int64.min : .max) : sum
    return min(max(shifted, range.lowerBound), range.upperBound)
  }
}

extension Int64 {
  func subtractingSaturated(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (self < 0 ? .min : .max) : difference
  }
}
