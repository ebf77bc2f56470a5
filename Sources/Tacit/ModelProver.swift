import Commitment
import ConstraintSystem
import Proving
import Verification
public import TacitVerifier

/// A model in its prover's hands: circuit, weights and blinders. Secret.
///
/// A value that is made once, by compiling a model or by reading a key, and then used for any
/// number of proofs, from any number of tasks at once.
public struct ModelProver: Sendable {
  let key: ProverKey

  init(key: ProverKey) { self.key = key }

  /// Reads a prover key.
  ///
  /// - Parameters:
  ///   - file: the bytes of a `.prover` file.
  ///   - powers: of the ceremony, for a key that is for a chain. Without them such a key runs its network, and
  ///     proves nothing.
  /// - Throws: `TacitError.key`; `TacitError.powers` for powers that the key does not take, or that are too few
  ///   for it.
  /// - Complexity: linear in the file, and some tenths of a second at most for the circuit.
  public init(_ file: [UInt8], powers: CeremonyPowers? = nil) throws(TacitError) {
    let key: ProverKey
    do throws(KeyFileError) {
      key = try Self.read(file)
    } catch {
      throw .key(.key(KeyFault(error)))
    }
    guard let powers else {
      self.init(key: key)
      return
    }
    guard key.system.parameters.scheme.usesPowers else { throw .powers(.unwanted) }
    self.init(key: key.committing(by: powers.committer))
    try checkPowers(for: key.verifier.single)
  }

  /// Whether a contract on a chain verifies the key's proofs, so that proving takes powers of a ceremony.
  public var isForChain: Bool { key.system.parameters.scheme.usesPowers }

  /// Refuses what a key without powers, or with too few, cannot commit to.
  func checkPowers(for layout: ProofLayout) throws(TacitError) {
    guard let (given, needed) = key.shortage(for: layout) else { return }
    throw .powers(given == 0 ? .missing : .tooFew(given: given, needed: needed))
  }

  private static func read(_ file: [UInt8]) throws(KeyFileError) -> ProverKey {
    var reader: ByteReader
    do throws(FormatError) {
      reader = try FileFormat.open(.prover, file)
    } catch {
      throw .format(error)
    }
    let key = try ProverKey(decoding: &reader)
    do throws(FormatError) {
      try reader.finish()
    } catch {
      throw .format(error)
    }
    return key
  }

  /// The bytes of the `.prover` file; secret, as they hold the weights.
  public var file: [UInt8] { FileFormat.wrap(.prover, key.encoded) }

  /// A file with this payload behind its digest, whatever it says: a fuzzer's inputs would not get past one.
  @_spi(Fuzzing) public static func file(payload: [UInt8]) -> [UInt8] {
    FileFormat.wrap(.prover, payload)
  }

  /// What to publish.
  public var verifier: ModelVerifier { ModelVerifier(key: key.verifier) }
  /// What names the model: a digest of its verifier key.
  public var modelID: ModelID { verifier.modelID }
}
