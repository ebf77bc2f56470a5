import ConstraintSystem
import InnerProducts

/// A window that slides over the spatial axes of each channel by itself.
package struct Pooling: Sendable, Hashable {
  package var sliding: Sliding
  /// ONNX: x is N, C, spatial. TFLite: N, spatial, C.
  package var channelsFirst: Bool

  package init(_ sliding: Sliding, channelsFirst: Bool) {
    self.sliding = sliding
    self.channelsFirst = channelsFirst
  }

  /// `Pool2DOptions`.
  static let tfliteFields: TFLiteForm.Fields = [
    ("padding", .padding), ("stride_w", .integer(0)), ("stride_h", .integer(0)),
    ("filter_width", .integer(0)), ("filter_height", .integer(0)),
    ("fused_activation_function", .activation),
  ]

  /// TFLite's Pool2DOptions; ONNX's kernel_shape, strides, pads, dilations, auto_pad and ceil_mode.
  init(_ attributes: inout AttributeReader) throws(ModelError) {
    let node = attributes.node
    if node.isTFLite {
      var kernel: [Int] = []
      for name in ["filter_height", "filter_width"] {
        let value = try attributes.integer(name, default: 0)
        guard let extent = Int(exactly: value), (1...Limits.stride).contains(extent) else {
          throw attributes.refusal(name, .integer(value))
        }
        kernel.append(extent)
      }
      sliding = try attributes.sliding(height: kernel[0], width: kernel[1])
      channelsFirst = false
    } else {
      guard node.attributes["kernel_shape"] != nil else {
        throw .invalid(node: node.name, what: "\(node.type) without its kernel_shape")
      }
      sliding = try attributes.sliding(kernel: nil)
      sliding.roundsUp = try attributes.integer("ceil_mode", default: 0) != 0
      // onnxruntime's quantized pools may take N, spatial, C.
      channelsFirst = try attributes.integer("channels_last", default: 0) == 0
    }
  }

  /// ONNX's global pools: one window over all spatial axes.
  init(over x: [Int], at node: SourceNode) throws(ModelError) {
    guard (3...5).contains(x.count) else {
      throw .invalid(node: node.name, what: "\(node.type) of shape \(x)")
    }
    self.init(Sliding(kernel: Array(x[2...])), channelsFirst: true)
  }

  /// - Throws: without a node's name, where the window does not fit.
  func geometry(_ x: [Int]) throws(ModelError) -> PoolingGeometry {
    try PoolingGeometry(self, x: x)
  }
}

/// The extents of one pooling.
struct PoolingGeometry {
  let sliding: Sliding
  let channelsFirst: Bool
  /// x's extents.
  let input: [Int]
  let channels: Int
  let spatial: [Int]
  let positions: (output: [Int], before: [Int])

  init(_ pooling: Pooling, x: [Int]) throws(ModelError) {
    (sliding, channelsFirst, input) = (pooling.sliding, pooling.channelsFirst, x)
    guard x.count == sliding.rank + 2 else {
      throw .invalid(
        node: "", what: "a window of \(sliding.kernel) does not fit an input of shape \(x)")
    }
    channels = channelsFirst ? x[1] : x[x.count - 1]
    spatial = Array(channelsFirst ? x[2...] : x[1..<(x.count - 1)])
    positions = try sliding.positions(spatial)
  }

  var channelAxis: Int { channelsFirst ? 1 : input.count - 1 }

  /// The output's extents, the channels standing over several axes.
  func shape(channels: [Int], _ spatial: [Int]) -> [Int] {
    [input[0]] + (channelsFirst ? channels + spatial : spatial + channels)
  }

  var output: [Int] { shape(channels: [channels], positions.output) }

  /// The labels of the spatial axes in `shape(channels:_:)`.
  func spatialLabels(channels: [Int]) -> [Int] {
    sliding.kernel.indices.map { (channelsFirst ? 1 + channels.count : 1) + $0 }
  }

  /// Windows that read x, its channels over several axes, at spatial ones.
  func windows(channels: [Int], _ spatial: [AffineIndex]) -> [AffineIndex] {
    let first = channelsFirst ? 1 : 1 + spatial.count
    let own = channels.indices.map { AffineIndex.label(first + $0) }
    return [.label(0)] + (channelsFirst ? own + spatial : spatial + own)
  }

  /// Rows over the output's cells, which sum over the kernel.
  func sum(channels: [Int]) -> ReducedSum {
    let shape = shape(channels: channels, positions.output)
    let spatial = sliding.windows(
      before: positions.before, positions: spatialLabels(channels: channels),
      taps: sliding.kernel.indices.map { shape.count + $0 })
    return ReducedSum(
      shape: shape, summed: sliding.kernel, windows: windows(channels: channels, spatial))
  }

