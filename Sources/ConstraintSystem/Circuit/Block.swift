/// M of the row equation, on one block.
///
/// Written down in docs/protocol/circuit.md#rows.
package enum Multiplier: Hashable, Sendable {
  /// The same public constant on every row of the block.
  case constant(Int64)
  /// A tensor of the model, read through labels of the block (one value per channel, say).
  case tensor(TensorAccess)
}

/// A tensor of rows: each cell of `shape` is one row `acc → (q, remainder, y)` of the trace.
///
/// `acc` is the sum of `relation`; `q = ⌊(acc·M + 2^(S−1)) / 2^S⌋`;
/// `(function, q + shift, y + shift)` is a row of the table.
package struct Block: Hashable, Sendable {
  /// Name of the layer, as in the user's model.
  package var name: String
  /// Extents; axes are padded to powers of two, the last one contiguous.
  package var shape: [Int]
  /// First row, a multiple of the padded size.
  package var offset: Int
  /// Index into `ConstraintSystem.functions`.
  package var function: Int
  package var shift: Int64
  package var multiplier: Multiplier
  package var relation: [Term]

  package init(
    name: String, shape: [Int], offset: Int = 0, function: Int, shift: Int64,
    multiplier: Multiplier, relation: [Term]
  ) {
    self.name = name
    self.shape = shape
    self.offset = offset
    self.function = function
    self.shift = shift
    self.multiplier = multiplier
    self.relation = relation
  }

  package var axisBits: [Int] { shape.map(ceilLog2) }
  /// log₂ of the padded size.
  package var bits: Int { shape.reduce(0) { $0 + ceilLog2($1) } }
  /// Cells within the extents.
  package var count: Int { shape.reduce(1, *) }

  /// The axes that a view of the relation or the multiplier runs over.
  package var readLabels: Set<Int> {
    var read = Set<Int>()
    for term in relation { for view in term.factors { read.formUnion(view.labels) } }
    if case .tensor(let view) = multiplier { read.formUnion(view.labels) }
    return read
  }
}

/// A tensor of the model: weights, biases or multipliers, a block of cells of the model polynomial.
package struct ModelTensor: Hashable, Sendable {
  package var name: String
  package var shape: [Int]
  /// First cell, a multiple of the padded size.
  package var offset: Int
  /// What a file stores per value, and what a key's maker says that values are.
  package var type: StoredType

  package init(name: String, shape: [Int], offset: Int = 0, type: StoredType) {
    self.name = name
    self.shape = shape
    self.offset = offset
    self.type = type
  }
  package var axisBits: [Int] { shape.map(ceilLog2) }
  package var bits: Int { shape.reduce(0) { $0 + ceilLog2($1) } }
  package var count: Int { shape.reduce(1, *) }
}
