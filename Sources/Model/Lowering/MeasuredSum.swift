import ConstraintSystem
import Platform

/// The sum of values, of their magnitudes or of their squares, and a function of the sum: sums and norms.
///
/// Integers, zero points removed: Σ x, Σ |x| or Σ x², exactly. A sum itself goes to the output by one rescaling.
/// A root or a logarithm of it is a table of what is left of the sum after a shift, `(Σ + 2^(s−1)) >> s`, where the
/// network is quantized here; between the scales of a file it is a table of all sums, and there may be only so many.
///
/// Rows: one a sum, whose squares are products in its relation; one a value besides for magnitudes where a value may
/// be negative, |x| = max(x, −x) (`PairwiseExtremum`).
package struct MeasuredSum: Sendable, Hashable {
  package enum Measure: Sendable, Hashable {
    case values
    case magnitudes
    case squares
  }
  package enum Function: Sendable, Hashable {
    case identity
    case squareRoot
    case logarithm
  }
  /// What is summed.
  package var measure: Measure
  /// Of the sum.
  package var function: Function

  package init(_ measure: Measure, _ function: Function = .identity) {
    self.measure = measure
    self.function = function
  }

  /// ONNX's p: the sum of magnitudes, or the root of the sum of squares.
  init(norm attributes: inout AttributeReader) throws(ModelError) {
    switch try attributes.integer("p", default: 2) {
    case 1: self.init(.magnitudes)
    case 2: self.init(.squares, .squareRoot)
    case let other: throw attributes.refusal("p", .integer(other))
    }
  }

  func real(_ values: some Collection<Float>) -> Float {
    switch measure {
    case .values: Float(function(values.reduce(0) { $0 + Double($1) }))
    case .magnitudes: Float(function(values.reduce(0) { $0 + Double(abs($1)) }))
    case .squares: Float(function(values.reduce(0) { $0 + Double($1) * Double($1) }))
    }
  }
}

extension MeasuredSum.Function {
  fileprivate func callAsFunction(_ sum: Double) -> Double {
    switch self {
    case .identity: sum
    case .squareRoot: sum.squareRoot()
    case .logarithm: Platform.log(sum)
    }
  }

  /// Integers of sums that a table has images of, at most: of a logarithm more, whose sums have more magnitudes.
  ///
  /// - Parameter isExact: whether they are all the sums that there are.
  fileprivate func mostImages(isExact: Bool) -> Int64 {
    isExact ? 1 << 16 : self == .logarithm ? 1 << 14 : 1 << 12
  }
}

// MARK: - Integers

extension MeasuredSum {
  /// The arithmetic for given tensors.
  struct Plan {
    fileprivate enum Finish {
      case rescaled(Requantization)
      /// Images by quotient, the output's zero point removed.
      case images(shift: Int, lowest: Int64, [Int16])
    }
    let input: AffineQuantization
    let output: AffineQuantization
    fileprivate let measure: Measure
    fileprivate let finish: Finish

    /// Whether a value may be negative.
    fileprivate var isSigned: Bool { input.zeroPoint > input.range.lowerBound }

    /// The output's integer for these of the input, zero points included.
    func callAsFunction(_ values: some Sequence<Int64>) -> Int64 {
      let sum = values.reduce(Int64(0)) { sum, value in
        let x = value - input.zeroPoint
        return switch measure {
        case .values: sum + x
        case .magnitudes: sum + Int64(x.magnitude)
        case .squares: sum + x * x
        }
      }
      switch finish {
      case .rescaled(let step): return step.finish(sum)
      case .images(let shift, let lowest, let images):
        let quotient = shift == 0 ? sum : (sum + 1 << Int64(shift - 1)) >> Int64(shift)
        let highest = lowest + Int64(images.count) - 1
        return Int64(images[Int(quotient.clamped(to: lowest...highest) - lowest)])
          + output.zeroPoint
      }
    }
  }

