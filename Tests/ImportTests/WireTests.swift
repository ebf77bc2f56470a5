import Foundation
import Import
import TestSupport
import Testing

/// ONNX's messages as Google's protobuf reads them (Tests/Vectors/onnx-wire).
struct WireTests {
  struct File: Decodable {
    var cases: [Case]
    /// A model of every field.
    var sample: String
    var reading: String
    /// Of the sample's first 0, 1, 2, … bytes: a digest of how they are read.
    var prefixes: [String]
    /// Of copies with one byte changed.
    var changes: [String]
  }

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: String
    var reading: String
    var testDescription: String { name }
  }

  static let file = Result {
    try JSONDecoder().decode(File.self, from: Data(Vectors.bytes("onnx-wire/wire.json")))
  }
  static let cases = (try? file.get().cases) ?? []

  @Test func `all vectors are there`() throws {
    let file = try Self.file.get()
    let sample = try Self.bytes(file.sample)
    #expect(file.cases.count == 102 && file.changes.count == 2000)
    #expect(file.prefixes.count == sample.count + 1)
  }

  @Test(arguments: cases) func `bytes are read as protobuf reads them`(_ test: Case) throws {
    #expect(Self.reading(try Self.bytes(test.bytes)) == test.reading)
  }

  @Test func `a model is refused or read wherever it is cut off`() throws {
    let file = try Self.file.get()
    let sample = try Self.bytes(file.sample)
    #expect(Self.reading(sample) == file.reading)
    for (count, expected) in file.prefixes.enumerated() {
      #expect(Self.digest(Self.reading(Array(sample.prefix(count)))) == expected)
    }
  }

  @Test func `a model with one byte changed`() throws {
    let file = try Self.file.get()
    let sample = try Self.bytes(file.sample)
    var random = SplitMix64(seed: 13)
    for expected in file.changes {
      let place = Int(random.next() % UInt64(sample.count))
      var changed = sample
      changed[place] = UInt8(truncatingIfNeeded: random.next())
      #expect(Self.digest(Self.reading(changed)) == expected)
    }
  }

  @Test func `many short lists take time by their number`() throws {
    let one: [UInt8] = [8 << 3 | 2, 1, 5]
    let many = [[UInt8]](repeating: one, count: 300_000).flatMap(\.self)
    let node = ONNXBytes.field(1, ONNXBytes.field(5, many))
    let model = try ModelProto(reading: ONNXBytes.field(7, node))
    #expect(model.graph?.node.first?.attribute.first?.ints.count == 300_000)
  }

  private static func bytes(_ hex: String) throws -> [UInt8] {
    try stride(from: 0, to: hex.utf8.count, by: 2).map { place in
      let start = hex.index(hex.startIndex, offsetBy: place)
      return try #require(UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16))
    }
  }

  /// FNV-1a, 64 bits.
  private static func digest(_ reading: String) -> String {
    if reading == "refused" { return "-" }
    var state: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in reading.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// The texts that `make.py` writes.
extension WireTests {
  private static func reading(_ bytes: [UInt8]) -> String {
    do throws(WireError) {
      let model = try ModelProto(reading: bytes)
      let opsets = list(model.opsetImport.map { "\($0.domain):\($0.version)" })
      let functions = list(model.functions.map(text))
      return "model(\(opsets) \(model.graph.map(text) ?? "-") \(functions))"
    } catch { return "refused" }
  }

  private static func list(_ values: [some CustomStringConvertible]) -> String {
    "[" + values.map(\.description).joined(separator: ",") + "]"
  }

  private static func reals(_ values: [Float]) -> String { list(values.map(\.bitPattern)) }

  private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  private static func text(_ tensor: TensorProto) -> String {
    "tensor(\(list(tensor.dims)) \(tensor.dataType) \(reals(tensor.floatData)) "
      + "\(list(tensor.int32Data)) \(list(tensor.int64Data)) \(tensor.name) "
      + "\(tensor.rawData.map(hex) ?? "-") \(list(tensor.doubleData.map(\.bitPattern))) "
      + "\(list(tensor.uint64Data.map { UInt64(bitPattern: $0) })) "
      + "\(list(tensor.externalData.map { "\($0.key)=\($0.value)" })) \(tensor.dataLocation))"
  }

  private static func text(_ attribute: AttributeProto) -> String {
    "attribute(\(attribute.name) \(reals([attribute.f])) \(attribute.i) \(hex(attribute.s)) "
      + "\(attribute.t.map(text) ?? "-") \(attribute.g.map(text) ?? "-") "
      + "\(reals(attribute.floats)) \(list(attribute.ints)) \(attribute.type) "
      + "\(attribute.refAttrName))"
  }

  private static func text(_ node: NodeProto) -> String {
    "node(\(list(node.input)) \(list(node.output)) \(node.name) \(node.opType) "
      + "\(list(node.attribute.map(text))) \(node.domain) \(node.overload))"
  }

  private static func text(_ function: FunctionProto) -> String {
    let opsets = list(function.opsetImport.map { "\($0.domain):\($0.version)" })
    return "function(\(function.name) \(list(function.input)) \(list(function.output)) "
      + "\(list(function.node.map(text))) \(opsets) \(function.domain) "
      + "\(list(function.attributeProto.map(text))) \(function.overload))"
  }

  private static func text(_ dimension: TensorShapeProto.Dimension) -> String {
    switch dimension.value {
    case .dimValue(let extent)?: "\(extent)"
    case .dimParam(let name)?: "?" + name
    case nil: "-"
    }
  }

  private static func text(_ value: ValueInfoProto) -> String {
    guard let type = value.type else { return "value(\(value.name))" }
    guard let tensor = type.tensorType else { return "value(\(value.name) -)" }
    let shape = tensor.shape.map { list($0.dim.map(text)) } ?? "-"
    return "value(\(value.name) \(tensor.elemType) \(shape))"
  }

  private static func text(_ graph: GraphProto) -> String {
    "graph(\(list(graph.node.map(text))) \(graph.name) \(list(graph.initializer.map(text))) "
      + "\(list(graph.input.map(text))) \(list(graph.output.map(text))) "
      + "\(list(graph.valueInfo.map(text))) \(graph.sparseInitializers))"
  }
}
