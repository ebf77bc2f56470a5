import ConstraintSystem
import Curve
import Verification

/// An input that a network's output goes back to, from step to step.
public struct ChainState: Sendable, Hashable {
  /// Which input is which output of the step before.
  public var tie: TensorTie
  /// The runtime's integers that the first step is given, of all inferences; nil for those that stand for
  /// zero.
  public var first: [Int64]?

  /// - Parameters:
  ///   - tie: which input is which output of the step before.
  ///   - first: the runtime's integers that the first step is given, row-major, of all inferences; nil for
  ///     those that stand for zero.
  public init(_ tie: TensorTie = TensorTie(), first: [Int64]? = nil) {
    self.tie = tie
    self.first = first
  }
}

extension ModelVerifier {
  /// Checks that proofs are one sequence of steps: the first from a state that is declared, each of the others
  /// from the state that the one before ended in.
  ///
  /// What is proven is that there is such a sequence for this session. That nobody made another one from the
  /// same state, that the last proof is the last step, and that the session was not used before cannot be seen
  /// from files: who consumes chains keeps, for each session, its number of steps and the last digest.
  ///
  /// - Parameters:
  ///   - proofs: the bytes of the steps' `.proof` files, in order.
  ///   - session: what the verifier chose for this chain and for no other.
  ///   - steps: how many there must be.
  ///   - states: the inputs that are tied.
  ///   - modelID: refuses this key when it is of another model.
  /// - Returns: what each step proves.
  /// - Throws: `ChainFailure`.
  /// - Complexity: that of `verifyAll`.
  public func verifyChain(
    _ proofs: [[UInt8]], session: [UInt8], steps: Int, states: [ChainState] = [ChainState()],
    modelID: ModelID? = nil
  ) throws(ChainFailure) -> [VerifiedInference] {
    guard proofs.count == steps else { throw .steps(given: proofs.count, expected: steps) }
    let results: [Result<VerifiedInference, VerificationFailure>]
    do throws(VerificationFailure) {
      results = try verifyAll(proofs, modelID: modelID)
    } catch {
      throw .verification(error)
    }
    var inferences: [VerifiedInference] = []
    var context = ChainContext(session: session)
    for (step, (result, proof)) in zip(results, proofs).enumerated() {
      let inference: VerifiedInference
      do throws(VerificationFailure) {
        inference = try result.get()
      } catch {
        throw .step(step, error)
      }
      guard inference.context == context.bytes else {
        throw Self.otherContext(inference.context, expected: context)
      }
      do throws(TieFailure) {
        if let before = inferences.last {
          try inference.confirm(states.map(\.tie), to: before)
        } else {
          for state in states { try confirm(state, beginning: inference) }
        }
      } catch {
        throw .tie(step: step, error)
      }
      inferences.append(inference)
      context = context.next(after: proof)
    }
    return inferences
  }

  private static func otherContext(
    _ actual: [UInt8], expected: ChainContext
  ) -> ChainFailure {
    guard let actual = ChainContext(actual) else { return .noChain(step: expected.step) }
    if actual.session != expected.session {
      return .otherSession(step: expected.step, ContextText.text(actual.session))
    }
    if actual.step != expected.step {
      return .otherStep(place: expected.step, actual: actual.step)
    }
    return .otherPrevious(step: expected.step)
  }

  /// Refuses a first step whose input is not what was declared.
  private func confirm(
    _ state: ChainState, beginning inference: VerifiedInference
  ) throws(TieFailure) {
    let tensor = try inference.committed(state.tie.input, on: .input)
    let count = tensor.port.count * inference.inferences
    let values =
      state.first ?? [Int64](repeating: tensor.port.zeroPoint, count: count)
    guard let layout = try? key.proofLayout(inference.inferences), values.count == count,
      values.allSatisfy(tensor.port.range.contains),
      let place = layout.system.committedPorts.firstIndex(where: { $0.name == tensor.port.name })
    else { throw .declared(tensor.port.name, values: values.count, expected: count) }
    guard
      let points = Declared.commitments(
        to: RuntimeIntegers(values), at: place, port: layout.system.committedPorts[place],
        as: layout)
    else { throw .declaredByPowers(tensor.port.name) }
    guard points.map(\.compressed) == tensor.commitment else {
      throw .otherTensor(tensor.port.name, other: "the first state that was declared")
    }
  }
}

/// Why proofs are not a chain.
public enum ChainFailure: Error, Hashable, Sendable {
  /// Another number of proofs than of steps.
  case steps(given: Int, expected: Int)
  /// Nothing can be verified.
  case verification(VerificationFailure)
  /// A step's proof is not accepted.
  case step(Int, VerificationFailure)
  /// A step's proof is bound to something that is no step of a chain.
  case noChain(step: Int)
  /// A step's proof is of another session, shown as text.
  case otherSession(step: Int, String)
  /// A proof is another step than the one that its place calls for.
  case otherStep(place: Int, actual: Int)
  /// A step follows another proof than the one before it.
  case otherPrevious(step: Int)
  /// A step does not begin with the state that the one before ended in, or the first not with the declared one.
  case tie(step: Int, TieFailure)
}

extension ChainFailure: CustomStringConvertible {
  /// The failure in plain words, on one line that is harmless to print.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .steps(let given, let expected):
      "the chain has \(given) \(given == 1 ? "step" : "steps"), and \(expected) are asked for"
    case .verification(let failure): "\(failure)"
    case .step(let step, let failure): "step \(step): \(failure)"
    case .noChain(let step):
      "step \(step): the proof is of no chain; make it with --session, and --previous but for the first"
    case .otherSession(let step, let session): "step \(step): the proof is of session \(session)"
    case .otherStep(let place, let actual):
      "the proof at place \(place) is step \(actual) of its chain: a step is missing, repeated or "
        + "out of order"
    case .otherPrevious(let step):
      "step \(step): the proof follows another one than that before it"
    case .tie(let step, let failure): "step \(step): \(failure)"
    }
  }
}
