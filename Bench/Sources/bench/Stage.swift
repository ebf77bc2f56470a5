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
      let bytes = try Self.bytes(model.file)
      let calibration = try model.calibration.map {
        try NamedArrays(Self.bytes($0), named: $0.lastPathComponent)
      }
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
        // q, K limbs, y, h of each row; m and g of each table row.
        "committed_cells": circuit.usedRows * (circuit.limbs + 3) + 2 * circuit.tableRows,
        "model_values": circuit.modelValues, "prover_key_bytes": prover.file.count,
        "verifier_key_bytes": prover.verifier.file.count, "model_file_bytes": bytes.count,
        "compile_s": Self.median(seconds),
      ]
    case .prove:
      let prover = try ModelProver(Self.bytes(proverFile))
      let input = try Self.input(model)
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
      return [
        "prove_s": Self.median(warm.map(\.seconds)), "prove_first_s": costs[0].seconds,
        "prove_phases_s": Dictionary(uniqueKeysWithValues: phases),
        "field_multiplications": warm[0].fieldMultiplications,
        "small_multiplications": warm[0].smallMultiplications,
        "group_additions": warm[0].groupAdditions, "proof_bytes": proof.count,
      ]
    case .verify:
      let file = try Self.bytes(verifierFile)
      let proof = try Self.bytes(proofFile)
      var verifier = try ModelVerifier(file)
      var (load, verify) = ([Double](), [Double]())
      for _ in 0..<runs {
        load.append(try Self.seconds { verifier = try ModelVerifier(file) })
        verify.append(try Self.seconds { _ = try verifier.verify(proof) })
      }
      return ["verify_s": Self.median(verify), "load_key_s": Self.median(load)]
    }
  }

  private static func bytes(_ url: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: url)) }

  private static func input(_ model: BenchModel) throws -> NamedArrays {
    switch model.input {
    case .file(let url): return try NamedArrays(bytes(url), named: url.lastPathComponent)
    case .raw(let url, let shape):
      let values = try bytes(url).prefix(shape.reduce(1, *)).map { Int64(Int8(bitPattern: $0)) }
      return NamedArrays(
        try NumericArray(shape: shape, element: .int8, values: .integer(values)))
    }
  }

  private static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try work()
    return (ContinuousClock.now - start) / .seconds(1)
  }

  static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
