import ConstraintSystem

/// What is wrong with something a user handed over, in plain words.
public enum TacitError: Error, Equatable, Sendable {
  /// The model file cannot be read or compiled; `node` is the one that the reason is about, if it is one.
  case model(String, node: String? = nil)
  /// Every node of the model that cannot be proven; `operators` are the names of all that can, where
  /// an unknown one is among them.
  case unsupported([UnsupportedNode], operators: [String])
  /// The calibration inputs do not fit the model, are missing, or are not wanted.
  case calibration(String)
  /// An input does not fit the network.
  case input(String)
  /// The prover key cannot be read, or does not hold together.
  case key(String)
}

extension TacitError {
  /// Without saying what the reason is one of.
  public var reason: String {
    switch self {
    case .model(let reason, _), .calibration(let reason), .input(let reason), .key(let reason):
      reason.printable
    case .unsupported: "\(self)"
    }
  }
}

extension TacitError: CustomStringConvertible {
  public var description: String { lines.map(\.printable).joined(separator: "\n") }

  /// More than one where several nodes are told of.
  package var lines: [String] {
    switch self {
    case .model(let reason, _): ["the model cannot be compiled: \(reason)"]
    case .unsupported(let nodes, let operators): Self.lines(nodes, operators)
    case .calibration(let reason): ["calibration: \(reason)"]
    case .input(let reason): ["the input does not fit: \(reason)"]
    case .key(let reason): ["the prover key is refused: \(reason)"]
    }
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
}
