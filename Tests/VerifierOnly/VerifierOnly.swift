import Foundation
import TacitVerifier

/// A program that links nothing but the verifier: what a relayer is made of.
///
///     VerifierOnly NAME.verifier FILE.proof
@main
enum VerifierOnly {
  static func main() throws {
    let files = try CommandLine.arguments.dropFirst().prefix(2).map {
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: $0)))
    }
    guard let key = files.first, let proof = files.last else { return }
    print(try ModelVerifier(key).verify(proof).modelID)
  }
}
