/// The canonical binary form of a circuit: every list a count and its elements, every number in its
/// shortest spelling, nothing optional but by a flag. Two circuits are equal when their bytes are.
///
/// Written down in docs/protocol/circuit.md#bytes.
extension ConstraintSystem {
  package func encoded() -> [UInt8] {
    var writer = ByteWriter()
    write(to: &writer)
    return writer.bytes
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(parameters.scheme.rawValue)
    writer.write(name)
    writer.write(signed: parameters.limbs)
    writer.write(signed: parameters.limbBits)
    writer.write(signed: parameters.quotientBits)
    writer.write(signed: parameters.commitmentRowBits)
    writer.write(list: functions) { $1.write(to: &$0) }
    writer.write(list: tensors) { $1.write(to: &$0) }
    writer.write(list: blocks) { $1.write(to: &$0) }
    writer.write(list: gadgets) { $1.write(to: &$0) }
    writer.write(list: inputs) { $1.write(to: &$0) }
    writer.write(list: outputs) { $1.write(to: &$0) }
    for output in outputs { writer.write(list: output.finalSteps) { $1.write(to: &$0) } }
    writer.write(weightsArePublic)
  }

  /// Reads what `write` wrote and nothing else; says nothing of whether the circuit is valid.
  package init(decoding reader: inout ByteReader) throws(FormatError) {
    // What follows is read by the scheme.
    let scheme = try reader.scheme()
    self.init(
      name: try reader.text("name", limit: Limits.nameBytes),
      parameters: Parameters(
        limbs: try reader.signedInt("limbs"), limbBits: try reader.signedInt("limb bits"),
        quotientBits: try reader.signedInt("quotient bits"),
        commitmentRowBits: try reader.signedInt("row bits"), scheme: scheme),
      functions: try reader.list("functions", bytesEach: 3, limit: Limits.functions) {
        (reader) throws(FormatError) in
        try TableFunction(decoding: &reader)
      },
      tensors: try reader.list("tensors", bytesEach: 4, limit: Limits.tensors) {
        (reader) throws(FormatError) in
        try ModelTensor(decoding: &reader)
      },
      blocks: try reader.list("blocks", bytesEach: 8, limit: Limits.blocks) {
        (reader) throws(FormatError) in
        try Block(decoding: &reader)
      },
      gadgets: try reader.list("gadgets", bytesEach: 5, limit: Limits.gadgets) {
        (reader) throws(FormatError) in
        try Gadget(decoding: &reader)
      },
      inputs: try reader.list("inputs", bytesEach: 15, limit: Limits.ports) {
        (reader) throws(FormatError) in
        try Port(decoding: &reader)
      },
      outputs: try Self.outputs(&reader), weightsArePublic: try reader.flag("weights are public"))
  }

  /// The outputs, then the last steps of each.
  private static func outputs(_ reader: inout ByteReader) throws(FormatError) -> [Port] {
    var outputs = try reader.list("outputs", bytesEach: 15, limit: Limits.ports) {
      (reader) throws(FormatError) in
      try Port(decoding: &reader)
    }
    for index in outputs.indices {
      outputs[index].finalSteps = try reader.list("final steps", limit: Limits.finalSteps) {
        (reader) throws(FormatError) in
        try FinalStep(decoding: &reader)
      }
    }
    return outputs
  }
}

extension ByteWriter {
  fileprivate mutating func write(shape: [Int]) { write(list: shape) { $0.write(signed: $1) } }

  mutating func write(terms: [Term]) {
    write(list: terms) { writer, term in
      writer.write(signed: term.coefficient)
      writer.write(shape: term.summed)
      writer.write(list: term.factors) { $1.write(to: &$0) }
    }
  }
}

extension ByteReader {
  mutating func terms(_ part: String) throws(FormatError) -> [Term] {
    try list(part, bytesEach: 3, limit: Limits.termsPerBlock) { (reader) throws(FormatError) in
      Term(
        coefficient: try reader.signed("coefficient"),
        summed: try reader.shape("summed labels", limit: Limits.summedLabels),
        factors: try reader.list("factors", bytesEach: 3, limit: 2) {
          (reader) throws(FormatError) in
          try TensorAccess(decoding: &reader)
        })
    }
  }

  fileprivate mutating func shape(
    _ part: String, limit: Int = Limits.rank
  ) throws(FormatError) -> [Int] {
    try list(part, limit: limit) { (reader) throws(FormatError) in try reader.signedInt(part) }
  }
}

