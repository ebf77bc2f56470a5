package import ConstraintSystem
import Curve
import Hashing

/// A proof as a file holds it: which key, what is stated, and the argument.
///
/// Written down in docs/protocol/verification.md#proof-file.
package struct Proof: Sendable, Equatable {
  package var modelID: [UInt8]
  package var statement: Statement
  /// Points and scalars in the order of the protocol; its length follows from the key.
  package var body: [UInt8]

  package init(modelID: [UInt8], statement: Statement, body: [UInt8]) {
    self.modelID = modelID
    self.statement = statement
    self.body = body
  }

  /// Bytes of a file before the public tensors, where the context is empty.
  package static func headBytes(inferences: Int) -> Int {
    var numbers = ByteWriter()
    numbers.write(unsigned: UInt64(truncatingIfNeeded: inferences))
    // The length of the context.
    numbers.write(unsigned: 0)
    return FileFormat.headerBytes + 1 + SHA256.byteCount + numbers.bytes.count
  }

  package func encoded(for system: ConstraintSystem) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(system.parameters.scheme.rawValue)
    writer.write(raw: modelID)
    writer.write(unsigned: UInt64(truncatingIfNeeded: statement.inferences))
    writer.write(unsigned: UInt64(statement.context.count))
    writer.write(raw: statement.context)
    for count in statement.counts.joined() { writer.write(unsigned: UInt64(count)) }
    writer.write(raw: statement.publicBytes(of: system))
    for points in statement.commitments { points.forEach { writer.write(raw: $0.compressed) } }
    writer.write(raw: body)
    return writer.bytes
  }

  /// Reads a proof for a key; every size follows from the key and the number of inferences, which is
  /// bounded before anything is made by it.
  package init(decoding reader: inout ByteReader, for key: VerifierKey)
    throws(VerificationError)
  {
    do throws(any Error) {
      guard try reader.byte("scheme") == key.system.parameters.scheme.rawValue else {
        throw VerificationError.otherScheme
      }
      modelID = Array(try reader.take(key.modelID.count, "model id"))
      guard modelID == key.modelID else {
        throw VerificationError.otherModel(expected: key.modelID, actual: modelID)
      }
      let inferences = try reader.unsigned("number of inferences")
      let shape = try key.proofLayout(
        Int(exactly: inferences) ?? .max, within: reader.remaining)
      let system = shape.system
      let contextBytes = try reader.count("length of the context")
      guard contextBytes <= Statement.maximalContextBytes else {
        throw VerificationError.statement
      }
      let context = Array(try reader.take(contextBytes, "context"))
      var counts: [[Int]] = []
      for port in system.paddedPorts {
        counts.append(try Self.counts(of: port, system.inferences, &reader))
      }
      let ports = system.withCells(counts)
      func tensors(_ ports: ArraySlice<(port: Port, cells: PaddedCells?)>) throws(FormatError)
        -> [RuntimeIntegers?]
      {
        var tensors: [RuntimeIntegers?] = []
        for (port, cells) in ports {
          guard port.visibility == .public else {
            tensors.append(nil)
            continue
          }
          let count = cells?.heldCount ?? port.count
          let width = port.type.bytes
          let raw = Array(try reader.take(count * width, "values of \(port.name)"))
          let values = (0..<count).map {
            port.type.integer(raw[($0 * width)..<($0 + 1) * width])
          }
          tensors.append(cells?.filled(values) ?? RuntimeIntegers(values))
        }
        return tensors
      }
      let inputs = try tensors(ports.prefix(system.inputs.count))
      let outputs = try tensors(ports.dropFirst(system.inputs.count))
      var commitments: [[AffinePoint]] = []
      for (index, rows) in shape.rows.committed.enumerated() {
        var points: [AffinePoint] = []
        for _ in rows {
          let bytes = try reader.take(AffinePoint.byteCount, "commitment to a tensor")
          guard let point = AffinePoint(compressed: bytes), !point.isIdentity else {
            throw VerificationError.commitment(port: index)
          }
          points.append(point)
        }
        commitments.append(points)
      }
      statement = Statement(
        inferences: system.inferences, context: context, inputs: inputs, outputs: outputs,
        counts: counts, commitments: commitments)
      body = Array(try reader.take(shape.bodyBytes, "argument"))
      try reader.finish()
    } catch let error as FormatError {
      throw .malformed(error)
    } catch let error as VerificationError {
      throw error
    } catch {
      throw .statement
    }
  }

  /// How long the tensors of a padded port are, by inference.
  private static func counts(
    of port: Port, _ inferences: Int, _ reader: inout ByteReader
  ) throws(FormatError) -> [Int] {
    let most = port.padding.map { port.shape[$0.axis] } ?? 0
    var counts: [Int] = []
    for _ in 0..<inferences {
      let at = reader.position
      let count = try reader.unsigned("count of \(port.name)")
      guard count <= UInt64(most) else {
        throw .outOfRange(part: "count of \(port.name)", at: at, value: "\(count)")
      }
      counts.append(Int(count))
    }
    return counts
  }
}

extension ElementType {
  /// The value of little-endian bytes, as many as the type has.
  package func integer(_ bytes: ArraySlice<UInt8>) -> Int64 {
    var value: UInt64 = 0
    for (index, byte) in bytes.enumerated() { value |= UInt64(byte) << UInt64(8 * index) }
    switch self {
    case .int8: return Int64(Int8(truncatingIfNeeded: value))
    case .uint8: return Int64(value)
    case .int16: return Int64(Int16(truncatingIfNeeded: value))
    case .int32, .float32: return Int64(Int32(truncatingIfNeeded: value))
    case .int64: return Int64(bitPattern: value)
    }
  }
}
