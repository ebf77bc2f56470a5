import Field

/// From s(0), …, s(d − 1) and the leading coefficient of a polynomial of degree d to its
/// coefficients a₁, …, a_d.
struct Interpolation {
  let degree: Int
  /// Row j: the coefficients of the Lagrange polynomial of point j over 0..<d.
  private let basis: [[Fr]]

  init(points degree: Int) {
    self.degree = degree
    basis = (0..<degree).map { j in
      var polynomial = [Fr.one]
      var scale = Fr.one
      for other in 0..<degree where other != j {
        // polynomial · (X − other)
        var product = [Fr](repeating: .zero, count: polynomial.count + 1)
        let root = Fr(UInt64(other))
        for (power, coefficient) in polynomial.enumerated() {
          product[power + 1] += coefficient
          product[power] = product[power] - coefficient * root
        }
        polynomial = product
        scale *= Fr(UInt64(j)) - root
      }
      let inverse = scale.inverse()
      return polynomial.map { $0 * inverse }
    }
  }

  /// - Parameter values: s(0), …, s(d − 1), then the leading coefficient.
  func coefficients(_ values: [Fr]) -> [Fr] {
    let leading = values[degree]
    var result = [Fr](repeating: .zero, count: degree + 1)
    for j in 0..<degree {
      var power = leading
      for _ in 0..<degree { power *= Fr(UInt64(j)) }
      let value = values[j] - power
      for (index, coefficient) in basis[j].enumerated() {
        result[index] += value * coefficient
      }
    }
    result[degree] = leading
    return Array(result[1...])
  }
}
