import ConstraintSystem
import Model

/// A node of QONNX that makes integers of reals, as its operands and attributes state it.
///
/// Source: fastmachinelearning/qonnx, docs/qonnx-custom-ops: IntQuant v1 (its older name is Quant),
/// BipolarQuant v1, Trunc v1 and v2.
struct QuantNode: Equatable {
  /// Names of the nodes.
  static let types = ["BipolarQuant", "IntQuant", "Quant", "Trunc"]
  /// Of QONNX, of Brevitas' exporter, of FINN, and none at all, as older exporters write it.
  private static let domains = [
    "qonnx.custom_op.general", "onnx.brevitas", "finn.custom_op.general", "",
  ]

  static func isOne(_ type: String, domain: String) -> Bool {
    types.contains(type) && domains.contains(domain)
  }

  /// One for all values, or one for each along `axis` of the input.
  var scales: [Float]
  var zeroPoints: [Int64]
  var axis: Int?
  var rule: QuantRule

  /// - Parameter shape: of the input; nil where it is not known.
  init(_ node: SourceNode, shape: [Int]?) throws(ModelError) {
    func list(_ index: Int, _ role: String) throws(ModelError) -> (values: [Float], shape: [Int]) {
      let tensor = try node.operand(index, role)
      guard tensor.quantization == nil else {
        throw Self.refusal(node, role, "is quantized itself")
      }
      switch tensor.constant {
      case .real(let values)?: return (values, tensor.shape)
      case .integer(let values)?: return (values.map { Float($0) }, tensor.shape)
      case nil: throw Self.refusal(node, role, "is not a constant")
      }
    }
    func number(_ index: Int, _ role: String, _ range: ClosedRange<Int>) throws(ModelError) -> Int {
      guard let value = try list(index, role).values.only, let number = Int(exactly: value),
        range.contains(number)
      else {
        throw Self.refusal(
          node, role, "is no integer from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
    let isBipolar = node.type == "BipolarQuant"
    let scale = try list(1, "scale")
    for value in scale.values where !(value.isNormal && value > 0) {
      throw Self.refusal(node, "scale", "is \(value), and no positive number")
    }
    (scales, axis) = (scale.values, nil)
    if scales.count > 1 {
      guard let axis = Self.axis(scale.shape, scales.count, of: shape) else {
        throw .unsupported(
          node: node.name,
          what: "a scale of shape \(scale.shape) for values of shape \(shape ?? [])",
          remedy: "quantize with one scale, or with one along a single axis of a weight")
      }
      self.axis = axis
    }
    var zeros: [Float] = [0]
    if !isBipolar { zeros = try list(2, "zero point").values }
    if Set(zeros).count == 1 { zeros = [zeros[0]] }
    guard zeros.count == 1 || zeros.count == scales.count,
      zeros.allSatisfy({ Int64(exactly: $0) != nil && abs($0) < 0x1p16 })
    else {
      throw Self.refusal(node, "zero point", "is no integer, or not one for each scale")
    }
    zeroPoints = scales.indices.map { Int64(zeros[zeros.count == 1 ? 0 : $0]) }

    let signed = try node.flag("signed", 1)
    let narrow = try node.flag("narrow", 0)
    let isTrunc = node.type == "Trunc"
    let mode = try node.rounding(isTrunc ? "FLOOR" : "ROUND")
    try node.refuseAttributes(besides: ["signed", "narrow", "rounding_mode"])
    guard !isBipolar else {
      rule = .sign
      return
    }
    let bits = try number(isTrunc ? node.inputs.count - 1 : 3, "bit width", 1...32)
    rule = QuantRule(Self.range(bits, signed, narrow), rounding: mode)
    if !isTrunc, bits == 1, signed {
      rule = .sign
      guard zeros == [0] else { throw Self.refusal(node, "zero point", "is not zero for one bit") }
    }
    guard isTrunc else { return }
    guard zeros == [0] else { throw Self.refusal(node, "zero point", "is not zero") }
    if node.inputs.count > 5 {
      try readCut(node, scales.only, try list(4, "output scale").values.only)
    } else {
      let cut = try number(3, "bit width of the input", 1...32) - bits
      guard cut >= 0 else {
        throw Self.refusal(node, "bit width", "is larger than that of the input")
      }
      // Nothing says whether the integers have a sign, and nothing is clamped.
      rule = QuantRule(
        -1 << Int64(bits)...(1 << Int64(bits)) - 1, rounding: mode, cutBits: cut, keepsScale: true)
    }
  }

  /// Trunc, version 2: its output scale is the input's times a power of two.
  private mutating func readCut(
    _ node: SourceNode, _ scale: Float?, _ output: Float?
  ) throws(ModelError) {
    guard let scale, let output, output.isNormal, output >= scale,
      (output / scale).significand == 1, scale * (output / scale) == output,
      (output / scale).exponent <= 32
    else {
      throw Self.refusal(node, "output scale", "is no power of two times its scale")
    }
    rule.cutBits = Int((output / scale).exponent)
    scales = [output]
  }

  /// By QONNX's `min_int` and `max_int`.
  private static func range(_ bits: Int, _ signed: Bool, _ narrow: Bool) -> ClosedRange<Int64> {
    let (all, half) = (Int64(1) << Int64(bits), Int64(1) << Int64(bits - 1))
    // Of one bit and narrow nothing is left but zero.
    return signed
      ? min(narrow ? 1 - half : -half, 0)...max(half - 1, 0)
      : 0...max(all - (narrow ? 2 : 1), 0)
  }

  /// The axis of a tensor of so many scales, as it broadcasts over a shape.
  private static func axis(_ scales: [Int], _ count: Int, of shape: [Int]?) -> Int? {
    guard let shape, scales.count <= shape.count else { return nil }
    let own = [Int](repeating: 1, count: shape.count - scales.count) + scales
    guard let axis = own.firstIndex(of: count), shape[axis] == count,
      own.enumerated().allSatisfy({ $0 == axis || $1 == 1 })
    else { return nil }
    return axis
  }

  static func refusal(_ node: SourceNode, _ role: String, _ what: String) -> ModelError {
    .unsupported(
      node: node.name, what: "its \(role) \(what)",
      remedy: "export the model with constant scales, integer zero points and bit widths")
  }
}

extension QuantNode {
  /// The smallest type that holds the integers.
  var type: ElementType {
    let types: [ElementType] = [.int8, .uint8, .int16, .int32]
    return types.first { type in
      type.range.map {
        $0.contains(rule.range.lowerBound) && $0.contains(rule.range.upperBound)
          && zeroPoints.allSatisfy($0.contains)
      } ?? false
    } ?? .int64
  }

  var quantization: Quantization {
    Quantization(scales: scales, zeroPoints: zeroPoints, axis: axis, rule: rule)
  }

  /// Integers of constants: QONNX's own steps, which are in single precision.
  ///
  /// - Returns: nil for a number that is NaN or infinite.
  func integers(_ values: [Float], shape: [Int]) -> [Int64]? {
    let inner = axis.map { shape[($0 + 1)...].reduce(1, *) } ?? 1
    var result: [Int64] = []
    result.reserveCapacity(values.count)
    for (place, value) in values.enumerated() {
      let channel = scales.count == 1 ? 0 : place / inner % scales.count
      let affine = AffineQuantization(
        scale: scales[channel], zeroPoint: zeroPoints[channel], range: rule.range, rule: rule)
      guard value.isFinite, let integer = affine.quantize(value) else { return nil }
      result.append(integer)
    }
    return result
  }
}

extension SourceNode {
  fileprivate func operand(_ index: Int, _ role: String) throws(ModelError) -> Tensor {
    guard inputs.indices.contains(index), let tensor = inputs[index] else {
      throw .invalid(node: name, what: "\(type) without its \(role)")
    }
    return tensor
  }

  fileprivate func flag(_ attribute: String, _ standard: Int64) throws(ModelError) -> Bool {
    switch attributes[attribute] {
    case nil: return standard != 0
    case .integer(let value)? where value == 0 || value == 1: return value == 1
    default: throw .invalid(node: name, what: "attribute \(attribute) is neither 0 nor 1")
    }
  }

  fileprivate func rounding(_ standard: String) throws(ModelError) -> QuantRule.Rounding {
    var mode = standard
    if case .text(let text)? = attributes["rounding_mode"] { mode = text.uppercased() }
    switch mode {
    case "ROUND": return .halfEven
    // FINN's and Brevitas' name for DOWN.
    case "ROUND_TO_ZERO": return .down
    default:
      guard let rounding = QuantRule.Rounding(rawValue: mode) else {
        throw .unsupportedAttribute(
          node: name, type: type, attribute: "rounding_mode", value: "\"\(mode)\"",
          remedy: "use ROUND, CEIL, FLOOR, UP, DOWN, HALF_UP or HALF_DOWN")
      }
      return rounding
    }
  }

  fileprivate func refuseAttributes(besides known: Set<String>) throws(ModelError) {
    if let other = attributes.keys.filter({ !known.contains($0) }).min() {
      throw .unsupportedAttribute(
        node: name, type: type, attribute: other, value: "a value of its own")
    }
  }
}

extension Array {
  /// Its element, where it has one alone.
  fileprivate var only: Element? { count == 1 ? self[0] : nil }
}
