import Checker
import Compiler
import ConstraintSystem
import Foundation
import Import
import Model
import Proving
import TestSupport
import Testing
import Transcript
import Verification
import Witness

/// A prover who computes a network with another window, axis or padding than its key says: the trace is
/// an honest one of that other network, and every such trace is refused.
struct WrongWindowTests {
  static let networks = [
    "average-3x3-same-centred", "average-stride-beyond-centred", "max-3x3-same-centred",
    "max-2x2-relu", "max-row-centred", "mean-3-rescaled", "pad", "transpose", "slice",
    "strided-slice", "split-v", "concatenation-channels", "resize-up", "resize-down-half",
    "transposed-3x3-same", "transposed-row", "mirror-pad-symmetric",
    "mul-channel", "sub-outer", "mul-equal", "depth-to-space", "space-to-depth", "unpack",
    "maximum-channel", "prelu-1", "reduce_max-0", "reduce_min-3", "sum-rescaled-3",
    "conv-dilated", "depthwise-multiplier", "quantize-types-rest", "reverse",
    "strided-slice-new-axes", "pack-last", "squares-constant",
    "bilinear-up-half", "nearest-down-corners", "bilinear-large-plain",
  ]

  /// The system with one thing wrong in one view, wherever it stands: a split block reads twice.
  private func mutants(_ system: ConstraintSystem) -> [(what: String, system: ConstraintSystem)] {
    let terms = system.blocks.indices.filter { !system.isInput($0) }
      .flatMap { system.blocks[$0].relation }
    var views: [TensorAccess] = []
    for view in terms.flatMap(\.factors) where !views.contains(view) { views.append(view) }
    var result: [(String, ConstraintSystem)] = []
    for (index, view) in views.enumerated() {
      func add(_ what: String, _ change: (inout TensorAccess) -> Void) {
        var (mutant, wrong) = (system, view)
        change(&wrong)
        for block in mutant.blocks.indices {
          for term in mutant.blocks[block].relation.indices {
            for factor in mutant.blocks[block].relation[term].factors.indices
            where mutant.blocks[block].relation[term].factors[factor] == view {
              mutant.blocks[block].relation[term].factors[factor] = wrong
            }
          }
        }
        result.append(("view \(index): \(what)", mutant))
      }
      for axis in view.windows.indices {
        for step in [-1, 1] {
          add("axis \(axis) moved by \(step)") { $0.windows[axis].constant += step }
        }
        if !view.windows[axis].steps.isEmpty {
          add("axis \(axis) with another stride") { $0.windows[axis].steps[0].stride += 1 }
          add("axis \(axis) held still") { $0.windows[axis].steps = [] }
        }
        for other in view.windows.indices.dropFirst(axis + 1) {
          add("axes \(axis) and \(other) swapped") { $0.windows.swapAt(axis, other) }
        }
      }
    }
    // Sums over more than the kernel, or over less.
    for block in system.blocks.indices where !system.isInput(block) {
      for (place, term) in system.blocks[block].relation.enumerated() {
        for (label, extent) in term.summed.enumerated() {
          for wrong in [extent - 1, extent + 1] where wrong > 0 {
            var mutant = system
            mutant.blocks[block].relation[place].summed[label] = wrong
            result.append(("block \(block), term \(place): a sum over \(wrong)", mutant))
          }
        }
      }
    }
    return result
  }

  @Test(arguments: networks)
  func `a trace of another window, stride, axis or padding is refused`(_ name: String) throws {
    let network = try #require(OperatorVectorTests.cases.first { $0.name == name })
    try refuseOthers(OperatorVectorTests.graph(network), network.rows[0].inputs)
  }

  /// A choice by an activation is a product of two blocks; the extreme of three is made of sums.
  @Test(arguments: ["where", "min-of-three", "logic"])
  func `a trace of another choice is refused`(_ name: String) throws {
    let network = try #require(ONNXFunctionTests.cases.first { $0.name == name })
    let graph = try ONNXReader.read(network.bytes).graph
    let integers = try IntegerNetwork(graph)
    try refuseOthers(
      graph,
      network.rows[0].inputs.enumerated().map { try integers.quantize($1.reals, input: $0) })
  }

  /// Of Tests/Vectors/onnx-shapes.
  @Test(arguments: [
    "gather", "gather-frames", "gather-elements", "gather-nd", "tile", "expand", "pad-reflect",
    "pad-edge", "pad-wrap",
    "pad-number", "flip",
  ])
  func `a trace of other places is refused`(_ name: String) throws {
    let network = try #require(ONNXMoveTests.cases.first { $0.name == name })
    let graph = try ONNXReader.read(network.bytes).graph
    let integers = try IntegerNetwork(graph).quantize(network.rows[0].inputs[0].reals, input: 0)
    try refuseOthers(graph, [integers])
  }

  /// A resize leaves two axes where a concatenation reads one: rows that copy.
  @Test func `a trace of another copy is refused`() throws {
    let small = Tensor.activation([1, 9, 9, 1])
    let large = Tensor.activation([1, 18, 18, 1])
    let both = Tensor.activation([1, 18, 18, 2])
    let resize = try Operators.make(
      SourceNode(
        format: .tflite(version: 1), type: "RESIZE_NEAREST_NEIGHBOR", name: "up", attributes: [:],
        inputs: [small, .list([18, 18])], outputs: [large]))
    var graph = Graph(name: "skip")
    graph.tensors = [small, large, large, both]
    for (place, name) in ["x", "skip", "resized", "y"].enumerated() {
      graph.tensors[place].name = name
    }
    (graph.inputs, graph.outputs) = ([0, 1], [3])
    graph.nodes = [
      Node(name: "up", operator: resize, inputs: [0], outputs: [2]),
      Node(name: "join", operator: Concatenation(axis: 3), inputs: [2, 1], outputs: [3]),
    ]
    try refuseOthers(
      graph, [(0..<81).map { $0 * 3 - 128 }, (0..<324).map { $0 % 241 - 120 }])
  }

  /// - Parameter row: integers of each input, zero points included.
  private func refuseOthers(_ graph: Graph, _ row: [[Int64]]) throws {
    let compiled = try Compiler.compile(graph)
    let system = compiled.system
    let inputs = zip(row, system.inputs).map { row, port in row.map { $0 - port.zeroPoint } }
    let honest = try Trace.execute(system, compiled.cells, inputs: inputs)
    let key = try ProverKey(system, cells: compiled.cells)
    var (told, proven) = (0, 0)
    for mutant in mutants(system) {
      // Where the other network leaves the table there is no trace to commit to.
      guard
        let trace = try? Trace.execute(mutant.system, compiled.cells, inputs: inputs),
        trace != honest
      else { continue }
      told += 1
      #expect(!Checker.check(system, compiled.cells, trace).isEmpty, "\(mutant.what)")
      // Proofs of some, spread over them.
      guard told % 7 == 1, proven < 4 else { continue }
      proven += 1
      let proof = Prover.prove(trace, key: key)
      #expect(throws: VerificationError.refused(.rejected(.equation)), "\(mutant.what)") {
        try Verifier.verify(proof, key: key.verifier)
      }
    }
    #expect(told >= 3 && proven >= 1)
  }
}
