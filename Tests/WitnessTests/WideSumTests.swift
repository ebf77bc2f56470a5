import Checker
import ConstraintSystem
import TestSupport
import Testing
import Witness

/// A key's 64-bit weights can make sums that no word holds: those are errors, never other numbers.
struct WideSumTests {
  /// y = w₀·x₀ + w₁·x₁ + b, with 64-bit w and b.
  private func circuit(_ weights: [Int64], bias: Int64, inputs: [Int64]) -> Circuit {
    var circuit = Circuit("wide", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 3)
    let identity = circuit.function(.identity(-128...127))
    let x = circuit.input("x", [2], function: identity, values: inputs)
    let w = circuit.tensor("w", [2], weights, type: .int64)
    let b = circuit.tensor("b", [1], [bias], type: .int64)
    let y = circuit.block(
      "y", [1], function: identity, circuit.one,
      [
        Term(summed: [2], factors: [TensorAccess(w, [.label(1)]), TensorAccess(x, [.label(1)])]),
        Term(factors: [TensorAccess(b, [.label(0)])]),
      ])
    circuit.output(y)
    circuit.place()
    return circuit
  }

  @Test(
    arguments: [
      // 4·2^62 is zero to a word, and so is 2·2^63.
      ([1 << 62, 0], 0, [4, 0]), ([Int64.min, 0], 0, [2, 0]),
      // Each product fits, the sum does not.
      ([1 << 61, 1 << 61], 0, [3, 3]), ([1 << 62, 0], 1 << 62, [1, 0]),
    ] as [([Int64], Int64, [Int64])])
  func `a sum that would wrap is refused`(
    weights: [Int64], bias: Int64, inputs: [Int64]
  ) throws {
    #expect(throws: ExecutionError.overflow(layer: "y")) {
      try circuit(weights, bias: bias, inputs: inputs).execute()
    }
  }

  @Test func `64-bit weights whose sums are small are run`() throws {
    let trace = try circuit([1 << 40, 3], bias: 5 - 1 << 41, inputs: [2, 7]).execute()
    #expect(trace.outputs.contains(26))
  }

  /// What is proven unchecked is a trace that satisfies the circuit, whatever the weights.
  @Test func `whatever the weights, a trace holds or is refused`() throws {
    var random = SplitMix64(seed: 4)
    var (held, refused) = (0, 0)
    for _ in 0..<400 {
      func any() -> Int64 {
        let bits = random.integer(in: 0...1) == 0 ? random.integer(in: 0...6) : 63
        return Int64(truncatingIfNeeded: random.next()) >> (63 - bits)
      }
      let circuit = circuit(
        [any(), any()], bias: any(), inputs: random.integers(2, in: -4...4))
      do {
        let trace = try circuit.execute()
        #expect(Checker.check(circuit.system, try circuit.cells, trace).isEmpty)
        held += 1
      } catch is ExecutionError {
        refused += 1
      }
    }
    #expect(held > 20 && refused > 100)
  }
}
