import ConstraintSystem
import Platform
import Synchronization
import Tacit

/// The two streams of the process. A line is one line whatever it holds: names come from files of anyone's
/// making and get no say over a terminal.
enum Console {
  /// - Throws: `CommandError.unprinted`: what a program waits for must not get lost in silence.
  static func print(_ line: String) throws(CommandError) { try print([line]) }

  static func print(_ lines: [String]) throws(CommandError) {
    guard write(text(lines), to: STDOUT_FILENO) else {
      throw .unprinted(reason: InputFile.systemMessage())
    }
  }

  static func error(_ lines: [String]) {
    errorOutput(["tacit: \(lines.first ?? "")"] + lines.dropFirst())
  }

  /// A result that is no text.
  static func write(_ bytes: [UInt8]) throws(CommandError) {
    guard write(bytes[...], to: STDOUT_FILENO) else {
      throw .unprinted(reason: InputFile.systemMessage())
    }
  }

  /// Nothing is left to tell of what cannot be told here.
  static func errorOutput(_ lines: [String]) { _ = write(text(lines), to: STDERR_FILENO) }

  private static func text(_ lines: [String]) -> String {
    lines.map { $0.printable + "\n" }.joined()
  }

  /// To be called before a file is opened.
  static func prepare() {
    // A reader that has gone away is an error of `write`, and no signal.
    signal(SIGPIPE, SIG_IGN)
    // A closed stream's number would go to the next file that is opened, and what is printed into that
    // file. Each is taken by one that cannot be used the way the stream would be.
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) == -1 {
      _ = unsafe open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// What a file system only says in the end counts too.
  static func close(_ status: Int32) -> Int32 {
    guard Platform.close(STDOUT_FILENO) != 0, status == ExitStatus.done.rawValue else {
      return status
    }
    let error = CommandError.unprinted(reason: InputFile.systemMessage())
    Console.error(error.lines)
    return error.status.rawValue
  }

  /// Says before a large job begins what it will take.
  static func announce(_ what: String, _ cost: ExpectedCost) {
    guard cost.isLarge else { return }
    errorOutput([
      "\(what) takes about \(Text.time(1000 * cost.seconds)) and \(Text.size(cost.bytes)) of memory"
    ])
  }

  /// Shows on a terminal what takes longer than a second.
  static func during<Result, Failure>(
    _ what: String, _ work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard isatty(STDERR_FILENO) == 1 else { return try work() }
    let notice = Notice(what)
    notice.start()
    defer { notice.stop() }
    return try work()
  }

  /// Whether all of it could be written.
  fileprivate static func write(_ text: String, to stream: Int32) -> Bool {
    write(Array(text.utf8)[...], to: stream)
  }

  private static func write(_ bytes: ArraySlice<UInt8>, to stream: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      // SAFETY: writes at most as many bytes as the slice has.
      let count = unsafe rest.withUnsafeBytes { buffer in
        unsafe Platform.write(stream, buffer.baseAddress, buffer.count)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        // Whoever shares the pipe asked not to wait; then this is where the waiting is done.
        var place = pollfd(fd: stream, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&place, 1, -1)
        continue
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

/// A line on stderr while something runs.
private final class Notice: Sendable {
  private enum State { case waiting, shown, over }
  private let what: String
  private let state = Mutex(State.waiting)

  init(_ what: String) { self.what = what }

  func start() {
    Task.detached { [self] in
      try? await Task.sleep(for: .seconds(1))
      state.withLock { state in
        guard state == .waiting else { return }
        state = .shown
        _ = Console.write("\(what.printable) …", to: STDERR_FILENO)
      }
    }
  }

  func stop() {
    state.withLock { state in
      if state == .shown { _ = Console.write("\r\u{1B}[K", to: STDERR_FILENO) }
      state = .over
    }
  }
}
