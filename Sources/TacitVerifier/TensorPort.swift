package import ConstraintSystem

/// Who learns a tensor that enters or leaves a network.
public enum TensorVisibility: String, Sendable, CaseIterable {
  /// Part of what is proven, for everyone to read.
  case `public`
  /// Known to the prover alone.
  case `private`
  /// Known to the prover; the proof holds a hiding commitment to it.
  case committed

  package init(_ visibility: Visibility) {
    switch visibility {
    case .public: self = .public
    case .private: self = .private
    case .committed: self = .committed
    }
  }

  package var visibility: Visibility {
    switch self {
    case .public: .public
    case .private: .private
    case .committed: .committed
    }
  }
}

/// Element types of tensors, by the names that ONNX and NumPy have for them.
public enum TensorType: String, Sendable, CaseIterable {
  /// Reals in single precision; as what is proven, the patterns of their bits.
  case float32
  /// −128 to 127, as quantized activations are.
  case int8
  /// 0 to 255, as quantized activations are.
  case uint8
  /// Integers of 16 bits with a sign.
  case int16
  /// Integers of 32 bits with a sign.
  case int32
  /// Integers of 64 bits with a sign, as the indices that an argmax gives.
  case int64

  package init(_ type: ElementType) {
    switch type {
    case .float32: self = .float32
    case .int8: self = .int8
    case .uint8: self = .uint8
    case .int16: self = .int16
    case .int32: self = .int32
    case .int64: self = .int64
    }
  }
}

/// An input or output of a network: real = scale · (integer − zeroPoint).
public struct TensorPort: Hashable, Sendable {
  /// As in the model file.
  public let name: String
  /// Who learns the tensor.
  public let visibility: TensorVisibility
  /// As in the model file, the batch of one included.
  public let shape: [Int]
  /// Type of the integers that are proven; float32 where they are the patterns of its 32 bits, as int32.
  public let type: TensorType
  /// Type that the model itself has here; float32 where it quantizes its input or dequantizes its
  /// output.
  public let modelType: TensorType
  /// What one step of the integers is as a real, greater than 0.
  public let scale: Double
  /// The integer that stands for zero, one of `type`.
  public let zeroPoint: Int64
  /// The integers that an input may hold: those of `type`, or fewer; of an output those of its type.
  public let range: ClosedRange<Int64>
  /// The axis of `shape` along which a tensor may be shorter; nil where none may. What stands behind it is
  /// `padding`.
  public let paddedAxis: Int?
  /// The integer of what a shorter tensor does not have; `zeroPoint` where none is shorter.
  public let padding: Int64
  /// What is computed in public from an output's integers, as `FinalOutput.steps` names it.
  public let finalSteps: [String]
  /// How many values one inference has here: the product of the extents of `shape`.
  public var count: Int { shape.reduce(1, *) }

  /// What an integer stands for: scale · (integer − zeroPoint), or of float32 the number whose pattern it is.
  public func real(_ integer: Int64) -> Double {
    type == .float32
      ? Double(ElementType.single(integer)) : scale * (Double(integer) - Double(zeroPoint))
  }

  /// - Parameter system: the circuit that has the port.
  package init(_ port: Port, of system: ConstraintSystem) {
    name = port.name
    visibility = TensorVisibility(port.visibility)
    shape = port.shape
    type = TensorType(port.type)
    modelType = TensorType(port.userType)
    scale = port.scale
    let all = port.type.integers
    if let input = system.inputs.firstIndex(of: port) {
      let limbs = PortLimbs(port, of: system).range?.clamped(to: all) ?? all
      range = system.indexRange(of: input, system.indexExtents)?.clamped(to: limbs) ?? limbs
    } else {
      range = all
    }
    zeroPoint = port.zeroPoint
    paddedAxis = port.padding?.axis
    padding = port.padding?.value ?? port.zeroPoint
    finalSteps = port.finalSteps.map(FinalOutput.name)
  }
}
