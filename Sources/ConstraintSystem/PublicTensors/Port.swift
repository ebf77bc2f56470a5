/// Who learns a tensor that enters or leaves the network.
///
/// Written down in docs/protocol/circuit.md#ports.
package enum Visibility: UInt8, Sendable, CaseIterable {
  /// Part of the statement.
  case `public` = 0
  /// Known to the prover alone.
  case `private` = 1
  /// Known to the prover; the statement holds a hiding commitment to it.
  case committed = 2
}

/// Element types of the tensors that a user hands over or gets back.
///
/// The integers of a port of `float32` are the patterns of its 32 bits (IEEE 754 binary32), read as an int32:
/// they stand for themselves and know no scale. What a circuit makes of them is its rows' business.
package enum ElementType: UInt8, Sendable, CaseIterable {
  case float32 = 0
  case int8 = 1
  case uint8 = 2
  case int16 = 3
  case int32 = 4
  case int64 = 5
  package var bytes: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16: 2
    case .float32, .int32: 4
    case .int64: 8
    }
  }
}

/// An input or output of the network: blocks whose `y`, as limbs of one number and plus the zero point, are
/// the runtime's integer tensor.
///
/// Most ports have one block. A wide one has several of one shape, the lowest limb first (`PortLimbs`). An
/// input without any is read by windows alone, which go through it, and takes no rows: its integers stand in
/// the statement.
///
/// A padded one holds a tensor of any length up to its shape's along an axis (`PortPadding`).
package struct Port: Hashable, Sendable {
  /// As in the user's model.
  package var name: String
  /// Indices of the blocks that hold it.
  package var blocks: [Int]
  package var visibility: Visibility
  /// The shape in the user's model; as many elements as a block has cells, in the same order.
  package var shape: [Int]
  /// Type of the quantized tensor (int8, uint8, …), or `float32` for patterns; every public value is one of it.
  package var type: ElementType
  /// real = scale · (integer − zeroPoint), but of `float32`.
  package var scale: Double
  package var zeroPoint: Int64
  /// Type the model itself has at this place: `float32` when it quantizes its own input or
  /// dequantizes its own output.
  package var userType: ElementType
  /// Of an output: what is computed of it in public, in order.
  package var finalSteps: [FinalStep]
  package var padding: PortPadding?

  package init(
    name: String, blocks: [Int], visibility: Visibility, shape: [Int], type: ElementType,
    scale: Double, zeroPoint: Int64, userType: ElementType, finalSteps: [FinalStep] = [],
    padding: PortPadding? = nil
  ) {
    self.name = name
    self.blocks = blocks
    self.visibility = visibility
    self.shape = shape
    self.type = type
    self.scale = scale
    self.zeroPoint = zeroPoint
    self.userType = userType
    self.finalSteps = finalSteps
    self.padding = padding
  }

  package var count: Int { shape.reduce(1, *) }
}

/// A public step after the proof, computed by anyone from the proven integers and named as such.
package enum FinalStep: Hashable, Sendable {
  /// Over the last axis, of reals; of integers as LiteRT computes it where the result is one of integers
  /// of this scale and zero point.
  case softmax(beta: Double, output: FinalQuantization?)
  /// The logarithm of that, likewise.
  case logSoftmax(output: FinalQuantization?)
  /// Over the last axis, of integers: onnxruntime's QLinearSoftmax.
  case quantizedSoftmax(output: FinalQuantization)
  /// Over the axis; index of the first largest.
  case argMax(axis: Int)
  /// real = scale · (integer − zeroPoint).
  case dequantize
  /// integer = real / scale, ties to even, plus the zero point, saturated: ONNX QuantizeLinear.
  case quantize(FinalQuantization)
  /// Integers of the same scale in another type or at another zero point, saturated.
  case requantize(FinalQuantization)
  case sigmoid
  case tanh
  /// The real that each integer of eight bits becomes, from the type's least on.
  case table([Float])
  /// The same values under other extents.
  case reshape([Int])
  /// Axis k of the result is axis `permutation[k]`.
  case transpose([Int])
}

package struct FinalQuantization: Hashable, Sendable {
  package var type: ElementType
  package var scale: Double
  package var zeroPoint: Int64
  package init(type: ElementType, scale: Double, zeroPoint: Int64) {
    self.type = type
    self.scale = scale
    self.zeroPoint = zeroPoint
  }
}
