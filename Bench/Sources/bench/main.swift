import Foundation

// bench [--runs N] [MODEL …]: one JSON line per model, medians of N runs; fails where a count passes
//   its threshold.
// bench --scaling [--runs N]: one JSON line per family of networks.
// bench --stage STAGE FOLDER MODEL RUNS: one stage, for the process above.

/// The largest resident set of this process so far, in bytes.
func peakResidentBytes() -> Int {
  // RUSAGE_SELF, which Glibc imports as another type than the call takes.
  let ownProcess: Int32 = 0
  var usage = rusage()
  getrusage(ownProcess, &usage)
  #if os(Linux)
    return usage.ru_maxrss * 1024
  #else
    return usage.ru_maxrss
  #endif
}

/// Writes at once, so that a reader of a pipe sees each line as it comes.
func emit(_ object: [String: Any]) throws {
  let data = try JSONSerialization.data(
    withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
  FileHandle.standardOutput.write(data + Data("\n".utf8))
}

func warn(_ text: String) {
  FileHandle.standardError.write(Data("\(text)\n".utf8))
}

func model(_ name: String) -> BenchModel? {
  if let known = BenchModel.all.first(where: { $0.name == name }) { return known }
  for family in Scaling.all {
    for model in family.sizes.compactMap(family.model) where model.name == name { return model }
  }
  return nil
}

func runStage(_ arguments: [String]) throws {
  guard arguments.count == 4, let stage = Stage(rawValue: arguments[0]),
    let model = model(arguments[2]), let runs = Int(arguments[3])
  else { throw BenchError(text: "--stage takes STAGE FOLDER MODEL RUNS") }
  var result = try stage.run(model, in: URL(fileURLWithPath: arguments[1]), runs: runs)
  result["peak_rss_\(stage.rawValue)_bytes"] = peakResidentBytes()
  try emit(result)
}

/// All stages, each in a process of its own.
func measured(_ model: BenchModel, runs: Int) throws -> [String: Any] {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("bench-\(ProcessInfo.processInfo.processIdentifier)-\(model.name)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  var result: [String: Any] = ["model": model.name, "runs": runs]
  for stage in Stage.allCases {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).absoluteURL
    process.arguments = ["--stage", stage.rawValue, folder.path, model.name, String(runs)]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0,
      let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { throw BenchError(text: "\(model.name): \(stage.rawValue) failed") }
    result.merge(object) { _, new in new }
  }
  return result
}

struct BenchError: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}

func main(_ arguments: [String]) throws {
  var arguments = arguments
  if arguments.first == "--stage" { return try runStage(Array(arguments.dropFirst())) }
  var runs = 15
  if let place = arguments.firstIndex(of: "--runs"), place + 1 < arguments.count {
    runs = max(1, Int(arguments[place + 1]) ?? runs)
    arguments.removeSubrange(place...(place + 1))
  }
  if arguments == ["--scaling"] {
    for family in Scaling.all {
      if family.model(family.sizes[0]) == nil {
        warn("\(family.name): left out, its file is not on this machine")
      } else {
        try emit(try family.measure(runs: runs))
      }
    }
    return
  }
  let thresholds = try Thresholds(BenchModel.thresholds)
  var passed: [String] = []
  for model in BenchModel.all where arguments.isEmpty || arguments.contains(model.name) {
    guard model.isPresent else {
      warn("\(model.name): left out, its file is not on this machine")
      continue
    }
    let result = try measured(model, runs: runs)
    try emit(result)
    passed += thresholds.passed(by: result, of: model.name)
  }
  guard passed.isEmpty else {
    throw BenchError(
      text: "more than Bench/thresholds.json allows:\n  " + passed.joined(separator: "\n  "))
  }
}

do {
  try main(Array(CommandLine.arguments.dropFirst()))
} catch {
  warn("bench: \(error)")
  exit(1)
}
