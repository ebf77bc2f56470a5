import ConstraintSystem
import Model

/// The parts of a TFLite file on their way to a `Graph`: tensors keep their indices; those that no
/// operator touches stay empty.
///
/// Extents that a file leaves open are worked out from those of the inputs, as the runtime does it.
struct TFLiteDraft {
  struct Draft {
    var type: String
    /// Whether the type is what ONNX calls it.
    var isONNX = false
    var version: Int
    var name: String
    var attributes: [String: SourceNode.Attribute]
    var inputs: [Int?]
    var outputs: [Int]
    /// Why it cannot be read.
    var refusal: ModelError?
  }

  var tensors: [Tensor] = []
  private(set) var notes: [String] = []
  /// Tensors that cannot be read, and why.
  private(set) var unreadable: [Int: ModelError] = [:]
  /// Tensors with extents that the file leaves open, and which; what it states of them is no more than a
  /// placeholder.
  var openAxes: [Int: [Int]] = [:]
  /// Numbers that folding constants may still read and make: many nodes may name one constant.
  var budget: Int
  private let model: FlatTable
  private let subgraph: FlatTable
  private let tensorTables: FlatVector?
  private var isRead: [Bool]
  private var constants: TFLiteConstants

  static let operands = 16

  init(_ model: FlatTable, _ subgraph: FlatTable) throws(ModelError) {
    self.model = model
    self.subgraph = subgraph
    tensorTables = try subgraph.vector(0, size: 4)
    let count = tensorTables?.count ?? 0
    guard count <= ModelLimits.tensors else {
      throw .unsupported(
        node: "", what: "\(count) tensors", remedy: "at most \(ModelLimits.tensors) are read")
    }
    tensors = [Tensor](repeating: Tensor(name: "", shape: [1], type: .int8), count: count)
    isRead = [Bool](repeating: false, count: count)
    constants = try TFLiteConstants(model)
    budget = ModelLimits.constants(bytes: model.buffer.bytes.count)
  }

  /// All operators; those that cannot be read say why.
  mutating func nodes() throws(ModelError) -> [Draft] {
    let codes = try model.vector(1, size: 4)
    guard let operators = try subgraph.vector(3, size: 4), operators.count > 0 else {
      throw .invalid(node: "", what: "the model holds no operator")
    }
    guard operators.count <= ModelLimits.nodes else {
      throw .unsupported(
        node: "", what: "\(operators.count) operators",
        remedy: "at most \(ModelLimits.nodes) are read")
    }
    var drafts: [Draft] = []
    var names: Set<String> = []
    for index in 0..<operators.count {
      let table = try operators.table(index)
      var draft = try operation(table, codes)
      draft.name = try name(table, draft.type, index)
      if !names.insert(draft.name).inserted {
        draft.name += "#\(index)"
        names.insert(draft.name)
      }
      draft.refusal = Self.unknown(draft)
      do throws(ModelError) {
        try readContents(of: &draft, table)
      } catch {
        draft.refusal = draft.refusal ?? error.at(draft.name)
      }
      drafts.append(draft)
    }
    return drafts
  }

  private static func unknown(_ draft: Draft) -> ModelError? {
    guard TFLiteFolding.form(draft.type) == nil else { return nil }
    return .unsupportedOperator(
      node: draft.name, type: draft.type, opset: draft.version,
      supported: supported)
  }

  static let supported =
    (Operators.supported(.tflite(version: 0)) + TFLiteReals.forms.keys).sorted()

  /// Operands first: they are read even where the operator or its options cannot be.
  private mutating func readContents(
    of draft: inout Draft, _ table: FlatTable
  ) throws(ModelError) {
    draft.outputs = try operands(table, 2).compactMap(\.self)
    draft.inputs = try operands(table, 1)
    if let order = Operators.form(tflite: draft.type)?.operands {
      let stated = draft.inputs
      draft.inputs = order.map { stated.indices.contains($0) ? stated[$0] : nil }
    }
    for index in draft.inputs.compactMap(\.self) + draft.outputs {
      if let error = unreadable[index] { throw error }
    }
    if draft.refusal == nil { draft.attributes = try TFLiteOptions.read(table, draft.type) }
  }

  /// The network's inputs, of which a first extent that is open is a batch of one.
  mutating func inputs() throws(ModelError) -> [Int] {
    let inputs = try ends(1, "inputs")
    for input in inputs {
      guard let axes = openAxes.removeValue(forKey: input) else { continue }
      let tensor = tensors[input]
      guard axes == [0], tensor.shape[0] == 1 else {
        throw .unsupported(
          node: "",
          what: "input \"\(tensor.name)\": dimension \(axes.last ?? 0) has no fixed extent",
          remedy: "export the model with static shapes; only the first, the batch, may be open")
      }
      let note = "an open first dimension, the batch, is read as 1"
      if !notes.contains(note) { notes.append(note) }
    }
    return inputs
  }

  /// The network's outputs.
  mutating func outputs() throws(ModelError) -> [Int] { try ends(2, "outputs") }

