import Foundation
import Tacit
import TestSupport
import Testing

/// The programs in Examples do what they say, and each is made of no more than it names.
struct ExampleTests {
  private func lines(_ result: Program.Result) -> [String] {
    result.output.split(separator: "\n").map { String($0) }
  }

  @Test func `pixels go in, shares come out, and a server has its answers`() throws {
    let result = try Program(named: "ProveAndVerify").run([Digits.folder.path])
    #expect(result.status == 0, "\(result.errors)")
    let lines = lines(result)
    try #require(lines.count == 4, "\(result.output)")
    #expect(lines[0].wholeMatch(of: /proven in \d+ bytes: class 5/) != nil, "\(lines[0])")
    #expect(
      lines[1].hasPrefix(
        "400: the input does not fit: \"pixels\" has shape [1, 64], the file's array has [1, 63]"))
    #expect(lines[2] == "8 of 8 proofs hold")
    #expect(lines[3] == "cancelled" || lines[3].hasPrefix("it was faster"))
  }

  @Test func `a float network is calibrated, and its keys prove and verify`() throws {
    try Folder.with { folder in
      let made = try Program(named: "Calibrate").run([Digits.folder.path, folder.path("digits")])
      #expect(made.status == 0, "\(made.errors)")
      #expect(made.output.contains("on 200 inputs the largest output is that of float in "))
      let right = try #require(made.output.firstMatch(of: /(\d+) of 360 right/))
      #expect(try #require(Int(right.1)) > 345)
      let prover = try ModelProver(folder.bytes("digits.prover"))
      #expect(try prover.verifier.file == folder.bytes("digits.verifier"))
      var proof = try folder.bytes("digits.proof")
      let verifier = try Program(named: "VerifierAlone")
      func verify(_ arguments: String...) throws -> Program.Result {
        try verifier.run(arguments, in: folder.url)
      }
      let verified = try verify("digits.verifier", "digits.proof", "\(prover.modelID)")
      #expect(verified.status == 0)
      let lines = lines(verified)
      #expect(lines.first == "proven of model \(prover.modelID)")
      #expect(lines.contains("pixels [1, 64]: not public"))
      #expect(lines.last?.hasPrefix("softmax: [") == true)

      let other = try Digits.compileQuantized()
      #expect(try verify("digits.verifier", "digits.proof", "\(other.modelID)").status == 1)
      try folder.write(other.verifier.file, "other.verifier")
      #expect(try verify("other.verifier", "digits.proof").status == 1)
      proof[proof.count - 50] ^= 1
      try folder.write(proof, "digits.proof")
      #expect(try verify("digits.verifier", "digits.proof").status == 1)
      #expect(try verify("digits.proof", "digits.proof").status == 2)
      #expect(try verify().status == 2)
    }
  }

  /// Swift's mangled names begin with the module that declares them: `$s`, its length, its name.
  @Test(.enabled(if: Program.nm != nil, "needs nm"))
  func `the verifier alone holds no importer, compiler, witness, checker or prover, and no GMP`()
    throws
  {
    let nm = try #require(Program.nm)
    let symbols = try nm.run([Program(named: "VerifierAlone").path]).output
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
    "Proving", "Compiler", "Import", "Model", "Tacit", "Witness", "Checker", "BigInteger",
  ]
  /// Of zlib and of GMP.
  private static let functions = ["inflateInit2_", "__gmpz_"]

  @Test func `every example is a program of both packages`() throws {
    let folder = Page.root.appendingPathComponent("Examples")
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent("Sources").path)
    #expect(names.count >= 3)
    for manifest in [Page.root, folder] {
      let text = try String(
        contentsOf: manifest.appendingPathComponent("Package.swift"), encoding: .utf8)
      for name in names { #expect(text.contains("example(\"\(name)\", "), "\(name)") }
    }
    for name in names {
      #expect(try !String(describing: Program(named: name).path).isEmpty)
    }
  }

  @Test func `the library in ten lines is a part of an example`() throws {
    let source = try String(
      contentsOf: Page.root.appendingPathComponent(
        "Examples/Sources/ProveAndVerify/Inference.swift"), encoding: .utf8)
    let page = try String(
      contentsOf: Page.root.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(page.contains("```swift\n\(source)```\n"))
  }
}
