import Checker
import ConstraintSystem
import Proving
import TacitVerifier
import Verification
import Witness

extension ModelProver {
  /// Proves an inference, or several in one proof: the model is committed to and opened once for all.
  ///
  /// - Parameters:
  ///   - inputs: one row per inference along the first extent, at most `maximalInferences`; an array of
  ///     the network's own shape is one. Their `reading` says what the numbers are.
  ///   - context: up to 65,536 bytes that the proof is bound to: a nonce, a session, a job.
  ///   - checked: whether the proof is verified before it is returned, so that a damaged key is an
  ///     error here and not at the receiver's. Unchecked or not, a proof is made of a trace that
  ///     satisfies the circuit, or not at all: its integers are computed exactly.
  /// - Returns: the bytes of a `.proof` file.
  /// - Throws: `TacitError.input`, `TacitError.key`.
  public func prove(
    _ inputs: NamedArrays, context: [UInt8] = [], checked: Bool = true
  ) throws(TacitError) -> [UInt8] {
    try checkContext(context)
    let samples = try tensors.batch(inputs)
    let shape = try proofLayout(samples.count)
    try checkRoom(shape.system, proving: true)
    let trace = try trace(samples, of: shape.system)
    let proof = Prover.prove(trace, key: key, as: shape, context: context)
    if checked { try check(proof) }
    return encoded(proof)
  }

  func check(_ proof: Proof) throws(TacitError) {
    do throws(VerificationError) {
      try Verifier.verify(proof, key: key.verifier)
    } catch {
      throw .key("a proof made with it does not verify, so it is damaged; compile again")
    }
  }

  /// How `prove`, `run` and `check` read inputs, without doing more.
  ///
  /// - Throws: `TacitError.input`, where they would.
  public func reports(_ inputs: NamedArrays) throws(TacitError) -> [InputReport] {
    try tensors.reports(inputs)
  }

  /// The most inferences that one proof of this model holds.
  public var maximalInferences: Int { key.system.maximalInferences }

  func proofLayout(_ inferences: Int) throws(TacitError) -> ProofLayout {
    do throws(VerificationError) {
      return try key.verifier.proofLayout(inferences)
    } catch {
      throw .input(
        "\(inferences) inferences are more than one proof of this model holds, "
          + "\(maximalInferences); prove them in parts")
    }
  }

  func encoded(_ proof: Proof) -> [UInt8] {
    FileFormat.wrap(.proof, proof.encoded(for: key.system))
  }

  /// The network's final outputs in integers alone, with no proof.
  ///
  /// - Parameters:
  ///   - inputs: one row per inference along the first extent.
  ///   - lastSteps: whether the public steps that follow the proof (dequantization, softmax, argmax)
  ///     are applied; without them, the integers that a proof states.
  /// - Returns: one row per inference: what the model's runtime gives.
  public func run(
    _ inputs: NamedArrays, lastSteps: Bool = true
  ) throws(TacitError) -> NumericArray {
    var rows: [FinalRow] = []
    let samples = try tensors.batch(inputs)
    for place in 0..<samples.count {
      let trace = try trace(samples.inference(place), of: key.system)
      rows.append(try finalRow(trace, lastSteps ? key.system.finalSteps : []))
    }
    return try FinalRow.array(rows)
  }

  /// Evaluates every constraint on the witness of an inference, or of several as one proof holds them,
  /// with exact integers and no cryptography, and the commitments to the weights.
  ///
  /// - Parameter inputs: as for `prove`.
  public func check(_ inputs: NamedArrays) throws(TacitError) -> CheckReport {
    let samples = try tensors.batch(inputs)
    let system = try proofLayout(samples.count).system
    let trace = try trace(samples, of: system)
    var violations = Checker.check(system, key.cells, trace).map { "\($0)" }
    do throws(KeyError) {
      let rebuilt = try ProverKey(key.system, cells: key.cells, seed: key.seed)
      if rebuilt.verifier.modelID != key.verifier.modelID {
        violations.append("\(KeyFileError.inconsistent)")
      }
    } catch {
      throw .key("\(error)")
    }
    return CheckReport(
      inferences: system.inferences, rows: system.usedRows, violations: violations)
  }

  var tensors: InputTensors { InputTensors(ports: key.system.inputs.map(TensorPort.init)) }

  /// - Parameters:
  ///   - samples: of the network's inputs.
  ///   - system: of as many inferences.
  func trace(
    _ samples: InputTensors.Batch, of system: ConstraintSystem
  ) throws(TacitError) -> Trace {
    try checkRoom(system, proving: false)
    let trace: Trace
    do throws(ExecutionError) {
      trace = try Trace.execute(
        system, key.cells,
        inputs: zip(system.inputs, samples.integers).map { port, integers in
          integers.map { $0 &- port.zeroPoint }
        })
    } catch {
      throw error.isOfInput ? .input("\(error)") : .key("\(error)")
    }
    for port in system.outputs {
      let range = port.type.integers
      // What no value of the type says may not be written as another that it does say.
      let values = trace.values(of: port.block, in: system)
      if let index = values.firstIndex(where: { !range.contains($0 &+ port.zeroPoint) }) {
        throw .key(
          "output \(port.name.quoted) is \(values[index] &+ port.zeroPoint) at "
            + "\(Layout.position(index, in: port.shape)), and \(port.type) holds "
            + "\(range.lowerBound) to \(range.upperBound): the model's values are not those it was "
            + "compiled with")
      }
    }
    return trace
  }

  private func finalRow(_ trace: Trace, _ steps: [FinalStep]) throws(TacitError) -> FinalRow {
    guard key.system.outputs.count == 1, let port = key.system.outputs.first else {
      throw .input(
        "the network has \(key.system.outputs.count) outputs; only networks with one are run")
    }
    let integers = trace.values(of: port.block, in: key.system).map { $0 &+ port.zeroPoint }
    guard
      let values = FinalValues.applying(
        steps, to: integers, shape: port.shape, type: port.type,
        scale: port.scale, zeroPoint: port.zeroPoint)
    else { throw .key("its last steps do not fit its output") }
    return FinalRow(values: values)
  }

  func checkContext(_ context: [UInt8]) throws(TacitError) {
    guard context.count <= Statement.maximalContextBytes else {
      throw .input(
        "a context holds at most \(Statement.maximalContextBytes) bytes, this one has "
          + "\(context.count); bind a hash of it instead")
    }
  }
}

/// What `check` found.
public struct CheckReport: Sendable {
  public let inferences: Int
  /// Rows of the trace whose constraints were evaluated, padding included.
  public let rows: Int
  /// In plain words and in order of rows; empty when all hold.
  public let violations: [String]
}

/// The final output of one inference.
private struct FinalRow {
  let values: FinalValues

  /// Rows of equal shape stacked along a new first extent, which takes the place of a batch of one.
  static func array(_ rows: [FinalRow]) throws(TacitError) -> NumericArray {
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
    do throws(ArrayFileError) {
      return try NumericArray(
        shape: [rows.count] + shape, element: element,
        values: element == .float32 ? .real(reals) : .integer(integers))
    } catch {
      throw .key("\(error)")
    }
  }
}
