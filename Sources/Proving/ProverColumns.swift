import Arguments
import ConstraintSystem
import Field

/// From the integers of a trace to the columns of the row check: field elements, fingerprints and
/// the helpers of the lookup argument.
struct ProverColumns {
  var accumulator: [Fr]
  var multiplier: [Fr]
  var rescaled: [Fr]
  /// φ₁, …, φ_K, φ₀ less their values on padding.
  var fingerprints: [[Fr]]
  /// h'.
  var helper: [Fr]
  /// g.
  var tableHelper: [Fr]
  /// φ_T − α.
  var tableFingerprints: [Fr]

  /// - Returns: nil when a fingerprint is zero, which a fresh challenge mends (probability below
  ///   2^−230).
  init?(_ shape: Shape, trace: Trace, cells: ModelCells, lookup: RowCheck.Lookup) {
    let system = shape.system
    let used = system.usedRows
    let limbs = system.parameters.limbs
    let (beta, beta2) = (lookup.beta, lookup.betaSquared)
    accumulator = trace.accumulators.map { Fr($0) }
    var multiplier = [Fr](repeating: .zero, count: used)
    var looked = [Fr](repeating: .zero, count: used)
    for i in 0..<used {
      let (q, y) = (trace.quotients[i], trace.outputs[i])
      if q != 0 || y != 0 {
        looked[i] = beta.multiplied(bySmall: q) + beta2.multiplied(bySmall: y)
      }
    }
    for block in system.blocks {
      let tag = Fr(Table.firstFunctionTag + Int64(block.function))
      let known = tag + (beta + beta2) * Fr(block.shift)
      let constant = if case .constant(let value) = block.multiplier { Fr(value) } else { Fr.zero }
      let perCell = MultiplierCells(block, in: system)
      Layout.forEachRun(shape: block.shape) { cell, index, count in
        for step in 0..<count {
          let row = block.offset + cell + step
          looked[row] += known
          multiplier[row] =
            perCell.map { Fr(cells.cells[$0.cell(index + step)]) } ?? constant
        }
      }
    }
    var rescaled = trace.quotients.map { shape.scale.multiplied(bySmall: $0) }
    var fingerprints: [[Fr]] = []
    for limb in 0..<limbs {
      let weight = shape.limbScales[limb]
      let column = trace.limbs[limb]
      var fingerprint = [Fr](repeating: .zero, count: used)
      for i in 0..<used where column[i] != 0 {
        rescaled[i] += weight.multiplied(bySmall: column[i])
        fingerprint[i] = beta.multiplied(bySmall: column[i])
      }
      fingerprints.append(fingerprint)
    }
    fingerprints.append(looked)
    self.multiplier = multiplier
    self.rescaled = rescaled
    self.fingerprints = fingerprints

    // 1/φ of every lookup and of every table row that is looked up, in one inversion.
    var tableFingerprints: [Fr] = []
    tableFingerprints.reserveCapacity(shape.table.count)
    shape.table.forEachRow { tag, input, output in
      tableFingerprints.append(
        Fr(tag) + beta.multiplied(bySmall: input) + beta2.multiplied(bySmall: output))
    }
    self.tableFingerprints = tableFingerprints
    let hit = trace.multiplicities.indices.filter { trace.multiplicities[$0] != 0 }
    var inverses: [Fr] = []
    inverses.reserveCapacity(used * (limbs + 1) + hit.count)
    let defaults =
      [Fr](repeating: lookup.lowLimb, count: limbs - 1) + [lookup.topLimb, lookup.alpha]
    for (column, padding) in zip(fingerprints, defaults) {
      for value in column { inverses.append(value + padding) }
    }
    for row in hit { inverses.append(tableFingerprints[row] + lookup.alpha) }
    guard !inverses.contains(where: \.isZero) else { return nil }
    Fr.batchInvert(&inverses)
    Meter.count(fieldMultiplications: 3 * inverses.count)
    Meter.count(smallMultiplications: (2 + 2 * limbs) * used + 2 * tableFingerprints.count)
    helper = [Fr](repeating: -lookup.helperOnPadding, count: used)
    for factor in 0...limbs {
      let base = factor * used
      for i in 0..<used { helper[i] += inverses[base + i] }
    }
    tableHelper = [Fr](repeating: .zero, count: shape.table.count)
    let base = (limbs + 1) * used
    for (place, row) in hit.enumerated() {
      tableHelper[row] = inverses[base + place].multiplied(bySmall: trace.multiplicities[row])
    }
  }
}

/// Where a block's multiplier tensor is read for each of its cells.
private struct MultiplierCells {
  private var base: Int
  /// Per axis of the block, most significant first: extent and step within the tensor.
  private var axes: [(extent: Int, step: Int)]

  init?(_ block: Block, in system: ConstraintSystem) {
    guard case .tensor(let view) = block.multiplier, case .tensor(let index) = view.source
    else { return nil }
    let tensor = system.tensors[index]
    base = tensor.offset
    axes = block.shape.map { ($0, 0) }
    var size = 1
    for (window, bits) in zip(view.windows, tensor.axisBits).reversed() {
      base += window.constant * size
      for step in window.steps { axes[step.label].step += step.stride * size }
      size <<= bits
    }
  }

  /// - Parameter index: row-major, without padding.
  func cell(_ index: Int) -> Int {
    var (rest, cell) = (index, base)
    for axis in axes.reversed() {
      cell += (rest % axis.extent) * axis.step
      rest /= axis.extent
    }
    return cell
  }
}
