import ConstraintSystem

/// What LiteRT reads of an axis.
struct LiteRTResize: Hashable {
  var input: Int
  var output: Int
  var isNearest: Bool
  /// Whether the ends of both axes meet.
  var isAligned: Bool
  /// Whether places are squares with a centre.
  var isCentred: Bool
  /// Whether weights have eleven bits.
  var isRounded: Bool

  static func axes(
    _ attributes: inout AttributeReader, _ input: [Int], isNearest: Bool
  ) throws(ModelError) -> [LiteRTResize?] {
    let node = attributes.node
    let size = try node.integers(1, "size")
    guard input.count == 4, size.count == 2 else {
      throw .invalid(node: node.name, what: "a size \(size) for an input of shape \(input)")
    }
    let isAligned = try attributes.integer("align_corners", default: 0) != 0
    let isCentred = try attributes.integer("half_pixel_centers", default: 0) != 0
    attributes.ignore("new_height", "new_width")
    guard isNearest || !isAligned || !isCentred else {
      throw .unsupported(
        node: node.name, what: "RESIZE_BILINEAR with align_corners and half_pixel_centers",
        remedy: "no runtime has both: set one of them")
    }
    var result: [LiteRTResize?] = [nil, nil, nil, nil]
    var cells = Double(input[0]) * Double(input[3])
    for (axis, extent) in zip(1...2, size) {
      let target = try ONNXResize.extent(extent, node)
      cells *= Double(target)
      guard cells <= Double(ModelLimits.activation) else {
        throw .invalid(node: node.name, what: "a size of \(size)")
      }
      result[axis] = LiteRTResize(
        input: input[axis], output: target, isNearest: isNearest, isAligned: isAligned,
        isCentred: isCentred, isRounded: node.hasLiteRTIntegers)
    }
    return result
  }

  func taps(_ index: Int) -> [Resampling<Double>.Tap] {
    isNearest ? [.init(nearest(index), 1)] : linear(index)
  }

  /// Source: TFLite's `GetNearestNeighbor`, and the way in fixed point of its optimized kernel.
  private func nearest(_ index: Int) -> Int {
    if !isAligned, !isCentred {
      return min((index * ((input << 16) / output + 1)) >> 16, input - 1)
    }
    let scale =
      isAligned && output > 1 ? Float(input - 1) / Float(output - 1) : Float(input) / Float(output)
    let place = (Float(index) + (isCentred ? 0.5 : 0)) * scale
    let rounded = place.rounded(isAligned ? .toNearestOrAwayFromZero : .down)
    return min(max(Int(rounded), 0), input - 1)
  }

  /// Source: XNNPACK's `xnn_indirection_init_resize_bilinear2d_hwc_q11`.
  private func linear(_ index: Int) -> [Resampling<Double>.Tap] {
    let ends: Float = isAligned && output > 1 ? 1 : 0
    let scale = (Float(input) - ends) / (Float(output) - ends)
    var place = Float(index) * scale
    if isCentred { place = min(max(place + (0.5 * scale - 0.5), 0), Float(input - 1)) }
    let lower = min(Int(place), input - 1)
    let weight = place - Float(lower)
    let second =
      isRounded ? Double((weight * 2048).rounded(.toNearestOrEven)) / 2048 : Double(weight)
    let upper = min(lower + 1, input - 1)
    if second == 0 || upper == lower { return [.init(lower, 1)] }
    return second == 1 ? [.init(upper, 1)] : [.init(lower, 1 - second), .init(upper, second)]
  }
}
