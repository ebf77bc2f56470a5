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

  /// Runs it with its output thrown away.
  func measure(_ arguments: [String]) throws -> Measure {
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
    guard unsafe wait4(process, &state, 0, &usage) == process else {
      throw CocoaError(.fileReadUnknown)
    }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    #if canImport(Darwin)
      let unit = 1
    #else
      let unit = 1024
    #endif
    return Measure(
      // The exit status is in the second byte, the signal in the lowest seven bits.
      status: state & 0x7F == 0 ? state >> 8 & 0xFF : nil,
      seconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), peak: usage.ru_maxrss * unit)
  }
}
