import ConstraintSystem
import Tacit
import TacitVerifier

extension CommandError {
  /// For a program that reads `--json`: a word that stays the same whatever the message says.
  var kind: String {
    switch self {
    case .unreadable: "unreadable"
    case .unwritable, .unprinted: "unwritable"
    case .exists: "exists"
    case .isInput: "is_input"
    case .otherKind: "other_kind"
    case .array: "numbers"
    case .tacit(_, .unsupported), .unsupportedModel: "unsupported_model"
    case .tacit(_, let error):
      switch error.subject {
      case .model: "model"
      case .calibration: "calibration"
      case .labels: "labels"
      case .input: "input"
      case .key: "prover_key"
      case .opening: "opening"
      case .powers: "powers"
      case nil: "cancelled"
      }
    case .verification(_, _, .key): "verifier_key"
    case .verification(_, _, .pinnedModel): "pinned_model"
    case .verification(_, _, .proof): "malformed_proof"
    case .verification(_, _, .otherModel): "other_model"
    case .verification(_, _, .otherContext): "other_context"
    case .verification(_, _, .refused): "refused_proof"
    case .verification(_, _, .otherCommitment): "other_commitment"
    case .tie(_, .otherPort), .tie(_, .otherTensor): "not_tied"
    case .tie: "unfit_tie"
    case .chain(.tie(_, let failure)): CommandError.tie(path: "", failure).kind
    case .chain: "no_chain"
    case .verification(_, _, .noProofs): "no_proofs"
    case .verification(_, _, .cancelled): "cancelled"
    case .proofs: "refused_proofs"
    case .claim(_, .hidden): "hidden_claim"
    case .claim(let path, .output(_, let failure)): CommandError.claim(path: path, failure).kind
    case .claim(_, .unfitInput), .claim(_, .unfitOutput), .claim(_, .outputCount),
      .claim(_, .missingOutput):
      "unfit_claim"
    case .claim(_, .otherInput), .claim(_, .otherOutput): "other_claim"
    case .violations: "violations"
    case .otherBuild: "other_build"
    case .otherBlob: "other_blob"
    case .chainExport: "no_chain_form"
    case .ceremony: status == .rejected ? "refused_powers" : "powers"
    case .inspection: "unknown_file"
    case .usage: "usage"
    }
  }

  /// Of the file that is at fault; nil where none is.
  private var file: String? {
    switch self {
    case .unreadable(let path, _), .unwritable(let path, _), .exists(let path), .isInput(let path),
      .otherKind(let path, _, _), .array(let path, _), .tacit(let path, _), .claim(let path, _),
      .tie(let path, _), .otherBuild(let path, _, _, _), .violations(let path, _),
      .ceremony(let path, _), .chainExport(let path, _), .otherBlob(let path),
      .inspection(let path, _), .unsupportedModel(let path, _):
      path
    case .verification(_, _, .noProofs), .verification(_, _, .cancelled), .proofs, .unprinted,
      .usage, .chain:
      nil
    case .verification(let key, _, .key), .verification(let key, _, .pinnedModel): key
    case .verification(_, let proof, _): proof
    }
  }

  /// Of the model, where one is at fault.
  private var node: String? {
    switch self {
    case .tacit(_, .model(let fault)): fault.node
    case .tacit(_, .unsupported(let nodes, _)) where nodes.count == 1: nodes.first?.name
    default: nil
    }
  }

  /// In the file or tensor, where it is known separately from the message.
  private var position: String? {
    switch self {
    case .array(_, let error): error.position.map { "\($0)" }
    default: nil
    }
  }

  /// Whether the verb has printed an object already, with these members, or part of one.
  var isShown: Bool {
    switch self {
    case .proofs, .violations, .unsupportedModel, .unprinted: true
    default: false
    }
  }

  /// Of the one object that `--json` prints, whatever the exit code.
  var members: [(String, JSONValue)] { members(message) }

  /// - Parameter message: in place of the one that a terminal shows.
  func members(_ message: String) -> [(String, JSONValue)] {
    func text(_ text: String?) -> JSONValue { text.map { .text($0) } ?? .null }
    return [
      ("kind", .text(kind)), ("message", .text(message)),
      (
        "where",
        .object([("file", text(file)), ("node", text(node)), ("position", text(position))])
      ),
    ]
  }

  /// Without the word that leads it on a terminal; the exit code and `kind` say that.
  private var message: String {
    for lead in ["error: ", "rejected: "] where description.hasPrefix(lead) {
      return String(description.dropFirst(lead.count))
    }
    return description
  }

  /// Why there is no result: where nodes of a model stand in the way, all of them.
  var json: JSONValue { json(message) }

  /// - Parameter message: in place of the one that a terminal shows.
  func json(_ message: String) -> JSONValue {
    var members = members(message)
    if case .tacit(_, .unsupported(let nodes, let operators)) = self {
      members += [
        ("unsupported", .list(nodes.map(\.json))), ("supported_operators", .texts(operators)),
      ]
    }
    if case .verification = self { members.append(("verified", .flag(false))) }
    if case .tie = self { members.append(("verified", .flag(false))) }
    if case .chain = self { members.append(("verified", .flag(false))) }
    if case .claim = self { members.append(("verified", .flag(false))) }
    return .object(members)
  }
}
