package import ConstraintSystem
package import Field
import Polynomial
import Compute

/// eq(r, ·) on one block, as a scale and one weight vector per axis, cut to the extents: what a
/// block contributes at the row argument's point, whatever anyone put in its padding.
///
/// Written down in docs/protocol/arguments.md#weights-of-blocks.
package struct BlockWeights: Sendable {
  /// eq of r's high variables with the block's place in the trace.
  package var scale: Fr
  /// eq(r_axis, v) for v below the extent, per axis that a view of the block's relation or multiplier runs
  /// over: of the others only the sums count.
  package var labels: LabelWeights
  /// Σ_v of each axis.
  package var sums: [Fr]

  package init(_ block: Block, at point: [Fr]) {
    let bits = block.bits
    var position = point.count - bits
    scale = Equality.at(point[..<position], index: block.offset >> bits)
    labels = [:]
    sums = []
    let read = block.readLabels
    for (label, (extent, axisBits)) in zip(block.shape, block.axisBits).enumerated() {
      let part = point[position..<position + axisBits]
      position += axisBits
      if read.contains(label) {
        let weights = Equality.prefix(part, count: extent)
        OperationCounter.count(overKey: extent)
        sums.append(weights.reduce(.zero, +))
        labels[label] = weights
      } else {
        sums.append(Equality.below(extent, part).sum)
        OperationCounter.count(overKey: 3 * axisBits)
      }
    }
    OperationCounter.count(overKey: point.count - bits)
  }

  /// Σ of all weights: 1 on the block's cells, 0 on padding and elsewhere, extended to r.
  package var indicator: Fr { sums.reduce(scale, *) }
}

/// Weight vectors of labels, indexed by label; nil where a label carries none yet.
package typealias LabelWeights = [Int: [Fr]]

extension ConstraintSystem {
  /// What `functional` says, of any view: as one functional where it is a product over axes. In a batch a view
  /// of a block through an input, or of anything through two, is none, and then one for each inference.
  package func functionals(
    _ view: TensorAccess, labels: LabelWeights, sums: [Fr] = [], coefficient: Fr
  ) -> [LinearFunctional] {
    guard dependsTwiceOnInference(view) else {
      return [functional(view, labels: labels, sums: sums, coefficient: coefficient)]
    }
    return (labels[0] ?? []).indices.map { inference in
      functional(view, labels: labels, sums: sums, coefficient: coefficient, of: inference)
    }
  }

  /// The functional Σ coefficient · Π_labels u_label · view: per source axis, the weight of index h
  /// is Σ over label values that the window maps to h; a label that the view does not read
  /// contributes its sum.
  ///
  /// - Parameters:
  ///   - labels: weights of every label that the view reads, and of some that it does not.
  ///   - sums: of further labels by their number, as far as the view does not read them.
  ///   - inference: the one value of label 0, if not all, which is the first axis of a block.
  package func functional(
    _ view: TensorAccess, labels: LabelWeights, sums: [Fr] = [], coefficient: Fr,
    of inference: Int? = nil
  ) -> LinearFunctional {
    var coefficient = coefficient
    let read = Set(view.labels)
    for (label, sum) in sums.enumerated() where !read.contains(label) { coefficient *= sum }
    for (label, weights) in labels where label >= sums.count && !read.contains(label) {
      coefficient *= weights.reduce(.zero, +)
    }
    let (column, offset, shape): (Column, Int, [Int]) =
      switch view.source {
      case .block(let index): (.output, blocks[index].offset, blocks[index].shape)
      case .tensor(let index): (.model, tensors[index].offset, tensors[index].shape)
      }
    var axes = zip(view.windows, shape).map { window, extent in
      window.through.map { input in
        axis(window, through: input, extent: extent, labels: labels, of: inference)
      } ?? Self.axis(window, extent: extent, labels: labels)
    }
    if let inference, let own = labels[0] {
      if case .block = view.source {
        axes[0] = TensorWeights.Axis(
          bits: axes[0].bits, first: inference, weights: [own[inference]])
      } else {
        coefficient *= own[inference]
      }
    }
    return LinearFunctional(
      column, .tensor(TensorWeights(offset: offset, axes: axes)), coefficient: coefficient)
  }

  /// Weights of the source coordinates that a window reaches.
  ///
  /// - Complexity: the product of its labels' extents, and memory for the coordinates between the lowest
  ///   and the highest that it reaches; where the coordinate is a label, none of either.
  private static func axis(
    _ window: AffineIndex, extent: Int, labels: LabelWeights
  ) -> TensorWeights.Axis {
    let bits = ceilLog2(extent)
    if let step = window.steps.first, window.steps.count == 1, window.constant == 0,
      step.stride == 1
    {
      let weights = labels[step.label] ?? []
      return TensorWeights.Axis(
        bits: bits, weights: weights.count <= extent ? weights : Array(weights[..<extent]))
    }
    let reach = window.reach(within: extent) { labels[$0]?.count ?? 0 }
    var weights = [Fr](repeating: .zero, count: reach.count)
    spread(
      nil, over: window.steps[...], at: window.constant - reach.lowerBound, labels, into: &weights)
    OperationCounter.count(overKey: window.steps.reduce(1) { $0 * (labels[$1.label]?.count ?? 0) })
    return TensorWeights.Axis(bits: bits, first: reach.lowerBound, weights: weights)
  }

  /// Weights of the source coordinates that an input leads to.
  ///
  /// - Parameter inference: the value of label 0, if not all, which counts elsewhere.
  /// - Complexity: the product of its labels' extents, and memory for the coordinates between the lowest and
  ///   the highest that are met.
  private func axis(
    _ window: AffineIndex, through input: Int, extent: Int, labels: LabelWeights,
    of inference: Int?
  ) -> TensorWeights.Axis {
    var places: [(place: Int, weight: Fr)] = [(window.constant, .one)]
    for step in window.steps {
      if step.label == 0, let inference {
        places = places.map { ($0.place + inference * step.stride, $0.weight) }
        continue
      }
      let weights = labels[step.label] ?? []
      places = places.flatMap { place, weight in
        weights.enumerated().map { (place + $0 * step.stride, weight * $1) }
      }
    }
    OperationCounter.count(overKey: 2 * places.count)
    let reached = places.map { coordinate(through: input, at: $0.place) }
    let first = min(max(0, reached.min() ?? 0), extent - 1)
    let end = min(max(first, reached.max() ?? 0), extent - 1)
    var weights = [Fr](repeating: .zero, count: end - first + 1)
    for (coordinate, place) in zip(reached, places)
    where weights.indices.contains(coordinate - first) {
      weights[coordinate - first] += place.weight
    }
    return TensorWeights.Axis(bits: ceilLog2(extent), first: first, weights: weights)
  }

  /// Adds `weight` (one where it is nil) times the product of the labels' weights to every coordinate
  /// within the extent that the steps lead to.
  private static func spread(
    _ weight: Fr?, over steps: ArraySlice<AffineIndex.Step>, at coordinate: Int,
    _ labels: LabelWeights, into result: inout [Fr]
  ) {
    guard let step = steps.first else {
      if result.indices.contains(coordinate) { result[coordinate] += weight ?? .one }
      return
    }
    let rest = steps.dropFirst()
    guard let weights = labels[step.label] else { return }
    for (value, own) in weights.enumerated() {
      let reached = coordinate + value * step.stride
      if rest.isEmpty && !result.indices.contains(reached) { continue }
      spread(weight.map { $0 * own } ?? own, over: rest, at: reached, labels, into: &result)
    }
  }
}
