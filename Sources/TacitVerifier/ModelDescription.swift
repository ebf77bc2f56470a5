import ConstraintSystem
import Verification

/// What a verifier key says of its model; nothing in it is secret.
public struct ModelDescription: Sendable {
  public struct Layer: Sendable {
    public let name: String
    public let shape: [Int]
    /// Cells of the layer, and rows of the trace with its padding.
    public let rows: Int
    public let paddedRows: Int
    /// The step that each row ends in: `identity`, `clamp255`, ….
    public let function: String
  }

  public let name: String
  public let modelID: ModelID
  /// SHA-256 of the circuit, without the commitments.
  public let circuitDigest: [UInt8]
  public let inputs: [TensorPort]
  public let outputs: [TensorPort]
  public let finalSteps: [String]
  public let weightsArePublic: Bool
  public let layers: [Layer]
  /// Integers of the model: weights, biases, multipliers.
  public let modelValues: Int
  /// Rows that hold a value, and 2^n of the trace.
  public let usedRows: Int
  public let traceRows: Int
  /// Cells of a column that a proof commits to: whole commitment rows, those without a value left out.
  public let committedCells: Int
  /// Rows of the table, and 2^k with its padding.
  public let tableRows: Int
  public let paddedTableRows: Int
  /// K limbs of b bits, d bits of a quotient, cells of a commitment row.
  public let limbs: Int
  public let limbBits: Int
  public let quotientBits: Int
  public let commitmentRowLength: Int
  /// Commitments to the model in the key, 32 bytes each.
  public let modelRows: Int
  /// Of the `.verifier` file.
  public let keyBytes: Int
  /// Of a `.proof` file of one inference without a context: every such proof has this size.
  public let proofBytes: Int
  /// The most inferences that one proof holds.
  public let maximalInferences: Int
}

extension ModelVerifier {
  public var description: ModelDescription {
    let (system, table) = (key.system, key.system.table)
    return ModelDescription(
      name: system.name, modelID: modelID, circuitDigest: system.digest,
      inputs: system.inputs.map(TensorPort.init), outputs: system.outputs.map(TensorPort.init),
      finalSteps: system.finalSteps.map(FinalOutput.name),
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

  /// Of a `.proof` file of as many inferences without a context; nil for more than one holds.
  public func proofBytes(inferences: Int) -> Int? {
    (try? key.proofLayout(inferences)).map { proofBytes(of: $0) }
  }

  private func proofBytes(of proof: ProofLayout) -> Int {
    let commitments = proof.rows.committed.reduce(0) { $0 + $1.count } * 32
    var count = ByteWriter()
    count.write(unsigned: UInt64(proof.system.inferences))
    // One byte is the length of an empty context.
    return FileFormat.headerBytes + key.modelID.count + count.bytes.count + 1
      + ProofLayout.publicBytes(proof.system) + commitments + proof.bodyBytes
  }
}
