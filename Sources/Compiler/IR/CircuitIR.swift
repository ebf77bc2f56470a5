package import ConstraintSystem
package import Model

/// A circuit whose rows and relations are known and whose sizes are not: what operators recorded,
/// and what the passes work on. Nothing here depends on K, b, S, the table or the layout.
package struct CircuitIR: Sendable {
  package struct Tensor: Sendable, Hashable {
    package var label: TensorLabel
    package var shape: [Int]
    package var type: ModelTensor.StoredType
    /// Row-major, without padding.
    package var values: [Int64]
    package var name: String { label.name }
  }

  /// What a row does with its quotient.
  package enum Function: Sendable, Hashable {
    /// y = q on exactly this range: the declared domain of an input, and of what a gadget holds.
    case input(ClosedRange<Int64>)
    /// q = 0, a check of a gadget's.
    case zero
    /// y = values[q], of q that a gadget bounds from below.
    case bound(name: String, values: [Int16])
    case activation(Activation)
    /// y = q − min(max(q, lower), upper): how far a coarse quotient lies outside (see `Saturation`).
    case excess(ClosedRange<Int64>)
  }

  package struct Block: Sendable, Hashable {
    package var label: BlockLabel
    package var shape: [Int]
    package var relation: [Term]
    package var multiplier: FixedPoint
    /// In place of the multiplier until `FitFloatSteps` has found integers that do the same.
    package var floatScaling: FloatScaling?
    package var function: Function
    /// The quotients that are left by what is known of its sums, where their intervals say less.
    package var lemma: ClosedRange<Int64>?
    /// Whether a port reads it, so that its cells stand in the order in which people see them.
    package var isPort = false
    package var name: String { label.name }
    package var count: Int { shape.reduce(1, *) }

    package init(
      label: BlockLabel, shape: [Int], relation: [Term], multiplier: FixedPoint, function: Function
    ) {
      self.label = label
      self.shape = shape
      self.relation = relation
      self.multiplier = multiplier
      self.function = function
    }
  }

  package var tensors: [Tensor]
  /// In evaluation order.
  package var blocks: [Block]
  package var gadgets: [Gadget]

  package init(tensors: [Tensor] = [], blocks: [Block] = [], gadgets: [Gadget] = []) {
    self.tensors = tensors
    self.blocks = blocks
    self.gadgets = gadgets
  }

  package func shape(of source: Source) -> [Int] {
    switch source {
    case .block(let index): blocks[index].shape
    case .tensor(let index): tensors[index].shape
    }
  }
}

extension CircuitIR: GadgetSurroundings {
  package func shape(ofBlock index: Int) -> [Int] { blocks[index].shape }
  package func given(ofBlock index: Int) -> ClosedRange<Int64>? {
    if case .input(let range) = blocks[index].function { range } else { nil }
  }
}

extension CircuitIR.Block {
  /// Whether it reads itself: its values are given.
  var isGiven: Bool {
    guard case .input = function else { return false }
    return true
  }

  /// The axes along which the step from acc to q varies, and how many steps there are.
  var stepAxes: [Int] { floatScaling?.axes ?? multiplier.axes }
  var steps: Int { floatScaling?.steps.count ?? multiplier.classes }

  func quotient(_ accumulator: Int64, in index: Int) -> Int128 {
    guard let floatScaling else { return multiplier.quotient(accumulator, in: index) }
    return Int128(floatScaling.steps[index](accumulator))
  }
}

extension CircuitIR.Function {
  /// The quotients between which the function moves; it is constant below and above them. Nil for
  /// functions that are not constant outside a range.
  package var bounds: ClosedRange<Int64>? {
    switch self {
    case .activation(.clamp(let range)): range
    case .activation(.lookup(_, let lowest, let values)):
      lowest...(lowest + Int64(max(values.count, 1)) - 1)
    case .input, .zero, .bound, .activation(.identity), .excess: nil
    }
  }

  /// The quotients of what is declared to have no others.
  package var declared: ClosedRange<Int64>? {
    switch self {
    case .input(let range): range
    case .zero: 0...0
    case .bound(_, let values): 0...Int64(max(values.count, 1)) - 1
    case .activation, .excess: nil
    }
  }

  /// y at a quotient; nil outside a declared range.
  package func callAsFunction(_ quotient: Int64) -> Int64? {
    switch self {
    case .input(let range): range.contains(quotient) ? quotient : nil
    case .zero: quotient == 0 ? 0 : nil
    case .bound(_, let values):
      values.indices.contains(Int(clamping: quotient)) ? Int64(values[Int(quotient)]) : nil
    case .activation(.identity): quotient
    case .activation(.clamp(let range)): quotient.clamped(to: range)
    case .activation(.lookup(_, let lowest, let values)):
      bounds.map { Int64(values[Int(quotient.clamped(to: $0) - lowest)]) }
    case .excess(let range): quotient - quotient.clamped(to: range)
    }
  }

  /// The least and the greatest y on a range of quotients; nil where it leaves a declared range.
  package func image(of quotients: ClosedRange<Int64>) -> ClosedRange<Int64>? {
    if case .bound(_, let values) = self {
      guard let declared, declared.contains(quotients.lowerBound),
        declared.contains(quotients.upperBound), let least = values.min(),
        let greatest = values.max()
      else { return nil }
      return Int64(least)...Int64(greatest)
    }
    if case .activation(.lookup(_, let lowest, let values)) = self, let bounds {
      let inside = quotients.clamped(to: bounds)
      let used = values[Int(inside.lowerBound - lowest)...Int(inside.upperBound - lowest)]
      guard let least = used.min(), let greatest = used.max() else { return nil }
      return Int64(least)...Int64(greatest)
    }
    guard let first = self(quotients.lowerBound), let last = self(quotients.upperBound) else {
      return nil
    }
    return first...last
  }
}

extension Int64 {
  func clamped(to range: ClosedRange<Int64>) -> Int64 {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}

extension ClosedRange<Int64> {
  func union(_ other: ClosedRange<Int64>) -> ClosedRange<Int64> {
    Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
  }
}
