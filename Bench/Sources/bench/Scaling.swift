import Foundation

/// How cost grows with one extent of a network, the others held: measured points and the power that
/// fits them best.
struct Scaling {
  let name: String
  /// What `sizes` counts.
  let unit: String
  let sizes: [Int]
  /// The network of a size; nil where its file is not on this machine.
  let model: @Sendable (Int) -> BenchModel?

  static let all: [Scaling] = [
    synthetic(
      name: "dense width", unit: "inputs and outputs of one layer",
      sizes: (6...12).map { 1 << $0 }
    ) { width in
      var network = SyntheticNetwork(input: [1, width])
      network.dense(width)
      return network
    },
    synthetic(
      name: "convolution size", unit: "pixels along a side, 3×3 kernels from 16 to 16 channels",
      sizes: [8, 16, 32, 64]
    ) { side in
      var network = SyntheticNetwork(input: [1, 16, side, side])
      network.convolution(16, kernel: 3)
      return network
    },
    synthetic(
      name: "depth", unit: "layers of 3×3 kernels over 16 channels of 16×16 pixels",
      sizes: [1, 2, 4, 8, 16]
    ) { depth in
      var network = SyntheticNetwork(input: [1, 16, 16, 16])
      for _ in 0..<depth { network.convolution(16, kernel: 3) }
      return network
    },
    batch("digits-mlp"), batch("lenet5"), batch("kws"),
  ]

  private static func synthetic(
    name: String, unit: String, sizes: [Int],
    _ network: @escaping @Sendable (Int) -> SyntheticNetwork
  ) -> Scaling {
    Scaling(name: name, unit: unit, sizes: sizes) { size in
      BenchModel(name: "\(name) \(size)") { network(size) }
    }
  }

  private static func batch(_ model: String) -> Scaling {
    Scaling(
      name: "batch of \(model)", unit: "inferences in one proof", sizes: [1, 4, 16, 64]
    ) { count in
      BenchModel.all.first { $0.name == model && $0.isPresent }?
        .batched(count, name: "batch of \(model) \(count)")
    }
  }

  static let quantities = [
    "prove_s", "verify_s", "proof_bytes", "peak_rss_prove_bytes", "field_multiplications",
    "group_additions",
  ]

  /// The exponent k of y = c·x^k, by least squares of the logarithms.
  static func exponent(_ points: [(x: Double, y: Double)]) -> Double {
    let logs = points.map { (log($0.x), log($0.y)) }
    let n = Double(logs.count)
    let (meanX, meanY) = (logs.map(\.0).reduce(0, +) / n, logs.map(\.1).reduce(0, +) / n)
    let covariance = logs.map { ($0.0 - meanX) * ($0.1 - meanY) }.reduce(0, +)
    return covariance / logs.map { ($0.0 - meanX) * ($0.0 - meanX) }.reduce(0, +)
  }

  /// One line: the sizes, what was measured at each, and how it grows.
  func measure(runs: Int) throws -> [String: Any] {
    var points: [String: [Double]] = [:]
    for size in sizes {
      guard let model = model(size) else {
        throw BenchError(text: "\(name): its file is not on this machine")
      }
      let result = try measured(model, runs: runs)
      for quantity in Self.quantities {
        points[quantity, default: []].append((result[quantity] as? NSNumber)?.doubleValue ?? 0)
      }
    }
    let exponents = points.mapValues { values in
      Self.exponent(zip(sizes, values).map { (Double($0), $1) })
    }
    return [
      "scaling": name, "unit": unit, "sizes": sizes, "measured": points, "exponent": exponents,
    ]
  }
}
