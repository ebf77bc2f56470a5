import ConstraintSystem
import Model

extension ConstantEvaluation {
  static func shape(_ node: DraftNode, _ shapes: [[Int]]) throws(ModelError) -> [Int] {
    var result: [Int] = []
    for next in shapes {
      guard let common = Broadcast.shape(result, next) else {
        throw .invalid(node: node.name, what: "shapes \(result) and \(next) do not agree")
      }
      result = common
    }
    let largest = shapes.map { $0.reduce(1, *) }.max() ?? 0
    var count = 1
    for extent in result {
      count *= extent
      guard count <= max(mostElements, largest) else { throw refuseSize(node) }
    }
    return result
  }

  static func spread(
    _ node: DraftNode, _ tensor: Tensor, to shape: [Int]
  ) throws(ModelError) -> Tensor {
    picked(tensor, shape, Broadcast.places(tensor.shape, in: shape))
  }

  static func spread(
    _ node: DraftNode, _ inputs: [Tensor?]
  ) throws(ModelError) -> [Tensor] {
    var operands: [Tensor] = []
    for index in inputs.indices { operands.append(try operand(node, inputs, index)) }
    let shape = try shape(node, operands.map(\.shape))
    var result: [Tensor] = []
    for operand in operands { result.append(try spread(node, operand, to: shape)) }
    return result
  }

  static func checked(
    _ node: DraftNode, _ result: (partialValue: Int64, overflow: Bool)
  ) throws(ModelError) -> Int64 {
    guard !result.overflow else {
      throw .invalid(node: node.name, what: "\(node.type) of constants overflows")
    }
    return result.partialValue
  }

  static func arithmetic(
    _ node: DraftNode, _ inputs: [Tensor?]
  ) throws(ModelError) -> Tensor {
    let operands = try spread(node, inputs)
    guard var result = operands.first else {
      throw .invalid(node: node.name, what: "\(node.type) without operands")
    }
    for next in operands.dropFirst() {
      switch (result.constant, next.constant) {
      case (.real(let a)?, .real(let b)?):
        result.constant = .real(
          zip(a, b).map { a, b in
            switch node.type {
            case "Add": a + b
            case "Sub": a - b
            case "Mul": a * b
            case "Div": a / b
            case "Min": min(a, b)
            default: max(a, b)
            }
          })
      case (.integer(let a)?, .integer(let b)?):
        var values: [Int64] = []
        for (a, b) in zip(a, b) {
          switch node.type {
          case "Add": values.append(try checked(node, a.addingReportingOverflow(b)))
          case "Sub": values.append(try checked(node, a.subtractingReportingOverflow(b)))
          case "Mul": values.append(try checked(node, a.multipliedReportingOverflow(by: b)))
          case "Div":
            guard b != 0 else { throw .invalid(node: node.name, what: "a division by zero") }
            values.append(try checked(node, a.dividedReportingOverflow(by: b)))
          case "Min": values.append(min(a, b))
          default: values.append(max(a, b))
          }
        }
        result.constant = .integer(values)
      default:
        throw .invalid(node: node.name, what: "\(node.type) of integers and reals")
      }
    }
    return result
  }

  static func applied(
    _ node: DraftNode, _ inputs: [Tensor?]
  ) throws(ModelError) -> Tensor? {
    var x = try operand(node, inputs, 0)
    guard case .real(let values)? = x.constant else {
      guard node.type == "Neg", case .integer(let values)? = x.constant else { return nil }
      x.constant = .integer(values.map { 0 &- $0 })
      return x
    }
    x.constant = .real(
      values.map { value in
        switch node.type {
        case "Neg": -value
        case "Abs": abs(value)
        case "Sqrt": value.squareRoot()
        case "Reciprocal": 1 / value
        case "Floor": value.rounded(.down)
        default: value.rounded(.up)
        }
      })
    return x
  }

  static func equal(_ node: DraftNode, _ inputs: [Tensor?]) throws(ModelError) -> Tensor? {
    let operands = try spread(node, inputs)
    guard operands.count == 2, case .integer(let a)? = operands[0].constant,
      case .integer(let b)? = operands[1].constant
    else { return nil }
    return list(operands[0].shape, zip(a, b).map { $0 == $1 ? 1 : 0 })
  }

  static func chosen(_ node: DraftNode, _ inputs: [Tensor?]) throws(ModelError) -> Tensor? {
    let operands = try spread(node, inputs)
    guard operands.count == 3, case .integer(let condition)? = operands[0].constant,
      case .integer(let a)? = operands[1].constant, case .integer(let b)? = operands[2].constant
    else { return nil }
    return list(
      operands[0].shape, condition.indices.map { condition[$0] != 0 ? a[$0] : b[$0] })
  }
}
