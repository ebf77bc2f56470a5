import Model

/// The extents of a model's inputs, where the file leaves some open.
///
/// An open first extent is a batch and read as one. Others are what the user says, and so is whatever other
/// inputs call by the same name.
struct InputShapes {
  private let given: [String: [Int]]
  /// Extents by the names that the file has for them.
  private var named: [String: Int] = [:]
  /// Those of them that nobody gave: names of a batch.
  private var batches: Set<String> = []

  /// - Parameters:
  ///   - inputs: as the file states them.
  ///   - given: by the user.
  init(_ inputs: [ValueInfoProto], given: [String: [Int]]) throws(ModelError) {
    self.given = given
    let known = Set(inputs.map(\.name))
    if let name = given.keys.filter({ !known.contains($0) }).min() {
      let names = inputs.prefix(16).map { "\"\($0.name)\"" }.joined(separator: ", ")
      throw .unsupported(
        node: "", what: "a shape is given for \"\(name)\", which is no input of the model",
        remedy: "its inputs are \(names)")
    }
    for input in inputs {
      guard let shape = input.type?.tensorType?.shape, let own = given[input.name] else { continue }
      try fit(own, shape, of: input.name)
    }
    for input in inputs where given[input.name] == nil {
      guard let shape = input.type?.tensorType?.shape, shape.dim.count > 1,
        case .named(let name)? = shape.dim.first?.extent, named[name] == nil
      else { continue }
      named[name] = 1
      batches.insert(name)
    }
  }

  /// Makes sure that a given shape is one of those that the file allows.
  private mutating func fit(
    _ own: [Int], _ shape: TensorShapeProto, of name: String
  ) throws(ModelError) {
    let misfit = ModelError.unsupported(
      node: "", what: "the shape \(own) is given for input \"\(name)\"",
      remedy: "the model's own is \(shape.text)")
    guard own.count == shape.dim.count else { throw misfit }
    for (extent, dimension) in zip(own, shape.dim) {
      switch dimension.extent {
      case .fixed(let value): guard value == Int64(extent) else { throw misfit }
      case .open: break
      case .named(let name):
        guard named[name, default: extent] == extent else { throw misfit }
        named[name] = extent
      }
    }
  }

  /// - Parameter shape: as the file states it; nil where it says nothing.
  /// - Returns: the extents, and whether an open batch was read as one.
  func extents(
    of name: String, _ shape: TensorShapeProto?
  ) throws(ModelError) -> (extents: [Int64], isOpenBatch: Bool) {
    if let own = given[name] { return (own.map { Int64($0) }, false) }
    guard let shape else {
      throw .unsupported(
        node: "", what: "input \"\(name)\" is a tensor of unknown shape",
        remedy: "give its shape, as in --shape \(name.argument)=1,3,224,224")
    }
    var (extents, isOpenBatch) = ([Int64](), false)
    for (axis, dimension) in shape.dim.enumerated() {
      switch dimension.extent {
      case .fixed(let value): extents.append(value)
      case .named(let symbol):
        guard let value = named[symbol] else { throw open(name, axis, shape) }
        extents.append(Int64(value))
        isOpenBatch = isOpenBatch || (axis == 0 && batches.contains(symbol))
      case .open:
        guard axis == 0, shape.dim.count > 1 else { throw open(name, axis, shape) }
        extents.append(1)
        isOpenBatch = true
      }
    }
    return (extents, isOpenBatch)
  }

  private func open(_ name: String, _ axis: Int, _ shape: TensorShapeProto) -> ModelError {
    let example = shape.dim.enumerated().map { place, dimension in
      switch dimension.extent {
      case .fixed(let value): "\(value)"
      case .open: place == 0 && shape.dim.count > 1 ? "1" : "N"
      case .named(let symbol): named[symbol].map(String.init) ?? "N"
      }
    }
    var label = "unnamed"
    if case .named(let symbol) = shape.dim[axis].extent { label = "\"\(symbol)\"" }
    return .unsupported(
      node: "", what: "input \"\(name)\": dimension \(axis) (\(label)) has no fixed extent",
      remedy: "say which, as in --shape \(name.argument)=\(example.joined(separator: ",")) with a "
        + "number for N")
  }
}

extension TensorShapeProto {
  fileprivate var text: String {
    let extents = dim.map { dimension in
      switch dimension.extent {
      case .fixed(let value): "\(value)"
      case .open: "?"
      case .named(let name): name
      }
    }
    return "[" + extents.joined(separator: ", ") + "]"
  }
}

extension TensorShapeProto.Dimension {
  enum Extent {
    case fixed(Int64)
    case open
    case named(String)
  }

  /// Exporters write 0, −1 and names without a letter for extents that they do not know.
  var extent: Extent {
    switch value {
    case .dimValue(let value)?: value == 0 || value == -1 ? .open : .fixed(value)
    case .dimParam(let name)?: name.isEmpty ? .open : .named(name)
    case nil: .open
    }
  }
}

extension String {
  /// As one word of a command line.
  fileprivate var argument: String {
    let plain = utf8.allSatisfy { byte in
      ("a"..."z").contains(Character(UnicodeScalar(byte)))
        || ("A"..."Z").contains(Character(UnicodeScalar(byte)))
        || ("0"..."9").contains(Character(UnicodeScalar(byte))) || "._-/:+".utf8.contains(byte)
    }
    return plain && !isEmpty ? self : "'" + replacing("'", with: "'\\''") + "'"
  }
}
