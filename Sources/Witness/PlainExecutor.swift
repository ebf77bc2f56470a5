import Compute
package import ConstraintSystem
import Field

/// Runs a network for its outputs alone: y of every row as `Trace.execute` finds it, without limbs and look-ups,
/// and with products in double precision where all sums are exact in it.
package struct PlainExecutor: Sendable {
  private let system: ConstraintSystem
  private let cells: ModelCells
  private var sums: RelationSums
  private let layers: [Layer]
  private let advice: AdvicePlan
  /// y, of one inference after another; what lies between cells stays zero.
  private var column: [Int64]

  /// What is known of a block before its inputs are.
  private struct Layer: Sendable {
    var windows: [WindowTerm]
    /// Terms of other kinds.
    var rest: [Term]
    /// Whether sums are tested to fit a word.
    var isWide: Bool
    var step: PlainStep
  }

  /// Weights that are held in double precision.
  private static var room: Int { 1 << 25 }

  /// - Parameters:
  ///   - system: validated.
  ///   - cells: the model, each value of its tensor's type.
  ///   - runs: how often it is going to run, about: what is worth preparing depends on it.
  package init(_ system: ConstraintSystem, _ cells: ModelCells, runs: Int) {
    (self.system, self.cells) = (system, cells)
    let advice = AdvicePlan(system)
    self.advice = advice
    let sums = RelationSums(system: system, cells: cells.cells, widened: 1 << 14)
    self.sums = sums
    column = [Int64](repeating: 0, count: system.usedRows)
    var layers: [Layer] = []
    // The outputs of each function that was met, and its room for weights.
    var (dense, room) = (system.functions.map { _ in [Int64]() }, Self.room)
    if cells.cells.count == system.usedModelCells {
      for (index, block) in system.blocks.enumerated() {
        let function = system.functions[block.function]
        if dense[block.function].isEmpty { dense[block.function] = function.outputs }
        let isGiven = system.isInput(index) || advice.blocks.contains(index)
        let bound = isGiven ? .infinity : sums.bound(of: block)
        var layer = Layer(
          windows: [], rest: [], isWide: bound >= RelationSums.narrow,
          step: PlainStep(
            block, in: system, cells: cells.cells, outputs: dense[block.function], bound: bound))
        for term in isGiven ? [] : block.relation {
          if !layer.isWide,
            let windows = WindowTerm(term, over: block, sums, runs: runs, room: room)
          {
            room -= windows.weights
            layer.windows.append(windows)
          } else {
            layer.rest.append(term)
          }
        }
        layers.append(layer)
      }
    }
    self.layers = layers
  }

  /// The outputs of a network, in order.
  ///
  /// - Parameter inputs: in the order of `system.inputs`.
  /// - Throws: what `Trace.execute` throws of these inputs.
  package mutating func run(_ inputs: [CircuitIntegers]) throws(ExecutionError) -> [CircuitIntegers]
  {
    if try fill(inputs) {
      return system.outputs.map { port in
        PortLimbs(port, of: system).joined(
          port.blocks.map { index in
            let block = system.blocks[index]
            return Layout.values(of: column, shape: block.shape, offset: block.offset)
          })
      }
    }
    // What fails says where only in a trace.
    let trace = try Trace.execute(system, cells, inputs: inputs)
    return system.outputs.map { trace.values(at: $0, in: system) }
  }

  /// Computes the column, block by block.
  ///
  /// - Returns: false where a trace would not come to its end.
  private mutating func fill(_ inputs: [CircuitIntegers]) throws(ExecutionError) -> Bool {
    guard layers.count == system.blocks.count, inputs.count == system.inputs.count else {
      return false
    }
    // Of inputs, and of advice whose gadget's inputs are known.
    var given: [Int: [Int64]] = [:]
    let extents = system.indexExtents
    for (number, (port, tensor)) in zip(system.inputs, inputs).enumerated() {
      let limbs = PortLimbs(port, of: system)
      guard tensor.count == port.count else { return false }
      for range in [limbs.range, system.indexRange(of: number, extents)] {
        guard let range else { continue }
        guard tensor.values.allSatisfy({ range.contains(port.runtime($0)) }) else { return false }
      }
      for (block, values) in zip(port.blocks, limbs.split(tensor)) { given[block] = values.values }
    }
    sums.system = system.reading(inputs)
    for (index, block) in system.blocks.enumerated() {
      try Job.advance(
        to: Double(index) / Double(system.blocks.count), else: ExecutionError.cancelled)
      let layer = layers[index]
      if let gadget = advice.due[index] {
        guard let found = try? sums.advice(of: gadget, column) else { return false }
        for (block, values) in found { given[block] = values }
      }
      var accumulators: [Int64]
      if let values = given.removeValue(forKey: index) {
        let domain = system.functions[block.function].domain
        guard values.count == block.count, values.allSatisfy(domain.contains) else { return false }
        accumulators = [Int64](repeating: 0, count: 1 << block.bits)
        Layout.forEachRun(shape: block.shape) { cell, first, count in
          for step in 0..<count { accumulators[cell + step] = values[first + step] }
        }
      } else if layer.rest.isEmpty {
        accumulators = [Int64](repeating: 0, count: 1 << block.bits)
      } else {
        guard let found = sums(layer.rest, over: block, column, checked: layer.isWide) else {
          return false
        }
        accumulators = found
      }
      for term in layer.windows { term.add(to: &accumulators, column) }
      guard layer.step(accumulators, into: &column) else { return false }
    }
    return true
  }
}

