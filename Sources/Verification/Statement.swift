package import ConstraintSystem
package import Curve

/// What a proof says beyond its key: how many inferences it is of, the context it is bound to, the
/// public tensors, and the commitments to the committed ones.
///
/// Written down in docs/protocol/verification.md#statement.
package struct Statement: Sendable, Equatable {
  /// What is proven.
  package enum Subject: Sendable, Equatable {
    /// Inferences of the key's network.
    case inferences
    /// The ranges of the key's model, as part `index` of a key proof shows them.
    case model(part: Int)
  }

  package var subject = Subject.inferences
  /// N. Tensors are those of all inferences, one after another.
  package var inferences: Int
  /// A nonce, session or job id; any bytes.
  package var context: [UInt8]
  /// Per input; nil unless public.
  package var inputs: [RuntimeIntegers?]
  /// Per output; nil unless public.
  package var outputs: [RuntimeIntegers?]
  /// Per padded port, inputs first: the counts of all inferences.
  package var counts: [[Int]]
  /// Per committed port, inputs first: commitments to its rows.
  package var commitments: [[AffinePoint]]

  package init(
    inferences: Int = 1, context: [UInt8], inputs: [RuntimeIntegers?],
    outputs: [RuntimeIntegers?], counts: [[Int]] = [], commitments: [[AffinePoint]] = []
  ) {
    self.inferences = inferences
    self.context = context
    self.inputs = inputs
    self.outputs = outputs
    self.counts = counts
    self.commitments = commitments
  }

  package static let maximalContextBytes = 1 << 16

  /// Each public port with its tensor and its cells, inputs first.
  package func publicTensors(of system: ConstraintSystem) -> [(
    port: Port, values: RuntimeIntegers, cells: PaddedCells?
  )] {
    zip(system.withCells(counts), inputs + outputs).compactMap { port, values in
      values.map { (port.port, $0, port.cells) }
    }
  }

  /// Each public tensor in its declared type, little-endian, one after another, without what is padding.
  package func publicBytes(of system: ConstraintSystem) -> [UInt8] {
    var bytes: [UInt8] = []
    for (port, tensor, cells) in publicTensors(of: system) {
      let values = cells?.held(tensor) ?? tensor.values
      bytes.reserveCapacity(bytes.count + values.count * port.type.bytes)
      for value in values {
        for place in 0..<port.type.bytes {
          bytes.append(UInt8(truncatingIfNeeded: value >> Int64(8 * place)))
        }
      }
    }
    return bytes
  }

  /// Whether every public tensor has the circuit's shape and holds values of its type that its block can
  /// have, and padding behind its count.
  ///
  /// SOUNDNESS: values that no row can have are digits beyond the base of `PublicWords`, where another
  /// tensor makes the same words.
  ///
  /// - Parameter system: the circuit of the whole batch.
  package func fits(_ system: ConstraintSystem) -> Bool {
    func fits(_ ports: [Port], _ tensors: [RuntimeIntegers?]) -> Bool {
      ports.count == tensors.count
        && zip(ports, tensors).allSatisfy { port, values in
          guard port.visibility == .public else { return values == nil }
          // Integers of no block go by what views through them lead along, as `checkIndices` says.
          let range = PortLimbs(port, of: system).range ?? port.type.integers
          return values.map { values in
            values.count == port.count
              && values.values.allSatisfy { range.contains($0) && port.type.states($0) }
          } ?? false
        }
    }
    return inferences == system.inferences && fits(system.inputs, inputs)
      && fits(system.outputs, outputs) && system.fits(counts, inferences: inferences)
      && publicTensors(of: system).allSatisfy { $0.cells?.unpadded($0.values) == nil }
      && context.count <= Self.maximalContextBytes
  }

  /// Refuses integers of an input that lead views beyond what they read.
  ///
  /// - Parameter system: the circuit of the whole batch, which the statement fits.
  package func checkIndices(of system: ConstraintSystem) throws(VerificationError) {
    for (input, extent) in system.indexExtents.sorted(by: { $0.key < $1.key }) {
      guard let integers = inputs[input] else { throw .statement }
      if let place = integers.values.firstIndex(where: { $0 < 0 || $0 >= Int64(extent) }) {
        let (inference, position) = system.apart(
          Layout.position(place, in: system.inputs[input].shape))
        throw .index(
          input: system.inputs[input].name, inference: inference ?? 0, position: position,
          value: integers[place], extent: extent)
      }
    }
  }
}
