import Tacit
import TacitVerifier

/// Why a verb ends without a result: what, in which of the user's files, and what to do next.
enum CommandError: Error, Equatable {
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case exists(path: String)
  /// A file of numbers.
  case array(path: String, ArrayFileError)
  /// A model, a prover key or an input that does not fit it.
  case tacit(path: String, TacitError)
  case verification(key: String, proof: String, VerificationFailure)
  /// Several proofs, shown one by one, of which some are rejected.
  case proofs(rejected: Int, of: Int)
  case claim(path: String, ClaimFailure)
  case violations(path: String, count: Int)
  /// A file of tacit's, or a model, that is neither.
  case inspection(path: String, reason: String)
  /// A model that was shown, and of which not everything can be proven.
  case unsupportedModel(path: String, problems: Int)
  case usage(String)

  /// The one place that says what each failure exits with.
  var status: ExitStatus {
    switch self {
    case .unreadable, .unwritable, .exists, .array, .tacit, .inspection, .unsupportedModel, .usage:
      .badInput
    case .verification(_, _, .key): .badInput
    case .verification(_, _, .pinnedModel): .rejected
    case .verification(_, _, .proof): .rejected
    case .verification(_, _, .otherModel): .rejected
    case .verification(_, _, .otherContext): .rejected
    case .verification(_, _, .refused): .rejected
    case .verification(_, _, .noProofs): .badInput
    case .proofs: .rejected
    case .claim(_, .hidden), .claim(_, .unfit): .badInput
    case .claim(_, .other): .rejected
    case .violations: .rejected
    }
  }
}

extension CommandError: CustomStringConvertible {
  var description: String {
    switch self {
    case .unreadable(let path, let reason): "error: \(path): \(reason)"
    case .unwritable(let path, let reason): "error: cannot write \(path): \(reason)"
    case .exists(let path):
      "error: \(path) exists; choose another name, or replace it with --force"
    case .array(let path, let error): "error: \(path): \(error)"
    case .tacit(let path, let error): "error: \(path): \(error)"
    case .proofs(let rejected, let count): "rejected: \(rejected) of \(count) proofs"
    case .verification(_, _, .noProofs): "error: \(VerificationFailure.noProofs)"
    case .verification(let key, _, .key(let reason)):
      "error: \(key): the verifier key is refused: \(reason)"
    case .verification(_, let proof, let failure): "rejected: \(proof): \(failure)"
    case .claim(let path, .other(let reason)): "rejected: \(path): \(reason)"
    case .claim(let path, let failure): "error: \(path): \(failure)"
    case .violations(let path, let count):
      "rejected: \(path): \(count) \(count == 1 ? "constraint does" : "constraints do") not hold"
    case .inspection(let path, let reason): "error: \(path): \(reason)"
    case .unsupportedModel(let path, 1):
      "error: \(path): one obstacle to proving it is listed above"
    case .unsupportedModel(let path, let problems):
      "error: \(path): \(problems) obstacles to proving it are listed above"
    case .usage(let reason): "error: \(reason)"
    }
  }
}

extension CommandError {
  /// For `--json`: why there is no result, with the nodes of a model that stand in the way.
  var json: JSONValue {
    var members: [(String, JSONValue)] = [("error", .text(description))]
    if case .tacit(_, .unsupported(let nodes, let operators)) = self {
      members = [
        ("error", .text("nodes of the model are not supported")),
        ("unsupported", .list(nodes.map(\.json))), ("supported_operators", .texts(operators)),
      ]
    }
    return .object(members)
  }
}
