/// G_1, G_2, … and H, which rows are committed to over.
package struct FixedBases: Sendable {
  /// How many G there are.
  package let limit: Int
  private let points: Points

  private enum Points: Sendable {
    case generators
    case others([AffinePoint], blinding: AffinePoint)
  }

  private init(limit: Int, _ points: Points) {
    self.limit = limit
    self.points = points
  }

  /// Those that are hashed to the curve.
  package static let generators = FixedBases(limit: Generators.limit, .generators)

  /// - Parameters:
  ///   - points: G_1, G_2, …, on the curve.
  ///   - blinding: H, to which nobody knows a relation of theirs.
  package init(_ points: [AffinePoint], blinding: AffinePoint) {
    self.init(limit: points.count, .others(points, blinding: blinding))
  }

  /// H.
  package var blinding: AffinePoint {
    switch points {
    case .generators: Generators.blinding
    case .others(_, let blinding): blinding
    }
  }

  /// G_1 … G_count, count ≤ `limit`.
  package func prefix(_ count: Int) -> ArraySlice<AffinePoint> {
    switch points {
    case .generators: return Generators.prefix(count)
    case .others(let points, _):
      precondition(0 <= count && count <= limit, "rows are no longer than their bases")
      return points[..<count]
    }
  }
}
