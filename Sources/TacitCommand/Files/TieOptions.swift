import ArgumentParser
import ConstraintSystem
import Tacit
import TacitVerifier

/// Which committed tensors are those of other proofs, of `prove`.
struct ReuseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write what opens the proof's commitments to inputs and outputs, for --reuse and reveal. Secret.",
      valueName: "file"))
  var opening: String?
  @Option(
    help: ArgumentHelp(
      """
      Commit to an input as another proof committed to it, by that proof's opening; with the input's \
      name where several are committed.
      """, valueName: "[name=]file"))
  var reuse: [String] = []
  @Option(help: "Prove a step of a chain: what its verifier chose for the chain, as --context.")
  var session: Context?
  @Option(help: "Of a chain: the proof of the step before; without it the step is the first.")
  var previous: String?
  @Option(
    help: ArgumentHelp(
      "Of a chain's first step: the input that is its state, where several are committed.",
      valueName: "name"))
  var state: [String] = []

  /// What is read, beside keys and inputs.
  var paths: [String] { reuse.map { Self.parts($0).path } + [previous].compactMap(\.self) }

  func validate() throws {
    if opening == "-" {
      throw ValidationError("an opening is secret and goes into a file: --opening NAME.opening")
    }
    if previous != nil, session == nil {
      throw ValidationError("--previous is of a step of a chain: it goes with --session")
    }
    if previous != nil, reuse.isEmpty {
      throw ValidationError(
        "a step begins with the state that the one before ended in: give its opening, --reuse FILE")
    }
    if !state.isEmpty, session == nil || previous != nil {
      throw ValidationError("--state is of a chain's first step: it goes with --session alone")
    }
  }

  /// Of the proof; nil where it is no step of a chain.
  func context() throws(CommandError) -> [UInt8]? {
    guard let session = session?.bytes else { return nil }
    guard session.count <= ChainContext.maximalSessionBytes else {
      throw .usage("a session holds at most \(ChainContext.maximalSessionBytes) bytes")
    }
    guard let previous else { return ChainContext(session: session).bytes }
    let proof = try InputFile.bytes(previous)
    let description: ProofDescription
    do throws(VerificationFailure) {
      description = try ProofDescription(proof)
    } catch {
      throw .verification(key: previous, proof: previous, error)
    }
    guard let context = ChainContext(description.context), context.session == session else {
      throw .usage(
        "\(previous): it is no step of session \(ContextText.text(session)); the step before was made "
          + "with the same --session")
    }
    return context.next(after: proof).bytes
  }

  func commitments() throws(CommandError) -> [InputCommitment] {
    var commitments: [InputCommitment] = []
    for text in reuse {
      let (name, path) = Self.parts(text)
      commitments.append(.reusing(try InputFile.opening(path), input: name))
    }
    if session != nil, previous == nil {
      commitments += state.isEmpty && reuse.isEmpty ? [.declared()] : state.map { .declared($0) }
    }
    return commitments
  }

  private static func parts(_ text: String) -> (name: String?, path: String) {
    guard FileIdentity(text) == nil, let cut = text.lastIndex(of: "=") else { return (nil, text) }
    return (String(text[..<cut]), String(text[text.index(after: cut)...]))
  }
}

/// Which tensors are to be those of other proofs, of `verify`.
struct TieOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Refuse unless the proof's committed input is the committed output of this proof.",
      valueName: "file"))
  var tiedTo: String?
  @Option(
    help: ArgumentHelp(
      "The key of the proof of --tied-to, where it is another model's.", valueName: "file"))
  var tiedKey: String?
  @Option(
    help: ArgumentHelp(
      "Which input is which output, where several are committed; once for each.",
      valueName: "input=output"))
  var tie: [String] = []
  @Flag(
    help: """
      The proofs are the steps of a chain, in order. That there is no other branch, that the last is the \
      last, and that the session is new cannot be seen from files: keep each session's steps and head.
      """)
  var chain = false
  @Option(help: "Of a chain: what its verifier chose for it, as --context.")
  var session: Context?
  @Option(help: "Of a chain: how many steps it has.")
  var steps: Int?
  @Option(
    help: ArgumentHelp(
      "Of a chain: the state that the first step begins with, if not zero: .npy, .npz, JSON or CSV.",
      valueName: "file"))
  var firstState: String?
  @Option(
    help: ArgumentHelp(
      "Check and print values of a committed tensor that reveal wrote for this proof.",
      valueName: "file"))
  var reveal: String?
  @Option(help: "Refuse a reveal that is bound to anything else: text, or digits after 0x.")
  var revealContext: Context?

  func validate(proofs: Int, context: Context?) throws {
    if chain, session == nil || steps == nil {
      throw ValidationError(
        "--chain goes with --session and --steps: both are the verifier's to say")
    }
    if !chain, session != nil || steps != nil || firstState != nil {
      throw ValidationError("--session, --steps and --first-state are of a --chain")
    }
    if chain, context != nil || tiedTo != nil || reveal != nil {
      throw ValidationError("--chain goes without --context, --tied-to and --reveal")
    }
    if tiedKey != nil, tiedTo == nil {
      throw ValidationError("--tied-key is of the proof of --tied-to")
    }
    if !tie.isEmpty, tiedTo == nil, !chain {
      throw ValidationError("--tie goes with --tied-to or --chain")
    }
    if proofs > 1, tiedTo != nil || reveal != nil {
      throw ValidationError("--tied-to and --reveal go with one proof")
    }
    if revealContext != nil, reveal == nil {
      throw ValidationError("--reveal-context goes with --reveal")
    }
    for text in tie where Self.parsed(text) == nil {
      throw ValidationError("--tie \(text.quoted): write it as in --tie state=next_state")
    }
  }

  var ties: [TensorTie] { tie.isEmpty ? [TensorTie()] : tie.compactMap(Self.parsed) }

  private static func parsed(_ text: String) -> TensorTie? {
    guard let cut = text.firstIndex(of: "="), cut != text.startIndex else { return nil }
    let output = text[text.index(after: cut)...]
    return output.isEmpty
      ? nil : TensorTie(input: String(text[..<cut]), output: String(output))
  }
}

extension InputFile {
  static func opening(_ path: String) throws(CommandError) -> CommitmentOpening {
    try opening(try bytes(path), name(of: path))
  }

  /// - Parameter name: of what the bytes are of, to people.
  static func opening(_ bytes: [UInt8], _ name: String) throws(CommandError) -> CommitmentOpening {
    do throws(TacitError) {
      return try CommitmentOpening(bytes)
    } catch {
      throw .tacit(path: name, error)
    }
  }
}
