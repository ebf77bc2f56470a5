package import Field
import Compute
package import Polynomial

/// Σ scale·weights of tensors over a column that is read as a matrix of 2^h columns, row by row, written
/// as Σ_j A_j ⊗ b_j.
///
/// A tensor's weights are a product over its axes. One of a row or more is cut at h: the axes above give
/// its rows' factors, those below a b, and an axis that h falls into gives a b for each of its parts of
/// one row. Most axes weigh with eq(r, ·), a product over the bits of an index, whose parts are all
/// multiples of one b but for the last; and claims share r, so that few b serve all large tensors.
/// Smaller tensors of one row make up a b together.
package struct OuterProducts: Sendable {
  /// h.
  package let columnBits: Int
  private var terms: [Term] = []
  /// Smaller tensors, by row.
  private var rows: [Int: [(TensorWeights, Fr)]] = [:]

  private struct Term: Sendable {
    /// What b is the product of.
    let axes: [TensorWeights.Axis]
    /// On the rows.
    var factors: [(TensorWeights, Fr)]
  }

  /// J.
  package var count: Int { terms.count + rows.count }

  package init(_ tensors: [(TensorWeights, Fr)], columnBits: Int) {
    self.init(factored: FactoredTensor.all(tensors), columnBits: columnBits)
  }

  /// The cheapest for a column of 2^variables of which `cells` are held.
  package init(_ tensors: [(TensorWeights, Fr)], variables: Int, cells: Int) {
    let tensors = FactoredTensor.all(tensors)
    let products = inParallel(
      count: min(max(variables, 1), IntegerRows.mostColumnBits + 1), grain: 1
    ) { range in
      range.map { Self(factored: tensors, columnBits: $0) }
    }.flatMap(\.self)
    self =
      products.min { $0.cost(cells: cells) < $1.cost(cells: cells) }
      ?? Self(factored: [], columnBits: 0)
  }

  /// In small products, one per cell and term and one more; what an element of b costs, and a row's or
  /// a column's sum with its part in the rounds, are measured in vectors.
  private func cost(cells: Int) -> Int {
    let (rows, columns) = ((cells - 1) >> columnBits + 1, 1 << columnBits)
    return cells * (count + 1) + 250 * (rows * count + columns) + 35 * columns * count
  }

  private init(factored tensors: [FactoredTensor], columnBits: Int) {
    self.columnBits = columnBits
    for tensor in tensors { add(tensor) }
  }

  private mutating func add(_ tensor: FactoredTensor) {
    let row = tensor.offset >> columnBits
    if tensor.bits < columnBits {
      let weights = TensorWeights(
        offset: tensor.offset & (1 << columnBits - 1), axes: tensor.axes.map(\.axis))
      rows[row, default: []].append((weights, tensor.scale))
      return
    }
    // The first axis that is not wholly above the cut, and how many of its bits are below.
    var (cut, below) = (tensor.axes.count, 0)
    while cut > 0 && below < columnBits {
      cut -= 1
      below += tensor.axes[cut].axis.bits
    }
    let above = tensor.axes[..<cut].map(\.axis)
    guard below > columnBits else {
      add(
        tensor.axes[cut...].map(\.axis), (TensorWeights(offset: row, axes: above), tensor.scale))
      return
    }
    let inner = tensor.axes[(cut + 1)...].map(\.axis)
    let axis = tensor.axes[cut]
    for part in axis.parts(bits: axis.axis.bits + columnBits - below) {
      let factors = TensorWeights(offset: row + part.first, axes: above + [part.multiples])
      if axis.isProduct {
        add([part.axis] + inner, (factors, tensor.scale))
      } else {
        terms.append(Term(axes: [part.axis] + inner, factors: [(factors, tensor.scale)]))
      }
    }
  }

  private mutating func add(_ axes: [TensorWeights.Axis], _ factors: (TensorWeights, Fr)) {
    if let index = terms.firstIndex(where: { $0.axes == axes }) {
      terms[index].factors.append(factors)
    } else {
      terms.append(Term(axes: axes, factors: [factors]))
    }
  }

  /// b_j: 2^h elements each.
  package var vectors: [[Fr]] {
    let products =
      terms.map { [(TensorWeights(offset: 0, axes: $0.axes), Fr.one)] }
      + rows.sorted { $0.key < $1.key }.map(\.value)
    return inParallel(count: products.count, grain: 1) { range in
      range.map { j in
        var vector = [Fr](repeating: .zero, count: 1 << columnBits)
        for (weights, scale) in products[j] { weights.add(to: &vector, scale: scale) }
        return vector
      }
    }.flatMap(\.self)
  }

  /// A_j on the first rows, a row's factors of all terms side by side.
  package func factors(rows count: Int) -> [Fr] {
    var factors = [Fr](repeating: .zero, count: count * self.count)
    for (j, term) in terms.enumerated() {
      var column = [Fr](repeating: .zero, count: count)
      for (tensor, scale) in term.factors { tensor.add(to: &column, scale: scale) }
      for row in 0..<count { factors[row * self.count + j] = column[row] }
    }
    for (place, row) in rows.keys.sorted().enumerated() {
      factors[row * self.count + terms.count + place] = .one
    }
    return factors
  }
}

