import ArgumentKernels
import Field
import Polynomial
import Compute
import TestSupport
import Testing

/// The model's part of the claim batch against the obvious prover, who makes the weights cell by cell.
struct MatrixSumTests {
  /// Extents of tensors, largest block first, as a layout has them.
  private static let models: [[[Int]]] = [
    [[1]], [[2]], [[]], [[3, 5]], [[8, 8], [8], [8]], [[12, 10], [7, 6, 3], [10], [1]],
    [[5, 3, 3, 6], [300], [9, 17], [2, 2], [1], [1]], [[64, 3], [100], [3, 20], [33], [4, 4]],
  ]

  private enum Kind: CaseIterable {
    /// As of claims at one point.
    case equality
    /// No product over the bits of an index.
    case random
    /// Both, zeros among them.
    case mixed
  }

  private struct Claims {
    var tensors: [(TensorWeights, Fr)] = []
    var cells: [Int64] = []
    /// Cell by cell.
    var weights: [Fr] = []

    init(_ model: [[Int]], _ kind: Kind, seed: UInt64) {
      var samples = Samples(seed: seed)
      let point = samples.scalars(16)
      var offset = 0
      for (index, shape) in model.enumerated() {
        let bits = shape.map { Int.bitWidth - ($0 - 1).leadingZeroBitCount }
        for claim in 0..<1 + index % 3 {
          let axes = zip(shape, bits).enumerated().map { place, axis in
            let (extent, bits) = axis
            var weights = samples.scalars(extent)
            if kind == .equality || kind == .mixed && (claim + place) % 2 == 0 {
              let part = claim == 1 ? point.prefix(bits) : point.suffix(bits)
              weights = Equality.prefix(part, scale: samples.scalar(), count: extent)
            } else if kind == .mixed {
              weights[extent / 2] = .zero
            }
            return TensorWeights.Axis(bits: bits, weights: weights)
          }
          tensors.append((TensorWeights(offset: offset, axes: axes), samples.scalar()))
        }
        offset += 1 << bits.reduce(0, +)
      }
      cells = samples.scalars(offset).enumerated().map { place, element in
        let word = Int64(bitPattern: element.l0)
        return place % 11 == 3 ? word >> 2 : place % 4 == 0 ? 0 : word >> 56
      }
      weights = [Fr](repeating: .zero, count: offset)
      for (tensor, scale) in tensors {
        for cell in 0..<1 << tensor.axes.reduce(0, { $0 + $1.bits }) {
          var (rest, product) = (cell, scale)
          for axis in tensor.axes.reversed() {
            let index = rest % (1 << axis.bits)
            rest >>= axis.bits
            product *= index < axis.weights.count ? axis.weights[index] : .zero
          }
          weights[tensor.offset + cell] += product
        }
      }
    }

    var variables: Int { Int.bitWidth - (cells.count - 1).leadingZeroBitCount }
  }

  /// a₁ and a₂ of every round over 2^all cells, zero after those held.
  private func rounds(_ claims: Claims, of all: Int, at challenges: [Fr]) -> [[Fr]] {
    let zeros = [Fr](repeating: .zero, count: 1 << all - claims.cells.count)
    var (p, l) = (claims.cells.map { Fr($0) } + zeros, claims.weights + zeros)
    return challenges.map { x in
      let half = p.count / 2
      var (a1, a2) = (Fr.zero, Fr.zero)
      for i in 0..<half {
        let (rise, slope) = (p[i + half] - p[i], l[i + half] - l[i])
        a1 += p[i] * slope + l[i] * rise
        a2 += rise * slope
      }
      p = (0..<half).map { p[$0] + x * (p[$0 + half] - p[$0]) }
      l = (0..<half).map { l[$0] + x * (l[$0 + half] - l[$0]) }
      return [a1, a2]
    }
  }

