/// What is wrong with something a user handed over, in plain words.
public enum TacitError: Error, Equatable, Sendable {
  /// The model file cannot be read or compiled.
  case model(String)
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
    case .model(let reason), .calibration(let reason), .input(let reason), .key(let reason): reason
    }
  }
}

extension TacitError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .model(let reason): "the model cannot be compiled: \(reason)"
    case .calibration(let reason): "calibration: \(reason)"
    case .input(let reason): "the input does not fit: \(reason)"
    case .key(let reason): "the prover key is refused: \(reason)"
    }
  }
}
