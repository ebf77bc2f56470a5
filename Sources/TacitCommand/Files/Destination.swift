/// Where a verb's result goes: a file, or standard output for `-`, where nothing else may be written
/// then. With it, files that are written beside it: all of them, or none.
enum Destination {
  case file(OutputFiles, path: String)
  case standardOutput(beside: OutputFiles?)

  /// Refuses before any work what could not be written after it.
  init(
    _ path: String, holds: OutputKind, beside: [OutputFiles.Target] = [],
    reading inputs: [String], force: Bool
  ) throws(CommandError) {
    if path == "-" {
      self = .standardOutput(
        beside: beside.isEmpty ? nil : try OutputFiles(beside, reading: inputs, force: force))
    } else {
      self = .file(
        try OutputFiles(
          [OutputFiles.Target(path: path, holds: holds)] + beside, reading: inputs, force: force),
        path: path)
    }
  }

  /// - Parameter beside: what the files beside the result are to hold.
  func write(_ bytes: [UInt8], beside: [[UInt8]] = []) throws(CommandError) {
    switch self {
    case .file(let files, _): try files.write([bytes] + beside)
    case .standardOutput(let files):
      try files?.write(beside)
      try Console.write(bytes)
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
