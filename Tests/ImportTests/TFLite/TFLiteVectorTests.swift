import ConstraintSystem
import Foundation
import Import
import Model
import TestSupport
import Testing

/// One network of `Tests/Vectors/networks/tflite.json`.
struct TFLiteCase: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var model: String
  var input_kind: String
  var inputs: [[Double]]
  /// What LiteRT answered.
  var litert: [[Double]]
  /// The same in plain Python integers.
  var integer: [[Double]]

  var testDescription: String { name }

  static let all: [TFLiteCase] =
    (try? JSONDecoder().decode(
      [TFLiteCase].self, from: Data(Vectors.bytes("networks/tflite.json")))) ?? []

  func bytes() throws -> [UInt8] { try Vectors.bytes("networks/" + model) }
}

extension IntegerNetwork {
  /// From what a user hands over to what the model's own runtime returns.
  func run(_ input: [Double]) throws -> [Double] {
    let integers =
      inputTypes[0] == .float32
      ? try quantize(input.map { Float($0) }, input: 0) : input.map { Int64($0) }
    let outputs = try Interpreter(graph).run(integers: [integers])
    switch try finalValues(outputs[0]).elements {
    case .integers(let values): return values.map { Double($0) }
    case .reals(let values): return values.map { Double($0) }
    }
  }
}

struct TFLiteVectorTests {
  @Test func `all vectors are there`() { #expect(TFLiteCase.all.count == 25) }

  @Test(arguments: TFLiteCase.all)
  func `small networks answer as LiteRT does`(_ network: TFLiteCase) throws {
    let read = try ModelFile.read(network.bytes())
    let integers = try IntegerNetwork(read.graph)
    for (row, input) in network.inputs.enumerated() {
      let output = try integers.run(input)
      #expect(output == network.integer[row], "row \(row)")
      // That runtime sends exact ties to even, these integers upwards.
      if network.name == "fc-ties" {
        #expect(zip(output, network.litert[row]).allSatisfy { abs($0 - $1) <= 1 }, "row \(row)")
      } else {
        #expect(output == network.litert[row], "row \(row)")
      }
    }
  }

  private func ad01() throws -> Interpreter {
    let read = try ModelFile.read(Shared.bytes("models/mlperf_tiny/ad01_int8.tflite"))
    return try Interpreter(IntegerNetwork(read.graph).graph)
  }

  private func compare(_ inputs: [UInt8], _ outputs: [UInt8], cases: Int) throws {
    let interpreter = try ad01()
    #expect(inputs.count == 640 * cases && outputs.count == 640 * cases)
    for row in 0..<cases {
      let slice = (640 * row)..<(640 * (row + 1))
      let answer = try interpreter.run(
        integers: [inputs[slice].map { Int64(Int8(bitPattern: $0)) }])
      #expect(answer == [outputs[slice].map { Int64(Int8(bitPattern: $0)) }], "case \(row)")
    }
  }

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `ad01 gives every golden byte`() throws {
    try compare(
      Shared.bytes("models/golden/ad01_int8.input.i8"),
      Shared.bytes("models/golden/ad01_int8.output.i8"), cases: 8)
  }

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `ad01 answers as LiteRT does on further rows`() throws {
    try compare(
      Vectors.bytes("networks/ad01.input.i8"), Vectors.bytes("networks/ad01.output.i8"), cases: 24)
  }

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `ad01 is read as ten dense layers with their names`() throws {
    let read = try ModelFile.read(Shared.bytes("models/mlperf_tiny/ad01_int8.tflite"))
    let network = try IntegerNetwork(read.graph)
    #expect(network.graph.nodes.count == 10)
    #expect(network.graph.nodes.allSatisfy { $0.operator is FullyConnected })
    #expect(network.graph.nodes[0].name == "functional_1/activation/Relu")
    #expect(network.inputTypes == [.int8] && network.outputTypes == [.int8])
    #expect(network.finalSteps == [[]])
    let weights = network.graph.tensors.compactMap { tensor -> Int? in
      if case .integer(let values)? = tensor.constant { values.count } else { nil }
    }
    #expect(weights.reduce(0, +) == 265_864)
  }

  struct LastSteps: Decodable {
    var input: [Int64]
    var litert: [Int64]
  }

  @Test func `softmax and what requantizes it are last steps with LiteRT's bytes`() throws {
    let rows = try JSONDecoder().decode(
      [LastSteps].self, from: Data(Vectors.bytes("networks/last-steps.json")))
    let network = try IntegerNetwork(
      ModelFile.read(Vectors.bytes("networks/last-steps/softmax-uint8.tflite")).graph)
    #expect(rows.count == 40 && network.finalSteps[0].count == 2)
    for row in rows {
      #expect(try network.finalValues(row.input).elements == .integers(row.litert))
      #expect(try network.finalValues(row.input).type == .uint8)
    }
  }
}
