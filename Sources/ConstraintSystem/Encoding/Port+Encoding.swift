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
      name: try reader.text("port name"), block: try reader.signedInt("port block"),
      visibility: try reader.code("visibility"),
      shape: try reader.list("port shape") { (reader) throws(FormatError) in
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
      writer.write(output != nil)
      if let output {
        writer.write(output.type.rawValue)
        writer.write(output.scale)
        writer.write(signed: output.zeroPoint)
      }
    case .argMax(let axis):
      writer.write(UInt8(1))
      writer.write(signed: axis)
    case .dequantize:
      writer.write(UInt8(2))
    }
  }

  init(decoding reader: inout ByteReader) throws(FormatError) {
    let at = reader.position
    switch try reader.byte("kind of final step") {
    case 0:
      let beta = try reader.double("beta")
      guard try reader.flag("requantization") else {
        self = .softmax(beta: beta, output: nil)
        return
      }
      self = .softmax(
        beta: beta,
        output: FinalQuantization(
          type: try reader.code("final type"), scale: try reader.double("final scale"),
          zeroPoint: try reader.signed("final zero point")))
    case 1: self = .argMax(axis: try reader.signedInt("axis"))
    case 2: self = .dequantize
    case let code: throw .unknownCode(part: "kind of final step", at: at, code: Int(code))
    }
  }
}
