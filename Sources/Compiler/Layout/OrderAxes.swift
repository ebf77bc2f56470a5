import ConstraintSystem
import Model

/// Stores every block and tensor with its axes in the order that fills the fewest commitment rows (see
/// `AxisOrder`). Labels, windows and multipliers follow; values and what is computed do not change.
///
/// Blocks that ports read keep the order in which people give and get tensors, and those of gadgets the one in
/// which they are declared.
package enum OrderAxes {
  /// - Parameter commitmentRowBits: log₂ of the cells in a commitment row.
  /// - Returns: the new draft and what is proven of its blocks, by multiplier class where it is.
  package static func run(
    _ draft: CircuitIR, _ ranges: [BlockRanges], commitmentRowBits: Int
  ) -> (draft: CircuitIR, ranges: [BlockRanges]) {
    let declared = Set(
      draft.gadgets.flatMap { $0.kind.blocks.own + $0.kind.blocks.others })
    let blocks = draft.blocks.enumerated().map { index, block in
      block.isPort || declared.contains(index)
        ? Array(block.shape.indices) : order(of: block.shape, commitmentRowBits: commitmentRowBits)
    }
    let tensors = draft.tensors.map { order(of: $0.shape, commitmentRowBits: commitmentRowBits) }
    var (result, proven) = (draft, ranges)
    result.gadgets = draft.gadgets.map { gadget in
      gadget.mapped(
        blocks: { $0 },
        views: { view in
          guard case .block(let source) = view.source else { return view }
          return TensorAccess(view.source, blocks[source].map { view.windows[$0] })
        })
    }
    for (index, axes) in tensors.enumerated() {
      let tensor = draft.tensors[index]
      result.tensors[index].shape = axes.map { tensor.shape[$0] }
      result.tensors[index].values = tensor.values.transposed(from: tensor.shape, to: axes)
    }
    for (index, axes) in blocks.enumerated() {
      let block = draft.blocks[index]
      let places = inverse(axes)
      result.blocks[index].shape = axes.map { block.shape[$0] }
      result.blocks[index].relation = block.relation.map { term in
        var term = term
        term.factors = term.factors.map { view in
          let stored =
            switch view.source {
            case .block(let source): blocks[source]
            case .tensor(let source): tensors[source]
            }
          return TensorAccess(view.source, stored.map { view.windows[$0].relabelled(places) })
        }
        return term
      }
      let varying = block.multiplier.axes.map { places[$0] }
      let classes = varying.indices.sorted { varying[$0] < varying[$1] }
      let extents = block.multiplier.axes.map { block.shape[$0] }
      result.blocks[index].multiplier = FixedPoint(
        mantissas: block.multiplier.mantissas.transposed(from: extents, to: classes),
        shifts: block.multiplier.shifts.transposed(from: extents, to: classes),
        axes: classes.map { varying[$0] })
      proven[index].accumulators = ranges[index].accumulators.transposed(from: extents, to: classes)
    }
    return (result, proven)
  }

  /// As written for a box of one row or less: it fills no more in any order.
  private static func order(of shape: [Int], commitmentRowBits: Int) -> [Int] {
    let bits = shape.reduce(0) { $0 + ceilLog2($1) }
    return bits > commitmentRowBits
      ? AxisOrder(fewestRowsOf: shape, commitmentRowBits: commitmentRowBits).axes
      : Array(shape.indices)
  }

  private static func inverse(_ order: [Int]) -> [Int] {
    var places = order
    for (place, axis) in order.enumerated() { places[axis] = place }
    return places
  }
}

extension AffineIndex {
  /// Labels of the block's axes at their new places; summed labels stay.
  fileprivate func relabelled(_ places: [Int]) -> AffineIndex {
    AffineIndex(
      steps: steps.map { step in
        places.indices.contains(step.label)
          ? Step(label: places[step.label], stride: step.stride) : step
      },
      constant: constant, through: through)
  }
}

extension Array {
  /// Elements over `shape`, row-major, as they stand row-major with the axes in another order; one that
  /// stands for all is left alone.
  fileprivate func transposed(from shape: [Int], to order: [Int]) -> [Element] {
    if order == Swift.Array(order.indices) || count != shape.reduce(1, *) { return self }
    var strides = shape
    var stride = 1
    for axis in shape.indices.reversed() {
      strides[axis] = stride
      stride *= shape[axis]
    }
    let extents = order.map { shape[$0] }
    return indices.map { index in
      zip(Layout.position(index, in: extents), order).reduce(0) { $0 + $1.0 * strides[$1.1] }
    }.map { self[$0] }
  }
}
