import Model

/// Constants' bytes that stand in files beside the model, as PyTorch's exporter writes them.
///
/// What a file names is not trusted: a name that leads out of the model's folder is refused, and sizes are
/// compared before anything is read. Source: onnx/docs/ExternalData.md.
struct ExternalData {
  /// Of the model and of what is read beside it.
  static let mostBytes = 1 << 31

  private let companions: (any CompanionFiles)?
  private var sizes: [[String]: Int] = [:]
  /// All files' bytes, each counted once: what constants may ask for altogether.
  private var available = 0
  /// What constants have read.
  private(set) var read = 0

  init(_ companions: (any CompanionFiles)?) { self.companions = companions }

  /// The tensor with its bytes inside.
  mutating func resolved(
    _ tensor: TensorProto, named name: String
  ) throws(ModelError) -> TensorProto {
    guard tensor.dataLocation != 0 || !tensor.externalData.isEmpty else { return tensor }
    let entries = Dictionary(
      tensor.externalData.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    guard let location = entries["location"] else {
      throw .invalid(node: "", what: "tensor \"\(name)\" names no file that holds its data")
    }
    let path = try Self.path(location, of: name)
    guard let companions else {
      throw .unsupported(
        node: "", what: "tensor \"\(name)\" keeps its data in the file \"\(location)\"",
        remedy: "name the model as a file in a folder that holds it, or save the model with its "
          + "weights inside")
    }
    let size = try size(of: path, location, companions)
    let start = try Self.number(entries["offset"], "offset", of: name) ?? 0
    let count = try Self.number(entries["length"], "length", of: name) ?? max(0, size - start)
    guard start <= size, count <= size - start else {
      throw .invalid(
        node: "",
        what: "tensor \"\(name)\" is \(count) bytes from \(start) on of \"\(location)\", which has "
          + "\(size)")
    }
    guard count <= available - read else {
      throw .unsupported(
        node: "", what: "tensors read \"\(location)\" over and over",
        remedy: "let nodes share a constant by its name")
    }
    read += count
    var result = tensor
    (result.externalData, result.dataLocation) = ([], 0)
    do throws(CompanionFault) {
      let bytes = try companions.bytes(of: path, in: start..<start + count)
      guard bytes.count == count else { throw CompanionFault.unreadable("it ends too early") }
      result.rawData = bytes[...]
    } catch {
      throw Self.refusal(error, location)
    }
    return result
  }

  private mutating func size(
    of path: [String], _ location: String, _ companions: any CompanionFiles
  ) throws(ModelError) -> Int {
    if let known = sizes[path] { return known }
    let size: Int
    do throws(CompanionFault) {
      size = try companions.size(of: path)
    } catch {
      throw Self.refusal(error, location)
    }
    guard size >= 0, size <= Self.mostBytes - available else {
      throw .unsupported(
        node: "", what: "\"\(location)\" makes the model larger than \(Self.mostBytes) bytes",
        remedy: "use a smaller network")
    }
    sizes[path] = size
    available += size
    return size
  }

  /// The names of a relative path that stays in the model's folder.
  private static func path(_ location: String, of name: String) throws(ModelError) -> [String] {
    let path = location.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let isPlain = path.allSatisfy { part in
      !["", ".", ".."].contains(part) && !part.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "\\") }
    }
    guard isPlain, location.utf8.count <= 4096 else {
      throw .unsupported(
        node: "",
        what: "tensor \"\(name)\" keeps its data in \"\(location.prefix(64))\", which is no plain "
          + "name of a file beside the model",
        remedy: "save the model again, with its data beside it")
    }
    return path
  }

  private static func number(
    _ text: String?, _ key: String, of name: String
  ) throws(ModelError) -> Int? {
    guard let text else { return nil }
    guard let value = Int(text), value >= 0 else {
      throw .invalid(
        node: "", what: "tensor \"\(name)\" has the \(key) \"\(text.prefix(64))\" in its file")
    }
    return value
  }

  private static func refusal(_ fault: CompanionFault, _ location: String) -> ModelError {
    let remedy = "put it beside the model, as it was saved"
    switch fault {
    case .missing:
      return .unsupported(
        node: "", what: "the file \"\(location)\" with the model's data is not there",
        remedy: remedy)
    case .isLink:
      return .unsupported(
        node: "", what: "\"\(location)\", which has the model's data, is a link",
        remedy: "put the file itself beside the model")
    case .isNoFile:
      return .unsupported(
        node: "", what: "\"\(location)\", which has the model's data, is no file", remedy: remedy)
    case .unreadable(let reason):
      return .unsupported(
        node: "", what: "the file \"\(location)\" with the model's data cannot be read: \(reason)",
        remedy: "")
    }
  }
}
