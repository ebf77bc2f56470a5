package import ConstraintSystem

/// Toy circuits that between them use every form of relation: windows with strides and padding, shared
/// labels, summed labels, labels that a view lacks, several contractions in one block, constant and
/// per-channel multipliers, hidden inputs, extents that are no power of two.
package enum Circuits {
  package static let all: [(name: String, circuit: Circuit)] = [
    ("tiny", tiny()), ("mlp", mlp()), ("elementwise", elementwise()),
    ("depthwise", depthwise()), ("convnet", convnet()), ("gapped", gapped()),
    ("wide", wide()),
  ]

  /// Identity, relu and clamp to 0…15, on −128…127.
  private static func standard(_ name: String, commitmentRowBits: Int = 3) -> Circuit {
    var circuit = Circuit(
      name, limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: commitmentRowBits)
    _ = circuit.function(.identity(-128...127))
    _ = circuit.function(
      TableFunction(
        name: "relu",
        body: .segments([
          .init(input: -128, count: 128, output: 0, slope: 0),
          .init(input: 0, count: 128, output: 0, slope: 1),
        ])))
    _ = circuit.function(.clamp(width: 15, domain: -128...127))
    return circuit
  }
  private static let (identity, relu, clamp16) = (0, 1, 2)

  private static func labels(_ labels: Int...) -> [AffineIndex] { labels.map { .label($0) } }

  /// `label·stride + kernel − padding`.
  private static func window(
    _ label: Int, _ kernel: Int, stride: Int = 1, padding: Int = 0
  ) -> AffineIndex {
    AffineIndex(
      steps: [.init(label: label, stride: stride), .init(label: kernel, stride: 1)],
      constant: -padding)
  }

  /// Dense layers with biases and per-channel multipliers, clamped; no input overflows a table.
  package static func mlp(
    _ widths: [Int] = [8, 6, 4], limbs: Int = 2, limbBits: Int = 4, quotientBits: Int = 9,
    commitmentRowBits: Int = 3, input: Visibility = .public, output: Visibility = .public,
    seed: UInt64 = 1
  ) -> Circuit {
    var random = SplitMix64(seed: seed)
    let largest = (Int64(1) << Int64(quotientBits - 2)) - 1
    var circuit = Circuit(
      "mlp", limbs: limbs, limbBits: limbBits, quotientBits: quotientBits,
      commitmentRowBits: commitmentRowBits)
    let identity = circuit.function(.identity(-128...127))
    let clamp = circuit.function(.clamp(width: 15, domain: (-largest - 1)...largest))
    var (previous, reach) = (
      circuit.input(
        "x", [widths[0]], function: identity, visibility: input,
        values: random.integers(widths[0], in: -8...7)), Int64(8)
    )
    for (layer, (width, next)) in zip(widths, widths.dropFirst()).enumerated() {
      let isLast = layer == widths.count - 2
      let weights = circuit.tensor(
        "w\(layer)", [next, width], random.integers(next * width, in: -7...7))
      let biases = circuit.tensor("b\(layer)", [next], random.integers(next, in: -20...20))
      // |acc| ≤ bound; |q ± 8| must not exceed the clamp's domain.
      let bound = Int64(width) * 7 * reach + 20
      let top = ((largest - 8) << Int64(limbs * limbBits)) / bound
      let scales = circuit.tensor(
        "M\(layer)", [next], random.integers(next, in: (top / 3)...top), type: .int64)
      previous = circuit.block(
        "l\(layer)", [next], function: clamp, shift: isLast ? 8 : 0,
        .tensor(TensorAccess(scales, labels(0))),
        [
          Term(
            summed: [width],
            factors: [TensorAccess(weights, labels(0, 1)), TensorAccess(previous, labels(1))]),
          Term(factors: [TensorAccess(biases, labels(0))]),
        ])
      reach = 15
    }
    circuit.output(previous, visibility: output)
    circuit.place()
    return circuit
  }

  /// Two dense layers of 2 without biases on a hidden input: 16 table rows of a limb, 45 in all.
  package static func tiny(
    seed: UInt64 = 1, width: Int = 2, input: Visibility = .private
  ) -> Circuit {
    var random = SplitMix64(seed: seed)
    var circuit = Circuit("tiny", limbs: 2, limbBits: 2, quotientBits: 5, commitmentRowBits: 2)
    let identity = circuit.function(.identity(-4...3))
    let clamp = circuit.function(.clamp(width: 3, domain: -16...15))
    var previous = circuit.input(
      "x", [width], function: identity, visibility: input,
      values: random.integers(width, in: -4...3))
    for layer in 0..<2 {
      let read = layer == 0 ? width : 2
      let weights = circuit.tensor(
        "w\(layer)", [2, read], random.integers(2 * read, in: -2...2))
      let scales = circuit.tensor("M\(layer)", [2], random.integers(2, in: 3...7))
      previous = circuit.block(
        "l\(layer)", [2], function: clamp, .tensor(TensorAccess(scales, labels(0))),
        [
          Term(
            summed: [read],
            factors: [TensorAccess(weights, labels(0, 1)), TensorAccess(previous, labels(1))])
        ])
    }
    circuit.output(previous)
    circuit.place()
    return circuit
  }

  /// More rows than the table has, so that their fractions are added up before inverses are made: 122
  /// cells on 256 rows, 45 rows of the table on 64.
  package static func wide(seed: UInt64 = 1) -> Circuit {
    var random = SplitMix64(seed: seed)
    var circuit = Circuit("wide", limbs: 2, limbBits: 2, quotientBits: 5, commitmentRowBits: 3)
    let identity = circuit.function(.identity(-4...3))
    let clamp = circuit.function(.clamp(width: 3, domain: -16...15))
    var previous = circuit.input(
      "x", [2], function: identity, visibility: .private, values: random.integers(2, in: -4...3))
    for layer in 0..<3 {
      let weights = circuit.tensor(
        "w\(layer)", layer == 0 ? [40, 2] : [40],
        random.integers(layer == 0 ? 80 : 40, in: -2...2))
      let scales = circuit.tensor("M\(layer)", [40], random.integers(40, in: 3...7))
      previous = circuit.block(
        "l\(layer)", [40], function: clamp, .tensor(TensorAccess(scales, labels(0))),
        [
          layer == 0
            ? Term(
              summed: [2],
              factors: [TensorAccess(weights, labels(0, 1)), TensorAccess(previous, labels(1))])
            : Term(factors: [TensorAccess(weights, labels(0)), TensorAccess(previous, labels(0))])
        ])
    }
    circuit.output(previous)
    circuit.place()
    return circuit
  }

  /// `mlp` with its last block after a gap.
  package static func gapped(seed: UInt64 = 1) -> Circuit {
    var circuit = mlp(seed: seed)
    circuit.system.name = "gapped"
    circuit.system.blocks[circuit.system.blocks.count - 1].offset += 8
    return circuit
  }

  /// Elementwise product of two inputs, one of them hidden; a product of matrices that shares no
  /// label with the output twice; a product plus a multiple.
  package static func elementwise(seed: UInt64 = 1) -> Circuit {
    var random = SplitMix64(seed: seed)
    var circuit = standard("elementwise")
    let x = circuit.input(
      "x", [5, 3], function: identity, values: random.integers(15, in: -8...7))
    let z = circuit.input(
      "z", [5, 3], function: identity, visibility: .private,
      values: random.integers(15, in: -8...7))
    let p = circuit.block(
      "p", [5, 3], function: identity, circuit.one,
      [Term(factors: [TensorAccess(x, labels(0, 1)), TensorAccess(z, labels(0, 1))])])
    let qk = circuit.block(
      "qk", [5, 5], function: clamp16, .constant(40),
      [Term(summed: [3], factors: [TensorAccess(x, labels(0, 2)), TensorAccess(z, labels(1, 2))])])
    let sq = circuit.block(
      "sq", [5, 3], function: clamp16, .constant(16),
      [
        Term(factors: [TensorAccess(p, labels(0, 1)), TensorAccess(x, labels(0, 1))]),
        Term(coefficient: 3, factors: [TensorAccess(z, labels(0, 1))]),
      ])
    circuit.output(sq)
    circuit.output(qk)
    circuit.place()
    return circuit
  }

  /// A 3×3 depthwise convolution with stride 2 and padding 1: the channel is shared by both factors.
  package static func depthwise(seed: UInt64 = 1) -> Circuit {
    var random = SplitMix64(seed: seed)
    var circuit = standard("depthwise")
    let x = circuit.input(
      "x", [3, 5, 5], function: identity, values: random.integers(75, in: -8...7))
    let weights = circuit.tensor("dw", [3, 3, 3], random.integers(27, in: -3...3))
    let scales = circuit.tensor("dM", [3], random.integers(3, in: 60...120))
    let d = circuit.block(
      "d", [3, 3, 3], function: clamp16, shift: 4, .tensor(TensorAccess(scales, labels(0))),
      [
        Term(
          summed: [3, 3],
          factors: [
            TensorAccess(weights, labels(0, 3, 4)),
            TensorAccess(
              x,
              [
                .label(0), window(1, 3, stride: 2, padding: 1),
                window(2, 4, stride: 2, padding: 1),
              ]),
          ])
      ])
    circuit.output(d)
    circuit.place()
    return circuit
  }

  /// Convolution, residual add of one channel to all, 2×2 max-pool as max(a, b) = b + relu(a − b),
  /// 3×3 average pool, and a dense layer over both pools.
  package static func convnet(seed: UInt64 = 1) -> Circuit {
    var random = SplitMix64(seed: seed)
    var circuit = standard("convnet")
    let (side, half, channels) = (5, 2, 3)
    let x = circuit.input(
      "x", [2, side, side], function: identity, values: random.integers(50, in: -8...7))
    let weights = circuit.tensor("cw", [3, 2, 3, 3], random.integers(54, in: -3...3))
    let biases = circuit.tensor("cb", [3], random.integers(3, in: -20...20))
    let scales = circuit.tensor("cM", [3], random.integers(3, in: 40...80))
    let conv = circuit.block(
      "conv", [channels, side, side], function: clamp16, .tensor(TensorAccess(scales, labels(0))),
      [
        Term(
          summed: [2, 3, 3],
          factors: [
            TensorAccess(weights, labels(0, 3, 4, 5)),
            TensorAccess(x, [.label(3), window(1, 4, padding: 1), window(2, 5, padding: 1)]),
          ]),
        Term(factors: [TensorAccess(biases, labels(0))]),
      ])
    let sum = circuit.block(
      "res", [channels, side, side], function: identity, circuit.one,
      [
        Term(factors: [TensorAccess(conv, labels(0, 1, 2))]),
        Term(factors: [TensorAccess(x, [.fixed(0), .label(1), .label(2)])]),
      ])
    func every(_ label: Int, from start: Int) -> AffineIndex {
      AffineIndex(steps: [.init(label: label, stride: 2)], constant: start)
    }
    func maximum(_ name: String, _ shape: [Int], _ a: TensorAccess, _ b: TensorAccess) -> Source {
      let above = circuit.block(
        name + "r", shape, function: relu, circuit.one,
        [Term(factors: [a]), Term(coefficient: -1, factors: [b])])
      return circuit.block(
        name, shape, function: identity, circuit.one,
        [Term(factors: [b]), Term(factors: [TensorAccess(above, labels(0, 1, 2))])])
    }
    let across = maximum(
      "p1", [channels, side, half], TensorAccess(sum, [.label(0), .label(1), every(2, from: 0)]),
      TensorAccess(sum, [.label(0), .label(1), every(2, from: 1)]))
    let pool = maximum(
      "p2", [channels, half, half],
      TensorAccess(across, [.label(0), every(1, from: 0), .label(2)]),
      TensorAccess(across, [.label(0), every(1, from: 1), .label(2)]))
    let average = circuit.block(
      "avg", [channels, 3, 3], function: identity, .constant(28),
      [
        Term(
          summed: [3, 3], factors: [TensorAccess(sum, [.label(0), window(1, 3), window(2, 4)])])
      ])
    let first = circuit.tensor("fw", [4, 3, 2, 2], random.integers(48, in: -3...3))
    let second = circuit.tensor("gw", [4, 3, 3, 3], random.integers(108, in: -3...3))
    let last = circuit.tensor("fb", [4], random.integers(4, in: -20...20))
    let lastScales = circuit.tensor("fM", [4], random.integers(4, in: 20...40))
    let out = circuit.block(
      "out", [4], function: clamp16, shift: 8, .tensor(TensorAccess(lastScales, labels(0))),
      [
        Term(
          summed: [channels, half, half],
          factors: [TensorAccess(first, labels(0, 1, 2, 3)), TensorAccess(pool, labels(1, 2, 3))]),
        Term(
          summed: [channels, 3, 3],
          factors: [
            TensorAccess(second, labels(0, 1, 2, 3)), TensorAccess(average, labels(1, 2, 3)),
          ]),
        Term(factors: [TensorAccess(last, labels(0))]),
      ])
    circuit.output(out)
    circuit.place()
    return circuit
  }
}
