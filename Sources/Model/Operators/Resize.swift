import ConstraintSystem

/// ONNX Resize and Upsample (nearest), TFLite RESIZE_NEAREST_NEIGHBOR with constant sizes, by whole factors:
/// every value stands `factor` times along its axis, or only every `factor`-th stays. No rows: a view.
package struct Resize: Rearranging {
  package static let onnx = [
    ONNXForm("Resize", since: 10), ONNXForm("Upsample", opsets: 7...9),
  ]
  package static let tflite = [
    TFLiteForm(
      "RESIZE_NEAREST_NEIGHBOR", options: 74,
      [("align_corners", .flag(false)), ("half_pixel_centers", .flag(false))])
  ]

  /// The output's extents.
  package var target: [Int]
  /// Which value stays of several.
  package enum Choice: Sendable, Hashable {
    case first
    /// The middle one; of two, the lower or the upper.
    case lowerMiddle, upperMiddle
  }
  package var choice: Choice

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    let input = try node.input(0, "input").shape
    if node.isTFLite {
      let size = try node.integers(1, "size")
      guard input.count == 4, size.count == 2 else {
        throw .invalid(node: node.name, what: "a size \(size) for an input of shape \(input)")
      }
      target = [
        input[0], try Self.extent(size[0], node), try Self.extent(size[1], node), input[3],
      ]
      try attributes.require("align_corners", 0)
      let isCentred = try attributes.integer("half_pixel_centers", default: 0) != 0
      choice = isCentred ? .upperMiddle : .first
    } else {
      let mode = try attributes.text("mode", default: "nearest")
      guard mode == "nearest" else { throw attributes.refusal("mode", .text(mode)) }
      let isOld = node.type == "Upsample" || node.version < 11
      let centring = try attributes.text(
        "coordinate_transformation_mode", default: isOld ? "asymmetric" : "half_pixel")
      let rounding = try attributes.text(
        "nearest_mode", default: isOld ? "floor" : "round_prefer_floor")
      switch (centring, rounding) {
      case ("asymmetric", "floor"): choice = .first
      case ("half_pixel", "round_prefer_floor"), ("pytorch_half_pixel", "round_prefer_floor"):
        choice = .lowerMiddle
      case ("half_pixel", "round_prefer_ceil"): choice = .upperMiddle
      default: throw attributes.refusal("nearest_mode", .text("\(rounding) of \(centring)"))
      }
      try attributes.require("antialias", 0)
      try attributes.require("exclude_outside", 0)
      attributes.ignore("cubic_coeff_a", "extrapolation_value", "keep_aspect_ratio_policy")
      target = try Self.target(&attributes, input, isOld: isOld)
    }
    try attributes.finish()
  }

  /// From scales or sizes, over some axes or all.
  private static func target(
    _ attributes: inout AttributeReader, _ input: [Int], isOld: Bool
  ) throws(ModelError) -> [Int] {
    let node = attributes.node
    var axes = Array(input.indices)
    if let list = try attributes.integers("axes") {
      axes = []
      for axis in list { axes.append(try SourceShapes.axis(axis, of: input)) }
    }
    var result = input
    if let sizes = node.optionalInput(isOld ? 4 : 3) {
      guard case .integer(let values)? = sizes.constant, values.count == axes.count else {
        throw .invalid(node: node.name, what: "its sizes are not a constant per axis")
      }
      for (axis, size) in zip(axes, values) { result[axis] = try extent(size, node) }
      return result
    }
    var scales: [Float] = []
    if case .reals(let values)? = node.attributes["scales"] {
      attributes.ignore("scales")
      scales = values
    } else if case .real(let values)? = node.optionalInput(isOld ? 1 : 2)?.constant {
      scales = values
    }
    guard scales.count == axes.count else {
      throw .invalid(node: node.name, what: "its scales are not a constant per axis")
    }
    for (axis, scale) in zip(axes, scales) {
      let extent = (Double(input[axis]) * Double(scale)).rounded(.down)
      guard extent >= 1, extent <= Double(Limits.stride) else {
        throw .invalid(node: node.name, what: "a scale of \(scale)")
      }
      result[axis] = Int(extent)
    }
    return result
  }

  private static func extent(_ value: Int64, _ node: SourceNode) throws(ModelError) -> Int {
    guard (1...Int64(Limits.stride)).contains(value) else {
      throw .invalid(node: node.name, what: "an extent of \(value)")
    }
    return Int(value)
  }

  package var label: String { "Resize" }

  package func rearrangement(
    _ input: [Int]
  ) throws(ModelError) -> (shape: [Int], from: Rearrangement) {
    guard input.count == target.count else {
      throw .invalid(node: "", what: "\(target) for an input of shape \(input)")
    }
    var (axes, windows) = ([Int](), [AffineIndex]())
    for (axis, extent) in input.enumerated() {
      if target[axis] % extent == 0 {
        windows.append(.label(axes.count))
        axes += target[axis] == extent ? [extent] : [extent, target[axis] / extent]
      } else if extent % target[axis] == 0 {
        let factor = extent / target[axis]
        windows.append(
          AffineIndex(
            steps: [AffineIndex.Step(label: axes.count, stride: factor)],
            constant: place(of: factor)))
        axes.append(target[axis])
      } else {
        throw .unsupported(
          node: "", what: "axis \(axis) resized from \(extent) to \(target[axis])",
          remedy: "resize by a whole factor")
      }
    }
    return (target, Rearrangement(axes: axes, windows: windows))
  }

  private func place(of factor: Int) -> Int {
    switch choice {
    case .first: 0
    case .lowerMiddle: (factor - 1) / 2
    case .upperMiddle: factor / 2
    }
  }
}
