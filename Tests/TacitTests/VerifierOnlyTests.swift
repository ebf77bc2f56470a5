import Foundation
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// What a program that only verifies is made of.
struct VerifierOnlyTests {
  @Test func `it verifies`() throws {
    try Folder.with { folder in
      let prover = try Digits.compileQuantized()
      try Data(prover.verifier.file).write(to: folder.url("key"))
      try Data(prover.prove(Digits.arrays(Digits.input))).write(to: folder.url("proof"))
      let result = try Program(named: "VerifierOnly").run([
        folder.path("key"), folder.path("proof"),
      ])
      #expect(result.status == 0)
      #expect(result.output == "\(prover.modelID)\n")
    }
  }

  /// Swift's mangled names begin with the module that declares them: `$s`, its length, its name.
  @Test(.enabled(if: Program.nm != nil, "needs nm"))
  func `it holds no importer, compiler or prover`() throws {
    let nm = try #require(Program.nm)
    let symbols = try nm.run([Program(named: "VerifierOnly").path]).output
    #expect(symbols.contains("$s12Verification"))
    for module in ["Proving", "Compiler", "Import", "Model", "Tacit"] {
      #expect(!symbols.contains("$s\(module.count)\(module)"), "\(module)")
    }
    #expect(!symbols.contains("inflateInit2_"))
    // The same search finds them in the command, which has them all.
    let command = try nm.run([Program(named: "tacit").path]).output
    for module in ["Proving", "Compiler", "Import", "Model", "Tacit"] {
      #expect(command.contains("$s\(module.count)\(module)"), "\(module)")
    }
    #expect(command.contains("inflateInit2_"))
  }
}
