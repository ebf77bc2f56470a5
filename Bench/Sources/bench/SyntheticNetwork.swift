import Foundation

/// A float ONNX network of random weights, one layer after another, for sizes that no published
/// network has. Cost depends on shapes, not on what a network knows.
struct SyntheticNetwork {
  /// Of one inference, the leading axis one.
  let input: [Int]
  private(set) var parameters = 0
  private var channels: Int
  private var value = "input"
  private var nodes: [[UInt8]] = []
  private var tensors: [[UInt8]] = []
  private var random = SplitMix64(state: 7)

  init(input: [Int]) {
    self.input = input
    channels = input[1]
  }

  /// width → outputs, then ReLU.
  mutating func dense(_ outputs: Int) {
    let weight = tensor([outputs, channels], deviation: (2 / Double(channels)).squareRoot())
    add("Gemm", [value, weight, tensor([outputs], deviation: 0.1)]) { node in
      Self.attribute("transB", 1, in: &node)
    }
    channels = outputs
    add("Relu", [value])
  }

  /// A square kernel, stride one, the image keeps its size; then ReLU.
  mutating func convolution(_ outputs: Int, kernel: Int) {
    let fan = channels * kernel * kernel
    let weight = tensor(
      [outputs, channels, kernel, kernel], deviation: (2 / Double(fan)).squareRoot())
    add("Conv", [value, weight, tensor([outputs], deviation: 0.1)]) { node in
      Self.attribute("kernel_shape", [kernel, kernel], in: &node)
      Self.attribute("pads", [Int](repeating: kernel / 2, count: 4), in: &node)
    }
    channels = outputs
    add("Relu", [value])
  }

  /// Values in 0..1, as many inputs as `count`.
  func inputs(_ count: Int, seed: UInt64) -> (shape: [Int], values: [Double]) {
    var random = SplitMix64(state: seed)
    let cells = count * input.dropFirst().reduce(1, *)
    return ([count] + input.dropFirst(), (0..<cells).map { _ in random.unit() })
  }

  private mutating func add(
    _ type: String, _ inputs: [String], _ attributes: (inout ProtobufWriter) -> Void = { _ in }
  ) {
    value = "value\(nodes.count)"
    var node = ProtobufWriter()
    for input in inputs { node.text(1, input) }
    node.text(2, value)
    node.text(4, type)
    attributes(&node)
    nodes.append(node.bytes)
  }

  private mutating func tensor(_ shape: [Int], deviation: Double) -> String {
    let name = "constant\(tensors.count)"
    let count = shape.reduce(1, *)
    parameters += count
    var raw: [UInt8] = []
    raw.reserveCapacity(4 * count)
    for _ in 0..<count {
      let bits = Float(random.normal() * deviation).bitPattern
      for byte in 0..<4 { raw.append(UInt8(truncatingIfNeeded: bits >> (8 * byte))) }
    }
    var tensor = ProtobufWriter()
    for extent in shape { tensor.integer(1, extent) }
    tensor.integer(2, Self.float)
    tensor.text(8, name)
    tensor.data(9, raw)
    tensors.append(tensor.bytes)
    return name
  }

  /// TensorProto.DataType.FLOAT.
  private static let float = 1

  private static func attribute(_ name: String, _ value: Int, in node: inout ProtobufWriter) {
    node.message(5) { attribute in
      attribute.text(1, name)
      attribute.integer(3, value)
      attribute.integer(20, 2)
    }
  }

  private static func attribute(_ name: String, _ values: [Int], in node: inout ProtobufWriter) {
    node.message(5) { attribute in
      attribute.text(1, name)
      for value in values { attribute.integer(8, value) }
      attribute.integer(20, 7)
    }
  }

  /// An ONNX file of operator set 13 (onnx/onnx.proto).
  var file: [UInt8] {
    var model = ProtobufWriter()
    model.integer(1, 8)
    model.message(7) { graph in
      for node in nodes { graph.data(1, node) }
      graph.text(2, "synthetic")
      for tensor in tensors { graph.data(5, tensor) }
      graph.data(11, Self.port("input", shape: input))
      graph.data(12, Self.port(value, shape: nil))
    }
    model.message(8) { $0.integer(2, 13) }
    return model.bytes
  }

  private static func port(_ name: String, shape: [Int]?) -> [UInt8] {
    var port = ProtobufWriter()
    port.text(1, name)
    port.message(2) { type in
      type.message(1) { tensor in
        tensor.integer(1, float)
        guard let shape else { return }
        tensor.message(2) { dimensions in
          for extent in shape { dimensions.message(1) { $0.integer(1, extent) } }
        }
      }
    }
    return port.bytes
  }
}

/// The same numbers each time.
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// In 0 ..< 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Of mean 0 and deviation 1 (Box and Muller).
  mutating func normal() -> Double {
    (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
  }
}
