import ArgumentKernels
import Arguments
import Compute
import ConstraintSystem
import Field
import Polynomial
import Witness

/// From the integers of a trace to the columns of the pair argument: field elements, fingerprints two by two,
/// and their inverses.
struct PairColumns: LookupColumns {
  private typealias Rows = PairArgument.Rows

  private var rows: PairArgument.Witness
  private let traceBits: Int
  /// Slots that hold a look-up which is no dummy, and values of a row.
  private let slots: Int
  private let width: Int

  var groups: HeldBlocks { rows.rows.groups }
  var witness: LookupWitness { .pairs(rows) }

  init?(_ shape: CircuitDimensions, trace: Trace, cells: ModelCells, lookup: LookupChallenges) {
    let padding = LookupSlots(shape.system.parameters, lookup: lookup)
    let filler = PairFiller(shape, trace: trace, cells: cells, lookup: lookup, padding: padding)
    let groups = HeldBlocks(covering: filler.rows.usedRuns)
    let width = Rows.width(slots: padding.count)
    let (values, sound) = inParallel(
      making: groups.count, width: width * HeldBlocks.height, of: Fr.zero,
      chunk: TraceRows.batch / HeldBlocks.height
    ) { range, part in
      // Rows that are not filled are zero, and a job that is cancelled makes no proof of them.
      Job.isCancelled || filler.fill(range, of: groups, &part)
    }
    guard sound.allSatisfy(\.self),
      let table = TableColumns.rows(shape, trace.multiplicities, lookup)
    else { return nil }
    rows = PairArgument.Witness(rows: Rows(values: values, groups: groups), table: table)
    (slots, self.width) = (shape.system.parameters.lookupSlots, width)
    traceBits = shape.traceBits
  }

  /// Slot by slot, all rows of each.
  var inverses: [Fr] {
    get {
      var column = [Fr](repeating: .zero, count: slots << traceBits)
      forEachInverse { column[$0] = rows.rows.values[$1] }
      return column
    }
    set {
      var values = rows.rows.values
      forEachInverse { values[$1] = newValue[$0] }
      rows.rows.values = values
    }
  }

  /// The cell of h and the place of each inverse that is held.
  private func forEachInverse(_ body: (Int, Int) -> Void) {
    for (place, number) in groups.numbers.enumerated() {
      for step in 0..<min(HeldBlocks.height, 1 << traceBits) {
        let (row, held) = (HeldBlocks.height * Int(number) + step, HeldBlocks.height * place + step)
        for slot in 0..<slots {
          body(slot << traceBits + row, held * width + Rows.slots + 3 * slot)
        }
      }
    }
  }

  var tableInverses: [Fr] {
    get { TableColumns.inverses(of: rows.table) }
    set { TableColumns.replace(newValue, in: &rows.table) }
  }
}

/// Fills rows of the pair argument.
private struct PairFiller: Sendable {
  let rows: TraceRows
  private let trace: Trace
  private let lookup: LookupChallenges
  private let padding: LookupSlots
  private let limbs: Int
  private let limbScales: [Fr]
  private let scale: Fr

  init(
    _ shape: CircuitDimensions, trace: Trace, cells: ModelCells, lookup: LookupChallenges,
    padding: LookupSlots
  ) {
    rows = TraceRows(shape, trace: trace, cells: cells, lookup: lookup, multiplierScale: .one)
    (self.trace, self.lookup, self.padding) = (trace, lookup, padding)
    limbs = shape.system.parameters.limbs
    limbScales = shape.limbScales
    scale = Fr(UInt64(1) << UInt64(shape.system.parameters.scaleBits))
  }

  /// - Returns: false when a fingerprint is zero.
  func fill(_ range: Range<Int>, of groups: HeldBlocks, _ values: inout MutableSpan<Fr>) -> Bool {
    let (height, first) = (HeldBlocks.height, PairArgument.Rows.slots)
    let width = PairArgument.Rows.width(slots: padding.count)
    rows.place(
      range, of: groups, &values, width: width, multiplier: PairArgument.Rows.multiplier,
      function: first + 1)
    var used: [Int] = []
    for (place, group) in range.enumerated() {
      for step in 0..<height {
        let (row, base) = (groups.firstRow(group) + step, width * (height * place + step))
        if row < trace.outputs.count { fill(row, at: base, &values) }
        for slot in 0..<padding.count {
          let at = base + first + 3 * slot
          if !values[at + 1].isZero || !values[at + 2].isZero { used.append(at) }
        }
      }
    }
    var products = used.map { at in
      let slot = at % width / 3 - 1
      return (values[at + 1] + padding.fingerprints[2 * slot])
        * (values[at + 2] + padding.fingerprints[2 * slot + 1])
    }
    guard !products.contains(where: \.isZero) else { return false }
    Fr.batchInvert(&products)
    for (at, inverse) in zip(used, products) {
      let slot = at % width / 3 - 1
      let sum =
        values[at + 1] + values[at + 2] + padding.fingerprints[2 * slot]
        + padding.fingerprints[2 * slot + 1]
      values[at] = sum * inverse - padding.fractions[slot]
    }
    OperationCounter.count(
      fieldMultiplications: 5 * used.count, smallMultiplications: used.count * (limbs + 1))
    return true
  }

  private func fill(_ row: Int, at base: Int, _ values: inout MutableSpan<Fr>) {
    let (acc, q, y) = (trace.accumulators[row], trace.quotients[row], trace.outputs[row])
    let first = PairArgument.Rows.slots
    values[base + PairArgument.Rows.accumulator] = acc == 0 ? .zero : Fr(acc)
    var step = q == 0 ? .zero : scale.multiplied(bySmall: q)
    values[base + first + 1] +=
      lookup.beta.multiplied(bySmall: q) + lookup.betaSquared.multiplied(bySmall: y)
    for limb in 0..<limbs {
      let value = trace.limbs[limb][row]
      if value == 0 { continue }
      step += limbScales[limb].multiplied(bySmall: value)
      let number = limb + 1
      values[base + first + 3 * (number / 2) + 1 + number % 2] =
        lookup.beta.multiplied(bySmall: value)
    }
    values[base + PairArgument.Rows.step] = step
  }
}
