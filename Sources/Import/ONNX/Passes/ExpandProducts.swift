import ConstraintSystem
import Model

extension ONNXReader {
  /// Gives products with a constant the form that layers have, x·W with a matrix W and a bias for each of its
  /// columns, by views before and behind them: a transposed input, a constant on the left, whose product is that
  /// of the transposes, vectors, a matrix for each of a batch. What a float Gemm adds that is more than a bias is
  /// a sum of its own. A product of two activations becomes the operator that has no weights.
  static func expandProducts(_ draft: inout ONNXGraph) {
    var expanded: [Int: [DraftNode]] = [:]
    draft.forEachNode { (draft, index) throws(ModelError) in
      // What stands behind a product that was expanded has its shape only now.
      draft.inferShape(of: index)
      let node = draft.nodes[index]
      guard node.domain.isEmpty else { return }
      if let product = draft.productOfActivations(node) {
        draft.opsets[product.domain] = draft.opsets[product.domain] ?? 1
        draft.nodes[index] = product
        draft.inferShape(of: index)
        return
      }
      var expansion = Expansion(node)
      switch node.type {
      case "Gemm": try expansion.expandGemm(in: &draft)
      case "MatMul", "QLinearMatMul": try expansion.expandMatMul(in: &draft)
      default: return
      }
      guard !expansion.nodes.isEmpty else { return }
      expanded[index] = expansion.nodes
    }
    draft.nodes.replace(expanded)
  }
}

extension ONNXGraph {
  /// A product without a constant side is onnxruntime's FusedMatMul, whose operator takes no weights.
  fileprivate func productOfActivations(_ node: DraftNode) -> DraftNode? {
    guard ["MatMul", "QLinearMatMul", "Gemm"].contains(node.type), node.inputs.count >= 2,
      node.inputs[..<2].allSatisfy({ $0.map { tensors[$0].constant == nil } ?? false }),
      // What a Gemm adds is left to a node of its own.
      node.inputs.count == 2 || node.type != "Gemm"
    else { return nil }
    var product = node
    (product.type, product.domain) = ("FusedMatMul", ONNXForm.microsoftDomain)
    return product
  }
}

/// Nodes that stand for one, in order; none where it stays.
private struct Expansion {
  let node: DraftNode
  private(set) var nodes: [DraftNode] = []

  init(_ node: DraftNode) { self.node = node }

  // MARK: - Gemm

  mutating func expandGemm(in draft: inout ONNXGraph) throws(ModelError) {
    let (a, b) = (try node.input(0, "input"), try node.input(1, "weight"))
    let transposesA = try node.integer("transA", default: 0) != 0
    let transposesB = try node.integer("transB", default: 0) != 0
    let (isLeft, isRight) = (draft.tensors[a].constant != nil, draft.tensors[b].constant != nil)
    guard isLeft != isRight, let shape = draft.shape(isLeft ? b : a), shape.count == 2,
      draft.tensors[isLeft ? a : b].shape.count == 2
    else { return }
    let rest = try sumBehind(isLeft: isLeft, in: draft)
    guard isLeft || transposesA || rest != nil else { return }
    var product = node
    product.attributes["transA"] = nil
    if rest != nil {
      product.inputs.removeLast()
      product.attributes["beta"] = nil
    }
    let output = try node.output()
    // (A·B)ᵀ = Bᵀ·Aᵀ.
    let x = isLeft ? b : a
    let turns = isLeft ? !transposesB : transposesA
    product.inputs[0] = turns ? transposed(x, shape, in: &draft) : x
    if isLeft {
      product.inputs[1] = a
      product.attributes["transB"] = .integer(transposesA ? 0 : 1)
    }
    let weight = draft.tensors[isLeft ? a : b].shape
    let columns = isLeft ? weight[transposesA ? 1 : 0] : weight[transposesB ? 0 : 1]
    let rows = shape[turns ? 1 : 0]
    guard isLeft || rest != nil else {
      return finish(product, output, [rows, columns], in: &draft)
    }
    var last = add(product, [rows, columns], like: output, in: &draft)
    if isLeft, rest == nil {
      return finish(
        made("Transpose", [last], ["perm": .integers([1, 0])]), output, [columns, rows], in: &draft)
    }
    if isLeft { last = transposed(last, [rows, columns], in: &draft) }
    if let rest {
      draft.tensors.append(rest)
      finish(
        made("Add", [last, draft.tensors.count - 1]), output,
        isLeft ? [columns, rows] : [rows, columns], in: &draft)
    }
  }