/// A tensor's weights with each axis that is a product over the bits of an index brought to one at 0.
private struct FactoredTensor {
  let offset: Int
  let bits: Int
  let axes: [FactoredAxis]
  let scale: Fr

  private init(_ weights: TensorWeights, scale: Fr) {
    offset = weights.offset
    bits = weights.bits
    let dense = weights.axes.map(\.fromZero)
    var inverses = dense.map { $0.weights.first ?? .zero }
    Fr.batchInvert(&inverses)
    let axes = zip(dense, inverses).map { FactoredAxis($0, inverse: $1) }
    self.axes = axes.filter { $0.axis.bits > 0 || !$0.isProduct }
    self.scale = axes.reduce(scale) { $0 * $1.scale }
  }

  static func all(_ tensors: [(TensorWeights, Fr)]) -> [FactoredTensor] {
    inParallel(count: tensors.count, grain: 1) { range in
      tensors[range].map { FactoredTensor($0, scale: $1) }
    }.flatMap(\.self)
  }
}

private struct FactoredAxis {
  /// Without `scale`.
  private(set) var axis: TensorWeights.Axis
  private(set) var scale = Fr.one
  /// Whether w(i + 2^k) = w(i)·w(2^k) for i < 2^k.
  private(set) var isProduct = false

  /// - Parameter inverse: of the first weight.
  init(_ axis: TensorWeights.Axis, inverse: Fr) {
    self.axis = axis
    guard let first = axis.weights.first, !first.isZero else { return }
    let weights = Self.multiples(axis.weights[...], by: inverse)
    OperationCounter.count(fieldMultiplications: 2 * weights.count)
    var half = 1
    while half < weights.count {
      let end = min(2 * half, weights.count)
      guard
        weights[half..<end].elementsEqual(
          Self.multiples(weights[..<(end - half)], by: weights[half]))
      else { return }
      half *= 2
    }
    (self.axis.weights, scale, isProduct) = (weights, first, true)
  }

  private static func multiples(_ weights: ArraySlice<Fr>, by factor: Fr) -> [Fr] {
    var multiples = Array(weights)
    var span = multiples.mutableSpan
    Fr.scale(&span, by: factor)
    return multiples
  }

  /// Weights of 2^bits cells, and what they are multiplied by in some parts of the axis.
  struct Part {
    let axis: TensorWeights.Axis
    /// The first of the parts.
    let first: Int
    let multiples: TensorWeights.Axis
  }

  /// The weights in parts of 2^bits; if they are a product, all are multiples of one, up to an end that
  /// is cut short.
  func parts(bits: Int) -> [Part] {
    let weights = axis.weights
    func part(_ cells: Range<Int>, first: Int, _ multiples: [Fr]) -> Part {
      Part(
        axis: TensorWeights.Axis(bits: bits, weights: Array(weights[cells])), first: first,
        multiples: TensorWeights.Axis(bits: axis.bits - bits, weights: multiples))
    }
    let (size, whole) = (1 << bits, weights.count >> bits)
    guard isProduct else {
      return stride(from: 0, to: weights.count, by: size).map { start in
        part(start..<min(start + size, weights.count), first: start >> bits, [.one])
      }
    }
    var parts: [Part] = []
    if whole > 0 { parts.append(part(0..<size, first: 0, (0..<whole).map { weights[$0 << bits] })) }
    let end = weights.count - whole << bits
    if end > 0 { parts.append(part(0..<end, first: whole, [weights[whole << bits]])) }
    return parts
  }
}
