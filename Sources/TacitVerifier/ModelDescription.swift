import ConstraintSystem
import Verification

/// What a verifier key says of its model; nothing in it is secret.
public struct ModelDescription: Sendable {
  /// A block of rows: a layer of the network, or a part of one.
  public struct Layer: Sendable {
    /// As in the model file, with an ending for a part.
    public let name: String
    /// Of the values that it holds.
    public let shape: [Int]
    /// Rows of the trace that hold a value: the product of the extents.
    public let rows: Int
    /// Rows of the trace with the padding: the extents rounded up to powers of two.
    public let paddedRows: Int
    /// The step that each row ends in: `identity`, `clamp255`, ….
    public let function: String
  }

  /// As in the model file, or as its owner named it.
  public let name: String
  /// What names the model: a digest of the verifier key.
  public let modelID: ModelID
  /// SHA-256 of the circuit, without the commitments.
  public let circuitDigest: [UInt8]
  /// In the order of the model file.
  public let inputs: [TensorPort]
  /// In the order of the model file, before the last steps.
  public let outputs: [TensorPort]
  /// What is computed in public from the first output; each output has its own.
  public var finalSteps: [String] { outputs.first?.finalSteps ?? [] }
  /// Whether anyone who has the model file gets the same model id from it.
  public let weightsArePublic: Bool
  /// In evaluation order.
  public let layers: [Layer]
  /// Integers of the model: weights, biases, multipliers.
  public let modelValues: Int
  /// Rows of the trace that hold a value.
  public let usedRows: Int
  /// Rows of the trace, a power of two.
  public let traceRows: Int
  /// Cells of a column that a proof commits to: whole commitment rows, those without a value left
  /// out.
  public let committedCells: Int
  /// Rows of the table of functions.
  public let tableRows: Int
  /// Rows of the table with its padding, a power of two.
  public let paddedTableRows: Int
  /// K: limbs that a remainder is committed to as.
  public let limbs: Int
  /// b: bits of a limb.
  public let limbBits: Int
  /// d: bits of a quotient.
  public let quotientBits: Int
  /// L: cells of a commitment row.
  public let commitmentRowLength: Int
  /// Commitments to the model in the key, 32 bytes each.
  public let modelRows: Int
  /// Size of the `.verifier` file.
  public let keyBytes: Int
  /// Size of a `.proof` file of one inference without a context: every such proof has this size, or less where
  /// a public tensor is padded.
  public let proofBytes: Int
  /// The most inferences that one proof holds.
  public let maximalInferences: Int
}

extension ModelVerifier {
  /// What the key says of its model.
  ///
  /// - Complexity: linear in the circuit and in the commitments of the key.
  public var description: ModelDescription {
    let (system, table) = (key.system, key.system.table)
    return ModelDescription(
      name: system.name, modelID: modelID, circuitDigest: system.digest,
      inputs: system.inputs.map { TensorPort($0, of: system) },
      outputs: system.outputs.map { TensorPort($0, of: system) },
      weightsArePublic: system.weightsArePublic,
      layers: system.blocks.map { block in
        ModelDescription.Layer(
          name: block.name, shape: block.shape, rows: block.count, paddedRows: 1 << block.bits,
          function: system.functions[block.function].name)
      },
      modelValues: system.tensors.reduce(0) { $0 + $1.count },
      usedRows: system.blocks.reduce(0) { $0 + $1.count }, traceRows: 1 << system.traceBits,
      committedCells: key.rows.rowsPerTraceColumn * system.commitmentRowLength,
      tableRows: table.count, paddedTableRows: 1 << table.bits, limbs: system.parameters.limbs,
      limbBits: system.parameters.limbBits, quotientBits: system.parameters.quotientBits,
      commitmentRowLength: system.parameters.commitmentRowLength, modelRows: key.modelRows.count,
      keyBytes: FileFormat.headerBytes + key.encoded.count,
      proofBytes: proofBytes(of: key.single), maximalInferences: system.maximalInferences)
  }

  /// The size of a `.proof` file without a context.
  ///
  /// - Parameter inferences: in one proof.
  /// - Returns: nil for more than one proof holds, and for less than one.
  public func proofBytes(inferences: Int) -> Int? {
    (try? key.proofLayout(inferences)).map { proofBytes(of: $0) }
  }

  private func proofBytes(of proof: ProofLayout) -> Int {
    let commitments = proof.rows.committed.reduce(0) { $0 + $1.count } * 32
    return Proof.headBytes(inferences: proof.system.inferences)
      + ProofLayout.countBytes(proof.system.fullCounts) + ProofLayout.publicBytes(proof.system)
      + commitments + proof.bodyBytes
  }
}
