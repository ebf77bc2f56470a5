import Foundation
import Tacit
import TestSupport
import Testing

/// Models of which not every node can be proven, at the command line.
struct UnsupportedModelTests {
  private let tacit: Program

  init() throws { tacit = try Program(named: "tacit") }

  private static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Vectors/networks/unsupported/" + name).path
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test(arguments: [
    ("unsupported.tflite", "SVDF \"svdf\"", 6), ("unsupported.onnx", "Hardmax \"hardmax\"", 4),
  ])
  func `compile names every node, and exits with 2`(
    file: String, first: String, count: Int
  ) throws {
    try Folder.with { folder in
      let result = try tacit.run(["compile", Self.path(file), "-o", "x"], in: folder.url)
      #expect(result.status == 2 && result.output.isEmpty)
      let lines = result.errors.split(separator: "\n")
      #expect(
        lines.first?.hasSuffix("\(file): \(count) nodes of the model are not supported:") == true,
        "\(result.errors)")
      #expect(lines.count == count + 2 && lines[1].hasPrefix("  \(first): "))
      #expect(try folder.names.isEmpty)
      let json = try tacit.run(["compile", "--json", Self.path(file), "-o", "x"], in: folder.url)
      #expect(json.status == 2)
      let nodes = try #require(try object(json.output)["unsupported"] as? [[String: Any]])
      #expect(nodes.count == count)
      for node in nodes {
        #expect(Set(node.keys) == ["name", "operator", "what", "remedy"])
        #expect(node.values.allSatisfy { ($0 as? String)?.isEmpty == false }, "\(node)")
      }
    }
  }

  @Test func `what tensors hold is judged at every node, in the file's words`() throws {
    let unwritten = FileManager.default.temporaryDirectory.appendingPathComponent("unwritten").path
    for verb in [
      ["compile", Self.path("checked.tflite"), "-o", unwritten],
      ["inspect", Self.path("checked.tflite")],
    ] {
      let result = try tacit.run(verb + ["--json"])
      #expect(result.status == 2)
      let shown = try object(result.output)
      let nodes = try #require((shown["unsupported"] ?? shown["problems"]) as? [[String: String]])
      #expect(nodes.map { $0["name"] } == ["biased", "middle"])
      #expect(nodes.map { $0["operator"] } == ["FULLY_CONNECTED", "SOFTMAX"])
      #expect(nodes[0]["what"]?.contains("bias \"b\" has a zero point") == true, "\(nodes)")
    }
  }

  @Test func `inspect shows which nodes can be proven, and exits with 2 when not all can`() throws {
    let result = try tacit.run(["inspect", Self.path("unsupported.onnx")])
    #expect(result.status == 2)
    #expect(result.errors.hasSuffix("4 obstacles to proving it are listed above\n"))
    for words in [
      "nodes           14, 5 of them supported", "no [1]",
      "MatMul    product  ?       ?        not used", "unclear: it reads what an unsupported",
      "[1] the operator is not supported; ", "Gemm      dense    [1, 8]  float32  yes",
    ] {
      #expect(plain(result.output).contains(plain(words)), "\(words) in \(result.output)")
    }
    let json = try tacit.run(["inspect", "--json", Self.path("unsupported.onnx")])
    #expect(json.status == 2)
    let model = try object(json.output)
    #expect(model["supported"] as? Bool == false)
    let nodes = try #require(model["nodes"] as? [[String: Any]])
    #expect(nodes.count == 14)
    #expect(nodes.count { $0["supported"] as? Bool == false } == 4)
    #expect((model["problems"] as? [Any])?.count == 4)
  }

  @Test func `a model that can be proven exits with 0`() throws {
    let result = try tacit.run(["inspect", Digits.path("model-int8-qdq.onnx")])
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.output.contains("supported       yes"))
  }

  @Test func `a file that is no model is told so in plain words`() throws {
    try Folder.with { folder in
      try folder.write(Array(Digits.bytes("model.onnx").prefix(5000)), "cut.onnx")
      for verb in [["inspect", "cut.onnx"], ["compile", "cut.onnx", "-o", "x"]] {
        let result = try tacit.run(verb, in: folder.url)
        #expect(result.status == 2)
        #expect(result.errors.contains("not an ONNX model, or one that is cut off or damaged"))
        #expect(!result.errors.contains("malformedProtobuf"))
      }
    }
  }

  /// Without the columns' widths.
  private func plain(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
