import CGenerators
import Field

/// H, then G_1 … G_4096, as the file of their coordinates has them.
enum GeneratorTable {
  static let count = Int(TACIT_GENERATORS)

  /// Point `index` of the table.
  static func point(_ index: Int) -> AffinePoint {
    let bytes = bytes(index)
    guard let x = Fp(canonicalBigEndian: bytes[..<32]),
      let y = Fp(canonicalBigEndian: bytes[32...]),
      let point = AffinePoint(x: x, y: y)
    else { preconditionFailure("the generator table is damaged at \(index)") }
    return point
  }

  /// Its 64 bytes, x and y big-endian.
  private static func bytes(_ index: Int) -> [UInt8] {
    precondition(0 <= index && index < count, "the table has \(count) points")
    let size = Int(TACIT_GENERATOR_BYTES)
    // SAFETY: the table holds `count` points of `size` bytes each and lives as long as the process.
    return unsafe Array(
      UnsafeBufferPointer(start: tacit_generators() + index * size, count: size))
  }
}
