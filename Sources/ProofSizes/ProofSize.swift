/// Points and scalars of a proof's body, none of which is optional.
package struct ProofSize: Sendable, Hashable {
  /// Of a compressed point, and of a scalar.
  package static let elementBytes = 32

  /// Commitments to rows of the witness that are not part of the statement.
  package let rows: Int
  /// Scalars of the circuit argument, each under a pad.
  package let messages: Int
  package let opening: OpeningSize

  package init(rows: Int, messages: Int, opening: OpeningSize) {
    self.rows = rows
    self.messages = messages
    self.opening = opening
  }

  /// Bytes of the circuit argument's scalars.
  package var argumentBytes: Int { messages * Self.elementBytes }

  /// Bytes of the opening.
  package var openingBytes: Int { (opening.points + opening.scalars) * Self.elementBytes }

  /// Bytes of all: the commitment to the pads, those to the rows, the argument and the opening.
  package var bytes: Int { (1 + rows) * Self.elementBytes + argumentBytes + openingBytes }
}
