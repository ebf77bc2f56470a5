/// The part of validation that looks at inputs, outputs and the steps after them.
///
/// Written down in docs/protocol/accepting-a-key.md#ports.
extension ConstraintSystem {
  func checkPorts() throws(KeyError) {
    guard !outputs.isEmpty else { throw .noOutput }
    var seen = Set<Int>()
    for (index, port) in inputs.enumerated() {
      try checkPort(port, .input(index))
      for block in port.blocks {
        guard seen.insert(block).inserted else { throw .repeatedInput(block: block) }
        try checkInput(block)
      }
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
      for block in port.blocks {
        if let other = holders.updateValue(item, forKey: block) {
          throw .committedTwice(other, item, block: block)
        }
      }
    }
  }

  private func checkPort(_ port: Port, _ item: KeyError.Item) throws(KeyError) {
    guard port.blocks.count <= Limits.portLimbs else {
      throw .limbs(item, count: port.blocks.count)
    }
    for (limb, index) in port.blocks.enumerated() {
      guard blocks.indices.contains(index) else { throw .unknownBlock(item, block: index) }
      // The same cell of each is a limb of one integer.
      guard blocks[index].shape == blocks[port.blocks[0]].shape else {
        throw .limbShape(item, limb, blocks[index].shape)
      }
    }
    let cells = port.blocks.first.map { blocks[$0].count }
    guard paddedBits(port.shape, limit: Limits.traceBits + Limits.rank) != nil,
      cells ?? port.count == port.count, port.count <= 1 << Limits.traceBits
    else { throw .portShape(item, port.shape, cells: cells ?? 1 << Limits.traceBits) }
    if port.blocks.isEmpty {
      guard case .input = item, port.visibility == .public, port.zeroPoint == 0 else {
        throw .noBlock(item)
      }
    }
    guard FinalQuantization.isScale(port.scale) else { throw .portScale(item, port.scale) }
    if port.type == .float32 { try checkPatterns(port, item) }
    guard port.type.integers.contains(port.zeroPoint), port.zeroPoint >= -Limits.functionValue,
      port.zeroPoint <= Limits.functionValue
    else { throw .portZeroPoint(item, port.zeroPoint) }
    if port.padding != nil { try checkPadding(port, item) }
    if port.visibility == .committed, let first = port.blocks.first,
      blocks[first].bits < commitmentRowBits
    {
      throw .committedTooSmall(item, cells: 1 << blocks[first].bits, row: commitmentRowLength)
    }
  }

  /// Patterns of floats stand for themselves, and are no places to read at.
  private func checkPatterns(_ port: Port, _ item: KeyError.Item) throws(KeyError) {
    guard port.scale == 1, port.zeroPoint == 0, !port.blocks.isEmpty else {
      throw .portType(item, port.type)
    }
  }

  /// A padded port has an axis that is one of its blocks' too.
  private func checkPadding(_ port: Port, _ item: KeyError.Item) throws(KeyError) {
    guard let padding = port.padding, port.shape.indices.contains(padding.axis),
      port.shape[padding.axis] > 1, let cells = PaddedCells(port, inferences: inferences),
      // Blocks are of one shape.
      port.blocks.isEmpty || cells.axis(of: blocks[port.blocks[0]], inferences: inferences) != nil
    else { throw .padding(item) }
  }

  /// A block of an input is `acc = y` on itself, M = 2^S and the identity on its declared range.
  private func checkInput(_ index: Int) throws(KeyError) {
    let block = blocks[index]
    guard block.relation == Self.given(index, block.shape) else {
      throw .inputRelation(block: index)
    }
    guard block.multiplier == .constant(1 << Int64(parameters.scaleBits)) else {
      throw .inputMultiplier(block: index)
    }
    guard functions.indices.contains(block.function) else {
      throw .unknownFunction(block: index, function: block.function)
    }
    guard functions[block.function].isIdentity, block.shift == 0 else {
      throw .inputFunction(block: index)
    }
  }

  /// What inputs can be is of their declared types, and each integer of a port is one tuple of limbs.
  ///
  /// SOUNDNESS: of an integer that is two tuples of limbs a circuit that reads single limbs computes two
  /// things.
  ///
  /// - Precondition: functions, ports and blocks are valid.
  func checkRanges() throws(KeyError) {
    let extents = indexExtents
    for (index, port) in inputs.enumerated() {
      // SOUNDNESS: a claim on padding is one of integers that blocks can have, in one way.
      if let padding = port.padding, let range = indexRange(of: index, extents),
        !range.contains(padding.value)
      {
        throw .padding(.input(index))
      }
      if port.blocks.isEmpty { continue }
      let declared = try range(of: port, .input(index))
      guard port.type.integers.contains(declared) else {
        throw .inputRange(input: index, declared, type: port.type)
      }
    }
    for (index, port) in outputs.enumerated() {
      // What an output states is of its type as well (`Statement.fits`).
      _ = try range(of: port, .output(index))
    }
  }

  /// From the least integer of a port's blocks to the largest, the runtime's.
  private func range(of port: Port, _ item: KeyError.Item) throws(KeyError) -> ClosedRange<Int64> {
    let limbs = PortLimbs(port, of: self)
    for (limb, image) in limbs.images.dropLast().enumerated() {
      let count = image.upperBound &+ 1
      guard image.lowerBound == 0, count >= 2, count & (count - 1) == 0,
        limbs.shifts[limb + 1] <= PortLimbs.mostBits
      else { throw .limb(item, limb, image) }
    }
    guard let range = limbs.range else {
      throw .limb(item, limbs.images.count - 1, limbs.images[limbs.images.count - 1])
    }
    if let padding = port.padding, !range.contains(padding.value) { throw .padding(item) }
    return range
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

  /// The integers that a port of the type may have: of float32 patterns of 32 bits.
  package var integers: ClosedRange<Int64> { range ?? Int64(Int32.min)...Int64(Int32.max) }

  /// Whether a public port of the type may have an integer: of float32 the pattern of a finite number.
  package func states(_ integer: Int64) -> Bool {
    integers.contains(integer) && (self != .float32 || Self.single(integer).isFinite)
  }

  /// The number of a pattern.
  package static func single(_ pattern: Int64) -> Float {
    Float(bitPattern: UInt32(truncatingIfNeeded: pattern))
  }
}
