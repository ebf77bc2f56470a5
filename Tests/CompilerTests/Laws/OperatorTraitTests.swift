import Compiler
import ConstraintSystem
import Model
import TestSupport
import Testing

/// What an operator says of itself to readers, passes and the quantizer is what it computes.
struct OperatorTraitTests {
  /// One value of each operand, and what becomes of them in float.
  private func real(
    _ made: any Operator, _ operands: [Float]
  ) throws -> Float {
    let tensors = operands.map { Tensor.reals([1], [$0]) }
    let result = try made.real(
      operands.map { Values(shape: [1], elements: [$0]) },
      NodeTensors(node: "node", inputs: tensors, output: .reals([1])))
    return result.elements[0]
  }

  private static let points: [Float] = [-6.5, -2, -1, -0.25, 0, 0.5, 1, 3, 7]

  @Test(arguments: OperatorSamples.all)
  func `an expression is the operator on each value`(_ sample: OperatorSample) throws {
    let made = try Operators.make(sample.node)
    let count = OperatorSample.activations(sample.node).count
    let others: [Float] = [0.75, -0.5]
    for operands in 1...3 {
      guard operands == 1 || sample.node.inputs.count == operands,
        let expression = made.expression(
          [.x] + others.prefix(operands - 1).map { .constant($0) })
      else { continue }
      #expect(count <= operands)
      for x in Self.points {
        let (own, wanted) = (
          expression(x), try real(made, [x] + others.prefix(operands - 1))
        )
        #expect(own == wanted || (own.isNaN && wanted.isNaN), "\(x)")
      }
    }
  }

  @Test(arguments: OperatorSamples.all)
  func `an addition is the sum or the difference, clamped`(_ sample: OperatorSample) throws {
    let made = try Operators.make(sample.node)
    guard let addition = made.addition else { return }
    for (a, b) in zip(Self.points, Self.points.reversed()) {
      let sum = addition.isDifference ? a - b : a + b
      #expect(try real(made, [a, b]) == addition.activation.clamp(sum))
    }
  }

  @Test(arguments: OperatorSamples.all)
  func `factors and terms by channel are the operator on each value`(_ sample: OperatorSample)
    throws
  {
    let node = sample.floatNode()
    let made = try Operators.make(node)
    guard let step = made.channelwise(node.inputs), let input = node.inputs[step.operand]
    else { return }
    let x = (0..<input.count).map { Float($0) - 2 }
    let operands = node.inputs.indices.map { place in
      place == step.operand
        ? Values(shape: input.shape, elements: x)
        : node.inputs[place].flatMap { tensor in
          tensor.reals.map { Values(shape: tensor.shape, elements: $0) }
        }
    }
    let y = try made.real(
      operands, NodeTensors(node: "node", inputs: node.inputs, output: node.outputs[0]))
    let inner = step.axis.map { input.shape[($0 + 1)...].reduce(1, *) } ?? 1
    for (cell, value) in x.enumerated() {
      let channel = cell / inner % step.factors.count
      let wanted = Float(step.factors[channel] * Double(value) + step.terms[channel])
      #expect(abs(y.elements[cell] - step.activation.clamp(wanted)) < 1e-5)
    }
  }

  @Test(arguments: OperatorSamples.all)
  func `a layer's channels are an axis of its weight and of its output`(_ sample: OperatorSample)
    throws
  {
    let made = try Operators.make(sample.node)
    let weight = sample.node.inputs.count > 1 ? sample.node.inputs[1] : nil
    let channels = weight.flatMap { made.channels(weight: $0.shape) }
    #expect((channels != nil) == (sample.type.constants == .weightAndBias))
    guard let channels, let weight else { return }
    let output = sample.node.outputs[0].shape
    #expect(weight.shape.indices.contains(channels.weightAxis))
    #expect(
      weight.shape[channels.weightAxis] == output[channels.isSecond ? 1 : output.count - 1])
    if let quantization = weight.quantization, let axis = quantization.axis {
      #expect(axis == channels.weightAxis)
    }
  }

  @Test(arguments: OperatorSamples.proven)
  func `an operator that keeps integers makes no others`(_ sample: OperatorSample) throws {
    let graph = try sample.graph(SampleQuantization.given.applied(to: sample))
    guard graph.nodes[0].operator.passesIntegers else { return }
    let interpreter = try Interpreter(IntegerNetwork(graph).graph)
    let zero = try graph.tensors[graph.outputs[0]].affine("").zeroPoint
    let constants = graph.tensors.flatMap { tensor -> [Int64] in
      guard tensor.quantization != nil, case .integer(let values)? = tensor.constant else {
        return []
      }
      return values
    }
    for row in EdgeRows.rows(graph.inputs.map { graph.tensors[$0] }) {
      let known = Set(row.flatMap(\.self) + constants + [zero])
      let output = try interpreter.run(integers: row)[0]
      // A clamp of its own has ends of its own, a pad with a number has that.
      let own = Set(output).subtracting(known)
      let more = ["clamped": 2, "with a number": 1][sample.detail] ?? 0
      #expect(own.count <= more, "\(own)")
    }
  }

  @Test(arguments: OperatorSamples.proven)
  func `an operator whose values are rows makes as many`(_ sample: OperatorSample) throws {
    let graph = try sample.graph(SampleQuantization.given.applied(to: sample))
    let compiled = try Compiler.compile(graph)
    guard graph.nodes[0].operator.takesRows else { return }
    let own = compiled.labels.indices.filter { compiled.labels[$0] == BlockLabel("node") }
    #expect(own.count == 1)
    #expect(compiled.system.blocks[own[0]].count == graph.tensors[graph.outputs[0]].count)
  }
}
