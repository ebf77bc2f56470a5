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

/// Softmax in the middle of networks, products of two activations, and what stands around them in transformers.
struct AttentionTests {
  private typealias X = ONNXBytes

  /// A float network, quantized by random inputs between −1 and 1.
  private struct Case {
    var network: IntegerNetwork
    var interpreter: Interpreter
    var reals: Interpreter
    var compiled: CompiledCircuit
    var samples: [[[Float]]]

    init(_ bytes: [UInt8], samples count: Int = 8) throws {
      let graph = try ONNXReader.read(bytes).graph
      var random = SplitMix64(seed: 5)
      samples = (0..<count).map { _ in
        graph.inputs.map { input in
          random.integers(graph.tensors[input].count, in: -1000...1000).map { Float($0) / 1000 }
        }
      }
      let quantized = try Quantizer.quantize(graph, calibration: samples).graph
      network = try IntegerNetwork(quantized)
      interpreter = try Interpreter(network.graph)
      reals = try Interpreter(graph)
      compiled = try Compiler.compile(quantized)
    }

    func integers(_ sample: [[Float]]) throws -> [[Int64]] {
      try sample.enumerated().map { try network.quantize($1, input: $0) }
    }

    func trace(_ integers: [[Int64]]) throws -> Trace {
      try Trace.execute(
        compiled.system, compiled.cells,
        inputs: zip(integers, compiled.system.inputs).map { row, port in
          row.map { $0 - port.zeroPoint }
        })
    }

    /// Interpreter, circuit and checker agree on a sample.
    ///
    /// - Returns: the mean distance of the outputs from the float network's, in their largest magnitude.
    func check(_ sample: [[Float]]) throws -> Double {
      let integers = try integers(sample)
      let trace = try trace(integers)
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
      let answer = try interpreter.run(integers: integers)[0]
      let port = compiled.system.outputs[0]
      let proven = trace.values(of: port.blocks[0], in: compiled.system)
      #expect(proven.map { $0 + port.zeroPoint } == answer)
      let expected = try reals.run(reals: sample)[0]
      let own = try network.finalValues(answer)
      guard case .reals(let values) = own.elements else { return .infinity }
      let largest = expected.map { abs(Double($0)) }.max() ?? 1
      let distances = zip(values, expected).map { abs(Double($0) - Double($1)) }
      return distances.reduce(0, +) / Double(distances.count) / largest
    }

    /// Another value in any row of a layer is refused.
    func expectLiesRefused(in layer: String) throws {
      let (system, cells) = (compiled.system, compiled.cells)
      let honest = try trace(integers(samples[0]))
      for (label, block) in zip(compiled.labels, system.blocks)
      where label.layer.hasPrefix(layer) {
        for row in block.offset..<block.offset + block.count {
          for step in [Int64(-1), 1] {
            var lie = honest
            lie.outputs[row] += step
            #expect(!Checker.check(system, cells, lie).isEmpty, "\(label.name), row \(row)")
          }
        }
      }
    }
  }

  /// Scores of q and k, softmax, and v: nothing else.
  private static func attention(_ length: Int, _ width: Int) -> [UInt8] {
    X.model(
      X.input("q", [1, length, width]), X.input("k", [1, length, width]),
      X.input("v", [1, length, width]),
      X.node("Transpose", ["k"], ["t"], X.attribute("perm", [0, 2, 1])),
      X.node("MatMul", ["q", "t"], ["scores"]),
      X.node("Softmax", ["scores"], ["shares"]),
      X.node("MatMul", ["shares", "v"], ["y"]), X.output("y"))
  }

  @Test(arguments: [16, 64])
  func `softmax in the middle takes at most four rows a value`(_ length: Int) throws {
    let test = try Case(Self.attention(length, 4), samples: 2)
    let rows = zip(test.compiled.labels, test.compiled.system.blocks)
      .filter { $0.0.layer.hasPrefix("Softmax") }.reduce(0) { $0 + $1.1.count }
    let each = Double(rows) / Double(length * length)
    #expect(each <= (length == 16 ? 3.2 : 2.5), "\(each) rows")
    #expect(try test.check(test.samples[0]) < 0.02)
  }