extension TableFunction {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(name)
    switch body {
    case .segments(let segments):
      writer.write(UInt8(0))
      writer.write(list: segments) {
        $0.write(signed: $1.input)
        $0.write(signed: $1.count)
        $0.write(signed: $1.output)
        $0.write(signed: $1.slope)
      }
    case .values(let lowest, let values):
      writer.write(UInt8(1))
      writer.write(signed: lowest)
      writer.write(list: values) { $0.write(fixed: $1) }
    }
  }

  fileprivate init(decoding reader: inout ByteReader) throws(FormatError) {
    name = try reader.text("function name", limit: Limits.nameBytes)
    let at = reader.position
    switch try reader.byte("kind of function") {
    case 0:
      body = .segments(
        try reader.list("segments", bytesEach: 4, limit: 1 << Limits.tableBits) {
          (reader) throws(FormatError) in
          Segment(
            input: try reader.signed("segment"), count: try reader.signedInt("segment"),
            output: try reader.signed("segment"), slope: try reader.signed("segment"))
        })
    case 1:
      body = .values(
        lowest: try reader.signed("lowest input"),
        try reader.list("function values", bytesEach: 2, limit: 1 << Limits.tableBits) {
          (reader) throws(FormatError) in
          try reader.fixed("function value")
        })
    case let code: throw .unknownCode(part: "kind of function", at: at, code: Int(code))
    }
  }
}

extension ModelTensor {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(name)
    writer.write(shape: shape)
    writer.write(signed: offset)
    writer.write(type.rawValue)
  }

  fileprivate init(decoding reader: inout ByteReader) throws(FormatError) {
    self.init(
      name: try reader.text("tensor name", limit: Limits.nameBytes),
      shape: try reader.shape("tensor shape"),
      offset: try reader.signedInt("tensor offset"), type: try reader.code("tensor type"))
  }
}

extension Block {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(name)
    writer.write(shape: shape)
    writer.write(signed: offset)
    writer.write(signed: function)
    writer.write(signed: shift)
    switch multiplier {
    case .constant(let value):
      writer.write(UInt8(0))
      writer.write(signed: value)
    case .tensor(let view):
      writer.write(UInt8(1))
      view.write(to: &writer)
    }
    writer.write(terms: relation)
  }

  fileprivate init(decoding reader: inout ByteReader) throws(FormatError) {
    self.init(
      name: try reader.text("block name", limit: Limits.nameBytes),
      shape: try reader.shape("block shape"),
      offset: try reader.signedInt("block offset"), function: try reader.signedInt("function"),
      shift: try reader.signed("shift"), multiplier: try Multiplier(decoding: &reader),
      relation: try reader.terms("relation"))
  }
}

extension Multiplier {
  fileprivate init(decoding reader: inout ByteReader) throws(FormatError) {
    let at = reader.position
    switch try reader.byte("kind of multiplier") {
    case 0: self = .constant(try reader.signed("multiplier"))
    case 1: self = .tensor(try TensorAccess(decoding: &reader))
    case let code: throw .unknownCode(part: "kind of multiplier", at: at, code: Int(code))
    }
  }
}

extension TensorAccess {
  fileprivate func write(to writer: inout ByteWriter) {
    // 2 more where a window goes through an input.
    let indexed: UInt8 = isIndexed ? 2 : 0
    switch source {
    case .block(let index):
      writer.write(indexed)
      writer.write(signed: index)
    case .tensor(let index):
      writer.write(1 + indexed)
      writer.write(signed: index)
    }
    writer.write(list: windows) { writer, window in
      writer.write(list: window.steps) {
        $0.write(signed: $1.label)
        $0.write(signed: $1.stride)
      }
      writer.write(signed: window.constant)
      if isIndexed {
        writer.write(unsigned: window.through.map { UInt64(bitPattern: Int64($0)) &+ 1 } ?? 0)
      }
    }
  }

  fileprivate init(decoding reader: inout ByteReader) throws(FormatError) {
    let at = reader.position
    let source: Source
    let code = try reader.byte("kind of source")
    switch code {
    case 0, 2: source = .block(try reader.signedInt("source"))
    case 1, 3: source = .tensor(try reader.signedInt("source"))
    default: throw .unknownCode(part: "kind of source", at: at, code: Int(code))
    }
    let isIndexed = code >= 2
    self.init(
      source,
      try reader.list("windows", bytesEach: 2, limit: Limits.rank) { (reader) throws(FormatError) in
        AffineIndex(
          steps: try reader.list("window", bytesEach: 2, limit: Limits.rank + Limits.summedLabels) {
            (reader) throws(FormatError) in
            AffineIndex.Step(
              label: try reader.signedInt("label"), stride: try reader.signedInt("stride"))
          },
          constant: try reader.signedInt("window constant"),
          through: isIndexed ? try Self.through(&reader) : nil)
      })
    // What goes through nothing is written so in one way.
    guard self.isIndexed == isIndexed else {
      throw .unknownCode(part: "kind of source", at: at, code: Int(code))
    }
  }

  /// The input that a window goes through: its number and one, or 0.
  private static func through(_ reader: inout ByteReader) throws(FormatError) -> Int? {
    let at = reader.position
    let input = try reader.unsigned("input of a window")
    guard input <= UInt64(Limits.ports) else {
      throw .outOfRange(part: "input of a window", at: at, value: "\(input)")
    }
    return input == 0 ? nil : Int(input) - 1
  }
}
