import Field
import Polynomial

/// Σ p·l over two tables of one size: the prover's side of a degree-two sum-check.
struct ProductPair {
  private var p: MultilinearTable
  private var l: MultilinearTable

  init(variables: Int, _ p: [Fr], _ l: [Fr]) {
    self.p = MultilinearTable(variables: variables, values: p)
    self.l = MultilinearTable(variables: variables, values: l)
  }

  var variables: Int { p.variables }
  var first: Fr { p.values.first ?? .zero }
  var second: Fr { l.values.first ?? .zero }

  var sum: Fr {
    let (a, b) = (p.values, l.values)
    var sum = FrAccumulator()
    for i in 0..<min(a.count, b.count) { sum.add(a[i], b[i]) }
    Meter.count(fieldMultiplications: min(a.count, b.count))
    return sum.value
  }

  /// a₁ and a₂ of Σ (p₀ + XΔp)(l₀ + XΔl): a₁ = s(1) − s(0) − a₂.
  func coefficients() -> (Fr, Fr) {
    let half = 1 << (p.variables - 1)
    let (a, b) = (p.values, l.values)
    var (low, high, leading) = (FrAccumulator(), FrAccumulator(), FrAccumulator())
    let both = min(a.count, b.count)
    for i in 0..<min(half, both) { low.add(a[i], b[i]) }
    if both > half { for i in half..<both { high.add(a[i], b[i]) } }
    for i in 0..<min(half, max(a.count, b.count)) {
      let da = value(a, i + half) - value(a, i)
      let db = value(b, i + half) - value(b, i)
      leading.add(da, db)
    }
    Meter.count(fieldMultiplications: both + min(half, max(a.count, b.count)))
    let a2 = leading.value
    return (high.value - low.value - a2, a2)
  }

  private func value(_ table: [Fr], _ index: Int) -> Fr {
    index < table.count ? table[index] : .zero
  }

  mutating func bind(_ x: Fr) {
    p.bind(x)
    l.bind(x)
  }
}
