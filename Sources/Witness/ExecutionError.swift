package import ConstraintSystem

/// Why a network could not be run on its inputs.
package enum ExecutionError: Error, Hashable, Sendable {
  case inputCount(expected: Int, actual: Int)
  case inputLength(input: String, expected: Int, actual: Int)
  /// Value and range are the runtime's integers; the position is in the shape
  /// that the user's model declares.
  case inputRange(input: String, position: [Int], value: Int64, range: ClosedRange<Int64>)
  /// A count for each padded tensor and inference, none beyond its axis, is what has to be given.
  case counts
  /// A cell behind the count of a tensor is not padding.
  case padding(port: String, position: [Int], value: Int64)
  /// The values of the model are not those of this circuit.
  case modelCells(expected: Int, actual: Int)
  /// An accumulator that the compiler proved impossible: the key's values are not its compiler's.
  case accumulator(layer: String, position: [Int], value: Int64)
  /// A sum, or a part of one, that no word holds: as `accumulator`.
  case overflow(layer: String)
  /// A quotient outside the domain of the layer's function: as `accumulator`.
  case quotient(layer: String, position: [Int], value: Int64, domain: ClosedRange<Int64>)
  /// Inputs of a gadget that it has no value for.
  case advice(layer: String, position: [Int], AdviceError.Reason)
  /// Nobody waits for the outputs any more.
  case cancelled
  /// One of the above in one inference of several, counted from 0.
  indirect case inference(Int, ExecutionError)
}

extension ExecutionError: CustomStringConvertible {
  package var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .inputCount(let expected, let actual):
      "the network has \(expected) inputs, \(actual) were given"
    case .inputLength(let input, let expected, let actual):
      "input \(input) has \(expected) values, \(actual) were given"
    case .inputRange(let input, let position, let value, let range):
      "input \(input) at \(position): \(value) is outside \(range.lowerBound)…\(range.upperBound)"
    case .counts: "the counts are not one of each padded tensor and inference, within its axis"
    case .padding(let port, let position, let value):
      "tensor \(port) at \(position): \(value) stands behind its count, where padding has to"
    case .modelCells(let expected, let actual):
      "the circuit has \(expected) model cells, \(actual) were given"
    case .accumulator(let layer, let position, let value):
      "layer \(layer) at \(position): the sum \(value) needs more than "
        + "\(Limits.accumulatorBits) bits; the model's values are not those it was compiled with"
    case .overflow(let layer):
      "layer \(layer): a sum needs more than 64 bits; "
        + "the model's values are not those it was compiled with"
    case .quotient(let layer, let position, let value, let domain):
      "layer \(layer) at \(position): \(value) is outside the table's domain "
        + "\(domain.lowerBound)…\(domain.upperBound); "
        + "the model's values are not those it was compiled with"
    case .advice(let layer, let position, let reason): "layer \(layer) at \(position): \(reason)"
    case .cancelled: "the computation was cancelled"
    case .inference(let index, let error): "inference \(index): \(error)"
    }
  }
}
