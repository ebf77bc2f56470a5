import ArgumentParser
import ConstraintSystem
import Platform
import Synchronization

/// The command. Each verb reads files, makes one call into the library and prints.
@main
struct TacitTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tacit",
    abstract: "Proves which quantized neural network ran.",
    discussion: """
      tacit compile model.tflite -o kws             kws.prover (secret), kws.verifier (publish)
      tacit prove   kws.prover input.npy -o kws.proof
      tacit verify  kws.verifier kws.proof

      Exit codes: 0 done or verified, 1 rejected, 2 bad usage or input, or an output that could not be
      written. With --json each of them comes with one JSON object on standard output; for 1 and 2 it
      has the members kind, message and where.
      """,
    version: version,
    subcommands: [
      Compile.self, Prove.self, Verify.self, Run.self, Check.self, Reveal.self, Inspect.self,
      Rebuild.self, SRS.self, Export.self, Demo.self, Bench.self,
    ])

  static let version = "0.1.0"

  /// As the user types it, so that examples work where they are shown.
  static var program: String { typed.withLock(\.self) }
  private static let typed = Mutex("tacit")

  static func main() { Platform.exit(main(CommandLine.arguments)) }

  /// - Parameter words: of a command line, the program's name first.
  /// - Returns: what the process is to exit with.
  static func main(_ words: [String]) -> Int32 {
    if let name = words.first?.printable { typed.withLock { $0 = name } }
    Console.prepare()
    return Console.close(run(Array(words.dropFirst())))
  }

  /// Runs a command line and says what to exit with.
  static func run(_ arguments: [String]) -> Int32 {
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
      return ExitStatus.done.rawValue
    } catch let error as CommandError {
      return end(error, arguments)
    } catch {
      // Help and version come as errors whose exit code is 0.
      guard exitCode(for: error).isSuccess else { return refuse(error, arguments) }
      do throws(CommandError) {
        try Console.print(lines(of: fullMessage(for: error)))
        return ExitStatus.done.rawValue
      } catch {
        return end(error, arguments)
      }
    }
  }

  /// Tells people on one stream why there is no result, and programs on the other.
  private static func end(_ error: CommandError, _ arguments: [String]) -> Int32 {
    Console.error(error.lines)
    if !error.isShown { answer(error, arguments) }
    return error.status.rawValue
  }

  /// What the parser does not understand, in its own words.
  private static func refuse(_ error: any Error, _ arguments: [String]) -> Int32 {
    var (text, usage) = (message(for: error), [message(for: error)])
    // It quotes what was typed in a message of several lines: asked about harmless words, it says
    // harmless ones, and its own line breaks can be told from theirs.
    do {
      _ = try parseAsRoot(arguments.map(\.printable))
    } catch {
      // Where it has nothing against them, the one line above has to do.
      if !exitCode(for: error).isSuccess {
        (text, usage) = (message(for: error), lines(of: fullMessage(for: error)))
      }
    }
    Console.errorOutput(usage)
    answer(.usage(text), arguments)
    return ExitStatus.badInput.rawValue
  }

  private static func answer(_ error: CommandError, _ arguments: [String]) {
    guard arguments.prefix(while: { $0 != "--" }).contains("--json") else { return }
    // Where nothing can be written the exit code and the other stream have to do.
    try? Console.print("\(error.json)")
  }

  private static func lines(of text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

/// What a process ends with.
enum ExitStatus: Int32 {
  case done = 0
  case rejected = 1
  case badInput = 2
}
