import ConstraintSystem

/// ONNX Greater, GreaterOrEqual, Less, LessOrEqual and Equal: 1 where it is true and 0 elsewhere, extents broadcast
/// as in ONNX; either may be a constant.
///
/// Integers: the sign of A·(a − z_a) − B·(b − z_b), with the least A and B for which it is that of what onnxruntime
/// compares, f32(s_a·(a − z_a)) and f32(s_b·(b − z_b)). Where the scales are so near to a ratio of small integers
/// that single precision says different things of equal reals, it is the order of the exact reals.
/// Rows: one a value, or two where the scales differ much, since the sign of a wide sum is asked for.
package struct Comparison: BinaryOperator {
  package static let onnx = [
    ONNXForm("Greater", since: 7), ONNXForm("GreaterOrEqual", since: 12),
    ONNXForm("Less", since: 7), ONNXForm("LessOrEqual", since: 12), ONNXForm("Equal", since: 7),
  ]
  package static let constants = ConstantOperands.likeActivations

  private let relation: Expression.Pair

  package init(_ node: SourceNode) throws(ModelError) {
    let attributes = AttributeReader(node)
    switch node.type {
    case "Greater": relation = .greater
    case "GreaterOrEqual": relation = .greaterOrEqual
    case "Less": relation = .less
    case "LessOrEqual": relation = .lessOrEqual
    default: relation = .equal
    }
    try attributes.finish()
  }

  package var label: String { "Comparison" }
  package var makesTruth: Bool { true }

  package func expression(_ operands: [Expression]) -> Expression? {
    operands.count == 2 ? .pair(relation, operands[0], operands[1]) : nil
  }

  package func real(_ a: Float, _ b: Float) -> Float { relation(a, b) }

  struct Step: BinaryStep {
    /// The operands' zero points.
    var zeroPoints: [Int64]
    var factors: CommonScale
    /// The output for a sign of −1, 0 and 1, zero point included.
    var images: [Int64]

    func callAsFunction(_ a: Int64, _ b: Int64) -> Int64 {
      let difference = factors.first * (a - zeroPoints[0]) - factors.second * (b - zeroPoints[1])
      return images[Int(difference.signum()) + 1]
    }
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let step = try step(tensors)
    let (shape, readings) = try builder.elementwise(
      inputs, tensors, zeroPoints: step.zeroPoints, named: name)
    let zero = try tensors.output.affine(tensors.node).zeroPoint
    return builder.block(
      name, shape: shape,
      relation: builder.terms(step.factors.first, over: shape, readings[0], named: name)
        + builder.terms(-step.factors.second, over: shape, readings[1], named: name),
      multiplier: .identity,
      activation: .lookup(
        name: label, lowest: -1, values: step.images.map { Int16(clamping: $0 - zero) }))
  }

  func step(_ tensors: NodeTensors) throws(ModelError) -> Step {
    let a = try tensors.input(0, "first operand").affine(tensors.node)
    let b = try tensors.input(1, "second operand").affine(tensors.node)
    let truth = try Truth(tensors.output.affine(tensors.node), at: tensors.node)
    return Step(
      zeroPoints: [a.zeroPoint, b.zeroPoint], factors: CommonScale(a, b),
      images: (-1...1).map { truth.integer(relation(Float($0), 0) != 0) })
  }
}

/// The integers that stand for true and false.
struct Truth {
  let yes: Int64
  let no: Int64
  /// What true is where false is zero.
  var step: Int64 { yes - no }

  /// - Throws: where they are one.
  init(_ quantization: AffineQuantization, at node: String) throws(ModelError) {
    guard let yes = quantization.quantize(1), let no = quantization.quantize(0), yes > no else {
      throw .unsupported(
        node: node, what: "true and false are one integer at a scale of \(quantization.scale)",
        remedy: "quantize them at a scale of 1 or less")
    }
    (self.yes, self.no) = (yes, no)
  }

  func integer(_ isTrue: Bool) -> Int64 { isTrue ? yes : no }
}

/// Least positive integers A and B with which A·m − B·n has the sign of what single precision says of s·m and t·n,
/// for all integers m and n of two quantized tensors, zero points removed.
struct CommonScale {
  let first: Int64
  let second: Int64

  init(_ a: AffineQuantization, _ b: AffineQuantization) {
    guard a.scale != b.scale else {
      (first, second) = (1, 1)
      return
    }
    let pairs = Self.nearPairs(a, b)
    let single = pairs.map { Self.sign(a.scale * Float($0.m), b.scale * Float($0.n)) }
    // Products of 24 and 9 bits are exact.
    let exact = pairs.map {
      Self.sign(Double(a.scale) * Double($0.m), Double(b.scale) * Double($0.n))
    }
    let found =
      Self.fraction(pairs, single) ?? Self.fraction(pairs, exact) ?? (m: 1, n: 1)
    (first, second) = (found.n, found.m)
  }

  private typealias Pair = (m: Int64, n: Int64)

  private static func sign<Value: Comparable>(_ a: Value, _ b: Value) -> Int {
    a < b ? -1 : a > b ? 1 : 0
  }

  /// Those whose reals are next to each other: what is said of all others follows. Of negative ones the same is
  /// said as of positive ones, the other way round.
  private static func nearPairs(_ a: AffineQuantization, _ b: AffineQuantization) -> [Pair] {
    func largest(_ x: AffineQuantization) -> Int64 {
      max(x.zeroPoint - x.range.lowerBound, x.range.upperBound - x.zeroPoint)
    }
    let (most, ratio) = (largest(a), Double(b.scale) / Double(a.scale))
    return (1...largest(b)).flatMap { n in
      let near = Int64(min(ratio * Double(n), Double(most)))
      return Set((-1...1).map { (near + $0).clamped(to: 1...most) }).map { (m: $0, n: n) }
    }
  }

  /// The simplest fraction m/n below which all are less and above which all are greater; nil where one
  /// ratio is said to be two of less, equal and greater.
  private static func fraction(_ pairs: [Pair], _ signs: [Int]) -> Pair? {
    func isBelow(_ a: Pair, _ b: Pair) -> Bool { a.m * b.n < b.m * a.n }
    var (low, high): (Pair, Pair) = ((0, 1), (1, 0))
    var equal: Pair?
    for (pair, sign) in zip(pairs, signs) {
      switch sign {
      case -1: if isBelow(low, pair) { low = pair }
      case 1: if isBelow(pair, high) { high = pair }
      default: equal = pair
      }
    }
    if let equal {
      let isOne = zip(pairs, signs).allSatisfy { pair, sign in
        sign == (isBelow(pair, equal) ? -1 : isBelow(equal, pair) ? 1 : 0)
      }
      let divisor = greatestCommonDivisor(equal.m, equal.n)
      return isOne ? (equal.m / divisor, equal.n / divisor) : nil
    }
    guard isBelow(low, high) else { return nil }
    // Down the tree of fractions: the first between both is the simplest.
    var (left, right): (Pair, Pair) = ((0, 1), (1, 0))
    while true {
      let middle: Pair = (left.m + right.m, left.n + right.n)
      if !isBelow(low, middle) {
        left = middle
      } else if !isBelow(middle, high) {
        right = middle
      } else {
        return middle
      }
    }
  }

  private static func greatestCommonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
  }
}
