import ConstraintSystem

/// Which input of a proof is to be which output of another one.
public struct TensorTie: Sendable, Hashable {
  /// The name of the input; nil for the only committed one.
  public var input: String?
  /// The name of the output; nil for the only committed one.
  public var output: String?

  /// - Parameters:
  ///   - input: the name of the input; nil for the only committed one.
  ///   - output: the name of the output; nil for the only committed one.
  public init(input: String? = nil, output: String? = nil) {
    self.input = input
    self.output = output
  }
}

extension VerifiedInference {
  /// Refuses unless an input of this proof is an output of another proof, of this model or another:
  /// both commit to it by the same points, and mean the same by its integers.
  ///
  /// That the two proofs were made for each other is not said, nor that there is no third one of the same
  /// tensor.
  ///
  /// - Parameters:
  ///   - ties: which input is which output.
  ///   - other: a proof that was accepted.
  /// - Throws: `TieFailure`.
  public func confirm(_ ties: [TensorTie] = [TensorTie()], to other: VerifiedInference)
    throws(TieFailure)
  {
    for tie in ties {
      let input = try committed(tie.input, on: .input)
      try input.confirm(sameAs: try other.committed(tie.output, on: .output))
    }
  }

  func committed(_ name: String?, on side: TieSide) throws(TieFailure) -> Tensor {
    let known = (side == .input ? inputs : outputs).filter { $0.port.visibility == .committed }
    let names = known.map(\.port.name)
    guard !known.isEmpty else { throw .none(side) }
    guard let name else {
      guard known.count == 1 else { throw .several(side, names) }
      return known[0]
    }
    guard let found = known.first(where: { $0.port.name == name }) else {
      throw .unknown(side, name, known: names)
    }
    return found
  }
}

extension VerifiedInference.Tensor {
  /// Refuses unless two accepted proofs are known to be of one tensor here: both commit to it by the same
  /// points, and mean the same by its integers.
  ///
  /// - Throws: `TieFailure`.
  public func confirm(sameAs other: VerifiedInference.Tensor) throws(TieFailure) {
    guard let identity else { throw .notCommitted(port.name) }
    guard let its = other.identity else { throw .notCommitted(other.port.name) }
    // SOUNDNESS: the same points say no more than that cells are the same. In another order, of another
    // shape or at another scale they are another tensor.
    guard identity == its else {
      throw .otherPort(
        port.name, other: other.port.name, differences: identity.differences(from: its))
    }
    guard !commitment.isEmpty, commitment == other.commitment else {
      throw .otherTensor(port.name, other: other.port.name)
    }
  }
}
