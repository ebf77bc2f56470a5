/// The nodes of a draft in evaluation order, and which of them read and make each tensor.
///
/// Whoever changes a node does so through the subscript, so that neither question takes a walk over
/// all nodes.
struct DraftNodes: RandomAccessCollection, MutableCollection {
  private var nodes: [DraftNode] = []
  /// By tensor.
  private var uses: [Int: Uses] = [:]
  /// By tensor: the nodes that make it.
  private var makers: [Int: [Int]] = [:]

  /// Who reads a tensor.
  private struct Uses {
    /// By node: how many of its operands.
    var nodes: [Int: Int] = [:]
    /// All operands.
    var count = 0
  }

  var startIndex: Int { 0 }
  var endIndex: Int { nodes.count }

  subscript(index: Int) -> DraftNode {
    get { nodes[index] }
    set {
      let old = nodes[index]
      nodes[index] = newValue
      if old.inputs != newValue.inputs {
        for input in old.inputs.compactMap(\.self) { unlink(input, from: index) }
        for input in newValue.inputs.compactMap(\.self) { link(input, to: index) }
      }
      if old.outputs != newValue.outputs {
        for output in old.outputs { makers[output]?.removeAll { $0 == index } }
        for output in newValue.outputs { makers[output, default: []].append(index) }
      }
    }
  }

  mutating func append(_ node: DraftNode) {
    nodes.append(node)
    note(nodes.count - 1)
  }

  /// Puts nodes before all others.
  mutating func prepend(_ first: [DraftNode]) { self = DraftNodes(first + nodes) }

  mutating func remove(_ removed: Set<Int>) {
    guard !removed.isEmpty else { return }
    self = DraftNodes(nodes.indices.filter { !removed.contains($0) }.map { nodes[$0] })
  }

  /// Keeps these nodes, in this order.
  mutating func keep(_ kept: [Int]) {
    guard !kept.elementsEqual(nodes.indices) else { return }
    self = DraftNodes(kept.map { nodes[$0] })
  }

  /// The nodes with an operand that is this tensor, in order.
  func readers(of tensor: Int) -> [Int] { uses[tensor]?.nodes.keys.sorted() ?? [] }

  /// How many operands are this tensor.
  func operandCount(of tensor: Int) -> Int { uses[tensor]?.count ?? 0 }

  /// The first node that makes a tensor.
  func maker(of tensor: Int) -> Int? { makers[tensor]?.min() }

  init() {}

  private init(_ nodes: [DraftNode]) {
    self.nodes = nodes
    for index in nodes.indices { note(index) }
  }

  private mutating func note(_ index: Int) {
    for input in nodes[index].inputs.compactMap(\.self) { link(input, to: index) }
    for output in nodes[index].outputs { makers[output, default: []].append(index) }
  }

  private mutating func link(_ tensor: Int, to index: Int) {
    uses[tensor, default: Uses()].nodes[index, default: 0] += 1
    uses[tensor]?.count += 1
  }

  private mutating func unlink(_ tensor: Int, from index: Int) {
    guard let count = uses[tensor]?.nodes[index] else { return }
    uses[tensor]?.nodes[index] = count > 1 ? count - 1 : nil
    uses[tensor]?.count -= 1
  }
}
