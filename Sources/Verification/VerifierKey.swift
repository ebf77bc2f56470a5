package import Arguments
package import ConstraintSystem
package import Curve
import Hashing
import Synchronization
package import Transcript

/// What a verifier needs of a model: its circuit and the commitments to its weights. Everything
/// about the shape of a proof follows from it.
///
/// Written down in docs/protocol/encodings.md#verifier-key.
package struct VerifierKey: Sendable {
  /// A proof of one inference.
  package let single: ProofLayout
  /// One commitment per row of `rows.model`; the identity is allowed.
  package let modelRows: [AffinePoint]
  /// SHA-256 of the key's canonical bytes: the model id.
  package let modelID: [UInt8]
  /// The canonical bytes.
  package let encoded: [UInt8]

  /// Proofs of other numbers of inferences, as they are asked for.
  private let batches = ProofLayouts()

  package var system: ConstraintSystem { single.system }
  package var shape: CircuitDimensions { single.shape }
  package var rows: RowPlan { single.rows }
  package var plan: PadLayout { single.plan }
  package var bodyBytes: Int { single.bodyBytes }

  /// - Throws: `KeyError` when the circuit is not one that a verifier may accept, as
  ///   `ConstraintSystem.validate` tells.
  package init(_ system: ConstraintSystem, modelRows: [AffinePoint]) throws(KeyError) {
    try system.validate()
    self.init(validated: system, modelRows: modelRows)
  }

  private init(validated system: ConstraintSystem, modelRows: [AffinePoint]) {
    single = ProofLayout(system)
    self.modelRows = modelRows
    var writer = ByteWriter()
    writer.write(raw: system.encoded())
    for point in modelRows { writer.write(raw: point.compressed) }
    encoded = writer.bytes
    modelID = Self.modelID(of: encoded[...])
  }

  /// SHA-256 of a key's canonical bytes after a domain prefix.
  package static func modelID(of encoded: ArraySlice<UInt8>) -> [UInt8] {
    var hash = SHA256()
    hash.update(Array("tacit verifier key".utf8))
    hash.update(encoded)
    return hash.finalize().bytes
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
    let needed = cells / system.parameters.commitmentRowLength * AffinePoint.byteCount
    guard needed <= reader.remaining else {
      throw .format(
        .truncated(
          part: "commitments to the model", at: reader.position, needed: needed,
          available: reader.remaining))
    }
    let count = RowPlan.model(system).count
    let encodings: [UInt8]
    do throws(FormatError) {
      encodings = Array(
        try reader.take(count * AffinePoint.byteCount, "commitments to the model"))
    } catch {
      throw .format(error)
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

  /// What a proof of `inferences` inferences is made of.
  ///
  /// - Parameter bytes: how many there are of such a proof; nothing is laid out for fewer than it needs.
  /// - Complexity: that of verifying in the field, once per number of inferences.
  package func proofLayout(
    _ inferences: Int, within bytes: @autoclosure () -> Int = .max
  ) throws(VerificationError) -> ProofLayout {
    if inferences == 1 { return single }
    if let known = batches[inferences] { return known }
    let batch: ConstraintSystem
    do throws(KeyError) {
      batch = try system.batched(inferences)
    } catch {
      throw .inferences(inferences, error)
    }
    let least = ProofLayout.leastBytes(batch)
    let actual = bytes()
    guard least <= actual else {
      throw .tooShort(inferences: inferences, least: least, actual: actual)
    }
    let shape = ProofLayout(batch)
    batches[inferences] = shape
    return shape
  }
}

/// The shapes of batches that a key was last asked for.
private final class ProofLayouts: Sendable {
  /// More are forgotten, so that proofs of anyone's making fill no memory.
  private static let limit = 4
  private let known = Mutex([(inferences: Int, shape: ProofLayout)]())

  subscript(inferences: Int) -> ProofLayout? {
    get { known.withLock { $0.first { $0.inferences == inferences }?.shape } }
    set {
      guard let newValue else { return }
      known.withLock { known in
        known.removeAll { $0.inferences == inferences }
        known.insert((inferences, newValue), at: 0)
        known.removeLast(max(0, known.count - Self.limit))
      }
    }
  }
}

/// Why a key file is refused.
package enum KeyFileError: Error, Hashable, Sendable {
  case format(FormatError)
  case refused(KeyError)
  /// A commitment that is no canonical point of the curve.
  case point(row: Int)
}
