import ConstraintSystem

/// How the window of a convolution or pooling slides over the spatial axes: at output position o and
/// kernel position k it reads input position o·stride + k·dilation − pad.
package struct Sliding: Sendable, Hashable {
  package enum Padding: Sendable, Hashable {
    /// Zeros before and after each axis.
    case explicit(before: [Int], after: [Int])
    /// As many zeros as make ⌈input / stride⌉ positions; of an odd number, one more after
    /// (TFLite's SAME, ONNX's SAME_UPPER) or before (SAME_LOWER).
    case same(moreAfter: Bool)
    case valid
  }
  package var kernel: [Int]
  package var strides: [Int]
  package var dilations: [Int]
  package var padding: Padding
  /// ONNX's ceil_mode: a last window may reach beyond the end.
  package var roundsUp = false

  package init(
    kernel: [Int], strides: [Int]? = nil, dilations: [Int]? = nil, padding: Padding = .valid,
    roundsUp: Bool = false
  ) {
    self.kernel = kernel
    self.strides = strides ?? kernel.map { _ in 1 }
    self.dilations = dilations ?? kernel.map { _ in 1 }
    self.padding = padding
    self.roundsUp = roundsUp
  }

  var rank: Int { kernel.count }

  /// Places from a window's first value along an axis to one after its last.
  func reach(_ axis: Int) -> Int { (kernel[axis] - 1) * dilations[axis] + 1 }

  /// The kernel positions along an axis whose place `start + k·dilation` lies in `0..<extent`.
  func kernelPositions(_ axis: Int, from start: Int, within extent: Int) -> Range<Int> {
    let step = dilations[axis]
    let first = start < 0 ? (step - 1 - start) / step : 0
    let end = start < extent ? (extent - 1 - start) / step + 1 : 0
    return first..<max(first, min(end, kernel[axis]))
  }

  /// The positions along each axis, and the zeros before its first value.
  ///
  /// - Throws: without a node's name, where the kernel does not fit.
  func positions(_ input: [Int]) throws(ModelError) -> (output: [Int], before: [Int]) {
    guard input.count == rank, strides.count == rank, dilations.count == rank else {
      throw .invalid(node: "", what: "a kernel \(kernel) over axes of extents \(input)")
    }
    var (output, before) = ([Int](), [Int]())
    for axis in 0..<rank {
      let (stride, extent) = (strides[axis], input[axis])
      let reach = self.reach(axis)
      guard reach <= ModelLimits.activation else {
        throw .invalid(
          node: "", what: "a kernel that reaches over \(reach) values of an axis of \(extent)")
      }
      let count: Int
      switch padding {
      case .same(let moreAfter):
        count = (extent + stride - 1) / stride
        let total = max((count - 1) * stride + reach - extent, 0)
        before.append(moreAfter ? total / 2 : (total + 1) / 2)
      case .valid:
        count = (extent - reach + stride) / stride
        before.append(0)
      case .explicit(let first, let last):
        guard first.count == rank, last.count == rank else {
          throw .invalid(node: "", what: "pads \(first), \(last) for axes of extents \(input)")
        }
        let free = extent + first[axis] + last[axis] - reach
        if roundsUp, free >= 0 {
          let up = (free + stride - 1) / stride + 1
          // A window that would start after the input and its zeros is none.
          count = (up - 1) * stride >= extent + first[axis] ? up - 1 : up
        } else {
          count = free < 0 ? 0 : free / stride + 1
        }
        before.append(first[axis])
      }
      guard count > 0 else {
        throw .invalid(
          node: "", what: "a kernel of \(reach) does not fit an axis of \(extent) and its pads")
      }
      output.append(count)
    }
    return (output, before)
  }

  /// The windows of the spatial axes: labels of output positions, and of kernel positions.
  func windows(before: [Int], positions: [Int], taps: [Int]) -> [AffineIndex] {
    (0..<rank).map { axis in
      AffineIndex(
        steps: [
          AffineIndex.Step(label: positions[axis], stride: strides[axis]),
          AffineIndex.Step(label: taps[axis], stride: dilations[axis]),
        ], constant: -before[axis])
    }
  }

  /// For each output position, row-major: which kernel positions (row-major) read which input
  /// position (row-major), leaving out those that read a pad.
  func taps(
    _ input: [Int], _ positions: (output: [Int], before: [Int])
  ) -> [[(kernel: Int, input: Int)]] {
    var results: [[(kernel: Int, input: Int)]] = [[(0, 0)]]
    for axis in 0..<rank {
      results = results.flatMap { taps in
        (0..<positions.output[axis]).map { position in
          let start = position * strides[axis] - positions.before[axis]
          let inside = kernelPositions(axis, from: start, within: input[axis])
          return taps.flatMap { tap in
            inside.map { k in
              (tap.kernel * kernel[axis] + k, tap.input * input[axis] + start + k * dilations[axis])
            }
          }
        }
      }
    }
    return results
  }
}

