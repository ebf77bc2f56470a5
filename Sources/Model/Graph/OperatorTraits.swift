/// Where a network turns reals into integers and back.
package enum NetworkEnd: Sendable, Hashable {
  /// It quantizes a float input, which whoever hands the input over does.
  case input
  /// It is a public step on the proven output.
  case output
}

/// How constants among an operator's operands are stored in a network that is quantized here.
package enum ConstantOperands: Sendable, Hashable {
  /// They are no operands of its arithmetic, or none that it can take.
  case unchanged
  /// Like activations: int8 with one scale and zero point for each.
  case likeActivations
  /// As the output is quantized, of whose integers they are.
  case likeOutput
  /// The second as int8 with a scale for each channel, the third as int32 at the products' scales.
  case weightAndBias
}

/// clamp(a ± b) of two operands.
package struct Addition: Sendable, Hashable {
  /// Whether the second operand is taken away.
  package var isDifference: Bool
  package var activation: RealRange

  package init(isDifference: Bool, activation: RealRange) {
    self.isDifference = isDifference
    self.activation = activation
  }
}

/// clamp(factor · x + term), factor and term by the place along an axis of x.
package struct ChannelwiseStep: Sendable, Hashable {
  /// Which operand is x.
  package var operand: Int
  /// Nil where there is one factor and one term for all of x.
  package var axis: Int?
  package var factors: [Double]
  package var terms: [Double]
  package var activation: RealRange

  package init(
    operand: Int = 0, axis: Int?, factors: [Double], terms: [Double],
    activation: RealRange = .unbounded
  ) {
    self.operand = operand
    self.axis = axis
    self.factors = factors
    self.terms = terms
    self.activation = activation
  }
}

/// Where the output channels of a layer with a weight stand, and what multiplies its operands.
package struct LayerChannels: Sendable, Hashable {
  package var weightAxis: Int
  /// Whether they are the output's second axis; else its last.
  package var isSecond: Bool
  package var weightFactor: Float
  package var biasFactor: Float
  /// The attributes that state the factors.
  package var factorAttributes: [String]

  package init(
    weightAxis: Int, isSecond: Bool, weightFactor: Float = 1, biasFactor: Float = 1,
    factorAttributes: [String] = []
  ) {
    self.weightAxis = weightAxis
    self.isSecond = isSecond
    self.weightFactor = weightFactor
    self.biasFactor = biasFactor
    self.factorAttributes = factorAttributes
  }
}
