import Field

extension Trace {
  /// Runs the network: every block in order, acc by its relation, then q, limbs and y.
  ///
  /// - Parameters:
  ///   - system: validated.
  ///   - cells: the model; hostile values give an error or a trace that no proof is accepted for,
  ///     never a trap.
  ///   - inputs: in the order of `system.inputs`, each row-major, with the zero point removed.
  package static func execute(
    _ system: ConstraintSystem, _ cells: ModelCells, inputs: [[Int64]]
  ) throws(ExecutionError) -> Trace {
    guard cells.cells.count == system.usedModelCells else {
      throw .modelCells(expected: system.usedModelCells, actual: cells.cells.count)
    }
    var execution = Execution(system, cells)
    try execution.place(inputs)
    for index in system.blocks.indices {
      if !system.isInput(index) { execution.accumulate(index) }
      try execution.step(index)
    }
    execution.countIdleRows()
    return execution.trace
  }
}

private struct Execution {
  let system: ConstraintSystem
  let cells: [Int64]
  let table: Table
  var trace: Trace
  /// The outputs of each function that was met.
  private var dense: [[Int64]]

  init(_ system: ConstraintSystem, _ cells: ModelCells) {
    self.system = system
    self.cells = cells.cells
    self.table = system.table
    self.dense = system.functions.map { _ in [] }
    let column = [Int64](repeating: 0, count: system.usedRows)
    self.trace = Trace(
      accumulators: column,
      limbs: Array(repeating: column, count: system.parameters.limbs), outputs: column,
      multiplicities: [Int64](repeating: 0, count: table.count))
  }

  /// The inputs as accumulators of their blocks, refused outside the declared range.
  mutating func place(_ inputs: [[Int64]]) throws(ExecutionError) {
    guard inputs.count == system.inputs.count else {
      throw .inputCount(expected: system.inputs.count, actual: inputs.count)
    }
    for (port, values) in zip(system.inputs, inputs) {
      let block = system.blocks[port.block]
      guard values.count == block.count else {
        throw .inputLength(input: port.name, expected: block.count, actual: values.count)
      }
      let range = system.functions[block.function].domain
      if let index = values.firstIndex(where: { !range.contains($0) }) {
        throw located(index, in: port.shape) { position in
          .inputRange(
            input: port.name, position: position, value: values[index] &+ port.zeroPoint,
            range: (range.lowerBound + port.zeroPoint)...(range.upperBound + port.zeroPoint))
        }
      }
      Layout.forEachRun(shape: block.shape) { cell, index, count in
        for step in 0..<count {
          trace.accumulators[block.offset + cell + step] = values[index + step]
        }
      }
    }
  }

  /// An error at a place of a tensor, row-major without padding, and in the inference it lies in.
  private func located(
    _ index: Int, in shape: [Int], _ error: ([Int]) -> ExecutionError
  ) -> ExecutionError {
    let (inference, position) = system.apart(Layout.position(index, in: shape))
    return inference.map { .inference($0, error(position)) } ?? error(position)
  }

  /// Products worth a thread of their own.
  private static let grain = 1 << 15

  /// acc of a block: the sum of its relation's terms.
  mutating func accumulate(_ index: Int) {
    let block = system.blocks[index]
    // Axes before the first of several indices have one, so what shares an index lies together.
    let axis = block.shape.firstIndex { $0 > 1 }
    let extent = axis.map { block.shape[$0] } ?? 1
    let width = axis.map { Layout.strides(of: block.shape)[$0] } ?? 1
    let products = block.relation.reduce(0) { $0 + $1.summed.reduce(block.count, *) }
    let (system, outputs, cells) = (system, trace.outputs, cells)
    var sums = [Int64](repeating: 0, count: extent * width)
    inParallel(over: &sums, width: width, grain: max(1, Self.grain * extent / max(1, products))) {
      range, sums in
      let part = axis.map { LoopNest.Part(axis: $0, range: range) }
      for term in block.relation {
        let nest = LoopNest(term, over: block, part, in: system)
        let columns = term.factors.map { factor in
          if case .block = factor.source { outputs } else { cells }
        }
        let (first, second) = (columns[0], columns.count > 1 ? columns[1] : [])
        nest.accumulate(into: &sums, first.span, second.span)
      }
    }
    trace.accumulators.replaceSubrange(block.offset..<block.offset + sums.count, with: sums)
  }

