/// A tensor of a model whose cells are shown to be integers of its type: the blocks that hold their digits.
///
/// Written down in docs/protocol/key-proofs.md#digits.
package struct ModelRange: Hashable, Sendable {
  /// Of the model.
  package let tensor: Int
  /// Blocks of the tensor's shape, the lowest digit first. A cell is Σⱼ 2^(12j)·digitⱼ; all digits but the
  /// highest are from 0 to 2^12 − 1, the highest closes the type and has its sign. A sign is 2·digit − 1.
  package let digits: [Int]

  /// Bits from one digit to the next.
  package static let digitBits = 12
}

/// The circuit of a key proof, or of a part of one: rows that hold digits of a model's cells.
///
/// It follows from a key's circuit alone, so that a verifier has it without being told. Each block is one of
/// digits, acc = y on itself with M = 2^S, so that rows admit the integers of its function's domain and no
/// other field element. No row reads a cell of the model: acc·M = q·2^S + rem with acc = 1/2 holds of small
/// q and rem, so that a row on the cell itself would say nothing of it. What ties cells to digits is a
/// claim at a random point, `ModelRangeArgument`.
package struct ModelRangeCircuit: Hashable, Sendable {
  /// Raised with every change of what follows from a key.
  package static let version: UInt8 = 1

  package let system: ConstraintSystem
  package let ranges: [ModelRange]

  /// The circuits that together hold every tensor of a model, each once, in the model's order.
  ///
  /// - Parameter key: a valid circuit of one inference.
  /// - Throws: `KeyError` where a tensor has more digits than a trace has rows, or a part would be more work than
  ///   a verifier takes on.
  package static func parts(of key: ConstraintSystem) throws(KeyError) -> [ModelRangeCircuit] {
    var parts: [[Int]] = []
    var (rows, blocks) = (0, 0)
    for (index, tensor) in key.tensors.enumerated() {
      let digits = tensor.type.digits.count
      let needed = digits << tensor.bits
      guard needed <= 1 << Limits.traceBits else {
        throw .beyondEnd(.tensor(index), limit: 1 << Limits.traceBits)
      }
      if parts.isEmpty || rows + needed > 1 << Limits.traceBits || blocks + digits > Limits.blocks {
        parts.append([])
        (rows, blocks) = (0, 0)
      }
      parts[parts.count - 1].append(index)
      rows += needed
      blocks += digits
    }
    var circuits: [ModelRangeCircuit] = []
    for part in parts { circuits.append(try ModelRangeCircuit(part, of: key)) }
    return circuits
  }

  private init(_ tensors: [Int], of key: ConstraintSystem) throws(KeyError) {
    var system = ConstraintSystem(
      name: key.name,
      // Remainders are zero, so the fewest and shortest limbs will do.
      parameters: Parameters(
        limbs: Limits.limbs.lowerBound, limbBits: Limits.limbBits.lowerBound,
        quotientBits: ModelRange.digitBits + 1,
        commitmentRowBits: key.parameters.commitmentRowBits, scheme: key.parameters.scheme),
      functions: [], tensors: key.tensors, blocks: [], inputs: [], outputs: [])
    var ranges: [ModelRange] = []
    for index in tensors {
      let tensor = key.tensors[index]
      let first = system.blocks.count
      for digit in tensor.type.digits {
        let function = TableFunction.identity(digit)
        let place = system.functions.firstIndex(of: function) ?? system.functions.count
        if place == system.functions.count { system.functions.append(function) }
        let block = system.blocks.count
        let itself = TensorAccess(.block(block), tensor.shape.indices.map { .label($0) })
        system.blocks.append(
          Block(
            name: tensor.name, shape: tensor.shape, function: place, shift: 0,
            multiplier: .constant(1 << Int64(system.parameters.scaleBits)),
            relation: [Term(factors: [itself])]))
        // A prover has them as private inputs.
        system.inputs.append(
          Port(
            name: tensor.name, blocks: [block], visibility: .private, shape: tensor.shape,
            type: .int16, scale: 1, zeroPoint: 0, userType: .int16))
      }
      ranges.append(ModelRange(tensor: index, digits: Array(first..<system.blocks.count)))
    }
    for (block, offset) in Layout.pack(bits: system.blocks.map(\.bits)).enumerated() {
      system.blocks[block].offset = offset
    }
    let work = VerifierWork(system, ranges: ranges)
    guard work.products <= Limits.verifierProducts else {
      throw .verifierProducts(work.products, limit: Limits.verifierProducts)
    }
    guard work.bytes <= Limits.verifierBytes else {
      throw .verifierBytes(work.bytes, limit: Limits.verifierBytes)
    }
    self.system = system
    self.ranges = ranges
  }
}

extension ModelTensor.StoredType {
  /// The ranges of the digits that make up a value of the type in one way, the lowest digit first.
  package var digits: [ClosedRange<Int64>] {
    if isPartOfItsBytes { return [0...1] }
    let (bits, step) = (8 * bytes, ModelRange.digitBits)
    guard bits > step else { return [range] }
    let lower = (bits - 1) / step
    let top = bits - step * lower
    return [ClosedRange<Int64>](repeating: 0...(1 << Int64(step)) - 1, count: lower)
      + [-(1 << Int64(top - 1))...(1 << Int64(top - 1)) - 1]
  }
}

extension ModelRange {
  /// The digits of a value of a type, the lowest first.
  package static func digits(of value: Int64, type: ModelTensor.StoredType) -> [Int64] {
    if type == .sign { return [(value + 1) / 2] }
    let count = type.digits.count
    return (0..<count).map { place in
      let rest = value >> Int64(place * digitBits)
      return place == count - 1 ? rest : rest & (1 << Int64(digitBits) - 1)
    }
  }
}
