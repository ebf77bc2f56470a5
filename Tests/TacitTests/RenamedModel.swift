import Foundation

/// An ONNX file with other names in it: of the graph, of nodes, of the tensors between them. Written
/// against the wire format of protocol buffers, as a stranger would who has no library that objects.
struct RenamedModel {
  private enum Message {
    case model, graph, node, value, tensor
  }
  /// Puts something after each name that is not empty.
  let suffix: String
  /// Also after each operator's name, which makes it unknown.
  var renamesOperators = false

  func file(_ model: [UInt8]) -> [UInt8] { rewritten(model[...], .model) }

  private func rewritten(_ bytes: ArraySlice<UInt8>, _ message: Message) -> [UInt8] {
    var (rest, result) = (bytes, [UInt8]())
    while !rest.isEmpty {
      let key = Self.number(&rest)
      result += Self.encoded(key)
      switch key & 7 {
      case 0: result += Self.encoded(Self.number(&rest))
      case 1, 5:
        let count = key & 7 == 1 ? 8 : 4
        result += rest.prefix(count)
        rest = rest.dropFirst(count)
      default:
        let count = Self.number(&rest)
        let field = field(rest.prefix(count), key >> 3, message)
        result += Self.encoded(field.count) + field
        rest = rest.dropFirst(count)
      }
    }
    return result
  }

  private func field(_ bytes: ArraySlice<UInt8>, _ number: Int, _ message: Message) -> [UInt8] {
    switch (message, number) {
    case (.model, 7): rewritten(bytes, .graph)
    case (.graph, 1): rewritten(bytes, .node)
    case (.graph, 5): rewritten(bytes, .tensor)
    case (.graph, 11), (.graph, 12), (.graph, 13): rewritten(bytes, .value)
    case (.graph, 2), (.node, 1), (.node, 2), (.node, 3), (.value, 1), (.tensor, 8): named(bytes)
    case (.node, 4): renamesOperators ? named(bytes) : Array(bytes)
    default: Array(bytes)
    }
  }

  private func named(_ name: ArraySlice<UInt8>) -> [UInt8] {
    name.isEmpty ? [] : Array(name) + Array(suffix.utf8)
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> Int {
    var (value, shift) = (0, 0)
    while let byte = rest.popFirst() {
      value |= Int(byte & 0x7F) << shift
      shift += 7
      if byte < 0x80 { break }
    }
    return value
  }

  private static func encoded(_ number: Int) -> [UInt8] {
    var (rest, bytes) = (UInt(bitPattern: number), [UInt8]())
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
