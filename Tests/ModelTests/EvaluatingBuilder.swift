import ConstraintSystem
import Model

/// Evaluates what operators lower to, row by row from the definition of relations, so that a
/// lowering can be compared with the interpreter without a compiler.
struct EvaluatingBuilder: CircuitBuilder {
  struct Failure: Error {}
  struct Stored {
    var shape: [Int]
    var values: [Int64]
    /// Of the relation that it is computed by.
    var terms = 0
    /// Of a gadget.
    var kind: GadgetRows?
  }
  var blocks: [Stored] = []
  var tensors: [Stored] = []
  var names: [String] = []

  mutating func input(shape: [Int], values: [Int64]) -> TensorView {
    blocks.append(Stored(shape: shape, values: values))
    return TensorView(source: .block(blocks.count - 1), shape: shape)
  }

  mutating func tensor(
    _ layer: String, as role: TensorRole, shape: [Int], type: ModelTensor.StoredType,
    values: [Int64]
  ) -> TensorView {
    precondition(shape.reduce(1, *) == values.count)
    let limit = Int64(1) << Int64(8 * type.bytes - 1)
    precondition(type == .int64 || values.allSatisfy { $0 >= -limit && $0 < limit })
    names.append(TensorLabel(BlockLabel(layer), [role]).name)
    tensors.append(Stored(shape: shape, values: values))
    return TensorView(source: .tensor(tensors.count - 1), shape: shape)
  }

  mutating func block(
    _ layer: String, as role: BlockRole?, shape: [Int], relation: [Term], scaling: Scaling,
    activation: Activation
  ) -> TensorView {
    names.append(BlockLabel(layer, role.map { [$0] } ?? []).name)
    let values = (0..<shape.reduce(1, *)).map { index in
      let labels = coordinates(index, shape)
      let acc = relation.map { evaluate($0, labels) }.reduce(0, +)
      return apply(activation, quotient(acc, scaling, shape, labels))
    }
    blocks.append(Stored(shape: shape, values: values, terms: relation.count))
    return TensorView(source: .block(blocks.count - 1), shape: shape)
  }

  mutating func rows(
    _ layer: String, as role: BlockRole?, shape: [Int], of kind: GadgetRows
  ) -> Int {
    names.append(BlockLabel(layer, role.map { [$0] } ?? []).name)
    blocks.append(Stored(shape: shape, values: [], kind: kind))
    return blocks.count - 1
  }

  mutating func bound(_ wire: TensorView, quotients: ClosedRange<Int64>) {}

  /// Fills the gadget's rows in their order, each check as it would look up.
  mutating func declare(_ gadget: Gadget) {
    let kind = gadget.kind
    let values = kind.forms(in: self).map { form in
      (0..<form.shape.reduce(1, *)).map { index in
        form.terms.map { evaluate($0, coordinates(index, form.shape)) }.reduce(0, +)
      }
    }
    guard let advice = try? kind.advice(from: values, in: self),
      let parts = try? kind.parts(in: self)
    else { return }
    for (block, values) in zip(kind.blocks.advice, advice) { blocks[block].values = values }
    for part in parts where !kind.blocks.advice.contains(part.block) {
      blocks[part.block].values = (0..<part.shape.reduce(1, *)).map { index in
        let labels = coordinates(index, part.shape)
        let sum = part.relation.map { evaluate($0, labels) }.reduce(0, +)
        switch blocks[part.block].kind {
        case .bound(_, let values): return Int64(values[Int(sum)])
        case .check(let width):
          let half = width == 0 ? 0 : Int64(1) << Int64(width - 1)
          precondition(sum >= -half && sum < max(half, 1), "a check of its gadget's fails")
          return 0
        case .given, nil: return sum
        }
      }
    }
  }

