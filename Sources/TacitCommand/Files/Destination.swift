/// Where a verb's result goes: a file, or standard output for `-`, where nothing else may be written
/// then.
enum Destination {
  case file(OutputFiles, path: String)
  case standardOutput

  /// Refuses before any work what could not be written after it.
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
    case .standardOutput: try Console.write(bytes)
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
}
