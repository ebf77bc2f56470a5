import ConstraintSystem
import Model

/// What exporters compute of shapes while a model runs, computed once: operators of ONNX on constants
/// that no scale belongs to.
///
/// Integers are int64 whatever their type in the file; a comparison gives 0 or 1.
enum ConstantEvaluation {
  static let operators: Set<String> = Set(binary + unary).union([
    "Shape", "Size", "Gather", "Slice", "Concat", "Cast", "ConstantOfShape", "Expand", "Range",
    "ReduceProd", "Where", "Equal",
  ])
  static let binary = ["Add", "Sub", "Mul", "Div", "Min", "Max"]
  static let unary = ["Neg", "Abs", "Sqrt", "Reciprocal", "Floor", "Ceil"]

  /// More than any list of extents; keeps a small file from asking for much memory.
  static let mostElements = 1 << 20

  /// - Parameter inputs: constants without scales; nil for operands left out.
  /// - Returns: nil where the operator is none of these, or not on values of this type.
  static func evaluate(
    _ node: DraftNode, _ inputs: [Tensor?]
  ) throws(ModelError) -> Tensor? {
    switch node.type {
    case "Gather": return try gather(node, inputs)
    case "Slice": return try slice(node, inputs)
    case "Concat": return try concatenated(node, inputs)
    case "Cast": return try cast(node, inputs)
    case "ConstantOfShape": return try constantOfShape(node, inputs)
    case "Expand": return try expanded(node, inputs)
    case "Range": return try range(node, inputs)
    case "ReduceProd": return try product(node, inputs)
    case "Where": return try chosen(node, inputs)
    case "Equal": return try equal(node, inputs)
    case let type where binary.contains(type): return try arithmetic(node, inputs)
    case let type where unary.contains(type): return try applied(node, inputs)
    default: return nil
    }
  }

  /// Numbers that it takes to evaluate a node, but for those of its result.
  ///
  /// - Parameter inputs: constants.
  static func work(_ node: DraftNode, _ inputs: [Tensor?]) -> Int {
    let read = inputs.reduce(0) { $0 + ($1?.count ?? 0) }
    if node.type == "Slice" {
      // It goes over its operand once for each bound.
      let bounds = inputs.count > 1 ? inputs[1]?.count ?? 0 : 0
      let (product, overflow) = read.multipliedReportingOverflow(by: 1 + bounds)
      return overflow ? .max : product
    }
    guard (binary + ["Where", "Equal"]).contains(node.type),
      let shape = try? shape(node, inputs.map { $0?.shape ?? [] })
    else { return read }
    // Every operand is spread to the result's extents.
    return inputs.count * shape.reduce(1, *)
  }

  /// Shape or Size of extents that are known.
  static func shape(_ node: DraftNode, of extents: [Int]) throws(ModelError) -> Tensor {
    if node.type == "Size" { return list([], [Int64(extents.reduce(1, *))]) }
    let rank = Int64(extents.count)
    func bound(_ name: String, _ standard: Int64) throws(ModelError) -> Int {
      let value = try node.integer(name, default: standard)
      return Int(clamping: min(max(value < 0 ? value &+ rank : value, 0), rank))
    }
    let (start, end) = (try bound("start", 0), try bound("end", rank))
    let part = extents[start..<max(start, end)].map { Int64($0) }
    guard !part.isEmpty else {
      throw .unsupported(node: node.name, what: "Shape of no axes", remedy: "leave it out")
    }
    return list([part.count], part)
  }

  // MARK: - Helpers

  static func list(_ shape: [Int], _ values: [Int64]) -> Tensor {
    Tensor(name: "", shape: shape, type: .int64, constant: .integer(values))
  }

  static func tensor(_ shape: [Int], _ values: [Float]) -> Tensor {
    Tensor(name: "", shape: shape, type: .float32, constant: .real(values))
  }

  static func operand(
    _ node: DraftNode, _ inputs: [Tensor?], _ index: Int
  ) throws(ModelError) -> Tensor {
    guard inputs.indices.contains(index), let tensor = inputs[index] else {
      throw .invalid(node: node.name, what: "\(node.type) without its operand \(index)")
    }
    return tensor
  }

  static func integers(
    _ node: DraftNode, _ inputs: [Tensor?], _ index: Int
  ) throws(ModelError) -> [Int64] {
    guard case .integer(let values)? = try operand(node, inputs, index).constant else {
      throw .invalid(node: node.name, what: "operand \(index) of \(node.type) holds no integers")
    }
    return values
  }

