import Synchronization

/// The fixed generators G_1 … G_4096 and H: points whose mutual discrete logarithms nobody knows,
/// because each is the hash to the curve of its label.
///
///     G_i = hash("tacit-v1-G" ‖ i as four bytes big-endian)      H = hash("tacit-v1-H")
///
/// under the domain `Generators.domain`. They were derived once and are checked, not derived, at
/// run time: a prefix is decoded as it is asked for, each point tested to be on the curve.
///
/// Written down in docs/protocol/encodings.md#generators.
package enum Generators {
  package static let domain = "tacit-v1-generators-BN254G1_XMD:SHA-256_SVDW_RO_"

  /// How many G there are.
  package static let limit = GeneratorTable.count - 1

  /// H, which carries the blinders.
  package static var blinding: AffinePoint { withBlinding(0)[0] }

  /// G_1 … G_count, count ≤ `limit`; G_i is at index i − 1.
  package static func prefix(_ count: Int) -> ArraySlice<AffinePoint> {
    withBlinding(count)[1...]
  }

  /// H, G_1 … G_count.
  package static func withBlinding(_ count: Int) -> ArraySlice<AffinePoint> {
    precondition(0 <= count && count <= limit, "a key's bounds keep rows within the generators")
    return decoded.withLock { points in
      if points.count <= count {
        points.reserveCapacity(count + 1)
        for i in points.count...count { points.append(GeneratorTable.point(i)) }
      }
      return points[...count]
    }
  }

  private static let decoded = Mutex([AffinePoint]())
}
