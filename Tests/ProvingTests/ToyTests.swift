import Arguments
import ConstraintSystem
import Field
import Proving
import Testing

struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

enum Toy {
  static func layout(_ s: inout ConstraintSystem) {
    for (i, o) in Layout.pack(bits: s.blocks.map(\.bits)).enumerated() { s.blocks[i].offset = o }
    for (i, o) in Layout.pack(bits: s.tensors.map(\.bits)).enumerated() { s.tensors[i].offset = o }
  }
  static func port(_ n: String, _ b: Int, _ shape: [Int]) -> Port {
    Port(name: n, block: b, visibility: .public, shape: shape, type: .int16, scale: 1, zeroPoint: 0, userType: .int16)
  }
  static func mlp(K: Int = 2, b: Int = 4, c: Int = 3, dims: [Int] = [8, 6, 4]) -> (ConstraintSystem, ModelCells, [[Int64]]) {
    var g = SplitMix(state: 5)
    let S = K * b
    var values: [[Int64]] = []
    var tensors: [ModelTensor] = []
    var blocks: [Block] = [Block(name: "x", shape: [dims[0]], function: 0, shift: 0, multiplier: .constant(1 << Int64(S)),
      relation: [Term(factors: [View(.block(0), [.label(0)])])])]
    for (n, (a, o)) in zip(dims, dims.dropFirst()).enumerated() {
      let t = tensors.count
      tensors += [ModelTensor(name: "w\(n)", shape: [o, a], type: .int8), ModelTensor(name: "b\(n)", shape: [o], type: .int32), ModelTensor(name: "M\(n)", shape: [o], type: .int64)]
      values.append((0..<o * a).map { _ in Int64.random(in: -7...7, using: &g) })
      values.append((0..<o).map { _ in Int64.random(in: -20...20, using: &g) })
      values.append((0..<o).map { _ in Int64.random(in: 20...60, using: &g) })
      let last = n == dims.count - 2
      blocks.append(Block(name: "l\(n)", shape: [o], function: 1, shift: last ? 8 : 0, multiplier: .tensor(View(.tensor(t + 2), [.label(0)])),
        relation: [Term(summed: [a], factors: [View(.tensor(t), [.label(0), .label(1)]), View(.block(n), [.label(1)])]), Term(factors: [View(.tensor(t + 1), [.label(0)])])]))
    }
    var s = ConstraintSystem(name: "mlp", parameters: Parameters(limbs: K, limbBits: b, quotientBits: 10, rowBits: c),
      functions: [.identity(-8...7), .clamp(width: 15, domain: -256...255)], tensors: tensors, blocks: blocks,
      inputs: [port("x", 0, [dims[0]])], outputs: [port("y", blocks.count - 1, [dims.last!])])
    layout(&s)
    let cells = try! ModelCells(s, values: values)
    return (s, cells, [(0..<dims[0]).map { _ in Int64.random(in: -8...7, using: &g) }])
  }
  static func conv(K: Int = 2, b: Int = 4, c: Int = 3) -> (ConstraintSystem, ModelCells, [[Int64]]) {
    var g = SplitMix(state: 9)
    let S = K * b
    let one = Multiplier.constant(1 << Int64(S))
    func win(_ a: Int, _ s: Int, _ k: Int, _ p: Int) -> Window { Window(steps: [.init(label: a, stride: s), .init(label: k, stride: 1)], constant: -p) }
    let blocks = [
      Block(name: "x", shape: [2, 5, 5], function: 0, shift: 0, multiplier: one, relation: [Term(factors: [View(.block(0), [.label(0), .label(1), .label(2)])])]),
      Block(name: "conv", shape: [3, 5, 5], function: 1, shift: 0, multiplier: .tensor(View(.tensor(2), [.label(0)])), relation: [
        Term(summed: [2, 3, 3], factors: [View(.tensor(0), [.label(0), .label(3), .label(4), .label(5)]), View(.block(0), [.label(3), win(1, 1, 4, 1), win(2, 1, 5, 1)])]),
        Term(factors: [View(.tensor(1), [.label(0)])])]),
      Block(name: "res", shape: [3, 5, 5], function: 2, shift: 0, multiplier: one, relation: [
        Term(factors: [View(.block(1), [.label(0), .label(1), .label(2)])]), Term(factors: [View(.block(0), [.fixed(0), .label(1), .label(2)])])]),
      Block(name: "dw", shape: [3, 3, 3], function: 1, shift: 4, multiplier: .tensor(View(.tensor(2), [.label(0)])), relation: [
        Term(summed: [3, 3], factors: [View(.tensor(3), [.label(0), .label(3), .label(4)]), View(.block(2), [.label(0), win(1, 2, 3, 1), win(2, 2, 4, 1)])])]),
      Block(name: "avg", shape: [3, 2, 2], function: 2, shift: 0, multiplier: .constant(28), relation: [
        Term(summed: [3, 3], factors: [View(.block(2), [.label(0), win(1, 2, 3, 0), win(2, 2, 4, 0)])])]),
      Block(name: "sq", shape: [3, 3], function: 2, shift: 0, multiplier: .constant(5), relation: [
        Term(coefficient: 3, summed: [3], factors: [View(.block(3), [.label(0), .label(1), .label(2)]), View(.block(3), [.label(0), .label(1), .label(2)])]),
        Term(coefficient: -1, factors: [View(.block(4), [.label(0), .fixed(1), .fixed(0)])])]),
    ]
    let tensors = [ModelTensor(name: "w", shape: [3, 2, 3, 3], type: .int8), ModelTensor(name: "b", shape: [3], type: .int32), ModelTensor(name: "M", shape: [3], type: .int64), ModelTensor(name: "dw", shape: [3, 3, 3], type: .int8)]
    var s = ConstraintSystem(name: "conv", parameters: Parameters(limbs: K, limbBits: b, quotientBits: 10, rowBits: c),
      functions: [.identity(-8...7), .clamp(width: 15, domain: -256...255), .identity(-128...127)], tensors: tensors, blocks: blocks,
      inputs: [port("x", 0, [2, 5, 5])], outputs: [port("y", 5, [9]), port("z", 4, [12])])
    layout(&s)
    let values = [(0..<54).map { _ in Int64.random(in: -3...3, using: &g) }, (0..<3).map { _ in Int64.random(in: -20...20, using: &g) }, (0..<3).map { _ in Int64.random(in: 40...80, using: &g) }, (0..<27).map { _ in Int64.random(in: -3...3, using: &g) }]
    return (s, try! ModelCells(s, values: values), [(0..<50).map { _ in Int64.random(in: -8...7, using: &g) }])
  }
}

struct ToyTests {
  @Test(arguments: [1, 2, 3, 4]) func `mlp`(K: Int) throws {
    try run(Toy.mlp(K: K, b: K == 1 ? 8 : 4))
  }
  @Test func `mlp with long rows`() throws { try run(Toy.mlp(c: 9)) }
  @Test func `conv`() throws { try run(Toy.conv()) }
  func run(_ toy: (ConstraintSystem, ModelCells, [[Int64]])) throws {
    let (system, cells, inputs) = toy
    try system.validate()
    let trace = try Trace.execute(system, cells, inputs: inputs)
    let key = try ProverKey(system, cells: cells)
    let proof = Prover.prove(trace, key: key)
    #expect(proof.body.count == key.verifier.bodyBytes)
    try Verifier.verify(proof, key: key.verifier)
    print(system.name, proof.body.count, trace.values(of: system.outputs[0].block, in: system))
    var lie = proof
    lie.statement.outputs[0]![0] += 1
    #expect(throws: VerificationError.self) { try Verifier.verify(lie, key: key.verifier) }
  }
}
