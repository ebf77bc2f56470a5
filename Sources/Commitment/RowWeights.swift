package import Field
import Polynomial

/// ψ: what each cell of a row counts in an inner product.
package struct RowWeights: Sendable {
  private enum Form: Sendable {
    /// eq(point, ·), big-endian, perhaps with its values.
    case equality([Fr], values: [Fr]?)
    case values([Fr])
  }

  private let form: Form

  private init(_ form: Form) { self.form = form }

  /// eq(point, ·), not made before it is asked for.
  package init(point: [Fr]) { self.init(.equality(point, values: nil)) }

  package init(cells: [Fr]) { self.init(.values(cells)) }

  /// L.
  package var count: Int {
    switch form {
    case .equality(let point, _): 1 << point.count
    case .values(let values): values.count
    }
  }

  /// All of them.
  ///
  /// - Complexity: a product for each, unless they are `expanded` already.
  package var cells: [Fr] {
    switch form {
    case .equality(let point, let values): values ?? Equality.table(point)
    case .values(let values): values
    }
  }

  /// The same, with all values at hand.
  package var expanded: RowWeights {
    switch form {
    case .equality(let point, _): RowWeights(.equality(point, values: cells))
    case .values: self
    }
  }

  /// Σ ψ_j·x^j.
  ///
  /// - Complexity: three products for each variable of eq, or one for each cell.
  package func polynomial(at x: Fr) -> Fr {
    switch form {
    case .equality(let point, _):
      // A bit that is set counts r_b and x^(2^b), one that is not 1 − r_b.
      var (product, power) = (Fr.one, x)
      for r in point.reversed() {
        product *= .one - r + r * power
        power *= power
      }
      return product
    case .values(let values): return values.reversed().reduce(Fr.zero) { $0 * x + $1 }
    }
  }

  /// The coefficients of t(X)·ψ(1/X) from X^(1 − L) on.
  ///
  /// - Parameter row: t, of L cells.
  /// - Complexity: 2(c + 2)·L products for eq of c variables, as it is a product of binomials; for other weights
  ///   L for each that is not zero.
  package func product(withReciprocal row: [Fr]) -> [Fr] {
    switch form {
    case .equality(let point, _):
      var product = row
      for (bit, r) in point.reversed().enumerated() {
        let shift = 1 << bit
        // Multiplied by (1 − r) + r·X^(−shift), the lowest power going down by the shift.
        var next = [Fr](repeating: .zero, count: product.count + shift)
        var cells = next.mutableSpan
        Fr.add(product[...], times: r, to: &cells, from: 0)
        Fr.add(product[...], times: .one - r, to: &cells, from: shift)
        product = next
      }
      return product
    case .values(let values): return Self.product(row, values)
    }
  }

  /// The coefficients of a(X)·b(1/X) from X^(1 − count of b) on.
  static func product(_ a: [Fr], _ b: [Fr]) -> [Fr] {
    guard !a.isEmpty, !b.isEmpty else { return [] }
    var product = [Fr](repeating: .zero, count: a.count + b.count - 1)
    var cells = product.mutableSpan
    for (place, factor) in b.enumerated() where !factor.isZero {
      Fr.add(a[...], times: factor, to: &cells, from: b.count - 1 - place)
    }
    return product
  }
}