  /// What a float Gemm adds, times beta, where that is no bias of a layer.
  private func sumBehind(isLeft: Bool, in draft: ONNXGraph) throws(ModelError) -> Tensor? {
    guard let own = draft.operand(node, 2), case .real(let values)? = own.constant,
      draft.operand(node, 0)?.quantization == nil, draft.operand(node, 1)?.quantization == nil
    else { return nil }
    let isBias = own.shape.dropLast().allSatisfy { $0 == 1 }
    guard values.count > 1, isLeft || !isBias else { return nil }
    var beta = Float(1)
    switch node.attributes["beta"] {
    case nil: break
    case .real(let value)?: beta = value
    default: throw .invalid(node: node.name, what: "attribute beta is not a number")
    }
    var rest = own
    rest.constant = .real(values.map { beta * $0 })
    return rest
  }

  // MARK: - MatMul

  mutating func expandMatMul(in draft: inout ONNXGraph) throws(ModelError) {
    let (a, b) = (try node.input(0, "left side"), try node.input(1, "right side"))
    let (isLeft, isRight) = (draft.tensors[a].constant != nil, draft.tensors[b].constant != nil)
    guard isLeft != isRight, let shape = draft.shape(isLeft ? b : a), !shape.isEmpty,
      let weight = isLeft ? draft.shape(a) : draft.shape(b), !weight.isEmpty
    else { return }
    if isLeft {
      try expandLeft(a, b, shape, weight, in: &draft)
    } else if weight.count == 1 {
      let column = define(reshaped(draft.tensors[b], [weight[0], 1]), in: &draft)
      squeeze(made("MatMul", [a, column]), Array(shape.dropLast()) + [1], in: &draft)
    } else if weight.count > 2 {
      try expandBatch(a, b, shape, weight, in: &draft)
    }
  }

  /// W·x is the transpose of xᵀ·Wᵀ.
  private mutating func expandLeft(
    _ a: Int, _ b: Int, _ shape: [Int], _ weight: [Int], in draft: inout ONNXGraph
  ) throws(ModelError) {
    guard weight.count <= 2 else { return }
    let isVector = weight.count == 1
    let matrix = isVector ? define(reshaped(draft.tensors[a], [1, weight[0]]), in: &draft) : a
    let outer = isVector ? 1 : weight[0]
    let (lead, columns) = (
      Array(shape.dropLast(2)), shape.count == 1 ? [] : [shape[shape.count - 1]]
    )
    let input = columns.isEmpty ? b : transposed(b, shape, in: &draft)
    let count = (lead + columns).reduce(1, *)
    let product = made("Gemm", [input, matrix], ["transB": .integer(1)])
    let output = try node.output()
    let sums = add(product, [count, outer], like: output, in: &draft)
    let target = lead + (isVector ? [] : [outer]) + columns
    guard !isVector, !columns.isEmpty else {
      return finish(shaped(sums, target, in: &draft), output, target, in: &draft)
    }
    let rows = lead + columns + [outer]
    let split = add(shaped(sums, rows, in: &draft), rows, like: output, in: &draft)
    finish(
      made("Transpose", [split], ["perm": .integers(Self.swapped(rows.count))]), output, target,
      in: &draft)
  }

  /// A matrix for each of a batch: groups of a convolution whose kernel is one place.
  private mutating func expandBatch(
    _ a: Int, _ b: Int, _ shape: [Int], _ weight: [Int], in draft: inout ONNXGraph
  ) throws(ModelError) {
    let (inner, columns) = (weight[weight.count - 2], weight[weight.count - 1])
    let own = shape.count == 1 ? [1, shape[0]] : shape
    let (rows, lead, count) = (
      own[own.count - 2], own.dropLast(2).reduce(1, *), weight.dropLast(2).reduce(1, *)
    )
    guard own.last == inner,
      let batch = Broadcast.shape(Array(own.dropLast(2)), Array(weight.dropLast(2)))
    else { return }
    let output = try node.output()
    let target = batch + (shape.count == 1 ? [] : [rows]) + [columns]
    if count == 1 {
      let matrix = define(reshaped(draft.tensors[b], [inner, columns]), in: &draft)
      let product = made("MatMul", [a, matrix])
      let sums = Array(shape.dropLast()) + [columns]
      guard sums != target else { return finish(product, output, target, in: &draft) }
      let made = add(product, sums, like: output, in: &draft)
      return finish(shaped(made, target, in: &draft), output, target, in: &draft)
    }
    // One or the other is broadcast as a whole, or both have as many matrices.
    guard batch.reduce(1, *) == count, lead == count || lead == 1,
      draft.tensors[b].quantization?.axis == nil
    else { return }
    try draft.spend(draft.tensors[b].count, at: node)
    let flat = [lead, rows, inner]
    let x = add(shaped(a, flat, in: &draft), flat, like: a, in: &draft)
    let turned = transposed(x, flat, in: &draft)
    let channels = [1, lead * inner, rows]
    let joined = add(shaped(turned, channels, in: &draft), channels, like: a, in: &draft)
    let kernel = define(self.kernel(draft.tensors[b], count, inner, columns), in: &draft)
    let product = made("Conv", [joined, kernel], ["group": .integer(Int64(lead))])
    let sums = add(product, [1, count * columns, rows], like: output, in: &draft)
    let parts = [count, columns, rows]
    let split = add(shaped(sums, parts, in: &draft), parts, like: output, in: &draft)
    let back = transposed(split, parts, in: &draft)
    finish(shaped(back, target, in: &draft), output, target, in: &draft)
  }

