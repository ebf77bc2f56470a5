import Compiler
import ConstraintSystem
import Model
import Testing

struct AnalyzeRangesTests {
  @Test(arguments: [false, true], 1...10 as ClosedRange<UInt64>)
  func `no input leaves the proven intervals`(perChannel: Bool, seed: UInt64) throws {
    let network = DenseNetwork.random([7, 9, 5], perChannel: perChannel, ratio: 2, seed: seed)
    let ranges = try AnalyzeRanges.run(network.network.draft)
    var random = Seeded(seed + 100)
    let inputs = network.edgeInputs(&random) + (0..<200).map { _ in network.input(&random) }
    for input in inputs {
      for (layer, result) in network.run(input).enumerated() {
        let proven = ranges[layer + 1]
        for index in result.acc.indices {
          let channel = perChannel ? index : 0
          #expect(proven.accumulators[channel].contains(result.acc[index]))
          #expect(proven.quotients.contains(result.q[index]))
          #expect(proven.outputs.contains(result.y[index]))
        }
      }
    }
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func `the extreme inputs of one layer attain its intervals`(seed: UInt64) throws {
    let network = DenseNetwork.random([11, 6], perChannel: true, ratio: 3, seed: seed)
    let proven = try AnalyzeRanges.run(network.network.draft)[1]
    var quotients: [Int64] = []
    for (channel, row) in network.layers[0].weights.enumerated() {
      let low = row.map { $0 > 0 ? network.inputRange.lowerBound : network.inputRange.upperBound }
      let high = row.map { $0 > 0 ? network.inputRange.upperBound : network.inputRange.lowerBound }
      let (least, greatest) = (network.run(low)[0], network.run(high)[0])
      #expect(proven.accumulators[channel] == least.acc[channel]...greatest.acc[channel])
      quotients += [least.q[channel], greatest.q[channel]]
    }
    #expect(proven.quotients.lowerBound == quotients.min())
    #expect(proven.quotients.upperBound == quotients.max())
  }

  @Test func `windows that leave their axis read zero`() throws {
    // acc[o] = 3·x[2o − 1] − 2·x[2 − o], over x in −1…4.
    var recorder = CircuitRecorder()
    _ = recorder.input("x", shape: [4], range: -1...4)
    let ahead = AffineIndex(steps: [AffineIndex.Step(label: 0, stride: 2)], constant: -1)
    let back = AffineIndex(steps: [AffineIndex.Step(label: 0, stride: -1)], constant: 2)
    _ = recorder.block(
      "b", shape: [4],
      relation: [
        Term(coefficient: 3, factors: [TensorAccess(.block(0), [ahead])]),
        Term(coefficient: -2, factors: [TensorAccess(.block(0), [back])]),
      ],
      multiplier: FixedPoint(mantissas: [1, 1, 1, 1], shifts: [0, 0, 0, 0], axes: [0]),
      activation: .identity)
    let ranges = try AnalyzeRanges.run(recorder.draft)
    #expect(ranges[1].accumulators == [-8...2, -11...14, -11...14, 0...0])
  }

  @Test func `a product of two activations is extreme at a corner`() throws {
    var recorder = CircuitRecorder()
    _ = recorder.input("x", shape: [2], range: -3...5)
    _ = recorder.input("y", shape: [2], range: -7...2)
    _ = recorder.block(
      "b", shape: [],
      relation: [
        Term(
          coefficient: -1, summed: [2],
          factors: [TensorAccess(.block(0), [.label(0)]), TensorAccess(.block(1), [.label(0)])])
      ],
      multiplier: .identity, activation: .lookup(name: "t", lowest: -10, values: [5, -4, 9]))
    let ranges = try AnalyzeRanges.run(recorder.draft)
    #expect(ranges[2].accumulator == -42...70)
    #expect(ranges[2].outputs == -4...9)
  }

  @Test func `an accumulator of more than 60 bits is refused by the layer's name`() throws {
    var recorder = CircuitRecorder()
    _ = recorder.input("x", shape: [1 << 10], range: -(1 << 20)...(1 << 20))
    _ = recorder.tensor(
      "y", as: .weight, shape: [1, 1 << 10], type: .int32,
      values: [Int64](repeating: 1 << 30, count: 1 << 10))
    let term = Term(
      summed: [1 << 10],
      factors: [
        TensorAccess(.tensor(0), [.label(0), .label(1)]), TensorAccess(.block(0), [.label(1)]),
      ])
    _ = recorder.block(
      "wide", shape: [1], relation: [term], multiplier: .identity, activation: .clamp(0...255))
    #expect {
      try AnalyzeRanges.run(recorder.draft)
    } throws: { error in
      guard case .unsupported(let node, let what, _)? = error as? ModelError else { return false }
      return node == "wide" && what.contains("60 bits") && what.contains("1152921504606846976")
    }
  }

  @Test(arguments: [(-1, 0), (1 << 31, 3), (1, 121), (1, -1)] as [(Int64, Int)])
  func `a multiplier out of range is refused`(mantissa: Int64, shift: Int) {
    var network = DenseNetwork.random([2, 2], perChannel: false, seed: 1)
    network.layers[0].multiplier = FixedPoint(
      mantissas: [mantissa], shifts: [shift], axes: [])
    #expect(throws: ModelError.self) { try AnalyzeRanges.run(network.network.draft) }
  }
}