  @Test func `a prover that lies in a softmax is refused`() throws {
    let test = try Case(Self.attention(4, 2))
    try test.expectLiesRefused(in: "Softmax")
  }

  // MARK: - Masks

  /// How exporters leave places out.
  enum MaskForm: CaseIterable {
    case infinity, least, choice, otherChoice, product
  }

  /// Heads share a mask of length × length.
  private static func masked(_ form: MaskForm, _ mask: [Bool], length: Int) -> [UInt8] {
    let (heads, width) = (2, 4)
    let shape = [1, heads, length, width]
    let extents = [1, 1, length, length]
    func reals(_ name: String, _ kept: Float, _ other: Float) -> [UInt8] {
      X.reals(name, extents, mask.map { $0 ? kept : other })
    }
    let scores: [[UInt8]]
    switch form {
    case .infinity:
      scores = [reals("mask", 0, -.infinity), X.node("Add", ["products", "mask"], ["scores"])]
    case .least:
      scores = [
        reals("mask", 0, -.greatestFiniteMagnitude),
        X.node("Add", ["mask", "products"], ["scores"]),
      ]
    case .choice, .otherChoice:
      let isDirect = form == .choice
      scores = [
        X.constant("mask", extents, type: 9, mask.map { $0 == isDirect ? 1 : 0 }),
        X.reals("never", [], [-10000]),
        X.node(
          "Where", isDirect ? ["mask", "products", "never"] : ["mask", "never", "products"],
          ["scores"]),
      ]
    case .product:
      scores = [
        reals("mask", 1, 0), reals("taken", 0, 10000),
        X.node("Mul", ["products", "mask"], ["kept"]),
        X.node("Sub", ["kept", "taken"], ["scores"]),
      ]
    }
    return X.model(
      [
        X.input("q", shape), X.input("k", shape), X.input("v", shape),
        X.node("Transpose", ["k"], ["t"], X.attribute("perm", [0, 1, 3, 2])),
        X.node("MatMul", ["q", "t"], ["products"]),
      ].flatMap(\.self) + scores.flatMap(\.self)
        + X.node("Softmax", ["scores"], ["shares"], X.attribute("axis", 3))
        + X.node("MatMul", ["shares", "v"], ["y"]) + X.output("y"))
  }

  private static func causal(_ length: Int) -> [Bool] {
    (0..<length * length).map { $0 % length <= $0 / length }
  }

  @Test(arguments: MaskForm.allCases)
  func `a causal mask is part of the softmax, in few rows`(_ form: MaskForm) throws {
    let length = 6
    let test = try Case(Self.masked(form, Self.causal(length), length: length))
    #expect(
      test.network.graph.nodes.map(\.operator.label).filter {
        $0 == "Softmax" || $0 == "Add" || $0 == "Select"
      } == ["Softmax"])
    for sample in test.samples { #expect(try test.check(sample) < 0.02) }
    #expect(test.compiled.labels == test.compiled.system.blockLabels)
    let copies = zip(test.compiled.labels, test.compiled.system.blocks)
      .filter { $0.0.layer.hasPrefix("Softmax") && $0.0.roles == [.copy] }
    #expect(copies.map { $0.1.count } == [2 * length - 1])
    // What comes later is nothing to what came before.
    var (integers, answers) = (try test.integers(test.samples[0]), [[Int64]]())
    for value in [Int64(-127), 127] {
      for operand in 1...2 {
        for head in 0..<2 {
          for place in 3 * 4..<length * 4 { integers[operand][head * length * 4 + place] = value }
        }
      }
      answers.append(try test.interpreter.run(integers: integers)[0])
      let trace = try test.trace(integers)
      #expect(Checker.check(test.compiled.system, test.compiled.cells, trace).isEmpty)
    }
    for head in 0..<2 {
      let own = head * length * 4..<head * length * 4 + 3 * 4
      #expect(Array(answers[0][own]) == Array(answers[1][own]))
    }
    #expect(answers[0] != answers[1])
  }

