import Checker
import Compute
import ConstraintSystem
import Proving
import TacitVerifier
import Verification
import Witness

extension ModelProver {
  /// Proves an inference, or several in one proof: the model is committed to and opened once for
  /// all.
  ///
  /// - Parameters:
  ///   - inputs: one row per inference along the first extent, at most `maximalInferences`; an
  ///     array of the network's own shape is one. Their `reading` says what the numbers are.
  ///   - context: up to 65,536 bytes that the proof is bound to: a nonce, a session, a job.
  ///   - checked: whether the proof is verified before it is returned, so that a damaged key is an
  ///     error here and not at the receiver's. Unchecked or not, a proof is made of a trace that
  ///     satisfies the circuit, or not at all: its integers are computed exactly.
  /// - Returns: the bytes of a `.proof` file.
  /// - Throws: `TacitError.input`, `TacitError.key`, `TacitError.tooLarge`.
  /// - Complexity: about linear in the rows of the trace, `expectedCost(inferences:)` says how
  ///   long; on all processors.
  public func prove(
    _ inputs: NamedArrays, context: [UInt8] = [], checked: Bool = true
  ) throws(TacitError) -> [UInt8] {
    try proveMeasured(inputs, context: context, checked: checked).proof
  }

  func check(_ proof: Proof) throws(TacitError) {
    do throws(VerificationError) {
      try Verifier.verify(proof, key: key.verifier)
    } catch {
      throw error == .cancelled ? .cancelled : .key(.proof)
    }
  }

  /// How `prove`, `run` and `check` read inputs, without doing more.
  ///
  /// - Returns: for each of the network's inputs what the numbers were taken for.
  /// - Throws: `TacitError.input`, where they would.
  public func reports(_ inputs: NamedArrays) throws(TacitError) -> [InputReport] {
    do throws(InputFault) {
      return try tensors.reports(inputs)
    } catch {
      throw .input(error)
    }
  }

  /// The most inferences that one proof of this model holds.
  public var maximalInferences: Int { key.system.maximalInferences }

  func proofLayout(_ inferences: Int) throws(TacitError) -> ProofLayout {
    do throws(VerificationError) {
      return try key.verifier.proofLayout(inferences)
    } catch {
      throw .input(.inferences(inferences, limit: maximalInferences))
    }
  }

  func encoded(_ proof: Proof) -> [UInt8] {
    FileFormat.wrap(.proof, proof.encoded(for: key.system))
  }

  /// What a network with one output gives, in integers alone, with no proof.
  ///
  /// - Parameters:
  ///   - inputs: one row per inference along the first extent.
  ///   - lastSteps: whether the public steps that follow the proof (dequantization, softmax,
  ///     argmax) are applied; without them, the integers that a proof states.
  /// - Returns: one row per inference: what the model's runtime gives.
  /// - Throws: `TacitError.input`, also for a network of several outputs (`runOutputs`);
  ///   `TacitError.key`, `TacitError.tooLarge`.
  /// - Complexity: linear in the network's products, one inference after another.
  public func run(
    _ inputs: NamedArrays, lastSteps: Bool = true
  ) throws(TacitError) -> NumericArray {
    guard key.system.outputs.count == 1 else {
      throw .input(.severalOutputs(key.system.outputs.count))
    }
    return try runOutputs(inputs, lastSteps: lastSteps)[0].array
  }

  /// What a network gives, in integers alone, with no proof.
  ///
  /// - Parameters:
  ///   - inputs: one row per inference along the first extent.
  ///   - lastSteps: whether the public steps that follow the proof are applied.
  /// - Returns: for each output, in order, its name and one row per inference. A name that a file
  ///   repeats, or leaves empty, has a number behind it.
  /// - Throws: `TacitError.input`, `TacitError.key`, `TacitError.tooLarge`.
  /// - Complexity: linear in the network's products, one inference after another.
  public func runOutputs(
    _ inputs: NamedArrays, lastSteps: Bool = true
  ) throws(TacitError) -> [(name: String, array: NumericArray)] {
    let ports = key.system.outputs
    var rows = [[FinalRow]](repeating: [], count: ports.count)
    let samples = try batch(inputs)
    try checkRoom(key.system, proving: false)
    var executor = PlainExecutor(key.system, key.cells, runs: samples.count)
    for place in 0..<samples.count {
      let (done, all) = (Double(place), Double(samples.count))
      let given = circuitInputs(samples.inference(place), of: key.system)
      let found = try Job.part(done / all...(done + 1) / all) { () throws(TacitError) in
        do throws(ExecutionError) { return try executor.run(given) } catch { throw refusal(error) }
      }
      let outputs = try runtimeOutputs(found, of: key.system)
      for index in ports.indices {
        rows[index].append(
          try finalRow(outputs[index], ports[index], lastSteps ? ports[index].finalSteps : []))
      }
    }
    let names = TensorPort.distinctNames(ports.map(\.name))
    return zip(names, rows).map { (name: $0, array: FinalRow.array($1)) }
  }

