import Model

/// Counts the messages of an ONNX file before it is decoded: one of two bytes becomes some hundred bytes of
/// memory.
///
/// Source: field numbers of onnx.proto.
struct MessageCount {
  /// Of nodes, attributes, constants and descriptions of tensors, those of functions and of graphs in attributes
  /// included.
  static let most = 1 << 18

  private enum Kind {
    case model, function, graph, node, attribute
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
      var reader = WireReader(bytes, at: range)
      while let field = try? reader.next() {
        if field.form == .bytes {
          guard let value = try? reader.range() else { return }
          try note(field.number, of: kind, value)
        } else {
          guard (try? reader.skip(field)) != nil else { return }
        }
      }
    }
  }

  private mutating func note(
    _ field: Int, of kind: Kind, _ range: Range<Int>
  ) throws(ModelError) {
    switch (kind, field) {
    case (.model, 7), (.attribute, 6), (.attribute, 11): pending.append((.graph, range))
    case (.model, 25):
      count += 1
      pending.append((.function, range))
    case (.graph, 1), (.function, 7):
      count += 1
      pending.append((.node, range))
    case (.node, 5), (.function, 11):
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
}
