import Foundation

/// Where a verb's result goes: a file, or standard output for `-`, where nothing else may be written
/// then.
enum Destination {
  case file(OutputFiles, path: String)
  case standardOutput

  /// Refuses before any work what could not be written after it.
  init(_ path: String, force: Bool) throws(CommandError) {
    self = path == "-" ? .standardOutput : .file(try OutputFiles(path, force: force), path: path)
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
  func tell(_ text: String) {
    switch self {
    case .file: Console.print(text)
    case .standardOutput: Console.aside(text)
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
