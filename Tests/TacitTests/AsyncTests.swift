import Synchronization
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// Calls that are awaited: cancelled, limited, and told about.
struct AsyncTests {
  /// What a call told of its progress.
  private final class Told: Sendable {
    private let all = Mutex([Double]())
    var options: JobOptions { JobOptions { done in self.all.withLock { $0.append(done) } } }

    func expectWhole(
      _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      let all = all.withLock { $0 }
      #expect(all.last == 1, what, sourceLocation: sourceLocation)
      #expect(all == all.sorted(), what, sourceLocation: sourceLocation)
      #expect(all.allSatisfy { $0 >= 0 }, what, sourceLocation: sourceLocation)
    }
  }

  /// Rows of the digits' test set, over and over.
  private static func digits(_ count: Int) throws -> NamedArrays {
    let all = try NumericArray.read(Digits.bytes("test-inputs.npy"), named: "test-inputs.npy")
    let values = all.values(as: Float.self)
    var repeated: [Float] = []
    while repeated.count < 64 * count { repeated += values }
    return try NamedArrays(Array(repeated.prefix(64 * count)), shape: [count, 64])
  }

  @Test func `every call tells how far it is, up to the end`() async throws {
    let told = (0..<6).map { _ in Told() }
    let prover = try await ModelProver.compile(
      Digits.bytes("model.onnx"), calibration: Digits.arrays("calibration.npy"),
      job: told[0].options
    ).prover
    told[0].expectWhole("compile")
    let input = try Self.digits(3)
    let proof = try await prover.prove(input, context: [5], job: told[1].options)
    told[1].expectWhole("prove")
    let outputs = try await prover.run(input, job: told[2].options)
    told[2].expectWhole("run")
    let report = try await prover.check(input, job: told[3].options)
    told[3].expectWhole("check")
    #expect(report.violations.isEmpty && report.inferences == 3)
    let inference = try await prover.verifier.verify(proof, context: [5], job: told[4].options)
    told[4].expectWhole("verify")
    try inference.confirm(input: input)
    try inference.confirm(output: outputs)
    let all = try await prover.verifier.verifyAll([proof, proof], job: told[5].options)
    told[5].expectWhole("verifyAll")
    #expect(all.allSatisfy { (try? $0.get()) != nil })
  }

  @Test func `an awaited call fails as the other does`() async throws {
    let prover = try Digits.compileQuantized()
    let verifier = prover.verifier
    await #expect(throws: TacitError.calibration(.unwanted)) {
      try await ModelProver.compile(
        Digits.bytes("model-int8-qdq.onnx"), calibration: Digits.arrays("calibration.npy"))
    }
    let narrow = try NamedArrays([1, 2, 3] as [Float], shape: [3])
    let fault = TacitError.input(.shape(input: "pixels", expected: [1, 64], given: [3]))
    await #expect(throws: fault) { try await prover.prove(narrow) }
    await #expect(throws: VerificationFailure.self) { try await verifier.verify([1, 2, 3]) }
    await #expect(throws: VerificationFailure.noProofs) { try await verifier.verifyAll([]) }
  }

  @Test func `two proofs at once, each on one thread`() async throws {
    let prover = try Digits.compileQuantized()
    let one = JobOptions(maximumConcurrency: 1)
    async let first = prover.prove(Self.digits(64), context: [1], job: one)
    async let second = prover.prove(Self.digits(64), context: [2], job: one)
    for (proof, context) in [(try await first, 1), (try await second, 2)] as [([UInt8], UInt8)] {
      let inference = try await prover.verifier.verify(proof, context: [context], job: one)
      #expect(inference.inferences == 64)
    }
  }

  @Test func `more calls than processors all come to their end`() async throws {
    let prover = try Digits.compileQuantized()
    let input = try Digits.arrays(Digits.input)
    let proofs = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for place in 0..<40 {
        group.addTask {
          try await prover.prove(
            input, context: [UInt8(place)], checked: false,
            job: JobOptions(maximumConcurrency: 1 + place % 3))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let verdicts = try await prover.verifier.verifyAll(proofs)
    #expect(verdicts.count == 40 && verdicts.allSatisfy { (try? $0.get()) != nil })
    #expect(Set(verdicts.compactMap { try? $0.get().context }).count == 40)
  }

  /// Cancels a call as soon as it has told of some progress.
  ///
  /// - Returns: its error, nil if it came to its end first, and how long it went on.
  private static func cancelling(
    at done: Double, _ call: @escaping @Sendable (JobOptions) async throws -> Void
  ) async -> (error: (any Error)?, after: Duration) {
    let (stream, told) = AsyncStream.makeStream(of: Double.self)
    let task = Task {
      defer { told.finish() }
      try await call(JobOptions { told.yield($0) })
    }
    for await fraction in stream where fraction >= done { break }
    let start = ContinuousClock.now
    task.cancel()
    do {
      try await task.value
      return (nil, ContinuousClock.now - start)
    } catch {
      return (error, ContinuousClock.now - start)
    }
  }

  /// The largest proof there is of this model, cancelled in each of its parts.
  @Test(arguments: [0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9])
  func `a proof that is cancelled ends soon, and the next one is as good as any`(
    done: Double
  ) async throws {
    let prover = try Digits.compileQuantized()
    let many = try Self.digits(prover.maximalInferences)
    let (error, after) = await Self.cancelling(at: done) { job in
      _ = try await prover.prove(many, job: job)
    }
    // What was all but done may come to its end.
    #expect(error as? TacitError == .cancelled || (error == nil && done > 0.5))
    #expect(after < .seconds(2))
    let proof = try await prover.prove(Digits.arrays(Digits.input))
    #expect(try await prover.verifier.verify(proof).inferences == 1)
  }

  @Test(arguments: [0, 0.1, 0.5])
  func `running, checking and verifying end soon too`(done: Double) async throws {
    let prover = try Digits.compileQuantized()
    let many = try Self.digits(prover.maximalInferences)
    let proof = try await prover.prove(Self.digits(1), checked: false)
    let proofs = [[UInt8]](repeating: proof, count: 2000)
    let calls: [@Sendable (JobOptions) async throws -> Void] = [
      { _ = try await prover.run(many, job: $0) },
      { _ = try await prover.check(many, job: $0) },
      { _ = try await prover.verifier.verifyAll(proofs, job: $0) },
    ]
    for call in calls {
      let (error, after) = await Self.cancelling(at: done, call)
      #expect(
        error as? TacitError == .cancelled || error as? VerificationFailure == .cancelled
          || error == nil)
      #expect(after < .seconds(2))
    }
  }

  @Test(arguments: [0, 0.1, 0.3, 0.6, 0.9])
  func `a compilation that is cancelled makes no keys`(done: Double) async throws {
    let model = try Digits.bytes("model.onnx")
    let calibration = try Digits.arrays("calibration.npy")
    let (error, after) = await Self.cancelling(at: done) { job in
      _ = try await ModelProver.compile(model, calibration: calibration, job: job)
    }
    #expect(error as? TacitError == .cancelled || error == nil)
    #expect(after < .seconds(2))
  }

  @Test func `a task that is cancelled already begins nothing`() async throws {
    let prover = try Digits.compileQuantized()
    let input = try Digits.arrays(Digits.input)
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await prover.prove(input)
    }
    task.cancel()
    await #expect(throws: TacitError.cancelled) { try await task.value }
  }
}
