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
    let (system, cells) = (test.compiled.system, test.compiled.cells)
    let honest = try test.trace(test.integers(test.samples[0]))
    for (label, block) in zip(test.compiled.labels, system.blocks)
    where label.layer.hasPrefix("Softmax") {
      for row in block.offset..<block.offset + block.count {
        for step in [Int64(-1), 1] {
          var lie = honest
          lie.outputs[row] += step
          #expect(!Checker.check(system, cells, lie).isEmpty, "\(label.name), row \(row)")
        }
      }
    }
  }

  // MARK: - A transformer

  /// One block, its weights random: heads, residual sums, a feed-forward part with Gelu as exporters write it.
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
    parts.append(X.integers("split", [4], [1, length, heads, width / heads]))
    parts.append(X.integers("join", [3], [1, length, width]))
    for (name, order) in [("q", [0, 2, 1, 3]), ("k", [0, 2, 3, 1]), ("v", [0, 2, 1, 3])] {
      dense("x", name, width, width)
      parts += [
        X.node("Reshape", [name, "split"], ["\(name).s"]),
        X.node("Transpose", ["\(name).s"], ["\(name).h"], X.attribute("perm", order)),
      ]
    }
    parts += [
      X.reals("root", [], [Float(width / heads).squareRoot()]),
      X.node("MatMul", ["q.h", "k.h"], ["products"]),
      X.node("Div", ["products", "root"], ["scores"]), X.node("Softmax", ["scores"], ["shares"]),
      X.node("MatMul", ["shares", "v.h"], ["mixed.h"]),
      X.node("Transpose", ["mixed.h"], ["mixed.s"], X.attribute("perm", [0, 2, 1, 3])),
      X.node("Reshape", ["mixed.s", "join"], ["mixed"]),
    ]
    dense("mixed", "projected", width, width)
    sum("x", "projected", "attended")
    dense("attended", "inner", width, inner)
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
    // The factor of the scores is part of their product.
    #expect(!test.network.graph.nodes.contains { $0.operator.label == "Multiply" })
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