  /// Places at random, some in each row.
  @Test func `any mask has rows of its own, which heads share`() throws {
    let length = 5
    var random = SplitMix64(seed: 3)
    let mask = zip(random.integers(length * length, in: 0...1), 0...).map { value, cell in
      value == 1 || cell % length == cell / length
    }
    let test = try Case(Self.masked(.infinity, mask, length: length))
    for sample in test.samples { #expect(try test.check(sample) < 0.02) }
    let copies = zip(test.compiled.labels, test.compiled.system.blocks)
      .filter { $0.0.layer.hasPrefix("Softmax") && $0.0.roles == [.copy] }
    #expect(copies.map { $0.1.count } == [length * length])
    try test.expectLiesRefused(in: "Softmax")
  }

  @Test func `a row of which nothing counts is no mask`() throws {
    let none = [Bool](repeating: true, count: 12) + [Bool](repeating: false, count: 4)
    let graph = try ONNXReader.read(Self.masked(.least, none, length: 4)).graph
    #expect(graph.nodes.allSatisfy { ($0.operator as? Softmax)?.mask == nil })
  }

  /// What is added to places that count is added still.
  @Test func `biases of places stay where a mask goes`() throws {
    let length = 4
    let values = (0..<length * length).map { cell in
      cell % length <= cell / length ? -Float(cell / length - cell % length) / 4 : -.infinity
    }
    let shape = [1, length, 3]
    let test = try Case(
      X.model(
        X.input("q", shape), X.input("k", shape), X.input("v", shape),
        X.node("Transpose", ["k"], ["t"], X.attribute("perm", [0, 2, 1])),
        X.node("MatMul", ["q", "t"], ["products"]),
        X.reals("mask", [length, length], values),
        X.node("Add", ["products", "mask"], ["scores"]),
        X.node("Softmax", ["scores"], ["shares"]),
        X.node("MatMul", ["shares", "v"], ["y"]), X.output("y")))
    #expect(test.network.graph.nodes.contains { $0.operator.label == "Add" })
    for sample in test.samples { #expect(try test.check(sample) < 0.03) }
  }

  // MARK: - A transformer

  /// One block, its weights random: layer normalization, as an operator and written out, heads, a causal mask, residual
  /// sums, a feed-forward part with Gelu as exporters write it.
  private static func transformer(length: Int, width: Int, heads: Int, inner: Int) -> [UInt8] {
    var random = SplitMix64(seed: 17)
    var parts = [X.input("x", [1, length, width])]
    func weight(_ name: String, _ rows: Int, _ columns: Int) -> [UInt8] {
      // As far from zero as keeps the variance of what it makes.
      let unit = (3 / Float(rows)).squareRoot() / 1000
      let values = random.integers(rows * columns, in: -1000...1000).map { unit * Float($0) }
      return X.reals(name, [rows, columns], values)
    }
    func dense(_ from: String, _ to: String, _ rows: Int, _ columns: Int) {
      let biases = random.integers(columns, in: -1000...1000).map { Float($0) / 5000 }
      parts += [
        weight("\(to).w", rows, columns), X.reals("\(to).b", [columns], biases),
        X.node("MatMul", [from, "\(to).w"], ["\(to).p"]),
        X.node("Add", ["\(to).p", "\(to).b"], [to]),
      ]
    }
    /// A residual sum.
    func sum(_ a: String, _ b: String, _ to: String) {
      parts.append(X.node("Add", [a, b], [to]))
    }
    parts += [
      X.reals("gamma", [width], (0..<width).map { 1 + Float($0 % 5) / 10 }),
      X.reals("beta", [width], (0..<width).map { Float($0 % 3) / 10 }),
      X.reals("epsilon", [], [1e-5]), X.reals("square", [], [2]),
      X.node(
        "LayerNormalization", ["x", "gamma", "beta"], ["normal"], X.attribute("axis", -1)),
    ]
    parts.append(X.integers("split", [4], [1, length, heads, width / heads]))
    parts.append(X.integers("join", [3], [1, length, width]))
    for (name, order) in [("q", [0, 2, 1, 3]), ("k", [0, 2, 3, 1]), ("v", [0, 2, 1, 3])] {
      dense("normal", name, width, width)
      parts += [
        X.node("Reshape", [name, "split"], ["\(name).s"]),
        X.node("Transpose", ["\(name).s"], ["\(name).h"], X.attribute("perm", order)),
      ]
    }
    parts += [
      X.reals("root", [], [Float(width / heads).squareRoot()]),
      X.node("MatMul", ["q.h", "k.h"], ["products"]),
      X.reals(
        "mask", [length, length], causal(length).map { $0 ? 0 : -.greatestFiniteMagnitude }),
      X.node("Div", ["products", "root"], ["scores"]),
      X.node("Add", ["scores", "mask"], ["masked"]), X.node("Softmax", ["masked"], ["shares"]),
      X.node("MatMul", ["shares", "v.h"], ["mixed.h"]),
      X.node("Transpose", ["mixed.h"], ["mixed.s"], X.attribute("perm", [0, 2, 1, 3])),
      X.node("Reshape", ["mixed.s", "join"], ["mixed"]),
    ]
    dense("mixed", "projected", width, width)
    sum("x", "projected", "attended")
    let last = X.attribute("axes", [-1])
    parts += [
      X.node("ReduceMean", ["attended"], ["mean"], last),
      X.node("Sub", ["attended", "mean"], ["deviation"]),
      X.node("Pow", ["deviation", "square"], ["squares"]),
      X.node("ReduceMean", ["squares"], ["variance"], last),
      X.node("Add", ["variance", "epsilon"], ["above"]), X.node("Sqrt", ["above"], ["spread"]),
      X.node("Div", ["deviation", "spread"], ["unit"]),
      X.node("Mul", ["unit", "gamma"], ["scaled"]), X.node("Add", ["scaled", "beta"], ["again"]),
    ]
    dense("again", "inner", width, inner)
    parts += [
      X.reals("two", [], [Float(2).squareRoot()]), X.reals("one", [], [1]),
      X.reals("half", [], [0.5]), X.node("Div", ["inner", "two"], ["g1"]),
      X.node("Erf", ["g1"], ["g2"]), X.node("Add", ["g2", "one"], ["g3"]),
      X.node("Mul", ["inner", "g3"], ["g4"]), X.node("Mul", ["g4", "half"], ["active"]),
    ]
    dense("active", "outer", inner, width)
    sum("attended", "outer", "y")
    parts.append(X.output("y"))
    return X.model(parts.flatMap(\.self))
  }

  @Test func `a transformer's block is quantized, proven and verified`() throws {
    let test = try Case(Self.transformer(length: 16, width: 64, heads: 2, inner: 128))
    // The factor of the scores is part of their product, and the mask of the softmax.
    #expect(!test.network.graph.nodes.contains { $0.operator.label == "Multiply" })
    let labels = test.network.graph.nodes.map(\.operator.label)
    #expect(labels.filter { $0 == "LayerNormalization" }.count == 2)
    #expect(labels.filter { $0 == "Add" }.count == 2)
    for sample in test.samples.prefix(2) {
      #expect(try test.check(sample) < 0.02)
    }
    let key = try ProverKey(test.compiled.system, cells: test.compiled.cells)
    let integers = try test.integers(test.samples[0])
    let proof = Prover.prove(try test.trace(integers), key: key)
    try Verifier.verify(proof, key: key.verifier)
    let answer = try test.interpreter.run(integers: integers)
    #expect(proof.statement.outputs.map { $0?.values } == answer)
  }
}
