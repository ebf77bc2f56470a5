import ConstraintSystem

/// What a layer reads, its channels as axes that the groups run over and axes that are summed.
struct GroupedChannels {
  var wire: TensorView
  var groups: [Int]
  var inner: [Int]

  /// The output's channels: the groups, and what each gives.
  func outputs(_ count: Int) -> [Int] {
    let perGroup = count / groups.reduce(1, *)
    return groups + (perGroup == 1 && !groups.isEmpty ? [] : [perGroup])
  }
}

extension CircuitBuilder {
  /// - Parameter axis: of the tensor, along which its channels run.
  /// - Throws: where no view cuts the channels in groups.
  mutating func grouped(
    _ operand: TensorView, as tensor: Tensor, along axis: Int, in groups: Int, named name: String,
    at node: String
  ) throws(ModelError) -> GroupedChannels {
    let (wire, own) = try arranged(operand, as: tensor, keeping: axis, at: node)
    if groups == 1 { return GroupedChannels(wire: wire, groups: [], inner: own) }
    let channels = tensor.shape[axis]
    if channels == groups { return GroupedChannels(wire: wire, groups: own, inner: []) }
    let cut = [groups, channels / groups]
    var shape = tensor.shape
    shape.replaceSubrange(axis...axis, with: cut)
    guard let split = regrouped(wire, to: shape, named: name) else {
      throw .unsupported(
        node: node, what: "channels over axes \(wire.shape) in \(groups) groups",
        remedy: "leave out the reshape before it")
    }
    return GroupedChannels(wire: split, groups: [cut[0]], inner: [cut[1]])
  }
}
