package import ConstraintSystem
package import Field
import Compute
package import Polynomial

/// How the cells of a block are packed into numbers: cells that follow one another, without padding, are
/// the digits of a word to the base B = 2^β, the first the lowest.
///
/// B is above the width of the block's image, so that the difference of two cells that the block can have
/// is below B in magnitude, and a word of d cells has B^d ≤ p. A word ends where a run of the axis does
/// that it divides, so that what a cell counts is a product over axes.
package struct PublicWords: Hashable, Sendable {
  /// Bits of a number that is surely below p, which is above 2^253.
  package static let wordBits = 253

  /// Extents of the block.
  package let shape: [Int]
  /// The least y that the block can have.
  package let lowest: Int64
  /// β.
  package let digitBits: Int
  /// The axis whose runs are divided; all behind it lie within a word. For a block of no axis, none.
  package let divided: Int
  /// Indices of that axis in a word.
  package let run: Int

  /// - Parameter block: of a validated circuit.
  package init(_ block: Block, of system: ConstraintSystem) {
    self.init(shape: block.shape, image: system.image(of: block))
  }

  package init(shape: [Int], image: ClosedRange<Int64>) {
    self.shape = shape
    lowest = image.lowerBound
    let width = UInt64(bitPattern: image.upperBound &- image.lowerBound)
    digitBits = max(1, UInt64.bitWidth - width.leadingZeroBitCount)
    let most = Self.wordBits / digitBits
    var (axis, inner) = (shape.count - 1, 1)
    while axis > 0, inner * shape[axis] <= most {
      inner *= shape[axis]
      axis -= 1
    }
    divided = axis
    guard axis >= 0 else {
      run = 1
      return
    }
    // As few words as can be, of one length but the last.
    let words = Self.quotient(shape[axis], max(1, most / inner))
    run = Self.quotient(shape[axis], words)
  }

  private static func quotient(_ count: Int, _ size: Int) -> Int { (count + size - 1) / size }

  /// Words along the divided axis.
  /// Words that the divided axis makes.
  package var wordsInRun: Int { divided < 0 ? 1 : Self.quotient(shape[divided], run) }
  /// Cells of one index of the divided axis.
  /// Cells of a word, but of the last one of the divided axis, and of all words of that axis.
  package var wordCells: Int { run * inner }
  package var rowCells: Int { inner * (divided < 0 ? 1 : shape[divided]) }

  private var inner: Int { divided < 0 ? 1 : shape[(divided + 1)...].reduce(1, *) }
  /// Words of the block.
  package var count: Int { shape[..<max(0, divided)].reduce(1, *) * wordsInRun }

  /// What each cell counts, x^(its word) · B^(its place there), axis by axis.
  ///
  /// - Complexity: two products for each index of each axis, at most.
  package func weights(at x: Fr) -> [TensorWeights.Axis] {
    var axes: [[Fr]] = []
    // From the last axis on: digits, then words.
    var digit = Fr(UInt64(1) << UInt64(digitBits))
    for extent in shape.dropFirst(divided + 1).reversed() {
      let powers = Self.powers(of: digit, count: extent)
      digit *= powers.last ?? .one
      axes.append(powers)
    }
    if divided >= 0 {
      let digits = Self.powers(of: digit, count: run)
      var word = x
      let words = Self.powers(of: word, count: wordsInRun)
      word *= words.last ?? .one
      axes.append((0..<shape[divided]).map { words[$0 / run] * digits[$0 % run] })
      for extent in shape[..<divided].reversed() {
        let powers = Self.powers(of: word, count: extent)
        word *= powers.last ?? .one
        axes.append(powers)
      }
    }
    OperationCounter.count(overKey: 3 * shape.reduce(0, +) + shape.count)
    return zip(shape, axes.reversed()).map { TensorWeights.Axis(bits: ceilLog2($0), weights: $1) }
  }

  /// 1, b, b², …
  private static func powers(of base: Fr, count: Int) -> [Fr] {
    var powers = [Fr.one]
    powers.reserveCapacity(count)
    while powers.count < count { powers.append((powers.last ?? .one) * base) }
    return powers
  }

  /// Σ_w xʷ Σᵢ Bⁱ·y_{w,i} of the cells y, row-major; zero where there are none.
  ///
  /// - Parameter axes: `weights(at: x)`.
  /// - Complexity: two products a word.
  package func value(
    _ cells: [Int64], at x: Fr, weighedBy axes: [TensorWeights.Axis]
  ) -> Fr {
    guard !cells.isEmpty else { return .zero }
    var sum = Fr.zero
    var end = cells.count
    // Horner's rule, the last word first; the last word of a run may be shorter.
    let row = inner * (divided < 0 ? 1 : shape[divided])
    while end > 0 {
      let start = end - 1 - (end - 1) % row % (run * inner)
      sum = sum * x + word(cells[start..<end])
      end = start
    }
    // Digits are less the least one, which is the same in every cell.
    return sum + Fr(lowest) * axes.reduce(.one) { $0 * $1.weights.reduce(.zero, +) }
  }

  /// Σᵢ Bⁱ·(cellᵢ − lowest).
  private func word(_ cells: ArraySlice<Int64>) -> Fr {
    var limbs = (UInt64.zero, UInt64.zero, UInt64.zero, UInt64.zero)
    for cell in cells.reversed() {
      Self.shift(&limbs, left: UInt64(digitBits))
      let (low, carry) = limbs.0.addingReportingOverflow(UInt64(bitPattern: cell &- lowest))
      limbs.0 = low
      guard carry else { continue }
      limbs.1 &+= 1
      if limbs.1 == 0 { limbs.2 &+= 1 }
      if limbs.1 == 0, limbs.2 == 0 { limbs.3 &+= 1 }
    }
    return Fr(reducing: limbs)
  }

  private static func shift(_ limbs: inout (UInt64, UInt64, UInt64, UInt64), left bits: UInt64) {
    limbs.3 = limbs.3 << bits | limbs.2 >> (64 - bits)
    limbs.2 = limbs.2 << bits | limbs.1 >> (64 - bits)
    limbs.1 = limbs.1 << bits | limbs.0 >> (64 - bits)
    limbs.0 <<= bits
  }
}