  @Test(arguments: models.indices, Kind.allCases)
  private func `rounds are those of the obvious prover, however the column is cut`(
    model: Int, kind: Kind
  ) {
    let claims = Claims(Self.models[model], kind, seed: UInt64(model) + 40)
    let variables = claims.variables
    var samples = Samples(seed: 9)
    for all in [max(1, variables), variables + 2] {
      let challenges = samples.scalars(all)
      let expected = rounds(claims, of: all, at: challenges)
      let cuts = (0..<max(1, variables)).map {
        OuterProducts(claims.tensors, columnBits: $0)
      }
      let cheapest = OuterProducts(
        claims.tensors, variables: variables, cells: claims.cells.count)
      for products in cuts + [cheapest] {
        for kernels in [Kernels.portable, .best] {
          var sum = MatrixSum(
            products, variables: variables, of: all, cells: PackedIntegers(claims.cells),
            kernels: kernels)
          for (round, x) in challenges.enumerated() {
            let (a1, a2) = sum.coefficients(remaining: all - round)
            #expect([a1, a2] == expected[round], "h = \(products.columnBits), round \(round)")
            sum.bind(x, remaining: all - round)
          }
        }
      }
    }
  }

  @Test(arguments: models.indices, Kind.allCases)
  private func `the terms add up to the weights`(model: Int, kind: Kind) {
    let claims = Claims(Self.models[model], kind, seed: UInt64(model) + 80)
    for columnBits in 0...claims.variables {
      let products = OuterProducts(claims.tensors, columnBits: columnBits)
      let (width, count) = (1 << columnBits, products.count)
      let vectors = products.vectors
      let factors = products.factors(rows: (claims.cells.count - 1) / width + 1)
      #expect(vectors.count == count)
      for (cell, weight) in claims.weights.enumerated() {
        let row = factors[cell / width * count..<(cell / width + 1) * count]
        #expect(inner(Array(row), vectors.map { $0[cell % width] }) == weight)
      }
    }
  }

  @Test func `a column without cells or claims adds nothing`() {
    let products = OuterProducts([], variables: 0, cells: 0)
    var sum = MatrixSum(products, variables: 0, of: 2, cells: PackedIntegers([]))
    for remaining in [2, 1] {
      #expect(sum.coefficients(remaining: remaining) == (.zero, .zero))
      sum.bind(7, remaining: remaining)
    }
  }

  /// Layers of 64 inputs whose claims share a point: one b where rows lie within them, two where an
  /// extent is not a power of two, one per row where a row holds several biases.
  @Test func `claims at one point share their terms`() {
    var samples = Samples(seed: 3)
    let (inputs, outputs) = (samples.scalars(6), samples.scalars(6))
    func matrix(_ offset: Int, inputs count: Int) -> (TensorWeights, Fr) {
      (
        TensorWeights(
          offset: offset,
          axes: [
            TensorWeights.Axis(bits: 6, weights: Equality.table(outputs)),
            TensorWeights.Axis(bits: 6, weights: Equality.prefix(inputs[...], count: count)),
          ]), samples.scalar()
      )
    }
    let layers = (0..<4).map { matrix($0 << 12, inputs: 64) }
    for columnBits in 0...12 {
      #expect(OuterProducts(layers, columnBits: columnBits).count == 1)
    }
    #expect(OuterProducts(layers, columnBits: 14).count == 1)
    let cut = layers + [matrix(4 << 12, inputs: 40)]
    #expect((0...6).map { OuterProducts(cut, columnBits: $0).count } == [1, 1, 1, 1, 2, 2, 2])
    let biases = (0..<8).map { place in
      (
        TensorWeights(
          offset: 5 << 12 + place << 6,
          axes: [TensorWeights.Axis(bits: 6, weights: Equality.table(outputs))]), samples.scalar()
      )
    }
    #expect(
      [6, 7, 8, 9].map { OuterProducts(layers + biases, columnBits: $0).count } == [2, 5, 3, 2])
  }
}
