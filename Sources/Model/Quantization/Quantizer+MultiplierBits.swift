import Compute

extension Quantizer {
  /// Lengths of a multiplier that are tried, shortest first, the second ones where none of the first will do;
  /// the runtimes' own is 31 bits.
  private static let lengths = (first: [8, 10, 12], second: [16, 24])
  /// How much larger a layer's error may grow by shorter multipliers.
  private static let tolerance = 1.02

  /// As `quantize(_:calibration:multiplierBits:)`, with the shortest multipliers that the report
  /// lets pass: as many samples agree with the float model as with 31 bits, and no layer's error
  /// grows by more than two percent. Shorter multipliers mean fewer remainder limbs to prove.
  ///
  /// Only for networks that nobody has run as integers yet: a quantized one keeps its own.
  package static func quantizeWithShortMultipliers(
    _ graph: Graph, calibration: [[[Float]]]
  ) throws(ModelError) -> (graph: Graph, report: QuantizationReport) {
    let calibrated = try Calibrated(graph, calibration)
    let first = try Job.part(0.2...0.7) { () throws(ModelError) in
      try calibrated.networks(multiplierBits: lengths.first + [31])
    }
    let full = first[lengths.first.count]
    func isEnough(_ short: (graph: Graph, report: QuantizationReport)) -> Bool {
      short.report.agreeing >= full.report.agreeing
        && zip(short.report.layers, full.report.layers).allSatisfy {
          $0.relativeError <= $1.relativeError * tolerance
        }
    }
    if let short = first.dropLast().first(where: isEnough) { return short }
    let second = try Job.part(0.7...1) { () throws(ModelError) in
      try calibrated.networks(multiplierBits: lengths.second)
    }
    return second.first(where: isEnough) ?? full
  }
}
