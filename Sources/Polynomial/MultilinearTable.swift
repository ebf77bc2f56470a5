package import Field

/// The values of a multilinear polynomial on {0,1}ⁿ, kept only up to its last non-zero value: what
/// lies behind is zero and folds to zero, so cost follows the used length.
package struct MultilinearTable: Sendable {
  /// n.
  package private(set) var variables: Int
  /// At most 2ⁿ values; zero behind.
  package private(set) var values: [Fr]

  package init(variables: Int, values: [Fr]) {
    precondition(values.count <= 1 << variables, "a table holds at most 2^n values")
    self.variables = variables
    self.values = values
  }

  /// Fixes the most significant variable at r: t[i] ← t[i] + r · (t[i + half] − t[i]).
  ///
  /// - Complexity: one multiplication per value left.
  package mutating func bind(_ r: Fr) {
    let half = 1 << (variables - 1)
    let used = values.count
    variables -= 1
    Meter.count(fieldMultiplications: min(half, used))
    if used <= half {
      let rest = .one - r
      for i in 0..<used { values[i] *= rest }
      return
    }
    for i in 0..<(used - half) {
      let low = values[i]
      values[i] = low + r * (values[i + half] - low)
    }
    if used < 2 * half {
      let rest = .one - r
      for i in (used - half)..<half { values[i] *= rest }
    }
    values.removeLast(used - half)
  }

  /// The value at a point.
  package func evaluate(_ point: [Fr]) -> Fr {
    var table = self
    for r in point { table.bind(r) }
    return table.values.first ?? .zero
  }
}
