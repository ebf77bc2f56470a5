import Platform
import Compute

/// What a proof cost: time and memory per phase, and how many of the expensive operations.
package struct ProvingReport: Sendable {
  package struct Phase: Sendable {
    package let name: String
    /// That passed.
    package let seconds: Double
    /// Processor time of all threads of the process.
    package let processorSeconds: Double
    /// The largest resident set of the process from its start to the end of the phase, in bytes.
    package let peakResidentBytes: Int
  }
  package var phases: [Phase] = []
  package var fieldMultiplications = 0
  package var smallMultiplications = 0
  package var groupAdditions = 0
  package var bytesHashed = 0

  package var seconds: Double { phases.reduce(0) { $0 + $1.seconds } }
}

/// Laps of the prover's story.
package struct Stopwatch: Sendable {
  package private(set) var report = ProvingReport()
  private var last = ContinuousClock.now
  private var usage = ProcessUsage.now
  private let counts = OperationCounter.counts

  package init() {}

  package mutating func lap(_ name: String) {
    let (now, used) = (ContinuousClock.now, ProcessUsage.now)
    report.phases.append(
      .init(
        name: name, seconds: (now - last) / .seconds(1),
        processorSeconds: used.seconds - usage.seconds, peakResidentBytes: used.peakBytes))
    (last, usage) = (now, used)
    let done = OperationCounter.counts - counts
    report.fieldMultiplications = done.fieldMultiplications
    report.smallMultiplications = done.smallMultiplications
    report.groupAdditions = done.groupAdditions
    report.bytesHashed = done.bytesHashed
  }
}

/// What the system has given this process so far.
private struct ProcessUsage {
  var seconds = 0.0
  var peakBytes = 0

  static var now: ProcessUsage {
    // RUSAGE_SELF, which Glibc imports as another type than the call takes.
    let ownProcess: Int32 = 0
    var usage = rusage()
    guard unsafe getrusage(ownProcess, &usage) == 0 else { return ProcessUsage() }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    #if os(Linux)
      let unit = 1024
    #else
      let unit = 1
    #endif
    return ProcessUsage(
      seconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), peakBytes: usage.ru_maxrss * unit)
  }
}
