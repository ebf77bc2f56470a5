import ArgumentParser
import Foundation

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

      Exit codes: 0 done or verified, 1 rejected, 2 bad usage or input.
      """,
    version: version,
    subcommands: [
      Compile.self, Prove.self, Verify.self, Run.self, Check.self, Inspect.self, Demo.self,
      Bench.self,
    ])

  static let version = "0.1.0"

  /// As the user types it, so that examples work where they are shown.
  static let program = CommandLine.arguments.first ?? "tacit"

  static func main() {
    Foundation.exit(run(Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs a command line and says what to exit with.
  static func run(_ arguments: [String]) -> Int32 {
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
      return ExitStatus.done.rawValue
    } catch let error as CommandError {
      Console.error(error.description)
      return error.status.rawValue
    } catch {
      // Help and version come as errors whose exit code is 0.
      let message = fullMessage(for: error)
      guard exitCode(for: error).isSuccess else {
        Console.error(raw: message)
        return ExitStatus.badInput.rawValue
      }
      Console.print(message)
      return ExitStatus.done.rawValue
    }
  }
}

/// What a process ends with.
enum ExitStatus: Int32 {
  case done = 0
  case rejected = 1
  case badInput = 2
}
