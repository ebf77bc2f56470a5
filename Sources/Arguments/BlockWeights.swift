package import ConstraintSystem
package import Field
import Polynomial

/// eq(r, ·) on one block, as a scale and one weight vector per axis, cut to the extents: what a
/// block contributes at the row check's point, whatever anyone put in its padding.
package struct BlockWeights: Sendable {
  /// eq of r's high variables with the block's place in the trace.
  package var scale: Fr
  /// eq(r_axis, v) for v below the extent.
  package var axes: [[Fr]]
  /// Σ_v of each axis.
  package var sums: [Fr]

  package init(_ block: Block, at point: [Fr]) {
    let bits = block.bits
    var position = point.count - bits
    scale = Equality.at(point[..<position], index: block.offset >> bits)
    axes = []
    for (extent, axisBits) in zip(block.shape, block.axisBits) {
      axes.append(Equality.prefix(point[position..<position + axisBits], count: extent))
      position += axisBits
    }
    sums = axes.map { $0.reduce(.zero, +) }
  }

  /// Σ of all weights: 1 on the block's cells, 0 on padding and elsewhere, extended to r.
  package var indicator: Fr { sums.reduce(scale, *) }
}

/// Weight vectors of labels, indexed by label; nil where a label carries none yet.
package typealias LabelWeights = [Int: [Fr]]

extension ConstraintSystem {
  /// The functional Σ coefficient · Π_labels u_label · view: per source axis, the weight of index h
  /// is Σ over label values that the window maps to h; a label that the view does not read
  /// contributes its sum (protocol §3.2).
  package func functional(
    _ view: View, labels: LabelWeights, coefficient: Fr
  ) -> Functional {
    var coefficient = coefficient
    let read = Set(view.labels)
    for (label, weights) in labels where !read.contains(label) {
      coefficient *= weights.reduce(.zero, +)
    }
    let (column, offset, shape): (Column, Int, [Int]) =
      switch view.source {
      case .block(let index): (.output, blocks[index].offset, blocks[index].shape)
      case .tensor(let index): (.model, tensors[index].offset, tensors[index].shape)
      }
    let axes = zip(view.windows, shape).map { window, extent in
      TensorWeights.Axis(
        bits: ceilLog2(extent),
        weights: Self.axisWeights(window, extent: extent, labels: labels))
    }
    return Functional(
      column, .tensor(TensorWeights(offset: offset, axes: axes)), coefficient: coefficient)
  }

  /// Weight of each source coordinate under a window.
  ///
  /// - Complexity: the product of its labels' extents, and no memory but the result's.
  private static func axisWeights(
    _ window: Window, extent: Int, labels: LabelWeights
  ) -> [Fr] {
    if let step = window.steps.first, window.steps.count == 1, window.constant == 0,
      step.stride == 1
    {
      return Array((labels[step.label] ?? []).prefix(extent))
    }
    var result = [Fr](repeating: .zero, count: extent)
    spread(nil, over: window.steps[...], at: window.constant, labels, into: &result)
    return result
  }

  /// Adds `weight` (one where it is nil) times the product of the labels' weights to every coordinate
  /// within the extent that the steps lead to.
  private static func spread(
    _ weight: Fr?, over steps: ArraySlice<Window.Step>, at coordinate: Int,
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
