import Compute

/// How a call that is awaited uses the machine, and whom it tells how far it is.
///
/// Such a call computes on threads of its own, none of those that Swift's tasks share, and gives
/// the awaiting task back at once when that is cancelled before its turn, and at the next step of
/// the work when it has begun. As many calls compute at once as there are processors; others wait
/// for their turn in the order in which they were made.
public struct JobOptions: Sendable {
  /// Threads that the call computes on at most, 1 or more. Calls that run at once each have as
  /// many, so a server that proves for many callers at once has the most done with 1.
  public var maximumConcurrency: Int
  /// Told how far the call is: ever larger numbers, at most a thousand, the last of which is 1 and
  /// comes when all is done. It is called from the computing threads, never twice at once, and
  /// should take no time.
  public var progress: (@Sendable (Double) -> Void)?

  /// - Parameters:
  ///   - maximumConcurrency: threads that the call computes on at most; all processors by default.
  ///   - progress: told how far the call is, from 0 to 1.
  public init(
    maximumConcurrency: Int = JobOptions.processors, progress: (@Sendable (Double) -> Void)? = nil
  ) {
    self.maximumConcurrency = maximumConcurrency
    self.progress = progress
  }

  /// How many processors this machine has in use.
  public static var processors: Int { Compute.processors }

  /// Does work on the calling thread alone: so that what an input covers is the same each time.
  ///
  /// - Throws: what the work throws.
  @_spi(Fuzzing) public static func onOneThread<Value, Failure>(
    _ work: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try Job.onOneThread(work)
  }

  /// Does work as these options say.
  ///
  /// - Parameter cancelled: what is thrown when the awaiting task is cancelled.
  package func run<Value: Sendable, Failure: Error>(
    cancelled: Failure, _ work: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    try await Job.run(
      threads: maximumConcurrency, progress: progress, cancelled: cancelled, work)
  }
}