  /// Reads the tensors of a list of them.
  private mutating func ends(_ field: Int, _ what: String) throws(ModelError) -> [Int] {
    let indices = try subgraph.vector(field, size: 4)?.int32s(limit: 64, "a list of \(what)") ?? []
    var result: [Int] = []
    for index in indices {
      try readTensor(index)
      result.append(Int(index))
    }
    return result
  }

  /// Whether the extents of a tensor are worked out, and not the file's.
  func hasOpenShape(_ index: Int) -> Bool {
    openAxes[index] != nil || (tensors[index].shape.isEmpty && tensors[index].constant == nil)
  }

  /// Which operator it is, from the model's table of operator codes.
  private func operation(
    _ table: FlatTable, _ codes: FlatVector?
  ) throws(ModelError) -> Draft {
    let index = Int(try table.int32(0))
    guard let codes, index >= 0, index < codes.count else {
      throw .invalid(node: "", what: "an operator has no code")
    }
    let code = try codes.table(index)
    // Codes from 127 on stand in a wider field; the older one then holds a placeholder.
    let builtin = max(Int32(try code.int8(0)), try code.int32(3))
    let version = Int(try code.int32(2, default: 1))
    let type: String
    if builtin == TFLiteSchema.customOperator {
      type = "custom operator \(try code.string(1) ?? "")"
    } else if TFLiteSchema.operators.indices.contains(Int(builtin)) {
      type = TFLiteSchema.operators[Int(builtin)]
    } else {
      type = "builtin operator \(builtin)"
    }
    return Draft(
      type: type, version: version, name: "", attributes: [:], inputs: [], outputs: [])
  }

  /// TFLite operators have no names: the output tensor's, up to where a converter joined several.
  private func name(_ table: FlatTable, _ type: String, _ index: Int) throws(ModelError) -> String {
    guard let outputs = try table.vector(2, size: 4), outputs.count > 0, let tensorTables else {
      return "\(type)_\(index)"
    }
    let output = Int(try outputs.buffer.int32(at: outputs.start))
    guard output >= 0, output < tensorTables.count,
      let name = try tensorTables.table(output).string(3)?.split(separator: ";").first
    else { return "\(type)_\(index)" }
    return String(name)
  }

  private mutating func operands(_ table: FlatTable, _ field: Int) throws(ModelError) -> [Int?] {
    let indices =
      try table.vector(field, size: 4)?.int32s(limit: Self.operands, "a list of tensors") ?? []
    var result: [Int?] = []
    for index in indices {
      guard index != -1 else {
        result.append(nil)
        continue
      }
      try readTensor(index)
      result.append(Int(index))
    }
    return result
  }

  private mutating func readTensor(_ index32: Int32) throws(ModelError) {
    let index = Int(index32)
    guard let tensorTables, index >= 0, index < tensors.count else {
      throw .invalid(node: "", what: "it names tensor \(index) of \(tensors.count)")
    }
    guard !isRead[index] else { return }
    isRead[index] = true
    do throws(ModelError) {
      let (tensor, axes) = try constants.tensor(tensorTables.table(index), index)
      tensors[index] = tensor
      if !axes.isEmpty { openAxes[index] = axes }
    } catch {
      unreadable[index] = error
    }
  }
}

/// Reads the options of an operator into attributes by name.
enum TFLiteOptions {
  static func read(
    _ table: FlatTable, _ type: String
  ) throws(ModelError) -> [String: SourceNode.Attribute] {
    let union = try table.uint8(3)
    guard union != 0, let options = try table.table(4) else { return [:] }
    guard let schema = TFLiteFolding.form(type)?.options, schema.union == union else {
      throw .invalid(node: "", what: "\(type) with options number \(union) of the schema")
    }
    var result: [String: SourceNode.Attribute] = [:]
    for (id, field) in schema.fields.enumerated() {
      result[field.name] = try value(options, id, field.kind)
    }
    for id in schema.fields.count..<max(schema.fields.count, options.fieldCount)
    where try options.has(id) {
      throw .unsupportedAttribute(
        node: "", type: type, attribute: "option \(id)", value: "set by a newer converter")
    }
    return result
  }

  private static func value(
    _ options: FlatTable, _ id: Int, _ kind: TFLiteForm.Kind
  ) throws(ModelError) -> SourceNode.Attribute? {
    func name(_ names: [String]) throws(ModelError) -> SourceNode.Attribute {
      let code = Int(try options.int8(id))
      return .text(names.indices.contains(code) ? names[code] : "number \(code)")
    }
    switch kind {
    case .activation: return try name(TFLiteSchema.activations)
    case .weightsFormat: return try name(TFLiteSchema.weightsFormats)
    case .type: return try name(TFLiteSchema.types)
    case .padding: return try name(TFLiteSchema.paddings)
    case .mirror: return try name(TFLiteSchema.mirrors)
    case .integer(let standard): return .integer(Int64(try options.int32(id, default: standard)))
    case .flag(let standard): return .integer(try options.bool(id, default: standard) ? 1 : 0)
    case .real: return .real(try options.float(id))
    case .integers:
      return try options.vector(id, size: 4).map { (vector) throws(ModelError) in
        .integers(try vector.int32s(limit: 16, "a list of extents").map { Int64($0) })
      }
    }
  }
}
