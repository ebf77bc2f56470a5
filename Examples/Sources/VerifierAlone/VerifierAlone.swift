import Foundation
import TacitVerifier

/// A program that links nothing but the verifier: what a relayer, an app or an auditor is made of.
///
///     VerifierAlone NAME.verifier FILE.proof [MODEL-ID]
///
/// Exits with 0 when the proof holds, 1 when it does not, 2 when there was nothing to check.
@main
enum VerifierAlone {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count >= 2 else {
      end(2, "usage: VerifierAlone NAME.verifier FILE.proof [MODEL-ID]")
    }
    let files = try arguments.prefix(2).map {
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: $0)))
    }
    // Without it, the proof is of whatever model the key is of.
    let model = arguments.dropFirst(2).first.flatMap { ModelID($0) }
    do throws(VerificationFailure) {
      let verifier = try ModelVerifier(files[0], modelID: model)
      show(try await verifier.verify(files[1]))
    } catch {
      switch error {
      case .key, .noProofs, .cancelled: end(2, "nothing was checked: \(error)")
      case .pinnedModel, .otherModel, .otherContext, .otherCommitment:
        end(1, "a proof of something else: \(error)")
      case .proof, .refused: end(1, "no proof: \(error)")
      }
    }
  }

  private static func show(_ inference: VerifiedInference) {
    print("proven of model \(inference.modelID)")
    for tensor in inference.inputs + inference.outputs {
      let values = tensor.values(as: Float.self).map { "\($0.prefix(4)) …" }
      print("\(tensor.port.name) \(tensor.shape): \(values ?? "not public")")
    }
    if let final = inference.finalOutput {
      print("\(final.steps.joined(separator: ", ")): \(final.values(as: Float.self).prefix(4)) …")
    }
  }

  private static func end(_ status: Int32, _ line: String) -> Never {
    print(line)
    exit(status)
  }
}