extension AttributeReader {
  /// ONNX's kernel_shape, strides, dilations, pads and auto_pad.
  ///
  /// - Parameter shape: the kernel's extents, where the operator has a weight that knows them.
  mutating func sliding(kernel shape: [Int]?) throws(ModelError) -> Sliding {
    let given = try extents("kernel_shape", from: 1)
    guard let kernel = given ?? shape, shape == nil || kernel == shape else {
      throw .invalid(
        node: node.name, what: "its kernel_shape \(given ?? []) is not its weight's \(shape ?? [])")
    }
    let (strides, dilations) = (
      try extents("strides", from: 1), try extents("dilations", from: 1)
    )
    let pads = try extents("pads", from: 0) ?? kernel.flatMap { _ in [0, 0] }
    guard pads.count == 2 * kernel.count, strides?.count ?? kernel.count == kernel.count,
      dilations?.count ?? kernel.count == kernel.count
    else {
      throw .invalid(
        node: node.name, what: "its strides, dilations or pads do not fit a kernel of \(kernel)")
    }
    let padding: Sliding.Padding
    switch try text("auto_pad", default: "NOTSET") {
    case "NOTSET":
      padding = .explicit(
        before: Array(pads[..<kernel.count]), after: Array(pads[kernel.count...]))
    case "VALID": padding = .valid
    case "SAME_UPPER": padding = .same(moreAfter: true)
    case "SAME_LOWER": padding = .same(moreAfter: false)
    case let other: throw refusal("auto_pad", .text(other))
    }
    return Sliding(kernel: kernel, strides: strides, dilations: dilations, padding: padding)
  }

  /// TFLite's padding, stride_h/w and dilation_h/w_factor.
  mutating func sliding(height: Int, width: Int) throws(ModelError) -> Sliding {
    func pair(_ height: String, _ width: String) throws(ModelError) -> [Int] {
      var result: [Int] = []
      for name in [height, width] {
        let value = try integer(name, default: 1)
        guard let value = Int(exactly: value), (1...Limits.stride).contains(value) else {
          throw refusal(name, .integer(value))
        }
        result.append(value)
      }
      return result
    }
    let padding: Sliding.Padding
    switch try text("padding", default: "SAME") {
    case "SAME": padding = .same(moreAfter: true)
    case "VALID": padding = .valid
    case let other: throw refusal("padding", .text(other))
    }
    return Sliding(
      kernel: [height, width], strides: try pair("stride_h", "stride_w"),
      dilations: try pair("dilation_h_factor", "dilation_w_factor"), padding: padding)
  }

  private mutating func extents(
    _ name: String, from least: Int
  ) throws(ModelError) -> [Int]? {
    guard let values = try integers(name) else { return nil }
    var result: [Int] = []
    for value in values {
      guard let extent = Int(exactly: value), (least...Limits.stride).contains(extent) else {
        throw refusal(name, .integers(values))
      }
      result.append(extent)
    }
    return result
  }
}
