import Checker
import Compiler
import ConstraintSystem
import Model
import Proving
import TestSupport
import Testing
import Verification
import Witness

/// Laws that hold of every operator of `Operators.all`, also of the next one that someone adds.
struct OperatorLawTests {
  // MARK: Samples

  @Test func `every operator gives samples of all its names`() {
    var names: Set<String> = []
    for type in Operators.all {
      let own = OperatorSamples.all.filter {
        ObjectIdentifier($0.type) == ObjectIdentifier(type)
      }
      #expect(!own.isEmpty, "\(type) has no samples: add Samples/\(type)+Samples.swift")
      // The reader lifts scales and zero points out of quantized forms, which then have float names.
      let forms = type.onnx.filter { $0.quantized?.becomes == nil }.map(\.name)
      let missing = Set(forms + type.tflite.map(\.name)).subtracting(own.map(\.node.type))
      #expect(missing.isEmpty, "\(type) has no samples of \(missing.sorted())")
      #expect(!type.onnx.isEmpty || !type.tflite.isEmpty, "\(type) is in no file")
      for name in Set(type.onnx.map(\.name)).union(type.tflite.map(\.name)) {
        #expect(names.insert(name).inserted, "\(name) is of two operators")
      }
      for form in type.onnx.compactMap(\.quantized?.becomes) {
        #expect(type.onnx.contains { $0.name == form && $0.quantized == nil }, "\(form)")
      }
    }
  }

  // MARK: Shapes

  @Test(arguments: OperatorSamples.all)
  func `a node is read by its operator, and its output has the shape that the file states`(
    _ sample: OperatorSample
  ) throws {
    for quantization in sample.quantizations {
      let node = quantization.applied(to: sample)
      let made = try Operators.make(node)
      #expect(ObjectIdentifier(Swift.type(of: made)) == ObjectIdentifier(sample.type))
      #expect(!made.label.isEmpty)
      let declared = node.outputs[node.piece].shape
      #expect(try made.outputShape(node.inputs) == declared)
      let graph = try sample.graph(node)
      try graph.verify()
      let inputs = graph.inputs.map { [Float](repeating: 0.5, count: graph.tensors[$0].count) }
      let reals = try Interpreter(graph).run(reals: inputs)
      #expect(reals.map(\.count) == [declared.reduce(1, *)])
    }
  }

  // MARK: Refusals

  /// What stands in the way of a node; nil where nothing does.
  private func refusal(_ node: SourceNode, of sample: OperatorSample) -> ModelError? {
    do throws(ModelError) {
      let made = try Operators.make(node)
      var tensors = NodeTensors(
        node: node.name, inputs: node.inputs, output: node.outputs[node.piece],
        arithmetic: sample.arithmetic)
      tensors.output.shape = try made.outputShape(node.inputs)
      if sample.isProven {
        try made.check(tensors)
      } else if made is any FinalOperator {
        _ = try made.finalSteps(tensors)
      }
      return nil
    } catch { return error }
  }

  @Test(arguments: OperatorSamples.all)
  func `an attribute that nobody knows is refused by name`(_ sample: OperatorSample) {
    #expect(refusal(sample.node, of: sample) == nil)
    var node = sample.node
    node.attributes["unheard_of"] = .integer(1)
    guard case .unsupportedAttribute(_, _, "unheard_of", _, _)? = refusal(node, of: sample) else {
      Issue.record("\(String(describing: refusal(node, of: sample)))")
      return
    }
  }

  @Test(arguments: OperatorSamples.all)
  func `an attribute of another kind is refused`(_ sample: OperatorSample) {
    for name in sample.node.attributes.keys {
      var node = sample.node
      let isReals = if case .reals? = node.attributes[name] { true } else { false }
      node.attributes[name] = isReals ? .text("another") : .reals([1, 2, 3])
      #expect(refusal(node, of: sample) != nil, "\(name)")
    }
  }

