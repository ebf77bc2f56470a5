package import ConstraintSystem
package import Witness

/// A small circuit with a model and inputs, put together as by a compiler.
package struct Circuit: Sendable {
  package var system: ConstraintSystem
  /// Values of each model tensor, row-major.
  package var values: [[Int64]]
  package var inputs: [[Int64]]

  package init(_ name: String, limbs: Int, limbBits: Int, quotientBits: Int, commitmentRowBits: Int)
  {
    system = ConstraintSystem(
      name: name,
      parameters: Parameters(
        limbs: limbs, limbBits: limbBits, quotientBits: quotientBits,
        commitmentRowBits: commitmentRowBits),
      functions: [], tensors: [], blocks: [], inputs: [], outputs: [])
    values = []
    inputs = []
  }

  /// The same circuit, proven by another scheme.
  package func over(_ scheme: ProofScheme) -> Circuit {
    var circuit = self
    circuit.system.parameters.scheme = scheme
    return circuit
  }

  package var cells: ModelCells {
    get throws { try ModelCells(system, values: values) }
  }

  /// As many inferences of the circuit at once. The first is the circuit's own; the inputs of each
  /// further one are moved round by one more place.
  package func batched(_ count: Int) throws -> Circuit {
    var batch = self
    batch.system = try system.batched(count)
    batch.inputs = inputs.map { values in
      (0..<count).flatMap { place in
        let start = place % max(1, values.count)
        return values[start...] + values[..<start]
      }
    }
    return batch
  }

  package func execute() throws -> Trace {
    try Trace.execute(system, try cells, inputs: inputs)
  }

  /// The constant multiplier of one.
  package var one: Multiplier { .constant(1 << Int64(system.parameters.scaleBits)) }

  package mutating func function(_ function: TableFunction) -> Int {
    system.functions.append(function)
    return system.functions.count - 1
  }

  package mutating func tensor(
    _ name: String, _ shape: [Int], _ values: [Int64], type: ModelTensor.StoredType = .int8
  ) -> Source {
    system.tensors.append(ModelTensor(name: name, shape: shape, type: type))
    self.values.append(values)
    return .tensor(system.tensors.count - 1)
  }

  package mutating func block(
    _ name: String, _ shape: [Int], function: Int, shift: Int64 = 0, _ multiplier: Multiplier,
    _ relation: [Term]
  ) -> Source {
    system.blocks.append(
      Block(
        name: name, shape: shape, function: function, shift: shift, multiplier: multiplier,
        relation: relation))
    return .block(system.blocks.count - 1)
  }

  package mutating func input(
    _ name: String, _ shape: [Int], function: Int, visibility: Visibility = .public,
    values: [Int64]
  ) -> Source {
    let itself = TensorAccess(.block(system.blocks.count), shape.indices.map { .label($0) })
    let source = block(name, shape, function: function, one, [Term(factors: [itself])])
    system.inputs.append(port(name, source, visibility))
    inputs.append(values)
    return source
  }

  /// An input without rows, which views go through.
  ///
  /// - Returns: its number.
  package mutating func indices(
    _ name: String, _ shape: [Int], type: ElementType = .int64, values: [Int64]
  ) -> Int {
    system.inputs.append(
      Port(
        name: name, blocks: [], visibility: .public, shape: shape, type: type, scale: 1,
        zeroPoint: 0, userType: type))
    inputs.append(values)
    return system.inputs.count - 1
  }

  /// An input of several limbs, the lowest first: a function of each.
  package mutating func wideInput(
    _ name: String, _ shape: [Int], functions: [Int], type: ElementType = .int32,
    visibility: Visibility = .public, values: [Int64]
  ) -> [Source] {
    let sources = functions.enumerated().map { limb, function in
      let itself = TensorAccess(.block(system.blocks.count), shape.indices.map { .label($0) })
      return block("\(name).\(limb)", shape, function: function, one, [Term(factors: [itself])])
    }
    let first = system.blocks.count - functions.count
    system.inputs.append(
      Port(
        name: name, blocks: Array(first..<system.blocks.count), visibility: visibility,
        shape: shape, type: type, scale: 1, zeroPoint: 0, userType: type))
    inputs.append(values)
    return sources
  }

  package mutating func output(_ source: Source, visibility: Visibility = .public) {
    guard case .block(let index) = source else { return }
    system.outputs.append(port(system.blocks[index].name, source, visibility))
  }

  private func port(_ name: String, _ source: Source, _ visibility: Visibility) -> Port {
    var (block, shape) = (0, [Int]())
    if case .block(let index) = source { (block, shape) = (index, system.blocks[index].shape) }
    return Port(
      name: name, blocks: [block], visibility: visibility, shape: shape, type: .int8, scale: 0.5,
      zeroPoint: 0, userType: .int8)
  }

  /// Places blocks and tensors, largest first.
  package mutating func place() {
    for (index, offset) in Layout.pack(bits: system.blocks.map(\.bits)).enumerated() {
      system.blocks[index].offset = offset
    }
    for (index, offset) in Layout.pack(bits: system.tensors.map(\.bits)).enumerated() {
      system.tensors[index].offset = offset
    }
  }
}
