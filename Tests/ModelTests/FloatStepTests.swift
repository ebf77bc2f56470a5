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

  @Test func `no factor that is not positive and finite, and no trap`() throws {
    for factor in [0, -1, -0.0, .infinity, .nan] as [Float] { #expect(FloatStep(factor) == nil) }
    for factor in [Float.leastNonzeroMagnitude, 1, .greatestFiniteMagnitude] {
      let step = try #require(FloatStep(factor))
      #expect(step(.max) >= 0 && step(.min) <= 0)
    }
  }
}
