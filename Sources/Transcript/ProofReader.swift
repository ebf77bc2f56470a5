package import Curve
package import Field

/// Takes a proof apart: canonical scalars and points, nothing missing and nothing left over. How
/// many of what comes from the key.
package struct ProofReader: Sendable {
  private let bytes: [UInt8]
  private var position = 0

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  package static let scalarBytes = 32
  package static let pointBytes = 32

  /// - Returns: the scalars and the bytes that held them.
  package mutating func scalars(_ count: Int, as label: Label) throws(ProofError)
    -> ([Fr], [UInt8])
  {
    let taken = try take(count * Self.scalarBytes)
    var scalars: [Fr] = []
    scalars.reserveCapacity(count)
    for index in 0..<count {
      let first = index * Self.scalarBytes
      guard let scalar = Fr(canonicalBigEndian: taken[first..<first + Self.scalarBytes]) else {
        throw .scalar(label, at: index)
      }
      scalars.append(scalar)
    }
    return (scalars, taken)
  }

  /// Points of the curve other than the identity.
  package mutating func points(_ count: Int, as label: Label) throws(ProofError)
    -> ([AffinePoint], [UInt8])
  {
    let taken = try take(count * Self.pointBytes)
    if let points = AffinePoint.decompress(taken[...]),
      !points.contains(where: { $0.isIdentity })
    {
      return (points, taken)
    }
    // One of them is none: say which.
    for index in 0..<count {
      let first = index * Self.pointBytes
      let point = AffinePoint(compressed: taken[first..<first + Self.pointBytes])
      if point?.isIdentity ?? true { throw .point(label, at: index) }
    }
    throw .point(label, at: count)
  }

  package func finish() throws(ProofError) {
    if position != bytes.count { throw .length(expected: position, actual: bytes.count) }
  }

  private mutating func take(_ count: Int) throws(ProofError) -> [UInt8] {
    guard count <= bytes.count - position else {
      throw .length(expected: position + count, actual: bytes.count)
    }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }
}
