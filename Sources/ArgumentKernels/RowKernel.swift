import CKernels
package import Field
package import Polynomial
package import Compute

/// What one round of the row argument sums over pairs of rows (i, i + half), both sides weighed by eq.
/// Groups of rows that are not held are as padding.
///
/// A row holds acc, M and φ₁ … φ_K and the linear part of φ₀, less their values on padding: φ₀ is
/// that part and acc·M, a quadratic along a pair. Two of the limbs' fingerprints f, f' make a unit:
/// D = f·f' and N = f + f', so that 1/f + 1/f' = N/D; with K odd φ_K joins the first. What is
/// summed is k·Πφ − Σⱼ Π_{l≠j} φ_l = E·φ₀ − D after the last unit, less its value on padding, where
/// (E, D) = (k·D₁ − N₁, D₁) after the first and each further one takes it to
/// (E·D_u − N_u·D, D·D_u).
package struct RowKernel: Sendable {
  private let limbs: Int
  /// Units of two after the first one.
  private let units: Int
  /// Of the round's polynomial.
  private let degree: Int
  /// k = c₀ − μ.
  private let constant: Fr
  /// What is summed there.
  package let onPadding: Fr
  /// φ on padding.
  private let defaults: InlineArray<8, Fr>
  /// Whether sums are taken in vectors.
  private let isVector: Bool
  /// What the column M is held times.
  package let multiplierScale: Fr

  package init(limbs: Int, lookup: LookupChallenges, mu: Fr, kernels: Kernels = .best) {
    isVector = kernels == .ifma && (2...3).contains(limbs)
    multiplierScale = Self.multiplierScale(limbs: limbs, kernels: kernels)
    self.limbs = limbs
    units = max(0, limbs / 2 - 1)
    // Of K fingerprints, and of φ₀, a quadratic.
    degree = limbs + 2
    constant = lookup.fractionOnPadding - mu
    onPadding = -mu * lookup.productOnPadding
    var defaults = InlineArray<8, Fr>(repeating: lookup.lowLimb)
    defaults[limbs - 1] = lookup.topLimb
    defaults[limbs] = lookup.alpha
    self.defaults = defaults
  }

  /// In vectors a product loses a factor of 16: with M 16 times itself acc·M loses none.
  package static func multiplierScale(limbs: Int, kernels: Kernels = .best) -> Fr {
    kernels == .ifma && (2...3).contains(limbs) ? 16 : .one
  }

  /// Per pair: φ₀ and the units along it, the sum's points, its leading coefficient.
  package var multiplications: Int {
    let single = limbs % 2
    let perPoint = 3 + 3 * units + single
    return 3 + 3 * (limbs / 2 + single) + (degree - 1) * perPoint + units + single + 3
  }

  /// The fingerprints of one unit along a pair of rows: D(X) by its value, its difference to the
  /// next point and the difference of that; N(X) by value and slope.
  private struct Unit {
    var product = Fr.one
    var step = Fr.zero
    var turn = Fr.zero
    var sum = Fr.zero
    var slope = Fr.zero

    /// Of no fingerprints: D = 1 and N = 0.
    static let nothing = Unit()

    private init() {}

    @inline(__always)
    mutating func advance() {
      product += step
      step += turn
      sum += slope
    }

    /// Of two fingerprints, their values given here and at 1.
    ///
    /// - Parameter leading: of D.
    @inline(__always)
    init(_ x: (Fr, Fr), _ y: (Fr, Fr), leading: inout Fr) {
      let (dx, dy) = (x.1 - x.0, y.1 - y.0)
      leading = dx * dy
      product = x.0 * y.0
      step = x.1 * y.1 - product
      turn = leading.doubled()
      sum = x.0 + y.0
      slope = dx + dy
    }
  }

  /// Values of Σ weight · (k·Πφ − Σ Πφ − its value on padding) at 0, 2, …, K + 1, place 1 left out,
  /// and after them the leading coefficient.
  ///
  /// - Parameters:
  ///   - rows: memory of groups of `height` rows, with M scaled.
  ///   - pairs: within eq's table, by ascending rows.
  ///   - range: of the pairs.
  package func sums(
    _ rows: Span<Fr>, pairs: Span<RowPair>, range: Range<Int>, height: Int,
    weights: SplitEquality
  ) -> [Fr] {
    if isVector {
      return vectorSums(rows, pairs: pairs, range: range, height: height, weights: weights)
    }
    let width = RowLayout.width(limbs: limbs)
    let (first, linear) = (RowLayout.limbs, RowLayout.linear(limbs: limbs))
    let isOdd = limbs % 2 == 1
    let mask = 1 << weights.bits - 1
    let near = weights.low.span
    var result = [Fr](repeating: .zero, count: degree + 1)
    var rest = InlineArray<2, Unit>(repeating: .nothing)
    var next = range.lowerBound
    while next < range.upperBound {
      let far = Int(pairs[next].row) >> weights.bits
      let weight = weights.high[far]
      var sums = InlineArray<10, FrAccumulator>(repeating: FrAccumulator())
      let start = next
      while next < range.upperBound, Int(pairs[next].row) >> weights.bits == far { next += 1 }
      for index in start..<next {
        let groups = pairs[index]
        for step in 0..<height {
          let (a, b) = (width * (Int(groups.low) + step), width * (Int(groups.high) + step))
          let (isLow, isHigh) = (groups.low >= 0, groups.high >= 0)
          if !isLow || isIdle(rows, a), !isHigh || isIdle(rows, b) { continue }
          let i = Int(groups.row) + step
          let eq = near[i & mask]
          @inline(__always) func own(_ column: Int) -> Fr {
            isLow ? rows[a + column] : .zero
          }
          @inline(__always) func other(_ column: Int) -> Fr {
            isHigh ? rows[b + column] : .zero
          }
          /// A fingerprint at both ends.
          @inline(__always) func ends(_ f: Int) -> (Fr, Fr) {
            (own(first + f) + defaults[f], other(first + f) + defaults[f])
          }
          // φ₀: a quadratic.
          let (acc, mul) = (own(0), own(1))
          let (accHigh, mulHigh) = (other(0), other(1))
          let low = own(linear) + acc * mul
          let square = (accHigh - acc) * (mulHigh - mul)
          var function = low + defaults[limbs]
          var functionStep = other(linear) + accHigh * mulHigh - low
          let functionTurn = square.doubled()

          var leading = Fr.one
          var pair = limbs > 1 ? Unit(ends(0), ends(1), leading: &leading) : .nothing
          leading *= constant * square
          for u in 0..<units {
            let f = 2 * u + 2
            var turn = Fr.zero
            rest[u] = Unit(ends(f), ends(f + 1), leading: &turn)
            leading *= turn
          }
          // φ_K, if there is no other beside it, with N = φ₁φ₂ + φ_K(φ₁ + φ₂).
          var (last, lastStep, curve) = (Fr.zero, Fr.zero, Fr.zero)
          if isOdd {
            let (low, high) = ends(limbs - 1)
            (last, lastStep) = (low, high - low)
            leading *= lastStep
            curve = pair.turn + (lastStep * pair.slope).doubled()
            let after = pair.product + pair.step + high * (pair.sum + pair.slope)
            pair.sum = pair.product + low * pair.sum
            pair.slope = after - pair.sum
          }
          sums[degree].add(leading, eq)
          for point in 0..<degree {
            if point != 1 {
              // E·φ₀ − D after the last unit.
              var product = isOdd ? pair.product * last : pair.product
              var fraction = constant * product - pair.sum
              for u in 0..<units {
                fraction = fraction * rest[u].product - rest[u].sum * product
                product *= rest[u].product
              }
              sums[point].add(fraction * function - product - onPadding, eq)
            }
            if point == degree - 1 { break }
            function += functionStep
            functionStep += functionTurn
            pair.advance()
            if isOdd {
              last += lastStep
              pair.slope += curve
            }
            for u in 0..<units { rest[u].advance() }
          }
        }
      }
      for point in 0...degree where point != 1 {
        result[point] += weight * sums[point].value
      }
    }
    return result
  }

  /// Whether a row is as padding, where nothing is summed.
  @inline(__always)
  private func isIdle(_ rows: Span<Fr>, _ base: Int) -> Bool {
    for column in 0..<limbs + 3 where !rows[base + column].isZero { return false }
    return true
  }

  private func vectorSums(
    _ rows: Span<Fr>, pairs: Span<RowPair>, range: Range<Int>, height: Int,
    weights: SplitEquality
  ) -> [Fr] {
    var padding = (0...limbs).map { defaults[$0] }
    // What a vector's term of the sum has lost.
    let lost: Fr = limbs == 3 ? 256 : 16
    padding += [256 * constant, onPadding * lost.inverse()]
    var sums = [UInt64](repeating: 0, count: Int(TACIT_ROW_SUM_LIMBS))
    // SAFETY: the sums are as many limbs, the constants limbs + 3, and the range is one of the
    // pairs.
    unsafe withKernelInput(
      rows, pairs: pairs, height: height, limbs: limbs, constants: padding.span, weights: weights
    ) { unsafe tacit_row_sums($0, range.lowerBound, range.upperBound, &sums) }
    // Points 0, 2, …, K + 1, then the leading coefficient.
    let factor = 256 * lost
    var result = [Fr](repeating: .zero, count: degree + 1)
    for place in 0..<degree {
      result[place == 0 ? 0 : place + 1] = KernelSum.montgomery(sums, place) * factor
    }
    return result
  }
}
