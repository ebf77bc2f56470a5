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
    let scheme = try reading { () throws(FormatError) in try reader.byte("scheme") }
    guard scheme == key.system.parameters.scheme.rawValue else { throw .otherScheme }
    modelID = try reading { () throws(FormatError) in
      Array(try reader.take(key.modelID.count, "model id"))
    }
    guard modelID == key.modelID else {
      throw .otherModel(expected: key.modelID, actual: modelID)
    }
    let inferences = try reading { () throws(FormatError) in
      try reader.unsigned("number of inferences")
    }
    let shape = try key.proofLayout(Int(exactly: inferences) ?? .max, within: reader.remaining)
    let system = shape.system
    let contextBytes = try reading { () throws(FormatError) in
      try reader.count("length of the context")
    }
    guard contextBytes <= Statement.maximalContextBytes else { throw .statement }
    var (context, counts, tensors) = ([UInt8](), [[Int]](), [RuntimeIntegers?]())
    try reading { () throws(FormatError) in
      context = Array(try reader.take(contextBytes, "context"))
      for port in system.paddedPorts {
        counts.append(try Self.counts(of: port, system.inferences, &reader))
      }
      for (port, cells) in system.withCells(counts) {
        tensors.append(try Self.tensor(of: port, cells, &reader))
      }
    }
    var commitments: [[AffinePoint]] = []
    for (port, rows) in shape.rows.committed.enumerated() {
      commitments.append(try Self.points(rows.count, ofPort: port, &reader))
    }
    statement = Statement(
      inferences: system.inferences, context: context,
      inputs: Array(tensors.prefix(system.inputs.count)),
      outputs: Array(tensors.dropFirst(system.inputs.count)), counts: counts,
      commitments: commitments)
    body = try reading { () throws(FormatError) in
      let body = Array(try reader.take(shape.bodyBytes, "argument"))
      try reader.finish()
      return body
    }
  }

  /// The integers of a public port, padding filled in; nil of another.
  private static func tensor(
    of port: Port, _ cells: PaddedCells?, _ reader: inout ByteReader
  ) throws(FormatError) -> RuntimeIntegers? {
    guard port.visibility == .public else { return nil }
    let count = cells?.heldCount ?? port.count
    let width = port.type.bytes
    let raw = Array(try reader.take(count * width, "values of \(port.name)"))
    let values = (0..<count).map { port.type.integer(raw[($0 * width)..<($0 + 1) * width]) }
    return cells?.filled(values) ?? RuntimeIntegers(values)
  }

  /// Commitments to the rows of a committed port.
  static func points(
    _ count: Int, ofPort port: Int, _ reader: inout ByteReader
  ) throws(VerificationError) -> [AffinePoint] {
    var points: [AffinePoint] = []
    for _ in 0..<count {
      let bytes = try reading { () throws(FormatError) in
        try reader.take(AffinePoint.byteCount, "commitment to a tensor")
      }
      guard let point = AffinePoint(compressed: bytes), !point.isIdentity else {
        throw .commitment(port: port)
      }
      points.append(point)
    }
    return points
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

/// Reads what a file holds, its faults being those of a malformed one.
func reading<Value>(
  _ read: () throws(FormatError) -> Value
) throws(VerificationError) -> Value {
  do throws(FormatError) { return try read() } catch { throw .malformed(error) }
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
