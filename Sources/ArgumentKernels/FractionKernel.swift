import CKernels
package import Field
package import Polynomial
package import Compute

/// The loops over groups of eight rows of the fractional sum-check and of the inverse argument.
package enum FractionKernel {
  /// Values of a node of the tree: N and D − 1.
  package static let nodeWidth = 2
  /// Values of a row of the tree: of a node's first child N and D − 1, of its second one the same; once
  /// batched the first is u − μ.
  package static let width = 4
  /// Of the inverse argument: z, x and y − c of x·y − z.
  package static let inverseWidth = 3

  /// At 0, and the leading coefficient.
  package struct Sums: Sendable, Equatable {
    package var low: Fr
    package var leading: Fr

    package static let zero = Sums(low: .zero, leading: .zero)

    package static func + (a: Sums, b: Sums) -> Sums {
      Sums(low: a.low + b.low, leading: a.leading + b.leading)
    }
  }

  /// Adds up nodes' fractions from two children each.
  ///
  /// - Parameters:
  ///   - children: N and D − 1 of each, of whole groups, two groups for one of nodes.
  ///   - nodes: zero; from `first` on, N and D − 1 of each.
  package static func add(
    _ children: Span<Fr>, to nodes: inout MutableSpan<Fr>, at first: Int,
    kernels: Kernels = .best
  ) {
    let count = children.count / 2
    precondition(
      count % (2 * HeldBlocks.height) == 0 && first >= 0 && first + count <= nodes.count,
      "whole groups, two children a node")
    if kernels == .ifma {
      // SAFETY: elements are four limbs; a group of nodes is sixteen elements, of children twice as many.
      return unsafe children.withUnsafeBytes { children in
        unsafe nodes.withUnsafeMutableBytes { nodes in
          guard
            let limbs = unsafe nodes.assumingMemoryBound(to: UInt64.self).baseAddress
          else { return }
          unsafe tacit_fraction_add(
            limbs + 4 * first, children.assumingMemoryBound(to: UInt64.self).baseAddress,
            count / (2 * HeldBlocks.height))
        }
      }
    }
    for node in stride(from: 0, to: count, by: 2) {
      let (n0, d0) = (children[2 * node], children[2 * node + 1])
      let (n1, d1) = (children[2 * node + 2], children[2 * node + 3])
      if n0.isZero && d0.isZero && n1.isZero && d1.isZero { continue }
      nodes[first + node] = n0 + n1 + n0 * d1 + n1 * d0
      nodes[first + node + 1] = d0 + d1 + d0 * d1
    }
  }

  /// N ← N + μ(D − 1) of the first child of each row.
  package static func batch(
    _ rows: inout MutableSpan<Fr>, by mu: Fr, kernels: Kernels = .best
  ) {
    precondition(rows.count % (width * HeldBlocks.height) == 0, "whole groups")
    if kernels == .ifma {
      let factor: InlineArray<1, Fr> = [16 * mu]
      // SAFETY: elements are four limbs, and all rows there are whole.
      return unsafe rows.withUnsafeMutableBytes { rows in
        unsafe factor.span.withUnsafeBytes { factor in
          unsafe tacit_fraction_batch(
            rows.assumingMemoryBound(to: UInt64.self).baseAddress,
            rows.count / MemoryLayout<Fr>.stride / width,
            factor.assumingMemoryBound(to: UInt64.self).baseAddress)
        }
      }
    }
    for row in stride(from: 0, to: rows.count, by: width) where !rows[row + 1].isZero {
      rows[row] += mu * rows[row + 1]
    }
  }

  /// Σ weight·(u·D'(·,1) + N'(·,1)·D'(·,0) − μ).
  ///
  /// - Parameters:
  ///   - rows: memory of groups of `height` rows, batched.
  ///   - pairs: within eq's table, by ascending rows.
  ///   - range: of the pairs.
  package static func sums(
    _ rows: Span<Fr>, pairs: Span<RowPair>, range: Range<Int>, height: Int,
    weights: SplitEquality, mu: Fr, kernels: Kernels = .best
  ) -> Sums {
    if kernels == .ifma {
      let sixteenth = Fr(UInt64(16)).inverse()
      return unsafe vectorSums(
        rows, pairs, range, height: height, weights: weights,
        constants: [mu, -mu * sixteenth, .one],
        kernel: tacit_fraction_sums, lost: 4096)
    }
    return portableSums(
      rows, pairs, range, width: width, deciding: width, height: height, weights: weights,
      value: { ($0[0] + mu) * ($0[3] + .one) + $0[2] * ($0[1] + .one) - mu },
      leading: { $0[0] * $0[3] + $0[2] * $0[1] })
  }

  /// Σ weight·(x·y − z).
  ///
  /// - Parameter constant: c.
  package static func inverseSums(
    _ rows: Span<Fr>, pairs: Span<RowPair>, range: Range<Int>, height: Int,
    weights: SplitEquality, constant: Fr, kernels: Kernels = .best
  ) -> Sums {
    if kernels == .ifma {
      return unsafe vectorSums(
        rows, pairs, range, height: height, weights: weights, constants: [constant, .zero, .zero],
        kernel: tacit_inverse_sums, lost: 256)
    }
    return portableSums(
      rows, pairs, range, width: inverseWidth, deciding: 2, height: height, weights: weights,
      value: { $0[1] * ($0[2] + constant) - $0[0] }, leading: { $0[1] * $0[2] })
  }

  /// - Parameters:
  ///   - deciding: columns without which, all of them zero, nothing is summed.
  ///   - value: of a row.
  ///   - leading: of two rows' difference.
  @inline(__always)
  private static func portableSums(
    _ rows: Span<Fr>, _ pairs: Span<RowPair>, _ range: Range<Int>, width: Int, deciding: Int,
    height: Int, weights: SplitEquality, value: (InlineArray<4, Fr>) -> Fr,
    leading: (InlineArray<4, Fr>) -> Fr
  ) -> Sums {
    let mask = 1 << weights.bits - 1
    let near = weights.low.span
    var result = Sums.zero
    var next = range.lowerBound
    while next < range.upperBound {
      let far = Int(pairs[next].row) >> weights.bits
      var (low, high) = (FrAccumulator(), FrAccumulator())
      while next < range.upperBound, Int(pairs[next].row) >> weights.bits == far {
        let pair = pairs[next]
        next += 1
        for step in 0..<height {
          let (a, b) = (width * (Int(pair.low) + step), width * (Int(pair.high) + step))
          var own = InlineArray<4, Fr>(repeating: .zero)
          var rise = own
          var isIdle = true
          for column in 0..<width {
            let (x, y) = (
              pair.low >= 0 ? rows[a + column] : .zero, pair.high >= 0 ? rows[b + column] : .zero
            )
            if column < deciding { isIdle = isIdle && x.isZero && y.isZero }
            own[column] = x
            rise[column] = y - x
          }
          if isIdle { continue }
          let eq = near[(Int(pair.row) + step) & mask]
          low.add(value(own), eq)
          high.add(leading(rise), eq)
        }
      }
      let weight = weights.high[far]
      result.low += weight * low.value
      result.leading += weight * high.value
    }
    return result
  }

  private static func vectorSums(
    _ rows: Span<Fr>, _ pairs: Span<RowPair>, _ range: Range<Int>, height: Int,
    weights: SplitEquality, constants: InlineArray<3, Fr>,
    kernel: (UnsafePointer<tacit_row_check>?, Int, Int, UnsafeMutablePointer<UInt64>?) -> Void,
    lost: Fr
  ) -> Sums {
    var limbs = [UInt64](repeating: 0, count: Int(TACIT_PAIR_SUM_LIMBS))
    // SAFETY: the sums are as many limbs, the constants three, and the range is one of the pairs.
    unsafe withKernelInput(
      rows, pairs: pairs, height: height, constants: constants.span, weights: weights
    ) { unsafe kernel($0, range.lowerBound, range.upperBound, &limbs) }
    return Sums(
      low: KernelSum.montgomery(limbs, 0) * lost, leading: KernelSum.montgomery(limbs, 1) * lost)
  }
}
