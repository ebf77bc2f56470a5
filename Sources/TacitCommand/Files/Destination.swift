import Foundation

/// Where a verb's result goes: a file, or standard output for `-`, where nothing else may be written
/// then.
enum Destination {
  case file(OutputFiles, path: String)
  case standardOutput

  /// Refuses before any work what could not be written after it.
  ///
  /// - Parameters: as of `OutputFiles`.
  init(
    _ path: String, holds: OutputKind, reading inputs: [String], force: Bool
  ) throws(CommandError) {
    if path == "-" {
      self = .standardOutput
    } else {
      self = .file(
        try OutputFiles(path, holds: holds, reading: inputs, force: force), path: path)
    }
  }

  func write(_ bytes: [UInt8]) throws(CommandError) {
    switch self {
    case .file(let files, _): try files.write([bytes])
    case .standardOutput: try Self.write(bytes)
    }
  }

  /// As people call it.
  var name: String {
    switch self {
    case .file(_, let path): path
    case .standardOutput: "standard output"
    }
  }

  /// Says something about the result, on the stream that it does not take.
  func tell(_ lines: [String]) throws(CommandError) {
    switch self {
    case .file: try Console.print(lines)
    case .standardOutput: Console.errorOutput(lines)
    }
  }

  private static func write(_ bytes: [UInt8]) throws(CommandError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      // SAFETY: writes at most as many bytes as the slice has.
      let count = unsafe rest.withUnsafeBytes { buffer in
        unsafe Foundation.write(STDOUT_FILENO, buffer.baseAddress, buffer.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw .unwritable(path: Destination.standardOutput.name, reason: InputFile.systemMessage())
      }
      rest = rest.dropFirst(count)
    }
  }
}