  /// Matrices as a kernel: [matrix · column, row, 1].
  private func kernel(_ weight: Tensor, _ count: Int, _ inner: Int, _ columns: Int) -> Tensor {
    func turned<Value>(_ values: [Value]) -> [Value] {
      (0..<count * columns * inner).map { cell in
        let (matrix, column, row) = (
          cell / (columns * inner), cell / inner % columns, cell % inner
        )
        return values[(matrix * inner + row) * columns + column]
      }
    }
    var result = weight
    result.shape = [count * columns, inner, 1]
    switch weight.constant {
    case .real(let values)?: result.constant = .real(turned(values))
    case .integer(let values)?: result.constant = .integer(turned(values))
    case nil: break
    }
    return result
  }

  // MARK: - Parts

  private func made(
    _ type: String, _ inputs: [Int?], _ attributes: [String: SourceNode.Attribute] = [:]
  ) -> DraftNode {
    DraftNode(
      type: type, name: node.name, attributes: attributes, inputs: inputs, outputs: [],
      label: node.label)
  }

  private func shaped(_ x: Int, _ shape: [Int], in draft: inout ONNXGraph) -> DraftNode {
    // A list of no extents is no constant.
    if shape.isEmpty { return made("Squeeze", [x]) }
    return made("Reshape", [x, draft.define(node.name + ".shape", shape.map { Int64($0) })])
  }

  private static func swapped(_ rank: Int) -> [Int64] {
    Array(0..<Int64(rank - 2)) + [Int64(rank - 1), Int64(rank - 2)]
  }

  private mutating func transposed(_ x: Int, _ shape: [Int], in draft: inout ONNXGraph) -> Int {
    let order = Self.swapped(shape.count)
    return add(
      made("Transpose", [x], ["perm": .integers(order)]), order.map { shape[Int($0)] }, like: x,
      in: &draft)
  }

  private func define(_ constant: Tensor, in draft: inout ONNXGraph) -> Int {
    draft.tensors.append(constant)
    return draft.tensors.count - 1
  }

  /// A vector or a batch of one as a matrix.
  private func reshaped(_ constant: Tensor, _ shape: [Int]) -> Tensor {
    var result = constant
    result.shape = shape
    if let axis = constant.quantization?.axis, constant.quantization?.scales.count != 1 {
      result.quantization?.axis =
        constant.shape.count == 1
        ? shape.firstIndex(of: constant.count) : axis + 2 - constant.shape.count
    } else {
      result.quantization?.axis = nil
    }
    return result
  }

  /// Adds a node that makes a tensor of its own, quantized as another.
  private mutating func add(
    _ part: DraftNode, _ shape: [Int], like other: Int, in draft: inout ONNXGraph
  ) -> Int {
    var tensor = Tensor(
      name: "\(node.name).\(nodes.count)", shape: shape, type: draft.tensors[other].type)
    tensor.quantization = draft.tensors[other].quantization
    draft.tensors.append(tensor)
    draft.shaped.insert(draft.tensors.count - 1)
    var part = part
    // What has rows is called as the node is.
    let isProduct = ["Gemm", "MatMul", "Conv"].contains(part.type)
    if !isProduct { part.name = "\(node.name).\(nodes.count)" }
    part.isAdded = true
    part.outputs = [draft.tensors.count - 1]
    nodes.append(part)
    return draft.tensors.count - 1
  }

  /// The last part, which has the node's own name and output.
  private mutating func finish(
    _ part: DraftNode, _ output: Int, _ shape: [Int], in draft: inout ONNXGraph
  ) {
    draft.tensors[output].shape = shape
    draft.shaped.insert(output)
    var part = part
    part.outputs = [output]
    nodes.append(part)
  }

  /// A product whose last axis is no more.
  private mutating func squeeze(
    _ product: DraftNode, _ shape: [Int], in draft: inout ONNXGraph
  ) {
    guard let output = node.outputs.first else { return }
    let column = add(product, shape, like: output, in: &draft)
    finish(
      made("Squeeze", [column], ["axes": .integers([-1])]), output, Array(shape.dropLast()),
      in: &draft)
  }
}
