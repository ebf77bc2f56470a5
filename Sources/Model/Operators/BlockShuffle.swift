import ConstraintSystem

/// TFLite DEPTH_TO_SPACE and SPACE_TO_DEPTH, ONNX DepthToSpace and SpaceToDepth: squares of `block`² places
/// become channels, or the other way round. No rows: a view.
package struct BlockShuffle: Rearranging {
  package static let onnx = [
    ONNXForm("DepthToSpace", since: 1), ONNXForm("SpaceToDepth", since: 1),
  ]
  package static let tflite = [
    TFLiteForm("DEPTH_TO_SPACE", options: 94, [("block_size", .integer(0))]),
    TFLiteForm("SPACE_TO_DEPTH", options: 19, [("block_size", .integer(0))]),
  ]

  package var block: Int
  /// Whether channels become places.
  package var toSpace: Bool
  package var channelsFirst: Bool
  /// ONNX's CRD: the place within a square counts faster than the channel.
  package var placeIsInner: Bool

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    toSpace = node.type == "DEPTH_TO_SPACE" || node.type == "DepthToSpace"
    channelsFirst = !node.isTFLite
    placeIsInner = false
    let name = node.isTFLite ? "block_size" : "blocksize"
    let size = try attributes.integer(name, default: 0)
    guard let block = Int(exactly: size), (1...Limits.stride).contains(block) else {
      throw attributes.refusal(name, .integer(size))
    }
    self.block = block
    if node.type == "DepthToSpace" {
      switch try attributes.text("mode", default: "DCR") {
      case "DCR": break
      case "CRD": placeIsInner = true
      case let other: throw attributes.refusal("mode", .text(other))
      }
    }
    try attributes.finish()
  }

  package var label: String { toSpace ? "DepthToSpace" : "SpaceToDepth" }

  package func rearrangement(
    _ input: [Int]
  ) throws(ModelError) -> (shape: [Int], from: Rearrangement) {
    let misfit = ModelError.invalid(
      node: "", what: "squares of \(block) do not fit an input of shape \(input)")
    guard input.count == 4 else { throw misfit }
    let (height, width) = channelsFirst ? (input[2], input[3]) : (input[1], input[2])
    let depth = channelsFirst ? input[1] : input[3]
    func step(_ label: Int, _ stride: Int) -> AffineIndex.Step {
      AffineIndex.Step(label: label, stride: stride)
    }
    var (axes, shape): ([Int], [Int])
    let (row, column, channel): ([AffineIndex.Step], [AffineIndex.Step], [AffineIndex.Step])
    if toSpace {
      guard depth % block == 0, depth / block % block == 0 else { throw misfit }
      let own = depth / block / block
      // Labels: batch, then height, its part, width, its part; channels before or after them.
      let (first, last) = channelsFirst ? (2, 1) : (1, 5)
      (row, column) = ([step(first, 1)], [step(first + 2, 1)])
      channel =
        placeIsInner
        ? [step(last, block * block), step(first + 1, block), step(first + 3, 1)]
        : [step(first + 1, block * own), step(first + 3, own), step(last, 1)]
      axes = [height, block, width, block]
      shape = [height * block, width * block]
      axes.insert(own, at: channelsFirst ? 0 : 4)
      shape.insert(own, at: channelsFirst ? 0 : 2)
    } else {
      guard height % block == 0, width % block == 0 else { throw misfit }
      // Labels: batch, then the place within a square and the channel, and the squares.
      let (inner, outer) = channelsFirst ? (1, 4) : (3, 1)
      row = [step(outer, block), step(inner, 1)]
      column = [step(outer + 1, block), step(inner + 1, 1)]
      channel = [step(inner + 2, 1)]
      let (squares, within) = ([height / block, width / block], [block, block, depth])
      axes = channelsFirst ? within + squares : squares + within
      shape = channelsFirst ? [block * block * depth] + squares : squares + [block * block * depth]
    }
    let spatial = [row, column].map { AffineIndex(steps: $0, constant: 0) }
    let features = [AffineIndex(steps: channel, constant: 0)]
    let windows = [.label(0)] + (channelsFirst ? features + spatial : spatial + features)
    return (
      [input[0]] + shape, Rearrangement(axes: [input[0]] + axes, windows: windows)
    )
  }
}
