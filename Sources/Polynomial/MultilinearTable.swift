package import Field
import Compute

/// The values of a multilinear polynomial on {0,1}ⁿ, kept only up to its last non-zero value: what
/// comes after it is zero and folds to zero, so cost follows the used length.
///
/// With a width above one it is as many polynomials side by side, value by value, so that what is
/// read together lies together.
package struct MultilinearTable: Sendable {
  /// n.
  package private(set) var variables: Int
  /// Polynomials held.
  package let width: Int
  /// At most 2ⁿ · width values; zero after them.
  package private(set) var values: [Fr]

  package init(variables: Int, width: Int = 1, values: [Fr]) {
    precondition(values.count <= width << variables, "a table holds at most 2^n values")
    self.variables = variables
    self.width = width
    self.values = values
  }

  /// Cells up to the last that is held.
  package var used: Int { values.count / width }

  /// Fixes the most significant variable at r: t[i] ← t[i] + r · (t[i + half] − t[i]).
  ///
  /// - Complexity: one multiplication per value left.
  package mutating func bind(_ r: Fr) {
    let half = width << (variables - 1)
    let count = values.count
    variables -= 1
    OperationCounter.count(fieldMultiplications: min(half, count))
    inParallel(folding: &values, half: half, grain: 2048) { low, high in
      Fr.fold(&low, high, by: r)
    }
    if count > half { values.removeLast(count - half) }
  }

  /// The value at a point, of a single polynomial.
  package func evaluate(_ point: [Fr]) -> Fr {
    var table = self
    for r in point { table.bind(r) }
    return table.values.first ?? .zero
  }
}
