import ConstraintSystem

/// Why calibration inputs do not serve to quantize a model. Names are those of the model's inputs,
/// as in its file.
public enum CalibrationFault: Error, Hashable, Sendable {
  /// An input of a model, as calibration is asked for it.
  public struct Input: Hashable, Sendable {
    /// As in the model file.
    public let name: String
    /// Of one inference, as in the model file.
    public let shape: [Int]
  }

  /// The model is in float32 and there are none; typical inputs are wanted for these.
  case missing([Input])
  /// The model is quantized, but for these inputs, which no quantizer of QONNX's reads.
  case missingInputs([Input])
  /// The model is quantized already.
  case unwanted
  /// The arrays do not fit the model's inputs.
  case arrays(InputFault)
  /// Integers are given for an input that is float, where only calibration finds what they stand
  /// for.
  case integers(input: String)
  /// Two inputs have unlike numbers of samples.
  case sampleCounts(Int, Int)
  /// A sample, counted from 0, holds NaN or infinite values.
  case notFinite(input: String, sample: Int)
}

extension CalibrationFault: CustomStringConvertible {
  /// The fault in plain words, on one line that is harmless to print.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .missing(let inputs):
      "the model computes in float32 and has to be quantized; give typical inputs, one row each "
        + "(--calibrate inputs.npy), for "
        + inputs.map { "\"\($0.name)\" \($0.shape)" }.joined(separator: ", ")
    case .missingInputs(let inputs):
      "no quantizer of the model makes integers of "
        + inputs.map { "\"\($0.name)\" \($0.shape)" }.joined(separator: ", ")
        + "; give typical inputs, one row each (--calibrate inputs.npy), by which they become int8"
    case .unwanted: "the model is quantized already; compile it without calibration inputs"
    case .arrays(let fault): "\(fault)"
    case .integers(let input):
      "\(TextPiece.quoted(input.utf8)) is float, and integers stand for reals only once there is a "
        + "scale, which calibration is to find; give reals"
    case .sampleCounts(let one, let other): "its arrays have \(one) and \(other) rows"
    case .notFinite(let input, let sample):
      "row \(sample) of \(TextPiece.quoted(input.utf8)) holds NaN or infinite values"
    }
  }
}
