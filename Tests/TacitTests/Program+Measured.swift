import Foundation

extension Program {
  /// What a process took from its start to its end.
  struct Usage {
    var processorSeconds: Double
    /// The largest resident set.
    var peakBytes: Int
  }

  /// As `run`, with what the process took.
  func measured(_ arguments: [String], in folder: URL) throws -> (result: Result, used: Usage) {
    let (outputs, errors) = (folder.path + "/.out", folder.path + "/.err")
    defer { for path in [outputs, errors] { unlink(path) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (stream, file) in [(Int32(1), outputs), (2, errors)] {
      posix_spawn_file_actions_addopen(&actions, stream, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    }
    posix_spawn_file_actions_addchdir_np(&actions, folder.path)
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    let status = posix_spawn(&process, path, &actions, nil, &words, environ)
    guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: status) ?? .EIO) }
    var ending: Int32 = 0
    var usage = rusage()
    while wait4(process, &ending, 0, &usage) < 0 && errno == EINTR {}
    // A process that a signal has ended has the signal's number in the low bits.
    let code = ending & 0x7F == 0 ? ending >> 8 & 0xFF : -(ending & 0x7F)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    return (
      Result(
        status: code, output: try String(contentsOfFile: outputs, encoding: .utf8),
        errors: try String(contentsOfFile: errors, encoding: .utf8)),
      Usage(
        processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
        peakBytes: usage.ru_maxrss << 10)
    )
  }
}
