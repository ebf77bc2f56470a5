import Foundation
import Tacit
import TacitVerifier

/// Compiling, proving and verifying, each in a process of its own, so that each has a peak of memory
/// of its own. A stage prints one JSON object.
enum Stage: String, CaseIterable {
  case compile
  case prove
  case verify

  /// - Parameter folder: where stages leave files for the next.
  func run(_ model: BenchModel, in folder: URL, runs: Int) throws -> [String: Any] {
    let proverFile = folder.appendingPathComponent("model.prover")
    let verifierFile = folder.appendingPathComponent("model.verifier")
    let proofFile = folder.appendingPathComponent("model.proof")
    switch self {
    case .compile:
      let (bytes, calibration) = try model.model()
      var seconds: [Double] = []
      var prover: ModelProver?
      for _ in 0..<max(1, runs / 5) {
        seconds.append(
          try Self.seconds {
            prover = try ModelProver.compile(bytes, calibration: calibration).prover
          })
      }
      guard let prover else { return [:] }
      try Data(prover.file).write(to: proverFile)
      try Data(prover.verifier.file).write(to: verifierFile)
      let circuit = prover.verifier.description
      return [
        "rows": circuit.usedRows, "trace_rows": circuit.traceRows,
        "table_rows": circuit.tableRows,
        // Per row: its equation, K + 1 lookups, its relation.
        "constraints": circuit.usedRows * (circuit.limbs + 3),
        // K limbs and y of each row; m, g and no more than as many h of the table's.
        "committed_cells": circuit.usedRows * (circuit.limbs + 1) + 3 * circuit.tableRows,
        "model_values": circuit.modelValues, "prover_key_bytes": prover.file.count,
        "verifier_key_bytes": prover.verifier.file.count, "model_file_bytes": bytes.count,
        "compile_s": Self.median(seconds),
      ]
    case .prove:
      let prover = try ModelProver(Files.bytes(proverFile))
      let input = try model.input()
      var costs: [ProvingCost] = []
      var proof: [UInt8] = []
      for _ in 0..<runs {
        let (made, cost) = try prover.proveMeasured(input)
        proof = made
        costs.append(cost)
      }
      try Data(proof).write(to: proofFile)
      let warm = costs.count > 1 ? Array(costs.dropFirst()) : costs
      let phases = warm[0].phases.indices.map { index in
        (warm[0].phases[index].name, Self.median(warm.map { $0.phases[index].seconds }))
      }
      let seconds = Self.median(warm.map(\.seconds))
      // What the counted operations take at the rate of the hot loops, all cores busy.
      let limit = KernelCost.measured().seconds(
        of: warm[0], cores: ProcessInfo.processInfo.activeProcessorCount)
      return [
        "prove_s": seconds, "prove_first_s": costs[0].seconds,
        "prove_limit_s": limit, "prove_over_limit": seconds / limit,
        "prove_phases_s": Dictionary(uniqueKeysWithValues: phases),
        "prove_phases_peak_rss_bytes": Dictionary(
          uniqueKeysWithValues: costs[0].phases.map { ($0.name, $0.peakResidentBytes) }),
        "field_multiplications": warm[0].fieldMultiplications,
        "small_multiplications": warm[0].smallMultiplications,
        "group_additions": warm[0].groupAdditions, "bytes_hashed": warm[0].bytesHashed,
        "proof_bytes": proof.count,
      ]
    case .verify:
      let file = try Files.bytes(verifierFile)
      let proof = try Files.bytes(proofFile)
      var verifier = try ModelVerifier(file)
      var (load, verify) = ([Double](), [Double]())
      for _ in 0..<runs {
        load.append(try Self.seconds { verifier = try ModelVerifier(file) })
        verify.append(try Self.seconds { _ = try verifier.verify(proof) })
      }
      let proofs = [[UInt8]](repeating: proof, count: 16)
      let together = try (0..<max(1, runs / 5)).map { _ in
        try Self.seconds {
          for result in try verifier.verifyAll(proofs) { _ = try result.get() }
        }
      }
      return [
        "verify_s": Self.median(verify), "load_key_s": Self.median(load),
        "verify_each_of_16_s": Self.median(together) / 16,
      ]
    }
  }

  private static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try work()
    return (ContinuousClock.now - start) / .seconds(1)
  }

  static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
