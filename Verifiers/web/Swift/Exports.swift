// What a page or a program calls. Bytes are handed over in memory of the module, which lives for one call of
// `verify`: whoever calls makes a new instance for each, so that nothing of one key or proof is left to the next.

/// Room for bytes that are handed over.
@_expose(wasm, "allocate")
@_cdecl("tacit_allocate")
public func allocate(_ bytes: Int32) -> UnsafeMutablePointer<UInt8>? {
  guard bytes >= 0 else { return nil }
  return UnsafeMutablePointer<UInt8>.allocate(capacity: Int(bytes))
}

/// Verifies a proof, or a key alone where it has no byte.
///
/// - Parameter isKeyProof: whether the proof is one of the key's weights.
/// - Returns: a number of bytes, little-endian, and as many bytes of JSON with the members of `tacit verify
///   --json`; reals stand there as the bits of a single, the scale of a tensor as those of a double in
///   hexadecimal, and integers of 64 bits as text.
@_expose(wasm, "verify")
@_cdecl("tacit_verify")
public func verify(
  _ key: UnsafePointer<UInt8>, _ keyBytes: Int32, _ proof: UnsafePointer<UInt8>, _ proofBytes: Int32,
  _ isKeyProof: Int32
) -> UnsafeMutablePointer<UInt8> {
  let text = verdict(
    Array(UnsafeBufferPointer(start: key, count: Int(keyBytes))),
    Array(UnsafeBufferPointer(start: proof, count: Int(proofBytes))), isKeyProof: isKeyProof != 0)
  let bytes = Array(text.utf8)
  let result = UnsafeMutablePointer<UInt8>.allocate(capacity: 4 + bytes.count)
  for place in 0..<4 {
    result[place] = UInt8(truncatingIfNeeded: bytes.count >> (8 * place))
  }
  for (place, byte) in bytes.enumerated() { result[4 + place] = byte }
  return result
}

private func verdict(_ key: [UInt8], _ proof: [UInt8], isKeyProof: Bool) -> String {
  do throws(VerificationFailure) {
    let verifier = try ModelVerifier(key)
    if proof.isEmpty { return verifier.json.text }
    if isKeyProof {
      try verifier.verify(keyProof: proof)
      return JSON.object([
        ("verified", .flag(true)), ("model_id", .text(verifier.modelID.description)),
        ("kind", .text("key proof")),
      ]).text
    }
    return try verifier.verify(proof).json.text
  } catch {
    return JSON.object([
      ("verified", .flag(false)), ("kind", .text(error.kind)), ("message", .text(error.description)),
    ]).text
  }
}

extension VerificationFailure {
  /// As `tacit verify --json` names it: docs/bindings.md#errors.
  fileprivate var kind: String {
    switch self {
    case .key: "verifier_key"
    case .pinnedModel: "pinned_model"
    case .proof: "malformed_proof"
    case .otherModel: "other_model"
    case .otherContext: "other_context"
    case .refused: "refused_proof"
    case .otherCommitment: "other_commitment"
    case .noProofs: "no_proofs"
    case .cancelled: "cancelled"
    }
  }
}

// MARK: What was proven

extension ModelVerifier {
  fileprivate var json: JSON {
    let description = description
    func tensors(_ ports: [TensorPort]) -> JSON {
      .list(ports.map { .object($0.members) })
    }
    return .object([
      ("model_id", .text(modelID.description)), ("model", .text(description.name)),
      ("inputs", tensors(description.inputs)), ("outputs", tensors(description.outputs)),
      ("layers", .integer(Int64(description.layers.count))),
      ("values", .integer(Int64(description.modelValues))),
      ("weights", .text(description.weightsArePublic ? "public" : "hidden")),
    ])
  }
}

extension VerifiedInference {
  fileprivate var json: JSON {
    .object([
      ("verified", .flag(true)), ("model_id", .text(modelID.description)), ("model", .text(modelName)),
      ("inferences", .integer(Int64(inferences))), ("context", .text(Hex.text(context))),
      ("inputs", .list(inputs.map { .object($0.members) })),
      ("outputs", .list(outputs.map { .object($0.members + [("final", $0.finalOutput?.json ?? .null)]) })),
      ("final", finalOutput?.json ?? .null),
    ])
  }
}

extension TensorPort {
  fileprivate var members: [(String, JSON)] {
    [
      ("name", .text(name)), ("visibility", .text(visibility.rawValue)), ("shape", .integers(shape)),
      ("type", .text(type.rawValue)), ("model_type", .text(modelType.rawValue)),
      ("scale_bits", .text(String(scale.bitPattern, radix: 16))), ("zero_point", .text("\(zeroPoint)")),
    ]
  }
}

extension VerifiedInference.Tensor {
  fileprivate var members: [(String, JSON)] {
    var members = port.members
    members[2] = ("shape", .integers(shape))
    members.append(("integers", integers.map { .wide($0) } ?? .null))
    members.append(("commitment", .list(commitment.map { .text(Hex.text($0)) })))
    if let counts { members.append(("counts", .integers(counts))) }
    return members
  }
}

extension FinalOutput {
  fileprivate var json: JSON {
    let values: JSON =
      switch elements {
      case .integers(let values): .wide(values)
      case .reals(let values): .list(values.map { .integer(Int64($0.bitPattern)) })
      }
    return .object([
      ("proven", .flag(false)), ("steps", .list(steps.map { .text($0) })),
      ("shape", .integers(shape)), ("type", .text(type.rawValue)), ("values", values),
    ])
  }
}

// MARK: JSON

private indirect enum JSON {
  case null
  case flag(Bool)
  case integer(Int64)
  case text(String)
  case list([JSON])
  case object([(String, JSON)])

  static func integers(_ values: [Int]) -> JSON { .list(values.map { .integer(Int64($0)) }) }
  /// Integers that a double may not hold.
  static func wide(_ values: [Int64]) -> JSON { .list(values.map { .text("\($0)") }) }

  var text: String {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .flag(let flag): bytes += (flag ? "true" : "false").utf8
    case .integer(let value): bytes += "\(value)".utf8
    case .text(let text): Self.write(text, to: &bytes)
    case .list(let elements):
      bytes.append(0x5B)
      for (place, element) in elements.enumerated() {
        if place > 0 { bytes.append(0x2C) }
        element.write(to: &bytes)
      }
      bytes.append(0x5D)
    case .object(let members):
      bytes.append(0x7B)
      for (place, member) in members.enumerated() {
        if place > 0 { bytes.append(0x2C) }
        Self.write(member.0, to: &bytes)
        bytes.append(0x3A)
        member.1.write(to: &bytes)
      }
      bytes.append(0x7D)
    }
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(0x22)
    for byte in text.utf8 {
      switch byte {
      case 0x22, 0x5C: bytes += [0x5C, byte]
      case 0..<0x20: bytes += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(0x22)
  }
}
