import Checker
import Compiler
import ConstraintSystem
import Model
import Proving
import TestSupport
import Testing
import Verification
import Witness

/// What operators make of gadgets, through all passes, against its definition.
struct GadgetLoweringTests {
  private typealias Rows = (inout CircuitRecorder, TensorView) -> TensorView

  private func network(
    _ shape: [Int], _ range: ClosedRange<Int64>, _ rows: Rows
  ) -> LoweredNetwork {
    var recorder = CircuitRecorder()
    let x = recorder.input("x", shape: shape, range: range)
    let y = recorder.materialized(rows(&recorder, x), named: "y")
    func port(_ name: String, _ wire: TensorView) -> LoweredNetwork.Port {
      let block = if case .block(let index)? = wire.source { index } else { 0 }
      return LoweredNetwork.Port(
        name: name, blocks: [block], shape: wire.shape, type: .int16, scale: 1, zeroPoint: 0,
        userType: .int16)
    }
    return LoweredNetwork(
      name: "gadgets", draft: recorder.draft, inputs: [port("x", x)], outputs: [port("y", y)])
  }

  /// Compiles a network, runs it on random inputs, and proves one of them.
  private func compare(
    _ shape: [Int], _ range: ClosedRange<Int64>, _ expected: ([Int64]) -> [Int64],
    rows: Rows
  ) throws {
    let compiled = try Compiler.compile(network(shape, range, rows))
    let system = compiled.system
    #expect(!system.gadgets.isEmpty)
    #expect(compiled.labels == system.blockLabels)
    #expect(!compiled.labels.contains { $0.roles.contains(.excess) })
    var random = SplitMix64(seed: 11)
    var last: Trace?
    for _ in 0..<20 {
      let x = random.integers(shape.reduce(1, *), in: range)
      let trace = try Trace.execute(system, compiled.cells, inputs: [x])
      #expect(Checker.check(system, compiled.cells, trace) == [])
      #expect(trace.values(of: system.outputs[0].blocks[0], in: system) == expected(x))
      last = trace
    }
    let key = try ProverKey(system, cells: compiled.cells)
    let trace = try #require(last)
    try Verifier.verify(Prover.prove(trace, key: key), key: key.verifier)
  }

  private static let images = (0...200).map { index in
    // 4095·(15/16)^index, about.
    Int16((0..<index).reduce(4095) { value, _ in value - value / 16 })
  }

  /// Softmax: exponentials that bound the largest, one reciprocal for a row, one row a value.
  @Test func `a softmax is its exponentials over their sum`() throws {
    try compare([2, 5], -100...100) { x in
      (0..<2).flatMap { row in
        let x = x[5 * row..<5 * row + 5]
        let exponentials = x.map { Int64(Self.images[Int((x.max() ?? 0) - $0)]) }
        let reciprocal = (Int64(1) << 24) / exponentials.reduce(0, +)
        return exponentials.map { min(($0 * reciprocal + 1 << 15) >> 16, 255) }
      }
    } rows: { recorder, x in
      let found = recorder.differences(
        "softmax", from: recorder.terms(over: [2, 5], .inPlace(x), named: ""), over: [2, 5],
        range: -100...100, name: "exp", images: Self.images)
      let exponentials = found.images
      let reciprocal = recorder.reciprocal(
        "softmax",
        of: recorder.terms(
          over: [2], summed: [5], Reading(exponentials, [.label(0), .label(1)]), named: ""),
        over: [2], power: 24, bits: 13, remainderBits: 15)
      let y = recorder.block(
        "softmax", shape: [2, 5],
        relation: recorder.terms(
          over: [2, 5], .inPlace(exponentials), Reading(reciprocal, [.label(0)]), named: ""),
        multiplier: FixedPoint(mantissas: [1], shifts: [16], axes: []),
        activation: .clamp(0...255))
      // None is more than all of them, which intervals do not know.
      recorder.bound(y, quotients: 0...256)
      return y
    }
  }

