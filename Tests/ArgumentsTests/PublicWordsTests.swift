import Arguments
import ConstraintSystem
import Field
import Polynomial
import TestSupport
import Testing

/// Packed public tensors against their definition, cell by cell.
struct PublicWordsTests {
  private struct Case: Sendable, CustomTestStringConvertible {
    var shape: [Int]
    var image: ClosedRange<Int64>
    /// Words, and bits of a digit.
    var words: Int
    var digitBits: Int
    var testDescription: String { "\(shape) in \(image)" }
  }

  private static let cases: [Case] = [
    Case(shape: [], image: -128...127, words: 1, digitBits: 8),
    Case(shape: [1], image: 5...5, words: 1, digitBits: 1),
    Case(shape: [31], image: -128...127, words: 1, digitBits: 8),
    Case(shape: [32], image: -128...127, words: 2, digitBits: 8),
    Case(shape: [33], image: 0...256, words: 2, digitBits: 9),
    // ResNet-8's picture: 10 or fewer pixels of three channels a word.
    Case(shape: [32, 32, 3], image: -128...127, words: 128, digitBits: 8),
    Case(shape: [49, 10], image: -128...127, words: 17, digitBits: 8),
    Case(shape: [3, 5, 7, 2], image: -3...12, words: 6, digitBits: 4),
    Case(shape: [4, 2, 2, 2], image: -131_072...131_071, words: 4, digitBits: 18),
    Case(shape: [5, 40], image: 0...1, words: 1, digitBits: 1),
    Case(shape: [7, 40], image: 0...1, words: 2, digitBits: 1),
  ]

  /// The word of each cell and its place there, as a run of the divided axis has them.
  private func places(_ words: PublicWords) -> [(word: Int, digit: Int)] {
    guard words.divided >= 0 else { return [(0, 0)] }
    let inner = words.shape[(words.divided + 1)...].reduce(1, *)
    let extent = words.shape[words.divided]
    let perRun = (extent + words.run - 1) / words.run
    return (0..<words.shape.reduce(1, *)).map { cell in
      let (outer, index) = (cell / inner / extent, cell / inner % extent)
      return (outer * perRun + index / words.run, index % words.run * inner + cell % inner)
    }
  }

  @Test(arguments: cases)
  private func `a word holds as many digits as stay below p`(test: Case) {
    let words = PublicWords(shape: test.shape, image: test.image)
    #expect(words.count == test.words)
    #expect(words.digitBits == test.digitBits)
    let places = places(words)
    #expect(Set(places.map(\.word)) == Set(0..<words.count))
    #expect(Set(places.map { [$0.word, $0.digit] }).count == places.count)
    // B^d ≤ p, and a digit holds the difference of any two values.
    let digits = (places.map(\.digit).max() ?? 0) + 1
    #expect(digits * words.digitBits <= 253)
    #expect(test.image.count <= 1 << words.digitBits)
  }

  @Test(arguments: cases)
  private func `weights and values are those of the definition`(test: Case) {
    let words = PublicWords(shape: test.shape, image: test.image)
    var random = SplitMix64(seed: 3)
    let x = Samples(seed: 9).first
    var cells = random.integers(test.shape.reduce(1, *), in: test.image)
    // Both ends are met.
    cells[0] = test.image.lowerBound
    cells[cells.count - 1] = test.image.upperBound
    let base = Fr(UInt64(1) << UInt64(words.digitBits))
    func power(_ base: Fr, _ exponent: Int) -> Fr {
      (0..<exponent).reduce(Fr.one) { product, _ in product * base }
    }
    let weights = places(words).map { power(x, $0.word) * power(base, $0.digit) }
    let axes = words.weights(at: x)
    for (cell, weight) in weights.enumerated() {
      let position = Layout.position(cell, in: test.shape)
      #expect(
        zip(axes, position).reduce(Fr.one) { $0 * $1.0.weights[$1.1 - $1.0.first] } == weight)
    }
    #expect(zip(axes, test.shape).allSatisfy { $0.weights.count == $1 && $0.first == 0 })
    #expect(
      words.value(cells, at: x, weighedBy: axes)
        == zip(weights, cells).reduce(Fr.zero) { $0 + $1.0 * Fr($1.1) })
    #expect(words.value([], at: x, weighedBy: axes) == .zero)
  }

  /// A digit that no row can have is one more of the digit above it, which is why a statement that tells one
  /// is refused.
  @Test func `a value beyond the image makes the words of other values`() {
    let words = PublicWords(shape: [2], image: 0...255)
    let x = Samples(seed: 9).first
    let axes = words.weights(at: x)
    #expect(
      words.value([300, 0], at: x, weighedBy: axes) == words.value([44, 1], at: x, weighedBy: axes))
  }
}

extension Samples {
  fileprivate var first: Fr {
    var samples = self
    return samples.scalar()
  }
}
