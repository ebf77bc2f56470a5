/// TFLite models written by hand: objects may be shared, as FlatBuffers allow.
package struct TFLiteBytes {
  package indirect enum Object {
    /// Fields by number.
    case table([Int: Field])
    /// Elements as bytes, so many of them.
    case scalars(count: Int, [UInt8])
    /// Objects by index.
    case references([Int])
  }

  package enum Field {
    case byte(Int8)
    case int(Int32)
    /// An object by index.
    case reference(Int)

    var size: Int { if case .byte = self { 1 } else { 4 } }
  }

  private var objects: [Object] = []

  package init() {}

  package mutating func add(_ object: Object) -> Int {
    objects.append(object)
    return objects.count - 1
  }

  package mutating func ints(_ values: [Int]) -> Int {
    add(.scalars(count: values.count, values.flatMap { ONNXBytes.little(Int32($0)) }))
  }

  package mutating func text(_ text: String) -> Int {
    add(.scalars(count: text.utf8.count, Array(text.utf8)))
  }

  /// Int8 at a scale of 0.1; one of several scales where there are more.
  package mutating func tensor(_ name: String, _ shape: Int, buffer: Int = 0, scales: Int = 1)
    -> Int
  {
    let scale = add(
      .scalars(
        count: scales,
        (0..<scales).flatMap { _ in ONNXBytes.little(Float(0.1).bitPattern) }))
    let zeros = add(.scalars(count: scales, [UInt8](repeating: 0, count: 8 * scales)))
    let quantization = add(.table([2: .reference(scale), 3: .reference(zeros)]))
    return add(
      .table([
        0: .reference(shape), 1: .byte(9), 2: .int(Int32(buffer)), 3: .reference(text(name)),
        4: .reference(quantization),
      ]))
  }

  package mutating func node(
    _ inputs: [Int], _ outputs: [Int], options: (union: Int8, table: Int)? = nil
  ) -> Int {
    var fields: [Int: Field] = [
      0: .int(0), 1: .reference(ints(inputs)), 2: .reference(ints(outputs)),
    ]
    if let options {
      fields[3] = .byte(options.union)
      fields[4] = .reference(options.table)
    }
    return add(.table(fields))
  }

  /// A model of one kind of operator.
  package consuming func model(
    operator code: Int, tensors: [Int], nodes: [Int], inputs: [Int], outputs: [Int],
    buffer: [UInt8] = []
  ) -> [UInt8] {
    let codes = add(
      .references([add(.table([0: .byte(Int8(min(code, 127))), 3: .int(Int32(code))]))]))
    let graph = add(
      .table([
        0: .reference(add(.references(tensors))), 1: .reference(ints(inputs)),
        2: .reference(ints(outputs)), 3: .reference(add(.references(nodes))),
      ]))
    let data = add(.scalars(count: buffer.count, buffer))
    let buffers = add(.references([add(.table([:])), add(.table([0: .reference(data)]))]))
    let root = add(
      .table([
        0: .int(3), 1: .reference(codes), 2: .reference(add(.references([graph]))),
        4: .reference(buffers),
      ]))
    return bytes(root)
  }

  /// Offsets lead forwards: an object that is referred to from after it is written again.
  private func bytes(_ root: Int) -> [UInt8] {
    var result: [UInt8] = [0, 0, 0, 0] + Array("TFL3".utf8)
    var places: [Int: Int] = [:]
    var pending: [(from: Int, to: Int)] = [(0, root)]
    var next = 0
    while next < pending.count {
      let (from, to) = pending[next]
      next += 1
      if let place = places[to], place > from {
        Self.patch(&result, from, place - from)
        continue
      }
      while result.count % 4 != 0 { result.append(0) }
      var place = result.count
      switch objects[to] {
      case .scalars(let count, let bytes): result += ONNXBytes.little(Int32(count)) + bytes
      case .references(let targets):
        result += ONNXBytes.little(Int32(targets.count))
        for target in targets {
          pending.append((result.count, target))
          result += [0, 0, 0, 0]
        }
      case .table(let fields):
        let count = (fields.keys.max() ?? -1) + 1
        var (offsets, size) = ([Int](repeating: 0, count: count), 4)
        for id in fields.keys.sorted() {
          let own = fields[id]?.size ?? 4
          size = (size + own - 1) / own * own
          offsets[id] = size
          size += own
        }
        result += ([4 + 2 * count, size] + offsets).flatMap { ONNXBytes.little(UInt16($0)) }
        while result.count % 4 != 0 { result.append(0) }
        place = result.count
        // Back to its vtable, which was written just before.
        result += ONNXBytes.little(Int32((4 + 2 * count + 3) / 4 * 4))
        result += [UInt8](repeating: 0, count: size - 4)
        for (id, field) in fields {
          switch field {
          case .byte(let value): result[place + offsets[id]] = UInt8(bitPattern: value)
          case .int(let value): Self.patch(&result, place + offsets[id], Int(value))
          case .reference(let target): pending.append((place + offsets[id], target))
          }
        }
      }
      places[to] = place
      Self.patch(&result, from, place - from)
    }
    return result
  }

  private static func patch(_ bytes: inout [UInt8], _ place: Int, _ value: Int) {
    bytes.replaceSubrange(place..<(place + 4), with: ONNXBytes.little(Int32(value)))
  }
}
