extension VerifiedInference.Tensor {
  /// The integers that were proven, zero point included, in a type of the caller's choice.
  ///
  /// - Returns: row-major, in the shape `shape`; nil unless the port is public and the type holds
  ///   all of them, as `port.type` does.
  public func values<Value: FixedWidthInteger>(as type: Value.Type) -> [Value]? {
    integers.flatMap { $0.exactly(Value.self) }
  }

  /// The reals that the proven integers stand for, each rounded to the nearest of a type.
  ///
  /// - Returns: row-major, in the shape `shape`; nil unless the port is public.
  public func values<Value: BinaryFloatingPoint>(as type: Value.Type) -> [Value]? {
    integers?.map { Value(port.real($0)) }
  }
}

extension FinalOutput {
  /// The values as integers of a type.
  ///
  /// - Returns: row-major, in the shape `shape`; nil where they are reals, or one is none of the
  ///   type.
  public func values<Value: FixedWidthInteger>(as type: Value.Type) -> [Value]? {
    guard case .integers(let values) = elements else { return nil }
    return values.exactly(Value.self)
  }

  /// The values as reals of a type; integers, as those of an argmax, as they are.
  ///
  /// - Returns: row-major, in the shape `shape`.
  public func values<Value: BinaryFloatingPoint>(as type: Value.Type) -> [Value] {
    switch elements {
    case .integers(let values): values.map { Value($0) }
    case .reals(let values): values.map { Value($0) }
    }
  }
}

extension VerifiedInference {
  /// What the model gives: the values of its first output after its public last steps (softmax,
  /// argmax, dequantization) where it has such, else the proven integers.
  ///
  /// - Returns: row-major, the inferences one after another; nil unless the output is public and
  ///   the type holds all values.
  public func output<Value: FixedWidthInteger>(as type: Value.Type) -> [Value]? {
    if let final = finalOutput { return final.values(as: type) }
    return outputs.first?.values(as: type)
  }

  /// What the model gives: the values of its first output after its public last steps (softmax,
  /// argmax, dequantization) where it has such, else the reals that the proven integers stand for.
  ///
  /// - Returns: row-major, the inferences one after another; nil unless the output is public.
  public func output<Value: BinaryFloatingPoint>(as type: Value.Type) -> [Value]? {
    if let final = finalOutput { return final.values(as: type) }
    return outputs.first?.values(as: type)
  }
}

extension [Int64] {
  /// nil unless the type holds all of them.
  fileprivate func exactly<Value: FixedWidthInteger>(_ type: Value.Type) -> [Value]? {
    let values = compactMap { Value(exactly: $0) }
    return values.count == count ? values : nil
  }
}
