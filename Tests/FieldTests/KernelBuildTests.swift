import Foundation
import Testing

/// The C kernels build for other processors too, where their entries are there to be linked.
@Suite(.enabled(if: Toolchain.isPresent, "needs clang and llvm-nm in PATH"))
struct KernelBuildTests {
  private static let entries: Set<String> = [
    "tacit_add_finish", "tacit_add_prepare", "tacit_byte_products", "tacit_byte_values",
    "tacit_channel_sums", "tacit_claim_rows", "tacit_claim_sums", "tacit_deviation_sums",
    "tacit_erase", "tacit_fill_rows",
    "tacit_fp_roots",
    "tacit_fr_add_integers", "tacit_fr_add_scaled", "tacit_fr_fold", "tacit_fr_fold_pairs",
    "tacit_fr_product_sums", "tacit_fr_scale", "tacit_fr_split", "tacit_fraction_add",
    "tacit_fraction_batch", "tacit_fraction_sums", "tacit_has_ifma", "tacit_has_sha_extensions",
    "tacit_integer_product", "tacit_interleave_bytes", "tacit_inverse_sums", "tacit_pairs_finish",
    "tacit_pairs_prepare", "tacit_place_floats", "tacit_place_integers",
    "tacit_row_sums", "tacit_sha256_blocks", "tacit_tally",
    "tacit_tally_add", "tacit_widen_bytes", "tacit_window_sums",
  ]

  @Test(arguments: [
    "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "arm64-apple-macosx15",
  ])
  func `every entry is defined for`(target: String) throws {
    #expect(try Toolchain.definedSymbols(target).isSuperset(of: Self.entries))
  }

  @Test func `the header declares these entries and no more`() throws {
    let header = try String(
      contentsOf: Toolchain.kernels.appendingPathComponent("include/CKernels.h"), encoding: .utf8)
    let declared = header.matches(of: /\b(tacit_[a-z0-9_]+)\(/).map { String($0.output.1) }
    #expect(Set(declared) == Self.entries)
  }
}

private enum Toolchain {
  static let kernels = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources/CKernels")

  static let isPresent = ["clang", "llvm-nm"].allSatisfy {
    (try? run([$0, "--version"]))?.status == 0
  }

  /// Of all the kernels' objects, compiled without any system's headers.
  static func definedSymbols(_ target: String) throws -> Set<String> {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tacit-kernels-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var symbols: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: kernels.path)
    where file.hasSuffix(".c") {
      let object = folder.appendingPathComponent("\(file).o").path
      let compiled = try run([
        "clang", "--target=\(target)", "-c", "-O1", "-ffreestanding", "-nostdlibinc", "-Wall",
        "-Wextra", "-Werror", "-I", kernels.appendingPathComponent("include").path,
        kernels.appendingPathComponent(file).path, "-o", object,
      ])
      #expect(compiled.status == 0, "\(file) for \(target): \(compiled.output)")
      // A line is ADDRESS T NAME; Apple's objects put an underscore before the name.
      for line in try run(["llvm-nm", "--defined-only", object]).output.split(separator: "\n") {
        guard let name = line.split(separator: " ").last else { continue }
        symbols.insert(String(name.drop { $0 == "_" }))
      }
    }
    return symbols
  }

  private static func run(_ command: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
