/// A byte for the kind, then its forms and the blocks that it names, in the order of its declaration.
extension Gadget {
  func write(to writer: inout ByteWriter) {
    switch self {
    case .quotient(let gadget):
      writer.write(UInt8(0))
      writer.write(terms: gadget.numerator)
      writer.write(terms: gadget.denominator)
      writer.write(blocks: gadget.limbs)
      writer.write(gadget.remainder)
      writer.write(gadget.rest)
    case .squareRoot(let gadget):
      writer.write(UInt8(1))
      writer.write(terms: gadget.radicand)
      writer.write(blocks: gadget.limbs)
      writer.write(gadget.remainder)
      writer.write(gadget.rest)
    case .maximum(let gadget):
      writer.write(UInt8(2))
      writer.write(terms: gadget.values)
      writer.write(gadget.mask != nil)
      if let mask = gadget.mask {
        writer.write(terms: mask.terms)
        writer.write(signed: mask.picked)
        writer.write(signed: mask.check)
      }
      for block in [
        gadget.rows, gadget.columns, gadget.picked, gadget.largest, gadget.oneRow, gadget.oneColumn,
      ] {
        writer.write(signed: block)
      }
      writer.write(gadget.beyond != nil)
      if let beyond = gadget.beyond { writer.write(signed: beyond) }
      switch gadget.bound {
      case .within(let check):
        writer.write(UInt8(0))
        writer.write(check)
      case .domain(let block):
        writer.write(UInt8(1))
        writer.write(signed: block)
      }
    case .firstMaximum(let gadget):
      writer.write(UInt8(3))
      writer.write(terms: gadget.values)
      writer.write(signed: gadget.places)
      writer.write(signed: gadget.one)
      writer.write(gadget.bound)
    }
  }

  init(decoding reader: inout ByteReader) throws(FormatError) {
    let at = reader.position
    switch try reader.byte("kind of gadget") {
    case 0:
      self = .quotient(
        Quotient(
          numerator: try reader.terms("numerator"), denominator: try reader.terms("denominator"),
          limbs: try reader.blocks("limbs"), remainder: try reader.widthCheck(),
          rest: try reader.widthCheck()))
    case 1:
      self = .squareRoot(
        SquareRoot(
          radicand: try reader.terms("radicand"), limbs: try reader.blocks("limbs"),
          remainder: try reader.widthCheck(), rest: try reader.widthCheck()))
    case 2:
      self = .maximum(try Maximum(decoding: &reader))
    case 3:
      self = .firstMaximum(
        FirstMaximum(
          values: try reader.terms("values"), places: try reader.signedInt("block of a gadget"),
          one: try reader.signedInt("block of a gadget"), bound: try reader.widthCheck()))
    case let code: throw .unknownCode(part: "kind of gadget", at: at, code: Int(code))
    }
  }
}

extension Maximum {
  fileprivate init(decoding reader: inout ByteReader) throws(FormatError) {
    func block(_ reader: inout ByteReader) throws(FormatError) -> Int {
      try reader.signedInt("block of a gadget")
    }
    let values = try reader.terms("values")
    var mask: Mask?
    if try reader.flag("mask") {
      mask = Mask(
        terms: try reader.terms("mask"), picked: try block(&reader), check: try block(&reader))
    }
    self.init(
      values: values, mask: mask, rows: try block(&reader), columns: try block(&reader),
      picked: try block(&reader), largest: try block(&reader), oneRow: try block(&reader),
      oneColumn: try block(&reader),
      beyond: try reader.flag("beyond") ? try block(&reader) : nil, bound: .domain(of: 0))
    let at = reader.position
    switch try reader.byte("kind of bound") {
    case 0: bound = .within(try reader.widthCheck())
    case 1: bound = .domain(of: try block(&reader))
    case let code: throw .unknownCode(part: "kind of bound", at: at, code: Int(code))
    }
  }
}

extension ByteWriter {
  fileprivate mutating func write(blocks: [Int]) { write(list: blocks) { $0.write(signed: $1) } }

  fileprivate mutating func write(_ check: WidthCheck) {
    write(signed: check.block)
    write(signed: check.width)
  }
}

extension ByteReader {
  fileprivate mutating func blocks(_ part: String) throws(FormatError) -> [Int] {
    try list(part, limit: Limits.gadgetLimbs) { (reader) throws(FormatError) in
      try reader.signedInt(part)
    }
  }

  fileprivate mutating func widthCheck() throws(FormatError) -> WidthCheck {
    WidthCheck(
      block: try signedInt("block of a gadget"), width: try signedInt("width of a check"))
  }
}
