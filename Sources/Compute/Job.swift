import Dispatch
import Synchronization

/// A computation that someone waits for: on how many threads it runs at most, whether it is still
/// wanted, and whom it tells how far it is.
///
/// Loops far below ask for it without being handed it. Where there is none, work takes all
/// processors, goes on to its end and tells nobody.
package struct Job: Sendable {
  @TaskLocal package static var current: Job?

  /// How many the work at this place may use.
  package let threads: Int
  private let state: State
  /// What the work at this place is of the whole.
  private let share: ClosedRange<Double>

  /// What all parts and threads of a job have in common.
  private final class State: Sendable {
    let isCancelled = Atomic(false)
    private let told = Mutex(0.0)
    private let tell: (@Sendable (Double) -> Void)?

    init(_ tell: (@Sendable (Double) -> Void)?) { self.tell = tell }

    /// Never less than before, and no more often than someone can make use of; the end is always
    /// told.
    func report(_ done: Double) {
      told.withLock { told in
        guard done >= 1 ? told < 1 : done >= told + 0.001 else { return }
        told = done
        // Within the lock, so that nobody hears of the later part first.
        tell?(done)
      }
    }

    var done: Double { told.withLock { $0 } }
  }

  private init(threads: Int, state: State, share: ClosedRange<Double> = 0...1) {
    (self.threads, self.state, self.share) = (max(1, threads), state, share)
  }

  /// The job as one of several threads has it, which share the threads that there are.
  fileprivate func divided(by pieces: Int) -> Job {
    Job(threads: threads / pieces, state: state, share: share)
  }

  /// Does work that finds this job.
  private func perform<Value, Failure>(
    _ work: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try Self.$current.withValue(self) {
      Result { () throws(Failure) in try work() }
    }.get()
  }
}

extension Job {
  /// Does work on the calling thread alone, in a job that nobody cancels.
  package static func onOneThread<Value, Failure>(
    _ work: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try Job(threads: 1, state: State(nil)).perform(work)
  }
}

// MARK: What the work asks

extension Job {
  /// Ends the work where nobody waits for it any more.
  ///
  /// - Parameter failure: what it ends with.
  /// - Complexity: some ten nanoseconds, so it is asked once for thousands of operations.
  package static func check<Failure: Error>(
    else failure: @autoclosure () -> Failure
  ) throws(Failure) {
    if isCancelled { throw failure() }
  }

  /// Whether nobody waits for the work any more, which it then stays.
  ///
  /// A loop that cannot throw may stop on it, for whoever asks with `check` before using what it
  /// made.
  package static var isCancelled: Bool {
    current?.state.isCancelled.load(ordering: .relaxed) ?? false
  }

  /// Tells how far the work is.
  ///
  /// - Parameter fraction: of the part that the work is, from 0 to 1.
  package static func report(_ fraction: Double) {
    guard let job = current else { return }
    let done =
      job.share.lowerBound + fraction * (job.share.upperBound - job.share.lowerBound)
    // That all is done says who waits for it.
    if done < 1 { job.state.report(done) }
  }

  /// Tells how far the work is, and ends it where nobody waits for it any more.
  ///
  /// - Parameters:
  ///   - fraction: of the part that the work is, from 0 to 1.
  ///   - failure: what it ends with.
  package static func advance<Failure: Error>(
    to fraction: Double, else failure: @autoclosure () -> Failure
  ) throws(Failure) {
    try check(else: failure())
    report(fraction)
  }

  /// Does work that is a part of the whole.
  ///
  /// - Parameter share: from where to where it goes, of the part that this work is.
  package static func part<Value, Failure>(
    _ share: ClosedRange<Double>, _ work: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    guard let job = current else { return try work() }
    let (start, length) = (
      job.share.lowerBound, job.share.upperBound - job.share.lowerBound
    )
    return try Job(
      threads: job.threads, state: job.state,
      share: start + share.lowerBound * length...start + share.upperBound * length
    ).perform(work)
  }

  /// Does a thread's piece of work in the job that divided it.
  ///
  /// - Parameters:
  ///   - job: of the thread that divides.
  ///   - pieces: how many are done at once.
  static func piece<Value>(_ job: Job?, of pieces: Int, _ work: () -> Value) -> Value {
    guard let job else { return work() }
    return job.divided(by: pieces).perform(work)
  }
}

// MARK: Who waits

extension Job {
  /// Does work on threads of its own, so that none that Swift's tasks share is taken. At most as
  /// many jobs as there are processors run at once; others wait for their turn, in the order in
  /// which they came.
  ///
  /// - Parameters:
  ///   - threads: how many it may use.
  ///   - progress: is told how far the work is, ever more and 1 once it is done, by one thread at a
  ///     time.
  ///   - cancelled: what the work ends with when the task that waits for it is cancelled; before it
  ///     has begun, it does so at once.
  package static func run<Value: Sendable, Failure: Error>(
    threads: Int, progress: (@Sendable (Double) -> Void)?, cancelled: Failure,
    _ work: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let job = Job(threads: threads, state: State(progress))
    let waiting = Mutex<CheckedContinuation<Result<Value, Failure>, Never>?>(nil)
    // Whoever takes it resumes it, so that it is resumed once.
    @Sendable func take() -> CheckedContinuation<Result<Value, Failure>, Never>? {
      waiting.withLock { $0.take() }
    }
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        waiting.withLock { $0 = continuation }
        Turns.shared.take {
          guard let continuation = take() else { return }
          let result = Result { () throws(Failure) in try job.perform(work) }
          if case .success = result { job.state.report(1) }
          continuation.resume(returning: result)
        }
        if job.state.isCancelled.load(ordering: .relaxed) {
          take()?.resume(returning: .failure(cancelled))
        }
      }
    } onCancel: {
      job.state.isCancelled.store(true, ordering: .relaxed)
      take()?.resume(returning: .failure(cancelled))
    }
    return try result.get()
  }
}

// MARK: Who does the work himself

extension Job {
  /// A job that is done on the thread that asks for it, while others may look at it or end it. It waits
  /// for no turn and takes no thread but those of its loops, so that it ends in a forked process too,
  /// where no other thread of its parent's is left.
  ///
  /// - Parameter threads: how many it may use.
  package init(threads: Int) { self.init(threads: threads, state: State(nil)) }

  /// How far the work is, from 0 to 1.
  package var progress: Double { state.done }

  /// Ends the work at its next step.
  package func cancel() { state.isCancelled.store(true, ordering: .relaxed) }

  /// Does all of the work, which finds this job.
  package func complete<Value, Failure>(
    _ work: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let value = try perform(work)
    state.report(1)
    return value
  }
}

/// Lets as many jobs run at once as there are processors.
private final class Turns: Sendable {
  static let shared = Turns()

  private struct Line {
    var running = 0
    var waiting: [@Sendable () -> Void] = []
  }
  private let line = Mutex(Line())

  /// Does work as soon as it is its turn.
  func take(_ work: @escaping @Sendable () -> Void) {
    let starts = line.withLock { line in
      guard line.running < processors else {
        line.waiting.append(work)
        return false
      }
      line.running += 1
      return true
    }
    guard starts else { return }
    // A serial queue has a thread that is not of the pool which Swift's tasks run on.
    DispatchQueue(label: "tacit.job").async { [self] in
      var next: (@Sendable () -> Void)? = work
      while let work = next {
        work()
        next = line.withLock { line in
          guard !line.waiting.isEmpty else {
            line.running -= 1
            return nil
          }
          return line.waiting.removeFirst()
        }
      }
    }
  }
}
