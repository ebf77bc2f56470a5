import BigInteger
import Compute
package import ConstraintSystem
import Field
package import Witness

/// Evaluates every constraint of a circuit on a witness, as its definition reads: with
/// exact integers instead of field elements, cell by cell, with no polynomial and no code of a prover
/// or of the execution that makes witnesses.
package struct Checker: Sendable {
  private let system: ConstraintSystem
  private let trace: Trace
  private let table: TableRows
  private let layers: [LayerReader]

  /// All constraints of `system` that the witness breaks, in order of rows, then of the table; some of them,
  /// in a job that is cancelled.
  ///
  /// - Parameter system: validated.
  /// - Complexity: about 3 ns per product of a relation, 0.2 µs per row, on all processors.
  package static func check(
    _ system: ConstraintSystem, _ cells: ModelCells, _ trace: Trace
  ) -> [Violation] {
    let lengths = Self.lengthViolations(system, cells, trace)
    guard lengths.isEmpty else { return lengths }
    return Checker(system, cells, trace).violations()
  }

  private init(_ system: ConstraintSystem, _ cells: ModelCells, _ trace: Trace) {
    let system = system.reading(trace.inputs(in: system))
    self.system = system
    self.trace = trace
    table = TableRows(system.table)
    let cells = cells.cells.values(0..<cells.cells.count)
    layers = system.blocks.map { LayerReader($0, in: system, model: cells, outputs: trace.outputs) }
  }

  private static func lengthViolations(
    _ system: ConstraintSystem, _ cells: ModelCells, _ trace: Trace
  ) -> [Violation] {
    let rows = system.usedRows
    var lengths: [(Violation.Column, expected: Int, actual: Int)] = [
      (.accumulator, rows, trace.accumulators.count),
      (.output, rows, trace.outputs.count),
      (.quotient, system.parameters.scheme.pairsLookups ? rows : 0, trace.quotients.count),
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

  /// Rows worth a thread of their own.
  private static let grain = 1 << 13

  /// Rows of a block, or between blocks.
  private struct Stretch {
    let rows: Range<Int>
    let block: Int?
  }

  /// What some rows break, and what they look up.
  private struct Findings: Sendable {
    var violations: [Violation] = []
    /// By row of the table.
    var lookups: [Int64]

    mutating func report(
      _ place: Violation.Place, _ fault: Violation.Fault, _ inference: Int? = nil
    ) {
      violations.append(Violation(place, fault, inference: inference))
    }

    mutating func count(_ row: Int?, _ times: Int64 = 1) { if let row { lookups[row] += times } }
  }

  private func violations() -> [Violation] {
    var (stretches, next) = ([Stretch](), 0)
    for index in system.blocks.indices.sorted(by: {
      system.blocks[$0].offset < system.blocks[$1].offset
    }) {
      let block = system.blocks[index]
      let end = block.offset + 1 << block.bits
      stretches.append(Stretch(rows: next..<max(next, block.offset), block: nil))
      stretches.append(Stretch(rows: max(next, block.offset)..<max(next, end), block: index))
      next = max(next, end)
    }
    let all = stretches
    let parts = inParallel(count: next, grain: Self.grain) { rows in
      var findings = Findings(lookups: [Int64](repeating: 0, count: table.count))
      for stretch in all {
        let own = stretch.rows.clamped(to: rows)
        if own.isEmpty { continue }
        Job.report(Double(own.lowerBound - rows.lowerBound) / Double(rows.count))
        if let block = stretch.block {
          check(own, of: block, &findings)
        } else {
          for row in own { checkIdle(row, .gap(row: row), nil, &findings) }
        }
        if Job.isCancelled { break }
      }
      return findings
    }
    var findings = Findings(lookups: [Int64](repeating: 0, count: table.count))
    for part in parts {
      findings.violations += part.violations
      for row in findings.lookups.indices { findings.lookups[row] += part.lookups[row] }
    }
    if Job.isCancelled { return findings.violations }
    // Rows from the last block's end to 2^n hold nothing that could be wrong; they are looked up too.
    let rest = Int64((1 << system.traceBits) - next)
    findings.count(
      table.row(Table.zeroTag, 0, 0),
      Int64(system.parameters.dummyLookups) << Int64(system.traceBits))
    findings.count(table.row(Table.zeroTag, 0, 0), rest)
    for limb in 1...system.parameters.limbs {
      findings.count(table.row(Table.rangeTag, limbShift(limb), 0), rest)
    }
    checkMultiplicities(&findings)
    return findings.violations
  }

  /// Rows of a block, cells and padding.
  private func check(_ rows: Range<Int>, of index: Int, _ findings: inout Findings) {
    let (block, layer) = (system.blocks[index], layers[index])
    let bits = block.axisBits
    var position = [Int](repeating: 0, count: bits.count)
    var scratch = layer.scratch
    for row in rows {
      if row.isMultiple(of: 1 << 12), Job.isCancelled { return }
      // The index tuple of the padded block.
      var (rest, isCell) = (row - block.offset, true)
      for axis in position.indices.reversed() {
        position[axis] = rest & ((1 << bits[axis]) - 1)
        isCell = isCell && position[axis] < block.shape[axis]
        rest >>= bits[axis]
      }
      if isCell {
        check(row, at: position, of: index, block, layer, &scratch, &findings)
      } else {
        // After the last inference no row is anyone's.
        let slot =
          system.inferences > 1 ? position.first.flatMap { $0 < system.inferences ? $0 : nil } : nil
        checkIdle(row, .padding(layer: block.name, row: row), slot, &findings)
      }
    }
  }

  private func check(
    _ row: Int, at position: [Int], of index: Int, _ block: Block, _ layer: LayerReader,
    _ scratch: inout LayerReader.Scratch, _ findings: inout Findings
  ) {
    let (accumulator, output) = (trace.accumulators[row], trace.outputs[row])
    func report(_ fault: Violation.Fault) {
      let (slot, within) = system.apart(position)
      findings.report(.cell(layer: block.name, position: within, row: row), fault, slot)
    }
    let expected = layer.relation(at: position, &scratch)
    if !expected.equals(accumulator) {
      report(.relation(expected: expected.value, actual: Integer(accumulator)))
    }
    var product = ExactSum()
    product.add(accumulator, layer.multiplier(at: position, &scratch))
    let quotient = quotient(of: product, row)
    if quotient == nil {
      report(.rowEquation(product: product.value, remainder: remainder(row).value))
    }
    let size = Int64(1) << Int64(system.parameters.limbBits)
    for limb in 1...system.parameters.limbs {
      let (value, shift) = (trace.limbs[limb - 1][row], limbShift(limb))
      let range = -shift...(size - 1 - shift)
      if !range.contains(value) { report(.limb(limb, expected: range, actual: value)) }
    }
    if let quotient, !trace.quotients.isEmpty, quotient.word != trace.quotients[row] {
      report(.quotient(expected: quotient.value, actual: trace.quotients[row]))
    }
    if let quotient {
      // Out of any table when these overflow, so wrapping tells no lie.
      let input = quotient.word.map { $0 &+ block.shift }
      let found = input.flatMap {
        table.row(Table.firstFunctionTag + Int64(block.function), $0, output &+ block.shift)
      }
      if found == nil {
        let function = system.functions[block.function]
        report(
          .function(
            function.name, quotient: quotient.value,
            expected: input.flatMap { function($0) }.map { $0 &- block.shift }, actual: output))
      }
      findings.count(found)
    }
    countLimbs(row, &findings)
  }

  /// Gap and padding rows have M = fn = shift = 0 and relations of zero.
  private func checkIdle(
    _ row: Int, _ place: @autoclosure () -> Violation.Place, _ inference: Int?,
    _ findings: inout Findings
  ) {
    func check(_ column: Violation.Column, _ value: Int64) {
      if value != 0 { findings.report(place(), .idle(column, actual: value), inference) }
    }
    check(.accumulator, trace.accumulators[row])
    check(.output, trace.outputs[row])
    if !trace.quotients.isEmpty { check(.quotient, trace.quotients[row]) }
    for limb in 1...system.parameters.limbs { check(.limb(limb), trace.limbs[limb - 1][row]) }
    if let input = quotient(of: ExactSum(), row)?.word {
      findings.count(table.row(Table.zeroTag, input, trace.outputs[row]))
    }
    countLimbs(row, &findings)
  }

  private func countLimbs(_ row: Int, _ findings: inout Findings) {
    for limb in 1...system.parameters.limbs {
      let value = trace.limbs[limb - 1][row] &+ limbShift(limb)
      findings.count(table.row(Table.rangeTag, value, 0))
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
  private func quotient(of product: ExactSum, _ row: Int) -> ExactSum.Quotient? {
    var rest = product
    for limb in trace.limbs.indices {
      rest.add(trace.limbs[limb][row], -(1 << Int64(limb * system.parameters.limbBits)))
    }
    return rest.shifted(right: system.parameters.scaleBits)
  }

  // MARK: Lookups

  private func checkMultiplicities(_ findings: inout Findings) {
    var row = 0
    system.table.forEachRow { tag, input, output in
      let (expected, actual) = (findings.lookups[row], trace.multiplicities[row])
      if expected != actual {
        findings.report(
          .table(tag: tag, input: input, output: output),
          .multiplicity(expected: expected, actual: actual))
      }
      row += 1
    }
  }
}
