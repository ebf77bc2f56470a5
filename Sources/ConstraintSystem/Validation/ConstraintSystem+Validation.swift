/// What a key has to be.
///
/// Written down in docs/protocol/accepting-a-key.md.
extension ConstraintSystem {
  /// Refuses every circuit that a verifier must not accept, whoever made it. Traps on
  /// nothing, allocates no more than the circuit itself holds.
  ///
  /// Tags of table functions follow from their place, so no block can name RANGE; the table is built
  /// from the functions that the circuit names; 2^(S+d) is far below p by the limits of S and d.
  package func validate() throws(KeyError) {
    try checkParameters()
    try checkNames()
    try checkFunctions()
    try checkLayout()
    try checkPorts()
    try checkGadgets()
    try checkBlocks()
    try checkRanges()
    try checkIntervals()
    try checkFinalSteps()
    try checkWork()
  }

  private func checkWork() throws(KeyError) {
    let work = VerifierWork(self)
    guard work.products <= Limits.verifierProducts else {
      throw .verifierProducts(work.products, limit: Limits.verifierProducts)
    }
    guard work.bytes <= Limits.verifierBytes else {
      throw .verifierBytes(work.bytes, limit: Limits.verifierBytes)
    }
  }

  private func checkParameters() throws(KeyError) {
    func check(
      _ name: KeyError.Parameter, _ value: Int, _ allowed: ClosedRange<Int>
    ) throws(KeyError) {
      guard allowed.contains(value) else {
        throw .parameter(name, value: value, allowed: allowed)
      }
    }
    try check(.limbs, parameters.limbs, Limits.limbs)
    try check(.limbBits, parameters.limbBits, Limits.limbBits)
    try check(.quotientBits, parameters.quotientBits, Limits.quotientBits)
    try check(
      .commitmentRowBits, parameters.commitmentRowBits, parameters.scheme.commitmentRowBits)
    try check(.scaleBits, parameters.scaleBits, Limits.scaleBits)

    func count(_ what: KeyError.Quantity, _ count: Int, _ limit: Int) throws(KeyError) {
      if count > limit { throw .tooMany(what, limit: limit) }
    }
    try count(.functions, functions.count, Limits.functions)
    try count(.tensors, tensors.count, Limits.tensors)
    try count(.blocks, blocks.count, Limits.blocks)
    try count(.gadgets, gadgets.count, Limits.gadgets)
    try count(.ports, inputs.count, Limits.ports)
    try count(.ports, outputs.count, Limits.ports)
    for output in outputs {
      try count(.finalSteps, output.finalSteps.count, Limits.finalSteps)
    }
    for block in blocks { try count(.terms, block.relation.count, Limits.termsPerBlock) }
  }

  private func checkNames() throws(KeyError) {
    func check(_ name: String, _ item: KeyError.Item) throws(KeyError) {
      if name.utf8.count > Limits.nameBytes {
        throw .nameTooLong(item, bytes: name.utf8.count)
      }
    }
    try check(name, .system)
    for (index, function) in functions.enumerated() { try check(function.name, .function(index)) }
    for (index, tensor) in tensors.enumerated() { try check(tensor.name, .tensor(index)) }
    for (index, block) in blocks.enumerated() { try check(block.name, .block(index)) }
    for (index, port) in inputs.enumerated() { try check(port.name, .input(index)) }
    for (index, port) in outputs.enumerated() { try check(port.name, .output(index)) }
  }

  private func checkFunctions() throws(KeyError) {
    let bound = Limits.functionValue
    var rows = 1 + (1 << parameters.limbBits)
    for (index, function) in functions.enumerated() {
      switch function.body {
      case .segments(let segments):
        guard let first = segments.first else { throw .emptyFunction(index) }
        var next = first.input
        for (place, segment) in segments.enumerated() {
          guard segment.count >= 1, segment.slope == 0 || segment.slope == 1,
            segment.input == next
          else { throw .functionSegment(index, segment: place) }
          guard segment.input >= -bound, segment.input <= bound, segment.output >= -bound,
            segment.count <= Int(2 * bound + 1)
          else { throw .functionValue(index) }
          let reach = Int64(segment.count - 1)
          guard segment.input + reach <= bound, segment.output <= bound - reach * segment.slope
          else { throw .functionValue(index) }
          next = segment.input + Int64(segment.count)
        }
      case .values(let lowest, let values):
        guard !values.isEmpty else { throw .emptyFunction(index) }
        guard values.count <= Int(2 * bound + 1), lowest >= -bound,
          lowest <= bound - Int64(values.count - 1)
        else { throw .functionValue(index) }
      }
      rows += function.count
      if rows > 1 << Limits.tableBits { throw .tooMany(.tableRows, limit: 1 << Limits.tableBits) }
    }
  }

  private func checkLayout() throws(KeyError) {
    try checkPlaces(
      blocks.map { ($0.shape, $0.offset) }, bits: Limits.traceBits, KeyError.Item.block)
    try checkPlaces(
      tensors.map { ($0.shape, $0.offset) }, bits: Limits.modelBits, KeyError.Item.tensor)
  }

  /// Axes that a block may have: a batch has one more.
  var rankLimit: Int { inferences == 1 ? Limits.rank : Limits.rank + 1 }

  private func checkPlaces(
    _ places: [(shape: [Int], offset: Int)], bits limit: Int, _ item: (Int) -> KeyError.Item
  ) throws(KeyError) {
    var ranges: [(index: Int, range: Range<Int>)] = []
    var held = 0
    for (index, place) in places.enumerated() {
      guard let bits = paddedBits(place.shape, limit: limit) else {
        throw .shape(item(index), place.shape)
      }
      let size = 1 << bits
      guard place.offset >= 0, place.offset % size == 0 else {
        throw .misaligned(item(index), offset: place.offset, size: size)
      }
      guard place.offset <= (1 << limit) - size else {
        throw .beyondEnd(item(index), limit: 1 << limit)
      }
      ranges.append((index, place.offset..<place.offset + size))
      held += size
    }
    ranges.sort { $0.range.lowerBound < $1.range.lowerBound }
    for (one, other) in zip(ranges, ranges.dropFirst())
    where one.range.upperBound > other.range.lowerBound {
      throw .overlap(item(one.index), item(other.index))
    }
    if let last = ranges.last, last.range.upperBound - held > held + Limits.gap {
      throw .gaps(item(last.index))
    }
  }

  /// log₂ of the padded size of a shape of allowed rank and extents from 1, when it is up to `limit`.
  func paddedBits(_ shape: [Int], limit: Int) -> Int? {
    guard shape.count <= rankLimit else { return nil }
    var bits = 0
    for extent in shape {
      guard extent >= 1 else { return nil }
      // Of 2^limit itself, which a word need not hold.
      let own = ceilLog2(extent)
      guard own <= limit else { return nil }
      bits += own
    }
    return bits <= limit ? bits : nil
  }
}
