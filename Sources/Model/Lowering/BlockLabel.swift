/// What the rows of a block are for that do not hold a layer's own values.
package enum BlockRole: Sendable, Hashable, CaseIterable {
  /// relu(a − b): with b it is the larger of both.
  case difference
  /// relu(x), of a layer that treats both signs separately; or what becomes of it.
  case positive
  /// What becomes of values below zero beside it.
  case negative
  /// A sum of views, for a reader that cannot read them as they are.
  case copy
  /// An operand at the scale of its layer's output.
  case operand
  /// Sums along one axis, of a layer that sums along several.
  case axis
  /// How far the coarse quotients of the block after it lie outside (`Saturation`).
  case excess
  /// The quotients of a layer's further lines (`RoundingFit`).
  case part
  /// Of a gadget: what the prover fills, and what leaves it no choice.
  case advice, check

  /// As names of blocks end.
  package var suffix: String {
    switch self {
    case .difference, .excess: "excess"
    case .positive: "positive"
    case .negative: "negative"
    case .copy: "copy"
    case .operand: "operand"
    case .axis: "axis"
    case .part: "part"
    case .advice: "advice"
    case .check: "check"
    }
  }
}

/// Which layer a block belongs to, and what it is for there.
///
/// A name says less: a layer of the user's may be called `a.part`. Keys hold names alone.
package struct BlockLabel: Sendable, Hashable {
  /// As in the user's model.
  package var layer: String
  /// Empty for the layer's own values; the excess of a part is both, the later role last.
  package var roles: [BlockRole]

  package init(_ layer: String, _ roles: [BlockRole] = []) {
    self.layer = layer
    self.roles = roles
  }

  package func adding(_ role: BlockRole) -> BlockLabel { BlockLabel(layer, roles + [role]) }

  /// As keys have it.
  package var name: String { roles.reduce(layer) { $0 + "." + $1.suffix } }
}

/// What a tensor of a circuit holds; the end of its name.
package enum TensorRole: String, Sendable, Hashable, CaseIterable {
  case weight, bias
  /// An operand that is a constant.
  case constant
  /// Count times zero point, of an average of integers as they stand.
  case zero
  /// What makes values count from the lowest integer, and what takes it away again.
  case shift, lowest
  /// 2^u of the channels of a split block.
  case step
  /// Where the parts of a channel go, and what its lines add and multiply by.
  case place, offset, factor
  /// Of the lines that are a block of their own, from the tensor whose name comes before.
  case part
  /// M of the row equation.
  case multiplier

  /// Whether the values are a layer's parameters; else they make its rows exact.
  package var isParameter: Bool { self == .weight || self == .bias || self == .constant }
}

/// Which block a tensor of a circuit belongs to, and what it holds for it.
package struct TensorLabel: Sendable, Hashable {
  package var block: BlockLabel
  /// A part of an offset is both, the later role last.
  package var roles: [TensorRole]

  package init(_ block: BlockLabel, _ roles: [TensorRole]) {
    self.block = block
    self.roles = roles
  }

  package func adding(_ role: TensorRole) -> TensorLabel { TensorLabel(block, roles + [role]) }

  /// As keys have it.
  package var name: String { roles.reduce(block.name) { $0 + "." + $1.rawValue } }
}
