import ConstraintSystem
import Testing

@testable import Model

/// Two tensors of bytes at one scale, so that integers are compared as onnxruntime compares reals.
struct ComparisonTests {
  private static let scales: [(Float, Float)] = [
    (0.05, 0.05), (0.047, 0.0313), (1, 0.5), (0.1, 0.0001), (0.0001, 3), (0.02, 0.0199),
    (0.25, 0.75),
    (0x1.fffffep-5, 0x1p-4), (1e-30, 1e30),
  ]

  @Test(arguments: scales)
  func `the sign of a difference is the order of the reals in single precision`(
    _ first: Float, _ second: Float
  ) {
    let a = AffineQuantization(scale: first, zeroPoint: 3, range: -128...127)
    let b = AffineQuantization(scale: second, zeroPoint: 200, range: 0...255)
    let common = CommonScale(a, b)
    #expect((1...512).contains(common.first) && (1...512).contains(common.second))
    var wrong = 0
    for m in a.range {
      for n in b.range {
        let (x, y) = (a.dequantize(m), b.dequantize(n))
        let sign = (common.first * (m - 3) - common.second * (n - 200)).signum()
        wrong += sign == (x < y ? -1 : x > y ? 1 : 0) ? 0 : 1
      }
    }
    #expect(wrong == 0)
  }

  /// 0.1 and 0.3 in single precision: of 3·m = 9·n it says equal, of 3·m = n less.
  @Test func `where single precision has no order it is that of the exact reals`() {
    let a = AffineQuantization(scale: 0.1, zeroPoint: 0, range: -128...127)
    let b = AffineQuantization(scale: 0.3, zeroPoint: 0, range: -128...127)
    let signs = Set(
      (1...40).map { (3 * Float($0) * 0.1 as Float, Float($0) * 0.3 as Float) }.map { $0 < $1 })
    #expect(signs.count == 2)
    let common = CommonScale(a, b)
    for m in a.range {
      for n in b.range {
        let (x, y) = (Double(a.scale) * Double(m), Double(b.scale) * Double(n))
        let sign = (common.first * m - common.second * n).signum()
        #expect(sign == (x < y ? -1 : x > y ? 1 : 0))
      }
    }
  }
}
