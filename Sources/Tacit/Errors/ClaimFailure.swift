import ConstraintSystem

/// Why a proof that holds is not one of the input or output that someone claims.
public enum ClaimFailure: Error, Hashable, Sendable {
  /// An end of the network.
  public enum Side: String, Sendable, CaseIterable {
    /// What the network is given.
    case input
    /// What it gives.
    case output
  }

  /// The tensors of this side are not public, so nobody can compare them.
  case hidden(Side)
  /// The arrays of the claim do not fit the network's inputs.
  case unfitInput(InputFault)
  /// The array of the claim does not fit the network's output.
  case unfitOutput(expected: [Int], given: [Int])
  /// Another number of arrays than the network has outputs.
  case outputCount(given: Int, outputs: [String])
  /// None of several arrays has the name of this output.
  case missingOutput(String, outputs: [String])
  /// What is wrong with the claim of one of several outputs.
  indirect case output(name: String, ClaimFailure)
  /// Another input was proven. The value is the first that differs: `index` counts those of one
  /// inference, row-major from 0, and `inference` is nil for a proof of one.
  case otherInput(name: String, index: Int, inference: Int?, proven: Int64, claimed: Int64)
  /// Another output was proven.
  case otherOutput(OutputDifference)
}

/// The first value of a claimed output that was not proven. Indices count the values of all
/// inferences, row-major from 0.
public enum OutputDifference: Hashable, Sendable {
  /// The network gives integers, and the claim holds others than those.
  case notIntegers
  /// Another integer was proven.
  case integer(index: Int, proven: Int64, claimed: Int64)
  /// Another real was proven.
  case real(index: Int, proven: Double, claimed: Float)
}

extension ClaimFailure: CustomStringConvertible {
  /// The failure in plain words, on one line that is harmless to print.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .hidden(let side):
      return "the \(side) of this model is not public, so a proof cannot be compared with one"
    case .unfitInput(let fault): return "\(TacitError.input(fault))"
    case .unfitOutput(let expected, let given):
      return "the output has shape \(expected), the file's array has \(given)"
    case .outputCount(let given, let outputs):
      let network = outputs.count == 1 ? "1 output" : "\(outputs.count) outputs"
      let file = given == 1 ? "1 array" : "\(given) arrays"
      return "the network has \(network) (\(Self.list(outputs))), the file holds \(file)"
    case .missingOutput(let name, let outputs):
      return "the file holds no array named \(name.quoted); the network's outputs are "
        + Self.list(outputs)
    case .output(let name, let failure): return "output \(name.quoted): \(failure)"
    case .otherInput(let name, let index, let inference, let proven, let claimed):
      let place = inference.map { "\(index) of inference \($0)" } ?? "\(index)"
      return
        "the proof is of another input: \"\(name)\" is \(proven) at value \(place), the input "
        + "given is \(claimed) there"
    case .otherOutput(let difference): return "another output was proven: \(difference)"
    }
  }
}

extension ClaimFailure {
  private static func list(_ names: [String]) -> String {
    names.map(\.quoted).joined(separator: ", ")
  }
}

extension OutputDifference: CustomStringConvertible {
  /// The difference in plain words.
  public var description: String {
    switch self {
    case .notIntegers: "the claim is not of integers"
    case .integer(let index, let proven, let claimed):
      "value \(index) is \(proven), claimed is \(claimed)"
    case .real(let index, let proven, let claimed):
      "value \(index) is \(Float(proven)), claimed is \(claimed)"
    }
  }
}
