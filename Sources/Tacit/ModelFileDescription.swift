import ConstraintSystem
import Import
import Model

/// What a model file holds, before it is compiled.
public struct ModelFileDescription: Sendable {
  /// An input or output of the model.
  public struct Tensor: Sendable {
    /// As in the file.
    public let name: String
    /// Extents, the batch of one included.
    public let shape: [Int]
    /// Of its elements: `float32`, `int8`.
    public let type: String
  }
  /// A node of the model.
  public struct Node: Sendable {
    /// As in the file, or made up where it has no name there.
    public let name: String
    /// The operator's name in the file: `FULLY_CONNECTED`, `com.microsoft.QGemm`.
    public let type: String
    /// Of its output; nil where it depends on a node that cannot be read.
    public let outputShape: [Int]?
    /// Of its output's elements; nil where it depends on a node that cannot be read.
    public let outputType: String?
    /// Whether it can be proven.
    public let support: Support
  }
  /// Whether a node can be proven.
  public enum Support: Sendable, Equatable {
    /// It can.
    case supported
    /// It cannot, for this reason.
    case unsupported(UnsupportedNode)
    /// It reads what an unsupported node makes, and cannot be judged before that one is replaced.
    case unclear
    /// No output of the network depends on it.
    case unused
  }

  /// `TFLite` or `ONNX`.
  public let format: String
  /// The model's own name.
  public let name: String
  /// In the order of the file.
  public let inputs: [Tensor]
  /// In the order of the file.
  public let outputs: [Tensor]
  /// As in the file, but for those that reading dissolves: constants, and quantization that becomes
  /// a property of tensors.
  public let nodes: [Node]
  /// Everything that stands in the way of proving the model; what concerns it as a whole comes
  /// without a node's name.
  public let problems: [UnsupportedNode]
  /// Numbers in constant tensors.
  public let parameters: Int
  /// Whether it has to be quantized with calibration inputs.
  public let isFloat: Bool
  /// What the reader decided, in plain words.
  public let notes: [String]

  /// Reads a model file without compiling it.
  ///
  /// - Parameters:
  ///   - file: the bytes of a `.onnx` or `.tflite` file, of anyone's making.
  ///   - reading: what the file does not say by itself.
  /// - Throws: `TacitError.model` for what is no model; nodes that cannot be proven are listed in
  ///   `problems`.
  /// - Complexity: linear in the file.
  public init(_ file: [UInt8], reading: ModelReading = ModelReading()) throws(TacitError) {
    let survey: ModelSurvey
    do throws(ModelError) {
      survey = try ModelFile.survey(file, reading.options)
    } catch {
      throw TacitError(error)
    }
    let graph = survey.graph
    func tensor(_ index: Int) -> Tensor {
      let tensor = graph.tensors[index]
      return Tensor(name: tensor.name, shape: tensor.shape, type: "\(tensor.type)")
    }
    format = ModelFile.format(file).rawValue
    name = graph.name
    inputs = graph.inputs.map(tensor)
    outputs = graph.outputs.map(tensor)
    problems = survey.problems.map(UnsupportedNode.init)
    let byName = Dictionary(problems.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    nodes = survey.nodes.map { node in
      let support: Support =
        switch node.standing {
        case .judged: byName[node.name].map { .unsupported($0) } ?? .supported
        case .unclear: byName[node.name].map { .unsupported($0) } ?? .unclear
        case .unused: .unused
        }
      return Node(
        name: node.name, type: node.type, outputShape: node.outputShape,
        outputType: node.outputShape == nil ? nil : node.outputType.map { "\($0)" },
        support: support)
    }
    parameters = graph.tensors.reduce(0) { $0 + ($1.constant == nil ? 0 : $1.count) }
    isFloat = graph.isFloat
    notes = survey.notes.map(\.printable)
  }
}
