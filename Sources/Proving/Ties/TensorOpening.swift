package import Compute
package import ConstraintSystem
package import Curve
package import Field

/// What opens the commitment to one tensor, so that a later proof can commit to it again: secret, though it
/// tells nothing of the tensor without its rows.
///
/// Written down in docs/protocol/ties.md#opening-file.
package struct TensorOpening: Sendable, Equatable {
  /// Of the port, as in the user's model.
  package var name: String
  /// Whether the tensor came out of the network.
  package var isOutput: Bool
  package var identity: TensorIdentity
  /// Of each row.
  package var commitments: [AffinePoint]
  @Erased package var blinders: [Fr]

  package init(
    name: String, isOutput: Bool, identity: TensorIdentity, commitments: [AffinePoint],
    blinders: [Fr]
  ) {
    self.name = name
    self.isOutput = isOutput
    self.identity = identity
    self.commitments = commitments
    self.blinders = blinders
  }

  /// The payload of an opening file: nothing of a proof's other secrets, nor of what they were drawn from.
  package static func encoded(_ openings: [TensorOpening]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(list: openings) { writer, opening in
      writer.write(opening.name)
      writer.write(opening.isOutput)
      opening.identity.write(to: &writer)
      writer.write(list: Array(zip(opening.commitments, opening.blinders))) { writer, row in
        writer.write(raw: row.0.compressed)
        writer.write(raw: row.1.bigEndianBytes)
      }
    }
    return writer.bytes
  }

  /// Reads an opening file's payload.
  package static func decode(_ reader: inout ByteReader) throws(FormatError) -> [TensorOpening] {
    let openings = try reader.list("tensors of an opening", limit: 2 * Limits.ports) {
      reader throws(FormatError) in try TensorOpening(decoding: &reader)
    }
    try reader.finish()
    return openings
  }

  private init(decoding reader: inout ByteReader) throws(FormatError) {
    name = try reader.text("name of a tensor", limit: Limits.nameBytes)
    isOutput = try reader.flag("side of a tensor")
    identity = try TensorIdentity(decoding: &reader)
    let rows = try reader.list("rows of an opening", bytesEach: 64) {
      reader throws(FormatError) in
      let at = reader.position
      guard
        let point = AffinePoint(compressed: try reader.take(32, "commitment to a row")),
        !point.isIdentity,
        let blinder = Fr(canonicalBigEndian: try reader.take(32, "blinder of a row"))
      else { throw FormatError.malformed(part: "row of an opening", at: at) }
      return (point, blinder)
    }
    commitments = rows.map(\.0)
    blinders = rows.map(\.1)
  }
}
