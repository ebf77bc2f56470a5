import Checker
import Compiler
import ConstraintSystem
import Import
import Model
import TestSupport
import Testing
import Witness

/// Networks that are little but their last steps, beside what onnxruntime and LiteRT answer
/// (Tests/Vectors/last-steps): integers to the byte, reals to some units in the last place.
struct LastStepTests {
  static let cases = (try? PackedCase.read("last-steps/cases.json")) ?? []

  /// The largest error of reals that is no runtime's to the bit, by what a case's name holds.
  private static let tolerances: [(name: String, tolerance: Float)] = [
    ("log-softmax", 4e-6), ("scaled-tanh", 6e-7), ("gelu", 2e-6), ("exp", 1e-3), ("soft", 4e-7),
    ("hard-swish", 5e-7),
  ]

  @Test func `all vectors are there`() { #expect(Self.cases.count == 69) }

  @Test(arguments: Self.cases) func `every output is the runtime's`(_ test: PackedCase) throws {
    let graph = try ModelFile.read(test.bytes).graph
    let network = try IntegerNetwork(graph)
    let interpreter = try Interpreter(network.graph)
    let compiled = try Compiler.compile(graph)
    let ports = compiled.system.outputs
    #expect(ports.map(\.finalSteps) == network.finalSteps)
    for (place, row) in test.rows.enumerated() {
      let inputs = try row.inputs.map { try #require($0.integers) }
      let answers = try interpreter.run(integers: inputs)
      #expect(answers.count == row.outputs.count)
      for (index, (answer, expected)) in zip(answers, row.outputs).enumerated() {
        let values = try network.finalValues(answer, output: index)
        #expect(
          FinalValues.applying(ports[index], to: RuntimeIntegers(answer)) == values)
        compare(values, expected, test.name)
      }
      guard place == 0 else { continue }
      let circuit = zip(compiled.system.inputs, inputs).map { $0.circuit(RuntimeIntegers($1)) }
      let trace = try Trace.execute(compiled.system, compiled.cells, inputs: circuit)
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
      #expect(
        ports.map { $0.runtime(trace.values(at: $0, in: compiled.system)).values } == answers)
    }
  }

  private func compare(_ values: FinalValues, _ expected: PackedArray, _ name: String) {
    switch values.elements {
    case .integers(let own):
      #expect(own == expected.integers, "\(name)")
      #expect("\(values.type)" == expected.type, "\(name)")
    case .reals(let own):
      let reals = expected.reals
      #expect(own.count == reals.count && expected.type == "float32", "\(name)")
      let tolerance = Self.tolerances.first { name.contains($0.name) }?.tolerance ?? 2e-7
      let worst = zip(own, reals).map { abs($0 - $1) }.max() ?? 0
      #expect(worst <= tolerance, "\(name): \(worst)")
    }
    // Argmax drops the axis that it may keep with an extent of 1.
    #expect(values.shape.filter { $0 > 1 } == expected.shape.filter { $0 > 1 }, "\(name)")
  }
}
