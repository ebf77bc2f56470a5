import Foundation
import TestSupport
import Testing

/// The verifier in Python, written from the protocol's text alone, on files that were altered at random: one verdict.
/// `make verifiers` asks for a hundred thousand.
struct SecondVerifierTests {
  @Test(arguments: ["dense", "embedding", "quotient", "srs-dense"])
  func `both verifiers give one verdict on altered files`(name: String) throws {
    guard try Program.shell.run(["-c", "python3 --version"]).status == 0 else {
      print("SecondVerifierTests: skipped, as there is no python3")
      return
    }
    let tacit = try Program(named: "tacit").path
    let vectors = Page.root.appendingPathComponent("Tests/Vectors/proofs").path
    let script = Page.root.appendingPathComponent("Verifiers/python/differential.py").path
    let result = try Program.shell.run([
      "-c",
      "exec python3 '\(script)' '\(tacit)' '\(vectors)/\(name).verifier' '\(vectors)/\(name)-1.proof' "
        + "--count 30 --seed 3",
    ])
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains(", 0 disagreements"))
    #expect(
      result.output.contains("'proof refused': ") && result.output.contains("'key refused': "))
  }
}
