/// Shapes and axes as several operators read them.
enum SourceShapes {
  static func first(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    guard let first = inputs.first, let first else {
      throw .invalid(node: "", what: "its input is missing")
    }
    return first.shape
  }

  /// Axes, negative ones counting from the end; nil are all.
  static func axes(_ list: [Int64]?, of shape: [Int]) throws(ModelError) -> Set<Int> {
    guard let list else { return Set(shape.indices) }
    var result: Set<Int> = []
    for axis in list { result.insert(try self.axis(axis, of: shape)) }
    return result
  }

  /// An axis, a negative one counting from the end.
  static func axis(_ axis: Int64, of shape: [Int]) throws(ModelError) -> Int {
    let rank = Int64(shape.count)
    guard axis >= -rank, axis < rank else {
      throw .invalid(node: "", what: "a shape of \(shape) has no axis \(axis)")
    }
    return Int(axis < 0 ? axis + rank : axis)
  }
}
