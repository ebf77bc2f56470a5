import Compute
package import Curve
package import Field
import Hashing
import Pairing

/// G, τ·G, τ²·G, … of a ceremony: generators whose mutual logarithms are the powers of a number that nobody
/// knows. There is no way to make a value whose powers were not checked.
package struct PowersOfTau: Sendable {
  /// τ^i·G at index i; two or more.
  package let g1: [AffinePoint]
  /// Whose τ it is.
  package let ceremony: Ceremony

  /// - Parameters:
  ///   - g1: points of the curve.
  ///   - ceremony: whose identity is trusted.
  /// - Throws: `CeremonyError` unless the first is G, the second the ceremony's τ·G, and each of the others
  ///   τ times the one before it.
  /// - Complexity: two multi-scalar multiplications by scalars of 124 bits and a pairing; 0.1 s for 2^16.
  package init(checking g1: [AffinePoint], of ceremony: Ceremony) throws(CeremonyError) {
    try self.init(g1, beginningAs: ceremony)
    guard isConsecutive else { throw .notConsecutive }
  }

  /// Powers that a digest says were checked once.
  init(_ g1: [AffinePoint], beginningAs ceremony: Ceremony) throws(CeremonyError) {
    guard g1.count >= 2 else { throw .tooFew(g1.count, needed: 2) }
    guard g1[0] == .generator else { throw .otherGenerator }
    guard g1[1] == ceremony.tau else { throw .unknownCeremony(digest: nil) }
    self.g1 = g1
    self.ceremony = ceremony
  }

  package var count: Int { g1.count }

  /// The first `count` of them, at least two and no more than there are.
  package func prefix(_ count: Int) -> PowersOfTau {
    precondition(2 <= count && count <= g1.count, "a prefix of the powers")
    return PowersOfTau(prefix: Array(g1[..<count]), ceremony)
  }

  private init(prefix: [AffinePoint], _ ceremony: Ceremony) {
    g1 = prefix
    self.ceremony = ceremony
  }

  /// Σ coefficientᵢ·τ^i·G. Variable time, for public coefficients: of the multi-scalar multiplication.
  package func evaluate(_ coefficients: [Fr]) -> G1 {
    precondition(coefficients.count <= g1.count, "a power for every coefficient")
    return multiScalarMultiply(Array(g1[..<coefficients.count]), coefficients)
  }

  /// Whether Σ cᵢ·Pᵢ₊₁ = τ·Σ cᵢ·Pᵢ, by one pairing equation.
  ///
  /// If some Pᵢ₊₁ ≠ τ·Pᵢ, the sum of cᵢ·(Pᵢ₊₁ − τ·Pᵢ) is zero for one choice of that cᵢ at most, of 2^124.
  /// The cᵢ hash all points, so that a file has one verdict, and whoever makes one cannot choose them: 2^124
  /// files are to be tried for a wrong one to pass. They are drawn one by one, and are not powers of one
  /// number, since short scalars halve the sums.
  private var isConsecutive: Bool {
    let coefficients = coefficients(count: g1.count - 1)
    let low = multiScalarMultiply(Array(g1.dropLast()), coefficients)
    let high = multiScalarMultiply(Array(g1.dropFirst()), coefficients)
    return ceremony.pairingCheck.holds(left: high.affine, right: low.affine)
  }

  private func coefficients(count: Int) -> [Fr] {
    var hash = SHA256()
    hash.update(Array("tacit-v1-consecutive-powers".utf8))
    hash.update(ceremony.digest)
    for part in coordinates { hash.update(part) }
    let seed = hash.finalize()
    return inParallel(count: (count + 1) / 2, grain: 256) { range in
      range.flatMap { pair in
        var hash = SHA256()
        hash.update(seed)
        hash.update((0..<8).map { UInt8(truncatingIfNeeded: pair >> (8 * (7 - $0))) })
        let bytes = hash.finalize().bytes
        return [Self.short(bytes[..<16]), Self.short(bytes[16...])]
      }
    }.joined().prefix(count).map { $0 }
  }

  /// The lowest 124 bits of 16 bytes.
  private static func short(_ bytes: ArraySlice<UInt8>) -> Fr {
    let value = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } & (1 << 124 - 1)
    return Fr(
      reducing: (
        UInt64(truncatingIfNeeded: value), UInt64(truncatingIfNeeded: value >> 64), 0, 0
      ))
  }

  /// All points in 64 bytes each, in parts.
  var coordinates: [[UInt8]] {
    inParallel(count: g1.count, grain: 256) { range in
      var bytes = [UInt8]()
      bytes.reserveCapacity(range.count * AffinePoint.eip196ByteCount)
      for point in g1[range] { point.write(eip196To: &bytes) }
      return bytes
    }
  }
}
