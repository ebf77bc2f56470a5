import Foundation
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// The gallery's detector: what is in each cell of a scene, and where.
struct DetectorTests {
  private static let network = GalleryTests.Network(folder: "detector", model: "model.onnx")
  private static let (kinds, cells) = (11, 49)

  /// `expected.json`: what onnxruntime answers.
  private struct Expected: Decodable {
    struct First: Decodable {
      /// Of the first scenes, by row and column.
      var classes: [[[Int]]]
      /// Of the first scene, by part of the box, row and column.
      var boxes: [[[Double]]]
    }
    var first: First
  }

  private static func expected() throws -> Expected.First {
    try JSONDecoder().decode(Expected.self, from: Data(network.bytes("expected.json"))).first
  }

  /// The likeliest class of each cell, scene by scene.
  private static func classes<Value: Comparable>(_ scores: [Value]) -> [Int] {
    stride(from: 0, to: scores.count, by: kinds * cells).flatMap { scene in
      (0..<cells).map { cell in
        (0..<kinds).max { scores[scene + $0 * cells + cell] < scores[scene + $1 * cells + cell] }
          ?? 0
      }
    }
  }

  @Test func `a scene's proof states what is where, in two outputs`() throws {
    let prover = try Self.network.compile()
    let proof = try prover.prove(Self.network.arrays("input.npy"), checked: false)
    let inference = try ModelVerifier(prover.verifier.file).verify(proof)
    #expect(inference.outputs.map(\.port.name) == ["classes", "boxes"])
    let classes = Self.classes(try #require(inference.outputs[0].integers))
    let answers = try Self.expected().classes[0].flatMap(\.self)
    #expect(zip(classes, answers).count { $0 != $1 } <= 1)
    // The boxes of cells with something in them, within a twentieth of a cell on average.
    let boxes = try #require(inference.outputs[1].integers)
    let port = inference.outputs[1].port
    var distances: [Double] = []
    for (part, wanted) in try Self.expected().boxes.enumerated() {
      for (cell, value) in wanted.flatMap(\.self).enumerated() where answers[cell] != 10 {
        distances.append(abs(port.real(boxes[part * Self.cells + cell]) - value))
      }
    }
    #expect(!distances.isEmpty)
    #expect(distances.reduce(0, +) / Double(distances.count) < 0.05)
  }

  @Test func `quantization keeps the classes of cells`() throws {
    let outputs = try Self.network.compile().runOutputs(
      Self.network.arrays("test-inputs.npy"), lastSteps: false)
    let answers = try Self.expected().classes.flatMap { $0.flatMap(\.self) }
    let classes = Self.classes(try #require(outputs[0].array.integers))
    #expect(classes.count == answers.count)
    let agreeing = zip(classes, answers).count { $0 == $1 }
    #expect(agreeing * 100 >= answers.count * 98, "\(agreeing) of \(answers.count)")
  }
}