  @Test(arguments: OperatorSamples.all)
  func `a missing operand is refused`(_ sample: OperatorSample) {
    for place in sample.node.inputs.indices where sample.node.inputs[place] != nil {
      var node = sample.node
      node.inputs[place] = nil
      #expect(
        (refusal(node, of: sample) == nil) == sample.optional.contains(place), "operand \(place)")
    }
    var node = sample.node
    node.inputs = []
    #expect(refusal(node, of: sample) != nil)
  }

  @Test(arguments: OperatorSamples.proven)
  func `a tensor that is no quantized activation is refused`(_ sample: OperatorSample) {
    let changes: [(inout Tensor) -> Void] = [
      { $0.quantization = nil }, { $0.type = .int32 }, { $0.type = .int16 },
      { $0.quantization = Quantization(scales: [0.1, 0.2], zeroPoints: [0, 0], axis: 0) },
    ]
    for (index, change) in changes.enumerated() {
      for place in OperatorSample.activations(sample.node) {
        var node = sample.node
        if var tensor = node.inputs[place] {
          change(&tensor)
          node.inputs[place] = tensor
        }
        #expect(refusal(node, of: sample) != nil, "change \(index) of operand \(place)")
      }
      var node = sample.node
      change(&node.outputs[node.piece])
      #expect(refusal(node, of: sample) != nil, "change \(index) of the output")
    }
  }

  /// Whatever a rank leads to is an error or a network that computes what it says.
  @Test(arguments: OperatorSamples.all)
  func `another rank is refused, or is one that it takes`(_ sample: OperatorSample) throws {
    guard let place = OperatorSample.activations(sample.node).first else { return }
    for rank in 0...6 {
      var node = sample.node
      guard let old = node.inputs[place], old.shape.count != rank else { continue }
      node.inputs[place]?.shape = [Int](repeating: 2, count: rank)
      let refusal = refusal(node, of: sample)
      if let ranks = sample.ranks, !ranks.contains(rank) {
        #expect(refusal != nil, "rank \(rank)")
      }
      guard refusal == nil else { continue }
      let shape = try Operators.make(node).outputShape(node.inputs)
      node.outputs[node.piece].shape = shape
      let graph = try sample.graph(node)
      let inputs = graph.inputs.map { graph.tensors[$0].count }
      let reals = try Interpreter(graph).run(reals: inputs.map { [Float](repeating: 1, count: $0) })
      #expect(reals.map(\.count) == [shape.reduce(1, *)], "rank \(rank)")
      guard sample.isProven else { continue }
      let integers = try Interpreter(IntegerNetwork(graph).graph)
        .run(integers: inputs.map { [Int64](repeating: 5, count: $0) })
      #expect(integers.map(\.count) == [shape.reduce(1, *)], "rank \(rank)")
      // An error here is one of what the compiler says of networks.
      _ = try? Compiler.compile(graph)
    }
  }

  // MARK: Meaning

  /// The witness of a network, and what its outputs say, zero points included: in the trace, and without one.
  private func execute(
    _ compiled: CompiledCircuit, _ inputs: [[Int64]]
  ) throws -> (trace: Trace, outputs: [[Int64]]) {
    let system = compiled.system
    let shifted = zip(inputs, system.inputs).map { row, port in row.map { $0 - port.zeroPoint } }
    let trace = try Trace.execute(system, compiled.cells, inputs: shifted)
    var executor = PlainExecutor(system, compiled.cells, runs: 100)
    let plain = try executor.run(shifted.map { CircuitIntegers($0) })
    #expect(plain == system.outputs.map { trace.values(at: $0, in: system) })
    let outputs = system.outputs.map { port in
      trace.values(of: port.blocks[0], in: system).map { $0 + port.zeroPoint }
    }
    return (trace, outputs)
  }

  @Test(arguments: OperatorSamples.proven)
  func `integers, circuit and checker agree on edge values`(_ sample: OperatorSample) throws {
    for quantization in sample.quantizations {
      let node = quantization.applied(to: sample)
      let graph = try sample.graph(node)
      let interpreter = try Interpreter(IntegerNetwork(graph).graph)
      let compiled = try Compiler.compile(graph)
      // Products of two activations have no form in integers where many of them are ties; the compiler says so.
      let slack: Int64 = compiled.notes.isEmpty ? 0 : 1
      #expect(slack == 0 || quantization == .ties, "\(compiled.notes)")
      for row in EdgeRows.rows(graph.inputs.map { graph.tensors[$0] }) {
        let (trace, outputs) = try execute(compiled, row)
        #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty, "\(quantization)")
        for (own, wanted) in zip(outputs[0], try interpreter.run(integers: row)[0]) {
          #expect(abs(own - wanted) <= slack, "\(quantization): \(row)")
        }
      }
    }
  }

  @Test(arguments: OperatorSamples.proven)
  func `integers follow the reals`(_ sample: OperatorSample) throws {
    for quantization in sample.quantizations {
      let graph = try sample.graph(quantization.applied(to: sample))
      let interpreter = try Interpreter(IntegerNetwork(graph).graph)
      let affines = try graph.inputs.map { try graph.tensors[$0].affine("") }
      let output = try graph.tensors[graph.outputs[0]].affine("")
      for row in EdgeRows.rows(graph.inputs.map { graph.tensors[$0] }) {
        let reals = zip(row, affines).map { values, affine in values.map(affine.dequantize) }
        // Where a function leaves the finite numbers it still has an image at the end of the type, and where it
        // leaves the numbers at the lower one.
        let expected = try Interpreter(graph).run(reals: reals)[0]
        for (own, real) in zip(try interpreter.run(integers: row)[0], expected)
        where real.isFinite || !sample.hasPoles {
          let wanted = output.quantize(real) ?? output.range.lowerBound
          #expect(abs(own - wanted) <= sample.slack, "\(quantization): \(own), not \(wanted)")
        }
      }
    }
  }

  @Test(arguments: OperatorSamples.all.filter(\.hasFloatForm))
  func `a float network of it has an integer twin`(_ sample: OperatorSample) throws {
    guard !(sample.type is any FinalOperator.Type) else { return }
    var graph = try OperatorSample.graph(sample.floatNode())
    graph.simplify()
    let rows = EdgeRows.rows(sample.feeds)
    let affines = try sample.feeds.map { try $0.affine("") }
    let calibration = rows.map { row in
      zip(row, affines).map { values, affine in values.map(affine.dequantize) }
    }
    let (quantized, report) = try Quantizer.quantize(graph, calibration: calibration)
    for layer in report.layers { #expect(layer.relativeError < 0.05, "\(layer)") }
    let network = try IntegerNetwork(quantized)
    let interpreter = try Interpreter(network.graph)
    let compiled = try Compiler.compile(quantized)
    for reals in [calibration[0], calibration[3], calibration[calibration.count - 1]] {
      let integers = try reals.enumerated().map { try network.quantize($1, input: $0) }
      let (trace, outputs) = try execute(compiled, integers)
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
      #expect(try outputs == interpreter.run(integers: integers))
    }
  }

  @Test(
    arguments: OperatorSamples.all.filter { $0.type is any FinalOperator.Type && !$0.isProven })
  func `a last step says in public what its reals are, and is refused elsewhere`(
    _ sample: OperatorSample
  ) throws {
    let graph = try sample.graph(SampleQuantization.given.applied(to: sample))
    let network = try IntegerNetwork(graph)
    #expect(network.graph.nodes.isEmpty && !network.finalSteps[0].isEmpty)
    let made = graph.nodes[0].operator
    #expect(throws: ModelError.self) { try made.check(graph.tensors(of: graph.nodes[0])) }
    let compiled = try Compiler.compile(graph)
    #expect(compiled.system.outputs.map(\.finalSteps) == network.finalSteps)
    let (input, output) = (try graph.tensors[graph.inputs[0]].affine(""), graph.outputs[0])
    for row in EdgeRows.rows(graph.inputs.map { graph.tensors[$0] }) {
      let (trace, outputs) = try execute(compiled, row)
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
      #expect(outputs == row)
      let reals = try Interpreter(graph).run(reals: [row[0].map(input.dequantize)])[0]
      switch try network.finalValues(row[0]).elements {
      case .reals(let values):
        for (own, wanted) in zip(values, reals) { #expect(abs(own - wanted) <= 1e-5) }
      case .integers(let values):
        for (own, wanted) in zip(values, reals) {
          let steps =
            try graph.tensors[output].quantization == nil
            ? Int64(wanted) : #require(graph.tensors[output].affine("").quantize(wanted))
          #expect(abs(own - steps) <= (graph.tensors[output].quantization == nil ? 0 : 1))
        }
      }
    }
  }

  // MARK: Lies

  /// One sample of each operator: every cell of its witness is changed, one after the other.
  @Test(arguments: OperatorSamples.first)
  func `every cell of a witness that is changed is refused`(_ sample: OperatorSample) throws {
    let graph = try sample.graph(SampleQuantization.given.applied(to: sample))
    let compiled = try Compiler.compile(graph)
    let rows = EdgeRows.rows(graph.inputs.map { graph.tensors[$0] })
    let honest = try execute(compiled, rows[rows.count - 1]).trace
    let (system, cells) = (compiled.system, compiled.cells)
    #expect(system.usedRows <= 512, "a smaller sample will do")
    let columns: [WritableKeyPath<Trace, [Int64]>] =
      [\.accumulators, \.outputs] + honest.limbs.indices.map { \.limbs[$0] }
    for (place, column) in columns.enumerated() {
      for row in 0..<system.usedRows {
        var trace = honest
        trace[keyPath: column][row] += 1
        #expect(!Checker.check(system, cells, trace).isEmpty, "column \(place), row \(row)")
      }
    }
    for row in honest.multiplicities.indices {
      var trace = honest
      trace.multiplicities[row] += 1
      #expect(!Checker.check(system, cells, trace).isEmpty, "multiplicity \(row)")
    }
  }

  @Test(arguments: OperatorSamples.first)
  func `what is proven of it is what its integers are`(_ sample: OperatorSample) throws {
    let graph = try sample.graph(SampleQuantization.given.applied(to: sample))
    let compiled = try Compiler.compile(graph)
    let rows = EdgeRows.rows(graph.inputs.map { graph.tensors[$0] })
    let key = try ProverKey(compiled.system, cells: compiled.cells)
    let (trace, outputs) = try execute(compiled, rows[rows.count - 1])
    let proof = Prover.prove(trace, key: key)
    try Verifier.verify(proof, key: key.verifier)
    #expect(proof.statement.outputs.map { $0?.values } == outputs)
    // Of other values the first to be changed is the output itself.
    var lie = trace
    lie.outputs[compiled.system.blocks[compiled.system.outputs[0].blocks[0]].offset] += 1
    #expect(throws: VerificationError.self) {
      try Verifier.verify(Prover.prove(lie, key: key), key: key.verifier)
    }
  }
}
