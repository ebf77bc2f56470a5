import ConstraintSystem
public import TacitVerifier

/// Why inputs do not fit a network, or what it is asked for with them. Names are those of the
/// network's inputs, as in the model file.
public enum InputFault: Error, Hashable, Sendable {
  /// Another number of arrays than the network has inputs.
  case arrayCount(given: Int, inputs: [String])
  /// Another number of lists in EZKL's `input_data` than the network has inputs.
  case listCount(given: Int, inputs: [String])
  /// None of several arrays has the name of this input.
  case missingArray(input: String, inputs: [String])
  /// The arrays of two inputs are of unlike numbers of inferences.
  case inferenceCounts(input: String, inferences: Int, others: Int)
  /// An array is neither of the input's shape nor a row of it for each inference.
  case shape(input: String, expected: [Int], given: [Int])
  /// An integer that the input's type does not have.
  case outOfRange(input: String, at: ElementPlace, value: Int64, type: TensorType)
  /// An integer beyond the range that this network was compiled for, which is not all of the type.
  case beyondRange(input: String, at: ElementPlace, value: Int64, range: ClosedRange<Int64>)
  /// A real where integers are wanted: real = scale · (integer − zeroPoint).
  case notAnInteger(
    input: String, at: ElementPlace, value: Double, type: TensorType, scale: Double,
    zeroPoint: Int64)
  /// A real that is not finite in single precision; `value` is as it was given.
  case notFinite(input: String, at: ElementPlace, value: Double)
  /// More inferences than one proof of the model holds, or none.
  case inferences(Int, limit: Int)
  /// More bytes than a context may have.
  case context(bytes: Int, limit: Int)
  /// A network of several outputs, which can be proven and not run.
  case severalOutputs(Int)
  /// Another number of inferences than the proof is of that inputs are compared with.
  case claimedInferences(Int, proven: Int)
}

extension InputFault: CustomStringConvertible {
  /// The fault in plain words, on one line that is harmless to print.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .arrayCount(let given, let inputs) where inputs.count == 1:
      "the file holds \(given) arrays; the network takes one, \(Self.list(inputs))"
    case .arrayCount(let given, let inputs):
      "the network takes \(inputs.count) inputs (\(Self.list(inputs))), the file holds "
        + "\(given); save them by name with numpy.savez"
    case .listCount(let given, let inputs):
      "input_data holds \(given) \(given == 1 ? "list" : "lists"), one for each "
        + "input; the network takes \(inputs.count) (\(Self.list(inputs)))"
    case .missingArray(let input, let inputs):
      "the file has no array named \(Self.name(input)); the network takes \(Self.list(inputs))"
    case .inferenceCounts(let input, let inferences, let others):
      "input \(Self.name(input)) has \(inferences) rows where another input has \(others)"
    case .shape(let input, let expected, let given):
      "\(Self.name(input)) has shape \(expected), the file's array has \(given); "
        + "give one row of \(expected.reduce(1, *)) values per inference"
    case .outOfRange(let input, let place, let value, let type):
      "input \(Self.name(input)) holds \(value) at \(place); "
        + "\(type) holds \(type.range.lowerBound) to \(type.range.upperBound)"
    case .beyondRange(let input, let place, let value, let range):
      "input \(Self.name(input)) at \(place): \(value) is outside "
        + "\(range.lowerBound)…\(range.upperBound)"
    case .notAnInteger(let input, let place, let value, let type, let scale, let zeroPoint):
      "input \(Self.name(input)) takes \(type) integers (real = \(Float(scale)) · (integer − "
        + "\(zeroPoint))), the file holds \(value) at \(place); "
        + "to have reals quantized, say so (--as reals)"
    case .notFinite(let input, let place, let value):
      "input \(Self.name(input)) holds \(value) at \(place), and takes finite numbers in "
        + "single precision"
    case .inferences(let count, _) where count < 1:
      "a proof is of one inference or more, not of \(count)"
    case .inferences(let count, let limit):
      "\(count) inferences are more than one proof of this model holds, \(limit); "
        + "prove them in parts"
    case .context(let bytes, let limit):
      "a context holds at most \(limit) bytes, this one has \(bytes); bind a hash of it instead"
    case .severalOutputs(let count):
      "the network has \(count) outputs; run gives one: ask for them by runOutputs"
    case .claimedInferences(let count, let proven):
      "the proof is of \(proven) \(proven == 1 ? "inference" : "inferences"), the file "
        + "holds \(count)"
    }
  }

  private static func name(_ name: String) -> String { TextPiece.quoted(name.utf8) }
  private static func list(_ names: [String]) -> String {
    names.map(name).joined(separator: ", ")
  }
}

/// The place of a value in a tensor.
public struct ElementPlace: Hashable, Sendable {
  /// Which of several inferences, counted from 0.
  public let inference: Int
  /// An index for each axis of the tensor, counted from 0.
  public let position: [Int]

  init(inference: Int, position: [Int]) {
    self.inference = inference
    self.position = position
  }

  /// - Parameters:
  ///   - index: among the values of all inferences, row-major.
  ///   - shape: of one inference's tensor.
  init(_ index: Int, in shape: [Int]) {
    let count = max(1, shape.reduce(1, *))
    self.init(inference: index / count, position: Layout.position(index % count, in: shape))
  }
}

extension ElementPlace: CustomStringConvertible {
  /// `[0, 7]`, with the inference where it is not the first: `[0, 7] of row 2`.
  public var description: String {
    inference == 0 ? "\(position)" : "\(position) of row \(inference)"
  }
}
