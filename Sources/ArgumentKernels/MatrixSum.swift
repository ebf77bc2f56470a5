package import Field
import Polynomial
package import Compute

// Σ v·l over a long column of small integers, l = Σ_j A_j ⊗ b_j on the column as a matrix (OuterProducts).
//
//   rounds of the row's bits      Σ_row Σ_j A_j·U_j,  U_j = v·b_j: small products, in one pass over v
//   rounds of the column's bits   Σ_col v'·l',  v' = eq(r, ·)·v in one more pass,  l' = Σ_j A_j(r)·b_j
//
// The same polynomials as over l itself, which is never made.
package struct MatrixSum {
  /// The variables of the column.
  private let variables: Int
  private let matrix: IntegerRows
  private let columnBits: Int
  private let vectors: [[Fr]]
  /// Over the row's bits, then over the column's.
  private var pair: ProductPair
  /// What is bound of the row's bits.
  private var point: [Fr] = []
  private var scale = Fr.one
  /// Σ v·l, for the rounds before its own.
  private let total: Fr
  private let kernels: Kernels

  /// - Parameters:
  ///   - cells: of a column of 2^variables.
  ///   - all: variables of the sum-check.
  package init(
    _ products: OuterProducts, variables: Int, of all: Int, cells: PackedIntegers,
    kernels: Kernels = .best
  ) {
    precondition(
      products.columnBits < max(1, variables), "the first variable of a column is a row's")
    self.variables = variables
    self.kernels = kernels
    columnBits = products.columnBits
    matrix = IntegerRows(cells, columnBits: columnBits, kernels: kernels)
    vectors = products.vectors
    pair = ProductPair(
      variables: variables - columnBits, width: products.count,
      matrix.products(with: vectors), products.factors(rows: matrix.count))
    total = all > variables ? pair.sum : .zero
  }

  /// a₁ and a₂.
  package func coefficients(remaining: Int) -> (Fr, Fr) {
    if remaining > variables { return ZeroExtension.coefficients(total * scale) }
    let (a1, a2) = pair.coefficients()
    return (a1 * scale, a2 * scale)
  }

  package mutating func bind(_ x: Fr, remaining: Int) {
    if remaining > variables {
      scale *= ZeroExtension.factor(x)
      return
    }
    pair.bind(x)
    guard remaining > columnBits else { return }
    point.append(x)
    guard remaining == columnBits + 1 else { return }
    var weights = [Fr](repeating: .zero, count: 1 << columnBits)
    OperationCounter.count(fieldMultiplications: vectors.count << columnBits)
    var span = weights.mutableSpan
    for (vector, factor) in zip(vectors, pair.seconds) {
      Fr.add(vector[...], times: factor, to: &span, from: 0, kernels: kernels)
    }
    let rows = Equality.prefix(point[...], count: matrix.count)
    pair = ProductPair(
      variables: columnBits, matrix.combination(rows), weights)
  }
}
