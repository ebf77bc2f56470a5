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
  ///   - widened: how many of the model's cells a thread widens at a time, if it can: they stay in the
  ///     cache with what they are multiplied by.
  package static func execute(
    _ system: ConstraintSystem, _ cells: ModelCells, inputs: [CircuitIntegers],
    widened: Int = 1 << 14
  ) throws(ExecutionError) -> Trace {
    guard cells.cells.count == system.usedModelCells else {
      throw .modelCells(expected: system.usedModelCells, actual: cells.cells.count)
    }
    var execution = Execution(system, cells, widened: widened)
    try execution.place(inputs)
    for index in system.blocks.indices {
      try Job.advance(
        to: Double(index) / Double(system.blocks.count), else: ExecutionError.cancelled)
      if !system.isInput(index) { try execution.accumulate(index) }
      try execution.step(index)
    }
    try Job.check(else: ExecutionError.cancelled)
    execution.decompose()
    execution.countIdleRows()
    return execution.trace
  }
}

struct Execution {
  let system: ConstraintSystem
  let cells: PackedIntegers
  private let widened: Int
  let table: Table
  var trace: Trace
  /// The outputs of each function that was met.
  var dense: [[Int64]]

  init(_ system: ConstraintSystem, _ cells: ModelCells, widened: Int) {
    self.system = system
    self.widened = widened
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
  mutating func place(_ inputs: [CircuitIntegers]) throws(ExecutionError) {
    guard inputs.count == system.inputs.count else {
      throw .inputCount(expected: system.inputs.count, actual: inputs.count)
    }
    for (port, tensor) in zip(system.inputs, inputs) {
      let values = tensor.values
      let block = system.blocks[port.block]
      guard values.count == block.count else {
        throw .inputLength(input: port.name, expected: block.count, actual: values.count)
      }
      let range = system.functions[block.function].domain
      if let index = values.firstIndex(where: { !range.contains($0) }) {
        throw located(index, in: port.shape) { position in
          .inputRange(
            input: port.name, position: position, value: port.runtime(values[index]),
            range: port.runtime(range))
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
  func located(
    _ index: Int, in shape: [Int], _ error: ([Int]) -> ExecutionError
  ) -> ExecutionError {
    let (inference, position) = system.apart(Layout.position(index, in: shape))
    return inference.map { .inference($0, error(position)) } ?? error(position)
  }

  /// Products worth a thread of their own.
  private static let grain = 1 << 15

  /// acc of a block: the sum of its relation's terms.
  ///
  /// - Throws: where a sum is wider than a word, which no compiler's values make.
  mutating func accumulate(_ index: Int) throws(ExecutionError) {
    let block = system.blocks[index]
    let checked = !isNarrow(block)
    // Axes before the first of several indices have one, so what shares an index lies together.
    let axis = block.shape.firstIndex { $0 > 1 }
    let extent = axis.map { block.shape[$0] } ?? 1
    let width = axis.map { Layout.strides(of: block.shape)[$0] } ?? 1
    let products = block.relation.reduce(0) { $0 + $1.summed.reduce(block.count, *) }
    let (execution, outputs) = (self, trace.outputs)
    var sums = [Int64](repeating: 0, count: extent * width)
    let fits = inParallel(
      over: &sums, width: width, grain: max(1, Self.grain * extent / max(1, products))
    ) { range, sums in
      let part = axis.map { LoopNest.Part(label: $0, range: range) }
      var fits = true
      for term in block.relation {
        fits =
          execution.accumulate(term, over: block, part, into: &sums, outputs, checked) && fits
      }
      return fits
    }
    guard fits.allSatisfy(\.self) else { throw .overflow(layer: block.name) }
    trace.accumulators.replaceSubrange(block.offset..<block.offset + sums.count, with: sums)
  }

  /// Whether no sum of a block can be wider than a word, by what its terms read at most.
  private func isNarrow(_ block: Block) -> Bool {
    let limit = 0x1p62
    var sum = 0.0
    for term in block.relation {
      var bound = Double(term.coefficient.magnitude)
      for extent in term.summed { bound *= Double(extent) }
      for factor in term.factors { bound *= Double(largest(factor.source)) }
      sum += bound
    }
    return sum < limit
  }

  /// A bound on the magnitude of what a view reads.
  private func largest(_ source: Source) -> UInt64 {
    switch source {
    case .block(let index):
      let block = system.blocks[index]
      return system.functions[block.function].largestOutput + block.shift.magnitude
    case .tensor(let index):
      let tensor = system.tensors[index]
      guard tensor.type == .int64 else { return tensor.type.range.lowerBound.magnitude }
      return cells.values(tensor.offset..<tensor.offset + 1 << tensor.bits)
        .reduce(0) { max($0, $1.magnitude) }
    }
  }

  /// Adds one term, the model's cells widened as they are needed.
  private func accumulate(
    _ term: Term, over block: Block, _ part: LoopNest.Part?, into sums: inout MutableSpan<Int64>,
    _ outputs: [Int64], _ checked: Bool
  ) -> Bool {
    let tensors = term.factors.map { factor -> Int? in
      if case .tensor(let index) = factor.source { index } else { nil }
    }
    let cuts = tensors.compactMap(\.self).count == 1 ? cuts(of: term, over: block, part) : [nil]
    var buffers: [[Int64]] = [[], []]
    var fits = true
    for cut in cuts {
      var origins = [0, 0]
      for (place, tensor) in tensors.enumerated() {
        guard let tensor else { continue }
        let held = cells(of: tensor, cut)
        origins[place] = held.lowerBound
        if buffers[place].count < held.count {
          buffers[place] = [Int64](repeating: 0, count: held.count)
        }
        var span = buffers[place].mutableSpan
        cells.copy(held, to: &span)
      }
      let nest = LoopNest(
        term, over: block, part, cut: cut?.part, origins: origins, in: system)
      let first = tensors[0] == nil ? outputs : buffers[0]
      let second = tensors.count > 1 && tensors[1] == nil ? outputs : buffers[1]
      fits =
        nest.accumulate(into: &sums, first.span, second.span, checked: checked) && fits
    }
    return fits
  }

  /// A part of a term that reads only some indices of its tensor's first axis, and how many cells an
  /// index has.
  private struct Cut {
    let part: LoopNest.Part
    let size: Int
  }

  /// The cells of a tensor that a cut reads.
  private func cells(of index: Int, _ cut: Cut?) -> Range<Int> {
    let tensor = system.tensors[index]
    guard let cut else { return tensor.offset..<tensor.offset + 1 << tensor.bits }
    let range = cut.part.range
    return tensor.offset + range.lowerBound * cut.size..<tensor.offset + range.upperBound * cut.size
  }

  /// Cuts a term whose only tensor is large, where one label is the index along its first axis.
  private func cuts(of term: Term, over block: Block, _ part: LoopNest.Part?) -> [Cut?] {
    for factor in term.factors {
      guard case .tensor(let index) = factor.source else { continue }
      let tensor = system.tensors[index]
      guard 1 << tensor.bits > widened,
        let axis = tensor.shape.firstIndex(where: { $0 > 1 })
      else { return [nil] }
      let (window, size) = (factor.windows[axis], Layout.strides(of: tensor.shape)[axis])
      guard window.constant == 0, window.steps.count == 1, window.steps[0].stride == 1 else {
        return [nil]
      }
      let label = window.steps[0].label
      let all = part?.label == label ? part?.range : nil
      let range = all ?? 0..<(block.shape + term.summed)[label]
      guard range.upperBound <= tensor.shape[axis] else { return [nil] }
      let count = max(1, widened / size)
      return stride(from: range.lowerBound, to: range.upperBound, by: count).map { start in
        Cut(
          part: LoopNest.Part(label: label, range: start..<min(start + count, range.upperBound)),
          size: size)
      }
    }
    return [nil]
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
