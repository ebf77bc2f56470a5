import Model

/// What compiling decided, for the model's owner: it tells about weights and calibration data.
public struct ModelReport: Sendable {
  /// How a float model was quantized, measured on the calibration inputs.
  public struct Quantization: Sendable {
    /// How well a layer of the quantized network follows that of the float one.
    public struct Layer: Sendable {
      /// As in the model file.
      public let name: String
      /// Root mean square of the error over that of the values.
      public let relativeError: Double
      /// Values cut off at the end of int8, of `values`.
      public let saturated: Int
      /// How many values it gave, over all samples.
      public let values: Int
    }
    /// How many samples are of the class that their label says: where the largest output stands.
    public struct Accuracy: Sendable, Hashable {
      /// By the float network.
      public let float: Int
      /// By the integer network, which is proven.
      public let quantized: Int
    }
    /// How many there were.
    public let samples: Int
    /// Samples for which the largest output is the same as in float.
    public let agreeing: Int
    /// In evaluation order.
    public let layers: [Layer]
    /// Of the samples, by their labels; nil where none were given.
    public let accuracy: Accuracy?
    /// How the calibration inputs were read.
    public let inputs: [InputReport]
    /// About layers of which calibration shows nothing.
    let notes: [String]
    /// The layer of the largest relative error.
    public var worstLayer: Layer? { layers.max { $0.relativeError < $1.relativeError } }
    /// The share of samples for which the largest output is the same as in float, from 0 to 1.
    public var agreement: Double { samples == 0 ? 1 : Double(agreeing) / Double(samples) }
    /// How many values all layers gave, over all samples.
    public var values: Int { layers.reduce(0) { $0 + $1.values } }
    /// Values cut off at the end of int8.
    public var saturated: Int { layers.reduce(0) { $0 + $1.saturated } }

    init(_ report: QuantizationReport, inputs: [InputReport], labels: Labels?) {
      self.inputs = inputs
      accuracy = labels?.accuracy(report)
      notes = report.notes
      samples = report.samples
      agreeing = report.agreeing
      layers = report.layers.map {
        Layer(
          name: $0.name, relativeError: $0.relativeError, saturated: $0.saturated,
          values: $0.values)
      }
    }
  }

  /// What the reader of the model file decided, and where the proven integers may be one off the
  /// runtime's, in plain words.
  public let notes: [String]
  /// nil for a model that was quantized already.
  public let quantization: Quantization?
  /// Parameters, rows, estimated cost, and the proven range of each layer, for people.
  public let circuit: String
}