  /// Whether some window reads a pad.
  var readsPads: Bool {
    spatial.indices.contains { axis in
      let last = (positions.output[axis] - 1) * sliding.strides[axis] + sliding.reach(axis)
      return positions.before[axis] > 0 || last - positions.before[axis] > spatial[axis]
    }
  }

  /// How many values of a window lie in x, or in x and its pads.
  struct Counts {
    /// Along each axis, by position; one where all positions have the same.
    private let axes: [[Int]]
    private let extents: [Int]

    /// More positions than this have windows of one size.
    static let mostPositions = 1 << 18
    static let mostSizes = 1 << 12

    /// - Throws: without a node's name, where too many positions have counts of their own.
    init(_ geometry: PoolingGeometry, withPads: Bool) throws(ModelError) {
      let (sliding, positions) = (geometry.sliding, geometry.positions)
      extents = positions.output
      let isInside = geometry.spatial.indices.allSatisfy { axis in
        let last = (positions.output[axis] - 1) * sliding.strides[axis] + sliding.reach(axis)
        return positions.before[axis] == 0 && last <= geometry.spatial[axis]
      }
      guard !isInside else {
        axes = sliding.kernel.map { [$0] }
        return
      }
      let all = positions.output.reduce(1, *)
      guard all <= Self.mostPositions else {
        throw .unsupported(
          node: "", what: "windows at \(all) positions, some over pads",
          remedy: "at most \(Self.mostPositions) positions")
      }
      axes = geometry.spatial.indices.map { axis in
        let (before, extent) = (positions.before[axis], geometry.spatial[axis])
        let (count, stride) = (positions.output[axis], sliding.strides[axis])
        let (low, high): (Int, Int)
        if !withPads {
          (low, high) = (0, extent)
        } else if case .explicit(_, let after) = sliding.padding {
          (low, high) = (-before, extent + after[axis])
        } else {
          (low, high) = (
            -before, max(extent, (count - 1) * stride + sliding.reach(axis) - before)
          )
        }
        return (0..<count).map { position in
          sliding.kernelPositions(
            axis, from: position * stride - before - low, within: high - low
          ).count
        }
      }
      let sizes = axes.reduce(1) { $0 * Set($1).count }
      guard sizes <= Self.mostSizes else {
        throw .unsupported(
          node: "", what: "windows of \(sizes) sizes", remedy: "at most \(Self.mostSizes)")
      }
    }

    /// All that there are.
    var distinct: Set<Int> {
      axes.reduce([1]) { products, axis in
        Set(Set(axis).flatMap { count in products.map { $0 * count } })
      }
    }

    /// For each position, row-major; one for all positions where that is enough.
    var list: [Int] {
      if axes.allSatisfy({ $0.count == 1 }) { return [axes.reduce(1) { $0 * $1[0] }] }
      return axes.reduce([1]) { outer, axis in outer.flatMap { count in axis.map { count * $0 } } }
    }
  }

  /// What `step` makes of each window, in the output's order.
  ///
  /// - Parameters:
  ///   - outside: what a window reads of a pad.
  ///   - windows: what is made of as many channels' windows of so many taps.
  func results<Number: WindowNumber, Step: WindowStep>(
    _ x: [Number], less zero: Number, outside: Double = 0,
    _ windows: (_ channels: Int, _ taps: Int) -> ChannelWindows, _ step: Step
  ) -> [Step.Result] {
    let windows = windows(channels, sliding.kernel.reduce(1, *))
    return tensor(positions.output).results(
      tensor(spatial).placed(x, less: zero, width: windows.width, outside: outside), windows,
      sliding.places(batch: input[0], spatial, positions, width: windows.width), step)
  }

  /// The tensor of channels at places of these extents.
  private func tensor(_ places: [Int]) -> WindowTensor {
    WindowTensor(
      batch: input[0], channels: channels, places: places.reduce(1, *),
      channelsFirst: channelsFirst)
  }

  /// One value for each cell of the output, in its order, from the position and the values of x that
  /// its window reads.
  func map<Element>(_ x: [Element], _ body: (Int, [Element]) -> Element) -> [Element] {
    let (area, count) = (spatial.reduce(1, *), positions.output.reduce(1, *))
    let taps = sliding.taps(spatial, positions)
    var result: [Element] = []
    result.reserveCapacity(input[0] * channels * count)
    let (channelStride, placeStride) = channelsFirst ? (area, 1) : (1, channels)
    for batch in 0..<input[0] {
      let start = batch * channels * area
      for cell in 0..<channels * count {
        let (channel, position) =
          channelsFirst ? (cell / count, cell % count) : (cell % channels, cell / channels)
        let first = start + channel * channelStride
        result.append(body(position, taps[position].map { x[first + $0.input * placeStride] }))
      }
    }
    return result
  }
}