  /// Evaluates every constraint on the witness of an inference, or of several as one proof holds
  /// them, with exact integers and no cryptography, and the commitments to the weights.
  ///
  /// - Parameter inputs: as for `prove`.
  /// - Returns: the constraints that do not hold.
  /// - Throws: `TacitError.input`, `TacitError.key`, `TacitError.tooLarge`.
  /// - Complexity: about 3 ns per product of the network, 0.2 µs per row, and a small product per
  ///   weight.
  public func check(_ inputs: NamedArrays) throws(TacitError) -> CheckReport {
    let samples = try batch(inputs)
    let layout = try proofLayout(samples.count)
    try checkPowers(for: layout)
    let system = layout.system
    let trace = try Job.part(0...0.2) { () throws(TacitError) in
      try execute(samples, of: system).trace
    }
    var violations = Job.part(0.2...0.9) {
      Checker.check(system, key.cells, trace).map(ConstraintViolation.init)
    }
    try Job.advance(to: 0.9, else: TacitError.cancelled)
    if !key.holdsItsCommitments { violations.append(ConstraintViolation(.inconsistent)) }
    try Job.check(else: TacitError.cancelled)
    return CheckReport(
      inferences: system.inferences, rows: system.usedRows, violations: violations)
  }

  var tensors: InputTensors {
    InputTensors(ports: key.system.inputs.map { TensorPort($0, of: key.system) })
  }

  func batch(_ inputs: NamedArrays) throws(TacitError) -> InputTensors.Batch {
    do throws(InputFault) {
      return try tensors.batch(inputs)
    } catch {
      throw .input(error)
    }
  }

  /// Runs the network.
  ///
  /// - Parameters:
  ///   - samples: of the network's inputs.
  ///   - system: of as many inferences.
  /// - Returns: the witness, and what the runtime has at each output.
  func execute(
    _ samples: InputTensors.Batch, of system: ConstraintSystem
  ) throws(TacitError) -> (trace: Trace, outputs: [RuntimeIntegers]) {
    try checkRoom(system, proving: false)
    let trace: Trace
    do throws(ExecutionError) {
      trace = try Trace.execute(system, key.cells, inputs: circuitInputs(samples, of: system))
    } catch {
      throw refusal(error)
    }
    let outputs = system.outputs.map { trace.values(at: $0, in: system) }
    return (trace, try runtimeOutputs(outputs, of: system))
  }

  private func circuitInputs(
    _ samples: InputTensors.Batch, of system: ConstraintSystem
  ) -> [CircuitIntegers] {
    zip(system.inputs, samples.integers).map { $0.circuit($1) }
  }

  /// Outputs as the runtime has them, each of its port's type.
  private func runtimeOutputs(
    _ circuit: [CircuitIntegers], of system: ConstraintSystem
  ) throws(TacitError) -> [RuntimeIntegers] {
    let outputs = zip(system.outputs, circuit).map { $0.runtime($1) }
    for (port, tensor) in zip(system.outputs, outputs) {
      let values = tensor.values
      // What no value of the type says may not be written as another that it does say.
      if let index = values.firstIndex(where: { !port.type.states($0) }) {
        throw .key(
          .output(
            name: port.name, at: Layout.position(index, in: port.shape), value: values[index],
            type: TensorType(port.type)))
      }
    }
    return outputs
  }

  /// Whether it is the inputs or the key that an execution failed for.
  private func refusal(_ error: ExecutionError) -> TacitError {
    let ports = key.system.inputs
    switch error {
    case .inputCount(_, let actual):
      return .input(.arrayCount(given: actual, inputs: ports.map(\.name)))
    case .inputLength(let name, let expected, let actual):
      let shape = ports.first { $0.name == name }?.shape ?? [expected]
      return .input(.shape(input: name, expected: shape, given: [actual]))
    case .inputRange(let name, let position, let value, let range),
      .inference(_, .inputRange(let name, let position, let value, let range)):
      var inference = 0
      if case .inference(let index, _) = error { inference = index }
      return .input(
        .beyondRange(
          input: name, at: ElementPlace(inference: inference, position: position), value: value,
          range: range))
    case .counts, .padding, .modelCells, .accumulator, .overflow, .quotient, .advice, .inference:
      return .key(.weights(LayerFault(error)))
    case .cancelled: return .cancelled
    }
  }

  /// - Parameter integers: of one inference.
  private func finalRow(
    _ integers: RuntimeIntegers, _ port: Port, _ steps: [FinalStep]
  ) throws(TacitError) -> FinalRow {
    guard
      let values = FinalValues.applying(
        steps, to: integers, shape: port.shape, type: port.type, scale: port.scale,
        zeroPoint: port.zeroPoint)
    else { throw .key(.finalSteps) }
    return FinalRow(values: values)
  }

  func checkContext(_ context: [UInt8]) throws(TacitError) {
    guard context.count <= Statement.maximalContextBytes else {
      throw .input(.context(bytes: context.count, limit: Statement.maximalContextBytes))
    }
  }
}

/// The final output of one inference.
private struct FinalRow {
  let values: FinalValues

  /// Rows of equal shape stacked along a new first extent, which takes the place of a batch of one.
  static func array(_ rows: [FinalRow]) -> NumericArray {
    let first = rows.first?.values
    let shape = first.map { $0.shape.first == 1 ? Array($0.shape.dropFirst()) : $0.shape } ?? []
    let element =
      first.flatMap { NumericArray.Element(rawValue: "\($0.type)") } ?? .float32
    var (reals, integers) = ([Double](), [Int64]())
    for row in rows {
      switch row.values.elements {
      case .reals(let elements): reals += elements.map { Double($0) }
      case .integers(let elements): integers += elements
      }
    }
    return NumericArray(
      counted: element == .float32 ? .real(reals) : .integer(integers),
      shape: [rows.count] + shape, element: element)
  }
}
