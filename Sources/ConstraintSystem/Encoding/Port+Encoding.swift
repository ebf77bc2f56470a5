extension Port {
  func write(to writer: inout ByteWriter) {
    writer.write(name)
    writer.write(signed: block)
    writer.write(visibility.rawValue)
    writer.write(list: shape) { $0.write(signed: $1) }
    writer.write(type.rawValue)
    writer.write(scale)
    writer.write(signed: zeroPoint)
    writer.write(userType.rawValue)
  }

  init(decoding reader: inout ByteReader) throws(FormatError) {
    self.init(
      name: try reader.text("port name", limit: Limits.nameBytes),
      block: try reader.signedInt("port block"),
      visibility: try reader.code("visibility"),
      shape: try reader.list("port shape", limit: Limits.rank) { (reader) throws(FormatError) in
        try reader.signedInt("port shape")
      },
      type: try reader.code("port type"), scale: try reader.double("port scale"),
      zeroPoint: try reader.signed("port zero point"), userType: try reader.code("user's type"))
  }
}

extension FinalStep {
  func write(to writer: inout ByteWriter) {
    switch self {
    case .softmax(let beta, let output):
      writer.write(UInt8(0))
      writer.write(beta)
      Self.write(output, to: &writer)
    case .argMax(let axis):
      writer.write(UInt8(1))
      writer.write(signed: axis)
    case .dequantize:
      writer.write(UInt8(2))
    case .logSoftmax(let output):
      writer.write(UInt8(3))
      Self.write(output, to: &writer)
    case .requantize(let output):
      writer.write(UInt8(4))
      output.write(to: &writer)
    }
  }

  private static func write(_ output: FinalQuantization?, to writer: inout ByteWriter) {
    writer.write(output != nil)
    output?.write(to: &writer)
  }

  private static func quantization(
    _ reader: inout ByteReader
  ) throws(FormatError) -> FinalQuantization? {
    guard try reader.flag("requantization") else { return nil }
    return try FinalQuantization(decoding: &reader)
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
