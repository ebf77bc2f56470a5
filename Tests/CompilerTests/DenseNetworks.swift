import Compiler
import ConstraintSystem
import Model
import TestSupport

/// xorshift64*, so that a failing case can be run again.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

/// Dense layers made by hand, and what they compute, written from the operator's text.
struct DenseNetwork {
  struct Layer {
    var weights: [[Int64]]
    var bias: [Int64]
    var multiplier: FixedPoint
    var activation: Activation
  }

  var inputRange: ClosedRange<Int64>
  var inputs: Int
  var layers: [Layer]

  /// - Parameter ratio: multiplier times the largest accumulator, in units of 256: above 1 saturates.
  static func random(
    _ sizes: [Int], perChannel: Bool, ratio: Double = 1, seed: UInt64,
    inputRange: ClosedRange<Int64> = -128...127
  ) -> DenseNetwork {
    var random = Seeded(seed)
    var layers: [Layer] = []
    for (inner, outer) in zip(sizes, sizes.dropFirst()) {
      let weights = (0..<outer).map { _ in
        (0..<inner).map { _ in Int64.random(in: -127...127, using: &random) }
      }
      let bias = (0..<outer).map { _ in Int64.random(in: -20_000...20_000, using: &random) }
      let largest = Double(inner) * 128 * 64 / 256
      let fixed = (0..<(perChannel ? outer : 1)).map { _ in
        q31(ratio / largest * Double.random(in: 0.3...3, using: &random))
      }
      let low = Int64.random(in: -200...0, using: &random)
      layers.append(
        Layer(
          weights: weights, bias: bias,
          multiplier: FixedPoint(
            mantissas: fixed.map(\.mantissa), shifts: fixed.map(\.shift),
            axes: perChannel ? [0] : []),
          activation: .clamp(low...(low + 255))))
    }
    return DenseNetwork(inputRange: inputRange, inputs: sizes[0], layers: layers)
  }

  /// m in [2^30, 2^31) and s with m / 2^s about `real`.
  static func q31(_ real: Double) -> (mantissa: Int64, shift: Int) {
    var (mantissa, shift) = (real, 0)
    while mantissa < 0x1p30 {
      mantissa *= 2
      shift += 1
    }
    return (Int64(mantissa) | 1, shift)
  }

  var network: LoweredNetwork {
    var recorder = CircuitRecorder()
    var wire = recorder.input("input", shape: [inputs], range: inputRange)
    for (index, layer) in layers.enumerated() {
      let (outer, inner) = (layer.weights.count, wire.shape[0])
      let weights = recorder.tensor(
        "layer\(index)", as: .weight, shape: [outer, inner], type: .int8,
        values: layer.weights.flatMap { $0 })
      let bias = recorder.tensor(
        "layer\(index)", as: .bias, shape: [outer], type: .int32, values: layer.bias)
      wire = recorder.block(
        "layer\(index)", shape: [outer],
        relation: recorder.terms(
          over: [outer], summed: [inner], Reading(weights, [.label(0), .label(1)]),
          Reading(wire, [.label(1)]), named: "")
          + recorder.terms(over: [outer], .inPlace(bias), named: ""),
        multiplier: layer.multiplier, activation: layer.activation)
    }
    func port(_ name: String, _ block: Int, _ count: Int) -> LoweredNetwork.Port {
      LoweredNetwork.Port(
        name: name, blocks: [block], shape: [1, count], type: .int16, scale: 0.5, zeroPoint: 0,
        userType: .int16)
    }
    return LoweredNetwork(
      name: "dense", draft: recorder.draft, inputs: [port("x", 0, inputs)],
      outputs: [port("y", layers.count, wire.shape[0])])
  }

  /// Accumulators, quotients and outputs of every layer.
  func run(_ input: [Int64]) -> [(acc: [Int64], q: [Int64], y: [Int64])] {
    var results: [(acc: [Int64], q: [Int64], y: [Int64])] = []
    var x = input
    for layer in layers {
      let acc = zip(layer.weights, layer.bias).map { row, bias in
        zip(row, x).reduce(bias) { $0 + $1.0 * $1.1 }
      }
      let q = acc.indices.map { index in
        let channel = layer.multiplier.axes.isEmpty ? 0 : index
        return round(
          acc[index], layer.multiplier.mantissas[channel], layer.multiplier.shifts[channel])
      }
      x = q.map { activate($0, layer.activation) }
      results.append((acc, q, x))
    }
    return results
  }

  func input(_ random: inout Seeded) -> [Int64] {
    (0..<inputs).map { _ in Int64.random(in: inputRange, using: &random) }
  }

  /// 0, ±1, ±2^k, ±2^k ± 1 and the type's extremes, each in all places, and mixed.
  func edgeInputs(_ random: inout Seeded) -> [[Int64]] {
    var values: Set<Int64> = [inputRange.lowerBound, inputRange.upperBound]
    for bits in 0..<9 {
      for sign in [-1, 1] as [Int64] {
        for offset in -1...1 as ClosedRange<Int64> { values.insert(sign * (1 << bits) + offset) }
      }
    }
    let edges = values.filter(inputRange.contains).sorted()
    let constant = edges.map { [Int64](repeating: $0, count: inputs) }
    let mixed = (0..<8).map { _ in
      (0..<inputs).map { _ in edges[Int.random(in: edges.indices, using: &random)] }
    }
    return constant + mixed
  }
}

/// `(acc·m + 2^(s−1)) >> s`.
func round(_ acc: Int64, _ mantissa: Int64, _ shift: Int) -> Int64 {
  let product = Int128(acc) * Int128(mantissa)
  return Int64(shift == 0 ? product : (product + (Int128(1) << Int128(shift - 1))) >> Int128(shift))
}

func activate(_ q: Int64, _ activation: Activation) -> Int64 {
  switch activation {
  case .identity: q
  case .clamp(let range): min(max(q, range.lowerBound), range.upperBound)
  case .lookup(_, let lowest, let values):
    Int64(values[Int(min(max(q, lowest), lowest + Int64(values.count) - 1) - lowest)])
  }
}
