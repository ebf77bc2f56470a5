import ConstraintSystem
import Foundation
import Proving
import Tacit
import TacitVerifier
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What `inspect` says of a key, and the page that it writes, against numbers counted by hand.
struct InspectionTests {
  private let tacit: Program

  init() throws { tacit = try Program(named: "tacit") }

  static func key(_ circuit: Circuit) throws -> [UInt8] {
    ModelVerifier(key: try ProverKey(circuit.system, cells: circuit.cells).verifier).file
  }

  private func json(_ circuit: Circuit) throws -> [String: Any] {
    try Folder.with { folder in
      try folder.write(Self.key(circuit), "a.verifier")
      let shown = try tacit.run(["inspect", "--json", "a.verifier"], in: folder.url)
      #expect(shown.status == 0 && shown.errors.isEmpty)
      return try #require(
        try JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [String: Any])
    }
  }

  private func page(_ circuit: Circuit) throws -> String {
    try Folder.with { folder in
      try folder.write(Self.key(circuit), "a.verifier")
      let shown = try tacit.run(
        ["inspect", "a.verifier", "--html", "report.html"], in: folder.url)
      #expect(shown.status == 0 && shown.output == "wrote report.html\n")
      return String(decoding: try folder.bytes("report.html"), as: UTF8.self)
    }
  }

  // MARK: The table

  @Test func `a convolutional circuit's layers, counted by hand`() throws {
    let shown = try json(Circuits.convnet())
    let layers = try #require(shown["layers"] as? [[String: Any]])
    func column<Value>(_ key: String) -> [Value] { layers.compactMap { $0[key] as? Value } }
    #expect(column("name") == ["x", "conv", "res", "p1r", "p1", "p2r", "p2", "avg", "out"])
    // 2·5·5; 3·5·5 twice; 3·5·2 twice; 3·2·2 twice; 3·3·3; 4.
    #expect(column("rows") == [50, 75, 75, 30, 30, 12, 12, 27, 4])
    #expect(
      column("shape") as [[Int]] == [
        [2, 5, 5], [3, 5, 5], [3, 5, 5], [3, 5, 2], [3, 5, 2], [3, 2, 2], [3, 2, 2], [3, 3, 3], [4],
      ])
    // Weights 3·2·3·3 and biases 3; 4·3·2·2, 4·3·3·3 and 4. Multipliers are no parameters.
    #expect(column("parameters") == [0, 57, 0, 0, 0, 0, 0, 0, 160])
    // Each of 75 outputs over 2·3·3; each of 4 over 3·2·2 and over 3·3·3.
    #expect(column("macs") == [0, 1350, 0, 0, 0, 0, 0, 0, 156])
    #expect(
      column("reads") as [[Int]] == [[], [0], [0, 1], [2], [2, 3], [4], [4, 5], [2], [6, 7]])
    let kinds: [String] = column("computes")
    #expect(kinds[0] == "input" && kinds[1] == "conv 3×3" && kinds[2] == "sum")
    #expect(kinds[7] == "average 3×3" && kinds[8].hasPrefix("dense"))
    #expect(shown["rows"] as? Int == 315 && shown["trace_rows"] as? Int == 1024)
    let length = try #require((shown["constants"] as? [String: Any])?["row_length"] as? Int)
    let committed = try #require(shown["committed_cells"] as? Int)
    #expect(committed.isMultiple(of: length) && (315...1024).contains(committed))
    #expect(shown["parameters"] as? Int == 217 && shown["macs"] as? Int == 1506)
    #expect(shown["model_values"] as? Int == 217 + 7)
    let shares: [Double] = column("proving_share")
    #expect(shares.allSatisfy { $0 > 0 } && shares.reduce(0, +) < 1)
    // More rows and more products cost more; the same of both cost the same.
    #expect(shares[1] > shares[2] && shares[2] > shares[3] && shares[3] == shares[4])
    let constants = try #require(shown["constants"] as? [String: Int])
    #expect(constants["scale_bits"] == 8 && constants["limbs"] == 2 && constants["limb_bits"] == 4)
    #expect(constants["quotient_bits"] == 9 && constants["row_length"] == 8)
  }

  @Test func `strides and depthwise kernels are read off the relations`() throws {
    let layers = try #require(try json(Circuits.depthwise())["layers"] as? [[String: Any]])
    #expect(layers.last?["computes"] as? String == "depthwise conv 3×3, stride 2")
    let mlp = try #require(try json(Circuits.mlp())["layers"] as? [[String: Any]])
    #expect(
      mlp.compactMap { $0["computes"] as? String } == ["input", "dense 8 → 6", "dense 6 → 4"])
  }

  @Test func `a block that is there for another's sake is part of its layer`() throws {
    var circuit = Circuits.mlp()
    // The coarse row of a split block has a function of its own in the table.
    var coarse = circuit.system.functions[circuit.system.blocks[1].function]
    coarse.name = "excess"
    circuit.system.blocks[1].function = circuit.function(coarse)
    circuit.system.blocks[1].name = "l1.excess"
    circuit.system.tensors[1].name = "l1.step"
    let layers = try #require(try json(circuit)["layers"] as? [[String: Any]])
    #expect(layers.compactMap { $0["name"] as? String } == ["x", "l1"])
    #expect(layers.last?["rows"] as? Int == 10 && layers.last?["blocks"] as? Int == 2)
    #expect(layers.last?["reads"] as? [Int] == [0])
    // 8·6 + 4·6 weights and 4 biases; the six steps are no parameters.
    #expect(layers.last?["parameters"] as? Int == 76)
  }

  @Test func `a maximum without rows of its own is a layer, and its readers read it alone`() throws
  {
    var circuit = Circuits.convnet()
    for (index, name) in [
      (3, "pool.excess"), (4, "pool.copy"), (5, "pool.excess"), (6, "pool.copy"),
    ] {
      circuit.system.blocks[index].name = name
    }
    let layers = try #require(try json(circuit)["layers"] as? [[String: Any]])
    #expect(
      layers.compactMap { $0["name"] as? String } == ["x", "conv", "res", "pool", "avg", "out"])
    #expect(layers[3]["computes"] as? String == "maximum")
    #expect(layers[3]["rows"] as? Int == 30 + 30 + 12 + 12)
    #expect(layers.compactMap { $0["reads"] as? [Int] } == [[], [0], [0, 1], [2], [2], [3, 4]])
  }

  /// Nothing that the compiler adds to `a`, `x` or `y` is what these layers are.
  @Test func `layers that are called as what the compiler adds to others are layers`() throws {
    var file = TFLiteBytes()
    let shape = file.ints([1, 8])
    let names = ["x", "a.part", "a", "y.excess", "y", "x.copy", "z"]
    let tensors = names.map { file.tensor($0, shape) }
    let reads = [[0, 0], [1, 0], [2, 0], [3, 2], [4, 4], [5, 4]]
    let nodes = reads.enumerated().map { file.node($1, [$0 + 1]) }
    let bytes = file.model(
      operator: 0, tensors: tensors, nodes: nodes, inputs: [0], outputs: [names.count - 1])
    let layers = try ModelProver.compile(bytes).prover.verifier.profile.layers
    #expect(layers.map(\.name) == names)
    #expect(layers.map { Set($0.reads) } == [[]] + reads.map { Set($0) })
    #expect(layers.allSatisfy { $0.tieRows == 0 && $0.kind != "maximum" && $0.kind != "copy" })
  }

  @Test func `both keys of a model show the same table`() throws {
    try Folder.with { folder in
      let prover = try Digits.compileQuantized()
      try folder.write(prover.file, "a.prover")
      try folder.write(prover.verifier.file, "a.verifier")
      let lines = try ["a.prover", "a.verifier"].map { file in
        try tacit.run(["inspect", file], in: folder.url).output.split(separator: "\n")
          .filter { !["secret", "file "].contains(where: $0.hasPrefix) }
      }
      #expect(lines[0].dropLast() == lines[1] || lines[0] == lines[1])
      let text = lines[1].joined(separator: "\n")
      for words in [
        "dense 64 → 32", "dense 32 → 10", "2,080", "330", "table, pads, opening",
        "rows            115 of 128 (89.8 %)", "S = ", "commitments",
      ] {
        #expect(text.contains(words), "\(words) in \(text)")
      }
      let pages = try ["a.prover", "a.verifier"].map { file in
        _ = try tacit.run(["inspect", file, "--html", file + ".html"], in: folder.url)
        return try folder.bytes(file + ".html")
      }
      #expect(pages[0] == pages[1] && pages[0].count > 5000)
    }
  }

  @Test func `the parts of a proof are all of it`() throws {
    let profile = try Digits.compileQuantized().verifier.profile
    let description = try Digits.compileQuantized().verifier.description
    #expect(profile.proof.reduce(0) { $0 + $1.count } == description.proofBytes)
    #expect(profile.proof.allSatisfy { $0.count > 0 })
    #expect(profile.table.reduce(0) { $0 + $1.count } == description.tableRows)
    let shares = profile.layers.reduce(profile.sharedShare) { $0 + $1.share }
    #expect(abs(shares - 1) < 1e-9)
  }

  // MARK: The page

  /// Elements with their attributes, and the text, of a document that is well-formed.
  private final class Document: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String])] = []
    var text = ""

    static func parse(_ html: String) throws -> Document {
      let document = Document()
      let parser = XMLParser(data: Data(html.utf8))
      parser.delegate = document
      let isWellFormed = parser.parse()
      try #require(isWellFormed, "line \(parser.lineNumber), column \(parser.columnNumber)")
      return document
    }
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) { elements.append((name, attributes)) }
    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }

  @Test func `the page is well-formed and loads nothing from anywhere`() throws {
    for (_, circuit) in Circuits.all {
      let html = try page(circuit)
      #expect(html.hasPrefix("<!DOCTYPE html>\n"))
      let document = try Document.parse(html)
      let names = Set(document.elements.map(\.name))
      #expect(names.isSuperset(of: ["title", "style", "table", "svg", "path", "h1"]))
      #expect(
        names.isDisjoint(with: ["script", "link", "img", "iframe", "object", "a", "form", "base"]))
      for (name, attributes) in document.elements {
        for (key, value) in attributes {
          #expect(!["src", "href", "xlink:href", "action", "data"].contains(key), "\(name)")
          #expect(!key.lowercased().hasPrefix("on"), "\(name) \(key)")
          #expect(!value.contains("url(") && !value.contains("://"), "\(name) \(key)")
        }
      }
      #expect(!html.contains("://") && !html.contains("@import") && !html.contains("url("))
      #expect(html.contains("default-src 'none'"))
    }
  }

  @Test func `names from a model are text, whatever they hold`() throws {
    let attack = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;\u{202E}evil\u{7}"
    let shown = attack.replacing("\u{202E}", with: "\\u{202E}").replacing("\u{7}", with: "\\u{7}")
    var circuit = Circuits.mlp()
    circuit.system.name = attack
    for index in circuit.system.blocks.indices {
      circuit.system.blocks[index].name = attack + "\(index)"
    }
    for index in circuit.system.functions.indices { circuit.system.functions[index].name = attack }
    for index in circuit.system.tensors.indices { circuit.system.tensors[index].name = attack }
    circuit.system.inputs[0].name = attack
    circuit.system.outputs[0].name = attack
    let html = try page(circuit)
    #expect(!html.contains("<script") && !html.contains("<img") && !html.contains("\u{202E}"))
    let document = try Document.parse(html)
    #expect(Set(document.elements.map(\.name)).isDisjoint(with: ["script", "img"]))
    // Title, heading, two names of layers, two ports, two functions.
    #expect(document.text.components(separatedBy: shown).count >= 8)
    let titles = document.elements.compactMap { $0.attributes["title"] }
    #expect(titles.contains(shown + "0"))
  }

  @Test func `every edge of the network is drawn, and no other`() throws {
    let html = try page(Circuits.convnet())
    let document = try Document.parse(html)
    let edges = document.elements.filter { $0.name == "path" }.compactMap { $0.attributes["d"] }
    // To the next layer: x, conv, res, p1r, p1, p2r, avg; not from p2, which only the last reads.
    #expect(edges.count { $0.hasPrefix("M11 50V") } == 7)
    #expect(edges.count { $0.hasPrefix("M11 0V") } == 7)
    // x to res, res to p1 and to avg, p1 to p2, p2 to out: four values, five arrivals.
    #expect(edges.count { $0.hasPrefix("M11 50C") } == 4)
    #expect(edges.count { $0.contains(" 0C") && $0.hasSuffix("11 50") } == 5)
    #expect(document.elements.count { $0.attributes["class"] == "graph" } == 9 + 2)
  }

  @Test func `a network of very many edges makes a page of bounded width`() throws {
    var circuit = Circuit("dense", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 2)
    let identity = circuit.function(.identity(-128...127))
    var sources = [circuit.input("x", [2], function: identity, values: [1, -1])]
    let weights = circuit.tensor("w", [2], [1, 2])
    for layer in 0..<40 {
      let terms = (sources.suffix(30) + [weights]).map {
        Term(factors: [TensorAccess($0, [.label(0)])])
      }
      sources.append(
        circuit.block("l\(layer)", [2], function: identity, .constant(1), terms))
    }
    circuit.output(sources[40])
    circuit.place()
    let html = try page(circuit)
    let paths = try Document.parse(html).elements.count { $0.name == "path" }
    #expect(paths < 41 * 27 && html.contains("further edges are not drawn"))
  }

  @Test func `a page of a float model that is compiled shows each layer's quantization error`()
    throws
  {
    try Folder.with { folder in
      let arguments = [
        "compile", Digits.path("model.onnx"), "-o", "digits", "--calibrate",
        Digits.path("calibration.npy"), "--html", "report.html",
      ]
      let compiled = try tacit.run(arguments + ["--json"], in: folder.url)
      #expect(compiled.status == 0)
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(compiled.output.utf8)) as? [String: Any])
      let quantization = try #require(report["quantization"] as? [String: Any])
      let layers = try #require(quantization["layers"] as? [[String: Any]])
      let html = String(decoding: try folder.bytes("report.html"), as: UTF8.self)
      let text = try Document.parse(html).text
      #expect(text.contains("quantization error") && layers.count == 2)
      for layer in layers {
        let error = try #require(layer["relative_error"] as? Double) * 100
        #expect(text.contains(String(format: "%.1f %%", error)))
      }
      #expect(try text.contains("\(ModelVerifier(folder.bytes("digits.verifier")).modelID)"))
      // Nothing is written when the page cannot be.
      let again = try tacit.run(
        ["compile", Digits.path("model-int8-qdq.onnx"), "-o", "other", "--html", "report.html"],
        in: folder.url)
      #expect(again.status == 2 && again.errors.contains("report.html exists"))
      #expect(try !folder.names.contains("other.prover"))
    }
  }

  @Test func `a page of what is no key`() throws {
    try Folder.with { folder in
      let prover = try Digits.compileQuantized()
      try folder.write(prover.prove(Digits.arrays(Digits.input)), "a.proof")
      for (file, words) in [
        ("a.proof", "a.proof is a proof; name the key that it goes with"),
        (Digits.path("model.onnx"), "is no key; compile it to see its circuit"),
      ] {
        let result = try tacit.run(["inspect", file, "--html", "x.html"], in: folder.url)
        #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
      }
      #expect(try folder.names == ["a.proof"])
    }
  }

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `ad01 has the parameters that its makers count`() throws {
    let profile = try GoldenTests.compile().verifier.profile
    #expect(profile.parameters == 265_864)
    #expect(
      profile.layers.count == 11
        && profile.layers.dropFirst().allSatisfy { $0.kind.hasPrefix("dense") })
    // 640·128 twice, 128·128 seven times less one split's second row, 128·8 twice.
    #expect(profile.layers.filter { !$0.isSplit }.reduce(0) { $0 + $1.products } <= 264_192)
  }

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `ResNet-8 has the kernels, residual edges and counts that its makers give`() throws {
    let bytes = try Shared.bytes("models/mlperf_tiny/pretrainedResnet_quant.tflite")
    let layers = try ModelProver.compile(bytes).prover.verifier.profile.layers
    let kinds = layers.map(\.kind)
    #expect(kinds.count { $0.hasPrefix("conv 3×3") } == 7)
    #expect(kinds.count { $0 == "conv 1×1, stride 2" } == 2)
    #expect(kinds.count { $0 == "sum" } == 3 && kinds.last == "dense 64 → 10")
    #expect(layers.reduce(0) { $0 + $1.parameters } == 77_706)
    // The first sum adds what the first convolution makes to what the third does.
    #expect(layers[4].kind == "sum" && layers[4].reads == [1, 3])
  }
}
