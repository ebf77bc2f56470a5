package import Curve
package import Field

/// Σ scalar · point = 0: what an opening leaves to be settled in the group.
///
/// Equations are added before anything is multiplied: what stands on the generators, or on points that
/// all of them name, is one coefficient however many they are.
package struct DeferredMSM: DeferredEquation {
  /// On G_1, G_2, ….
  package var generators: [Fr]
  /// On H.
  package var blinding: Fr
  /// On points that equations share and whoever settles them brings: a model's rows.
  package var shared: [Fr]
  /// On points of its own.
  package var scalars: [Fr]
  package var points: [AffinePoint]

  package init() { self.init(generators: []) }

  package init(
    generators: [Fr] = [], blinding: Fr = .zero, shared: [Fr] = [], scalars: [Fr] = [],
    points: [AffinePoint] = []
  ) {
    self.generators = generators
    self.blinding = blinding
    self.shared = shared
    self.scalars = scalars
    self.points = points
  }

  package mutating func add(_ other: DeferredMSM, times weight: Fr) {
    Self.add(other.generators, times: weight, to: &generators)
    blinding += weight * other.blinding
    Self.add(other.shared, times: weight, to: &shared)
    scalars += other.scalars.map { weight * $0 }
    points += other.points
  }

  private static func add(_ other: [Fr], times weight: Fr, to own: inout [Fr]) {
    if own.count < other.count {
      own += [Fr](repeating: .zero, count: other.count - own.count)
    }
    for (index, scalar) in other.enumerated() { own[index] += weight * scalar }
  }

  /// - Parameter points: those that `shared` counts, as many.
  /// - Complexity: one multi-scalar multiplication over all points.
  package func holds(shared points: [AffinePoint]) -> Bool {
    sum(over: .generators, shared: points).isIdentity
  }

  /// Σ scalar · point, over bases that are at least as many as there are coefficients of generators.
  func sum(over bases: FixedBases, shared points: [AffinePoint]) -> G1 {
    let all = Array(bases.prefix(generators.count)) + [bases.blinding] + points
    return multiScalarMultiply(all + self.points, generators + [blinding] + shared + scalars)
  }
}
