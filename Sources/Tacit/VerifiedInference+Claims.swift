import ConstraintSystem
public import TacitVerifier

/// Why a proof that holds is not one of the input or output that someone claims.
public enum ClaimFailure: Error, Equatable, Sendable {
  /// Not a public tensor, so nobody can compare it.
  case hidden(String)
  /// The claim's array does not fit the tensor.
  case unfit(String)
  /// Another value was proven.
  case other(String)
}

extension ClaimFailure: CustomStringConvertible {
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .hidden(let what):
      "the \(what) of this model is not public, so a proof cannot be compared with one"
    case .unfit(let reason): reason
    case .other(let reason): reason
    }
  }
}

extension VerifiedInference {
  /// Refuses when the proof is of another input; `input` is read as a prover reads it.
  public func confirm(input: NamedArrays) throws(ClaimFailure) {
    guard inputs.allSatisfy({ $0.integers != nil }) else { throw .hidden("input") }
    let claimed: [[Int64]]
    do throws(TacitError) {
      let samples = try InputTensors(ports: inputs.map(\.port)).batch(input)
      guard samples.count == inferences else {
        throw .input(
          "the proof is of \(inferences) \(inferences == 1 ? "inference" : "inferences"), the file "
            + "holds \(samples.count)")
      }
      claimed = samples.integers
    } catch {
      throw .unfit("\(error)")
    }
    for (tensor, claim) in zip(inputs, claimed) {
      guard let proven = tensor.integers else { continue }
      if let place = proven.indices.first(where: { proven[$0] != claim[$0] }) {
        throw .other(
          "the proof is of another input: \"\(tensor.port.name)\" is \(proven[place]) at value "
            + "\(self.place(place, of: proven.count)), the input given is \(claim[place]) there")
      }
    }
  }

  /// How `confirm` reads an input.
  public func reports(_ input: NamedArrays) throws(ClaimFailure) -> [InputReport] {
    do throws(TacitError) {
      return try InputTensors(ports: inputs.map(\.port)).reports(input)
    } catch {
      throw .unfit("\(error)")
    }
  }

  /// Refuses when the network's output is not `claim`: its final values, or the integers proven.
  ///
  /// Reals may differ by a thousandth of a step (1e-6 after a softmax): text rounds them.
  public func confirm(output claim: NumericArray) throws(ClaimFailure) {
    guard let output = outputs.first, let proven = output.integers, let reals = output.reals else {
      throw .hidden("output")
    }
    var differences: [String?] = []
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
    guard let first = differences.first else {
      throw .unfit(
        "the output has shape \(finalOutput?.shape ?? output.shape), the file's array has "
          + "\(claim.shape)")
    }
    if differences.contains(nil) { return }
    throw .other("another output was proven: \(first ?? "")")
  }

  /// A value's place among those of its inference, which is named where there are several.
  private func place(_ index: Int, of count: Int) -> String {
    let size = max(1, count / max(1, inferences))
    return inferences == 1 ? "\(index)" : "\(index % size) of inference \(index / size)"
  }

  private static func difference(_ proven: [Int64], _ claim: [Int64]?) -> String? {
    guard let claim, claim.count == proven.count else { return "the claim is not of integers" }
    return proven.indices.first { proven[$0] != claim[$0] }.map {
      "value \($0) is \(proven[$0]), claimed is \(claim[$0])"
    }
  }

  private static func difference(
    _ proven: [Double], _ claim: [Float], _ tolerance: Double
  ) -> String? {
    guard claim.count == proven.count else { return "the claim has another length" }
    return proven.indices.first { !(abs(proven[$0] - Double(claim[$0])) <= tolerance) }.map {
      "value \($0) is \(Float(proven[$0])), claimed is \(claim[$0])"
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