  private func quotient(
    _ acc: Int64, _ scaling: Scaling, _ shape: [Int], _ labels: [Int]
  ) -> Int64 {
    func channel(_ axes: [Int]) -> Int { axes.reduce(0) { $0 * shape[$1] + labels[$1] } }
    switch scaling {
    case .float(let scaling): return scaling.steps[channel(scaling.axes)](acc)
    case .fixed(let multiplier):
      let channel = channel(multiplier.axes)
      let (m, s) = (multiplier.mantissas[channel], multiplier.shifts[channel])
      // ⌊acc·m / 2^s + 1/2⌋, by division this time.
      let half = s > 0 ? Int128(1) << (s - 1) : 0
      let scale = Int128(1) << s
      let numerator = Int128(acc) * Int128(m) + half
      var q = numerator / scale
      if numerator % scale < 0 { q -= 1 }
      return Int64(q)
    }
  }

  /// A wire's cells, row-major: the sum of what its parts read.
  func values(_ wire: TensorView) -> [Int64] {
    let terms = wire.parts.map { Term(coefficient: $0.coefficient, factors: [$0.view]) }
    return (0..<wire.count).map { index in
      let labels = coordinates(index, wire.shape)
      return terms.map { evaluate($0, labels) }.reduce(0, +)
    }
  }

  private func stored(_ source: Source) -> Stored {
    switch source {
    case .block(let index): blocks[index]
    case .tensor(let index): tensors[index]
    }
  }

  private func coordinates(_ index: Int, _ shape: [Int]) -> [Int] {
    var rest = index
    var result: [Int] = []
    for extent in shape.reversed() {
      result.insert(rest % extent, at: 0)
      rest /= extent
    }
    return result
  }

  private func evaluate(_ term: Term, _ labels: [Int]) -> Int64 {
    (0..<term.summed.reduce(1, *)).reduce(Int64(0)) { sum, index in
      let all = labels + coordinates(index, term.summed)
      return sum + term.coefficient * term.factors.map { read($0, all) }.reduce(1, *)
    }
  }

  private func read(_ view: TensorAccess, _ labels: [Int]) -> Int64 {
    let source = stored(view.source)
    precondition(view.windows.count == source.shape.count)
    var index = 0
    for (window, extent) in zip(view.windows, source.shape) {
      let at = window.steps.reduce(window.constant) { $0 + labels[$1.label] * $1.stride }
      guard at >= 0, at < extent else { return 0 }
      index = index * extent + at
    }
    return source.values[index]
  }

  private func apply(_ activation: Activation, _ q: Int64) -> Int64 {
    switch activation {
    case .identity: return q
    case .clamp(let range): return min(max(q, range.lowerBound), range.upperBound)
    case .lookup(_, let lowest, let values):
      let place = min(max(q - lowest, 0), Int64(values.count - 1))
      return Int64(values[Int(place)])
    }
  }
}

extension Interpreter {
  /// Runs the graph through `lower`, and returns its outputs with their zero points again.
  func lowered(integers inputs: [[Int64]]) throws -> (outputs: [[Int64]], names: [String]) {
    var builder = EvaluatingBuilder()
    var wires = [TensorView?](repeating: nil, count: graph.tensors.count)
    for (index, values) in zip(graph.inputs, inputs) {
      let tensor = graph.tensors[index]
      let zero = tensor.quantization?.zeroPoints[0] ?? 0
      wires[index] = builder.input(shape: tensor.shape, values: values.map { $0 - zero })
    }
    for node in graph.nodes {
      wires[node.outputs[0]] = try node.operator.lower(
        node.inputs.map { $0.flatMap { wires[$0] } }, graph.tensors(of: node), named: node.name,
        into: &builder)
    }
    let outputs = try graph.outputs.map { index in
      guard let wire = wires[index] else { throw EvaluatingBuilder.Failure() }
      let zero = graph.tensors[index].quantization?.zeroPoints[0] ?? 0
      return builder.values(wire).map { $0 + zero }
    }
    return (outputs, builder.names)
  }
}

extension EvaluatingBuilder: GadgetSurroundings {
  func shape(ofBlock index: Int) -> [Int] { blocks[index].shape }
  func given(ofBlock index: Int) -> ClosedRange<Int64>? {
    if case .given(let range) = blocks[index].kind { range } else { nil }
  }
}
