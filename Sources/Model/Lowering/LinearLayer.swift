import ConstraintSystem

/// A dense or convolutional layer with a constant weight, as passes and the quantizer see it: output
/// channels along one axis of its weight.
struct LinearLayer {
  private let place: LayerChannels
  let weight: Tensor
  /// Of the weight, along which its output channels run.
  var axis: Int { place.weightAxis }
  /// Values of the weight for each index along that axis.
  private let inner: Int
  /// s_x·s_w for each output channel, where both are quantized.
  let accumulatorScales: [Double]?

  var channels: Int { weight.shape[axis] }

  /// Nil for other operators, and where the weight is not a constant of a shape that fits.
  init?(_ node: Node, in graph: Graph) {
    guard node.inputs.count >= 2, let input = node.inputs[0], let constant = node.inputs[1],
      graph.tensors[constant].constant != nil
    else { return nil }
    weight = graph.tensors[constant]
    guard let place = node.operator.channels(weight: weight.shape), place.weightFactor == 1,
      place.biasFactor == 1
    else { return nil }
    self.place = place
    inner = weight.shape[(place.weightAxis + 1)...].reduce(1, *)
    guard let own = weight.quantization, let scale = graph.tensors[input].quantization?.scales.first
    else {
      accumulatorScales = nil
      return
    }
    let channels = weight.shape[place.weightAxis]
    guard own.scales.count == 1 || own.scales.count == channels else { return nil }
    accumulatorScales = (0..<channels).map {
      Double(scale) * Double(own.scales[own.scales.count == 1 ? 0 : $0])
    }
  }

  /// The output's axis of channels.
  func channelAxis(of shape: [Int]) -> Int? {
    let axis = place.isSecond ? 1 : shape.count - 1
    return shape.indices.contains(axis) && shape[axis] == channels ? axis : nil
  }

  /// The output channel of a value of the weight.
  func channel(of cell: Int) -> Int { cell / inner % channels }
}

extension Tensor {
  /// A constant that broadcasts over `shape` along `axis` alone, as one value per channel.
  func perChannel(axis: Int, of shape: [Int], channels: Int) -> [Float]? {
    guard let reals, self.shape.count <= shape.count else { return nil }
    if reals.count == 1 { return [Float](repeating: reals[0], count: channels) }
    let own = [Int](repeating: 1, count: shape.count - self.shape.count) + self.shape
    guard own.indices.allSatisfy({ own[$0] == ($0 == axis ? channels : 1) }) else { return nil }
    return reals
  }
}
