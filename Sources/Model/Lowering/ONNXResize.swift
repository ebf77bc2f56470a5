import ConstraintSystem

/// What a Resize or Upsample of ONNX says, axis by axis.
struct ONNXResize: Hashable {
  /// One that may change.
  struct Axis: Hashable {
    var resize: ONNXResize
    var extent: Int
    var size: Size
    /// The part of it that is read, from 0 to 1.
    var roi: ClosedRange<Double>

    func taps(_ index: Int) -> [Resampling<Double>.Tap] {
      resize.taps(index, extent, size, roi)
    }
  }

  enum Mode: Hashable {
    case nearest
    case linear
    case cubic(Double)

    /// How far a value reaches, in places of the input.
    var support: Double { self == .linear ? 1 : 2 }

    /// The weight of what lies so far away.
    func callAsFunction(_ distance: Double) -> Double {
      let x = abs(distance)
      switch self {
      case .nearest, .linear: return max(0, 1 - x)
      case .cubic(let a):
        if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
      }
    }
  }

  private enum Centring: String {
    case halfPixel = "half_pixel"
    case halfPixelSymmetric = "half_pixel_symmetric"
    case pytorchHalfPixel = "pytorch_half_pixel"
    case alignCorners = "align_corners"
    case asymmetric
    case tfHalfPixel = "tf_half_pixel_for_nn"
    case crop = "tf_crop_and_resize"
  }

  private enum Rounding: String {
    case preferFloor = "round_prefer_floor"
    case preferCeil = "round_prefer_ceil"
    case floor
    case ceil
    /// As onnxruntime reads models before opset 11: up where an axis shrinks, else down.
    case simple

    func callAsFunction(_ place: Float, shrinks: Bool) -> Float {
      switch self {
      case .preferFloor where place == place.rounded(.towardZero) + 0.5: place.rounded(.down)
      case .preferFloor, .preferCeil: place.rounded(.toNearestOrAwayFromZero)
      case .floor: place.rounded(.down)
      case .ceil: place.rounded(.up)
      case .simple: place.rounded(shrinks ? .up : .towardZero)
      }
    }
  }

  let mode: Mode
  private(set) var axes: [Axis?] = []
  let outside: Float
  private let centring: Centring
  private let rounding: Rounding
  private let isAntialiased: Bool
  private let excludesOutside: Bool
  /// Whether onnxruntime's integers are meant, which counts the places of an axis in whole.
  private let countsPlaces: Bool

  init(_ attributes: inout AttributeReader, _ input: [Int]) throws(ModelError) {
    let node = attributes.node
    let isOld = node.type == "Upsample" || node.version < 11
    let a = try attributes.real("cubic_coeff_a", default: -0.75)
    guard abs(a) <= 16 else { throw attributes.refusal("cubic_coeff_a", .real(a)) }
    switch try attributes.text("mode", default: "nearest") {
    case "nearest": mode = .nearest
    case "linear", "bilinear": mode = .linear
    case "cubic": mode = .cubic(Double(a))
    case let other: throw attributes.refusal("mode", .text(other))
    }
    let centring = try attributes.text(
      "coordinate_transformation_mode", default: isOld ? "asymmetric" : "half_pixel")
    guard let known = Centring(rawValue: centring) else {
      throw attributes.refusal("coordinate_transformation_mode", .text(centring))
    }
    self.centring = known
    let rounding = try attributes.text(
      "nearest_mode", default: isOld ? "simple" : "round_prefer_floor")
    guard let way = Rounding(rawValue: rounding) else {
      throw attributes.refusal("nearest_mode", .text(rounding))
    }
    self.rounding = way
    isAntialiased = try attributes.integer("antialias", default: 0) != 0 && mode != .nearest
    excludesOutside = try attributes.integer("exclude_outside", default: 0) != 0
    outside = try attributes.real("extrapolation_value", default: 0)
    countsPlaces = mode == .nearest || node.optionalInput(0)?.quantization != nil
    let sizes = try Self.sizes(&attributes, input, isOld: isOld)
    var cells = 1.0
    for (size, extent) in zip(sizes, input) { cells *= Double(size?.count ?? extent) }
    guard cells <= Double(ModelLimits.activation) else {
      throw .invalid(node: node.name, what: "a resize to \(cells) values")
    }
    let rois = try rois(node, sizes)
    // Axes do not hold each other.
    let rule = self
    for (axis, extent) in input.enumerated() {
      guard let size = sizes[axis], size.count != extent || size.scale != 1 || known == .crop else {
        axes.append(nil)
        continue
      }
      axes.append(
        Axis(resize: rule, extent: extent, size: size, roi: rois[axis] ?? 0...1))
    }
  }

  // MARK: Extents

  struct Size: Hashable {
    var count: Int
    var scale: Double
    /// Which of the axes that the node names it is.
    var index: Int
  }

  static func extent(_ value: Int64, _ node: SourceNode) throws(ModelError) -> Int {
    guard (1...Int64(Limits.stride)).contains(value) else {
      throw .invalid(node: node.name, what: "an extent of \(value)")
    }
    return Int(value)
  }

