import Foundation
import Model
import TestSupport
import Testing

struct FloatStepTests {
  private struct Case: Decodable {
    var factor: UInt32
    var steps: [[Int64]]
  }

  private let cases: [Case]

  init() throws {
    cases = try JSONDecoder().decode(
      [Case].self, from: Data(Vectors.bytes("model/float-step.json")))
  }

  @Test func `steps equal numpy's single precision`() throws {
    #expect(cases.count > 400)
    for vector in cases {
      let step = try #require(FloatStep(Float(bitPattern: vector.factor)))
      for pair in vector.steps { #expect(step(pair[0]) == pair[1], "\(vector.factor) \(pair)") }
    }
  }

  @Test func `the least accumulator reaches its quotient and the one below it does not`() throws {
    for vector in cases {
      let step = try #require(FloatStep(Float(bitPattern: vector.factor)))
      let range = -(Int64(1) << 31)...(Int64(1) << 31)
      for pair in vector.steps {
        let least = step.leastAccumulator(reaching: pair[1], in: range)
        #expect(least == range.lowerBound || step(least - 1) < pair[1])
        #expect(step(least) >= pair[1] && least <= pair[0])
      }
    }
    let half = try #require(FloatStep(0.5))
    #expect(half.leastAccumulator(reaching: 9, in: 0...16) == 17)
    #expect(half.leastAccumulator(reaching: 8, in: 0...16) == 15)
    #expect(half.leastAccumulator(reaching: -9, in: 0...16) == 0)
  }

  /// The integers of other kernels, by hand.
  @Test func `steps of means, of reals between integers, and with two roundings`() throws {
    let zeros: [Int64] = [0, 3]
    for zero in zeros {
      let quantization = AffineQuantization(scale: 0.1, zeroPoint: zero, range: -128...127)
      let own = try #require(
        FloatStep.realMean(of: 4, quantization, quantization, countsZero: true))
      let sums: [Int64] = [-6, -2, -1, 2, 3, 6, 10, 14]
      // Half-way sums go to the even integer as it stands: behind an odd zero point to the odd difference.
      #expect(
        sums.map { own($0) }
          == (zero == 0 ? [-2, 0, 0, 0, 1, 2, 2, 4] : [-1, -1, 0, 1, 1, 1, 3, 3]))
      let plain = try #require(
        FloatStep.realMean(of: 4, quantization, quantization, countsZero: false))
      #expect(sums.map { plain($0) } == [-2, 0, 0, 0, 1, 2, 2, 4])
    }
    let half = try #require(FloatStep.throughReals(1, over: 2))
    #expect([-3, -1, 1, 3, 5].map { half($0) } == [-2, 0, 0, 2, 2])
    let quarter = try #require(FloatStep.roundedTwice(0.25))
    // 1/4 is a half first, which is 1; −1/4 is 0.
    #expect([-3, -2, -1, 0, 1, 2, 3, 5].map { quarter($0) } == [-1, -1, 0, 0, 1, 1, 1, 2])
    let four = try #require(FloatStep.roundedTwice(4))
    #expect([-3, 0, 5].map { four($0) } == [-12, 0, 20])
  }

  @Test func `every step is monotone`() throws {
    var random = SplitMix64(seed: 5)
    for _ in 0..<200 {
      let (s, t) = (
        Float.random(in: 0.001...0.1, using: &random), Float.random(in: 0.001...0.1, using: &random)
      )
      let zero = Int64.random(in: -128...127, using: &random)
      let x = AffineQuantization(scale: s, zeroPoint: zero, range: -128...127)
      let y = AffineQuantization(scale: t, zeroPoint: -zero - 1, range: -128...127)
      for step in [
        FloatStep.mean(of: 6, x, y), .realMean(of: 6, x, y, countsZero: true),
        .throughReals(s, over: t), .roundedTwice(Double(s / t)),
      ] {
        let step = try #require(step)
        let quotients = (-1600...1600).map { step($0) }
        #expect(zip(quotients, quotients.dropFirst()).allSatisfy { $0 <= $1 })
      }
    }
  }

  @Test func `no factor that is not positive and finite, and no trap`() throws {
    for factor in [0, -1, -0.0, .infinity, .nan] as [Float] { #expect(FloatStep(factor) == nil) }
    for factor in [Float.leastNonzeroMagnitude, 1, .greatestFiniteMagnitude] {
      let step = try #require(FloatStep(factor))
      #expect(step(.max) >= 0 && step(.min) <= 0)
    }
  }
}
