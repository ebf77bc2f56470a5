package import Field
import Compute

/// Σ scalarᵢ·pointᵢ: halved scalars, Pippenger's buckets over signed digits, bucket additions in
/// batches, windows divided over the threads. Variable time: for public scalars, as a verifier's are.
///
/// - Complexity: about (2n + 2^(c−1))·⌈128/c⌉ additions with the window width c that makes this least;
///   12,200 for n = 256, 52,000 for n = 1,500.
/// - Source: [BDLO12] for signed digits in buckets; [GLV01] for the halves.
package func multiScalarMultiply(_ points: [AffinePoint], _ scalars: [Fr]) -> G1 {
  precondition(points.count == scalars.count, "a scalar for every point")
  let whole = scalars.map { SignedMagnitude($0) }
  if points.count <= 6 { return G1.interleaved(points.map { G1($0) }, whole) }
  let halves = whole.map(Endomorphism.split)
  let magnitudes = halves.map(\.0) + halves.map(\.1)
  let points = points + points.map(\.image)
  let bits = magnitudes.map(\.bitWidth).max() ?? 0
  let width = bucketWidth(points: points.count, bits: bits)
  let windows = SignedMagnitude.windows(bits: bits, width: width)
  let grain = max(1, 4096 / points.count)
  let sums = inParallel(count: windows, grain: grain) { range in
    windowSums(points, magnitudes, width: width, windows: range)
  }
  var total = G1.identity
  for sum in sums.joined().reversed() {
    for _ in 0..<width { total = total.doubled() }
    total += sum
  }
  return total
}

/// The window width with the fewest additions, short batches counted along: each bit brings a few.
private func bucketWidth(points: Int, bits: Int) -> Int {
  func cost(_ width: Int) -> Int {
    SignedMagnitude.windows(bits: bits, width: width) * (points + 1 << (width - 1)) + 100 * width
  }
  return (2...14).min { cost($0) < cost($1) } ?? 8
}

/// Σ digitᵢ·pointᵢ for each of the windows.
private func windowSums(
  _ points: [AffinePoint], _ magnitudes: [SignedMagnitude], width: Int, windows: Range<Int>
) -> [AffinePoint] {
  var sums = BucketSums(
    sets: windows.count, width: width, entries: points.count * windows.count)
  let source = points.span
  sums.add(magnitudes, of: source, windows: windows)
  sums.close(windows.count, source)
  return sums.totals()
}