/// y of a block's rows from its acc, without look-ups.
private struct PlainStep: Sendable {
  private let offset: Int
  private let shift: Int64
  private let rule: RowRule
  private let multipliers: [Int64]
  private let advance: Int
  private let outputs: [Int64]
  /// Along the last axis: first cell, and where its multiplier lies.
  private let runs: [(cell: Int, place: Int)]
  private let length: Int
  /// Whether no product of acc and M is wider than a word, and no acc too wide.
  private let isNarrow: Bool

  /// - Parameter bound: on the magnitude of acc.
  init(
    _ block: Block, in system: ConstraintSystem, cells: PackedIntegers, outputs: [Int64],
    bound: Double
  ) {
    let multipliers = Multipliers(block, in: system, cells: cells)
    (offset, shift, self.outputs) = (block.offset, block.shift, outputs)
    rule = RowRule(block, system.functions[block.function].domain, system.parameters)
    self.multipliers = multipliers.values
    advance = multipliers.places.step
    length = block.shape.last ?? 1
    var runs: [(cell: Int, place: Int)] = []
    Layout.forEachRun(shape: block.shape) { cell, index, _ in
      runs.append((cell, multipliers.places.place(of: index)))
    }
    self.runs = runs
    let largest = multipliers.values.reduce(0) { max($0, $1.magnitude) }
    isNarrow = RowRule.isNarrow(bound, Double(largest), system.parameters)
  }

  /// - Returns: false where a row looks up nothing.
  func callAsFunction(_ accumulators: [Int64], into column: inout [Int64]) -> Bool {
    let (acc, m, outputs, runs) = (
      accumulators.span, multipliers.span, outputs.span, runs.span
    )
    var y = column.mutableSpan
    for run in runs.indices {
      var (cell, place) = (runs[run].cell, runs[run].place)
      if isNarrow, advance == 0 {
        let multiplier = m[place]
        for _ in 0..<length {
          guard let entry = rule.narrowEntry(acc[cell], multiplier) else { return false }
          y[offset &+ cell] = outputs[entry] &- shift
          cell &+= 1
        }
      } else if isNarrow {
        for _ in 0..<length {
          guard let entry = rule.narrowEntry(acc[cell], m[place]) else { return false }
          y[offset &+ cell] = outputs[entry] &- shift
          cell &+= 1
          place &+= advance
        }
      } else {
        for _ in 0..<length {
          guard let entry = rule.entry(acc[cell], m[place]) else { return false }
          y[offset &+ cell] = outputs[entry] &- shift
          cell &+= 1
          place &+= advance
        }
      }
    }
    return true
  }
}
