/// ONNX models written field by field, so that they may say what no exporter says.
package enum ONNXBytes {
  package static func number(_ value: Int) -> [UInt8] {
    var (rest, result) = (UInt64(bitPattern: Int64(value)), [UInt8]())
    while rest > 127 {
      result.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    return result + [UInt8(rest)]
  }

  package static func field(_ id: Int, _ value: Int) -> [UInt8] { number(id << 3) + number(value) }

  package static func field(_ id: Int, _ bytes: [UInt8]) -> [UInt8] {
    number(id << 3 | 2) + number(bytes.count) + bytes
  }

  package static func field(_ id: Int, _ text: String) -> [UInt8] { field(id, Array(text.utf8)) }

  package static func model(_ graph: [UInt8]...) -> [UInt8] {
    field(1, 8) + field(7, graph.flatMap(\.self)) + field(8, field(1, "") + field(2, 17))
  }

  package static func node(
    _ type: String, _ inputs: [String], _ outputs: [String], _ attributes: [UInt8]...
  ) -> [UInt8] {
    let names = inputs.flatMap { field(1, $0) } + outputs.flatMap { field(2, $0) }
    return field(1, names + field(4, type) + attributes.flatMap(\.self))
  }

  package static func attribute(_ name: String, _ value: Int) -> [UInt8] {
    field(5, field(1, name) + field(3, value) + field(20, 2))
  }

  package static func attribute(_ name: String, _ values: [Int]) -> [UInt8] {
    field(5, field(1, name) + values.flatMap { field(8, $0) } + field(20, 7))
  }

  package static func attribute(_ name: String, _ text: String) -> [UInt8] {
    field(5, field(1, name) + field(4, text) + field(20, 3))
  }

  package static func input(_ name: String, _ shape: [Int]) -> [UInt8] {
    let extents = shape.flatMap { field(1, field(1, $0)) }
    return field(11, field(1, name) + field(2, field(1, field(1, 1) + field(2, extents))))
  }

  package static func output(_ name: String) -> [UInt8] {
    field(12, field(1, name) + field(2, field(1, field(1, 1))))
  }

  package static func reals(_ name: String, _ shape: [Int], _ values: [Float]) -> [UInt8] {
    constant(name, shape, type: 1, values.flatMap { little($0.bitPattern) })
  }

  package static func integers(_ name: String, _ shape: [Int], _ values: [Int]) -> [UInt8] {
    constant(name, shape, type: 7, values.flatMap { little(Int64($0)) })
  }

  package static func constant(
    _ name: String, _ shape: [Int], type: Int, _ raw: [UInt8]
  ) -> [UInt8] {
    field(5, shape.flatMap { field(1, $0) } + field(2, type) + field(8, name) + field(9, raw))
  }

  /// Nodes one after the other from `x` to `y`, as many as `bytes` hold.
  package static func chain(
    _ type: String, _ others: [String] = [], _ attributes: [UInt8] = [], bytes: Int = 1 << 20
  ) -> [UInt8] {
    var (result, last, count) = ([UInt8](), "x", 0)
    while result.count < bytes - 5000 {
      let next = "t" + String(count, radix: 36)
      result += node(type, [last] + others, [next], attributes)
      (last, count) = (next, count + 1)
    }
    return result + node(type, [last] + others, ["y"], attributes)
  }

  package static func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> Value(8 * $0)) }
  }
}
