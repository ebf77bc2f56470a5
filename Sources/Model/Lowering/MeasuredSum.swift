import ConstraintSystem
import Platform

/// The sum of values, of their magnitudes or of powers of them, and a function of the sum: sums and norms.
///
/// Integers, zero points removed: Σ x, Σ |x| or Σ x², exactly. A sum itself goes to the output by one rescaling.
/// A root or a logarithm of it is a table of what is left of the sum after a shift, `(Σ + 2^(s−1)) >> s`, where the
/// network is quantized here; between the scales of a file it is a table of all sums, and there may be only so many.
///
/// Powers beyond squares are a function of their own before the sum (`expansion`), where the network is float.
///
/// Rows: one a sum, whose squares are products in its relation; one a value besides for magnitudes where a value may
/// be negative, |x| = max(x, −x) (`PairwiseExtremum`).
package struct MeasuredSum: Sendable, Hashable {
  package enum Measure: Sendable, Hashable {
    case values
    case magnitudes
    case squares
    /// Of the magnitudes; 3 or more.
    case powers(Int)
  }
  package enum Function: Sendable, Hashable {
    case identity
    case root(Int)
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

  /// ONNX's p: the root of the sum of powers of magnitudes.
  init(norm attributes: inout AttributeReader) throws(ModelError) {
    switch try attributes.integer("p", default: 2) {
    case 1: self.init(.magnitudes)
    case 2: self.init(.squares, .root(2))
    case let p where (3...16).contains(p): self.init(.powers(Int(p)), .root(Int(p)))
    case let other: throw attributes.refusal("p", .integer(other))
    }
  }

  /// Powers beyond squares as the squares of a function of each value, which has the range of half their exponent.
  ///
  /// - Parameter sum: the operator with another sum.
  func expansion(_ sum: (MeasuredSum) -> any Operator) -> Expansion? {
    guard case .powers(let exponent) = measure else { return nil }
    var expansion = Expansion()
    let roots = expansion.add(
      Elementwise(.function(.power(Float(exponent) / 2), .function(.absolute, .x))), .input(0))
    expansion.add(sum(MeasuredSum(.squares, function)), roots)
    return expansion
  }

  func real(_ values: some Collection<Float>) -> Float {
    switch measure {
    case .values: Float(function(values.reduce(0) { $0 + Double($1) }))
    case .magnitudes: Float(function(values.reduce(0) { $0 + Double(abs($1)) }))
    case .squares: Float(function(values.reduce(0) { $0 + Double($1) * Double($1) }))
    case .powers(let exponent):
      Float(function(values.reduce(0) { $0 + Platform.pow(Double(abs($1)), Double(exponent)) }))
    }
  }
}

extension MeasuredSum.Function {
  fileprivate func callAsFunction(_ sum: Double) -> Double {
    switch self {
    case .identity: sum
    case .root(2): sum.squareRoot()
    case .root(let degree): Platform.pow(sum, 1 / Double(degree))
    case .logarithm: Platform.log(sum)
    }
  }

  /// Integers of sums that a table has images of, at most: of square roots fewer, whose sums have fewer magnitudes.
  ///
  /// - Parameter isExact: whether they are all the sums that there are.
  fileprivate func mostImages(isExact: Bool) -> Int64 {
    isExact ? 1 << 16 : self == .root(2) ? 1 << 12 : 1 << 14
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
        // None has a plan.
        case .powers: sum
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
    let (addends, unit): (ClosedRange<Int64>, Double)
    switch measure {
    case .values: (addends, unit) = (values, scale)
    case .magnitudes: (addends, unit) = (0...largest, scale)
    case .squares: (addends, unit) = (0...largest * largest, scale * scale)
    case .powers(let exponent):
      throw .unsupported(
        node: tensors.node, what: "\(label) of p = \(exponent) between quantized tensors",
        remedy: "use p = 1 or p = 2, or give the float model with calibration inputs")
    }
    let finish: Plan.Finish
    if function == .identity {
      let litert = isTFLite ? FloatStep.sum(of: count, input, output) : nil
      finish = .rescaled(try tensors.sumStep(of: unit, litert))
    } else {
      finish = try table(
        tensors, label, output, unit: unit,
        Int64(count) * addends.lowerBound...Int64(count) * addends.upperBound)
    }
    return Plan(input: input, output: output, measure: measure, finish: finish)
  }

  private func table(
    _ tensors: NodeTensors, _ label: String, _ output: AffineQuantization, unit: Double,
    _ sums: ClosedRange<Int64>
  ) throws(ModelError) -> Plan.Finish {
    let isExact = tensors.arithmetic == .float32 || tensors.arithmetic == .exact
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

extension NodeTensors {
  /// From a sum whose steps are of this scale to the output.
  ///
  /// - Parameter runtime: another step than that of reals between a DequantizeLinear and a QuantizeLinear.
  func sumStep(
    of scale: Double, _ runtime: FloatStep? = nil
  ) throws(ModelError) -> Requantization {
    let output = try output.affine(node)
    let ratio = scale / Double(output.scale)
    var step: Rescale
    if arithmetic == .exact {
      step = ratio == 1 && output.rule?.cutBits == 0 ? .identity : try exactRescale(scale)
    } else {
      step = ratio == 1 ? Rescale.identity : try rescale(ratio: ratio)
    }
    if arithmetic == .float32, ratio != 1, let float = runtime ?? .realSum(of: scale, output) {
      step = .float(float)
    }
    return try Requantization(self, .unbounded, rescale: step)
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
      // The difference of x and −x, and then the sum, read every view twice.
      if 2 * x.parts.count >= Limits.viewsPerLayer {
        x = builder.materialized(x, named: name, as: .copy)
      }
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
          name: function == .logarithm ? "logarithm" : "root", lowest: lowest, values: images))
    }
  }
}
