import Foundation
import Testing

/// A program run as a process.
struct Program {
  struct Result {
    var status: Int32
    /// Of standard output, as they came and as text.
    var bytes: [UInt8]
    var output: String { String(decoding: bytes, as: UTF8.self) }
    var errors: String
  }
  let path: String

  /// One that was built beside the tests.
  init(named name: String) throws {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    for _ in 0..<6 {
      let candidate = folder.appendingPathComponent(name)
      // A folder can be executable too; what is built by that name has no children.
      if FileManager.default.isExecutableFile(atPath: candidate.path),
        (try? FileManager.default.contentsOfDirectory(atPath: candidate.path)) == nil
      {
        path = candidate.path
        return
      }
      folder = folder.deletingLastPathComponent()
    }
    throw CocoaError(.fileNoSuchFile)
  }

  private init(path: String) { self.path = path }

  static let nm: Program? =
    ["/usr/bin/nm", "/usr/bin/llvm-nm", "/opt/swift/usr/bin/llvm-nm"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    }.map { Program(path: $0) }

  /// What a script does with a program: its arguments are `$1`, `$2`, ….
  static let shell = Program(path: "/bin/sh")

  /// - Parameters:
  ///   - folder: the current one of the process.
  ///   - input: what stands on its standard input.
  ///   - output: a device to take its standard output, of which nothing is seen then.
  func run(
    _ arguments: [String], in folder: URL? = nil, input: [UInt8] = [], output: String? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = folder }
    // Through files: pipes fill up while nobody reads them.
    let base = FileManager.default.temporaryDirectory
      .appendingPathComponent("tacit-\(UUID().uuidString)").path
    let (outputs, errors, inputs) = (base + ".out", base + ".err", base + ".in")
    defer {
      for path in [outputs, errors, inputs] { try? FileManager.default.removeItem(atPath: path) }
    }
    for path in [outputs, errors] {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    process.standardOutput = FileHandle(forWritingAtPath: output ?? outputs)
    process.standardError = FileHandle(forWritingAtPath: errors)
    if input.isEmpty {
      process.standardInput = FileHandle.nullDevice
    } else {
      try Data(input).write(to: URL(fileURLWithPath: inputs))
      process.standardInput = FileHandle(forReadingAtPath: inputs)
    }
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit, "\(arguments) ended by a signal")
    return Result(
      status: process.terminationStatus,
      bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: outputs))),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }
}

/// A folder that is gone afterwards.
struct Folder {
  let url: URL

  static func with<Result>(_ body: (Folder) throws -> Result) throws -> Result {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("tacit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(Folder(url: url))
  }

  func url(_ name: String) -> URL { url.appendingPathComponent(name) }
  func path(_ name: String) -> String { url(name).path }
  func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url(name))) }
  func write(_ bytes: [UInt8], _ name: String) throws { try Data(bytes).write(to: url(name)) }
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}
