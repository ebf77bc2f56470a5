package import ConstraintSystem
import Curve
package import Verification

/// What a proof that was accepted states: of one inference, or of several at once.
public struct VerifiedInference: Sendable {
  /// A tensor as the proof knows it.
  public struct Tensor: Sendable {
    /// The input or output that it is: name, type, scale.
    public let port: TensorPort
    /// The port's for one inference; of several, which come one after another, their number stands
    /// first, in the place of a batch of one where the port has it.
    public let shape: [Int]
    /// The runtime's integers, zero point included, row-major; nil unless the port is public.
    public let integers: [Int64]?
    /// Of each inference, how many indices of the port's `paddedAxis` its tensor has: that all cells behind them are
    /// padding is proven. Nil where no tensor may be shorter.
    public let counts: [Int]?
    /// Compressed points, 32 bytes each; empty unless the port is committed.
    public let commitment: [[UInt8]]
    /// What the cells that the commitment is to mean; nil unless the port is committed.
    package let identity: TensorIdentity?
    /// What an output's last steps make of each inference's proven integers: computed here, not
    /// proven. Empty when there is no such step or the output is not public.
    public let finalOutputs: [FinalOutput]
    /// All of `finalOutputs`, shaped as `shape` is; nil when they are empty.
    public var finalOutput: FinalOutput? { FinalOutput(stacking: finalOutputs) }

    /// The integers of one inference, row-major in the port's shape.
    ///
    /// - Parameter inference: counted from 0.
    /// - Returns: nil unless the port is public and there is such an inference.
    public func integers(of inference: Int) -> [Int64]? {
      let count = port.count
      let (start, overflow) = inference.multipliedReportingOverflow(by: count)
      guard let integers, !overflow, start >= 0, start <= integers.count - count else { return nil }
      return Array(integers[start..<start + count])
    }

    /// What the integers stand for, real = scale · (integer − zeroPoint), row-major; nil unless the
    /// port is public.
    public var reals: [Double]? {
      integers.map { $0.map(port.real) }
    }
  }

  /// The model that the proof is of.
  public let modelID: ModelID
  /// Name of the model, as its key has it.
  public let modelName: String
  /// The bytes that the proof is bound to.
  public let context: [UInt8]
  /// What went in, in the order of the model file's inputs.
  public let inputs: [Tensor]
  /// What came out before the public last steps, in the order of the model file's outputs.
  public let outputs: [Tensor]
  /// As the proof states it.
  package let statement: Statement
  /// How many inferences the proof is of, part of what is proven.
  public let inferences: Int
  /// What the last steps of the first output make of each inference: `outputs[0].finalOutputs`.
  public var finalOutputs: [FinalOutput] { outputs.first?.finalOutputs ?? [] }
  /// All of `finalOutputs`, shaped as `Tensor.shape` is; nil when they are empty.
  public var finalOutput: FinalOutput? { FinalOutput(stacking: finalOutputs) }

  package init(_ statement: Statement, key: VerifierKey) {
    let system = key.system
    let count = statement.inferences
    var commitments = statement.commitments.makeIterator()
    let ports = system.withCells(statement.counts)
    func tensors(
      _ ports: ArraySlice<(port: Port, cells: PaddedCells?)>, _ values: [RuntimeIntegers?]
    ) -> [Tensor] {
      zip(ports, values).map { port, values in
        let (port, cells) = port
        return Tensor(
          port: TensorPort(port, of: system), shape: ConstraintSystem.batched(port.shape, count),
          integers: values?.values, counts: cells?.counts,
          commitment: port.visibility == .committed
            ? (commitments.next() ?? []).map(\.compressed) : [],
          identity: port.visibility == .committed
            ? system.identity(of: port, inferences: count) : nil,
          finalOutputs: values.map { Self.finalOutputs($0, of: port, count) } ?? [])
      }
    }
    self.statement = statement
    modelID = ModelID(bytes: key.modelID)
    modelName = system.name
    context = statement.context
    inputs = tensors(ports.prefix(system.inputs.count), statement.inputs)
    outputs = tensors(ports.dropFirst(system.inputs.count), statement.outputs)
    inferences = count
  }

  private static func finalOutputs(
    _ integers: RuntimeIntegers, of port: Port, _ inferences: Int
  ) -> [FinalOutput] {
    let size = integers.count / max(inferences, 1)
    return (0..<inferences).compactMap { index in
      let own = integers.values[index * size..<(index + 1) * size]
      return FinalOutput(RuntimeIntegers(Array(own)), of: port)
    }
  }
}
