import ConstraintSystem
import Model

/// An ONNX graph on its way to a `Graph`: nodes by name, tensors by index, and no operator yet.
/// Passes rewrite it until every node is one that an operator reads.
struct ONNXGraph {
  var name: String
  /// Opset by domain, ONNX's own under the empty name.
  var opsets: [String: Int]
  /// Those of activations hold a shape once `shaped` names them.
  var tensors: [Tensor] = []
  /// Of constants whose type in the file is not the tensor's.
  var types: [Int: DataType] = [:]
  /// Constants of double precision, which stand rounded in their tensors.
  var doubles: [Int: [Double]] = [:]
  /// Why a constant cannot be read, by tensor; it matters to the nodes that read it.
  var unreadable: [Int: ModelError] = [:]
  /// Activations whose shapes were worked out.
  var shaped: Set<Int> = []
  /// In evaluation order.
  var nodes = DraftNodes()
  var inputs: [Int] = []
  var outputs: [Int] = []
  /// Outputs that the file declares as reals.
  var declaredReal: Set<Int> = []
  /// Whether QONNX's quantizers make its integers, so that what is between them is exact.
  var isExact = false
  /// What the reader decided for the user, in plain words.
  var notes: [String] = []
  /// Shapes that the file states of activations, batch of one: what is after a refused node is
  /// judged by them.
  var declaredShapes: [Int: [Int]] = [:]
  /// What names mean: in the model's graph first, then in what was put in place of functions and branches.
  var scopes: [Scope] = []
  /// What the names of nodes may stand for.
  let functions: FunctionTable
  /// Names that nodes have.
  var nodeNames: Set<String> = []
  /// Whether a node says of some tensor how its integers stand for reals.
  var isQuantized = false
  /// Constants that stand in other files.
  var external: ExternalData
  /// The size of the model file.
  private let ownBytes: Int
  /// Numbers that were read and made in folding constants.
  private var spent = 0

  /// The size of the file, and of what was read beside it.
  var bytes: Int { ownBytes + external.read }

  init(_ model: ModelProto, _ options: ReaderOptions, bytes: Int) throws(ModelError) {
    (name, opsets, ownBytes) = (model.graph?.name ?? "", [:], bytes)
    functions = try FunctionTable(model.functions)
    external = ExternalData(options.companions)
  }

  /// Counts numbers before they are read or made.
  mutating func spend(_ count: Int, at node: DraftNode) throws(ModelError) {
    let limit = ModelLimits.constants(bytes: bytes)
    let (sum, overflow) = spent.addingReportingOverflow(count)
    guard !overflow, sum <= limit else {
      // Whatever comes next is refused before it is computed.
      spent = .max
      throw .unsupported(
        node: node.name, what: "the constants that are computed hold more than \(limit) numbers",
        remedy: "store results as constants")
    }
    spent = sum
  }

  /// Refuses nodes that read the same constants over and over.
  func limitReads() throws(ModelError) {
    let limit = ModelLimits.constants(bytes: bytes)
    var count = 0
    for node in nodes {
      for input in node.inputs {
        guard let input, let own = tensors[input].constant?.count else { continue }
        count += own
        guard count <= limit else { throw .sharedConstants(node: node.name, limit: limit) }
      }
    }
  }

  /// Whether `replace` leaves every input and output of the network a name of its own.
  func mayReplace(_ old: Int, with new: Int) -> Bool {
    !outputs.contains(old) || !(inputs.contains(new) || outputs.contains(new))
  }

  /// Makes every reader of tensor `old` read `new` instead. A network output keeps its name.
  mutating func replace(_ old: Int, with new: Int) {
    for index in nodes.readers(of: old) {
      nodes[index].inputs = nodes[index].inputs.map { $0 == old ? new : $0 }
    }
    guard outputs.contains(old) else { return }
    if !inputs.contains(new), tensors[new].constant == nil, !outputs.contains(new) {
      tensors[new].name = tensors[old].name
    }
    outputs = outputs.map { $0 == old ? new : $0 }
  }

  /// Notes that a node cannot be read or proven, and takes it out of the passes' sight.
  mutating func refuse(_ index: Int, _ error: ModelError) {
    let node = nodes[index]
    guard node.refusal == nil else { return }
    nodes[index].refusal = error.problem(node: node.name, type: node.label)
    nodes[index].type = ""
  }

