import Tacit

/// Where the model runs: pixels in, a proof out.
func prove(_ pixels: [Float], with prover: ModelProver, nonce: [UInt8]) async throws -> [UInt8] {
  try await prover.prove(NamedArrays(pixels, shape: [1, 64]), context: nonce)
}

/// Anywhere else: what the model gave, if it is that model's and was made for that nonce.
func shares(
  in proof: [UInt8], key: [UInt8], of model: ModelID, nonce: [UInt8]
) async throws -> [Float] {
  let verifier = try ModelVerifier(key, modelID: model)
  return try await verifier.verify(proof, context: nonce).output(as: Float.self) ?? []
}
