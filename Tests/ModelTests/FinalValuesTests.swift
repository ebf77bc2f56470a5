import ConstraintSystem
import Foundation
import TestSupport
import Testing

struct FinalValuesTests {
  /// Scale and zero point of the tensor before the softmax, as LiteRT reports them.
  static let networks: [(name: String, scale: Float, zeroPoint: Int64, width: Int)] = [
    ("kws_ref_model", 0.14469251036643982, 14, 12),
    ("pretrainedResnet_quant", 0.17185351252555847, 24, 10),
    ("pretrainedResnet_large_int8", 0.29923415184020996, 20, 10),
    ("str_ww_ref_model", 0.1605089008808136, 10, 3),
    ("vww_96_int8", 0.014636218547821045, -5, 2),
  ]

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"), arguments: networks.indices)
  func `int8 softmax gives the runtime's bytes`(_ index: Int) throws {
    let network = Self.networks[index]
    let logits = try Shared.bytes("models/golden/\(network.name).logits.i8").map(signed)
    let output = try Shared.bytes("models/golden/\(network.name).output.i8").map(signed)
    #expect(!logits.isEmpty && logits.count % network.width == 0)
    let values = FinalValues.applying(
      [.softmax(beta: 1, output: FinalQuantization(type: .int8, scale: 1 / 256, zeroPoint: -128))],
      to: RuntimeIntegers(logits), shape: [logits.count / network.width, network.width],
      type: .int8,
      scale: Double(network.scale), zeroPoint: network.zeroPoint)
    #expect(values?.elements == .integers(output))
  }

  struct Logarithm: Decodable {
    var scale: Double
    var inputs: [[Int64]]
    var litert: [[Int64]]
  }

  @Test func `int8 log-softmax gives the runtime's bytes`() throws {
    let cases = try JSONDecoder().decode(
      [Logarithm].self, from: Data(Vectors.bytes("networks/log-softmax.json")))
    #expect(cases.count == 5)
    let output = FinalQuantization(type: .int8, scale: 16 / 256, zeroPoint: 127)
    for item in cases {
      for (input, answer) in zip(item.inputs, item.litert) {
        let values = FinalValues.applying(
          [.logSoftmax(output: output)], to: RuntimeIntegers(input), shape: [1, input.count],
          type: .int8,
          scale: item.scale, zeroPoint: -9)
        #expect(values?.elements == .integers(answer))
      }
    }
    // ln(e^1.5 / (1 + e^1.5)) = −0.20141328
    guard
      case .reals(let reals)? = apply([.logSoftmax(output: nil)], [1, 4], [1, 2])?.elements
    else {
      Issue.record("log-softmax gives reals")
      return
    }
    #expect(abs(reals[0] + 1.70141328) < 1e-6 && abs(reals[1] + 0.20141328) < 1e-6)
  }

  private func signed(_ byte: UInt8) -> Int64 { Int64(Int8(bitPattern: byte)) }

  private func apply(_ steps: [FinalStep], _ integers: RuntimeIntegers, _ shape: [Int])
    -> FinalValues?
  {
    FinalValues.applying(
      steps, to: integers, shape: shape, type: .int8, scale: 0.5, zeroPoint: -1)
  }

  @Test func `dequantize, softmax and argmax in a row`() {
    #expect(apply([], [1, 2], [2])?.elements == .integers([1, 2]))
    #expect(apply([.dequantize], [1, -1, -3], [1, 3])?.elements == .reals([1, 0, -1]))
    #expect(apply([.argMax(axis: 1)], [1, 5, 5, 9, 2, 3], [2, 3])?.elements == .integers([1, 0]))
    #expect(
      apply([.argMax(axis: 0)], [1, 5, 5, 9, 2, 3], [2, 3])?.elements == .integers([1, 0, 0]))
    let chained = apply(
      [.dequantize, .softmax(beta: 1, output: nil), .argMax(axis: 1)], [1, 4], [1, 2])
    #expect(chained?.elements == .integers([1]))
    #expect(chained?.type == .int64)
    // exp(−1.5) / (1 + exp(−1.5)) = 0.18242552
    guard
      case .reals(let reals)? = apply([.softmax(beta: 1, output: nil)], [1, 4], [1, 2])?.elements
    else {
      Issue.record("softmax gives reals")
      return
    }
    #expect(abs(reals[0] - 0.18242552) < 1e-7 && abs(reals[1] - 0.81757448) < 1e-7)
  }

  @Test func `steps that move values and steps to integers`() {
    #expect(
      apply([.transpose([1, 0])], [1, 2, 3, 4, 5, 6], [2, 3])?.elements
        == .integers([1, 4, 2, 5, 3, 6]))
    let turned = apply([.dequantize, .transpose([2, 0, 1])], [1, 2, 3, 4, 5, 6], [1, 2, 3])
    #expect(turned?.shape == [3, 1, 2] && turned?.elements == .reals([1, 2.5, 1.5, 3, 2, 3.5]))
    #expect(apply([.reshape([3, 2])], [1, 2, 3, 4, 5, 6], [2, 3])?.shape == [3, 2])
    // int8 with zero point −1 as uint8 with 127, and what lies beyond.
    func moved(_ zeroPoint: Int64) -> FinalValues? {
      let output = FinalQuantization(type: .uint8, scale: 0.5, zeroPoint: zeroPoint)
      return apply([.requantize(output)], [-128, -1, 127], [3])
    }
    let shifted = moved(127)
    #expect(shifted?.elements == .integers([0, 127, 255]) && shifted?.type == .uint8)
    #expect(moved(3)?.elements == .integers([0, 3, 131]))
    // Half a step goes to the even one.
    let byte = FinalQuantization(type: .uint8, scale: 0.25, zeroPoint: 2)
    #expect(
      apply(
        [.table((0..<256).map { Float($0 - 128) / 8 }), .quantize(byte)], [1, 3, -5, 127], [4])?
        .elements == .integers([2, 4, 0, 66]))
    #expect(apply([.sigmoid], [-1], [1])?.elements == .reals([0.5]))
    #expect(apply([.dequantize, .tanh], [-1, 1], [2])?.elements == .reals([0, 0.7615942]))
  }

  @Test func `steps that do not fit are nil, not traps`() {
    #expect(apply([.reshape([-1, -2])], [1, 2], [2]) == nil)
    #expect(apply([.table([])], [1, 2], [2]) == nil)
    #expect(apply([.transpose([0, 0])], [1, 2], [2, 1]) == nil)
    #expect(apply([.argMax(axis: 3)], [1, 2], [2]) == nil)
    #expect(apply([.argMax(axis: -1)], [1, 2], [2]) == nil)
    #expect(apply([], [1, 2], [3]) == nil)
    #expect(apply([], [1, 2], [-1, -2]) == nil)
    #expect(apply([], [1, 2], [.max, .max]) == nil)
    #expect(apply([.dequantize, .dequantize], [1, 2], [2]) == nil)
    #expect(apply([.argMax(axis: 0), .argMax(axis: 0)], [1, 2], [2]) == nil)
    #expect(apply([.dequantize], [.min, .max], [2]) != nil)
  }
}
