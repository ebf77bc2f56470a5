import ConstraintSystem

/// Circuits with one block whose relation reads an input and a model tensor in random ways.
package enum RandomCircuits {
  package static func relation(seed: UInt64) -> Circuit {
    var random = SplitMix64(seed: seed)
    func pick(_ range: ClosedRange<Int64>) -> Int { Int(random.integer(in: range)) }
    func shape(_ rank: Int) -> [Int] { (0..<rank).map { _ in pick(1...6) } }
    var circuit = Circuit("random", limbs: 3, limbBits: 8, quotientBits: 13, commitmentRowBits: 2)
    let identity = circuit.function(.identity(-4...4))
    let wide = circuit.function(
      TableFunction(
        name: "wide", body: .values(lowest: -4096, (-4096..<4096).map { Int16($0 % 100) })))
    let (inputShape, modelShape) = (shape(pick(0...3)), shape(pick(0...3)))
    let x = circuit.input(
      "x", inputShape, function: identity,
      values: random.integers(inputShape.reduce(1, *), in: -4...4))
    let w = circuit.tensor(
      "w", modelShape, random.integers(modelShape.reduce(1, *), in: -9...9))
    let output = shape(pick(0...3))

    func view(_ source: Source, _ rank: Int, labels: [Int]) -> TensorAccess {
      var windows = (0..<rank).map { _ in AffineIndex.fixed(pick(-1...2)) }
      for label in labels where rank > 0 {
        var stride = pick(-3...3)
        if stride == 0 { stride = 1 }
        windows[pick(0...Int64(rank - 1))].steps.append(.init(label: label, stride: stride))
      }
      return TensorAccess(source, windows)
    }
    func term() -> Term {
      let summed = inputShape.isEmpty && modelShape.isEmpty ? [] : shape(pick(0...2))
      let sources = [(x, inputShape.count), (w, modelShape.count)]
      var factors = pick(0...1) == 0 ? [sources[pick(0...1)]] : [sources[pick(0...1)], sources[1]]
      // Every summed label is read by a view with an axis to read it on.
      if factors.allSatisfy({ $0.1 == 0 }) {
        factors = [sources[inputShape.isEmpty ? 1 : 0]]
      }
      let reader = factors.firstIndex { $0.1 > 0 } ?? 0
      let views = factors.enumerated().map { index, factor in
        let all = 0..<(output.count + summed.count)
        let labels = all.filter {
          (index == reader && $0 >= output.count) || pick(0...2) > 0
        }
        return view(factor.0, factor.1, labels: labels)
      }
      return Term(
        coefficient: random.integer(in: 1...5) * (pick(0...1) == 0 ? 1 : -1), summed: summed,
        factors: views)
    }
    let terms = (0..<pick(1...3)).map { _ in term() }
    let y = circuit.block(
      "y", output, function: wide, .constant(random.integer(in: 0...(1 << 20))), terms)
    circuit.output(y)
    circuit.place()
    return circuit
  }
}
