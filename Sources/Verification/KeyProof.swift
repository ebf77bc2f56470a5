import Commitment
package import ConstraintSystem
import Transcript

/// A proof about a key itself: that every value of its model is an integer of the type that the key declares.
///
/// Without one a key says that its maker knows what its commitments hold, and that inferences are those of one
/// function; with it that the function is the circuit's, on integers.
///
/// Written down in docs/protocol/key-proofs.md#verdict.
package struct KeyProof: Sendable, Equatable {
  package var modelID: [UInt8]
  /// One argument for each part of the model.
  package var bodies: [[UInt8]]

  package init(modelID: [UInt8], bodies: [[UInt8]]) {
    self.modelID = modelID
    self.bodies = bodies
  }

  /// What a part is about.
  package static func statement(part: Int, of system: ConstraintSystem) -> Statement {
    var statement = Statement(
      context: [], inputs: system.inputs.map { _ in nil }, outputs: [])
    statement.subject = .model(part: part)
    return statement
  }

  package func encoded(for system: ConstraintSystem) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(system.parameters.scheme.rawValue)
    writer.write(ModelRangeCircuit.version)
    writer.write(raw: modelID)
    for body in bodies { writer.write(raw: body) }
    return writer.bytes
  }

  /// Reads a key proof; every size follows from the key.
  ///
  /// - Returns: the proof, and `key.rangeLayouts`, which whoever verifies it needs as well.
  package static func decode(
    _ reader: inout ByteReader, for key: VerifierKey
  ) throws(VerificationError) -> (proof: KeyProof, layouts: [ProofLayout]) {
    let (scheme, modelID): (UInt8, [UInt8])
    do throws(FormatError) {
      scheme = try reader.byte("scheme")
      let at = reader.position
      let version = try reader.byte("version of the key's proof")
      guard version == ModelRangeCircuit.version else {
        throw FormatError.unknownCode(
          part: "version of the key's proof", at: at, code: Int(version))
      }
      modelID = Array(try reader.take(key.modelID.count, "model id"))
    } catch {
      throw .malformed(error)
    }
    guard scheme == key.system.parameters.scheme.rawValue else { throw .otherScheme }
    guard modelID == key.modelID else {
      throw .otherModel(expected: key.modelID, actual: modelID)
    }
    let layouts = try key.rangeLayouts
    var bodies: [[UInt8]] = []
    do throws(FormatError) {
      for layout in layouts { bodies.append(Array(try reader.take(layout.bodyBytes, "argument"))) }
      try reader.finish()
    } catch {
      throw .malformed(error)
    }
    return (KeyProof(modelID: modelID, bodies: bodies), layouts)
  }
}

extension VerifierKey {
  /// What each part of a key proof is made of.
  ///
  /// - Complexity: that of accepting the key, once more.
  package var rangeLayouts: [ProofLayout] {
    get throws(VerificationError) {
      do throws(KeyError) {
        return try ModelRangeCircuit.parts(of: system).map(ProofLayout.init)
      } catch {
        throw .modelRanges(error)
      }
    }
  }
}

extension Verifier {
  /// Checks that a key's model holds integers of the types that the key declares.
  ///
  /// - Parameter layouts: `key.rangeLayouts`, where they are known.
  package static func verify(
    _ proof: KeyProof, key: VerifierKey, as layouts: [ProofLayout]? = nil
  ) throws(VerificationError) {
    guard proof.modelID == key.modelID else {
      throw .otherModel(expected: key.modelID, actual: proof.modelID)
    }
    let layouts = if let layouts { layouts } else { try key.rangeLayouts }
    try verify(
      proof, key: key, as: layouts, by: key.system.parameters.scheme.implementation)
  }

  private static func verify<Scheme: RowCommitmentScheme>(
    _ proof: KeyProof, key: VerifierKey, as layouts: [ProofLayout], by scheme: Scheme
  ) throws(VerificationError) {
    guard proof.bodies.count == layouts.count else { throw .statement }
    var obligations: [Opening.Obligation<Scheme.Equation>] = []
    for (part, (layout, body)) in zip(layouts, proof.bodies).enumerated() {
      let statement = KeyProof.statement(part: part, of: layout.system)
      do throws(ProofError) {
        obligations.append(
          try argue(
            body, statement: statement, as: layout, by: scheme,
            transcript: statement.transcript(key: key)))
      } catch {
        throw .refused(error)
      }
    }
    guard settle(obligations, weights: weights(of: obligations, key: key), key: key) else {
      throw .refused(.rejected(.commitments))
    }
  }
}
