import Arguments
import ConstraintSystem
import Field

extension VerifierProgram {
  /// Adds the weights of a public block's words, as `PublicWords` has them, to what y weighs.
  mutating func tensor(_ block: Block, _ claim: Int) {
    let words = PublicWords(block, of: system)
    let parts = columnParts(block.shape, bits: dimensions.traceBits)
    var factors = place(parts.high, index: block.offset >> block.bits) + [claim]
    guard words.divided >= 0 else { return add(to: ProgramWords.onOutput, 1, factors) }
    var digit = words.digitBits
    for axis in (0..<block.shape.count).reversed() where axis > words.divided {
      factors += powers(parts.axes[axis], block.shape[axis], constant(Self.power(digit)))
      digit *= block.shape[axis]
    }
    let (extent, part) = (block.shape[words.divided], parts.axes[words.divided])
    if words.wordsInRun == 1 {
      factors += powers(part, extent, constant(Self.power(digit)))
    } else if words.run == 1 {
      factors += powers(part, extent, ProgramWords.pack)
    } else {
      let (table, base) = (table(part), constant(Self.power(digit)))
      factors.append(
        value(.digits(part, extent, words.run, digit)) {
          .digits(
            to: $0, table: table, extent: extent, run: words.run, base: base,
            word: ProgramWords.pack)
        })
    }
    var exponent = words.wordsInRun
    for axis in (0..<words.divided).reversed() {
      let base =
        exponent == 1
        ? ProgramWords.pack
        : value(.power(exponent)) {
          .power(to: $0, of: ProgramWords.pack, exponent: exponent)
        }
      factors += powers(parts.axes[axis], block.shape[axis], base)
      exponent *= block.shape[axis]
    }
    add(to: ProgramWords.onOutput, 1, factors)
  }

  /// Σ over values below the extent of base^value · eq(part, value).
  private mutating func powers(_ part: PointPart, _ extent: Int, _ base: Int) -> [Int] {
    guard extent > 1 else { return [] }
    return [
      value(.powers(part, extent, base)) { .powers(to: $0, part, extent: extent, base: base) }
    ]
  }

  private static func power(_ bits: Int) -> Fr {
    (0..<bits).reduce(.one) { power, _ in power + power }
  }
}