  static func axis(_ node: DraftNode, _ value: Int64, _ rank: Int) throws(ModelError) -> Int {
    let place = value < 0 ? value &+ Int64(rank) : value
    guard place >= 0, place < Int64(rank) else {
      throw .invalid(node: node.name, what: "\(node.type) along axis \(value) of \(rank) axes")
    }
    return Int(place)
  }

  static func refuseSize(_ node: DraftNode) -> ModelError {
    .unsupported(
      node: node.name, what: "\(node.type) of constants makes more than \(mostElements) values",
      remedy: "store the result as a constant")
  }

  /// The tensor of the cells of another, by index.
  static func picked(_ tensor: Tensor, _ shape: [Int], _ cells: [Int]) -> Tensor {
    var result = tensor
    result.shape = shape
    switch tensor.constant {
    case .real(let values)?: result.constant = .real(cells.map { values[$0] })
    case .integer(let values)?: result.constant = .integer(cells.map { values[$0] })
    case nil: break
    }
    return result
  }

  // MARK: - Moving values

  static func gather(
    _ node: DraftNode, _ inputs: [Tensor?]
  ) throws(ModelError) -> Tensor {
    let data = try operand(node, inputs, 0)
    let places = try integers(node, inputs, 1)
    let axis = try axis(node, node.integer("axis", default: 0), data.shape.count)
    let extent = Int64(data.shape[axis])
    var indices: [Int] = []
    for place in places {
      let index = place < 0 ? place &+ extent : place
      guard index >= 0, index < extent else {
        throw .invalid(node: node.name, what: "Gather of element \(place) of \(extent)")
      }
      indices.append(Int(index))
    }
    let outer = data.shape[..<axis].reduce(1, *)
    let inner = data.shape[(axis + 1)...].reduce(1, *)
    guard outer * inner * indices.count <= max(mostElements, data.count) else {
      throw refuseSize(node)
    }
    var cells: [Int] = []
    for row in 0..<outer {
      for index in indices {
        let start = (row * data.shape[axis] + index) * inner
        cells += start..<(start + inner)
      }
    }
    var shape = data.shape
    shape.replaceSubrange(axis...axis, with: try operand(node, inputs, 1).shape)
    return picked(data, shape, cells)
  }

  static func slice(
    _ node: DraftNode, _ inputs: [Tensor?]
  ) throws(ModelError) -> Tensor {
    let data = try operand(node, inputs, 0)
    func list(_ name: String, _ index: Int) throws(ModelError) -> [Int64]? {
      if case .integers(let values)? = node.attributes[name] { return values }
      guard inputs.indices.contains(index), inputs[index] != nil else { return nil }
      return try integers(node, inputs, index)
    }
    let starts = try list("starts", 1) ?? []
    let ends = try list("ends", 2) ?? []
    let axes = try list("axes", 3) ?? starts.indices.map { Int64($0) }
    let steps = try list("steps", 4) ?? starts.map { _ in 1 }
    guard starts.count == ends.count, axes.count == starts.count, steps.count == starts.count else {
      throw .invalid(node: node.name, what: "Slice with lists of different lengths")
    }
    var result = data
    for (place, start) in starts.enumerated() {
      let axis = try axis(node, axes[place], data.shape.count)
      guard steps[place] == 1 else {
        throw .unsupported(
          node: node.name, what: "Slice of a constant with a step of \(steps[place])", remedy: "")
      }
      let extent = Int64(result.shape[axis])
      func bound(_ value: Int64) -> Int {
        let place = value < 0 ? value + extent : value
        return Int(min(max(place, 0), extent))
      }
      let (from, to) = (bound(start), bound(ends[place]))
      guard from < to else {
        throw .unsupported(node: node.name, what: "Slice of a constant to nothing", remedy: "")
      }
      let inner = result.shape[(axis + 1)...].reduce(1, *)
      let cells = result.shape.reduce(1, *)
      let width = result.shape[axis]
      let kept = (0..<cells).filter { (from..<to).contains($0 / inner % width) }
      var shape = result.shape
      shape[axis] = to - from
      result = picked(result, shape, kept)
    }
    return result
  }

