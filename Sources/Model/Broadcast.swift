/// ONNX's multidirectional broadcasting.
enum Broadcast {
  /// The common extents, or nil when two extents differ and neither is 1.
  static func shape(_ a: [Int], _ b: [Int]) -> [Int]? {
    let rank = max(a.count, b.count)
    let first = [Int](repeating: 1, count: rank - a.count) + a
    let second = [Int](repeating: 1, count: rank - b.count) + b
    var result: [Int] = []
    for (x, y) in zip(first, second) {
      guard x == y || x == 1 || y == 1 else { return nil }
      result.append(x == 1 ? y : x)
    }
    return result
  }

  /// The values repeated to `shape`, which `shape(_:_:)` made from theirs.
  static func expand<Element>(_ values: Values<Element>, to shape: [Int]) -> [Element] {
    let count = shape.reduce(1, *)
    if values.elements.count == count { return values.elements }
    let own = [Int](repeating: 1, count: shape.count - values.shape.count) + values.shape
    var strides: [Int] = []
    var stride = 1
    for extent in own.reversed() {
      strides.append(extent == 1 ? 0 : stride)
      stride *= extent
    }
    return (0..<count).map { index in
      var (rest, position) = (index, 0)
      for (extent, stride) in zip(shape.reversed(), strides) {
        position += rest % extent * stride
        rest /= extent
      }
      return values.elements[position]
    }
  }
}
