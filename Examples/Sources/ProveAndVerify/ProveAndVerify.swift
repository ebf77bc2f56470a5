import Foundation
import Tacit

/// Proves one inference of a small network and verifies it, then does what a server meets: an input
/// that does not fit, many callers at once, one that does not wait.
///
///     ProveAndVerify [Circuits/digits-mlp]
@main
enum ProveAndVerify {
  /// A handwritten five, 8×8 pixels from 0 to 16.
  static let pixels: [Float] = [
    0, 2, 13, 16, 16, 16, 11, 0,
    0, 5, 16, 10, 5, 4, 1, 0,
    0, 6, 16, 7, 3, 0, 0, 0,
    0, 9, 16, 16, 16, 6, 0, 0,
    0, 3, 8, 4, 11, 15, 0, 0,
    0, 0, 0, 1, 12, 15, 0, 0,
    0, 0, 4, 13, 16, 6, 0, 0,
    0, 2, 16, 15, 8, 0, 0, 0,
  ]

  static func main() async throws {
    let folder = URL(
      fileURLWithPath: CommandLine.arguments.dropFirst().first ?? "Circuits/digits-mlp")
    let model = try Data(contentsOf: folder.appendingPathComponent("model-int8-qdq.onnx"))
    // Once: two keys of a model, one that proves and stays secret, one to publish.
    let prover = try await ModelProver.compile([UInt8](model)).prover
    let (key, modelID) = (prover.verifier.file, prover.modelID)

    let nonce = Array("request 1".utf8)
    let proof = try await prove(pixels, with: prover, nonce: nonce)
    let result = try await shares(in: proof, key: key, of: modelID, nonce: nonce)
    let best = result.indices.max { result[$0] < result[$1] }
    print("proven in \(proof.count) bytes: class \(best ?? -1)")

    try await refuse(with: prover)
    try await serveMany(with: prover)
    try await giveUp(with: prover)
  }

  /// An input that does not fit is an answer to whoever sent it, with the place of the fault.
  private static func refuse(with prover: ModelProver) async throws {
    let narrow = try NamedArrays(Array(pixels.dropLast()), shape: [1, 63])
    do throws(TacitError) {
      _ = try await prover.prove(narrow)
    } catch {
      print("\(httpStatus(error)): \(error)")
    }
  }

  /// Many callers: each proof on one thread, as many at once as there are processors.
  private static func serveMany(with prover: ModelProver) async throws {
    let input = try NamedArrays(pixels, shape: [1, 64])
    let job = JobOptions(maximumConcurrency: 1)
    let proofs = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<8 {
        group.addTask { try await prover.prove(input, checked: false, job: job) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let verdicts = try await prover.verifier.verifyAll(proofs)
    print("\(verdicts.count { (try? $0.get()) != nil }) of \(proofs.count) proofs hold")
  }

  /// A caller that does not wait: the proof ends at its next step.
  private static func giveUp(with prover: ModelProver) async throws {
    let many = try NamedArrays((0..<512).flatMap { _ in pixels }, shape: [512, 64])
    let (steps, step) = AsyncStream.makeStream(of: Double.self)
    let task = Task {
      defer { step.finish() }
      return try await prover.prove(many, job: JobOptions { step.yield($0) })
    }
    for await _ in steps { break }
    task.cancel()
    do {
      print("it was faster: \(try await task.value.count) bytes")
    } catch TacitError.cancelled {
      print("cancelled")
    }
  }
}
