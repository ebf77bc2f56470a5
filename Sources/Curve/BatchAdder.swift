import CKernels
package import Field

/// Affine point additions in batches that share one inversion [Mon87, §10.3.1]: five products and a
/// square each, where a projective addition takes eleven. The engine of buckets, row commitments,
/// tables of multiples and multi-scalar multiplication.
///
/// Exceptional cases are settled by comparison, so the work done depends on the points added; with
/// secret scalars that means on the scalars. No constant-time claim is made anywhere in this room.
package struct BatchAdder {
  /// points[target] += points[source]; target = source doubles.
  package struct Step: BitwiseCopyable {
    var target: UInt32
    var source: UInt32

    @inline(__always)
    package init(_ target: Int, _ source: Int) {
      self.target = UInt32(truncatingIfNeeded: target)
      self.source = UInt32(truncatingIfNeeded: source)
    }
  }

  /// Additions that share an inversion: it then costs about 1 ns of each, and their points still
  /// lie in the second-level cache.
  private static let batch = 1024

  /// The same for the vector kernel, and the fewest steps it pays for.
  private static let vectorBatch = 2048
  private static let leastVector = 64

  /// Group operations done so far, the trivial ones with the identity left out.
  package private(set) var operations = 0

  /// Product of the denominators before each step of the batch.
  private var prefixes: [Fp]
  /// Limbs of the same, as the vector kernel keeps them.
  private var vectorPrefixes: [UInt64]
  private let kernels: Kernels

  package init(kernels: Kernels = .best) {
    self.kernels = kernels
    let isVector = kernels == .ifma
    prefixes = [Fp](repeating: .zero, count: isVector ? Self.leastVector : Self.batch)
    vectorPrefixes = [UInt64](
      repeating: 0,
      count: isVector ? Self.vectorBatch / 16 * Int(TACIT_PREFIX_LIMBS) : 0)
  }

  /// Carries out steps that are independent of each other: no target occurs in another step.
  package mutating func run(_ steps: Span<Step>, on points: inout [AffinePoint]) {
    let isVector = kernels == .ifma && steps.count >= Self.leastVector
    let batch = isVector ? Self.vectorBatch : prefixes.count
    var start = 0
    while start < steps.count {
      let end = min(start + batch, steps.count)
      let part = steps.extracting(start..<end)
      operations +=
        isVector
        ? Self.runVector(part, &points, &vectorPrefixes) : Self.run(part, &points, &prefixes)
      start = end
    }
  }

  /// The denominator of the slope through a and b: zero when a + b needs none.
  @inline(__always)
  private static func denominator(_ a: AffinePoint, _ b: AffinePoint) -> Fp {
    let difference = b.x - a.x
    if difference.isZero || a.isIdentity || b.isIdentity { return exceptional(a, b) }
    return difference
  }

  /// 2y for equal points, else zero: one is the identity, or they are opposite.
  @inline(__always)
  private static func exceptional(_ a: AffinePoint, _ b: AffinePoint) -> Fp {
    a == b ? a.y.doubled() : .zero
  }

  /// One batch; the number of additions that were not trivial.
  private static func run(
    _ steps: Span<Step>, _ array: inout [AffinePoint], _ scratch: inout [Fp]
  ) -> Int {
    var points = array.mutableSpan
    var prefixes = scratch.mutableSpan
    var product = Fp.one
    var done = 0
    for i in 0..<steps.count {
      let step = steps[i]
      let d = denominator(points[Int(step.target)], points[Int(step.source)])
      prefixes[i] = product
      if d.isZero { continue }
      product *= d
      done &+= 1
    }
    var inverse = product.inverse()
    var i = steps.count
    while i > 0 {
      i &-= 1
      let step = steps[i]
      let a = points[Int(step.target)]
      let b = points[Int(step.source)]
      let d = denominator(a, b)
      if d.isZero {
        points[Int(step.target)] = a.isIdentity ? b : b.isIdentity ? a : .identity
        continue
      }
      let reciprocal = inverse * prefixes[i]
      inverse *= d
      let rise = a.x == b.x ? tripledSquare(a.x) : b.y - a.y
      let slope = rise * reciprocal
      let x = slope.squared() - a.x - b.x
      points[Int(step.target)] = AffinePoint(uncheckedX: x, y: slope * (a.x - x) - a.y)
    }
    return done
  }

  /// As `run`, sixteen steps at a time.
  private static func runVector(
    _ steps: Span<Step>, _ points: inout [AffinePoint], _ prefixes: inout [UInt64]
  ) -> Int {
    let chains = Int(TACIT_ADD_CHAINS)
    var products = [Fp](repeating: .zero, count: chains)
    // SAFETY: a point is eight limbs and a step two indices, laid out as the kernel reads them; every
    // index lies within `points`, whose owner made the steps, and `prefixes` holds a whole batch.
    return unsafe steps.withUnsafeBytes { steps in
      unsafe points.withUnsafeMutableBytes { points in
        unsafe prefixes.withUnsafeMutableBufferPointer { prefixes in
          let indices = unsafe steps.assumingMemoryBound(to: UInt32.self).baseAddress
          let limbs = unsafe points.assumingMemoryBound(to: UInt64.self).baseAddress
          let count = steps.count / MemoryLayout<Step>.stride
          let done = unsafe products.withUnsafeMutableBytes {
            unsafe tacit_add_prepare(
              limbs, indices, count, prefixes.baseAddress,
              $0.assumingMemoryBound(to: UInt64.self).baseAddress)
          }
          Fp.batchInvert(&products)
          for chain in 0..<chains { products[chain] *= 64 }
          unsafe products.withUnsafeBytes {
            unsafe tacit_add_finish(
              limbs, indices, count, prefixes.baseAddress,
              $0.assumingMemoryBound(to: UInt64.self).baseAddress)
          }
          return done
        }
      }
    }
  }

  @inline(__always)
  private static func tripledSquare(_ x: Fp) -> Fp {
    let square = x.squared()
    return square.doubled() + square
  }

  /// Leaves the sum of each non-empty segment at its first point, in rounds of pairwise additions
  /// over all segments; other points of the segments are scratch afterwards.
  mutating func sum(segments: [Range<Int>], of points: inout [AffinePoint]) {
    var active = segments.filter { $0.count > 1 }
    var steps = [Step](repeating: Step(0, 0), count: active.reduce(0) { $0 + $1.count / 2 })
    var stride = 1
    while !active.isEmpty {
      var count = 0
      var next = steps.mutableSpan
      for index in active.indices {
        let segment = active[index]
        var i = segment.lowerBound
        while i &+ stride < segment.upperBound {
          next[count] = Step(i, i &+ stride)
          count &+= 1
          i &+= 2 &* stride
        }
      }
      run(steps.span.extracting(0..<count), on: &points)
      stride &*= 2
      active.removeAll { $0.count <= stride }
    }
  }
}
