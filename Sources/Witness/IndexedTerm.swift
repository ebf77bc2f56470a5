import ConstraintSystem
import Field

/// A term of one view of which windows go through inputs, label by label: `acc[…] += coefficient · first[…]`.
struct IndexedTerm {
  /// A place that is affine in the labels.
  private struct Place {
    let start: Int
    let strides: [Int]

    func callAsFunction(_ labels: [Int]) -> Int {
      zip(labels, strides).reduce(start) { $0 + $1.0 * $1.1 }
    }
  }

  private let system: ConstraintSystem
  private let coefficient: Int64
  private let source: Source
  private let offset: Int
  /// The least value of each label and their numbers.
  private let begin: [Int]
  private let extents: [Int]
  private let sum: Place
  private let axes: [(extent: Int, stride: Int, through: Int?, place: Place)]

  /// - Parameter part: of the block's cells, if not all; the cells that are summed into begin with it.
  init(_ term: Term, over block: Block, _ part: LoopNest.Part?, in system: ConstraintSystem) {
    self.system = system
    coefficient = term.coefficient
    let view = term.factors[0]
    source = view.source
    var extents = block.shape + term.summed
    var begin = extents.map { _ in 0 }
    let strides = Layout.strides(of: block.shape)
    var start = 0
    if let part {
      extents[part.label] = part.range.count
      begin[part.label] = part.range.lowerBound
      start = -part.range.lowerBound * strides[part.label]
    }
    sum = Place(start: start, strides: strides)
    (self.extents, self.begin) = (extents, begin)
    switch source {
    case .block(let index): offset = system.blocks[index].offset
    case .tensor(let index): offset = system.tensors[index].offset
    }
    let shape = system.shape(of: source) ?? []
    axes = zip(view.windows, zip(shape, Layout.strides(of: shape))).map { window, axis in
      var strides = extents.map { _ in 0 }
      for step in window.steps { strides[step.label] += step.stride }
      return (
        axis.0, axis.1, window.through, Place(start: window.constant, strides: strides)
      )
    }
  }

  /// Adds the whole term.
  ///
  /// - Parameter checked: whether every sum is tested to fit a word.
  /// - Returns: whether all fitted.
  func accumulate(
    into sums: inout MutableSpan<Int64>, _ outputs: [Int64], _ model: PackedIntegers,
    _ checked: Bool
  ) -> Bool {
    var (labels, fits) = (begin, true)
    while true {
      if let cell = cell(labels) {
        let value = if case .block = source { outputs[cell] } else { model[cell] }
        let (product, isWide) = coefficient.multipliedReportingOverflow(by: value)
        let place = sum(labels)
        let (result, carries) = sums[place].addingReportingOverflow(product)
        sums[place] = result
        fits = fits && !(checked && (isWide || carries))
      }
      var label = labels.count - 1
      while label >= 0 {
        labels[label] += 1
        if labels[label] < begin[label] + extents[label] { break }
        labels[label] = begin[label]
        label -= 1
      }
      guard label >= 0 else { return fits }
    }
  }

  /// The cell that is read; nil beyond an axis.
  private func cell(_ labels: [Int]) -> Int? {
    var cell = offset
    for axis in axes {
      let place = axis.place(labels)
      let coordinate = axis.through.map { system.coordinate(through: $0, at: place) } ?? place
      guard coordinate >= 0, coordinate < axis.extent else { return nil }
      cell += coordinate * axis.stride
    }
    return cell
  }
}