  static func concatenated(
    _ node: DraftNode, _ inputs: [Tensor?]
  ) throws(ModelError) -> Tensor {
    var result = try operand(node, inputs, 0)
    let axis = try axis(node, node.integer("axis", default: 0), result.shape.count)
    var parts: [Tensor] = [result]
    for index in inputs.indices.dropFirst() {
      let next = try operand(node, inputs, index)
      guard next.shape.count == result.shape.count,
        result.shape.indices.allSatisfy({ $0 == axis || next.shape[$0] == result.shape[$0] })
      else { throw .invalid(node: node.name, what: "Concat of shapes that do not fit") }
      result.shape[axis] += next.shape[axis]
      parts.append(next)
    }
    let outer = result.shape[..<axis].reduce(1, *)
    func joined<Element>(_ lists: [[Element]]) -> [Element] {
      var result: [Element] = []
      for row in 0..<outer {
        for list in lists {
          let width = list.count / outer
          result += list[(row * width)..<(row * width + width)]
        }
      }
      return result
    }
    let reals = parts.compactMap {
      if case .real(let values)? = $0.constant { values } else { nil }
    }
    let integers = parts.compactMap {
      if case .integer(let values)? = $0.constant { values } else { nil }
    }
    if reals.count == parts.count {
      result.constant = .real(joined(reals))
    } else if integers.count == parts.count {
      result.constant = .integer(joined(integers))
    } else {
      throw .invalid(node: node.name, what: "Concat of integers and reals")
    }
    return result
  }

  // MARK: - Making values

  static func cast(_ node: DraftNode, _ inputs: [Tensor?]) throws(ModelError) -> Tensor? {
    let x = try operand(node, inputs, 0)
    let code = Int32(clamping: try node.integer("to", default: 0))
    guard let target = TensorReader.DataType(rawValue: code)?.element else { return nil }
    var result = x
    result.type = target
    switch (x.constant, target.range) {
    case (.real(let values)?, let range?):
      var integers: [Int64] = []
      for value in values {
        guard let integer = Int64(exactly: value.rounded(.towardZero)), range.contains(integer)
        else {
          throw .invalid(node: node.name, what: "Cast of \(value) to \(target)")
        }
        integers.append(integer)
      }
      result.constant = .integer(integers)
    case (.integer(let values)?, nil): result.constant = .real(values.map { Float($0) })
    case (.integer(let values)?, let range?):
      guard values.allSatisfy(range.contains) else {
        throw .invalid(node: node.name, what: "Cast of a value that \(target) does not hold")
      }
    default: break
    }
    return result
  }

  static func extents(
    _ node: DraftNode, _ values: [Int64]
  ) throws(ModelError) -> [Int] {
    let shape = try TensorReader.extents(values, of: node.name)
    guard shape.reduce(1, *) <= mostElements else { throw refuseSize(node) }
    return shape
  }

  static func constantOfShape(
    _ node: DraftNode, _ inputs: [Tensor?]
  ) throws(ModelError) -> Tensor {
    let shape = try extents(node, integers(node, inputs, 0))
    let count = shape.reduce(1, *)
    guard let value = node.attributes["value"] else {
      return tensor(shape, [Float](repeating: 0, count: count))
    }
    guard case .tensor(let one) = value, one.count == 1 else {
      throw .invalid(node: node.name, what: "the value of ConstantOfShape is not one number")
    }
    return picked(one, shape, [Int](repeating: 0, count: count))
  }

  static func expanded(
    _ node: DraftNode, _ inputs: [Tensor?]
  ) throws(ModelError) -> Tensor {
    let x = try operand(node, inputs, 0)
    let target = try extents(node, integers(node, inputs, 1))
    return try spread(node, x, to: shape(node, [x.shape, target]))
  }

  static func range(_ node: DraftNode, _ inputs: [Tensor?]) throws(ModelError) -> Tensor? {
    guard case .integer? = try operand(node, inputs, 0).constant else { return nil }
    var bounds: [Int64] = []
    for index in 0..<3 {
      guard let value = try integers(node, inputs, index).first else { return nil }
      bounds.append(value)
    }
    guard bounds[2] != 0 else { throw .invalid(node: node.name, what: "Range with a step of 0") }
    var (values, next) = ([Int64](), bounds[0])
    while bounds[2] > 0 ? next < bounds[1] : next > bounds[1] {
      guard values.count < mostElements else { throw refuseSize(node) }
      values.append(next)
      let (sum, overflow) = next.addingReportingOverflow(bounds[2])
      guard !overflow else { break }
      next = sum
    }
    guard !values.isEmpty else { throw .invalid(node: node.name, what: "Range of nothing") }
    return list([values.count], values)
  }

  static func product(
    _ node: DraftNode, _ inputs: [Tensor?]
  ) throws(ModelError) -> Tensor? {
    // Over a list of extents, which is all that exporters use it for.
    let x = try operand(node, inputs, 0)
    guard x.shape.count <= 1, case .integer(let values)? = x.constant else { return nil }
    var result = Int64(1)
    for value in values {
      result = try checked(node, result.multipliedReportingOverflow(by: value))
    }
    return list(try node.integer("keepdims", default: 1) == 0 ? [] : [1], [result])
  }
}
