import ArgumentKernels
import Arguments
import ConstraintSystem
import Field
import Polynomial
import Compute
import Witness

/// Fills rows of the trace: each block's by what is constant on it, those between by what the trace
/// holds there, which is nothing when the prover is honest.
struct TraceRows: Sendable {
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
    var end: Int { row + count }
  }
  /// Rows that are filled in one call.
  static let batch = 512

  let fill: RowTables
  private let trace: Trace
  private var parts: [Part] = []
  /// In the order of their rows.
  private var runs: [Run] = []

  /// - Parameter multiplierScale: what M is held times; as the fill of `RowTables` has it unless given.
  init(
    _ shape: CircuitDimensions, trace: Trace, cells: ModelCells, lookup: LookupChallenges,
    multiplierScale: Fr? = nil
  ) {
    let system = shape.system
    fill = RowTables(limbScales: shape.limbScales, lookup: lookup)
    self.trace = trace
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
          multiplier: MultiplierCells(
            block, in: system, cells: cells, scale: multiplierScale ?? fill.multiplierScale)))
    }
  }

  /// Runs of rows that hold something, ascending.
  var usedRuns: [Range<Int>] {
    let columns = ([trace.accumulators, trace.outputs, trace.quotients] + trace.limbs)
      .filter { !$0.isEmpty }
    let end = trace.outputs.count
    return inParallel(count: runs.count + 1, grain: 256) { range in
      var used: [Range<Int>] = []
      used.reserveCapacity(range.count)
      for index in range {
        let gap =
          (index == 0 ? 0 : runs[index - 1].end)..<(index == runs.count ? end : runs[index].row)
        if !gap.isEmpty, columns.contains(where: { Self.holds($0, in: gap) }) {
          for row in gap where columns.contains(where: { $0[row] != 0 }) {
            used.append(row..<row + 1)
          }
        }
        if index < runs.count { used.append(runs[index].row..<runs[index].end) }
      }
      return used
    }.flatMap(\.self)
  }

  /// Whether any cell of a range is not zero.
  private static func holds(_ column: [Int64], in range: Range<Int>) -> Bool {
    let cells = column.span.extracting(range)
    var any: Int64 = 0
    for i in 0..<cells.count { any |= cells[i] }
    return any != 0
  }

  /// Fills the rows of some groups, and the nodes of the tree that stand on them.
  func fill(
    _ range: Range<Int>, of groups: HeldBlocks, _ values: inout MutableSpan<Fr>,
    nodes: inout MutableSpan<Fr>
  ) {
    let (height, limbs) = (HeldBlocks.height, fill.limbs)
    let columns = [trace.accumulators, trace.outputs] + trace.limbs.prefix(limbs)
    let (width, factor, linear) = (
      RowLayout.width(limbs: limbs), RowLayout.multiplier,
      RowLayout.linear(limbs: limbs)
    )
    var cells = [Int64](repeating: 0, count: range.count * height * columns.count)
    for (index, column) in columns.enumerated() {
      let column = column.span
      var base = height * index
      for group in range {
        let first = groups.firstRow(group)
        for step in 0..<min(height, max(0, column.count - first)) {
          cells[base + step] = column[first + step]
        }
        base += height * columns.count
      }
    }
    place(range, of: groups, &values, width: width, multiplier: factor, function: linear)
    fill.fill(&values, nodes: &nodes, cells: cells)
  }

  /// Writes M, and what its block adds to φ₀, into the rows of some groups.
  ///
  /// - Parameter width: of a row; the others are places in it.
  func place(
    _ range: Range<Int>, of groups: HeldBlocks, _ values: inout MutableSpan<Fr>, width: Int,
    multiplier factor: Int, function linear: Int
  ) {
    let height = HeldBlocks.height
    var next = firstRun(reaching: range.isEmpty ? 0 : groups.firstRow(range.lowerBound))
    for (place, group) in range.enumerated() {
      let first = groups.firstRow(group)
      while next < runs.count, runs[next].row < first + height {
        let run = runs[next]
        let (tagAndShift, multiplier) = (
          parts[run.part].tagAndShift, parts[run.part].multiplier
        )
        let rows = max(run.row, first)..<min(run.end, first + height)
        let (step, factors) = (multiplier.places.step, multiplier.values.span)
        var source = multiplier.places.place(of: run.index) + (rows.lowerBound - run.row) * step
        var base = (height * place + rows.lowerBound - first) * width
        for _ in rows {
          values[base + factor] = factors[source]
          values[base + linear] = tagAndShift
          source += step
          base += width
        }
        if run.end > first + height { break }
        next += 1
      }
    }
  }

  /// The first run that ends after a row.
  private func firstRun(reaching row: Int) -> Int {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].end <= row { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// M on the cells of a block, times a constant.
private struct MultiplierCells: Sendable {
  let places: MultiplierPlaces
  let values: [Fr]

  init(_ block: Block, in system: ConstraintSystem, cells: ModelCells, scale: Fr) {
    places = MultiplierPlaces(block, in: system)
    if case .constant(let value) = block.multiplier {
      values = [scale.multiplied(bySmall: value)]
    } else {
      values = cells.cells.values(places.cells).map { scale.multiplied(bySmall: $0) }
    }
  }
}
