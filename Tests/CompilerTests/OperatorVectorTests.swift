import Checker
import Compiler
import ConstraintSystem
import Foundation
import Import
import Model
import Proving
import TestSupport
import Testing
import Verification
import Witness

/// Single operators on edge shapes, against what LiteRT answered (Tests/Vectors/networks/operators).
struct OperatorVectorTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    struct Row: Decodable, Sendable {
      var inputs: [[Int64]]
      var litert: [[Int64]]
    }
    var name: String
    var model: String
    var rows: [Row]
    var testDescription: String { name }
  }

  static let cases: [Case] =
    (try? JSONDecoder().decode(
      [Case].self, from: Data(Vectors.bytes("networks/operators.json")))) ?? []

  static func graph(_ network: Case) throws -> Graph {
    try ModelFile.read(Vectors.bytes("networks/" + network.model)).graph
  }

  /// Rows beside those of the inputs and of the outputs, which stand in blocks of their own.
  @Test(arguments: [
    ("pad", 0), ("transpose", 0), ("slice", 0), ("strided-slice-masks", 0), ("split-v", 0),
    ("concatenation-channels", 0), ("resize-up", 0), ("depth-to-space", 0), ("unpack", 0),
    ("maximum-equal", 24),  // The input's own rows are the output's.
    ("squeeze", -6),
    // Three for each of twelve outputs beside the outputs themselves.
    ("max-2x2-relu", 3 * 12), ("average-2x2-relu", 0), ("mul-channel", 0), ("logistic-0-0", 0),
    // Beside the sum of them that the output is: what is above zero, and below by slopes of either sign.
    ("prelu-0", 3 * 1024), ("prelu-2", 2 * 1024), ("prelu-3", 2 * 1024),
    // Tables: a clamp between two scales, a mean whose ties no lines follow. Views that make an axis.
    ("relu-0", 0), ("mean-ties", 0), ("average-reshaped", 0), ("mean-reshaped", 0),
    ("quantize-types-rest", 41), ("folded-pack", -48), ("reverse", 0), ("abs-1", 0),
    // Along a new axis a tensor is zero beside itself in rows of its own alone.
    ("pack", 2 * 6),
    // An operand of 6 and one of 48 at the common scale, and what is above zero and below.
    ("squares-broadcast", 48 + 6 + 2 * 48), ("squares-constant", 3 * 12),
    // Each at the output's scale.
    ("concatenation-uint8-random", 2 * 256),
    // Six comparisons for each of nine outputs; eleven for one of eleven values.
    ("reduce_max-2", 6 * 9), ("reduce_min-4", 11), ("sum-rescaled-1", 0),
    // One a value; of two axes of 12 and 14 places the first one's sums stand in two rows each.
    ("bilinear-up-plain", 0), ("nearest-twice-half", 0), ("bilinear-large-plain", 2 * 12 * 15),
    ("nearest-large-plain", 12 * 15),
  ])
  func `rows of an operator`(_ name: String, _ rows: Int) throws {
    let network = try #require(Self.cases.first { $0.name == name })
    let ends = network.rows[0].inputs + network.rows[0].litert
    let compiled = try Compiler.compile(Self.graph(network))
    let coarse = compiled.report.layers.filter(\.isCoarse).map(\.rows).reduce(0, +)
    #expect(compiled.report.usedRows - coarse == ends.map(\.count).reduce(0, +) + rows)
  }

  @Test func `all vectors are there`() { #expect(Self.cases.count == 351) }

  @Test(arguments: cases)
  func `the interpreter answers as LiteRT does`(_ network: Case) throws {
    let interpreter = try Interpreter(IntegerNetwork(Self.graph(network)).graph)
    for (index, row) in network.rows.enumerated() {
      let outputs = try interpreter.run(integers: row.inputs)
      #expect(outputs == row.litert, "row \(index)")
    }
  }

  /// Every eighth network is proven too: each operator at least once.
  private static let proven = Set(
    cases.enumerated().filter { $0.offset % 8 == 0 }.map(\.element.name)
      + [
        "max-3x3-same-centred", "split-v", "mul-channel", "prelu-1", "concatenation-rows",
        "prelu-2",
        "relu6-1", "mean-ties", "mean-reshaped", "fc-uint8", "quantize-types-rest",
        "squares-constant", "squares-ties", "reverse", "pack", "select",
        "reduce_max-2", "sum-rescaled-2", "bilinear-up-half", "bilinear-large-plain",
        "nearest-down-corners",
      ])

  /// Reference, circuit and exact checker.
  @Test(arguments: cases)
  func `the circuit gives the interpreter's integers`(_ network: Case) throws {
    let compiled = try Compiler.compile(Self.graph(network))
    let system = compiled.system
    #expect(system.blockLabels == compiled.labels)
    for (index, row) in network.rows.enumerated() {
      let inputs = zip(row.inputs, system.inputs).map { row, port in
        row.map { $0 - port.zeroPoint }
      }
      let trace = try Trace.execute(system, compiled.cells, inputs: inputs)
      #expect(Checker.check(system, compiled.cells, trace).isEmpty, "row \(index)")
      let outputs = system.outputs.map { port in
        trace.values(of: port.blocks[0], in: system).map { $0 + port.zeroPoint }
      }
      #expect(outputs == row.litert, "row \(index)")
      if index == 0, Self.proven.contains(network.name) {
        let key = try ProverKey(system, cells: compiled.cells)
        let proof = Prover.prove(trace, key: key)
        try Verifier.verify(proof, key: key.verifier)
        #expect(proof.statement.outputs.map { $0?.values } == outputs)
      }
    }
  }
}
