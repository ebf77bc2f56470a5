import ConstraintSystem
import Platform

/// Softmax of a network that is quantized here: y_i = e^(βx_i) / Σ_j e^(βx_j) over L values, on integers.
///
///   D_i = max x − x_i                         at the input's scale s, exactly; 0 ≤ D_i
///   E_i = ⌊C·e^(−sβ·D_i) + ½⌋                 a table, C = 2^15 − 1
///   R   = ⌊2^30 / Σ_j E_j⌋
///   y_i = ⌊E_i·R·m / 2^36 + ½⌋                m = ⌊2^6·A + ½⌋, A = 1/s_y; cut to the output's integers
///
/// Rows for each L: pointer to the maximum about 3√L + 3, R two limbs, two checks; and two a value, E and y. That
/// is 3.19 a value at L = 16 and 2.48 at L = 64.
///
/// **Error**, in steps of the output. The largest value has E = C, so that C ≤ ΣE. With E_i = C·e_i + δ_i,
/// |δ_i| ≤ ½ and none at the largest,
///
///   E_i/ΣE − e_i/Σe = (δ_i·(Σe − e_i) − e_i·Σ_(j≠i) δ_j) / (Σe·ΣE)
///
/// is at most (L − 1)/2C: e_i/Σe is at most ½ where δ_i is not 0. That R is a floor takes away less than
/// A·E_i/2^30 ≤ A·2^−15, and m is off by less than 2^−7 in all, as E_i·R ≤ 2^30. With the rounding y is within
/// ½ + A·(L − 1)/2C + A·2^−15 + 2^−7 of the real value: within one for up to 120 values at s_y ≥ 1/256,
/// and within 1.6 for 256 of them, where all but one lie next to a tie of the table.
///
/// **Bounds.** E_i·R ≤ ΣE·R ≤ 2^30, so that no quotient is above A + 1, whatever intervals say of it. R is at most
/// 2^30/C and has 16 bits; ΣE is below 2^30, as L is at most 2^14.
///
/// **Places that do not count** have 2·(n + 1) taken away from their x, n being the span of the input's integers. So they
/// are below all that count, each by more than n, where the table has zeros.
struct ExponentialShares {
  /// C.
  private static let largest: Int64 = (1 << 15) - 1
  private static let power = 30
  /// Of m.
  private static let shift = 36
  private static let quotientBits = 16
  /// L, at most.
  static let longest = 1 << 14

  let input: AffineQuantization
  let output: AffineQuantization
  /// By difference.
  private let images: [Int16]
  private let rescale: (mantissa: Int64, quotients: ClosedRange<Int64>)

  /// - Parameter count: L.
  init(_ tensors: NodeTensors, beta: Float, count: Int) throws(ModelError) {
    input = try tensors.input(0, "input").affine(tensors.node)
    output = try tensors.output.affine(tensors.node)
    guard count <= Self.longest else {
      throw .unsupported(
        node: tensors.node, what: "a softmax of \(count) values in the middle of the network",
        remedy: "at most \(Self.longest) are possible there")
    }
    // Steps of the output that one is; a table of clamps has room for so many.
    let steps = 1 / Double(output.scale)
    guard steps <= 0x1p12, beta > 0 else {
      throw .unsupported(
        node: tensors.node,
        what: "a softmax in the middle of the network with beta \(beta) and an output of scale "
          + "\(output.scale)", remedy: "beta is above zero, and the scale at least 2^-12")
    }
    let rate = Double(input.scale) * Double(beta)
    images = (0...input.span).map { difference in
      Int16((Double(Self.largest) * Platform.exp(-rate * Double(difference))).rounded())
    }
    let mantissa = Int64((steps * Double(1 << (Self.shift - Self.power))).rounded())
    let most = Self.quotient(1 << Int64(Self.power), mantissa)
    rescale = (mantissa, 0...most)
  }

  private static func quotient(_ product: Int64, _ mantissa: Int64) -> Int64 {
    (product * mantissa + 1 << Int64(shift - 1)) >> Int64(shift)
  }

  /// The output's integers for a row of the input's.
  func callAsFunction(_ row: [Int64]) -> [Int64] {
    let largest = row.max() ?? 0
    let exponentials = row.map { Int64(images[Int(largest - $0)]) }
    let reciprocal = (1 << Int64(Self.power)) / exponentials.reduce(0, +)
    return exponentials.map { exponential in
      (Self.quotient(exponential * reciprocal, rescale.mantissa) + output.zeroPoint)
        .clamped(to: output.range)
    }
  }

  /// Rows over the axes of a shape, the last of which is that of the values.
  ///
  /// - Parameters:
  ///   - x: over those axes.
  ///   - apart: likewise, −1 where a place does not count and 0 elsewhere.
  func lower<Builder: CircuitBuilder>(
    _ x: Reading, apart: Reading? = nil, over shape: [Int], named name: String,
    into builder: inout Builder
  ) -> TensorView {
    let outer = Array(shape.dropLast())
    let count = shape.last ?? 1
    var values = builder.terms(over: shape, x, named: name)
    var (range, images) = (input.withoutZeroPoint(input.range), images)
    if let apart {
      let gap = 2 * (input.span + 1)
      values += builder.terms(gap, over: shape, apart, named: name)
      range = min(0, range.lowerBound) - gap...range.upperBound
      images += [Int16](
        repeating: 0, count: Int(range.upperBound - range.lowerBound) + 1 - images.count)
    }
    let exponentials = builder.differences(
      name, from: values, over: shape, range: range, name: "exponential", images: images
    ).images
    let sum = builder.terms(
      over: outer, summed: [count], .inPlace(exponentials), named: name)
    let sumBits = Int64.bitWidth - (Self.largest * Int64(count) - 1).leadingZeroBitCount
    let reciprocal = builder.reciprocal(
      name, of: sum, over: outer, power: Self.power, bits: Self.quotientBits,
      remainderBits: sumBits)
    let y = builder.block(
      name, shape: shape,
      relation: builder.terms(
        over: shape, .inPlace(exponentials), Reading(reciprocal, outer.indices.map { .label($0) }),
        named: name),
      multiplier: FixedPoint(mantissas: [rescale.mantissa], shifts: [Self.shift], axes: []),
      activation: .clamp(output.withoutZeroPoint(output.range)))
    builder.bound(y, quotients: rescale.quotients)
    return y
  }
}
