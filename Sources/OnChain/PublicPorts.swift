import Arguments
import ConstraintSystem

/// How the contract reads public tensors out of a statement, block by block.
struct PublicPorts {
  private var writer = ByteWriter()

  var bytes: [UInt8] { writer.bytes }

  init(_ system: ConstraintSystem) throws(ChainExportError) {
    var offset = 0
    for port in system.inputs + system.outputs where port.visibility == .public {
      guard port.type != .float32 else { throw .unsupported("public floats") }
      for (limb, block) in port.blocks.enumerated() {
        try add(port, limb, system.blocks[block], at: offset, of: system)
      }
      offset += port.count * port.type.bytes
    }
  }

  private mutating func add(
    _ port: Port, _ limb: Int, _ block: Block, at offset: Int, of system: ConstraintSystem
  ) throws(ChainExportError) {
    let words = PublicWords(block, of: system)
    let limbs = PortLimbs(port, of: system)
    guard let range = limbs.range else { throw .unsupported("integers above 2^63") }
    let type = port.type.integers
    let held = range.clamped(to: type)
    let isTop = limb + 1 == port.blocks.count
    let takesAnyByte =
      port.type.bytes == 1 && port.blocks.count == 1 && held == type
      && words.digitBits == 8
    for number in [offset, port.count, words.rowCells] {
      ProgramOperation.big(UInt32(number), &writer)
    }
    ProgramOperation.words([words.wordCells], &writer)
    writer.write(UInt8(port.type.bytes))
    writer.write(UInt8((port.type == .uint8 ? 0 : 1) + (takesAnyByte ? 2 : 0)))
    for number in [port.zeroPoint, held.lowerBound, held.upperBound] {
      ProgramOperation.big(number, &writer)
    }
    writer.write(UInt8(limbs.shifts[limb]))
    writer.write(UInt8(isTop ? 0 : limbs.shifts[limb + 1] - limbs.shifts[limb]))
    writer.write(UInt8(words.digitBits))
  }
}
