import Arguments
import ConstraintSystem
import Field

/// From the integers of a trace to the columns of the row check: field elements, fingerprints and
/// the helpers of the lookup argument.
struct ProverColumns {
  /// In the order of `RowCheck.Columns`.
  var rows: [Fr]
  /// m, g and φ_T − α of each row of the table.
  var table: [Fr]
  private let width: Int
  private let helperScale: Fr

  /// - Returns: nil when a fingerprint is zero, which a fresh challenge mends (probability below
  ///   2^−230).
  init?(_ shape: Shape, trace: Trace, cells: ModelCells, lookup: RowCheck.Lookup) {
    let system = shape.system
    let limbs = system.parameters.limbs
    let width = RowCheck.Columns.width(limbs: limbs)
    self.width = width
    helperScale = RowKernel.scales(limbs: limbs).helper
    let filler = RowFiller(shape, trace: trace, cells: cells, lookup: lookup)
    var rows = [Fr](repeating: .zero, count: width * system.usedRows)
    let fits = inParallel(over: &rows, width: width, grain: 64) { range, part in
      filler.fill(range, &part)
    }
    Meter.count(
      fieldMultiplications: filler.multiplications * system.usedRows)
    Meter.count(smallMultiplications: (3 + 2 * limbs) * system.usedRows)
    guard fits.allSatisfy(\.self) else { return nil }
    self.rows = rows

    var table: [Fr] = []
    table.reserveCapacity(RowCheck.Columns.tableWidth * shape.table.count)
    var next = 0
    shape.table.forEachRow { tag, input, output in
      table.append(Fr(trace.multiplicities[next]))
      table.append(.zero)
      table.append(
        Fr(tag) + lookup.beta.multiplied(bySmall: input)
          + lookup.betaSquared.multiplied(bySmall: output))
      next += 1
    }
    let multiplicities = trace.multiplicities
    let found = inParallel(over: &table, width: RowCheck.Columns.tableWidth, grain: 512) {
      range, part in
      Self.fillTable(&part, multiplicities[range], alpha: lookup.alpha)
    }
    Meter.count(smallMultiplications: 3 * shape.table.count)
    guard found.allSatisfy(\.self) else { return nil }
    self.table = table
  }

  /// g = m/φ_T of the rows that are looked up, in one inversion.
  private static func fillTable(
    _ table: inout MutableSpan<Fr>, _ multiplicities: ArraySlice<Int64>, alpha: Fr
  ) -> Bool {
    let width = RowCheck.Columns.tableWidth
    let hit = multiplicities.indices.filter { multiplicities[$0] != 0 }
    let base = multiplicities.startIndex
    var inverses = hit.map { table[width * ($0 - base) + 2] + alpha }
    guard !inverses.contains(where: \.isZero) else { return false }
    Fr.batchInvert(&inverses)
    Meter.count(fieldMultiplications: 3 * hit.count)
    for (row, inverse) in zip(hit, inverses) {
      table[width * (row - base) + 1] = inverse.multiplied(bySmall: multiplicities[row])
    }
    return true
  }

  /// h'.
  var helper: [Fr] {
    get {
      let (rows, width, inverse) = (rows, width, helperScale.inverse())
      var helper = [Fr](repeating: .zero, count: rows.count / width)
      inParallel(over: &helper, grain: 1024) { range, part in
        for (place, row) in range.enumerated() {
          part[place] = rows[row * width + 3] * inverse
        }
      }
      return helper
    }
    set {
      for (row, value) in newValue.enumerated() { rows[row * width + 3] = value * helperScale }
    }
  }

  /// g.
  var tableHelper: [Fr] {
    get {
      stride(from: 1, to: table.count, by: RowCheck.Columns.tableWidth).map { table[$0] }
    }
    set {
      for (row, value) in newValue.enumerated() {
        table[row * RowCheck.Columns.tableWidth + 1] = value
      }
    }
  }
}

/// Fills rows of the trace: each block's by what is constant on it, those between by what the trace
/// holds there, which is nothing when the prover is honest.
private struct RowFiller: Sendable {
  private struct Part: Sendable {
    var tagAndShift: Fr
    var multiplier: MultiplierCells
  }
  /// A run of cells of one block along its last axis.
  private struct Run: Sendable {
    var row: Int
    var count: Int
    var part: Int
    var index: Int
  }
  /// Rows that share an inversion.
  private static let batch = 256

  private let limbs: Int
  /// What limbs and q count in w, and what h' is held times.
  private let limbScales: [Fr]
  private let scale: Fr
  private let helperScale: Fr
  private let trace: Trace
  private let lookup: RowCheck.Lookup
  private let defaults: [Fr]
  private var parts: [Part] = []
  /// In the order of their rows.
  private var runs: [Run] = []

  /// Products of field elements per row: conversions, h by its fraction, its share of the inversion.
  var multiplications: Int { 2 + 3 * (limbs + 1) / 2 + 4 }

  init(_ shape: Shape, trace: Trace, cells: ModelCells, lookup: RowCheck.Lookup) {
    let system = shape.system
    limbs = system.parameters.limbs
    let scales = RowKernel.scales(limbs: limbs)
    limbScales = shape.limbScales.map { $0 * scales.rescaled }
    scale = shape.scale * scales.rescaled
    helperScale = scales.helper
    self.trace = trace
    self.lookup = lookup
    defaults =
      [Fr](repeating: lookup.lowLimb, count: limbs - 1) + [lookup.topLimb, lookup.alpha]
    let shiftWeight = lookup.beta + lookup.betaSquared
    for block in system.blocks.sorted(by: { $0.offset < $1.offset }) {
      let tag = Fr(Table.firstFunctionTag + Int64(block.function))
      Layout.forEachRun(shape: block.shape) { cell, index, count in
        runs.append(
          Run(row: block.offset + cell, count: count, part: parts.count, index: index))
      }
      parts.append(
        Part(
          tagAndShift: tag + shiftWeight * Fr(block.shift),
          multiplier: MultiplierCells(block, in: system, cells: cells)))
    }
  }

