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
  func `it holds no importer, compiler, witness, checker or prover, and no GMP`() throws {
    let nm = try #require(Program.nm)
    let symbols = try nm.run([Program(named: "VerifierOnly").path]).output
    #expect(symbols.contains("$s12Verification"))
    for module in Self.absent {
      #expect(!symbols.contains("$s\(module.count)\(module)"), "\(module)")
    }
    for function in Self.functions { #expect(!symbols.contains(function), "\(function)") }
    // The same search finds them in the command, which has them all.
    let command = try nm.run([Program(named: "tacit").path]).output
    for module in Self.absent {
      #expect(command.contains("$s\(module.count)\(module)"), "\(module)")
    }
    for function in Self.functions { #expect(command.contains(function), "\(function)") }
  }

  private static let absent = [
    "Proving", "Compiler", "Import", "Model", "ONNXSchema", "SwiftProtobuf", "Tacit", "Witness",
    "Checker", "BigInteger",
  ]
  /// Of zlib and of GMP.
  private static let functions = ["inflateInit2_", "__gmpz_"]
}
