/// The part of validation that looks at inputs, outputs and the steps after them.
extension ConstraintSystem {
  func checkPorts() throws(KeyError) {
    guard !outputs.isEmpty else { throw .noOutput }
    var seen = Set<Int>()
    for (index, port) in inputs.enumerated() {
      try checkPort(port, .input(index))
      guard seen.insert(port.block).inserted else { throw .repeatedInput(block: port.block) }
      try checkInput(index)
    }
    for (index, port) in outputs.enumerated() { try checkPort(port, .output(index)) }
    try checkCommitted()
  }

  /// Each committed tensor has a block of its own.
  ///
  /// SOUNDNESS: the opening adds commitments to the same rows, so that of two that share a block only the
  /// sum would be bound: one of them could be a commitment to anything.
  private func checkCommitted() throws(KeyError) {
    let ports =
      inputs.enumerated().map { ($1, KeyError.Item.input($0)) }
      + outputs.enumerated().map { ($1, KeyError.Item.output($0)) }
    var holders: [Int: KeyError.Item] = [:]
    for (port, item) in ports where port.visibility == .committed {
      if let other = holders.updateValue(item, forKey: port.block) {
        throw .committedTwice(other, item, block: port.block)
      }
    }
  }

  private func checkPort(_ port: Port, _ item: KeyError.Item) throws(KeyError) {
    guard blocks.indices.contains(port.block) else {
      throw .unknownBlock(item, block: port.block)
    }
    let block = blocks[port.block]
    guard paddedBits(port.shape, limit: Limits.traceBits + Limits.rank) != nil,
      port.shape.reduce(1, *) == block.count
    else { throw .portShape(item, port.shape, cells: block.count) }
    guard let range = port.type.range else { throw .portType(item, port.type) }
    guard FinalQuantization.isScale(port.scale) else { throw .portScale(item, port.scale) }
    guard range.contains(port.zeroPoint), port.zeroPoint >= -Limits.functionValue,
      port.zeroPoint <= Limits.functionValue
    else { throw .portZeroPoint(item, port.zeroPoint) }
    if port.visibility == .committed, block.bits < commitmentRowBits {
      throw .committedTooSmall(item, cells: 1 << block.bits, row: commitmentRowLength)
    }
  }

  /// An input is `acc = y` on itself, M = 2^S and the identity on its declared range.
  private func checkInput(_ index: Int) throws(KeyError) {
    let port = inputs[index]
    let block = blocks[port.block]
    guard block.relation == Self.given(port.block, block.shape) else {
      throw .inputRelation(block: port.block)
    }
    guard block.multiplier == .constant(1 << Int64(parameters.scaleBits)) else {
      throw .inputMultiplier(block: port.block)
    }
    guard functions.indices.contains(block.function) else {
      throw .unknownFunction(block: port.block, function: block.function)
    }
    let function = functions[block.function]
    guard function.isIdentity, block.shift == 0 else { throw .inputFunction(block: port.block) }
    let domain = function.domain
    let declared = port.runtime(domain)
    guard let range = port.type.range, range.contains(declared.lowerBound),
      range.contains(declared.upperBound)
    else { throw .inputRange(input: index, declared, type: port.type) }
  }

  func checkFinalSteps() throws(KeyError) {
    for (output, port) in outputs.enumerated() {
      var form = FinalForm(port)
      for (index, step) in port.finalSteps.enumerated() {
        guard let next = step.form(of: form) else { throw .finalStep(index, output: output) }
        form = next
      }
    }
  }
}

extension ElementType {
  /// The values of an integer type; nil for float.
  package var range: ClosedRange<Int64>? {
    switch self {
    case .float32: nil
    case .int8: Int64(Int8.min)...Int64(Int8.max)
    case .uint8: Int64(UInt8.min)...Int64(UInt8.max)
    case .int16: Int64(Int16.min)...Int64(Int16.max)
    case .int32: Int64(Int32.min)...Int64(Int32.max)
    case .int64: Int64.min...Int64.max
    }
  }
}
