import ConstraintSystem
public import TacitVerifier

extension VerifiedInference {
  /// Refuses when the proof is of another input.
  ///
  /// - Parameter input: read as a prover reads it.
  /// - Throws: `ClaimFailure.otherInput` where it is another; `.hidden` where inputs are not
  ///   public, and `.unfitInput` where the arrays do not fit.
  public func confirm(input: NamedArrays) throws(ClaimFailure) {
    guard inputs.allSatisfy({ $0.integers != nil }) else { throw .hidden(.input) }
    let claimed: [[Int64]]
    do throws(InputFault) {
      let samples = try InputTensors(ports: inputs.map(\.port)).batch(input)
      guard samples.count == inferences else {
        throw .claimedInferences(samples.count, proven: inferences)
      }
      claimed = samples.integers.map(\.values)
    } catch {
      throw .unfitInput(error)
    }
    for (tensor, claim) in zip(inputs, claimed) {
      guard let proven = tensor.integers else { continue }
      if let index = proven.indices.first(where: { proven[$0] != claim[$0] }) {
        let size = max(1, proven.count / max(1, inferences))
        throw .otherInput(
          name: tensor.port.name, index: index % size,
          inference: inferences == 1 ? nil : index / size, proven: proven[index],
          claimed: claim[index])
      }
    }
  }

  /// How `confirm` reads an input.
  ///
  /// - Returns: for each of the network's inputs what the numbers were taken for.
  /// - Throws: `ClaimFailure.unfitInput` where the arrays do not fit.
  public func reports(_ input: NamedArrays) throws(ClaimFailure) -> [InputReport] {
    do throws(InputFault) {
      return try InputTensors(ports: inputs.map(\.port)).reports(input)
    } catch {
      throw .unfitInput(error)
    }
  }

  /// Refuses when the network's output is not `claim`: its final values, or the integers proven.
  ///
  /// Reals may differ by a thousandth of a step (1e-6 after a softmax): text rounds them.
  ///
  /// - Throws: `ClaimFailure.otherOutput` where it is another; `.hidden` where the output is not
  ///   public, and `.unfitOutput` where the array does not fit.
  public func confirm(output claim: NumericArray) throws(ClaimFailure) {
    guard let output = outputs.first, let proven = output.integers, let reals = output.reals else {
      throw .hidden(.output)
    }
    var differences: [OutputDifference?] = []
    if let final = finalOutput {
      switch final.elements {
      case .integers(let values): differences += [Self.difference(values, claim.integers)]
      case .reals(let values):
        let tolerance = final.steps == ["dequantize"] ? output.port.scale / 1000 : 1e-6
        differences += [Self.difference(values.map { Double($0) }, claim.reals, tolerance)]
      }
      if final.count != claim.count { differences.removeAll() }
    }
    if proven.count == claim.count {
      if case .integer(let values) = claim.values {
        differences.append(Self.difference(proven, values))
      } else {
        differences.append(Self.difference(reals, claim.reals, output.port.scale / 1000))
      }
    }
    guard !differences.isEmpty else {
      throw .unfitOutput(expected: finalOutput?.shape ?? output.shape, given: claim.shape)
    }
    // One way to read the claim is enough. Of a claim of integers the integers are the ones to speak of.
    guard !differences.contains(nil), let first = differences[0] else { return }
    if case .integer = claim.values, let last = differences[differences.count - 1] {
      throw .otherOutput(last)
    }
    throw .otherOutput(first)
  }

  private static func difference(_ proven: [Int64], _ claim: [Int64]?) -> OutputDifference? {
    guard let claim, claim.count == proven.count else { return .notIntegers }
    return proven.indices.first { proven[$0] != claim[$0] }.map {
      .integer(index: $0, proven: proven[$0], claimed: claim[$0])
    }
  }

  private static func difference(
    _ proven: [Double], _ claim: [Float], _ tolerance: Double
  ) -> OutputDifference? {
    zip(proven, claim).enumerated().first { !(abs($1.0 - Double($1.1)) <= tolerance) }.map {
      .real(index: $0, proven: $1.0, claimed: $1.1)
    }
  }
}

extension FinalOutput {
  /// Number of values.
  public var count: Int {
    switch elements {
    case .integers(let values): values.count
    case .reals(let values): values.count
    }
  }
}
