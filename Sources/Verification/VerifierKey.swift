package import Arguments
package import ConstraintSystem
import Crypto
package import Curve
package import Transcript

/// What a verifier needs of a model: its circuit and the commitments to its weights. Everything
/// about the shape of a proof follows from it.
package struct VerifierKey: Sendable {
  package let shape: Shape
  package let rows: RowPlan
  package let plan: PadPlan
  /// One commitment per row of `rows.model`; the identity is allowed.
  package let modelRows: [AffinePoint]
  /// SHA-256 of the key's canonical bytes: the model id.
  package let modelID: [UInt8]
  /// The canonical bytes.
  package let encoded: [UInt8]

  package var system: ConstraintSystem { shape.system }

  /// - Throws: `KeyError` when the circuit is not one that protocol §8 accepts.
  package init(_ system: ConstraintSystem, modelRows: [AffinePoint]) throws(KeyError) {
    try system.validate()
    self.init(validated: system, modelRows: modelRows)
  }

  private init(validated system: ConstraintSystem, modelRows: [AffinePoint]) {
    shape = Shape(system)
    rows = RowPlan(shape)
    plan = Conversation.plan(shape)
    self.modelRows = modelRows
    var writer = ByteWriter()
    writer.write(raw: system.encoded())
    for point in modelRows { writer.write(raw: point.compressed) }
    encoded = writer.bytes
    modelID = Array(SHA256.hash(data: Array("tacit verifier key".utf8) + encoded))
  }

  /// Reads and accepts a key. Nothing of it is trusted before it is validated.
  package init(decoding reader: inout ByteReader) throws(KeyFileError) {
    let system: ConstraintSystem
    do throws(FormatError) {
      system = try ConstraintSystem(decoding: &reader)
    } catch {
      throw .format(error)
    }
    do throws(KeyError) {
      try system.validate()
    } catch {
      throw .refused(error)
    }
    // Every row holds at most L cells: a key too short for its tensors is refused before any of it
    // is laid out.
    let cells = system.tensors.reduce(0) { $0 + $1.count }
    let needed = cells / system.parameters.rowLength * AffinePoint.byteCount
    guard needed <= reader.remaining else {
      throw .format(
        .truncated(
          part: "commitments to the model", at: reader.position, needed: needed,
          available: reader.remaining))
    }
    let count = RowPlan(Shape(system)).model.count
    var encodings: [UInt8] = []
    for row in 0..<count {
      do throws(FormatError) {
        encodings += try reader.take(AffinePoint.byteCount, "commitment to model row \(row)")
      } catch {
        throw .format(error)
      }
    }
    guard let points = AffinePoint.decompress(encodings[...]) else {
      let bad = (0..<count).first { row in
        let first = row * AffinePoint.byteCount
        return AffinePoint(compressed: encodings[first..<first + AffinePoint.byteCount]) == nil
      }
      throw .point(row: bad ?? count)
    }
    self.init(validated: system, modelRows: points)
  }

  /// Bytes of a proof's body: every point and scalar, none of them optional.
  package var bodyBytes: Int {
    let points = rows.phaseOne.count + rows.phaseTwo.count + 3
    let scalars = plan.messages + 2 + system.parameters.rowLength + plan.cells + 2
    return points * ProofReader.pointBytes + scalars * ProofReader.scalarBytes
  }

  /// Of these, the padded scalars of the sum-checks.
  package var sumCheckBytes: Int { plan.messages * ProofReader.scalarBytes }
}

/// Why a key file is refused.
package enum KeyFileError: Error, Hashable, Sendable {
  case format(FormatError)
  case refused(KeyError)
  /// A commitment that is no canonical point of the curve.
  case point(row: Int)
  case cells(ModelCellsError)
  /// The commitments are not those of the weights beside them.
  case inconsistent
}

extension KeyFileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .format(let error): "\(error)"
    case .refused(let error): "\(error)"
    case .point(let row): "the commitment to model row \(row) is no point of the curve"
    case .cells(let error): "\(error)"
    case .inconsistent: "the commitments in this key are not those of its weights"
    }
  }
}
