import Ceremony
import ConstraintSystem
import OnChain
import Tacit
import TacitVerifier

/// Why a verb ends without a result: what, in which of the user's files, and what to do next.
enum CommandError: Error, Equatable {
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  /// Standard output takes no more.
  case unprinted(reason: String)
  case exists(path: String)
  /// An output that is what the verb reads.
  case isInput(path: String)
  /// An output that holds what the verb does not write.
  case otherKind(path: String, holds: String, wanted: OutputKind)
  /// A file of numbers.
  case array(path: String, ArrayFileError)
  /// A model, a prover key or an input that does not fit it.
  case tacit(path: String, TacitError)
  case verification(key: String, proof: String, VerificationFailure)
  /// Several proofs, shown one by one, of which some are rejected.
  case proofs(rejected: Int, of: Int)
  case claim(path: String, ClaimFailure)
  /// A proof that does not begin with what another one ended in.
  case tie(path: String, TieFailure)
  /// Proofs that are no chain.
  case chain(ChainFailure)
  /// A model file that gives another key than the one it is compared with.
  case otherBuild(path: String, made: ModelID, key: ModelID, sameCircuit: Bool)
  /// A key or a proof that no contract reads.
  case chainExport(path: String, ChainExportError)
  /// A blob that is not the one that the key makes.
  case otherBlob(path: String)
  /// Constraints that do not hold, the first of them shown.
  case violations(path: String, count: Int)
  /// Powers of a ceremony that are not taken.
  case ceremony(path: String, CeremonyError)
  /// A file of tacit's, or a model, that is neither.
  case inspection(path: String, reason: String)
  /// A model that was shown, and of which not everything can be proven.
  case unsupportedModel(path: String, problems: Int)
  case usage(String)

  /// The one place that says what each failure exits with.
  var status: ExitStatus {
    switch self {
    case .unreadable, .unwritable, .unprinted, .exists, .isInput, .otherKind, .array, .tacit,
      .inspection, .unsupportedModel, .usage, .chainExport:
      .badInput
    case .verification(_, _, .key): .badInput
    case .verification(_, _, .pinnedModel): .rejected
    case .verification(_, _, .proof): .rejected
    case .verification(_, _, .otherModel): .rejected
    case .verification(_, _, .otherContext): .rejected
    case .verification(_, _, .refused): .rejected
    case .verification(_, _, .otherCommitment): .rejected
    case .tie(_, .otherPort), .tie(_, .otherTensor): .rejected
    case .tie: .badInput
    case .chain(.tie(_, let failure)): CommandError.tie(path: "", failure).status
    case .chain: .rejected
    case .verification(_, _, .noProofs), .verification(_, _, .cancelled): .badInput
    case .proofs: .rejected
    case .claim(let path, .output(_, let failure)): CommandError.claim(path: path, failure).status
    case .claim(_, .hidden), .claim(_, .unfitInput), .claim(_, .unfitOutput),
      .claim(_, .outputCount), .claim(_, .missingOutput):
      .badInput
    case .claim(_, .otherInput), .claim(_, .otherOutput): .rejected
    case .violations, .otherBuild, .otherBlob: .rejected
    case .ceremony(_, .unknownCeremony), .ceremony(_, .otherGenerator),
      .ceremony(_, .notConsecutive):
      .rejected
    case .ceremony: .badInput
    }
  }
}

extension CommandError: CustomStringConvertible {
  var description: String { lines.map(\.printable).joined(separator: "\n") }

  /// What is wrong, for whoever has handed over bytes and not files; one line or several.
  var reason: String {
    switch self {
    case .tacit(_, let error): "\(error)"
    case .array(_, let error): "\(error)".printable
    case .verification(_, _, let failure): "\(failure)"
    case .ceremony(_, let error): "\(error)".printable
    case .chainExport(_, let error): "\(error)"
    case .inspection(_, let reason), .usage(let reason): reason.printable
    case .unsupportedModel(_, 1): "there is one obstacle to proving the model"
    case .unsupportedModel(_, let problems):
      "there are \(problems) obstacles to proving the model"
    case .proofs(let rejected, let count):
      "\(rejected) of \(count) proofs \(rejected == 1 ? "is" : "are") rejected"
    default: description
    }
  }

  /// More than one where several nodes are told of.
  var lines: [String] {
    guard case .tacit(let path, let error) = self else { return [sentence] }
    let lines = error.lines
    return ["error: \(path): \(lines.first ?? "")"] + lines.dropFirst()
  }

  private var sentence: String {
    switch self {
    case .unreadable(let path, let reason): "error: \(path): \(reason)"
    case .unwritable(let path, let reason): "error: cannot write \(path): \(reason)"
    case .unprinted(let reason): "error: cannot write standard output: \(reason)"
    case .exists(let path):
      "error: \(path) exists; choose another name, or replace it with --force"
    case .isInput(let path):
      "error: cannot write \(path): it is read as an input; choose another name"
    case .otherKind(let path, let held, let wanted):
      "error: cannot write \(path): it holds \(held), and --force replaces only "
        + "\(wanted.description); choose another name"
    case .array(let path, let error): "error: \(path): \(error)"
    case .tacit(let path, let error): "error: \(path): \(error)"
    case .proofs(let rejected, let count): "rejected: \(rejected) of \(count) proofs"
    case .verification(_, _, .noProofs): "error: \(VerificationFailure.noProofs)"
    case .verification(_, _, .cancelled): "error: \(VerificationFailure.cancelled)"
    case .verification(let key, _, .key(let reason)):
      "error: \(key): the verifier key is refused: \(reason)"
    case .verification(_, let proof, let failure): "rejected: \(proof): \(failure)"
    case .claim(let path, let failure):
      "\(status == .rejected ? "rejected" : "error"): \(path): \(failure)"
    case .tie(let path, let failure):
      "\(status == .rejected ? "rejected" : "error"): \(path): \(failure)"
    case .chain(let failure): "\(status == .rejected ? "rejected" : "error"): \(failure)"
    case .otherBuild(let path, let made, let key, let sameCircuit):
      "rejected: \(path): it compiles to model \(made), the key is of model \(key); "
        + (sameCircuit
          ? "the circuits are the same, the weights are not"
          : "the circuits differ: another network, or other calibration inputs")
    case .chainExport(let path, let error): "error: \(path): \(error)"
    case .otherBlob(let path): "rejected: \(path): it is not the blob of this key"
    case .violations(let path, let count):
      "rejected: \(path): \(count) \(count == 1 ? "constraint does" : "constraints do") not hold"
    case .ceremony(let path, let error):
      "\(status == .rejected ? "rejected" : "error"): \(path): \(error)"
    case .inspection(let path, let reason): "error: \(path): \(reason)"
    case .unsupportedModel(let path, 1):
      "error: \(path): one obstacle to proving it is listed above"
    case .unsupportedModel(let path, let problems):
      "error: \(path): \(problems) obstacles to proving it are listed above"
    case .usage(let reason): "error: \(reason)"
    }
  }
}
