import Foundation
import Synchronization
import Tacit

/// The two streams of the process.
enum Console {
  static func print(_ text: String) { write(printable(text) + "\n", to: STDOUT_FILENO) }

  static func error(_ text: String) { write("tacit: \(printable(text))\n", to: STDERR_FILENO) }

  /// What would stand on standard output, were a result not written there.
  static func aside(_ text: String) { write(printable(text) + "\n", to: STDERR_FILENO) }

  /// ArgumentParser's own messages.
  static func error(raw text: String) { write(text + "\n", to: STDERR_FILENO) }

  /// Names come from files of anyone's making: they get no say over a terminal.
  private static func printable(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl =
        (scalar.value < 0x20 && scalar != "\n") || (0x7F...0x9F).contains(scalar.value)
      result.append(isControl ? "\u{FFFD}" : scalar)
    }
    return String(result)
  }

  /// Says before a large job begins what it will take.
  static func announce(_ what: String, _ cost: ExpectedCost) {
    guard cost.isLarge else { return }
    aside(
      "\(what) takes about \(Text.time(1000 * cost.seconds)) and \(Text.size(cost.bytes)) of memory"
    )
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

  fileprivate static func write(_ text: String, to stream: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      // SAFETY: writes at most as many bytes as the slice has.
      let count = unsafe rest.withUnsafeBytes { buffer in
        unsafe Foundation.write(stream, buffer.baseAddress, buffer.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
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
        Console.write("\(what) …", to: STDERR_FILENO)
      }
    }
  }

  func stop() {
    state.withLock { state in
      if state == .shown { Console.write("\r\u{1B}[K", to: STDERR_FILENO) }
      state = .over
    }
  }
}
