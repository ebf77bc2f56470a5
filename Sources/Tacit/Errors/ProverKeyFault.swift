import ConstraintSystem
import Witness
public import TacitVerifier

/// Why a prover key is refused, when it is read or when something is made with it.
public enum ProverKeyFault: Hashable, Sendable {
  /// The bytes are no prover key, or one of a circuit that no verifier accepts.
  case key(KeyFault)
  /// The weights are not those that the circuit was compiled with: a layer's sums are beyond what
  /// is possible.
  case weights(LayerFault)
  /// An output is none of its type, so the weights are not those that the circuit was compiled
  /// with.
  case output(name: String, at: [Int], value: Int64, type: TensorType)
  /// The last steps do not fit the network's output.
  case finalSteps
  /// A proof made with the key does not verify.
  case proof
}

extension ProverKeyFault: CustomStringConvertible {
  /// The fault in plain words, on one line that is harmless to print.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .key(let fault): "\(fault)"
    case .weights(let fault): "\(fault)"
    case .output(let name, let position, let value, let type):
      "output \(name.quoted) is \(value) at \(position), and \(type) holds "
        + "\(type.range.lowerBound) to \(type.range.upperBound): the model's values are not those "
        + "it was compiled with"
    case .finalSteps: "its last steps do not fit its outputs"
    case .proof: "a proof made with it does not verify, so it is damaged; compile again"
    }
  }
}

/// What a layer computes that the weights its circuit was compiled with cannot give.
public struct LayerFault: Hashable, Sendable {
  /// As in the model file; nil where it is the number of all weights that is wrong.
  public let layer: String?
  /// Of the first value of the layer at fault, an index for each axis; nil where it is not known.
  public let position: [Int]?
  /// Which of several inferences, counted from 0.
  public let inference: Int
  private let error: ExecutionError

  init(_ error: ExecutionError) {
    var (cause, inference) = (error, 0)
    if case .inference(let index, let own) = error { (cause, inference) = (own, index) }
    switch cause {
    case .accumulator(let layer, let position, _), .quotient(let layer, let position, _, _),
      .advice(let layer, let position, _):
      (self.layer, self.position) = (layer, position)
    case .overflow(let layer): (self.layer, position) = (layer, nil)
    case .inputCount, .inputLength, .inputRange, .counts, .padding, .modelCells, .cancelled,
      .inference:
      (layer, position) = (nil, nil)
    }
    self.inference = inference
    self.error = error
  }
}

extension LayerFault: CustomStringConvertible {
  /// The fault in plain words, on one line that is harmless to print.
  public var description: String { "\(error)" }
}
