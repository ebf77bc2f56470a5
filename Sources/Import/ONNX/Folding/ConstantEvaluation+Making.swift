import ConstraintSystem
import Model

/// Operators that make values of a type, or as many as they are told to.
extension ConstantEvaluation {
  static func cast(_ node: DraftNode, _ inputs: [FoldedValue?]) throws(ModelError) -> FoldedValue? {
    let x = try operand(node, inputs, 0)
    let target: DataType
    if node.type == "CastLike" {
      target = try operand(node, inputs, 1).type
    } else {
      let code = Int32(clamping: try node.integer("to", default: 0))
      guard let type = DataType(rawValue: code), type.constantElement != nil else { return nil }
      target = type
    }
    return try cast(node, x, to: target)
  }

  static func cast(
    _ node: DraftNode, _ x: FoldedValue, to target: DataType
  ) throws(ModelError) -> FoldedValue {
    if x.type == target { return x }
    if target.isReal {
      return FoldedValue(
        target, x.shape, reals: x.reals ?? x.integers?.map { Double($0) } ?? [])
    }
    if target == .bool {
      return .truth(x.shape, x.reals?.map { $0 != 0 } ?? x.integers?.map { $0 != 0 } ?? [])
    }
    var integers: [Int64] = []
    for value in x.reals ?? [] {
      guard let integer = Int64(exactly: value.rounded(.towardZero)),
        target.range?.contains(integer) ?? true
      else { throw .invalid(node: node.name, what: "Cast of \(value) to \(target.label)") }
      integers.append(integer)
    }
    for value in x.integers ?? [] {
      guard target.range?.contains(value) ?? true else {
        throw .invalid(node: node.name, what: "Cast of a value that \(target.label) does not hold")
      }
      integers.append(value)
    }
    return FoldedValue(target, x.shape, integers: integers)
  }

  static func constantOfShape(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue {
    let shape = try extents(node, integers(node, inputs, 0))
    let one = node.values["value"] ?? FoldedValue(.float, [1], exactly: [0])
    guard one.count == 1 else {
      throw .invalid(node: node.name, what: "the value of ConstantOfShape is not one number")
    }
    return one.picked(shape, [Int](repeating: 0, count: shape.reduce(1, *)))
  }

  /// EyeLike: ones on a diagonal.
  static func diagonal(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue? {
    let x = try operand(node, inputs, 0)
    let code = try node.integer("dtype", default: Int64(x.type.rawValue))
    guard x.shape.count == 2, let type = DataType(rawValue: Int32(clamping: code)) else {
      return nil
    }
    let offset = try node.integer("k", default: 0)
    let ones = (0..<x.count).map { cell in
      Int64(cell % x.shape[1] - cell / x.shape[1]) == offset ? Int64(1) : 0
    }
    return try cast(node, .list(x.shape, ones), to: type)
  }

  static func oneHot(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue? {
    let (indices, values) = (try operand(node, inputs, 0), try operand(node, inputs, 2))
    let depth = try cast(node, operand(node, inputs, 1), to: .int64).integers ?? []
    guard let extent = depth.first, depth.count == 1, extent > 0, extent <= mostElements,
      values.count == 2
    else { return nil }
    let axis = try axis(node, node.integer("axis", default: -1), indices.shape.count + 1)
    var shape = indices.shape
    shape.insert(Int(extent), at: axis)
    let total = try count(node, shape)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let places = try cast(node, indices, to: .int64).integers ?? []
    return values.picked(
      shape,
      (0..<total).map { cell in
        let own = Int64(cell / inner) % extent
        let index = places[cell / inner / Int(extent) * inner + cell % inner]
        return index == own || index == own - extent ? 1 : 0
      })
  }

  static func range(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue? {
    let start = try operand(node, inputs, 0)
    var bounds: [Double] = []
    for index in 0..<3 {
      guard let value = try operand(node, inputs, index).reals?.first else {
        return try integerRange(node, inputs, start.type)
      }
      bounds.append(value)
    }
    guard bounds[2] != 0 else { throw .invalid(node: node.name, what: "Range with a step of 0") }
    let steps = ((bounds[1] - bounds[0]) / bounds[2]).rounded(.up)
    guard steps < Double(mostElements) else { throw refuseSize(node) }
    guard steps > 0 else { return FoldedValue(start.type, [0], exactly: []) }
    // The runtime adds the step up.
    var (values, next) = ([Double](), bounds[0])
    for _ in 0..<Int(steps) {
      values.append(next)
      next = start.type.rounded(next + bounds[2])
    }
    return FoldedValue(start.type, [values.count], exactly: values)
  }

  private static func integerRange(
    _ node: DraftNode, _ inputs: [FoldedValue?], _ type: DataType
  ) throws(ModelError) -> FoldedValue {
    let (start, end) = (try number(node, inputs, 0), try number(node, inputs, 1))
    let step = try number(node, inputs, 2)
    guard step != 0 else { throw .invalid(node: node.name, what: "Range with a step of 0") }
    var (values, next) = ([Int64](), start)
    while step > 0 ? next < end : next > end {
      guard values.count < mostElements else { throw refuseSize(node) }
      values.append(next)
      let (sum, overflow) = next.addingReportingOverflow(step)
      guard !overflow else { break }
      next = sum
    }
    return FoldedValue(type, [values.count], integers: values)
  }

  /// NonZero: a row of coordinates for each axis.
  static func places(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue {
    let x = try operand(node, inputs, 0)
    let isSet: [Bool] = x.reals?.map { $0 != 0 } ?? x.integers?.map { $0 != 0 } ?? []
    let cells = isSet.indices.filter { isSet[$0] }
    let strides = strides(x.shape)
    let coordinates = x.shape.indices.flatMap { axis in
      cells.map { Int64($0 / strides[axis] % x.shape[axis]) }
    }
    return .list([x.shape.count, cells.count], coordinates)
  }
}
