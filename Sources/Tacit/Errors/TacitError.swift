import ConstraintSystem

/// What is wrong with something that a caller handed over.
///
/// A case says what it is that is wrong, and its value what is wrong with it: names of tensors and
/// nodes, places, numbers. `description` says the same in plain words, harmless to print.
public enum TacitError: Error, Hashable, Sendable {
  /// The model file cannot be read or compiled.
  case model(ModelFault)
  /// Every node of the model that cannot be proven; `operators` are the names of all that can,
  /// where an unknown one is among them.
  case unsupported([UnsupportedNode], operators: [String])
  /// The calibration inputs do not fit the model, are missing, or are not wanted.
  case calibration(CalibrationFault)
  /// The labels do not fit the model or its calibration inputs.
  case labels(LabelFault)
  /// An input does not fit the network.
  case input(InputFault)
  /// The prover key cannot be read, or does not hold together.
  case key(ProverKeyFault)
  /// What opens another proof's commitments does not fit, or is no opening.
  case opening(OpeningFault)
  /// The powers of a ceremony are missing, too few, or not wanted.
  case powers(PowersFault)
  /// Proving, running or checking so many inferences at once takes more memory, in bytes, than this
  /// machine has.
  case tooLarge(inferences: Int, bytes: Int, available: Int)
  /// The task that waited for the call was cancelled.
  case cancelled
}

extension TacitError {
  /// What a caller handed over.
  public enum Subject: String, Sendable, CaseIterable {
    /// The model file.
    case model
    /// The calibration inputs, given or missing.
    case calibration
    /// The labels of the calibration inputs.
    case labels
    /// The inputs, or what is asked for with them.
    case input
    /// The prover key.
    case key
    /// What opens another proof's commitments.
    case opening
    /// The powers of a ceremony, given or missing.
    case powers
  }

  /// Which of the things that were handed over is at fault: that of a caller who sent an input, or
  /// that of who keeps the key; nil for a call that was cancelled.
  public var subject: Subject? {
    switch self {
    case .model, .unsupported: .model
    case .calibration: .calibration
    case .labels: .labels
    case .input: .input
    case .key: .key
    case .opening: .opening
    case .powers: .powers
    // Of one inference nobody can take fewer.
    case .tooLarge(let inferences, _, _): inferences > 1 ? .input : .key
    case .cancelled: nil
    }
  }

  /// Without saying what the reason is one of.
  public var reason: String {
    switch self {
    case .model(let fault): "\(fault)"
    case .calibration(let fault): "\(fault)"
    case .labels(let fault): "\(fault)"
    case .input(let fault): "\(fault)"
    case .key(let fault): "\(fault)"
    case .opening(let fault): "\(fault)"
    case .powers(let fault): "\(fault)"
    case .tooLarge(let inferences, let bytes, let available):
      Self.amounts(inferences, bytes, available)
    case .unsupported: "\(self)"
    case .cancelled: "it was cancelled"
    }
  }
}

extension TacitError: CustomStringConvertible {
  /// The error in plain words and harmless to print: one line, or one more for each unsupported
  /// node.
  public var description: String { lines.map(\.printable).joined(separator: "\n") }

  /// More than one where several nodes are told of.
  package var lines: [String] {
    if case .unsupported(let nodes, let operators) = self { return Self.lines(nodes, operators) }
    let head =
      switch subject {
      case .model: "the model cannot be compiled"
      case .calibration: "calibration"
      case .labels: "the labels do not fit"
      case .input: "the input does not fit"
      case .key: "the prover key is refused"
      case .opening: "the opening does not fit"
      case .powers: "the powers do not fit"
      case nil: "there is no result"
      }
    return ["\(head): \(reason)"]
  }

  /// A line for each node.
  private static func lines(_ nodes: [UnsupportedNode], _ operators: [String]) -> [String] {
    let head =
      nodes.count == 1
      ? "one node of the model is not supported:"
      : "\(nodes.count) nodes of the model are not supported:"
    let known =
      operators.isEmpty ? [] : ["supported operators: " + operators.joined(separator: ", ")]
    return [head] + nodes.map { "  \($0)" } + known
  }

  private static func amounts(_ inferences: Int, _ bytes: Int, _ available: Int) -> String {
    let amounts =
      "about \(bytes >> 20) MB of memory, more than the \(available >> 20) MB of this machine"
    return inferences > 1
      ? "\(inferences) inferences at once take \(amounts); take fewer"
      : "its circuit takes \(amounts)"
  }
}
