import ArgumentKernels
package import ConstraintSystem
package import Field
import Compute

/// Integer values behind the views: what a prover contracts. Cells in the layout of their column.
package struct ViewSources: Sendable {
  /// y, the trace's used rows.
  package var outputs: PackedIntegers
  /// The model polynomial.
  package var model: PackedIntegers

  package init(outputs: [Int64], model: PackedIntegers) {
    self.outputs = PackedIntegers(outputs)
    self.model = model
  }
}

/// A label that a contraction keeps, with its extent.
package struct KeptLabel: Sendable {
  package var label: Int
  package var extent: Int
  package var bits: Int { ceilLog2(extent) }
}

/// Contracts the labels of a view that carry weights, one source axis at a time, largest first;
/// what is kept becomes a table over the kept labels.
///
/// - Complexity: one small multiplication per source cell for the first axis; the rest works on
///   what that leaves.
package struct Contraction {
  /// Values over `dimensions`, row-major.
  private var values: [Fr] = []
  private var dimensions: [Dimension]

  private enum Dimension {
    case axis(Int, size: Int)
    case label(Int, size: Int)
    var size: Int {
      switch self {
      case .axis(_, let size), .label(_, let size): size
      }
    }
  }

  /// - Parameters:
  ///   - weights: the labels to contract.
  ///   - kept: the labels to keep; the table has their bits, first label most significant. Labels
  ///     that the view does not read are constant in it.
  ///   - factors: weights to multiply into the table, per kept label.
  package static func table(
    of view: TensorAccess, in system: ConstraintSystem, sources: ViewSources, weights: LabelWeights,
    kept: [KeptLabel], factors: LabelWeights
  ) -> [Fr] {
    var contraction = Contraction(dimensions: [])
    let (offset, axisBits) =
      switch view.source {
      case .block(let index): (system.blocks[index].offset, system.blocks[index].axisBits)
      case .tensor(let index): (system.tensors[index].offset, system.tensors[index].axisBits)
      }
    let cells =
      switch view.source {
      case .block: sources.outputs
      case .tensor: sources.model
      }
    let extents = system.shape(of: view.source) ?? []
    contraction.dimensions = axisBits.enumerated().map { .axis($0, size: 1 << $1) }
    let extent = Dictionary(uniqueKeysWithValues: kept.map { ($0.label, $0.extent) })
    let plans = view.windows.enumerated().map { index, window in
      AxisPlan(window, extent: extents[index], weights: weights, kept: extent)
    }
    let order = view.windows.indices.sorted {
      (plans[$0].contracts ? extents[$0] : 0, $1) > (plans[$1].contracts ? extents[$1] : 0, $0)
    }
    let size = 1 << axisBits.reduce(0, +)
    var isInteger = true
    for axis in order {
      if isInteger {
        if plans[axis].contracts {
          contraction.contractIntegers(
            cells, offset: offset, axis: axis, extent: extents[axis], plan: plans[axis])
        } else {
          contraction.values = cells.values(offset..<offset + size).map { Fr($0) }
          contraction.apply(plans[axis], axis: axis)
        }
        isInteger = false
      } else {
        contraction.apply(plans[axis], axis: axis)
      }
    }
    if isInteger { contraction.values = [Fr(cells[offset])] }
    return contraction.packed(kept: kept, factors: factors)
  }

  /// What a window does: per combination of its kept labels, the source coordinates and weights.
  private struct AxisPlan {
    var kept: [KeptLabel]
    var contracts: Bool
    /// One list per combination of kept labels, row-major.
    var sums: [[(coordinate: Int, weight: Fr)]]

    init(_ window: AffineIndex, extent: Int, weights: LabelWeights, kept extents: [Int: Int]) {
      kept = []
      contracts = false
      sums = [[(window.constant, .one)]]
      for step in window.steps {
        if let size = extents[step.label] {
          kept.append(KeptLabel(label: step.label, extent: size))
          sums = sums.flatMap { list in
            (0..<size).map { value in
              list.map { ($0.coordinate + value * step.stride, $0.weight) }
            }
          }
        } else {
          contracts = true
          let u = weights[step.label] ?? []
          sums = sums.map { list in
            list.flatMap { entry in
              u.enumerated().map { (entry.coordinate + $0 * step.stride, entry.weight * $1) }
            }
          }
        }
      }
      sums = sums.map { $0.filter { $0.coordinate >= 0 && $0.coordinate < extent } }
    }
  }

  private mutating func replace(axis: Int, by kept: [KeptLabel]) {
    guard let place = place(of: axis) else { return }
    dimensions.replaceSubrange(
      place...place, with: kept.map { .label($0.label, size: $0.extent) })
  }

  private func place(of axis: Int) -> Int? {
    dimensions.firstIndex {
      if case .axis(axis, _) = $0 { true } else { false }
    }
  }

  /// (outer, size, inner) of an axis.
  private func split(at axis: Int) -> (outer: Int, size: Int, inner: Int) {
    guard let place = place(of: axis) else { return (1, 1, 1) }
    return (
      dimensions[..<place].reduce(1) { $0 * $1.size }, dimensions[place].size,
      dimensions[(place + 1)...].reduce(1) { $0 * $1.size }
    )
  }

  private mutating func contractIntegers(
    _ cells: PackedIntegers, offset: Int, axis: Int, extent: Int, plan: AxisPlan
  ) {
    let (outer, size, inner) = split(at: axis)
    // The weights of a combination of kept labels, coordinate by coordinate.
    let factors = plan.sums.map { list in
      var factors = [Fr](repeating: .zero, count: inner > 1 ? extent : size)
      for (coordinate, weight) in list { factors[coordinate] += weight }
      return factors
    }
    if inner == 1 {
      let rows = IntegerRows(cells, first: offset, width: size, count: outer)
      values = rows.products(with: factors)
    } else {
      values = []
      values.reserveCapacity(outer * factors.count * inner)
      for o in 0..<outer {
        let rows = IntegerRows(
          cells, first: offset + o * size * inner, width: inner, count: extent)
        for factors in factors { values += rows.combination(factors) }
      }
    }
    replace(axis: axis, by: plan.kept)
  }

  private mutating func apply(_ plan: AxisPlan, axis: Int) {
    let (outer, size, inner) = split(at: axis)
    if plan.contracts {
      OperationCounter.count(
        fieldMultiplications: outer * inner * plan.sums.reduce(0) { $0 + $1.count })
    }
    var result: [Fr] = []
    result.reserveCapacity(outer * plan.sums.count * inner)
    for o in 0..<outer {
      let base = o * size * inner
      for list in plan.sums {
        for i in 0..<inner {
          if plan.contracts {
            var sum = FrAccumulator()
            for (coordinate, weight) in list {
              sum.add(values[base + coordinate * inner + i], weight)
            }
            result.append(sum.value)
          } else {
            let read = list.first.map { values[base + $0.coordinate * inner + i] }
            result.append(read ?? .zero)
          }
        }
      }
    }
    values = result
    replace(axis: axis, by: plan.kept)
  }

  /// The values in the order of `kept`, each label padded to a power of two.
  private func packed(kept: [KeptLabel], factors: LabelWeights) -> [Fr] {
    var strides: [Int: Int] = [:]
    var stride = 1
    for dimension in dimensions.reversed() {
      if case .label(let label, _) = dimension { strides[label] = stride }
      stride *= dimension.size
    }
    var entries: [(cell: Int, source: Int, factor: Fr)] = [(0, 0, .one)]
    for label in kept {
      let step = strides[label.label] ?? 0
      let weights = factors[label.label]
      entries = entries.flatMap { entry in
        (0..<label.extent).map { value in
          (
            entry.cell << label.bits + value, entry.source + value * step,
            weights.map { entry.factor * $0[value] } ?? entry.factor
          )
        }
      }
    }
    let weighted = kept.contains { factors[$0.label] != nil }
    var table = [Fr](repeating: .zero, count: (entries.last?.cell ?? 0) + 1)
    for entry in entries {
      let value = values[entry.source]
      table[entry.cell] = weighted ? value * entry.factor : value
    }
    return table
  }
}
