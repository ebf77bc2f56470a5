import Dispatch
import Foundation
import Synchronization

/// How many threads batch work is divided over.
package let availableThreads = ProcessInfo.processInfo.activeProcessorCount

/// Cuts 0..<count into contiguous ranges, one a thread, and returns their results in order.
///
/// The result depends on the cut only as far as `body` does, so a body that computes exact values
/// gives the same answer on any machine.
///
/// - Parameter grain: the least count worth a thread of its own.
package func inParallel<Result: Sendable>(
  count: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Result
) -> [Result] {
  let pieces = max(1, min(availableThreads, count / max(1, grain)))
  if pieces == 1 { return [body(0..<count)] }
  let results = Mutex([Result?](repeating: nil, count: pieces))
  DispatchQueue.concurrentPerform(iterations: pieces) { piece in
    let result = body(count * piece / pieces..<count * (piece + 1) / pieces)
    results.withLock { $0[piece] = result }
  }
  return results.withLock { $0.compactMap { $0 } }
}
