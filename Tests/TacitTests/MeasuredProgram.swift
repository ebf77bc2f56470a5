import Foundation

extension Program {
  /// What a process took.
  struct Measure {
    /// Nil where a signal ended it.
    var status: Int32?
    /// Of the processor, in seconds.
    var seconds: Double
    /// Bytes in memory at once.
    var peak: Int
  }

  /// Runs it with its output thrown away. A time that is close to any bound is the least of three runs, as
  /// whatever else a machine does can only add to it.
  func measure(_ arguments: [String]) throws -> Measure {
    var least = try measureOnce(arguments)
    for _ in 0..<2 where least.seconds > 1.4 {
      let again = try measureOnce(arguments)
      least.seconds = min(least.seconds, again.seconds)
      least.peak = max(least.peak, again.peak)
    }
    return least
  }

  private func measureOnce(_ arguments: [String]) throws -> Measure {
    var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t? = nil
    #else
      var actions = unsafe posix_spawn_file_actions_t()
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for file in [STDOUT_FILENO, STDERR_FILENO] {
      unsafe posix_spawn_file_actions_addopen(&actions, file, "/dev/null", O_WRONLY, 0)
    }
    var process: pid_t = 0
    guard unsafe posix_spawn(&process, path, &actions, nil, &words, environ) == 0 else {
      throw CocoaError(.fileReadUnknown)
    }
    var (state, usage) = (Int32(0), rusage())
    var peak = 0
    var ended: pid_t = 0
    while ended == 0 {
      peak = max(peak, mostHeld(by: process))
      usleep(2000)
      ended = unsafe wait4(process, &state, WNOHANG, &usage)
    }
    guard ended == process else { throw CocoaError(.fileReadUnknown) }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    #if canImport(Darwin)
      peak = usage.ru_maxrss
    #endif
    return Measure(
      // The exit status is in the second byte, the signal in the lowest seven bits.
      status: state & 0x7F == 0 ? state >> 8 & 0xFF : nil,
      seconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), peak: peak)
  }

  /// The most that a running process has held, by what its system says of it. What is told of one that
  /// has ended counts what its parent held when it was made, and so does what is told of one that has
  /// not begun, which still has its parent's name.
  private func mostHeld(by process: pid_t) -> Int {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    else { return 0 }
    let lines = text.split(separator: "\n")
    // A system keeps 15 characters of a name.
    let name = URL(fileURLWithPath: path).lastPathComponent.prefix(15)
    guard lines.contains("Name:\t\(name)"),
      let line = lines.first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Int($0) })
    else { return 0 }
    return kilobytes << 10
  }
}