  /// Layer normalization: n·x − Σx over the root of n·Σx² − (Σx)² + 1. One row a value, by the lemma: intervals
  /// would split it in two.
  @Test func `a normalization divides by its root`() throws {
    try compare([2, 8], -100...100) { x in
      (0..<2).flatMap { row in
        let x = x[8 * row..<8 * row + 8]
        let sum = x.reduce(0, +)
        let variance = 8 * x.reduce(0) { $0 + $1 * $1 } - sum * sum + 1
        let root = (Int64(0)...13_000).last(where: { $0 * $0 <= 256 * variance }) ?? 0
        let reciprocal = (Int64(1) << 24) / root
        return x.map { value in
          min(max(((8 * value - sum) * reciprocal + 1 << 14) >> 15, -128), 127)
        }
      }
    } rows: { recorder, x in
      let (own, other) = (
        Reading(x, [.label(0), .label(1)]), Reading(x, [.label(0), .label(2)])
      )
      let root = recorder.squareRoot(
        "norm",
        of: recorder.terms(8 * 256, over: [2], summed: [8], own, own, named: "")
          + recorder.terms(-256, over: [2], summed: [8, 8], own, other, named: "")
          + [Term(coefficient: 256, factors: [])],
        over: [2], bits: 14)
      let reciprocal = recorder.reciprocal(
        "norm", of: recorder.terms(over: [2], .inPlace(root), named: ""), over: [2], power: 24,
        bits: 21, remainderBits: 14)
      let factor = Reading(reciprocal, [.label(0)])
      let y = recorder.block(
        "norm", shape: [2, 8],
        relation: recorder.terms(8, over: [2, 8], .inPlace(x), factor, named: "")
          + recorder.terms(
            -1, over: [2, 8], summed: [8], Reading(x, [.label(0), .label(2)]), factor, named: ""),
        multiplier: FixedPoint(mantissas: [1], shifts: [15], axes: []),
        activation: .clamp(-128...127))
      // |n·x − Σx| is at most √(n − 1) times that root (Samuelson), and R a little less than 2^24 / root.
      recorder.bound(y, quotients: -86...86)
      return y
    }
  }

  @Test(arguments: [1, 2, 5, 6, 7, 12])
  func `a maximum is the largest, masked or not`(count: Int) throws {
    func largest(_ x: ArraySlice<Int64>) -> Int64 { x.max() ?? 0 }
    try compare([3, count], -50...(-3)) { x in
      (0..<3).map { largest(x[$0 * count..<($0 + 1) * count]) }
    } rows: { recorder, x in
      recorder.maximum(
        "max", of: recorder.terms(over: [3, count], .inPlace(x), named: ""), over: [3, count],
        range: -50...(-3))
    }
    // All but the last place are allowed, by a constant mask.
    if count == 1 { return }
    try compare([3, count], -50...40) { x in
      (0..<3).map { largest(x[$0 * count..<($0 + 1) * count - 1]) }
    } rows: { recorder, x in
      let one = recorder.block(
        "mask", shape: [count - 1], relation: [Term(factors: [])], multiplier: .identity,
        activation: .identity)
      return recorder.maximum(
        "max", of: recorder.terms(over: [3, count], .inPlace(x), named: ""),
        mask: recorder.terms(over: [3, count], Reading(one, [.label(1)]), named: ""),
        over: [3, count], range: -50...40)
    }
  }

  @Test func `the first largest is marked`() throws {
    try compare([2, 6], -2...2) { x in
      (0..<2).flatMap { row in
        let x = Array(x[6 * row..<6 * row + 6])
        let first = x.firstIndex(of: x.max() ?? 0)
        return x.indices.map { Int64($0 == first ? 1 : 0) }
      }
    } rows: { recorder, x in
      recorder.firstMaximum(
        "arg", of: recorder.terms(over: [2, 6], .inPlace(x), named: ""), over: [2, 6],
        range: -2...2)
    }
  }

  @Test func `a quotient of two sums`() throws {
    try compare([4], 1...100) { x in
      (0..<4).map { (3 * x[$0] + 5) / x[3 - $0] }
    } rows: {
      recorder, x in
      let reversed = AffineIndex(steps: [.init(label: 0, stride: -1)], constant: 3)
      return recorder.quotient(
        "div",
        of: recorder.terms(3, over: [4], .inPlace(x), named: "")
          + [Term(coefficient: 5, factors: [])],
        by: recorder.terms(over: [4], Reading(x, [reversed]), named: ""), over: [4], bits: 9,
        remainderBits: 7)
    }
  }

  /// Views of blocks whose axes are stored otherwise; a gadget's own blocks stay as they are.
  @Test func `gadgets follow what they read`() throws {
    let network = network([9, 5, 3], -4...4) { recorder, x in
      let copy = recorder.block(
        "copy", shape: [9, 5, 3],
        relation: recorder.terms(over: [9, 5, 3], .inPlace(x), named: ""),
        multiplier: .identity, activation: .clamp(-3...3))
      return recorder.maximum(
        "max", of: recorder.terms(over: [9, 5, 3], .inPlace(copy), named: ""), over: [9, 5, 3],
        range: -3...3)
    }
    let ranges = try AnalyzeRanges.run(network.draft)
    let ordered = OrderAxes.run(network.draft, ranges, commitmentRowBits: 4).draft
    #expect(ordered.blocks.map(\.shape) != network.draft.blocks.map(\.shape))
    #expect(ordered.gadgets != network.draft.gadgets)
    try VerifyDraft.run(ordered, after: "OrderAxes")
    // One that did not follow is found.
    var broken = ordered
    broken.gadgets = network.draft.gadgets
    #expect(throws: ModelError.self) { try VerifyDraft.run(broken, after: "OrderAxes") }
  }
}
