import CKernels
package import Compute

/// How far integers are from the reals that they stand for.
///
/// Every eighth value goes into one sum, and the eight sums are added up in the end: the same on every machine.
package struct Deviation: Sendable {
  /// Σ (scale · (integer − zero) − real)², the product in single precision.
  package private(set) var error = 0.0
  /// Σ real².
  package private(set) var signal = 0.0
  /// Integers at an end of their range where the real is more than a scale away.
  package private(set) var saturated = 0
  package private(set) var values = 0

  package init() {}

  /// Adds as many values as both have.
  ///
  /// - Parameters:
  ///   - range: of the integers.
  ///   - kernels: which of two implementations of the same sums is taken.
  package mutating func add(
    _ integers: [Int64], scale: Float, zero: Int64, range: ClosedRange<Int64>, _ reals: [Float],
    kernels: Kernels = .best
  ) {
    let count = min(integers.count, reals.count)
    let whole = kernels == .ifma ? count & ~7 : 0
    var (errors, signals) = (Lanes.zero, Lanes.zero)
    if whole > 0 {
      var sums = tacit_deviation()
      (sums.scale, sums.zero) = (scale, zero)
      (sums.least, sums.most) = (range.lowerBound, range.upperBound)
      // SAFETY: both have `whole` values, a multiple of eight.
      unsafe integers.withUnsafeBufferPointer { integers in
        unsafe reals.withUnsafeBufferPointer { reals in
          guard let integers = integers.baseAddress, let reals = reals.baseAddress else { return }
          unsafe tacit_deviation_sums(&sums, integers, reals, whole)
        }
      }
      let (error, signal) = (sums.error, sums.signal)
      errors = Lanes(
        error.0, error.1, error.2, error.3, error.4, error.5, error.6, error.7)
      signals = Lanes(
        signal.0, signal.1, signal.2, signal.3, signal.4, signal.5, signal.6, signal.7)
      saturated += sums.saturated
    }
    let (integers, reals) = (integers.span, reals.span)
    for index in whole..<count {
      let (got, wanted) = (integers[index], Double(reals[index]))
      let difference = Double(scale * Float(got &- zero)) - wanted
      errors[index & 7] += difference * difference
      signals[index & 7] += wanted * wanted
      let isAtEnd = got == range.lowerBound || got == range.upperBound
      if isAtEnd, abs(difference) > Double(scale) { saturated += 1 }
    }
    // In this order.
    for lane in 0..<Lanes.scalarCount {
      error += errors[lane]
      signal += signals[lane]
    }
    values += count
  }
}
