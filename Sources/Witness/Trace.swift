package import Compute
package import ConstraintSystem

/// The witness of an inference, or of a batch: the small columns of the trace, each up to
/// `usedRows`, and the multiplicities of the table's rows. Gap rows and in-block padding are zero.
///
/// q is a column by a scheme that commits to it; acc·M less the remainder is q·2^S.
///
/// The columns are variables, so that a test can lie in them. Their memory is overwritten in the end.
package struct Trace: Hashable, Sendable {
  /// acc.
  @Erased package var accumulators: [Int64]
  /// rem_1 … rem_K, each a column: the last one centred, the others from 0.
  @Erased package var limbs: [[Int64]]
  /// y.
  @Erased package var outputs: [Int64]
  /// q, by a scheme that pairs look-ups; else empty.
  @Erased package var quotients: [Int64]
  /// How often the 2^n rows look each of the table's `count` rows up. The zero triple's count is that
  /// of its first row; the zero triples that pad the table are looked up by none.
  @Erased package var multiplicities: [Int64]
  /// The integers of inputs that have no block, by the input's number.
  package var indices: [Int: CircuitIntegers]
  /// Of each padded port, inputs first: how many indices of its axis are not padding, by inference.
  package var counts: [[Int]]

  package init(
    accumulators: [Int64], limbs: [[Int64]], outputs: [Int64],
    quotients: [Int64] = [], multiplicities: [Int64], indices: [Int: CircuitIntegers] = [:],
    counts: [[Int]] = []
  ) {
    self.accumulators = accumulators
    self.limbs = limbs
    self.outputs = outputs
    self.quotients = quotients
    self.multiplicities = multiplicities
    self.indices = indices
    self.counts = counts
  }

  /// A block's `y`, row-major without padding.
  package func values(of block: Int, in system: ConstraintSystem) -> [Int64] {
    let block = system.blocks[block]
    return Layout.values(of: outputs, shape: block.shape, offset: block.offset)
  }

  /// The tensor of an input or output with blocks, as the circuit has it.
  package func values(at port: Port, in system: ConstraintSystem) -> CircuitIntegers {
    PortLimbs(port, of: system).joined(port.blocks.map { values(of: $0, in: system) })
  }

  /// The tensors of all inputs, as the circuit has them.
  package func inputs(in system: ConstraintSystem) -> [CircuitIntegers] {
    system.inputs.enumerated().map { number, port in
      port.blocks.isEmpty ? indices[number] ?? [] : values(at: port, in: system)
    }
  }
}
