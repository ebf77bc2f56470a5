import BigInteger
import ConstraintSystem

/// A network's values by the definitions, dictionary by dictionary and with exact integers: the oracle
/// of `Trace.execute`. Knows nothing of layouts or strides.
struct NaiveEvaluator {
  let system: ConstraintSystem
  let model: [[Int64]]
  var accumulators: [[Integer]] = []
  var outputs: [[Integer]] = []

  init(_ system: ConstraintSystem, model: [[Int64]], inputs: [[Int64]]) {
    self.system = system
    self.model = model
    for (index, block) in system.blocks.enumerated() {
      var rows: (acc: [Integer], y: [Integer]) = ([], [])
      let given = system.inputs.firstIndex { $0.blocks == [index] }
      for (place, position) in tuples(block.shape).enumerated() {
        let acc =
          given.map { Integer(inputs[$0][place]) }
          ?? block.relation.map { term(position, $0) }.reduce(.zero, +)
        let q = rounded(acc * multiplier(block, position), bits: system.parameters.scaleBits)
        let y = q.asInt64.flatMap { system.functions[block.function]($0 + block.shift) }
        rows.acc.append(acc)
        rows.y.append(Integer((y ?? .min / 2) - block.shift))
      }
      accumulators.append(rows.acc)
      outputs.append(rows.y)
    }
  }

  /// ⌊x / 2^bits + 1/2⌋.
  private func rounded(_ x: Integer, bits: Int) -> Integer {
    (x * 2 + (Integer(1) << bits)).floorDivide(by: Integer(2) << bits)
  }

  private func tuples(_ shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { tuples, extent in
      tuples.flatMap { tuple in (0..<extent).map { tuple + [$0] } }
    }
  }

  private func term(_ position: [Int], _ term: Term) -> Integer {
    tuples(term.summed).reduce(Integer.zero) { sum, summed in
      sum
        + term.factors.reduce(Integer(term.coefficient)) {
          $0 * read($1, at: position + summed)
        }
    }
  }

  private func multiplier(_ block: Block, _ position: [Int]) -> Integer {
    switch block.multiplier {
    case .constant(let value): Integer(value)
    case .tensor(let view): read(view, at: position)
    }
  }

  private func read(_ view: TensorAccess, at labels: [Int]) -> Integer {
    let coordinates = view.windows.map { window in
      let place = window.steps.reduce(window.constant) { $0 + $1.stride * labels[$1.label] }
      return window.through.map { system.coordinate(through: $0, at: place) } ?? place
    }
    let shape = system.shape(of: view.source) ?? []
    guard zip(coordinates, shape).allSatisfy({ $0 >= 0 && $0 < $1 }) else { return .zero }
    let index = zip(coordinates, shape).reduce(0) { $0 * $1.1 + $1.0 }
    switch view.source {
    case .block(let block): return outputs[block][index]
    case .tensor(let tensor): return Integer(model[tensor][index])
    }
  }
}
