package import ConstraintSystem

/// Where the cells of a block read its multiplier.
package struct MultiplierPlaces: Sendable {
  /// The model's cells that are read from; none for a constant, which lies at place 0.
  package private(set) var cells = 0..<0
  /// Where the block's first cell reads.
  private var base = 0
  /// Per axis of the block, most significant first: extent and step within the cells.
  private var axes: [(extent: Int, step: Int)] = []

  package init(_ block: Block, in system: ConstraintSystem) {
    guard case .tensor(let view) = block.multiplier else { return }
    guard case .tensor(let index) = view.source else {
      preconditionFailure("a validated multiplier reads the model")
    }
    let tensor = system.tensors[index]
    cells = tensor.offset..<tensor.offset + 1 << tensor.bits
    axes = block.shape.map { ($0, 0) }
    var size = 1
    for (window, bits) in zip(view.windows, tensor.axisBits).reversed() {
      base += window.constant * size
      for step in window.steps { axes[step.label].step += step.stride * size }
      size <<= bits
    }
  }

  /// From a cell to the next along the last axis.
  package var step: Int { axes.last?.step ?? 0 }

  /// The place that a run along the last axis begins to read at.
  ///
  /// - Parameter index: of its first cell, row-major without padding.
  package func place(of index: Int) -> Int {
    var (rest, place) = (index, base)
    for axis in axes.reversed() {
      place += (rest % axis.extent) * axis.step
      rest /= axis.extent
    }
    return place
  }
}
