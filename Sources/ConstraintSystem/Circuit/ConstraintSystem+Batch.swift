/// A network on several inputs at once.
///
/// Written down in docs/protocol/batches.md#circuit.
extension ConstraintSystem {
  /// The same network on `count` inputs at once: a circuit like any other, so that arguments, checker
  /// and execution know of batches only what they know of axes.
  ///
  /// Every block gets a leading axis, the inference, and every view of a block that label; a view of
  /// the model lacks it, so all inferences read the same weights. A window through an input has it whatever
  /// it reads: every inference goes by integers of its own. A block's place is scaled by the
  /// padded count, which keeps the key's layout; slots after the count lie after an extent and
  /// are zero like any other padding.
  ///
  /// - Parameter count: of inferences; for one, the circuit itself.
  /// - Throws: `KeyError` when the count is beyond `Limits.inferences`, or makes a circuit that no key may
  ///   hold.
  /// - Complexity: the circuit's own size.
  package func batched(_ count: Int) throws(KeyError) -> ConstraintSystem {
    guard inferences == 1, Limits.inferences.contains(count) else { throw .inferences(count) }
    if count == 1 { return self }
    var system = self
    system.inferences = count
    for index in blocks.indices {
      let block = blocks[index]
      system.blocks[index].shape = [count] + block.shape
      system.blocks[index].offset <<= ceilLog2(count)
      if case .tensor(let view) = block.multiplier {
        system.blocks[index].multiplier = .tensor(batched(view))
      }
      system.blocks[index].relation = block.relation.map { term in
        Term(
          coefficient: term.coefficient, summed: term.summed,
          factors: term.factors.map(batched))
      }
    }
    system.gadgets = gadgets.map { $0.mapped(blocks: { $0 }, views: batched) }
    system.inputs = inputs.map { Self.batched($0, count) }
    system.outputs = outputs.map { Self.batched($0, count) }
    // Public last steps are taken inference by inference, as the key has them.
    for index in system.outputs.indices { system.outputs[index].finalSteps = [] }
    try system.validate()
    return system
  }

  /// Label 0 is the inference, all others move up by one.
  private func batched(_ view: TensorAccess) -> TensorAccess {
    let windows = view.windows.map { window in
      let own = window.through.flatMap { inputs.indices.contains($0) ? inputs[$0].count : nil }
      return AffineIndex(
        steps: (own.map { [.init(label: 0, stride: $0)] } ?? [])
          + window.steps.map { .init(label: $0.label + 1, stride: $0.stride) },
        constant: window.constant, through: window.through)
    }
    switch view.source {
    case .block: return TensorAccess(view.source, [.label(0)] + windows)
    case .tensor: return TensorAccess(view.source, windows)
    }
  }

  /// Whether several coordinates of what a view reads depend on the inference, so that its weights are a product over axes
  /// for each inference alone.
  package func dependsTwiceOnInference(_ view: TensorAccess) -> Bool {
    guard inferences > 1 else { return false }
    let indexed = view.windows.count { $0.through != nil }
    if case .block = view.source { return indexed > 0 }
    return indexed > 1
  }

  private static func batched(_ port: Port, _ count: Int) -> Port {
    var port = port
    port.padding = port.padding?.batched(port.shape, count)
    port.shape = batched(port.shape, count)
    return port
  }

  /// The shape of `count` tensors together; a leading extent of one gives way.
  package static func batched(_ shape: [Int], _ count: Int) -> [Int] {
    count == 1 ? shape : [count] + (shape.first == 1 ? Array(shape.dropFirst()) : shape)
  }

  /// The most inferences that one proof holds, a power of two. Up to it every count is allowed.
  package var maximalInferences: Int {
    // A bisection over powers: a circuit that is slow to validate is validated a few times only.
    var (most, refused) = (0, ceilLog2(Limits.inferences.upperBound) + 1)
    while refused - most > 1 {
      let bits = (most + refused) / 2
      if (try? batched(1 << bits)) == nil { refused = bits } else { most = bits }
    }
    return 1 << most
  }

  /// log₂ of the cells in a commitment row of the witness. The model's rows keep the key's length, as
  /// they are committed to already; N inferences have rows about √N times as long, so that a proof's
  /// rows and its opening grow alike.
  ///
  /// Where a tensor of the statement is committed to, all rows keep the key's length, so that a commitment to
  /// it is the same whatever the number of inferences, and proofs can be tied by it. Rows of the statement
  /// alone may not be shorter than the others: what a prover puts at the generators behind a short row
  /// counts as cells of rows beside it, and the commitment to one tensor would pass for that to another.
  ///
  /// So they do where generators are powers of τ (`ProofScheme.rowsGrow`).
  package var commitmentRowBits: Int {
    let own = parameters.commitmentRowBits
    if !parameters.scheme.rowsGrow { return own }
    if (inputs + outputs).contains(where: { $0.visibility == .committed }) { return own }
    return max(own, min(own + ceilLog2(inferences) / 2, Limits.commitmentRowBits.upperBound))
  }
  package var commitmentRowLength: Int { 1 << commitmentRowBits }

  /// An index tuple of a block without the inference it belongs to; nil for that where there is
  /// one only.
  package func apart(_ position: [Int]) -> (inference: Int?, position: [Int]) {
    inferences == 1 ? (nil, position) : (position.first, Array(position.dropFirst()))
  }
}
