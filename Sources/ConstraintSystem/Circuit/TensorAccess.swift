/// One source coordinate as an affine function of labels: `constant + Σ stride · label`.
///
/// A convolution reads `h = oh·stride + kh·dilation − pad`; a plain axis reads `h = label`.
/// Coordinates outside the source's extent read zero.
///
/// Of a window through an input the same function says at which place of that input's integers, row-major, the
/// coordinate stands: an embedding reads the row `ids[label]` of its table.
///
/// Written down in docs/protocol/circuit.md#views.
package struct AffineIndex: Hashable, Sendable {
  package struct Step: Hashable, Sendable {
    package var label: Int
    package var stride: Int
    package init(label: Int, stride: Int) {
      self.label = label
      self.stride = stride
    }
  }
  package var steps: [Step]
  package var constant: Int
  /// The number of the public input whose integers are the coordinates; nil where the function itself is.
  package var through: Int?

  package init(steps: [Step], constant: Int, through: Int? = nil) {
    self.steps = steps
    self.constant = constant
    self.through = through
  }
  /// The coordinate is the label itself.
  package static func label(_ label: Int) -> AffineIndex {
    AffineIndex(steps: [Step(label: label, stride: 1)], constant: 0)
  }
  /// The coordinates of an axis from the lowest to the highest that labels of these extents lead to; empty
  /// where all of them lie outside. An input may lead to all of an axis.
  ///
  /// - Parameter extents: of each label that a step names; zero for one that has no value.
  package func reach(within extent: Int, _ extents: (Int) -> Int) -> Range<Int> {
    if through != nil { return 0..<extent }
    // 64 bits whatever a word has: strides and extents of 20 and 28 bits.
    var (lowest, highest) = (Int64(constant), Int64(constant))
    for step in steps {
      let last = Int64(extents(step.label)) - 1
      guard last >= 0 else { return 0..<0 }
      lowest += min(0, Int64(step.stride) * last)
      highest += max(0, Int64(step.stride) * last)
    }
    let (low, high) = (max(0, lowest), min(Int64(extent), highest + 1))
    return low < high ? Int(low)..<Int(high) : 0..<0
  }
  /// The coordinate does not move.
  package static func fixed(_ coordinate: Int) -> AffineIndex {
    AffineIndex(steps: [], constant: coordinate)
  }
}

/// Where a view reads: the `y` of a block, or a tensor of the model.
package enum Source: Hashable, Sendable {
  case block(Int)
  case tensor(Int)
}

/// A source tensor, each axis read through a window. A label stands at most once in a view, so
/// that a view's functional is a product over axes.
package struct TensorAccess: Hashable, Sendable {
  package var source: Source
  /// One window per axis of the source, in its order.
  package var windows: [AffineIndex]

  package init(_ source: Source, _ windows: [AffineIndex]) {
    self.source = source
    self.windows = windows
  }
  package var labels: [Int] { windows.flatMap { $0.steps.map(\.label) } }
  /// Whether a window goes through an input.
  package var isIndexed: Bool { windows.contains { $0.through != nil } }
}

/// `coefficient · Σ_summed Π factors`, one addend of a block's accumulator.
///
/// Labels `0..<r` are the axes of the block (rank r), labels `r..<r + summed.count` are summed over
/// the given extents. A term without factors is a public constant: its coefficient on every cell of the
/// block, zero on padding.
package struct Term: Hashable, Sendable {
  package var coefficient: Int64
  /// Extents of the summed labels.
  package var summed: [Int]
  /// Two views or fewer; one alone where a window of it goes through an input.
  package var factors: [TensorAccess]

  package init(coefficient: Int64 = 1, summed: [Int] = [], factors: [TensorAccess]) {
    self.coefficient = coefficient
    self.summed = summed
    self.factors = factors
  }
}