  /// From scales or sizes, over some axes or all.
  private static func sizes(
    _ attributes: inout AttributeReader, _ input: [Int], isOld: Bool
  ) throws(ModelError) -> [Size?] {
    let node = attributes.node
    var axes = Array(input.indices)
    if let list = try attributes.integers("axes") {
      axes = []
      for axis in list { axes.append(try SourceShapes.axis(axis, of: input)) }
    }
    guard Set(axes).count == axes.count else {
      throw .invalid(node: node.name, what: "it names an axis twice")
    }
    let policy = try attributes.text("keep_aspect_ratio_policy", default: "stretch")
    guard ["stretch", "not_larger", "not_smaller"].contains(policy) else {
      throw attributes.refusal("keep_aspect_ratio_policy", .text(policy))
    }
    var result = [Size?](repeating: nil, count: input.count)
    if let sizes = node.optionalInput(isOld ? 4 : 3), sizes.count > 0 {
      guard case .integer(let values)? = sizes.constant, values.count == axes.count else {
        throw .invalid(node: node.name, what: "its sizes are not a constant per axis")
      }
      var ratios: [Double] = []
      for (axis, size) in zip(axes, values) {
        ratios.append(Double(try extent(size, node)) / Double(input[axis]))
      }
      let common = policy == "not_larger" ? ratios.min() : ratios.max()
      for (index, axis) in axes.enumerated() {
        var size = Size(count: Int(values[index]), scale: ratios[index], index: index)
        if policy != "stretch", let common {
          size.scale = common
          let count = (common * Double(input[axis])).rounded(.toNearestOrAwayFromZero)
          size.count = try extent(Int64(count.clampedToExtent), node)
        }
        result[axis] = size
      }
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
    for (index, axis) in axes.enumerated() {
      let scale = scales[index]
      // As onnxruntime counts them, in single precision.
      let count = (Float(input[axis]) * scale).rounded(.down)
      guard count >= 1, count <= Float(Limits.stride), scale > 0 else {
        throw .invalid(node: node.name, what: "a scale of \(scale)")
      }
      let whole = Double(count) / Double(input[axis])
      result[axis] = Size(
        count: Int(count), scale: Float(whole) == scale ? whole : Double(scale), index: index)
    }
    return result
  }

  /// By axis the part of it that is read, from 0 to 1.
  private func rois(
    _ node: SourceNode, _ sizes: [Size?]
  ) throws(ModelError) -> [Int: ClosedRange<Double>] {
    guard centring == .crop else { return [:] }
    let count = sizes.count { $0 != nil }
    guard case .real(let values)? = node.optionalInput(1)?.constant, values.count == 2 * count,
      values.allSatisfy({ abs($0) <= Float(Limits.stride) })
    else {
      throw .invalid(node: node.name, what: "its roi is not a constant of two numbers per axis")
    }
    var result: [Int: ClosedRange<Double>] = [:]
    for (axis, size) in sizes.enumerated() {
      guard let size else { continue }
      let (start, end) = (Double(values[size.index]), Double(values[count + size.index]))
      guard start <= end else {
        throw .unsupported(
          node: node.name, what: "a roi from \(start) to \(end)", remedy: "let it run forwards")
      }
      result[axis] = start...end
    }
    return result
  }

  // MARK: Places

  /// Where a place of the output lies in the input.
  private func position<Real: BinaryFloatingPoint>(
    _ index: Int, _ input: Int, _ size: Size, _ roi: ClosedRange<Double>, as: Real.Type
  ) -> Real {
    let (x, scale, extent) = (Real(index), Real(size.scale), Real(input))
    let length = countsPlaces ? Real(size.count) : Real(size.scale * Double(input))
    switch centring {
    case .halfPixel: return (x + 0.5) / scale - 0.5
    case .pytorchHalfPixel: return size.count > 1 ? (x + 0.5) / scale - 0.5 : 0
    case .tfHalfPixel: return (x + 0.5) / scale
    case .asymmetric: return x / scale
    case .alignCorners: return length == 1 ? 0 : x * (extent - 1) / (length - 1)
    case .halfPixelSymmetric:
      let adjustment = Real(size.count) / (scale * extent)
      return extent / 2 * (1 - adjustment) + (x + 0.5) / scale - 0.5
    case .crop:
      let (start, end) = (Real(roi.lowerBound), Real(roi.upperBound))
      return length == 1
        ? (start + end) * (extent - 1) / 2
        : start * (extent - 1) + x * (end - start) * (extent - 1) / (length - 1)
    }
  }

  fileprivate func taps(
    _ index: Int, _ input: Int, _ size: Size, _ roi: ClosedRange<Double>
  ) -> [Resampling<Double>.Tap] {
    let last = input - 1
    if mode == .nearest {
      let place = position(index, input, size, roi, as: Float.self)
      if centring == .crop, place < 0 || place > Float(last) { return [] }
      let rounded = rounding(place, shrinks: size.scale < 1)
      return [.init(Int(min(max(rounded, 0), Float(last))), 1)]
    }
    let place = position(index, input, size, roi, as: Double.self)
    if centring == .crop, place < 0 || place > Double(last) { return [] }
    let stretch = isAntialiased ? min(1, size.scale) : 1
    let reach = mode.support / stretch
    // Beyond this everything is the outermost place.
    let near = min(max(place, -reach - 1), Double(last) + reach + 1)
    var (weights, sum) = ([Int: Double](), 0.0)
    for source in Int((near - reach).rounded(.up))...Int((near + reach).rounded(.down)) {
      let weight = mode((Double(source) - near) * stretch)
      if weight == 0 || (excludesOutside && !(0...last).contains(source)) { continue }
      weights[min(max(source, 0), last), default: 0] += weight
      sum += weight
    }
    guard abs(sum) > 1e-6 else { return [.init(Int(min(max(place, 0), Double(last))), 1)] }
    return weights.sorted { $0.key < $1.key }.filter { $0.value != 0 }
      .map { place, weight in
        Resampling<Double>.Tap(place, isAntialiased || excludesOutside ? weight / sum : weight)
      }
  }
}

extension Double {
  /// Within what an integer holds.
  fileprivate var clampedToExtent: Double { Swift.min(self, 0x1p40) }
}
