package import Field

extension G1 {
  /// scalar · point. Variable time in the scalar.
  package static func * (scalar: Fr, point: G1) -> G1 {
    interleaved([point], [SignedMagnitude(scalar)])
  }

  /// Σ scalarᵢ·pointᵢ with halved scalars, signed digits of four bits and shared doublings: the
  /// method for a few points. About 130 doublings, and 70 additions a point. Variable time in the
  /// scalars.
  static func interleaved(_ points: [G1], _ scalars: [SignedMagnitude]) -> G1 {
    let width = 4
    var multiples = points.map { point in
      var row = [point]
      for _ in 1..<8 { row.append(row[row.count - 1] + point) }
      return row
    }
    multiples += multiples.map { row in row.map(\.image) }
    let halves = scalars.map(Endomorphism.split)
    let scalars = halves.map(\.0) + halves.map(\.1)
    let bits = scalars.map(\.bitWidth).max() ?? 0
    var windows = [[(table: Int, magnitude: Int, negative: Bool)]](
      repeating: [], count: SignedMagnitude.windows(bits: bits, width: width))
    for (i, scalar) in scalars.enumerated() {
      SignedDigits(width: width).forEach(of: scalar.short, in: windows.indices) {
        window, magnitude, negative in
        if magnitude == 0 { return }
        windows[window].append((i, Int(magnitude), scalar.negative != (negative != 0)))
      }
    }
    var sum = G1.identity
    for digits in windows.reversed() {
      for _ in 0..<width { sum = sum.doubled() }
      for digit in digits {
        let multiple = multiples[digit.table][digit.magnitude - 1]
        sum += digit.negative ? -multiple : multiple
      }
    }
    return sum
  }
}
