import BigInteger
import Compute
package import ConstraintSystem
import Field
package import Witness

/// Evaluates every constraint of a circuit on a witness, as its definition reads: with
/// exact integers instead of field elements, cell by cell, with no polynomial and no code of a prover
/// or of the execution that makes witnesses.
package struct Checker {
  private let system: ConstraintSystem
  private let cells: [Int64]
  private let trace: Trace
  private let table: [Triple: Int]
  private var lookups: [Int64]
  private var violations: [Violation] = []
  /// Whose row is being checked.
  private var inference: Int?

  private struct Triple: Hashable {
    var tag: Int64
    var input: Int64
    var output: Int64
  }

  /// All constraints of `system` that the witness breaks, in order of rows, then of the table; some of them,
  /// in a job that is cancelled.
  ///
  /// - Parameter system: validated.
  /// - Complexity: about 0.1 µs per product of a relation, 1 µs per row.
  package static func check(
    _ system: ConstraintSystem, _ cells: ModelCells, _ trace: Trace
  ) -> [Violation] {
    let lengths = Self.lengthViolations(system, cells, trace)
    guard lengths.isEmpty else { return lengths }
    var checker = Checker(system, cells, trace)
    checker.checkRows()
    checker.checkMultiplicities()
    return checker.violations
  }

  private init(_ system: ConstraintSystem, _ cells: ModelCells, _ trace: Trace) {
    self.system = system
    self.cells = cells.cells.values(0..<cells.cells.count)
    self.trace = trace
    var table: [Triple: Int] = [:]
    var rows = 0
    system.table.forEachRow { tag, input, output in
      table[Triple(tag: tag, input: input, output: output)] = rows
      rows += 1
    }
    self.table = table
    self.lookups = [Int64](repeating: 0, count: rows)
  }

  private static func lengthViolations(
    _ system: ConstraintSystem, _ cells: ModelCells, _ trace: Trace
  ) -> [Violation] {
    let rows = system.usedRows
    var lengths: [(Violation.Column, expected: Int, actual: Int)] = [
      (.accumulator, rows, trace.accumulators.count),
      (.output, rows, trace.outputs.count),
      (.multiplicity, system.table.count, trace.multiplicities.count),
      (.model, system.usedModelCells, cells.cells.count),
    ]
    for limb in 0..<max(system.parameters.limbs, trace.limbs.count) {
      let wanted = limb < system.parameters.limbs ? rows : 0
      let actual = limb < trace.limbs.count ? trace.limbs[limb].count : 0
      lengths.append((.limb(limb + 1), wanted, actual))
    }
    return lengths.compactMap { column, expected, actual in
      expected == actual
        ? nil : Violation(.column(column), .length(expected: expected, actual: actual))
    }
  }

  // MARK: Rows

  private enum Row {
    case gap
    case padding(block: Int, inference: Int?)
    case cell(block: Int, position: [Int])
  }

  private mutating func checkRows() {
    let order = system.blocks.indices.sorted {
      system.blocks[$0].offset < system.blocks[$1].offset
    }
    var next = 0
    for index in order {
      let block = system.blocks[index]
      Job.report(Double(next) / Double(max(1, system.usedRows)))
      while next < block.offset {
        checkRow(next, .gap)
        next += 1
      }
      for place in 0..<(1 << block.bits) {
        if place.isMultiple(of: 1 << 12), Job.isCancelled { return }
        let position = Self.position(of: place, in: block)
        checkRow(
          next,
          position.map { .cell(block: index, position: $0) }
            ?? .padding(block: index, inference: inference(of: place, in: block)))
        next += 1
      }
    }
    // Rows from the last block's end to 2^n hold nothing that could be wrong; they are looked up too.
    let rest = Int64((1 << system.traceBits) - next)
    count(Triple(tag: Table.zeroTag, input: 0, output: 0), rest)
    for limb in 1...system.parameters.limbs {
      count(Triple(tag: Table.rangeTag, input: limbShift(limb), output: 0), rest)
    }
  }

  /// The index tuple at a place of a padded block, or nil outside the extents.
  private static func position(of place: Int, in block: Block) -> [Int]? {
    var (rest, position) = (place, [Int]())
    for (extent, bits) in zip(block.shape, block.axisBits).reversed() {
      let coordinate = rest & ((1 << bits) - 1)
      guard coordinate < extent else { return nil }
      position.append(coordinate)
      rest >>= bits
    }
    return position.reversed()
  }

  /// The inference that a place of a padded block belongs to; nil after the last, and for one alone.
  private func inference(of place: Int, in block: Block) -> Int? {
    guard system.inferences > 1, let bits = block.axisBits.first else { return nil }
    let slot = place >> (block.bits - bits)
    return slot < system.inferences ? slot : nil
  }

  private mutating func checkRow(_ row: Int, _ kind: Row) {
    let (accumulator, output) = (trace.accumulators[row], trace.outputs[row])
    // Of a row that looks up anything at all.
    var lookup: Triple?
    defer { inference = nil }
    switch kind {
    case .gap:
      checkIdle(row, .gap(row: row))
      lookup = idleLookup(row)
    case .padding(let block, let slot):
      inference = slot
      checkIdle(row, .padding(layer: system.blocks[block].name, row: row))
      lookup = idleLookup(row)
    case .cell(let index, let position):
      let block = system.blocks[index]
      let (slot, within) = system.apart(position)
      inference = slot
      let place = Violation.Place.cell(layer: block.name, position: within, row: row)
      let expected = relation(of: block, at: position)
      if !expected.equals(accumulator) {
        report(
          place, .relation(expected: expected.value, actual: Integer(accumulator)))
      }
      var product = ExactSum()
      product.add(accumulator, multiplier(of: block, at: position))
      let quotient = quotient(of: product, row)
      if quotient == nil {
        report(place, .rowEquation(product: product.value, remainder: remainder(row).value))
      }
      checkLimbs(row, place)
      if let quotient {
        lookup = triple(of: block, quotient, output)
        if lookup.map({ table[$0] == nil }) ?? true {
          let function = system.functions[block.function]
          report(
            place,
            .function(
              function.name, quotient: quotient,
              expected: lookup.flatMap { function($0.input) }.map { $0 &- block.shift },
              actual: output))
        }
      }
    }
    if let lookup { count(lookup, 1) }
    for limb in 1...system.parameters.limbs {
      let value = trace.limbs[limb - 1][row] &+ limbShift(limb)
      count(Triple(tag: Table.rangeTag, input: value, output: 0), 1)
    }
  }

  /// What is added to a limb before it is looked up: the last one is centred.
  private func limbShift(_ limb: Int) -> Int64 {
    limb == system.parameters.limbs ? 1 << Int64(system.parameters.limbBits - 1) : 0
  }

  /// Σ rem_k·2^(b(k−1)).
  private func remainder(_ row: Int) -> ExactSum {
    var sum = ExactSum()
    for limb in trace.limbs.indices {
      sum.add(trace.limbs[limb][row], 1 << Int64(limb * system.parameters.limbBits))
    }
    return sum
  }

  /// q, of which acc·M is q·2^S and the row's remainder; nil where no integer is.
  private func quotient(of product: ExactSum, _ row: Int) -> Integer? {
    var rest = product
    for limb in trace.limbs.indices {
      rest.add(trace.limbs[limb][row], -(1 << Int64(limb * system.parameters.limbBits)))
    }
    return rest.shifted(right: system.parameters.scaleBits)
  }

  /// (fn, q + shift, y + shift); nil for a q that is in no table.
  private func triple(of block: Block, _ quotient: Integer, _ output: Int64) -> Triple? {
    // Out of any table when these overflow, so wrapping tells no lie.
    quotient.asInt64.map {
      Triple(
        tag: Table.firstFunctionTag + Int64(block.function), input: $0 &+ block.shift,
        output: output &+ block.shift)
    }
  }

  /// Where M = fn = shift = 0.
  private func idleLookup(_ row: Int) -> Triple? {
    quotient(of: ExactSum(), row)?.asInt64.map {
      Triple(tag: Table.zeroTag, input: $0, output: trace.outputs[row])
    }
  }

  private mutating func checkLimbs(_ row: Int, _ place: Violation.Place) {
    let size = Int64(1) << Int64(system.parameters.limbBits)
    for limb in 1...system.parameters.limbs {
      let (value, shift) = (trace.limbs[limb - 1][row], limbShift(limb))
      let range = -shift...(size - 1 - shift)
      if !range.contains(value) { report(place, .limb(limb, expected: range, actual: value)) }
    }
  }

  /// Gap and padding rows have M = fn = shift = 0 and relations of zero.
  private mutating func checkIdle(_ row: Int, _ place: Violation.Place) {
    var columns: [(Violation.Column, Int64)] = [
      (.accumulator, trace.accumulators[row]), (.output, trace.outputs[row]),
    ]
    for limb in 1...system.parameters.limbs {
      columns.append((.limb(limb), trace.limbs[limb - 1][row]))
    }
    for (column, value) in columns where value != 0 {
      report(place, .idle(column, actual: value))
    }
  }

  // MARK: Relations

  private func relation(of block: Block, at position: [Int]) -> ExactSum {
    var sum = ExactSum()
    for term in block.relation {
      var labels = position + term.summed.map { _ in 0 }
      add(term, from: position.count, &labels, to: &sum)
    }
    return sum
  }

  /// Adds a term over all values of the labels from `label` on.
  private func add(_ term: Term, from label: Int, _ labels: inout [Int], to sum: inout ExactSum) {
    if label == labels.count {
      let first = value(of: term.factors[0], at: labels)
      let second = term.factors.count > 1 ? value(of: term.factors[1], at: labels) : 1
      sum.add(first, second, term.coefficient)
      return
    }
    for value in 0..<term.summed[label - labels.count + term.summed.count] {
      labels[label] = value
      add(term, from: label + 1, &labels, to: &sum)
    }
  }

  /// What a view reads: zero where a window leaves its axis.
  private func value(of view: TensorAccess, at labels: [Int]) -> Int64 {
    let (shape, offset) =
      switch view.source {
      case .block(let index): (system.blocks[index].shape, system.blocks[index].offset)
      case .tensor(let index): (system.tensors[index].shape, system.tensors[index].offset)
      }
    var place = 0
    for (window, extent) in zip(view.windows, shape) {
      var coordinate = window.constant
      for step in window.steps { coordinate += step.stride * labels[step.label] }
      guard coordinate >= 0, coordinate < extent else { return 0 }
      place = (place << ceilLog2(extent)) + coordinate
    }
    switch view.source {
    case .block: return trace.outputs[offset + place]
    case .tensor: return cells[offset + place]
    }
  }

  private func multiplier(of block: Block, at position: [Int]) -> Int64 {
    switch block.multiplier {
    case .constant(let value): value
    case .tensor(let view): value(of: view, at: position)
    }
  }

  // MARK: Lookups

  private mutating func count(_ triple: Triple, _ times: Int64) {
    if let row = table[triple] { lookups[row] += times }
  }

  private mutating func checkMultiplicities() {
    var row = 0
    system.table.forEachRow { tag, input, output in
      let (expected, actual) = (lookups[row], trace.multiplicities[row])
      if expected != actual {
        report(
          .table(tag: tag, input: input, output: output),
          .multiplicity(expected: expected, actual: actual))
      }
      row += 1
    }
  }

  private mutating func report(_ place: Violation.Place, _ fault: Violation.Fault) {
    violations.append(Violation(place, fault, inference: inference))
  }
}
