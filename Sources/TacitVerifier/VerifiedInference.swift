import ConstraintSystem
import Curve
package import Verification

/// What a proof that was accepted states.
public struct VerifiedInference: Sendable {
  /// A tensor as the proof knows it.
  public struct Tensor: Sendable {
    public let port: TensorPort
    /// The runtime's integers, zero point included, row-major; nil unless the port is public.
    public let integers: [Int64]?
    /// Compressed points, 32 bytes each; empty unless the port is committed.
    public let commitment: [[UInt8]]

    /// The integers as reals; nil unless the port is public.
    public var reals: [Double]? {
      integers.map { $0.map { port.scale * (Double($0) - Double(port.zeroPoint)) } }
    }
  }

  public let modelID: ModelID
  /// Name of the model, as its key has it.
  public let modelName: String
  /// The bytes that the proof is bound to.
  public let context: [UInt8]
  public let inputs: [Tensor]
  public let outputs: [Tensor]
  /// What the network's last steps make of the proven integers: computed here, not proven. nil when
  /// there is no such step or the output is not public.
  public let finalOutput: FinalOutput?

  package init(_ statement: Statement, key: VerifierKey) {
    let system = key.system
    var commitments = statement.commitments.makeIterator()
    func tensors(_ ports: [Port], _ values: [[Int64]?]) -> [Tensor] {
      zip(ports, values).map { port, values in
        Tensor(
          port: TensorPort(port), integers: values,
          commitment: port.visibility == .committed
            ? (commitments.next() ?? []).map(\.compressed) : [])
      }
    }
    modelID = ModelID(bytes: key.modelID)
    modelName = system.name
    context = statement.context
    inputs = tensors(system.inputs, statement.inputs)
    outputs = tensors(system.outputs, statement.outputs)
    finalOutput =
      statement.outputs.first.flatMap(\.self).flatMap { FinalOutput($0, of: system) }
  }
}
