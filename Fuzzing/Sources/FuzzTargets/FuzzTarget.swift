import Tacit
import TacitVerifier

/// A reader of bytes that anyone may have made: it gives a value or an error, and never traps.
///
/// What it reads it also uses as a program would, as far as that is cheap: a model is surveyed, a key describes itself, a
/// proof is checked.
public struct FuzzTarget: Sendable {
  /// As in the corpus and in the counts.
  public let name: String
  private let body: @Sendable ([UInt8]) throws -> Void

  private init(_ name: String, _ body: @escaping @Sendable ([UInt8]) throws -> Void) {
    (self.name, self.body) = (name, body)
  }

  /// Reads bytes, and traps where what was read is not what the bytes say.
  public func read(_ bytes: [UInt8]) { _ = accepts(bytes) }

  /// Whether there is no error; as `read(_:)`.
  public func accepts(_ bytes: [UInt8]) -> Bool {
    do {
      try body(bytes)
      return true
    } catch {
      return false
    }
  }

  /// All readers.
  ///
  /// - Parameters:
  ///   - key: a prover key, small, with committed tensors: that of the corpus' proofs and reveals.
  ///   - proof: the one that the corpus' reveal is of.
  public static func all(key file: [UInt8], proof: [UInt8]) -> [FuzzTarget] {
    guard let verifier = try? ModelProver(file).verifier,
      let inference = try? verifier.verify(proof)
    else { return [] }
    return [
      FuzzTarget("onnx") { _ = try ModelFileDescription($0) },
      FuzzTarget("tflite") { _ = try ModelFileDescription($0) },
      FuzzTarget("npy") { _ = try NamedArrays($0, named: "x.npy") },
      FuzzTarget("npz") { _ = try NamedArrays($0, named: "x.npz") },
      FuzzTarget("json") { _ = try NamedArrays($0, named: "x.json") },
      FuzzTarget("csv") { _ = try NamedArrays($0, named: "x.csv") },
      FuzzTarget("prover-key") { bytes in
        let key = try ModelProver(bytes)
        precondition(key.file == bytes, "a key that was read is written otherwise")
      },
      FuzzTarget("verifier-key") { bytes in
        let key = try ModelVerifier(bytes)
        precondition(key.file == bytes, "a key that was read is written otherwise")
      },
      FuzzTarget("proof") { bytes in
        _ = try verifier.verify(bytes)
        _ = try ProofDescription(bytes)
      },
      FuzzTarget("key-proof") { try verifier.verify(keyProof: $0) },
      FuzzTarget("opening") { bytes in
        let opening = try CommitmentOpening(bytes)
        precondition(opening.file == bytes, "an opening that was read is written otherwise")
      },
      FuzzTarget("reveal") { bytes in
        _ = try verifier.verify(reveal: bytes, of: inference)
      },
    ]
  }
}
