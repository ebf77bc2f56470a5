import ConstraintSystem
import Compute
import Curve
import Hashing

// A file of powers: the envelope of every file with kind `powers`, behind it the ceremony's digest (32
// bytes), the number of powers as fixed32, and the powers in 64 bytes each, x and y big-endian. The envelope
// has the digest of all that.
//
// Written down in docs/protocol/encodings.md#powers-of-tau.

extension PowersOfTau {
  /// Reads a file that `file` made.
  ///
  /// - Parameter ceremonies: those that are accepted.
  /// - Complexity: a digest of the bytes and two products for each coordinate, 15 ms for 2^16; another 0.1 s
  ///   where the digest is not one that was pinned with the ceremony.
  package init(
    file bytes: [UInt8], accepting ceremonies: [Ceremony] = Ceremony.known
  ) throws(CeremonyError) {
    let (identity, points): ([UInt8], ArraySlice<UInt8>)
    do throws(FormatError) {
      var reader = try FileFormat.open(.powers, bytes)
      identity = Array(try reader.take(SHA256.byteCount, "digest of the ceremony"))
      let count = try reader.fixed("number of powers", as: UInt32.self)
      // The bytes are there before anything is made of them.
      points = try reader.take(Int(count) * AffinePoint.eip196ByteCount, "powers")
      try reader.finish()
    } catch {
      throw .format(error)
    }
    guard let ceremony = ceremonies.first(where: { $0.digest.bytes == identity }) else {
      throw .unknownCeremony(digest: identity)
    }
    let g1 = try Self.points(of: points) { AffinePoint(eip196: $0) }
    let payload = Array(bytes[FileFormat.headerBytes...].prefix(SHA256.byteCount))
    if ceremony.checkedFiles.contains(payload) {
      try self.init(g1, beginningAs: ceremony)
    } else {
      try self.init(checking: g1, of: ceremony)
    }
  }

  /// The bytes of a file of them.
  package var file: [UInt8] {
    var writer = ByteWriter()
    writer.write(raw: ceremony.digest.bytes)
    writer.write(fixed: UInt32(g1.count))
    for part in coordinates { writer.write(raw: part) }
    return FileFormat.wrap(.powers, writer.bytes)
  }

  /// Points of 64 bytes each, none the identity, read on all threads.
  static func points(
    of bytes: ArraySlice<UInt8>, _ point: @Sendable (ArraySlice<UInt8>) -> AffinePoint?
  ) throws(CeremonyError) -> [AffinePoint] {
    let size = AffinePoint.eip196ByteCount
    let parts = inParallel(count: bytes.count / size, grain: 256) { range in
      var points = [AffinePoint]()
      points.reserveCapacity(range.count)
      for index in range {
        let place = bytes.startIndex + size * index
        guard let point = point(bytes[place..<place + size]), !point.isIdentity else {
          return Result<[AffinePoint], CeremonyError>.failure(.malformedPower(index: index))
        }
        points.append(point)
      }
      return .success(points)
    }
    var points = [AffinePoint]()
    points.reserveCapacity(bytes.count / size)
    for part in parts { points += try part.get() }
    return points
  }
}
