import ConstraintSystem
import Model

/// What exporters compute of shapes while a model runs, computed once: operators of ONNX on constants
/// that no scale belongs to.
///
/// Integers are computed in 64 bits and have to fit their type; reals are rounded to theirs after each step, as
/// the runtime rounds them; a comparison gives 0 or 1.
enum ConstantEvaluation {
  static let operators: Set<String> = Set(binary).union(unary.keys).union(comparisons).union([
    "Shape", "Size", "Gather", "Slice", "Concat", "Cast", "CastLike", "ConstantOfShape", "Expand",
    "Range", "ReduceProd", "ReduceSum", "ReduceMin", "ReduceMax", "Where", "Not", "And", "Or",
    "Xor",
    "Pow", "NonZero", "ScatterND", "Scatter", "ScatterElements", "CumSum", "Trilu", "OneHot",
    "EyeLike",
  ])
  static let binary: Set = ["Add", "Sub", "Mul", "Div", "Mod", "Min", "Max", "Sum"]
  static let comparisons: Set = ["Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual"]

  /// More than any list of extents; keeps a small file from asking for much memory.
  static let mostElements = 1 << 20

  /// - Parameter inputs: nil for operands left out.
  /// - Returns: nil where the operator is none of these, or not on values of this type.
  static func evaluate(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue? {
    switch node.type {
    case "Gather": return try gather(node, inputs)
    case "Scatter", "ScatterElements": return try scatterElements(node, inputs)
    case "ScatterND": return try scatterBlocks(node, inputs)
    case "Slice": return try slice(node, inputs)
    case "Concat": return try concatenated(node, inputs)
    case "Cast", "CastLike": return try cast(node, inputs)
    case "ConstantOfShape": return try constantOfShape(node, inputs)
    case "EyeLike": return try diagonal(node, inputs)
    case "OneHot": return try oneHot(node, inputs)
    case "Trilu": return try triangle(node, inputs)
    case "Expand": return try expanded(node, inputs)
    case "Range": return try range(node, inputs)
    case "NonZero": return try places(node, inputs)
    case "CumSum": return try runningSum(node, inputs)
    case "ReduceProd", "ReduceSum", "ReduceMin", "ReduceMax": return try reduced(node, inputs)
    case "Where": return try chosen(node, inputs)
    case "Not", "And", "Or", "Xor": return try logic(node, inputs)
    case "Pow": return try power(node, inputs)
    case let type where comparisons.contains(type): return try compared(node, inputs)
    case let type where binary.contains(type): return try arithmetic(node, inputs)
    case let type where unary[type] != nil: return try applied(node, inputs)
    default: return nil
    }
  }

  /// Numbers that it takes to evaluate a node, but for those of its result.
  static func work(_ node: DraftNode, _ inputs: [FoldedValue?]) -> Int {
    let read = inputs.reduce(0) { $0 + ($1?.count ?? 0) }
    guard !moving.contains(node.type),
      let shape = try? shape(node, inputs.map { $0?.shape ?? [] })
    else { return read }
    // Every operand is spread to the result's extents.
    return read + inputs.count * shape.reduce(1, *)
  }

  /// Operators whose operands are not spread to common extents.
  private static let moving: Set = [
    "Gather", "Scatter", "ScatterElements", "ScatterND", "Slice", "Concat",
    "Cast", "CastLike", "ConstantOfShape", "EyeLike", "OneHot", "Trilu", "Range", "NonZero",
    "CumSum", "ReduceProd", "ReduceSum", "ReduceMin", "ReduceMax", "Expand",
  ]

  /// Shape or Size of extents that are known.
  static func shape(_ node: DraftNode, of extents: [Int]) throws(ModelError) -> FoldedValue {
    if node.type == "Size" { return .list([], [Int64(extents.reduce(1, *))]) }
    let rank = Int64(extents.count)
    func bound(_ name: String, _ standard: Int64) throws(ModelError) -> Int {
      let value = try node.integer(name, default: standard)
      return Int(clamping: min(max(value < 0 ? value &+ rank : value, 0), rank))
    }
    let (start, end) = (try bound("start", 0), try bound("end", rank))
    let part = extents[start..<max(start, end)].map { Int64($0) }
    return .list([part.count], part)
  }

  // MARK: - Helpers

  static func operand(
    _ node: DraftNode, _ inputs: [FoldedValue?], _ index: Int
  ) throws(ModelError) -> FoldedValue {
    guard inputs.indices.contains(index), let value = inputs[index] else {
      throw .invalid(node: node.name, what: "\(node.type) without its operand \(index)")
    }
    return value
  }

  static func integers(
    _ node: DraftNode, _ inputs: [FoldedValue?], _ index: Int
  ) throws(ModelError) -> [Int64] {
    guard let values = try operand(node, inputs, index).integers else {
      throw .invalid(node: node.name, what: "operand \(index) of \(node.type) holds no integers")
    }
    return values
  }

  /// One integer, such as an axis.
  static func number(
    _ node: DraftNode, _ inputs: [FoldedValue?], _ index: Int
  ) throws(ModelError) -> Int64 {
    let values = try integers(node, inputs, index)
    guard let value = values.first, values.count == 1 else {
      throw .invalid(node: node.name, what: "operand \(index) of \(node.type) is not one number")
    }
    return value
  }

  static func axis(_ node: DraftNode, _ value: Int64, _ rank: Int) throws(ModelError) -> Int {
    let place = value < 0 ? value &+ Int64(rank) : value
    guard place >= 0, place < Int64(rank) else {
      throw .invalid(node: node.name, what: "\(node.type) along axis \(value) of \(rank) axes")
    }
    return Int(place)
  }

  /// An index into an axis, counted from the end where it is negative.
  static func place(
    _ node: DraftNode, _ value: Int64, in extent: Int
  ) throws(ModelError) -> Int {
    let place = value < 0 ? value &+ Int64(extent) : value
    guard place >= 0, place < Int64(extent) else {
      throw .invalid(node: node.name, what: "\(node.type) of element \(value) of \(extent)")
    }
    return Int(place)
  }

  static func refuseSize(_ node: DraftNode) -> ModelError {
    .unsupported(
      node: node.name, what: "\(node.type) of constants makes more than \(mostElements) values",
      remedy: "store the result as a constant")
  }

  /// How many values extents hold, where they are not too many to make.
  static func count(
    _ node: DraftNode, _ extents: [Int], allowing known: Int = 0
  ) throws(ModelError) -> Int {
    var count = 1
    for extent in extents {
      count *= extent
      guard count <= max(mostElements, known) else { throw refuseSize(node) }
    }
    return count
  }

  static func extents(
    _ node: DraftNode, _ values: [Int64]
  ) throws(ModelError) -> [Int] {
    let shape: [Int]
    do throws(ModelError) {
      shape = try TensorReader.extents(values, of: node.name, mayBeEmpty: true)
    } catch { throw error.at(node.name) }
    _ = try count(node, shape)
    return shape
  }
}