  /// Rows whose h waits for the inversion: D = Πφ, and N with h = N/D.
  private struct Waiting {
    var rows: [Int] = []
    var numerators: [Fr] = []
    var denominators: [Fr] = []
  }

  /// - Returns: false when a fingerprint is zero.
  func fill(_ range: Range<Int>, _ values: inout MutableSpan<Fr>) -> Bool {
    var waiting = Waiting()
    // The first run that reaches into the range.
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].row + runs[middle].count <= range.lowerBound {
        low = middle + 1
      } else {
        high = middle
      }
    }
    var next = range.lowerBound
    while next < range.upperBound {
      let run = low < runs.count ? runs[low] : nil
      let gapEnd = min(run?.row ?? range.upperBound, range.upperBound)
      while next < gapEnd {
        if !isEmpty(next) {
          fill(next, .zero, .zero, range.lowerBound, &values, &waiting)
          if waiting.rows.count == Self.batch, !settle(&values, &waiting) { return false }
        }
        next += 1
      }
      guard let run, next < range.upperBound else { break }
      let end = min(run.row + run.count, range.upperBound)
      let part = parts[run.part]
      let start = part.multiplier.place(of: run.index)
      while next < end {
        fill(
          next, part.tagAndShift, part.multiplier.value(start, next - run.row), range.lowerBound,
          &values, &waiting)
        if waiting.rows.count == Self.batch, !settle(&values, &waiting) { return false }
        next += 1
      }
      low += 1
    }
    return settle(&values, &waiting)
  }

  private func isEmpty(_ row: Int) -> Bool {
    trace.accumulators[row] == 0 && trace.quotients[row] == 0 && trace.outputs[row] == 0
      && trace.limbs.allSatisfy { $0[row] == 0 }
  }

  @inline(__always)
  private func fill(
    _ row: Int, _ known: Fr, _ multiplier: Fr, _ first: Int, _ values: inout MutableSpan<Fr>,
    _ waiting: inout Waiting
  ) {
    let base = (row - first) * (limbs + 5)
    let (q, y) = (trace.quotients[row], trace.outputs[row])
    values[base] = Fr(trace.accumulators[row])
    values[base + 1] = multiplier
    var rescaled = scale.multiplied(bySmall: q)
    let looked =
      lookup.beta.multiplied(bySmall: q) + lookup.betaSquared.multiplied(bySmall: y) + known
    values[base + 4 + limbs] = looked
    // N/D = Σ 1/φ, one fingerprint after another.
    var denominator = looked + defaults[limbs]
    var numerator = Fr.one
    for limb in 0..<limbs {
      let value = trace.limbs[limb][row]
      rescaled += limbScales[limb].multiplied(bySmall: value)
      let fingerprint = lookup.beta.multiplied(bySmall: value)
      values[base + 4 + limb] = fingerprint
      let full = fingerprint + defaults[limb]
      numerator = limb == 0 ? full + denominator : numerator * full + denominator
      denominator *= full
    }
    values[base + 2] = rescaled
    waiting.rows.append(base + 3)
    waiting.numerators.append(numerator)
    waiting.denominators.append(denominator)
  }

  private func settle(_ values: inout MutableSpan<Fr>, _ waiting: inout Waiting) -> Bool {
    guard !waiting.denominators.contains(where: \.isZero) else { return false }
    Fr.batchInvert(&waiting.denominators)
    for i in waiting.rows.indices {
      let helper = waiting.numerators[i] * waiting.denominators[i] - lookup.helperOnPadding
      values[waiting.rows[i]] = helperScale * helper
    }
    waiting.rows.removeAll(keepingCapacity: true)
    waiting.numerators.removeAll(keepingCapacity: true)
    waiting.denominators.removeAll(keepingCapacity: true)
    return true
  }
}

/// M on the cells of a block.
private struct MultiplierCells: Sendable {
  /// The model's tensor as field elements; the constant alone if M is one.
  private var values: [Fr]
  /// Where the block's first cell reads.
  private var base = 0
  /// Per axis of the block, most significant first: extent and step within the tensor.
  private var axes: [(extent: Int, step: Int)] = []

  init(_ block: Block, in system: ConstraintSystem, cells: ModelCells) {
    switch block.multiplier {
    case .constant(let value): values = [Fr(value)]
    case .tensor(let view):
      guard case .tensor(let index) = view.source else {
        preconditionFailure("a validated multiplier reads the model")
      }
      let tensor = system.tensors[index]
      values = cells.cells[tensor.offset..<tensor.offset + 1 << tensor.bits].map { Fr($0) }
      axes = block.shape.map { ($0, 0) }
      var size = 1
      for (window, bits) in zip(view.windows, tensor.axisBits).reversed() {
        base += window.constant * size
        for step in window.steps { axes[step.label].step += step.stride * size }
        size <<= bits
      }
    }
  }

  /// The place that a run along the last axis begins to read at.
  ///
  /// - Parameter index: row-major, without padding.
  func place(of index: Int) -> Int {
    var (rest, place) = (index, base)
    for axis in axes.reversed() {
      place += (rest % axis.extent) * axis.step
      rest /= axis.extent
    }
    return place
  }

  /// The value `step` cells further along the run.
  @inline(__always)
  func value(_ place: Int, _ step: Int) -> Fr {
    values[place + step * (axes.last?.step ?? 0)]
  }
}
