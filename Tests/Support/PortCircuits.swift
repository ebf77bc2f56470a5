package import ConstraintSystem

/// Circuits whose inputs and outputs are more than a block each.
extension Circuits {
  /// Two look-ups and a dense layer: `e[i, j] = table[ids[i], j]`, `y[i, o] = Σ_j w[o, j]·e[i, j]` and
  /// `z[i] = Σ_j y[chosen[i], j]`, the second through another input along a block. The table's first row is zero.
  package static func embedding(
    ids: [Int64] = [3, 0, 3, 4], chosen: [Int64] = [2, 1], seed: UInt64 = 1
  ) -> Circuit {
    var random = SplitMix64(seed: seed)
    var circuit = Circuit("embedding", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 3)
    let identity = circuit.function(.identity(-128...127))
    let first = circuit.indices("ids", [4], values: ids)
    let second = circuit.indices("chosen", [2, 1], type: .int32, values: chosen)
    let rows = [0, 0, 0] + random.integers(12, in: -4...4)
    let table = circuit.tensor("table", [5, 3], rows)
    let weights = circuit.tensor("w", [2, 3], random.integers(6, in: -4...4))
    func through(_ input: Int, _ label: Int) -> AffineIndex {
      AffineIndex(steps: [.init(label: label, stride: 1)], constant: 0, through: input)
    }
    let e = circuit.block(
      "e", [4, 3], function: identity, circuit.one,
      [Term(factors: [TensorAccess(table, [through(first, 0), .label(1)])])])
    let y = circuit.block(
      "y", [4, 2], function: identity, circuit.one,
      [
        Term(
          summed: [3],
          factors: [
            TensorAccess(weights, [.label(1), .label(2)]), TensorAccess(e, [.label(0), .label(2)]),
          ])
      ])
    let z = circuit.block(
      "z", [2], function: identity, circuit.one,
      [Term(summed: [2], factors: [TensorAccess(y, [through(second, 0), .label(1)])])])
    circuit.output(y)
    circuit.output(z)
    circuit.place()
    return circuit
  }

  /// One look-up by two inputs: `y[i, j] = table[rows[i], columns[j]]`.
  package static func pairs(rows: [Int64] = [3, 0, 4], columns: [Int64] = [2, 1]) -> Circuit {
    var circuit = Circuit("pairs", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 3)
    let identity = circuit.function(.identity(-128...127))
    let first = circuit.indices("rows", [3], values: rows)
    let second = circuit.indices("columns", [2], values: columns)
    let table = circuit.tensor("table", [5, 3], (0..<15).map { Int64(7 * $0 % 11) - 5 })
    func through(_ input: Int, _ label: Int) -> AffineIndex {
      AffineIndex(steps: [.init(label: label, stride: 1)], constant: 0, through: input)
    }
    circuit.output(
      circuit.block(
        "y", [3, 2], function: identity, circuit.one,
        [Term(factors: [TensorAccess(table, [through(first, 0), through(second, 1)])])]))
    circuit.place()
    return circuit
  }

  /// An input of up to eight rows of four, padded with 5, and as many sums: `y[o] = Σ_ij w[o, j]·x[i, j]`. The output
  /// `copy` is the input again, padded as well.
  package static func sequence(
    _ rows: [[Int64]] = [[1, -2, 3, 4], [0, 7, -7, 20], [9, 8, 7, 6]],
    visibility: Visibility = .committed, copied: Visibility = .private
  ) -> Circuit {
    var circuit = Circuit("sequence", limbs: 2, limbBits: 4, quotientBits: 10, commitmentRowBits: 3)
    let identity = circuit.function(.identity(-100...100))
    let wide = circuit.function(.identity(-500...500))
    let rest = [Int64](repeating: 8, count: 32)
    let values = Array((rows.flatMap(\.self) + rest).prefix(32))
    let x = circuit.input("x", [8, 4], function: identity, visibility: visibility, values: values)
    let weights = circuit.tensor("w", [2, 4], [1, -1, 2, 3, -2, 1, 1, 0])
    let y = circuit.block(
      "y", [2], function: wide, circuit.one,
      [
        Term(
          summed: [8, 4],
          factors: [
            TensorAccess(x, [.label(1), .label(2)]), TensorAccess(weights, [.label(0), .label(2)]),
          ])
      ])
    circuit.output(y)
    circuit.system.outputs[0].type = .int16
    let copy = circuit.block(
      "copy", [8, 4], function: identity, circuit.one,
      [Term(factors: [TensorAccess(x, [.label(0), .label(1)])])])
    circuit.output(copy, visibility: copied)
    // 8 in the circuit is 5 in the runtime.
    circuit.system.inputs[0].shape = [1, 8, 4]
    circuit.system.inputs[0].zeroPoint = -3
    circuit.system.inputs[0].padding = PortPadding(axis: 1, value: 5)
    circuit.system.outputs[1].padding = PortPadding(axis: 0, value: 8)
    circuit.place()
    return circuit
  }

  /// An input of words of 32 bits as four limbs, given back as a wide output, and one limb of it as a narrow one.
  package static func words(
    _ values: [Int64] = [-2_147_483_648, -1, 255], visibility: Visibility = .public
  ) -> Circuit {
    var circuit = Circuit("words", limbs: 2, limbBits: 4, quotientBits: 10, commitmentRowBits: 2)
    let low = circuit.function(.identity(0...255))
    let top = circuit.function(.identity(-128...127))
    let functions = [low, low, low, top]
    let limbs = circuit.wideInput(
      "x", [3], functions: functions, visibility: visibility, values: values)
    let copies = zip(limbs, functions).enumerated().map { place, limb in
      circuit.block(
        "copy\(place)", [3], function: limb.1, circuit.one,
        [Term(factors: [TensorAccess(limb.0, [.label(0)])])])
    }
    circuit.system.outputs.append(
      Port(
        name: "words",
        blocks: copies.compactMap { if case .block(let block) = $0 { block } else { nil } },
        visibility: visibility, shape: [3], type: .int32, scale: 1, zeroPoint: 0,
        userType: .int32))
    circuit.output(copies[3], visibility: visibility == .committed ? .private : visibility)
    circuit.place()
    return circuit
  }

  /// Copies patterns of floats: 12 and 11 bits of mantissa, 8 of exponent, the sign.
  package static func floats(
    _ values: [Float] = [1.5, -0.0, 3.25], visibility: Visibility = .public
  ) -> Circuit {
    var circuit = Circuit("floats", limbs: 2, limbBits: 4, quotientBits: 14, commitmentRowBits: 2)
    let functions = [0...4095, 0...2047, 0...255, -1...0].map {
      circuit.function(TableFunction.identity($0))
    }
    let limbs = circuit.wideInput(
      "x", [3], functions: functions, type: .float32, visibility: visibility,
      values: values.map { Int64(Int32(bitPattern: $0.bitPattern)) })
    for (place, limb) in zip(limbs, functions).enumerated() {
      _ = circuit.block(
        "copy\(place)", [3], function: limb.1, circuit.one,
        [Term(factors: [TensorAccess(limb.0, [.label(0)])])])
    }
    circuit.system.outputs.append(
      Port(
        name: "y", blocks: [4, 5, 6, 7], visibility: visibility, shape: [3], type: .float32,
        scale: 1, zeroPoint: 0, userType: .float32))
    circuit.place()
    return circuit
  }
}
