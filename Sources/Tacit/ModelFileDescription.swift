import Import
import Model

/// What a model file holds, before it is compiled.
public struct ModelFileDescription: Sendable {
  public struct Tensor: Sendable {
    public let name: String
    public let shape: [Int]
    public let type: String
  }
  public struct Node: Sendable {
    public let name: String
    /// What it computes: `FullyConnected`.
    public let label: String
    public let outputShape: [Int]
  }

  /// `TFLite` or `ONNX`.
  public let format: String
  public let name: String
  public let inputs: [Tensor]
  public let outputs: [Tensor]
  public let nodes: [Node]
  /// Numbers in constant tensors.
  public let parameters: Int
  /// Whether it has to be quantized with calibration inputs.
  public let isFloat: Bool
  /// What the reader decided, in plain words.
  public let notes: [String]

  /// - Throws: `TacitError.model`.
  public init(_ file: [UInt8]) throws(TacitError) {
    let read: (graph: Graph, notes: [String])
    do throws(ModelError) {
      read = try ModelFile.read(file)
    } catch {
      throw .model("\(error)")
    }
    let graph = read.graph
    func tensor(_ index: Int) -> Tensor {
      let tensor = graph.tensors[index]
      return Tensor(name: tensor.name, shape: tensor.shape, type: "\(tensor.type)")
    }
    format = ModelFile.format(file).rawValue
    name = graph.name
    inputs = graph.inputs.map(tensor)
    outputs = graph.outputs.map(tensor)
    nodes = graph.nodes.map { node in
      Node(
        name: node.name, label: node.operator.label,
        outputShape: node.outputs.first.map { graph.tensors[$0].shape } ?? [])
    }
    parameters = graph.tensors.reduce(0) { $0 + ($1.constant == nil ? 0 : $1.count) }
    isFloat = graph.isFloat
    notes = read.notes
  }
}
