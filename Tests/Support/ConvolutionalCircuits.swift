import ConstraintSystem

/// Circuits of the size and shape of real convolutional networks with random weights: what proofs are
/// measured on, without any importer.
package enum ConvolutionalCircuits {
  /// The shape of MLPerf Tiny's ResNet-8 for `side` 32 and `width` 16: 118 k rows, 12.5 M products.
  package static func residual(side: Int = 32, width: Int = 16, seed: UInt64 = 1) -> Circuit {
    var net = Network("residual \(side)", seed: seed)
    var x = net.input([side, side, 3])
    x = net.convolution(x, channels: width, kernel: 3)
    for stack in 0..<3 {
      let (channels, stride) = (width << stack, stack == 0 ? 1 : 2)
      var y = net.convolution(x, channels: channels, kernel: 3, stride: stride)
      y = net.convolution(y, channels: channels, kernel: 3)
      let skip = stack == 0 ? x : net.convolution(x, channels: channels, kernel: 1, stride: stride)
      x = net.sum(y, skip)
    }
    return net.finished(net.dense(net.average(x), outputs: 10))
  }

  /// The shape of MobileNetV1 0.25 on `side`² pixels; for 96, person detection's.
  package static func separable(
    side: Int = 96, layers: [(channels: Int, stride: Int)] = mobileNet, seed: UInt64 = 1
  ) -> Circuit {
    var net = Network("separable \(side)", seed: seed)
    var x = net.input([side, side, 3])
    x = net.convolution(x, channels: 8, kernel: 3, stride: 2)
    for layer in layers {
      x = net.convolution(x, channels: nil, kernel: 3, stride: layer.stride)
      x = net.convolution(x, channels: layer.channels, kernel: 1)
    }
    return net.finished(net.dense(net.average(x), outputs: 2))
  }

  package static let mobileNet: [(channels: Int, stride: Int)] =
    [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2)]
    + [(Int, Int)](repeating: (128, 1), count: 5) + [(256, 2), (256, 1)]
}

/// Layers over tensors in the order height, width, channel, with three limbs of 14 bits.
private struct Network {
  struct Tensor {
    var source: Source
    var shape: [Int]
  }

  private var circuit: Circuit
  private var random: SplitMix64
  private let identity: Int
  private let clamp: Int
  /// Of the quotients that the table admits, before the shift of the clamp.
  private static let reach: Int64 = 1 << 11

  init(_ name: String, seed: UInt64) {
    circuit = Circuit(name, limbs: 3, limbBits: 14, quotientBits: 13, commitmentRowBits: 10)
    random = SplitMix64(seed: seed)
    identity = circuit.function(.identity(-128...127))
    clamp = circuit.function(.clamp(width: 255, domain: -Self.reach...(Self.reach - 1)))
  }

  private static func window(_ label: Int, _ kernel: Int, stride: Int, padding: Int) -> AffineIndex
  {
    AffineIndex(
      steps: [.init(label: label, stride: stride), .init(label: kernel, stride: 1)],
      constant: -padding)
  }

  mutating func input(_ shape: [Int]) -> Tensor {
    let values = random.integers(shape.reduce(1, *), in: -128...127)
    return Tensor(
      source: circuit.input("x", shape, function: identity, values: values), shape: shape)
  }

  /// M per channel such that no sum of `products` products and a bias leaves the table, and most
  /// quotients take all of y's range.
  private mutating func multipliers(_ channels: Int, products: Int) -> TensorAccess {
    let bound = Int64(products) * 127 * 128 + (1 << 14)
    let top = ((Self.reach - 256) << 42) / bound
    let values = random.integers(channels, in: (top / 2)...top)
    return TensorAccess(circuit.tensor("M", [channels], values, type: .int64), [.label(0)])
  }

  private mutating func layer(
    _ shape: [Int], products: Int, _ term: Term
  ) -> Tensor {
    let channel = shape.count - 1
    var scales = multipliers(shape[channel], products: products)
    scales.windows = [.label(channel)]
    let biases = circuit.tensor(
      "b", [shape[channel]], random.integers(shape[channel], in: -16000...16000), type: .int32)
    let block = circuit.block(
      "layer \(circuit.system.blocks.count)", shape, function: clamp, shift: 128,
      .tensor(scales), [term, Term(factors: [TensorAccess(biases, [.label(channel)])])])
    return Tensor(source: block, shape: shape)
  }

  /// - Parameter channels: nil for a depthwise convolution.
  mutating func convolution(
    _ x: Tensor, channels: Int?, kernel: Int, stride: Int = 1
  ) -> Tensor {
    let (side, depth) = (x.shape[0], x.shape[2])
    let outputs = channels ?? depth
    let shape = [(side + stride - 1) / stride, (side + stride - 1) / stride, outputs]
    let padding = (kernel - 1) / 2
    let rows = Self.window(0, 3, stride: stride, padding: padding)
    let columns = Self.window(1, 4, stride: stride, padding: padding)
    let weightShape = channels == nil ? [kernel, kernel, depth] : [outputs, kernel, kernel, depth]
    let count = weightShape.reduce(1, *)
    let weights = circuit.tensor("w", weightShape, random.integers(count, in: -127...127))
    if channels == nil {
      return layer(
        shape, products: kernel * kernel,
        Term(
          summed: [kernel, kernel],
          factors: [
            TensorAccess(weights, [.label(3), .label(4), .label(2)]),
            TensorAccess(x.source, [rows, columns, .label(2)]),
          ]))
    }
    return layer(
      shape, products: kernel * kernel * depth,
      Term(
        summed: [kernel, kernel, depth],
        factors: [
          TensorAccess(weights, [.label(2), .label(3), .label(4), .label(5)]),
          TensorAccess(x.source, [rows, columns, .label(5)]),
        ]))
  }

  /// Half of the sum.
  mutating func sum(_ a: Tensor, _ b: Tensor) -> Tensor {
    let labels = [AffineIndex.label(0), .label(1), .label(2)]
    let block = circuit.block(
      "sum", a.shape, function: clamp, shift: 128, .constant(1 << 41),
      [
        Term(factors: [TensorAccess(a.source, labels)]),
        Term(factors: [TensorAccess(b.source, labels)]),
      ])
    return Tensor(source: block, shape: a.shape)
  }

  /// Over all places.
  mutating func average(_ x: Tensor) -> Tensor {
    let count = Int64(x.shape[0] * x.shape[1])
    let block = circuit.block(
      "average", [x.shape[2]], function: clamp, shift: 128, .constant((1 << 42) / count),
      [
        Term(
          summed: [x.shape[0], x.shape[1]],
          factors: [TensorAccess(x.source, [.label(1), .label(2), .label(0)])])
      ])
    return Tensor(source: block, shape: [x.shape[2]])
  }

  mutating func dense(_ x: Tensor, outputs: Int) -> Tensor {
    let weights = circuit.tensor(
      "w", [outputs, x.shape[0]], random.integers(outputs * x.shape[0], in: -127...127))
    return layer(
      [outputs], products: x.shape[0],
      Term(
        summed: [x.shape[0]],
        factors: [
          TensorAccess(weights, [.label(0), .label(1)]), TensorAccess(x.source, [.label(1)]),
        ]))
  }

  mutating func finished(_ output: Tensor) -> Circuit {
    circuit.output(output.source)
    circuit.place()
    return circuit
  }
}
