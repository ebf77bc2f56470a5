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

  /// Refuses when the network's first output is not `claim`: its final values, or the integers
  /// proven.
  ///
  /// Reals may differ by a thousandth of a step, and after other last steps than dequantization by a
  /// millionth of the largest: text rounds them.
  ///
  /// - Throws: `ClaimFailure.otherOutput` where it is another; `.hidden` where the output is not
  ///   public, and `.unfitOutput` where the array does not fit.
  public func confirm(output claim: NumericArray) throws(ClaimFailure) {
    guard let output = outputs.first else { throw .hidden(.output) }
    try Self.confirm(output, claim)
  }

  /// Refuses when the network's outputs are not these, each as `confirm(output:)` compares one.
  ///
  /// - Parameter claims: one array for a network of one output; by the outputs' names for several.
  /// - Throws: as `confirm(output:)`; `ClaimFailure.missingOutput` and `.outputCount` where the
  ///   arrays are not those of the outputs, and `.output` with the name where there are several.
  public func confirm(outputs claims: NamedArrays) throws(ClaimFailure) {
    let arrays = claims.arrays
    let names = TensorPort.distinctNames(outputs.map(\.port.name))
    guard arrays.count == outputs.count else {
      throw .outputCount(given: arrays.count, outputs: names)
    }
    if let output = outputs.first, outputs.count == 1 {
      return try Self.confirm(output, arrays[0].array)
    }
    for (output, name) in zip(outputs, names) {
      guard let claim = claims[name] else {
        throw .missingOutput(name, outputs: names)
      }
      do throws(ClaimFailure) {
        try Self.confirm(output, claim)
      } catch {
        throw .output(name: name, error)
      }
    }
  }

  private static func confirm(
    _ output: Tensor, _ claim: NumericArray
  ) throws(ClaimFailure) {
    guard let proven = output.integers, let reals = output.reals else {
      throw .hidden(.output)
    }
    let finalOutput = output.finalOutput
    var differences: [OutputDifference?] = []
    if let final = finalOutput {
      switch final.elements {
      case .integers(let values): differences += [Self.difference(values, claim.integers)]
      case .reals(let values):
        let largest = values.reduce(1) { $1.isFinite ? max($0, abs($1)) : $0 }
        let tolerance =
          final.steps == ["dequantize"] ? output.port.scale / 1000 : 1e-6 * Double(largest)
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

extension TensorPort {
  /// Names of a network's outputs as an archive has them, where no two are one: a file may repeat a name,
  /// or have none.
  package static func distinctNames(_ names: [String]) -> [String] {
    var taken = Set(names)
    var seen: Set<String> = []
    return names.map { name in
      let base = name.isEmpty ? "output" : name
      if seen.insert(name).inserted, !name.isEmpty || taken.insert(base).inserted { return base }
      var number = 2
      while !taken.insert("\(base) \(number)").inserted { number += 1 }
      return "\(base) \(number)"
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
