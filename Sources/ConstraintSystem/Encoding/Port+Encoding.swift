extension Port {
  func write(to writer: inout ByteWriter) {
    writer.write(name)
    writer.write(list: blocks) { $0.write(signed: $1) }
    // 4 more where the port is padded.
    writer.write(visibility.rawValue + (padding == nil ? 0 : 4))
    writer.write(list: shape) { $0.write(signed: $1) }
    writer.write(type.rawValue)
    writer.write(scale)
    writer.write(signed: zeroPoint)
    writer.write(userType.rawValue)
    if let padding {
      writer.write(signed: padding.axis)
      writer.write(signed: padding.value)
    }
  }

  init(decoding reader: inout ByteReader) throws(FormatError) {
    let name = try reader.text("port name", limit: Limits.nameBytes)
    let blocks = try reader.list("port blocks", limit: Limits.portLimbs) {
      (reader) throws(FormatError) in
      try reader.signedInt("port block")
    }
    let at = reader.position
    let code = try reader.byte("visibility")
    guard let visibility = Visibility(rawValue: code & 3), code < 8 else {
      throw .unknownCode(part: "visibility", at: at, code: Int(code))
    }
    self.init(
      name: name, blocks: blocks, visibility: visibility,
      shape: try reader.list("port shape", limit: Limits.rank) { (reader) throws(FormatError) in
        try reader.signedInt("port shape")
      },
      type: try reader.code("port type"), scale: try reader.double("port scale"),
      zeroPoint: try reader.signed("port zero point"), userType: try reader.code("user's type"))
    if code & 4 != 0 {
      padding = PortPadding(
        axis: try reader.signedInt("padded axis"), value: try reader.signed("padding"))
    }
  }
}

extension FinalStep {
  func write(to writer: inout ByteWriter) {
    switch self {
    case .softmax(let beta, let output):
      writer.write(UInt8(0))
      writer.write(beta)
      writer.write(output != nil)
      output?.write(to: &writer)
    case .argMax(let axis):
      writer.write(UInt8(1))
      writer.write(signed: axis)
    case .dequantize:
      writer.write(UInt8(2))
    case .logSoftmax(let output):
      writer.write(UInt8(3))
      writer.write(output != nil)
      output?.write(to: &writer)
    case .requantize(let output):
      writer.write(UInt8(4))
      output.write(to: &writer)
    case .quantizedSoftmax(let output):
      writer.write(UInt8(5))
      output.write(to: &writer)
    case .quantize(let output):
      writer.write(UInt8(6))
      output.write(to: &writer)
    case .sigmoid: writer.write(UInt8(7))
    case .tanh: writer.write(UInt8(8))
    case .table(let values):
      writer.write(UInt8(9))
      writer.write(list: values) { $0.write(fixed: $1.bitPattern) }
    case .reshape(let shape):
      writer.write(UInt8(10))
      writer.write(list: shape) { $0.write(signed: $1) }
    case .transpose(let permutation):
      writer.write(UInt8(11))
      writer.write(list: permutation) { $0.write(signed: $1) }
    }
  }

  private static func quantization(
    _ reader: inout ByteReader
  ) throws(FormatError) -> FinalQuantization? {
    try reader.flag("requantization") ? try FinalQuantization(decoding: &reader) : nil
  }

  private static func extents(
    _ part: String, _ reader: inout ByteReader
  ) throws(FormatError) -> [Int] {
    try reader.list(part, limit: Limits.rank) { (reader) throws(FormatError) in
      try reader.signedInt(part)
    }
  }

  init(decoding reader: inout ByteReader) throws(FormatError) {
    let at = reader.position
    switch try reader.byte("kind of final step") {
    case 0:
      let beta = try reader.double("beta")
      self = .softmax(beta: beta, output: try Self.quantization(&reader))
    case 1: self = .argMax(axis: try reader.signedInt("axis"))
    case 2: self = .dequantize
    case 3: self = .logSoftmax(output: try Self.quantization(&reader))
    case 4: self = .requantize(try FinalQuantization(decoding: &reader))
    case 5: self = .quantizedSoftmax(output: try FinalQuantization(decoding: &reader))
    case 6: self = .quantize(try FinalQuantization(decoding: &reader))
    case 7: self = .sigmoid
    case 8: self = .tanh
    case 9:
      self = .table(
        try reader.list("final table", bytesEach: 4, limit: 256) { (reader) throws(FormatError) in
          Float(bitPattern: try reader.fixed("final table"))
        })
    case 10: self = .reshape(try Self.extents("final shape", &reader))
    case 11: self = .transpose(try Self.extents("final permutation", &reader))
    case let code: throw .unknownCode(part: "kind of final step", at: at, code: Int(code))
    }
  }
}

extension FinalQuantization {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(type.rawValue)
    writer.write(scale)
    writer.write(signed: zeroPoint)
  }

  fileprivate init(decoding reader: inout ByteReader) throws(FormatError) {
    self.init(
      type: try reader.code("final type"), scale: try reader.double("final scale"),
      zeroPoint: try reader.signed("final zero point"))
  }
}
