import Foundation
import Tacit
import TestSupport
import Testing

/// Counts of operations and sizes stay below what `Bench/thresholds.json` allows. Each proof is made by
/// a process of its own, since counts are a process's.
struct CostTests {
  struct Network: CustomTestStringConvertible, Sendable {
    /// As in the bench.
    var name: String
    var model: URL
    var calibration: URL?
    var input: URL
    /// Of raw int8 inputs.
    var shape: [Int] = []
    var testDescription: String { name }
  }

  private static let root = Digits.folder.deletingLastPathComponent().deletingLastPathComponent()

  private static func network(_ name: String, _ folder: String, _ prefix: String = "") -> Network {
    let folder = root.appendingPathComponent(folder)
    func file(_ name: String) -> URL { folder.appendingPathComponent(prefix + name) }
    return Network(
      name: name, model: prefix.isEmpty ? file("model.onnx") : file("onnx"),
      calibration: file("calibration.npy"), input: file("input.npy"))
  }

  private static func golden(_ name: String, _ file: String, _ shape: [Int]) -> Network? {
    Shared.folder.map { shared in
      Network(
        name: name, model: shared.appendingPathComponent("models/mlperf_tiny/\(file).tflite"),
        input: shared.appendingPathComponent("models/golden/\(file).input.i8"), shape: shape)
    }
  }

  static let networks =
    [
      network("digits-mlp", "Circuits/digits-mlp"), network("lenet5", "Circuits/lenet5"),
      network("784-128-10", "Bench/models", "dense-784-128-10."),
    ]
    + [
      golden("ad01_int8", "ad01_int8", [1, 640]),
      golden("kws", "kws_ref_model", [1, 49, 10, 1]),
      golden("resnet-8", "pretrainedResnet_quant", [1, 32, 32, 3]),
      golden("vww", "vww_96_int8", [1, 96, 96, 3]),
    ].compactMap(\.self)

  @Test(arguments: networks)
  func `a proof costs no more than allowed`(_ network: Network) throws {
    let thresholds = try JSONDecoder().decode(
      [String: [String: Double]].self,
      from: Data(contentsOf: Self.root.appendingPathComponent("Bench/thresholds.json")))
    let allowed = try #require(thresholds[network.name])
    try Folder.with { folder in
      let tacit = try Program(named: "tacit")
      func run(_ arguments: [String]) throws -> [String: Any] {
        let result = try tacit.run(arguments + ["--json"], in: folder.url)
        #expect(result.status == 0, "\(result.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require(object as? [String: Any])
      }
      _ = try run(
        ["compile", network.model.path, "-o", "model"]
          + (network.calibration.map { ["--calibrate", $0.path] } ?? []))
      var input = network.input.path
      if !network.shape.isEmpty {
        input = "input.json"
        let cells = try Data(contentsOf: network.input).prefix(network.shape.reduce(1, *))
        try folder.write(
          Array(Self.json(cells.map(Int8.init(bitPattern:)), network.shape).utf8), input)
      }
      let made = try run(["prove", "model.prover", input, "-o", "model.proof", "--timings"])
      var measured = try #require(made["cost"] as? [String: Any])
      measured["proof_bytes"] = made["proof_bytes"]
      for key in [
        "proof_bytes", "group_additions", "field_multiplications", "small_multiplications",
      ] {
        let value = try #require(measured[key] as? NSNumber).doubleValue
        let most = try #require(allowed[key])
        #expect(value <= most, "\(key) of \(network.name)")
        // A threshold far above what is needed would let much be lost unseen.
        #expect(value >= 0.7 * most, "\(key) of \(network.name) is \(value): lower its threshold")
      }
    }
  }

  /// Nested lists.
  private static func json(_ cells: [Int8], _ shape: [Int]) -> String {
    guard shape.count > 1 else { return "\(cells)" }
    let size = cells.count / shape[0]
    let parts = (0..<shape[0]).map { part in
      json(Array(cells[part * size..<(part + 1) * size]), Array(shape.dropFirst()))
    }
    return "[\(parts.joined(separator: ","))]"
  }
}
