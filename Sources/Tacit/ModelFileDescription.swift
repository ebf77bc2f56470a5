import Compiler
import ConstraintSystem
import Import
import Model
import Verification

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
  /// What a proof of the model will take, if it is compiled with public inputs and outputs.
  public struct Forecast: Sendable, Hashable {
    /// What it follows from.
    public enum Basis: String, Sendable {
      /// The circuit, which was made: compiling gives these numbers.
      case circuit
      /// The circuit of a trial quantization: calibration may lengthen or shorten its multipliers, and
      /// split more or fewer of its rows.
      case trial
      /// The shapes of the model's layers: a circuit takes longer to make than a look at a file may.
      case shapes
    }
    /// What it follows from.
    public let basis: Basis
    /// Rows of the trace that hold a value.
    public let rows: Int
    /// Of a `.proof` file of one inference without a context.
    public let proofBytes: Int
    /// Of one proof on two cores with AVX-512, by the compiler's cost model.
    public let proveMilliseconds: Double
    /// Of one verification on two cores with AVX-512, by the compiler's cost model.
    public let verifyMilliseconds: Double
    /// What a proof takes on a chain, if the model is compiled for one; nil if it is not.
    public let chain: ModelProfile.Chain?

    init(_ forecast: CircuitForecast) {
      basis =
        switch forecast.basis {
        case .circuit: .circuit
        case .trial: .trial
        case .shapes: .shapes
        }
      rows = forecast.rows
      proofBytes =
        Proof.headBytes(inferences: 1) + forecast.publicBytes + forecast.estimate.proofBytes
      proveMilliseconds = forecast.estimate.proveMilliseconds
      verifyMilliseconds = forecast.estimate.verifyMilliseconds
      chain = forecast.estimate.chain.map(ModelProfile.Chain.init)
    }
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
  /// What a proof will take; nil for a model that cannot be proven.
  public let forecast: Forecast?

  /// Reads a model file without compiling it.
  ///
  /// - Parameters:
  ///   - file: the bytes of a `.onnx` or `.tflite` file, of anyone's making.
  ///   - reading: what the file does not say by itself.
  ///   - isForChain: whether the forecast is of keys for a chain.
  /// - Throws: `TacitError.model` for what is no model; nodes that cannot be proven are listed in
  ///   `problems`, and so is what compiling a small model that is quantized says of it.
  /// - Complexity: linear in the file and in the rows of a proof.
  public init(
    _ file: [UInt8], reading: ModelReading = ModelReading(), isForChain: Bool = false
  ) throws(TacitError) {
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
    let (forecast, found) = Self.forecast(
      survey, CompilerOptions(scheme: isForChain ? .srs : .transparent))
    self.forecast = forecast
    problems = found.map(UnsupportedNode.init)
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

  private static func forecast(
    _ survey: ModelSurvey, _ options: CompilerOptions
  ) -> (forecast: Forecast?, problems: [NodeProblem]) {
    let problems = survey.problems
    guard problems.isEmpty else { return (nil, problems) }
    do throws(ModelError) {
      return (try CircuitForecast(survey.graph, options).map(Forecast.init), [])
    } catch {
      return (nil, survey.problems(error))
    }
  }
}
