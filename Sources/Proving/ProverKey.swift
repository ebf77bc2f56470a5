package import Commitment
package import Compute
package import ConstraintSystem
import Curve
package import Field
import Transcript
package import Verification
package import Witness

/// What a prover needs of a model: the verifier key, the weights, and the seed of the blinders.
package struct ProverKey: Sendable {
  package let verifier: VerifierKey
  package let cells: ModelCells
  /// All zero for a model with public weights, whose blinders are zero.
  @Erased package private(set) var seed: [UInt8]
  /// One per row of the model.
  @Erased package private(set) var blinders: [Fr]
  /// What commits by the key's scheme, over generators that may come from a file. Until they do it holds none,
  /// and a key makes no proofs.
  package private(set) var committer: any RowCommitter

  package var system: ConstraintSystem { verifier.system }

  /// Commits to a model's weights.
  ///
  /// - Parameters:
  ///   - seed: 32 fresh random bytes; not read for public weights.
  ///   - committer: what commits by the scheme, where its generators come from a file; it holds a row.
  package init(
    _ system: ConstraintSystem, cells: ModelCells,
    seed: [UInt8] = SecretRandomness.systemRandomness(), committer: (any RowCommitter)? = nil
  ) throws(KeyError) {
    try system.validate()
    let committer = committer ?? system.parameters.scheme.committer
    let rows = RowPlan.model(system)
    let seed = system.weightsArePublic ? [UInt8](repeating: 0, count: seed.count) : seed
    let blinders = Self.blinders(system, seed: seed, count: rows.count)
    let length = system.parameters.commitmentRowLength
    let points = committer.commit(
      zip(rows, blinders).map { row, blinder in
        let first = row.index * length
        return CommitmentRow(
          cells.cells.values(first..<min(first + length, cells.cells.count))[...], blinder: blinder)
      })
    verifier = try VerifierKey(system, modelRows: points)
    self.cells = cells
    self.seed = seed
    self.blinders = blinders
    self.committer = committer
  }

  /// Generators that a proof takes: how many, where there are fewer.
  package func shortage(for proof: ProofLayout) -> (given: Int, needed: Int)? {
    let needed = committer.generators(
      rowLength: proof.system.commitmentRowLength, pads: proof.plan.cells)
    return needed <= committer.generators ? nil : (committer.generators, needed)
  }

  /// The same key with what its scheme commits by.
  package func committing(by committer: any RowCommitter) -> ProverKey {
    var key = self
    key.committer = committer
    return key
  }

  private static func blinders(_ system: ConstraintSystem, seed: [UInt8], count: Int) -> [Fr] {
    if system.weightsArePublic { return [Fr](repeating: .zero, count: count) }
    var stream = SecretRandomness(
      label: "model blinders", scheme: system.parameters.scheme, parts: [seed])
    return stream.scalars(count)
  }

  package var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.write(raw: verifier.encoded)
    writer.write(raw: seed)
    cells.write(to: &writer, in: system)
    return writer.bytes
  }

  /// Reads a prover key. Its commitments are taken as they are: a wrong one makes proofs that no
  /// verifier accepts, and nothing worse.
  package init(decoding reader: inout ByteReader) throws(KeyFileError) {
    let verifier = try VerifierKey(decoding: &reader)
    let seed: [UInt8]
    do throws(FormatError) {
      seed = Array(try reader.take(SecretRandomness.seedBytes, "seed of the blinders"))
      cells = try ModelCells(decoding: &reader, for: verifier.system)
    } catch {
      throw .format(error)
    }
    self.verifier = verifier
    self.seed = seed
    blinders = Self.blinders(verifier.system, seed: seed, count: verifier.rows.model.count)
    committer = verifier.system.parameters.scheme.committer
  }
}
