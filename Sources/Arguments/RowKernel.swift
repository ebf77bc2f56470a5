import CKernels
package import Field
package import Polynomial

/// What one round of the row check sums over pairs of rows (i, i + half), both sides weighed by eq.
/// Groups of rows that are not held are as padding.
///
/// A row holds acc, M, w, h' and φ₁ … φ_K, φ₀ less their values on padding. Two fingerprints f, f' make
/// a unit: D = f·f' and N = f + f', so that 1/f + 1/f' = N/D; with K even φ₀ is a unit by itself, N = 1.
/// h·Πφ − Σⱼ Π_{l≠j} φ_l is E after the last unit, where (E, D) = (h·D₁ − N₁, D₁) after the first and
/// each further one takes it to (E·D_u − N_u·D, D·D_u).
package struct RowKernel: Sendable {
  package struct Sums: Sendable, Equatable {
    /// Σ weight · (acc·M − w) at 0, at 1, and its leading coefficient.
    package var low = Fr.zero
    package var high = Fr.zero
    package var square = Fr.zero
    /// Σ weight · (h·Πφ − Σ Πφ) at 0, 2, …, K + 1, place 1 left out, and its leading coefficient.
    package var fraction = [Fr](repeating: .zero, count: 9)
  }

  private let factors: Int
  private let units: Int
  private let degree: Int
  private let helperOnPadding: Fr
  /// φ on padding.
  private let defaults: InlineArray<8, Fr>
  /// Whether sums are taken in vectors.
  private let isVector: Bool
  /// What the columns w and h' are held times.
  package let scales: (rescaled: Fr, helper: Fr)

  package init(limbs: Int, lookup: RowCheck.Lookup, kernels: Kernels = .best) {
    isVector = kernels == .ifma && (2...3).contains(limbs)
    scales = Self.scales(limbs: limbs, kernels: kernels)
    factors = limbs + 1
    units = (limbs + 2) / 2
    degree = limbs + 2
    helperOnPadding = lookup.helperOnPadding
    var defaults = InlineArray<8, Fr>(repeating: lookup.lowLimb)
    defaults[limbs - 1] = lookup.topLimb
    defaults[limbs] = lookup.alpha
    self.defaults = defaults
  }

  /// In vectors a product loses a factor of 16: with w a sixteenth and h' 256 times itself, every term
  /// of an equation loses as many.
  package static func scales(
    limbs: Int, kernels: Kernels = .best
  ) -> (rescaled: Fr, helper: Fr) {
    kernels == .ifma && (2...3).contains(limbs) ? (Fr(UInt64(16)).inverse(), 256) : (.one, .one)
  }

  /// Per pair.
  var multiplications: Int {
    let pairs = factors / 2
    let last = factors % 2 == 0 ? 2 : 1
    let perPoint = units == 1 ? 2 : 2 + 3 * (units - 2) + last
    return 6 + 3 * pairs + (degree - 1) * perPoint + units + 1
  }

  /// The fingerprints of one unit along a pair of rows: D(X) by its value, its difference to the next
  /// point and twice its leading coefficient; N(X) by value and slope.
  private struct Unit {
    var product = Fr.zero
    var step = Fr.zero
    var turn = Fr.zero
    var sum = Fr.zero
    var slope = Fr.zero

    @inline(__always)
    mutating func advance() {
      product += step
      step += turn
      sum += slope
    }
  }

  /// - Parameters:
  ///   - rows: memory of groups of `height` rows, with w and h' scaled.
  ///   - pairs: within eq's table, by ascending rows.
  ///   - range: of the pairs.
  package func sums(
    _ rows: Span<Fr>, pairs: Span<RowPair>, range: Range<Int>, height: Int,
    weights: SplitEquality
  ) -> Sums {
    if isVector {
      return vectorSums(rows, pairs: pairs, range: range, height: height, weights: weights)
    }
    let width = factors + 4
    let mask = 1 << weights.bits - 1
    let near = weights.low.span
    var result = Sums()
    var unit = InlineArray<4, Unit>(repeating: Unit())
    var next = range.lowerBound
    while next < range.upperBound {
      let far = Int(pairs[next].row) >> weights.bits
      let weight = weights.high[far]
      var (low, high, square) = (FrAccumulator(), FrAccumulator(), FrAccumulator())
      var fraction = InlineArray<9, FrAccumulator>(repeating: FrAccumulator())
      let first = next
      while next < range.upperBound, Int(pairs[next].row) >> weights.bits == far { next += 1 }
      for index in first..<next {
        let pair = pairs[index]
        for step in 0..<height {
          let (a, b) = (width * (Int(pair.low) + step), width * (Int(pair.high) + step))
          let (isLow, isHigh) = (pair.low >= 0, pair.high >= 0)
          if !isLow || isIdle(rows, a), !isHigh || isIdle(rows, b) { continue }
          let i = Int(pair.row) + step
          let eq = near[i & mask]
          @inline(__always) func own(_ column: Int) -> Fr {
            isLow ? rows[a + column] : .zero
          }
          @inline(__always) func other(_ column: Int) -> Fr {
            isHigh ? rows[b + column] : .zero
          }
          let (acc, mul) = (own(0), own(1))
          let (accHigh, mulHigh) = (other(0), other(1))
          low.add(acc * mul - own(2), eq)
          high.add(accHigh * mulHigh - other(2), eq)
          square.add((accHigh - acc) * (mulHigh - mul), eq)

          var h = own(3)
          let dh = other(3) - h
          h += helperOnPadding
          var leading = dh
          for u in 0..<units {
            let f = 2 * u
            let x = own(4 + f)
            let dx = other(4 + f) - x
            let value = x + defaults[f]
            if f + 1 < factors {
              let y = own(5 + f)
              let dy = other(5 + f) - y
              let second = y + defaults[f + 1]
              let product = value * second
              let turn = dx * dy
              unit[u].product = product
              unit[u].step = (value + dx) * (second + dy) - product
              unit[u].turn = turn.doubled()
              unit[u].sum = value + second
              unit[u].slope = dx + dy
              leading *= turn
            } else {
              unit[u].product = value
              unit[u].step = dx
              unit[u].turn = .zero
              leading *= dx
            }
          }
          for point in 0..<degree {
            if point != 1 {
              fraction[point].add(value(unit, h), eq)
            }
            h += dh
            for u in 0..<units { unit[u].advance() }
          }
          fraction[degree].add(leading, eq)
        }
      }
      result.low += weight * low.value
      result.high += weight * high.value
      result.square += weight * square.value
      for point in 0...degree where point != 1 {
        result.fraction[point] += weight * fraction[point].value
      }
    }
    return result
  }

  /// E after the last unit.
  @inline(__always)
  private func value(_ unit: InlineArray<4, Unit>, _ h: Fr) -> Fr {
    var fraction = h * unit[0].product - unit[0].sum
    var product = unit[0].product
    for u in 1..<units {
      let isSingle = 2 * u + 1 == factors
      let crossed = isSingle ? product : unit[u].sum * product
      fraction = fraction * unit[u].product - crossed
      if u < units - 1 { product *= unit[u].product }
    }
    return fraction
  }

  /// Whether a row is as padding, where both equations are zero.
  @inline(__always)
  private func isIdle(_ rows: Span<Fr>, _ base: Int) -> Bool {
    for column in 0..<factors + 4 where !rows[base + column].isZero { return false }
    return true
  }

  private func vectorSums(
    _ rows: Span<Fr>, pairs: Span<RowPair>, range: Range<Int>, height: Int,
    weights: SplitEquality
  ) -> Sums {
    var padding = (0..<factors).map { defaults[$0] }
    padding.append(scales.helper * helperOnPadding)
    var limbs = [UInt64](repeating: 0, count: Int(TACIT_ROW_SUM_LIMBS))
    // SAFETY: elements are four limbs each; the kernel reads the groups of limbs + 5 elements a row that
    // pairs hold, limbs + 2 elements of padding, and of eq what the pairs' rows need; it writes the sums.
    unsafe rows.withUnsafeBytes { rows in
      unsafe padding.withUnsafeBytes { padding in
        unsafe weights.low.withUnsafeBytes { low in
          unsafe weights.high.withUnsafeBytes { high in
            unsafe pairs.withUnsafeBytes { pairs in
              var check = unsafe tacit_row_check(
                rows: rows.assumingMemoryBound(to: UInt64.self).baseAddress,
                pairs: pairs.assumingMemoryBound(to: tacit_row_pair.self).baseAddress,
                height: height, limbs: factors - 1,
                padding: padding.assumingMemoryBound(to: UInt64.self).baseAddress,
                low: low.assumingMemoryBound(to: UInt64.self).baseAddress,
                high: high.assumingMemoryBound(to: UInt64.self).baseAddress, bits: weights.bits)
              unsafe tacit_row_sums(&check, range.lowerBound, range.upperBound, &limbs)
            }
          }
        }
      }
    }
    func sum(_ place: Int, times factor: Fr) -> Fr {
      KernelSum.montgomery(limbs, place) * factor
    }
    var sums = Sums()
    (sums.low, sums.high, sums.square) = (
      sum(0, times: 4096), sum(1, times: 4096), sum(2, times: 4096)
    )
    let factor: Fr = factors == 4 ? 65536 : 4096
    for (place, point) in [0, 2, 3, 4].enumerated() where point < degree {
      sums.fraction[point] = sum(3 + place, times: factor)
    }
    sums.fraction[degree] = sum(7, times: factor)
    return sums
  }
}
