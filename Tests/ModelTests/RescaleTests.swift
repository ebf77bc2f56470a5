import Foundation
import Model
import TestSupport
import Testing

private struct RescaleVectors: Decodable {
  struct Ratio: Decodable {
    var ratio: Double
    var q31: [Int64]?
  }
  var ratios: [Ratio]
  var products: [[Int64]]
}

struct RescaleTests {
  private let vectors: RescaleVectors

  init() throws {
    vectors = try JSONDecoder().decode(
      RescaleVectors.self, from: Data(Vectors.bytes("model/rescale.json")))
  }

  @Test func `multipliers equal those of exact fractions`() {
    #expect(vectors.ratios.count > 500)
    for vector in vectors.ratios {
      let made = Rescale(ratio: vector.ratio)
      let expected = vector.q31.map { Rescale(mantissa: $0[0], shift: Int($0[1])) }
      #expect(made == expected, "ratio \(vector.ratio)")
    }
  }

  @Test func `products round half upwards, once`() {
    #expect(vectors.products.count > 1000)
    for vector in vectors.products {
      let rescale = Rescale(mantissa: vector[1], shift: Int(vector[2]))
      #expect(rescale(vector[0]) == vector[3], "\(vector)")
    }
  }

  @Test func `no ratio that is not positive and finite`() {
    for ratio in [0, -1, -0.0, .infinity, .nan, -.infinity] as [Double] {
      #expect(Rescale(ratio: ratio) == nil)
    }
    guard case .integer(mantissa: 0, _)? = Rescale(ratio: .leastNonzeroMagnitude) else {
      Issue.record("a vanishing ratio is not zero")
      return
    }
  }

  @Test func `accumulators at the ends of 64 bits do not trap`() {
    for acc in [Int64.min, .max, .min + 1] {
      for rescale in [
        Rescale(mantissa: (1 << 31) - 1, shift: 1), Rescale(mantissa: (1 << 31) - 1, shift: 0),
        Rescale(mantissa: 1 << 30, shift: 62), .identity,
      ] {
        #expect((rescale(acc) < 0) == (acc < 0))
      }
    }
  }
}

struct AffineTests {
  let int8 = AffineQuantization(scale: 0.5, zeroPoint: 3, range: -128...127)

  @Test func `quantizing rounds ties to even, then adds the zero point, then saturates`() {
    // numpy.rint(np.float32(v) / np.float32(0.5)) + 3, clipped.
    let expected: [(Float, Int64)] = [
      (0.25, 3), (0.75, 5), (1.25, 5), (-0.25, 3), (-0.75, 1), (0.26, 4), (62, 127), (63, 127),
      (-65.5, -128), (-70, -128), (.infinity, 127), (-.infinity, -128), (3.4e38, 127),
    ]
    for (real, integer) in expected { #expect(int8.quantize(real) == integer, "\(real)") }
    #expect(int8.quantize(.nan) == nil)
  }

  @Test func `a clamp of reals becomes a clamp of integers`() {
    #expect(int8.clamp(.relu) == 3...127)
    #expect(int8.clamp(.relu6) == 3...15)
    #expect(int8.clamp(.reluN1To1) == 1...5)
    #expect(int8.clamp(.unbounded) == -128...127)
    #expect(int8.clamp(RealRange(lower: 1000)) == 127...127)
  }
}