  /// - Parameters:
  ///   - label: the operator, for errors.
  ///   - count: of the values of a sum, at most.
  ///   - isTFLite: whether a sum of integers as they stand is rescaled, as LiteRT does it.
  func plan(
    _ tensors: NodeTensors, _ label: String, count: Int, isTFLite: Bool = false
  ) throws(ModelError) -> Plan {
    let input = try tensors.input(0, "input").affine(tensors.node)
    let output = try tensors.output.affine(tensors.node)
    let values = input.withoutZeroPoint(input.range)
    let scale = Double(input.scale)
    let largest = max(values.upperBound, -values.lowerBound)
    // What a value adds to a sum, and what a step of the sum stands for.
    let (addends, unit): (ClosedRange<Int64>, Double) =
      switch measure {
      case .values: (values, scale)
      case .magnitudes: (0...largest, scale)
      case .squares: (0...largest * largest, scale * scale)
      }
    let finish: Plan.Finish
    if function == .identity {
      finish = .rescaled(
        try Requantization(
          tensors, .unbounded,
          rescale: try rescale(unit, tensors) {
            isTFLite ? .sum(of: count, input, output) : .realSum(of: unit, output)
          }))
    } else {
      finish = try table(
        tensors, label, output, unit: unit,
        Int64(count) * addends.lowerBound...Int64(count) * addends.upperBound)
    }
    return Plan(input: input, output: output, measure: measure, finish: finish)
  }

  private func rescale(
    _ unit: Double, _ tensors: NodeTensors, by runtime: () -> FloatStep?
  ) throws(ModelError) -> Rescale {
    let ratio = try unit / Double(tensors.output.affine(tensors.node).scale)
    let exact = ratio == 1 ? Rescale.identity : try tensors.rescale(ratio: ratio)
    guard tensors.arithmetic == .float32, ratio != 1 else { return exact }
    return runtime().map(Rescale.float) ?? exact
  }

  private func table(
    _ tensors: NodeTensors, _ label: String, _ output: AffineQuantization, unit: Double,
    _ sums: ClosedRange<Int64>
  ) throws(ModelError) -> Plan.Finish {
    let isExact = tensors.arithmetic == .float32
    let most = function.mostImages(isExact: isExact)
    var shift = 0
    while (sums.upperBound - sums.lowerBound) >> Int64(shift) >= most { shift += 1 }
    guard shift == 0 || !isExact else {
      throw .unsupported(
        node: tensors.node,
        what: "\(label) between quantized tensors, whose sums are \(sums.count) integers",
        remedy: "at most \(most) are possible; take fewer values, or give the float "
          + "model with calibration inputs")
    }
    guard sums.lowerBound >= 0 || !isExact else {
      throw .unsupported(
        node: tensors.node, what: "\(label) of sums that may be negative",
        remedy: "let its input have a zero point that is the lowest of its type")
    }
    func quotient(_ sum: Int64) -> Int64 {
      shift == 0 ? sum : (sum + 1 << Int64(shift - 1)) >> Int64(shift)
    }
    let quotients = quotient(sums.lowerBound)...quotient(sums.upperBound)
    let images = quotients.map { quotient in
      // What has no logarithm is as low as can be.
      let sum = Double(max(quotient, 0)) * Double(sign: .plus, exponent: shift, significand: unit)
      let image = output.quantize(Float(function(sum))) ?? output.range.lowerBound
      return Int16(image - output.zeroPoint)
    }
    return .images(shift: shift, lowest: quotients.lowerBound, images)
  }
}

// MARK: - Rows

extension MeasuredSum {
  /// Views of a squared wire that become rows first, where there are more: each is multiplied with each.
  private static let mostFactors = 4

  func lower<Builder: CircuitBuilder>(
    _ x: TensorView, _ sum: ReducedSum, _ plan: Plan, named name: String,
    into builder: inout Builder
  ) -> TensorView {
    var x = x
    if measure == .squares, x.parts.count > Self.mostFactors {
      x = builder.materialized(x, named: name, as: .copy)
    } else if measure == .magnitudes, plan.isSigned {
      let opposite = x.parts.map { part in
        TensorView.Part(coefficient: -part.coefficient, view: part.view, extents: part.extents)
      }
      x = PairwiseExtremum(isMaximum: true, span: 2 * plan.input.span, name: name)
        .of([x, TensorView(shape: x.shape, parts: opposite)], into: &builder)
    }
    let reading = Reading(x, sum.windows)
    let relation =
      measure == .squares
      ? builder.terms(over: sum.shape, summed: sum.summed, reading, reading, named: name)
      : builder.terms(over: sum.shape, summed: sum.summed, reading, named: name)
    switch plan.finish {
    case .rescaled(let step):
      return builder.block(
        name, shape: sum.shape, relation: relation, scaling: Scaling(step.rescale),
        activation: step.activation)
    case .images(let shift, let lowest, let images):
      return builder.block(
        name, shape: sum.shape, relation: relation,
        multiplier: FixedPoint(mantissas: [1], shifts: [shift], axes: []),
        activation: .lookup(
          name: function == .squareRoot ? "root" : "logarithm", lowest: lowest, values: images))
    }
  }
}
