import Checker
import Compiler
import ConstraintSystem
import Import
import Model
import Proving
import TestSupport
import Testing
import Verification
import Witness

/// Normalizations and quotients of float networks: how exact, in how many rows, and what a prover cannot do.
struct NormalizationTests {
  private static func rows(_ count: Int, _ length: Int, seed: UInt64) -> [[[Float]]] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { row in
      // Tokens of other spreads and means.
      [
        random.integers(length, in: -1000...1000).enumerated().map { place, value in
          Float(value) / 500 * Float(1 + (place + row) % 3) + Float(row % 4) / 4
        }
      ]
    }
  }

  /// A network of one node on one input.
  private static func graph(
    _ made: any Operator, _ shape: [Int], _ constants: Tensor...
  ) throws -> Graph {
    var graph = Graph(name: "one")
    graph.tensors = [.reals(shape)] + constants
    graph.tensors[0].name = "x"
    let operands = Array(graph.tensors.indices)
    graph.tensors.append(.reals(try made.outputShape(graph.tensors)))
    graph.tensors[graph.tensors.count - 1].name = "y"
    graph.inputs = [0]
    graph.outputs = [graph.tensors.count - 1]
    graph.nodes = [Node(name: "node", operator: made, inputs: operands, outputs: graph.outputs)]
    return graph
  }

  private func execute(
    _ compiled: CompiledCircuit, _ network: IntegerNetwork, _ row: [[Float]]
  ) throws -> Trace {
    let inputs = try zip(row.enumerated(), compiled.system.inputs).map { input, port in
      try network.quantize(input.element, input: input.offset).map { $0 - port.zeroPoint }
    }
    return try Trace.execute(compiled.system, compiled.cells, inputs: inputs)
  }

  /// Rows a value of a layer over `count` values, its input's rows aside.
  @Test(arguments: [(16, 8, 1.7), (64, 4, 1.2), (65, 4, 1.21), (96, 4, 1.14)])
  func `a layer normalization takes little more than a row a value`(
    count: Int, tokens: Int, most: Double
  ) throws {
    let factors = (0..<count).map { 0.5 + Float($0 % 7) / 8 }
    let terms = (0..<count).map { Float($0 % 5) / 4 - 0.5 }
    let made = Normalization(.layer(axis: -1), epsilon: 1e-5, scale: factors, bias: terms)
    let graph = try Self.graph(made, [tokens, count])
    let samples = Self.rows(6, tokens * count, seed: 3)
    let (quantized, report) = try Quantizer.quantize(
      graph, calibration: samples, multiplierBits: 12)
    for layer in report.layers { #expect(layer.relativeError < 0.03, "\(layer)") }
    let compiled = try Compiler.compile(quantized)
    let own = compiled.labels.indices.filter { compiled.labels[$0].layer == "node" }
    let rows = own.reduce(0) { $0 + compiled.system.blocks[$1].count }
    #expect(Double(rows) <= most * Double(tokens * count), "\(rows)")
    #expect(!compiled.labels.contains { $0.roles.contains(.excess) })
    #expect(compiled.labels == compiled.system.blockLabels)
    let network = try IntegerNetwork(quantized)
    let output = try network.graph.tensors[network.graph.outputs[0]].affine("")
    for row in samples {
      let trace = try execute(compiled, network, row)
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
      let input = try network.graph.tensors[network.graph.inputs[0]].affine("")
      let read = try network.quantize(row[0], input: 0)
      // The real function of what was read.
      let reals = try Interpreter(graph).run(reals: [read.map(input.dequantize)])[0]
      let values = trace.values(of: compiled.system.outputs[0].blocks[0], in: compiled.system)
      let off = zip(values, reals).map { own, real in
        abs(own + output.zeroPoint - (output.quantize(real) ?? 0))
      }
      #expect(off.allSatisfy { $0 <= 1 })
      #expect(off.filter { $0 == 1 }.count * 20 <= off.count)
    }
  }

  /// All values of a group alike, and all but one: the least roots that there are, of an epsilon of nothing.
  @Test(arguments: [0, 1e-12, 1e-5, 10] as [Float], [2, 5, 70])
  func `every input has a root`(epsilon: Float, count: Int) throws {
    let graph = try Self.graph(
      Normalization(.layer(axis: -1), epsilon: epsilon, bias: [0.25]), [count])
    let samples = Self.rows(4, count, seed: 9)
    let (quantized, _) = try Quantizer.quantize(graph, calibration: samples)
    let compiled = try Compiler.compile(quantized)
    let network = try IntegerNetwork(quantized)
    let interpreter = try Interpreter(network.graph)
    let port = compiled.system.inputs[0]
    var rows = [[Int64]](repeating: [Int64](repeating: 4, count: count), count: 5)
    rows[1] = rows[1].map { _ in -128 }
    (rows[2][0], rows[3][0]) = (5, 127)
    rows[4] = (0..<count).map { $0 % 2 == 0 ? -128 : 127 }
    for row in rows {
      let trace = try Trace.execute(
        compiled.system, compiled.cells, inputs: [row.map { $0 - port.zeroPoint }])
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
      let output = compiled.system.outputs[0]
      #expect(
        trace.values(of: output.blocks[0], in: compiled.system).map { $0 + output.zeroPoint }
          == (try interpreter.run(integers: [row])[0]))
    }
  }

  /// Another root and another reciprocal, and all that follows from them, for each way to be off by one limb's unit.
  @Test(arguments: [6, 70])
  func `another root, reciprocal or sum is refused`(count: Int) throws {
    let graph = try Self.graph(
      Normalization(.layer(axis: -1), epsilon: 1e-5, scale: [1], bias: [0]), [2, count])
    let samples = Self.rows(3, 2 * count, seed: 5)
    let (quantized, _) = try Quantizer.quantize(graph, calibration: samples, multiplierBits: 10)
    let compiled = try Compiler.compile(quantized)
    let (system, cells) = (compiled.system, compiled.cells)
    let honest = try execute(compiled, IntegerNetwork(quantized), samples[0])
    #expect(Checker.check(system, cells, honest).isEmpty)
    #expect(system.gadgets.count == (count == 6 ? 2 : 3))
    let naive = NaiveRows(system, cells)
    let key = try ProverKey(system, cells: cells)
    var lies = 0
    for gadget in system.gadgets {
      for limb in gadget.kind.blocks.advice {
        let range = system.functions[system.blocks[limb].function].domain
        let own = honest.values(of: limb, in: system)
        for step in [-1, 1] as [Int64] where range.contains(own[1] + step) {
          var trace = honest
          naive.give(&trace, [limb: [own[0], own[1] + step]])
          #expect(!Checker.check(system, cells, trace).isEmpty, "block \(limb), \(step)")
          lies += 1
          guard lies == 2 else { continue }
          let proof = Prover.prove(trace, key: key)
          #expect(throws: VerificationError.self) {
            try Verifier.verify(proof, key: key.verifier)
          }
        }
      }
    }
    #expect(lies >= 6)
  }

  // MARK: Files

  /// As PyTorch writes a LayerNorm before opset 17, by a reciprocal root, and an RMSNorm.
  @Test func `a normalization that is written out is one`() throws {
    let numbers = [
      ONNXBytes.reals("e", [], [1e-5]), ONNXBytes.reals("two", [], [2]),
      ONNXBytes.reals("one", [], [1]), ONNXBytes.reals("g", [4], [1, 2, -1, 0.5]),
      ONNXBytes.reals("b", [4], [0, 1, 2, 3]),
    ].flatMap(\.self)
    func node(_ type: String, _ inputs: String..., to output: String) -> [UInt8] {
      type == "ReduceMean"
        ? ONNXBytes.node(type, inputs, [output], ONNXBytes.attribute("axes", [-1]))
        : ONNXBytes.node(type, inputs, [output])
    }
    let centred =
      node("ReduceMean", "x", to: "m") + node("Sub", "x", "m", to: "d")
      + node("Pow", "d", "two", to: "s") + node("ReduceMean", "s", to: "v")
      + node("Add", "v", "e", to: "w") + node("Sqrt", "w", to: "r")
    let layer =
      centred + node("Div", "d", "r", to: "q") + node("Mul", "q", "g", to: "p")
      + node("Add", "p", "b", to: "y")
    let reciprocal =
      centred + node("Reciprocal", "r", to: "i") + node("Mul", "i", "d", to: "q")
      + node("Mul", "g", "q", to: "y")
    let rootMeanSquare =
      node("Mul", "x", "x", to: "s") + node("ReduceMean", "s", to: "v")
      + node("Add", "v", "e", to: "w") + node("Sqrt", "w", to: "r")
      + node("Div", "one", "r", to: "i") + node("Mul", "x", "i", to: "q")
      + node("Mul", "q", "g", to: "y")
    let x: [Float] = [1, -2, 0.5, 3, -1, 0.25, 4, 2]
    for (body, label, bias) in [
      (layer, "LayerNormalization", [0, 1, 2, 3] as [Float]),
      (reciprocal, "LayerNormalization", [0]), (rootMeanSquare, "RMSNormalization", [0]),
    ] {
      let graph = try ONNXReader.read(
        ONNXBytes.model(
          ONNXBytes.input("x", [2, 4]), numbers, body, ONNXBytes.output("y"))
      ).graph
      #expect(graph.nodes.map(\.operator.label) == [label])
      let made = try #require(graph.nodes[0].operator as? Normalization)
      #expect(made.scale == [1, 2, -1, 0.5] && made.bias == bias)
      let y = try Interpreter(graph).run(reals: [x])[0]
      for token in 0..<2 {
        let values = x[4 * token..<4 * token + 4]
        let mean = label == "LayerNormalization" ? values.reduce(0, +) / 4 : 0
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        for place in 0..<4 {
          let value = (x[4 * token + place] - mean) / (squares / 4 + 1e-5).squareRoot()
          let term = bias[bias.count == 1 ? 0 : place]
          #expect(abs(y[4 * token + place] - (value * made.scale[place] + term)) < 1e-5)
        }
      }
    }
  }

  // MARK: Quotients

  /// A value over what a row of others has in common: its reciprocal once for all of them.
  @Test func `a reciprocal is shared along broadcast axes`() throws {
    var graph = Graph(name: "share")
    graph.tensors = [.reals([3, 8]), .reals([3, 1]), .reals([3, 8])]
    for (place, name) in ["x", "d", "y"].enumerated() { graph.tensors[place].name = name }
    (graph.inputs, graph.outputs) = ([0, 1], [2])
    graph.nodes = [Node(name: "node", operator: Divide(), inputs: [0, 1], outputs: [2])]
    var random = SplitMix64(seed: 7)
    let samples = (0..<8).map { _ in
      [
        random.integers(24, in: -100...100).map { Float($0) / 20 },
        random.integers(3, in: 50...200).map { Float($0) / 20 },
      ]
    }
    let (quantized, report) = try Quantizer.quantize(graph, calibration: samples)
    for layer in report.layers { #expect(layer.relativeError < 0.02, "\(layer)") }
    let compiled = try Compiler.compile(quantized)
    #expect(compiled.labels == compiled.system.blockLabels)
    let own = compiled.labels.indices.filter {
      compiled.labels[$0] == BlockLabel("node", [.operand])
    }
    #expect(own.map { compiled.system.blocks[$0].count } == [3, 3])
    for row in samples {
      let trace = try execute(compiled, IntegerNetwork(quantized), row)
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
    }
  }

  @Test func `a denominator of zero is refused in calibration`() throws {
    var graph = Graph(name: "zero")
    graph.tensors = [.reals([2]), .reals([2]), .reals([2])]
    (graph.inputs, graph.outputs) = ([0, 1], [2])
    graph.nodes = [Node(name: "node", operator: Divide(), inputs: [0, 1], outputs: [2])]
    #expect(throws: ModelError.self) {
      try Quantizer.quantize(graph, calibration: [[[1, 2], [1, 0]]])
    }
  }
}
