package import Field
import Polynomial
import Compute

/// Σ p·l over two tables of one size: the prover's side of a degree-two sum-check. With a width above
/// one, of as many pairs side by side, value by value.
package struct ProductPair: Sendable {
  private var p: MultilinearTable
  private var l: MultilinearTable

  package init(variables: Int, width: Int = 1, _ p: [Fr], _ l: [Fr]) {
    self.p = MultilinearTable(variables: variables, width: width, values: p)
    self.l = MultilinearTable(variables: variables, width: width, values: l)
  }

  package var variables: Int { p.variables }
  package var first: Fr { p.values.first ?? .zero }
  package var second: Fr { l.values.first ?? .zero }
  /// The values of the second table.
  var seconds: [Fr] { l.values }

  package var sum: Fr {
    let (a, b) = (p.values, l.values)
    let both = min(a.count, b.count)
    OperationCounter.count(fieldMultiplications: both)
    return inParallel(count: both, grain: 1024) { range in
      var sum = FrAccumulator()
      for i in range { sum.add(a[i], b[i]) }
      return sum.value
    }.reduce(.zero, +)
  }

  /// a₁ and a₂ of Σ (p₀ + XΔp)(l₀ + XΔl): a₁ = s(1) − s(0) − a₂.
  package func coefficients() -> (Fr, Fr) {
    let half = p.width << (p.variables - 1)
    let (a, b) = (p.values, l.values)
    let pairs = min(half, max(a.count, b.count))
    OperationCounter.count(fieldMultiplications: min(a.count, b.count) + pairs)
    let parts = inParallel(count: pairs, grain: 512) { range in
      if Kernels.best == .ifma {
        return ProductSums(a, b, half: half, range: range).coefficients
      }
      var (low, high, leading) = (FrAccumulator(), FrAccumulator(), FrAccumulator())
      let (a, b) = (a.span, b.span)
      for i in range {
        let j = i + half
        let a0 = i < a.count ? a[i] : .zero
        let b0 = i < b.count ? b[i] : .zero
        let a1 = j < a.count ? a[j] : .zero
        let b1 = j < b.count ? b[j] : .zero
        low.add(a0, b0)
        if j < a.count && j < b.count { high.add(a1, b1) }
        leading.add(a1 - a0, b1 - b0)
      }
      return ProductSums(low: low.value, high: high.value, leading: leading.value).coefficients
    }
    return parts.reduce((.zero, .zero)) { ($0.0 + $1.0, $0.1 + $1.1) }
  }

  package mutating func bind(_ x: Fr) {
    p.bind(x)
    l.bind(x)
  }
}
