import Compute
import Synchronization
import Testing

/// Jobs by themselves: threads, turns, cancellation and progress, with work that does nothing.
struct JobTests {
  private enum Failure: Error { case cancelled, other }

  /// What threads saw.
  private final class Seen: Sendable {
    private let counts = Mutex((running: 0, most: 0))
    let told = Mutex([Double]())

    var most: Int { counts.withLock { $0.most } }

    func during(_ work: () -> Void) {
      counts.withLock {
        $0.running += 1
        $0.most = max($0.most, $0.running)
      }
      work()
      counts.withLock { $0.running -= 1 }
    }
  }

  private final class Flag: Sendable {
    private let flag = Atomic(false)
    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
  }

  /// Some tenths of a millisecond.
  @discardableResult private static func spin() -> UInt64 {
    (0..<100_000).reduce(UInt64(1)) { ($0 ^ $1) &* 0x9E37_79B9_7F4A_7C15 }
  }

  @Test(arguments: [1, 2, 3])
  func `no more threads work than a job may use, nested loops among them`(threads: Int) async {
    let seen = Seen()
    let sums = try? await Job.run(threads: threads, progress: nil, cancelled: Failure.cancelled) {
      () throws(Failure) in
      inParallel(count: 64, grain: 1) { range in
        range.map { outer in
          inParallel(each: 8) { inner in
            seen.during { Self.spin() }
            return outer * 8 + inner
          }
        }
      }.flatMap { $0.flatMap(\.self) }
    }
    #expect(sums == Array(0..<512))
    #expect(seen.most <= threads)
  }

  @Test func `a limit of one thread holds for every form of loop`() async {
    let seen = Seen()
    let isRight = try? await Job.run(threads: 1, progress: nil, cancelled: Failure.cancelled) {
      () throws(Failure) in
      var values = [Int](repeating: 0, count: 1000)
      inParallel(over: &values, grain: 1) { range, part in
        seen.during { for place in range { part[place - range.lowerBound] = place } }
      }
      let made = inParallel(making: 1000, of: 0, chunk: 10) { range, part in
        seen.during { for place in range { part[place - range.lowerBound] = place } }
      }.values
      return values == Array(0..<1000) && made == values && availableThreads == 1
    }
    #expect(isRight == true && seen.most == 1)
  }

  @Test func `work without a job takes all processors and cannot be cancelled`() throws {
    #expect(availableThreads == processors && !Job.isCancelled)
    try Job.check(else: Failure.cancelled)
    try Job.advance(to: 0.5, else: Failure.cancelled)
    #expect(Job.part(0...0.5) { availableThreads } == processors)
  }

  @Test func `a task that is cancelled ends its work at the next step`() async {
    let (steps, step) = AsyncStream.makeStream(of: Void.self)
    let ended = Flag()
    let task = Task {
      try await Job.run(threads: 2, progress: nil, cancelled: Failure.cancelled) {
        () throws(Failure) in
        defer { ended.set() }
        while true {
          step.yield()
          Self.spin()
          try Job.check(else: Failure.cancelled)
        }
      }
    }
    for await _ in steps { break }
    let start = ContinuousClock.now
    task.cancel()
    await #expect(throws: Failure.cancelled) { try await task.value }
    #expect(ended.isSet)
    #expect(ContinuousClock.now - start < .seconds(1))
  }

  @Test func `loops on other threads see that a job is cancelled`() async {
    let (steps, step) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      try await Job.run(threads: 2, progress: nil, cancelled: Failure.cancelled) {
        () throws(Failure) in
        _ = inParallel(each: 2) { _ in
          step.yield()
          while !Job.isCancelled { Self.spin() }
        }
        try Job.check(else: Failure.cancelled)
      }
    }
    for await _ in steps { break }
    task.cancel()
    await #expect(throws: Failure.cancelled) { try await task.value }
  }

  @Test func `work that waits for its turn is given back at once and never done`() async {
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let mayEnd = Flag()
    // All turns are taken.
    let busy = (0..<processors).map { _ in
      Task {
        try await Job.run(threads: 1, progress: nil, cancelled: Failure.cancelled) {
          () throws(Failure) in
          begin.yield()
          while !mayEnd.isSet { Self.spin() }
        }
      }
    }
    var running = 0
    for await _ in begun {
      running += 1
      if running == busy.count { break }
    }
    let wasDone = Flag()
    let task = Task {
      try await Job.run(threads: 1, progress: nil, cancelled: Failure.cancelled) {
        () throws(Failure) in wasDone.set()
      }
    }
    task.cancel()
    await #expect(throws: Failure.cancelled) { try await task.value }
    mayEnd.set()
    for task in busy { _ = try? await task.value }
    // Who comes after it has its turn, so it is out of the line.
    let next = try? await Job.run(threads: 1, progress: nil, cancelled: Failure.cancelled) {
      () throws(Failure) in 7
    }
    #expect(next == 7 && !wasDone.isSet)
  }

  @Test func `progress grows, parts are parts of the whole, and the end is told once`() async {
    let seen = Seen()
    let tell: @Sendable (Double) -> Void = { done in seen.told.withLock { $0.append(done) } }
    _ = try? await Job.run(threads: 2, progress: tell, cancelled: Failure.cancelled) {
      () throws(Failure) in
      try Job.part(0.2...0.6) { () throws(Failure) in
        try Job.part(0.5...1) { () throws(Failure) in
          for step in 0..<5000 {
            try Job.advance(to: Double(step) / 5000, else: Failure.cancelled)
          }
        }
      }
      Job.report(0.3)
      Job.report(1)
    }
    let told = seen.told.withLock { $0 }
    #expect(told.first.map { $0 >= 0.4 && $0 < 0.41 } == true)
    #expect(told.dropLast().last.map { $0 < 0.6 + 1e-9 } == true && told.last == 1)
    #expect(told == told.sorted() && Set(told).count == told.count && told.count <= 1001)
  }

  @Test func `work that fails does not tell of an end`() async {
    let seen = Seen()
    let tell: @Sendable (Double) -> Void = { done in seen.told.withLock { $0.append(done) } }
    await #expect(throws: Failure.other) {
      try await Job.run(threads: 1, progress: tell, cancelled: Failure.cancelled) {
        () throws(Failure) in
        try Job.advance(to: 0.5, else: Failure.cancelled)
        throw Failure.other
      }
    }
    #expect(seen.told.withLock { $0 } == [0.5])
  }
}
