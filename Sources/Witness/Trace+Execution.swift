package import ConstraintSystem
import Field
import Compute

extension Trace {
  /// Runs the network: every block in order, acc by its relation, then q, limbs and y.
  ///
  /// - Parameters:
  ///   - system: validated.
  ///   - cells: the model, each value of its tensor's type; hostile ones give an error or a trace that
  ///     satisfies the circuit, never a trap and never a sum that has wrapped.
  ///   - inputs: in the order of `system.inputs`.
  ///   - counts: of the padded ports, inputs first, by inference; all that there is room for unless given.
  ///   - widened: how many of the model's cells a thread widens at a time, if it can: they stay in the
  ///     cache with what they are multiplied by.
  package static func execute(
    _ system: ConstraintSystem, _ cells: ModelCells, inputs: [CircuitIntegers],
    counts: [[Int]]? = nil, widened: Int = 1 << 14
  ) throws(ExecutionError) -> Trace {
    guard cells.cells.count == system.usedModelCells else {
      throw .modelCells(expected: system.usedModelCells, actual: cells.cells.count)
    }
    var execution = Execution(system, cells, widened: widened)
    try execution.place(inputs)
    let advice = AdvicePlan(system)
    for index in system.blocks.indices {
      try Job.advance(
        to: Double(index) / Double(system.blocks.count), else: ExecutionError.cancelled)
      if let gadget = advice.due[index] { try execution.place(adviceOf: gadget) }
      if !system.isInput(index), !advice.blocks.contains(index) { try execution.accumulate(index) }
      try execution.step(index)
    }
    try Job.check(else: ExecutionError.cancelled)
    execution.decompose()
    execution.divide()
    execution.countIdleRows()
    try execution.place(counts: counts ?? system.fullCounts)
    return execution.trace
  }
}

struct Execution {
  private(set) var system: ConstraintSystem
  var cells: PackedIntegers { sums.cells }
  private var sums: RelationSums
  let table: Table
  var trace: Trace
  /// The outputs of each function that was met.
  var dense: [[Int64]]

  init(_ system: ConstraintSystem, _ cells: ModelCells, widened: Int) {
    self.system = system
    self.sums = RelationSums(system: system, cells: cells.cells, widened: widened)
    self.table = system.table
    self.dense = system.functions.map { _ in [] }
    let column = [Int64](repeating: 0, count: system.usedRows)
    self.trace = Trace(
      accumulators: column,
      limbs: Array(repeating: column, count: system.parameters.limbs), outputs: column,
      quotients: system.parameters.scheme.pairsLookups ? column : [],
      multiplicities: [Int64](repeating: 0, count: table.count))
  }

  /// The inputs as accumulators of their blocks, refused outside the declared range.
  mutating func place(_ inputs: [CircuitIntegers]) throws(ExecutionError) {
    guard inputs.count == system.inputs.count else {
      throw .inputCount(expected: system.inputs.count, actual: inputs.count)
    }
    let extents = system.indexExtents
    for (number, (port, tensor)) in zip(system.inputs, inputs).enumerated() {
      guard tensor.count == port.count else {
        throw .inputLength(input: port.name, expected: port.count, actual: tensor.count)
      }
      let limbs = PortLimbs(port, of: system)
      for range in [limbs.range, system.indexRange(of: number, extents)] {
        guard let range else { continue }
        if let index = tensor.values.firstIndex(where: { !range.contains(port.runtime($0)) }) {
          throw located(index, in: port.shape) { position in
            .inputRange(
              input: port.name, position: position, value: port.runtime(tensor[index]),
              range: range)
          }
        }
      }
      if port.blocks.isEmpty { trace.indices[number] = tensor }
      for (index, values) in zip(port.blocks, limbs.split(tensor)) {
        let block = system.blocks[index]
        Layout.forEachRun(shape: block.shape) { cell, index, count in
          let start = block.offset + cell
          trace.accumulators.replaceSubrange(
            start..<start + count, with: values.values[index..<index + count])
        }
      }
    }
    system = system.reading(inputs)
    sums.system = system
  }

  /// The counts of padded ports, refused where a cell behind one is not padding.
  fileprivate mutating func place(counts: [[Int]]) throws(ExecutionError) {
    guard system.fits(counts, inferences: system.inferences) else { throw .counts }
    if counts.isEmpty { return }
    trace.counts = counts
    let tensors = trace.inputs(in: system) + system.outputs.map { trace.values(at: $0, in: system) }
    for ((port, cells), tensor) in zip(system.withCells(counts), tensors) {
      let values = port.runtime(tensor)
      if let index = cells?.unpadded(values) {
        throw located(index, in: port.shape) { position in
          .padding(port: port.name, position: position, value: values[index])
        }
      }
    }
  }

  /// What a gadget's inputs make of its advice, as accumulators of its blocks.
  mutating func place(adviceOf gadget: Gadget) throws(ExecutionError) {
    for (block, values) in try advice(of: gadget) {
      let block = system.blocks[block]
      Layout.forEachRun(shape: block.shape) { cell, index, count in
        let start = block.offset + cell
        trace.accumulators.replaceSubrange(
          start..<start + count, with: values[index..<index + count])
      }
    }
  }

  private func advice(of gadget: Gadget) throws(ExecutionError) -> [(block: Int, values: [Int64])] {
    let block = system.blocks[gadget.kind.blocks.advice[0]]
    do throws(AdviceFailure) {
      return try sums.advice(of: gadget, trace.outputs)
    } catch {
      switch error {
      case .overflow: throw .overflow(layer: block.name)
      case .none(let error, let shape):
        throw located(error.index, in: shape) { position in
          .advice(layer: block.name, position: position, error.reason)
        }
      }
    }
  }

  /// An error at a place of a tensor, row-major without padding, and in the inference it lies in.
  func located(
    _ index: Int, in shape: [Int], _ error: ([Int]) -> ExecutionError
  ) -> ExecutionError {
    let (inference, position) = system.apart(Layout.position(index, in: shape))
    return inference.map { .inference($0, error(position)) } ?? error(position)
  }

  /// acc of a block: the sum of its relation's terms.
  ///
  /// - Throws: where a sum is wider than a word, which no compiler's values make.
  mutating func accumulate(_ index: Int) throws(ExecutionError) {
    let block = system.blocks[index]
    guard
      let found = sums(
        block.relation, over: block, trace.outputs,
        checked: sums.bound(of: block) >= RelationSums.narrow)
    else { throw .overflow(layer: block.name) }
    trace.accumulators.replaceSubrange(block.offset..<block.offset + found.count, with: found)
  }

  /// The lookups of gap and padding rows, the zero triple and a remainder of zero, and the dummies of all rows.
  mutating func countIdleRows() {
    let used = system.blocks.reduce(0) { $0 + $1.count }
    let idle = Int64((1 << system.traceBits) - used)
    trace.multiplicities[0] += idle
    trace.multiplicities[0] += Int64(system.parameters.dummyLookups) << Int64(system.traceBits)
    trace.multiplicities[1] += idle * Int64(system.parameters.limbs - 1)
    trace.multiplicities[1 + (1 << (system.parameters.limbBits - 1))] += idle
  }
}
