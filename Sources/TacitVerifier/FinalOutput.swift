package import ConstraintSystem

/// An output of a network after its public last steps, which anyone computes from the proven integers.
public struct FinalOutput: Hashable, Sendable {
  /// Values, row-major.
  public enum Elements: Hashable, Sendable {
    /// Of an integer type: classes, or a softmax that the model has in integers.
    case integers([Int64])
    /// Of float32.
    case reals([Float])
  }
  /// What was done, in order: `dequantize`, `quantize`, `requantize`, `softmax`, `log-softmax`,
  /// `qlinear-softmax`, `argmax`, `sigmoid`, `tanh`, `table`, `reshape`, `transpose`.
  public let steps: [String]
  /// Extents of the output after the steps.
  public let shape: [Int]
  /// The type that the model's runtime gives the output in.
  public let type: TensorType
  /// As many values as the shape asks for.
  public let elements: Elements

  /// - Parameters:
  ///   - integers: of one inference.
  ///   - port: the output's.
  package init?(_ integers: RuntimeIntegers, of port: Port) {
    guard !port.finalSteps.isEmpty, let values = FinalValues.applying(port, to: integers) else {
      return nil
    }
    steps = port.finalSteps.map(Self.name)
    shape = values.shape
    type = TensorType(values.type)
    switch values.elements {
    case .integers(let elements): self.elements = .integers(elements)
    case .reals(let elements): self.elements = .reals(elements)
    }
  }

  /// Outputs of several inferences as one, their number standing first in its shape; nil for none.
  init?(stacking outputs: [FinalOutput]) {
    guard let first = outputs.first else { return nil }
    steps = first.steps
    shape = ConstraintSystem.batched(first.shape, outputs.count)
    type = first.type
    var (integers, reals) = ([Int64](), [Float]())
    for output in outputs {
      switch output.elements {
      case .integers(let values): integers += values
      case .reals(let values): reals += values
      }
    }
    elements = reals.isEmpty ? .integers(integers) : .reals(reals)
  }

  package static func name(_ step: FinalStep) -> String {
    switch step {
    case .softmax: "softmax"
    case .logSoftmax: "log-softmax"
    case .argMax: "argmax"
    case .dequantize: "dequantize"
    case .quantizedSoftmax: "qlinear-softmax"
    case .quantize: "quantize"
    case .requantize: "requantize"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .table: "table"
    case .reshape: "reshape"
    case .transpose: "transpose"
    }
  }
}
