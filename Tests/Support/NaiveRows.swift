package import ConstraintSystem
package import Witness

/// Rows by their definition, one cell at a time: how a test fills a row honestly, or nearly so.
package struct NaiveRows {
  package let system: ConstraintSystem
  package let cells: [Int64]

  package init(_ circuit: Circuit) throws {
    self.init(
      circuit.system.reading(circuit.inputs.map { CircuitIntegers($0) }), try circuit.cells)
  }

  package init(_ system: ConstraintSystem, _ cells: ModelCells) {
    self.system = system
    self.cells = Array(cells.cells)
  }

  /// All index tuples below the extents, row-major.
  package static func indices(_ extents: [Int]) -> [[Int]] {
    extents.reduce([[]]) { prefixes, extent in
      prefixes.flatMap { prefix in (0..<extent).map { prefix + [$0] } }
    }
  }

  /// The cell of the source that a view reads at these labels, or nil outside of the extents.
  package func cell(_ view: TensorAccess, labels: [Int]) -> Int? {
    let (offset, shape) =
      switch view.source {
      case .block(let index): (system.blocks[index].offset, system.blocks[index].shape)
      case .tensor(let index): (system.tensors[index].offset, system.tensors[index].shape)
      }
    var place = 0
    for (window, extent) in zip(view.windows, shape) {
      var coordinate = window.steps.reduce(window.constant) { $0 + labels[$1.label] * $1.stride }
      if let input = window.through {
        coordinate = system.coordinate(through: input, at: coordinate)
      }
      guard coordinate >= 0, coordinate < extent else { return nil }
      place = (place << ceilLog2(extent)) + coordinate
    }
    return offset + place
  }

  private func value(_ view: TensorAccess, labels: [Int], outputs: [Int64]) -> Int64 {
    guard let cell = cell(view, labels: labels) else { return 0 }
    if case .block = view.source { return outputs[cell] }
    return cells[cell]
  }

  package func accumulator(_ block: Int, at index: [Int], outputs: [Int64]) -> Int64 {
    var sum: Int64 = 0
    for term in system.blocks[block].relation {
      for summed in Self.indices(term.summed) {
        sum += term.factors.reduce(term.coefficient) {
          $0 * value($1, labels: index + summed, outputs: outputs)
        }
      }
    }
    return sum
  }

  package func multiplier(_ block: Int, at index: [Int]) -> Int64 {
    switch system.blocks[block].multiplier {
    case .constant(let value): value
    case .tensor(let view): value(view, labels: index, outputs: [])
    }
  }

  /// The row of the trace that holds a cell of a block.
  package func row(_ block: Int, _ index: [Int]) -> Int {
    let block = system.blocks[block]
    return block.offset
      + zip(index, block.axisBits).reduce(0) { ($0 << $1.1) + $1.0 }
  }

  /// Fills a row as an honest prover would for this accumulator and multiplier.
  package func fill(
    _ trace: inout Trace, row: Int, accumulator: Int64, multiplier: Int64, function: Int,
    shift: Int64
  ) {
    let scale = Int64(system.parameters.scaleBits)
    let product = accumulator * multiplier
    let quotient = (product + (1 << (scale - 1))) >> scale
    trace.accumulators[row] = accumulator
    if !trace.quotients.isEmpty { trace.quotients[row] = quotient }
    set(&trace, row: row, remainder: product - (quotient << scale))
    trace.outputs[row] = (system.functions[function](quotient + shift) ?? 0) - shift
  }

  /// Gives blocks whose values are given others, and redoes what comes after the first of them.
  package func give(_ trace: inout Trace, _ values: [Int: [Int64]]) {
    for (number, values) in values {
      let block = system.blocks[number]
      for (index, value) in zip(Self.indices(block.shape), values) {
        fill(
          &trace, row: row(number, index), accumulator: value,
          multiplier: multiplier(number, at: index), function: block.function, shift: block.shift)
      }
    }
    redo(&trace, from: 0)
    recount(&trace)
  }

  /// q of a row as a block's cell: acc·M less the remainder, over 2^S; nil where that is no integer.
  package func quotient(_ trace: Trace, _ block: Int, _ index: [Int]) -> Int64? {
    let row = row(block, index)
    return quotient(trace, row, product: trace.accumulators[row] * multiplier(block, at: index))
  }

  private func quotient(_ trace: Trace, _ row: Int, product: Int64) -> Int64? {
    let bits = Int64(system.parameters.limbBits)
    let rest = trace.limbs.enumerated().reduce(product) {
      $0 - ($1.element[row] << (bits * Int64($1.offset)))
    }
    let scale = Int64(1) << Int64(system.parameters.scaleBits)
    return rest % scale == 0 ? rest / scale : nil
  }

  /// Cuts a remainder into limbs; the last one takes what is left, fitting or not.
  package func set(_ trace: inout Trace, row: Int, remainder: Int64) {
    let (limbs, bits) = (system.parameters.limbs, Int64(system.parameters.limbBits))
    var rest = remainder
    for limb in 0..<limbs {
      let isLast = limb == limbs - 1
      trace.limbs[limb][row] = isLast ? rest : rest & ((1 << bits) - 1)
      rest >>= bits
    }
  }

  /// Runs the blocks from `first` on honestly over the outputs that stand before them.
  package func redo(_ trace: inout Trace, from first: Int) {
    let advice = system.advice
    for (number, block) in system.blocks.enumerated()
    where number >= first && !system.isInput(number) && advice[number] == nil {
      for index in Self.indices(block.shape) {
        fill(
          &trace, row: row(number, index),
          accumulator: accumulator(number, at: index, outputs: trace.outputs),
          multiplier: multiplier(number, at: index), function: block.function, shift: block.shift)
      }
    }
  }

  /// Counts the lookups of all 2^n rows again.
  ///
  /// - Returns: how many lookups the table lacks; they are not counted.
  @discardableResult
  package func recount(_ trace: inout Trace) -> Int {
    let table = system.table
    let centre = Int64(1) << Int64(system.parameters.limbBits - 1)
    var counts = [Int64](repeating: 0, count: table.count)
    var missing = 0
    func look(_ position: Int?) {
      if let position { counts[position] += 1 } else { missing += 1 }
    }
    var owner = [(block: Int, index: [Int])?](repeating: nil, count: 1 << system.traceBits)
    for (number, block) in system.blocks.enumerated() {
      for index in Self.indices(block.shape) { owner[row(number, index)] = (number, index) }
    }
    for row in owner.indices {
      let used = row < trace.outputs.count
      if let (number, index) = owner[row] {
        let block = system.blocks[number]
        let found = trace.quotients.isEmpty ? quotient(trace, number, index) : trace.quotients[row]
        look(
          found.flatMap {
            table.position(
              function: block.function, input: $0 + block.shift,
              output: trace.outputs[row] + block.shift)
          })
      } else {
        let found = trace.quotients.isEmpty || !used ? nil : trace.quotients[row]
        let q = found ?? (used ? quotient(trace, row, product: 0) : 0)
        look(q == 0 && (!used || trace.outputs[row] == 0) ? 0 : nil)
      }
      for (limb, column) in trace.limbs.enumerated() {
        let value = used ? column[row] : 0
        look(table.position(limb: limb == trace.limbs.count - 1 ? value + centre : value))
      }
    }
    counts[0] += Int64(system.parameters.dummyLookups) << Int64(system.traceBits)
    trace.multiplicities = counts
    return missing
  }
}
