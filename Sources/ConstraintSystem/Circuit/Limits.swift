/// What a key may ask of the machine that reads it; larger is refused before any allocation.
///
/// Written down in docs/protocol/accepting-a-key.md#limits-of-reading.
package enum Limits {
  package static let limbs = 1...6
  package static let limbBits = 2...16
  package static let quotientBits = 1...17
  package static let scaleBits = 1...60
  /// 2^12 generators are embedded, for a row and the pads.
  package static let commitmentRowBits = 2...11
  /// Of schemes whose generators are powers of τ, which stand in a file.
  package static let commitmentRowBitsOfPowers = 2...16
  /// log₂ of trace rows, of table rows, of model cells.
  package static let traceBits = 24
  package static let tableBits = 20
  package static let modelBits = 28
  package static let rank = 8
  /// Gadgets of a key, and limbs of what one of them finds.
  package static let gadgets = 1024
  package static let gadgetLimbs = 8
  /// Inferences of one proof.
  package static let inferences = 1...4096
  /// Summed labels of a term.
  package static let summedLabels = 8
  package static let blocks = 4096
  package static let tensors = 8192
  package static let functions = 256
  package static let termsPerBlock = 256
  /// Views that a layer's rows read at most: what reads more is copied first, or asks for smaller steps. Fewer
  /// than terms, as a gadget's checks multiply forms out.
  package static let viewsPerLayer = 64
  package static let nameBytes = 256
  package static let ports = 64
  /// Blocks of a port.
  package static let portLimbs = 8
  package static let finalSteps = 8
  /// Magnitude of a table function's inputs and outputs, and of shifts and zero points.
  package static let functionValue: Int64 = 1 << 17
  /// Magnitude of a window's strides and constant.
  package static let stride = 1 << 20
  /// Bits of a coefficient's magnitude, constants among them.
  package static let coefficientBits = 60
  /// What accepting a key, and then each of its proofs, may take a verifier, as `VerifierWork` counts it:
  /// some tenths of a second.
  package static let verifierProducts = 1 << 23
  package static let verifierBytes = 96 << 20
  /// How often the sum of a row may read a cell of what it reads, at most: windows of a padded axis can
  /// be longer than the axis.
  package static let readsPerCell = 256
  /// log₂ of the summed and shared label tuples of a two-view term: the prover's memory in B.
  package static let contractionBits = 28
  /// Products in one execution.
  package static let products = Int64(1) << 37
  /// Cells that no block (tensor) holds, beyond as many as are held.
  package static let gap = 1 << 16
  /// Bits of an accumulator's magnitude: a word holds it and what it is added to. Times a multiplier it is
  /// far below p.
  package static let accumulatorBits = 60
  /// Bits of a multiplier's magnitude.
  package static let multiplierBits = 62
}
