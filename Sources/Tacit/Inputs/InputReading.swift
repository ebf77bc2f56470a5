public import TacitVerifier

/// What the numbers of an input are taken for. A file means the same wherever it is given: as
/// calibration, to be proven, run, checked or compared with a proof.
public enum InputReading: String, Sendable, CaseIterable {
  /// Reals where the model's own input is float, integers of its type where it is quantized; how
  /// the array stores them, as int8 or float64 or text, changes nothing.
  case automatic
  /// Reals, quantized as the model does it.
  case reals
  /// Integers that are quantized already, whatever the model's own input is.
  case integers

  /// The one rule for what an array is.
  ///
  /// - Parameter type: that the model itself has at this input.
  func takesReals(of type: TensorType) -> Bool {
    switch self {
    case .automatic: type == .float32
    case .reals: true
    case .integers: false
    }
  }
}

/// How one input of a network was read: what a user or a log should be told.
public struct InputReport: Sendable, Hashable {
  /// What the numbers of an array were taken for.
  public enum Meaning: Sendable, Hashable {
    /// Reals, as they are: of calibration, before there is a scale, and of a network that takes floats.
    case reals
    /// Reals, of which real = scale · (integer − zeroPoint) was made; integers can stand for those
    /// of `reach` alone.
    case quantized(TensorType, scale: Double, zeroPoint: Int64, reach: ClosedRange<Double>)
    /// Integers, taken as they are.
    case integers(TensorType)
  }

  /// Of the network's input.
  public let name: String
  /// Of the file's array, where it is another than the input's: a network with one input takes the
  /// only array of a file whatever its name.
  public let arrayName: String?
  /// What its numbers were taken for.
  public let meaning: Meaning
  /// How many there are, of all inferences.
  public let values: Int
  /// Values below the reach of a quantized input, of which its lowest was made.
  public let raised: Int
  /// Values above the reach of a quantized input, of which its highest was made.
  public let lowered: Int
  /// Values that the network does not see as they are in the file.
  public var clamped: Int { raised + lowered }
}
