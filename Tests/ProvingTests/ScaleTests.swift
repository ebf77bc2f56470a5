import ConstraintSystem
import Field
import Foundation
import Proving
import TestSupport
import Testing
import Verification

/// Convolutional networks of realistic shape: small ones always, large ones measured on request.
struct ScaleTests {
  @Test func `a residual network of realistic shape is proven`() throws {
    let bench = try Bench(ConvolutionalCircuits.residual(side: 8, width: 4))
    var prover = bench.prover()
    let proof = try prover.run()
    #expect(bench.refusal(proof) == nil)
    #expect(try Diagnosis(prover).violated.isEmpty)
  }

  @Test func `a separable network of realistic shape is proven`() throws {
    let bench = try Bench(
      ConvolutionalCircuits.separable(side: 12, layers: [(16, 1), (16, 2), (24, 1)]))
    var prover = bench.prover()
    let proof = try prover.run()
    #expect(bench.refusal(proof) == nil)
    #expect(try Diagnosis(prover).violated.isEmpty)
  }

  private static let measured = ProcessInfo.processInfo.environment["TACIT_SCALE"]

  /// Figures of each phase: TACIT_SCALE=residual or separable, TACIT_RUNS proofs, each verified
  /// TACIT_VERIFICATIONS times.
  @Test(.enabled(if: ScaleTests.measured != nil))
  func `large networks, measured`() throws {
    let name = Self.measured ?? ""
    let circuit =
      name == "separable"
      ? ConvolutionalCircuits.separable() : ConvolutionalCircuits.residual()
    func number(_ variable: String, or standard: Int) -> Int {
      ProcessInfo.processInfo.environment[variable].flatMap { Int($0) } ?? standard
    }
    let (runs, verifications) = (
      number("TACIT_RUNS", or: 3), number("TACIT_VERIFICATIONS", or: 3)
    )
    let clock = ContinuousClock()
    let key = try ProverKey(circuit.system, cells: circuit.cells)
    var trace: Trace?
    let run = try clock.measure { trace = try circuit.execute() }
    let honest = try #require(trace)
    let system = circuit.system
    print(
      "\(name): \(system.blocks.reduce(0) { $0 + $1.count }) rows, \(system.usedRows) padded,",
      "table \(system.table.count), model \(system.usedModelCells), run \(run)")
    var phases: [String: [Double]] = [:]
    var (totals, order) = ([Double](), [String]())
    for _ in 0..<runs {
      let (proof, report) = Prover.measured(honest, key: key)
      totals.append(report.seconds)
      order = report.phases.map(\.name)
      for phase in report.phases { phases[phase.name, default: []].append(phase.seconds) }
      for _ in 0..<verifications {
        let verify = try clock.measure { try Verifier.verify(proof, key: key.verifier) }
        phases["verify", default: []].append(verify / .seconds(1))
      }
      if totals.count == 1 {
        print(
          "bytes \(proof.body.count), field \(report.fieldMultiplications),",
          "small \(report.smallMultiplications), group \(report.groupAdditions)")
      }
    }
    func milliseconds(_ values: [Double]) -> String {
      String(format: "%.1f", 1000 * values.sorted()[values.count / 2])
    }
    for phase in order + ["verify"] { print(phase, milliseconds(phases[phase] ?? [0])) }
    var usage = rusage()
    let ownProcess: Int32 = 0
    unsafe getrusage(ownProcess, &usage)
    let user = Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
    print("prove", milliseconds(totals), "peak MB", usage.ru_maxrss / 1024, "user s", user)
  }
}
