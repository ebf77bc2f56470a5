import ConstraintSystem
import Model

/// Operators that work on each value by itself, extents broadcast.
extension ConstantEvaluation {
  static func shape(_ node: DraftNode, _ shapes: [[Int]]) throws(ModelError) -> [Int] {
    var result: [Int] = []
    for next in shapes {
      guard let common = Broadcast.shape(result, next) else {
        throw .invalid(node: node.name, what: "shapes \(result) and \(next) do not agree")
      }
      result = common
    }
    _ = try count(node, result, allowing: shapes.map { $0.reduce(1, *) }.max() ?? 0)
    return result
  }

  static func spread(_ value: FoldedValue, to shape: [Int]) -> FoldedValue {
    value.shape == shape ? value : value.picked(shape, Broadcast.places(value.shape, in: shape))
  }

  static func spread(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> [FoldedValue] {
    var operands: [FoldedValue] = []
    for index in inputs.indices { operands.append(try operand(node, inputs, index)) }
    let shape = try shape(node, operands.map(\.shape))
    return operands.map { spread($0, to: shape) }
  }

  private static func refuseRange(_ node: DraftNode) -> ModelError {
    .invalid(node: node.name, what: "\(node.type) of constants overflows")
  }

  private static func checked(
    _ node: DraftNode, _ type: DataType, _ result: (partialValue: Int64, overflow: Bool)
  ) throws(ModelError) -> Int64 {
    guard !result.overflow, type.range?.contains(result.partialValue) ?? true else {
      throw refuseRange(node)
    }
    return result.partialValue
  }

  static func arithmetic(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue {
    let operands = try spread(node, inputs)
    guard var result = operands.first else {
      throw .invalid(node: node.name, what: "\(node.type) without operands")
    }
    for next in operands.dropFirst() {
      if let a = result.reals, let b = next.reals {
        result = FoldedValue(
          result.type, result.shape, reals: zip(a, b).map { real(node, $0, $1) })
      } else if let a = result.integers, let b = next.integers {
        var values: [Int64] = []
        values.reserveCapacity(a.count)
        for (a, b) in zip(a, b) { values.append(try integer(node, result.type, a, b)) }
        result = FoldedValue(result.type, result.shape, integers: values)
      } else {
        throw .invalid(node: node.name, what: "\(node.type) of integers and reals")
      }
    }
    return result
  }

  private static func real(_ node: DraftNode, _ a: Double, _ b: Double) -> Double {
    switch node.type {
    case "Add", "Sum": return a + b
    case "Sub": return a - b
    case "Mul": return a * b
    case "Div": return a / b
    // A minimum with NaN is NaN.
    case "Min": return a.isNaN || b.isNaN ? .nan : min(a, b)
    case "Max": return a.isNaN || b.isNaN ? .nan : max(a, b)
    default:
      let rest = a.truncatingRemainder(dividingBy: b)
      let isFloor = node.attributes["fmod"] != .integer(1)
      return isFloor && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    }
  }

  private static func integer(
    _ node: DraftNode, _ type: DataType, _ a: Int64, _ b: Int64
  ) throws(ModelError) -> Int64 {
    switch node.type {
    case "Add", "Sum": return try checked(node, type, a.addingReportingOverflow(b))
    case "Sub": return try checked(node, type, a.subtractingReportingOverflow(b))
    case "Mul": return try checked(node, type, a.multipliedReportingOverflow(by: b))
    case "Min": return min(a, b)
    case "Max": return max(a, b)
    default:
      guard b != 0 else { throw .invalid(node: node.name, what: "a division by zero") }
      if node.type == "Div" { return try checked(node, type, a.dividedReportingOverflow(by: b)) }
      let rest = a.remainderReportingOverflow(dividingBy: b).partialValue
      let isFloor = node.attributes["fmod"] != .integer(1)
      return isFloor && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    }
  }

  /// Whole powers of integers, and of reals those that are roots or whole.
  static func power(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue? {
    let operands = try spread(node, inputs)
    guard operands.count == 2 else { return nil }
    let exponents =
      operands[1].reals ?? operands[1].integers?.map { Double($0) } ?? []
    if let bases = operands[0].integers {
      var values: [Int64] = []
      for (base, exponent) in zip(bases, exponents) {
        guard exponent >= 0, exponent <= 64, exponent == exponent.rounded() else { return nil }
        var value = Int64(1)
        for _ in 0..<Int(exponent) {
          value = try checked(node, operands[0].type, value.multipliedReportingOverflow(by: base))
        }
        values.append(value)
      }
      return FoldedValue(operands[0].type, operands[0].shape, integers: values)
    }
    guard let bases = operands[0].reals else { return nil }
    var values: [Double] = []
    for (base, exponent) in zip(bases, exponents) {
      switch exponent {
      case 0.5: values.append(base.squareRoot())
      case -0.5: values.append(1 / base.squareRoot())
      case -16...16 where exponent == exponent.rounded():
        let power = (0..<Int(exponent.magnitude)).reduce(1.0) { power, _ in power * base }
        values.append(exponent < 0 ? 1 / power : power)
      default: return nil
      }
    }
    return FoldedValue(operands[0].type, operands[0].shape, reals: values)
  }

  static let unary: [String: @Sendable (Double) -> Double] = [
    "Neg": { -$0 }, "Abs": { $0.magnitude }, "Sqrt": { $0.squareRoot() },
    "Reciprocal": { 1 / $0 }, "Floor": { $0.rounded(.down) }, "Ceil": { $0.rounded(.up) },
    "Round": { $0.rounded(.toNearestOrEven) },
    "Sign": { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 },
  ]

  static func applied(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue? {
    let x = try operand(node, inputs, 0)
    if let values = x.reals, let function = unary[node.type] {
      return FoldedValue(x.type, x.shape, reals: values.map(function))
    }
    guard let values = x.integers else { return nil }
    var result: [Int64] = []
    for value in values {
      switch node.type {
      case "Neg":
        result.append(try checked(node, x.type, Int64(0).subtractingReportingOverflow(value)))
      case "Abs":
        result.append(
          value < 0
            ? try checked(node, x.type, Int64(0).subtractingReportingOverflow(value)) : value)
      case "Sign": result.append(value.signum())
      default: return nil
      }
    }
    return FoldedValue(x.type, x.shape, integers: result)
  }

  // MARK: - Truth

  static func compared(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue? {
    let operands = try spread(node, inputs)
    guard operands.count == 2 else { return nil }
    func truth<Value: Comparable>(_ a: [Value], _ b: [Value]) -> [Bool] {
      zip(a, b).map { a, b in
        switch node.type {
        case "Equal": a == b
        case "Greater": a > b
        case "Less": a < b
        case "GreaterOrEqual": a >= b
        default: a <= b
        }
      }
    }
    if let a = operands[0].integers, let b = operands[1].integers {
      return .truth(operands[0].shape, truth(a, b))
    }
    guard let a = operands[0].reals, let b = operands[1].reals else { return nil }
    return .truth(operands[0].shape, truth(a, b))
  }

  static func logic(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue? {
    let operands = try spread(node, inputs)
    guard operands.count == (node.type == "Not" ? 1 : 2), let a = operands[0].integers,
      let b = operands[operands.count - 1].integers
    else { return nil }
    return .truth(
      operands[0].shape,
      zip(a, b).map { a, b in
        switch node.type {
        case "Not": a == 0
        case "And": a != 0 && b != 0
        case "Or": a != 0 || b != 0
        default: (a != 0) != (b != 0)
        }
      })
  }

  static func chosen(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue? {
    let operands = try spread(node, inputs)
    guard operands.count == 3, let condition = operands[0].integers else { return nil }
    let (type, shape) = (operands[1].type, operands[0].shape)
    if let a = operands[1].integers, let b = operands[2].integers {
      return FoldedValue(
        type, shape, integers: condition.indices.map { condition[$0] != 0 ? a[$0] : b[$0] })
    }
    guard let a = operands[1].reals, let b = operands[2].reals else { return nil }
    return FoldedValue(
      type, shape, exactly: condition.indices.map { condition[$0] != 0 ? a[$0] : b[$0] })
  }

  // MARK: - Over axes

  static func reduced(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue? {
    let x = try operand(node, inputs, 0)
    var axes: Set<Int> = []
    var list: [Int64] = []
    if case .integers(let own)? = node.attributes["axes"] {
      list = own
    } else if inputs.count > 1, inputs[1] != nil {
      list = try integers(node, inputs, 1)
    }
    for value in list { axes.insert(try axis(node, value, x.shape.count)) }
    if axes.isEmpty {
      guard try node.integer("noop_with_empty_axes", default: 0) == 0 else { return x }
      axes = Set(x.shape.indices)
    }
    guard let values = x.integers else { return nil }
    let keeps = try node.integer("keepdims", default: 1) != 0
    let extents = x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] }
    var sums = [Int64?](repeating: nil, count: extents.reduce(1, *))
    // Where each value goes.
    var strides = strides(extents)
    for axis in axes { strides[axis] = 0 }
    for (value, place) in zip(values, Layout.places(x.shape, strides: strides)) {
      guard let sum = sums[place] else {
        sums[place] = value
        continue
      }
      sums[place] =
        switch node.type {
        case "ReduceProd": try checked(node, x.type, sum.multipliedReportingOverflow(by: value))
        case "ReduceSum": try checked(node, x.type, sum.addingReportingOverflow(value))
        case "ReduceMin": min(sum, value)
        default: max(sum, value)
        }
    }
    let empty: Int64? = ["ReduceProd": 1, "ReduceSum": 0][node.type]
    var result: [Int64] = []
    for sum in sums {
      guard let value = sum ?? empty else { return nil }
      result.append(value)
    }
    let shape = keeps ? extents : x.shape.indices.filter { !axes.contains($0) }.map { x.shape[$0] }
    return FoldedValue(x.type, shape, integers: result)
  }

  static func runningSum(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue? {
    let x = try operand(node, inputs, 0)
    guard var values = x.integers else { return nil }
    let axis = try axis(node, number(node, inputs, 1), x.shape.count)
    let (isReverse, isExclusive) = (
      try node.integer("reverse", default: 0) != 0, try node.integer("exclusive", default: 0) != 0
    )
    let (extent, step) = (x.shape[axis], x.shape[(axis + 1)...].reduce(1, *))
    for first in values.indices where first / step % extent == 0 {
      var sum = Int64(0)
      for turn in 0..<extent {
        let place = first + (isReverse ? extent - 1 - turn : turn) * step
        let own = values[place]
        if isExclusive { values[place] = sum }
        sum = try checked(node, x.type, sum.addingReportingOverflow(own))
        if !isExclusive { values[place] = sum }
      }
    }
    return FoldedValue(x.type, x.shape, integers: values)
  }
}
