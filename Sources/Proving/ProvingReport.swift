import Field

/// What a proof cost: seconds per phase, and how many of the expensive operations.
package struct ProvingReport: Sendable {
  package struct Phase: Sendable {
    package let name: String
    package let seconds: Double
  }
  package var phases: [Phase] = []
  package var fieldMultiplications = 0
  package var smallMultiplications = 0
  package var groupAdditions = 0
  package var bytesHashed = 0

  package var seconds: Double { phases.reduce(0) { $0 + $1.seconds } }
}

/// Laps of the prover's story.
struct Stopwatch: Sendable {
  private(set) var report = ProvingReport()
  private var last = ContinuousClock.now
  private let counts = Meter.counts

  mutating func lap(_ name: String) {
    let now = ContinuousClock.now
    report.phases.append(.init(name: name, seconds: (now - last) / .seconds(1)))
    last = now
    let done = Meter.counts - counts
    report.fieldMultiplications = done.fieldMultiplications
    report.smallMultiplications = done.smallMultiplications
    report.groupAdditions = done.groupAdditions
    report.bytesHashed = done.bytesHashed
  }
}