  /// Lets a pass work on every node by itself, so that what it refuses is noted all at once.
  mutating func forEachNode(
    _ body: (inout ONNXGraph, Int) throws(ModelError) -> Void
  ) {
    for index in nodes.indices {
      do throws(ModelError) {
        try body(&self, index)
      } catch {
        refuse(index, error)
      }
    }
  }

  /// How many operands and network outputs read tensor `index`.
  func readers(_ index: Int) -> Int {
    nodes.operandCount(of: index) + outputs.count { $0 == index }
  }

  /// The extents of tensor `index`, where they are known by now.
  func shape(_ index: Int) -> [Int]? {
    let isKnown =
      tensors[index].constant != nil || shaped.contains(index) || inputs.contains(index)
    return isKnown ? tensors[index].shape : nil
  }

  /// Adds a constant of integers, such as a list of axes.
  mutating func define(_ name: String, _ values: [Int64]) -> Int {
    tensors.append(
      Tensor(name: name, shape: [values.count], type: .int64, constant: .integer(values)))
    return tensors.count - 1
  }

  func producer(_ index: Int) -> Int? { nodes.maker(of: index) }

  /// Operand `position` of a node, if it has one.
  func operand(_ node: DraftNode, _ position: Int) -> Tensor? {
    guard node.inputs.indices.contains(position), let index = node.inputs[position] else {
      return nil
    }
    return tensors[index]
  }

  /// The operator that reads a node; nil where it is one that passes dissolve, or was refused.
  func type(of node: DraftNode) -> (any Operator.Type)? {
    Operators.type(onnx: node.type, opset: opset(of: node) ?? 0)
  }

  /// The version of its domain that a node was written for.
  func opset(of node: DraftNode) -> Int? {
    scopes[node.scope].opsets?[node.domain] ?? opsets[node.domain]
  }

  /// A node as operators read it. A constant without values stands for an operand that was left out.
  func source(_ node: DraftNode) -> SourceNode {
    SourceNode(
      format: .onnx(opset: opset(of: node) ?? 0), type: node.type, name: node.name,
      attributes: node.attributes,
      inputs: node.inputs.map { index in
        index.flatMap { tensors[$0].constant?.count == 0 ? nil : tensors[$0] }
      }, outputs: node.outputs.map { tensors[$0] })
  }
}

struct DraftNode {
  /// Empty in a node that was refused, so that no pass takes it for one that it knows.
  var type: String
  /// Empty for ONNX's own.
  var domain: String
  var name: String
  var attributes: [String: SourceNode.Attribute]
  var inputs: [Int?]
  var outputs: [Int]
  /// Attributes that are constants, with the types that they have in the file.
  var values: [String: FoldedValue] = [:]
  /// Attributes that are graphs.
  var branches: [String: GraphProto] = [:]
  /// Where its names have their meaning.
  var scope = 0
  /// Whether a pass added it to another, so that reports of the file leave it out.
  var isAdded = false
  /// Why the node was refused.
  var refusal: NodeProblem?
  /// The operator's name in the file, with its domain, whatever passes make of it.
  let label: String

  init(
    type: String, domain: String = "", name: String,
    attributes: [String: SourceNode.Attribute] = [:], inputs: [Int?], outputs: [Int],
    label: String? = nil
  ) {
    self.type = type
    self.domain = domain
    self.name = name
    self.attributes = attributes
    self.inputs = inputs
    self.outputs = outputs
    self.label = label ?? (domain.isEmpty ? type : "\(domain).\(type)")
  }

  /// The only output, or an error.
  func output() throws(ModelError) -> Int {
    guard outputs.count == 1 else {
      throw .unsupported(
        node: name, what: "\(type) with \(outputs.count) outputs", remedy: "one output is read")
    }
    return outputs[0]
  }

  func input(_ position: Int, _ role: String) throws(ModelError) -> Int {
    guard inputs.indices.contains(position), let index = inputs[position] else {
      throw .invalid(node: name, what: "\(type) without its \(role)")
    }
    return index
  }

  func integer(_ attribute: String, default standard: Int64) throws(ModelError) -> Int64 {
    switch attributes[attribute] {
    case nil: return standard
    case .integer(let value): return value
    default: throw .invalid(node: name, what: "attribute \(attribute) is not an integer")
    }
  }
}
