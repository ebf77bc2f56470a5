extension Quantizer {
  /// Lengths of a multiplier that are tried, shortest first; the runtimes' own is 31 bits.
  private static let lengths = [8, 10, 12, 16, 24]
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
    let tried = try quantize(graph, calibration: calibration, multiplierBits: lengths + [31])
    let full = tried[lengths.count]
    return tried.first { short in
      short.report.agreeing >= full.report.agreeing
        && zip(short.report.layers, full.report.layers).allSatisfy {
          $0.relativeError <= $1.relativeError * tolerance
        }
    } ?? full
  }
}
