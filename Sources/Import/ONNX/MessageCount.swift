import Model

/// Counts the messages of an ONNX file before it is decoded: one of two bytes becomes some hundred bytes of
/// memory.
///
/// Source: the wire format of Protocol Buffers; field numbers of onnx.proto.
struct MessageCount {
  /// Of nodes, attributes, constants and descriptions of tensors, those of graphs in attributes included.
  static let most = 1 << 18

  private enum Kind {
    case model, graph, node, attribute
  }

  private let bytes: [UInt8]
  private var pending: [(kind: Kind, range: Range<Int>)]
  private var count = 0

  /// - Throws: where there are too many. What is no such file is left to the decoder.
  static func check(_ bytes: [UInt8]) throws(ModelError) {
    var counter = MessageCount(bytes: bytes, pending: [(.model, bytes.indices)])
    try counter.run()
  }

  private init(bytes: [UInt8], pending: [(kind: Kind, range: Range<Int>)]) {
    self.bytes = bytes
    self.pending = pending
  }

  private mutating func run() throws(ModelError) {
    while let (kind, range) = pending.popLast() {
      var place = range.lowerBound
      while place < range.upperBound, let key = varint(&place, range.upperBound) {
        switch key & 7 {
        case 0: _ = varint(&place, range.upperBound)
        case 1: place += 8
        case 2:
          guard let length = varint(&place, range.upperBound),
            length <= UInt64(range.upperBound - place)
          else { return }
          try note(Int(clamping: key >> 3), of: kind, place..<(place + Int(length)))
          place += Int(length)
        case 5: place += 4
        default: break
        }
      }
    }
  }

  private mutating func note(
    _ field: Int, of kind: Kind, _ range: Range<Int>
  ) throws(ModelError) {
    switch (kind, field) {
    case (.model, 7), (.attribute, 6), (.attribute, 11): pending.append((.graph, range))
    case (.graph, 1):
      count += 1
      pending.append((.node, range))
    case (.node, 5):
      count += 1
      pending.append((.attribute, range))
    case (.graph, 5), (.graph, 11...15), (.attribute, 10), (.attribute, 15), (.attribute, 23):
      count += 1
    default: return
    }
    guard count <= Self.most, pending.count <= Self.most else {
      throw .unsupported(
        node: "", what: "a model of more than \(Self.most) nodes, attributes and tensors",
        remedy: "use a smaller network")
    }
  }

  private func varint(_ place: inout Int, _ end: Int) -> UInt64? {
    var (value, shift) = (UInt64(0), UInt64(0))
    while place < end, shift < 64 {
      let byte = bytes[place]
      place += 1
      value |= UInt64(byte & 127) << shift
      if byte < 128 { return value }
      shift += 7
    }
    return nil
  }
}