  /// M on each cell of a block whose multiplier is a tensor.
  private func multipliers(_ block: Block) -> [Int64]? {
    guard case .tensor(let view) = block.multiplier else { return nil }
    var values = [Int64](repeating: 0, count: 1 << block.bits)
    let nest = LoopNest(Term(factors: [view]), over: block, in: system)
    let none = [Int64]()
    var span = values.mutableSpan
    // Multipliers are the model's.
    nest.accumulate(into: &span, cells.span, none.span)
    return values
  }

  /// q, limbs, y and the lookups of a block's rows, from its acc.
  mutating func step(_ index: Int) throws(ExecutionError) {
    let block = system.blocks[index]
    let function = system.functions[block.function]
    let tableStart = table.starts[block.function]
    let domain = function.domain
    if dense[block.function].isEmpty { dense[block.function] = function.outputs }
    let dense = dense[block.function]
    let parameters = system.parameters
    let (scale, width) = (Int128(parameters.scaleBits), Int128(parameters.limbBits))
    let (half, mask) = (Int128(1) << (scale - 1), (Int128(1) << width) - 1)
    let centre = 1 << (parameters.limbBits - 1)
    let bound = Int64(1) << Int64(Limits.accumulatorBits)
    let tensor = multipliers(block)
    var constant: Int128 = 0
    if case .constant(let value) = block.multiplier { constant = Int128(value) }

    try Layout.forEachRun(shape: block.shape) { cell, index, count throws(ExecutionError) in
      for step in 0..<count {
        let row = block.offset + cell + step
        let accumulator = trace.accumulators[row]
        guard accumulator >= -bound, accumulator <= bound else {
          throw located(index + step, in: block.shape) { position in
            .accumulator(layer: block.name, position: position, value: accumulator)
          }
        }
        let multiplier = tensor.map { Int128($0[cell + step]) } ?? constant
        let product = Int128(accumulator) * multiplier
        let wide = (product + half) >> scale
        let input = wide + Int128(block.shift)
        guard input >= Int128(domain.lowerBound), input <= Int128(domain.upperBound) else {
          throw located(index + step, in: block.shape) { position in
            .quotient(
              layer: block.name, position: position, value: Int64(clamping: wide),
              domain: (domain.lowerBound &- block.shift)...(domain.upperBound &- block.shift))
          }
        }
        let entry = Int(input - Int128(domain.lowerBound))
        trace.outputs[row] = dense[entry] &- block.shift
        trace.multiplicities[tableStart + entry] += 1
        var rest = product - (wide << scale)
        for limb in 0..<(parameters.limbs - 1) {
          let value = Int(truncatingIfNeeded: rest & mask)
          trace.limbs[limb][row] = Int64(value)
          trace.multiplicities[1 + value] += 1
          rest >>= width
        }
        let last = Int(truncatingIfNeeded: rest)
        trace.limbs[parameters.limbs - 1][row] = Int64(last)
        trace.multiplicities[1 + last + centre] += 1
      }
    }
  }

  /// The lookups of gap and padding rows: the zero triple, and a remainder of zero.
  mutating func countIdleRows() {
    let used = system.blocks.reduce(0) { $0 + $1.count }
    let idle = Int64((1 << system.traceBits) - used)
    trace.multiplicities[0] += idle
    trace.multiplicities[1] += idle * Int64(system.parameters.limbs - 1)
    trace.multiplicities[1 + (1 << (system.parameters.limbBits - 1))] += idle
  }
}
