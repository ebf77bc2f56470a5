import ArgumentParser
import Tacit
import TacitVerifier

/// The powers of every verb that proves with a key which may be for a chain.
struct PowersOption: ParsableArguments {
  @Option(
    name: .customLong("srs"),
    help: ArgumentHelp("Of a key for a chain: powers of its ceremony.", valueName: "file"))
  var path: String?

  /// Files that are read.
  var paths: [String] { [path].compactMap(\.self) }

  /// A prover key, with the powers that were given.
  func prover(_ key: String) throws(CommandError) -> ModelProver {
    let powers = try path.map { path throws(CommandError) in try InputFile.powers(path) }
    let bytes = try InputFile.bytes(key)
    do throws(TacitError) {
      return try ModelProver(bytes, powers: powers)
    } catch {
      throw .tacit(path: InputFile.name(of: file(of: error, key: key) ?? key), error)
    }
  }

  /// The file at fault where it is the powers, or a key without them; nil for any other error.
  func file(of error: TacitError, key: String) -> String? {
    switch error.subject {
    case .powers: error == .powers(.missing) ? key : path ?? key
    case .key: key
    default: nil
    }
  }
}
