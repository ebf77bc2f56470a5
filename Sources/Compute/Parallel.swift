import Dispatch
import Platform
import Synchronization

/// How many threads batch work is divided over: those of the job that it belongs to, else one for each
/// processor.
package var availableThreads: Int { Job.current?.threads ?? processors }

/// How many processors the machine has in use.
package let processors = Machine.processors

/// Cuts 0..<count into contiguous ranges, one a thread, and returns their results in order.
///
/// The result depends on the cut only as far as `body` does, so a body that computes exact values
/// gives the same answer on any machine.
///
/// - Parameter grain: the least count worth a thread of its own.
package func inParallel<Result: Sendable>(
  count: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Result
) -> [Result] {
  let job = Job.current
  let pieces = max(1, min(job?.threads ?? processors, count / max(1, grain)))
  if pieces == 1 { return [body(0..<count)] }
  let results = Mutex([Result?](repeating: nil, count: pieces))
  DispatchQueue.concurrentPerform(iterations: pieces) { piece in
    let result = Job.piece(job, of: pieces) {
      body(count * piece / pieces..<count * (piece + 1) / pieces)
    }
    results.withLock { $0[piece] = result }
  }
  return results.withLock { $0.compactMap { $0 } }
}

/// The results of `count` pieces of work of unlike sizes, in order: a thread takes the next piece when it
/// is done with one.
package func inParallel<Result: Sendable>(
  each count: Int, _ body: @Sendable (Int) -> Result
) -> [Result] {
  let job = Job.current
  let threads = min(count, job?.threads ?? processors)
  if threads <= 1 { return (0..<count).map(body) }
  let results = Mutex([Result?](repeating: nil, count: count))
  let next = Atomic(0)
  DispatchQueue.concurrentPerform(iterations: threads) { _ in
    Job.piece(job, of: threads) {
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        let result = body(index)
        results.withLock { $0[index] = result }
      }
    }
  }
  return results.withLock { $0.compactMap { $0 } }
}

/// As above, for work that writes an array: `count` items of `width` elements each; every range comes
/// with its own elements.
@discardableResult
package func inParallel<Element: Sendable, Result: Sendable>(
  over values: inout [Element], width: Int = 1, grain: Int,
  _ body: @Sendable (Range<Int>, inout MutableSpan<Element>) -> Result
) -> [Result] {
  let count = values.count / width
  return unsafe values.withUnsafeMutableBufferPointer { buffer in
    let shared = unsafe Parts(buffer: buffer)
    return inParallel(count: count, grain: grain) { range in
      // SAFETY: the ranges are disjoint, and the array outlives the call.
      var part = unsafe shared.buffer.extracting(
        range.lowerBound * width..<range.upperBound * width
      ).mutableSpan
      return body(range, &part)
    }
  }
}

/// As above, for an array that the work itself makes: `count` items of `width` elements each, made in
/// chunks, so that each element is first touched by the thread that fills it.
///
/// - Parameter initial: what a chunk's elements are before `body` sees them.
package func inParallel<Element: Sendable & BitwiseCopyable, Result: Sendable>(
  making count: Int, width: Int = 1, of initial: Element, chunk: Int,
  _ body: @Sendable (Range<Int>, inout MutableSpan<Element>) -> Result
) -> (values: [Element], results: [Result]) {
  var results: [[Result]] = []
  let values = unsafe [Element](unsafeUninitializedCapacity: count * width) { buffer, made in
    let shared = unsafe Parts(buffer: buffer)
    results = inParallel(count: count, grain: chunk) { range in
      stride(from: range.lowerBound, to: range.upperBound, by: chunk).map { start in
        let end = min(start + chunk, range.upperBound)
        // SAFETY: the ranges are disjoint and cover the array, and each is initialized before its use.
        let part = unsafe shared.buffer.extracting(start * width..<end * width)
        unsafe fill(part, with: initial)
        var span = unsafe part.mutableSpan
        return body(start..<end, &span)
      }
    }
    made = count * width
  }
  return (values, results.flatMap(\.self))
}

/// The same of two arrays, of each item `widths` elements.
package func inParallel<Element: Sendable & BitwiseCopyable>(
  making count: Int, widths: (Int, Int), of initial: Element, chunk: Int,
  _ body: @Sendable (Range<Int>, inout MutableSpan<Element>, inout MutableSpan<Element>) -> Void
) -> ([Element], [Element]) {
  var first: [Element] = []
  let second = unsafe [Element](unsafeUninitializedCapacity: count * widths.1) { buffer, made in
    let others = unsafe Parts(buffer: buffer)
    first =
      inParallel(making: count, width: widths.0, of: initial, chunk: chunk) { range, part in
        // SAFETY: the ranges are disjoint and cover the array, and each is initialized before its use.
        let other = unsafe others.buffer.extracting(
          range.lowerBound * widths.1..<range.upperBound * widths.1)
        unsafe fill(other, with: initial)
        var span = unsafe other.mutableSpan
        body(range, &part, &span)
      }.values
    made = count * widths.1
  }
  return (first, second)
}

/// Fills memory with copies of a value, ever more at a time: what an array does element by element where
/// their type is not known.
private func fill<Element: BitwiseCopyable>(
  _ buffer: UnsafeMutableBufferPointer<Element>, with value: Element
) {
  let stride = MemoryLayout<Element>.stride
  guard let start = buffer.baseAddress, !buffer.isEmpty else { return }
  unsafe start.initialize(to: value)
  let bytes = UnsafeMutableRawPointer(start)
  let isZero = unsafe UnsafeRawBufferPointer(start: bytes, count: stride).allSatisfy { $0 == 0 }
  if isZero {
    // SAFETY: the buffer's elements are as many bytes and need no more than their bytes to be made.
    unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0, count: stride * buffer.count)
    return
  }
  var done = stride
  while done < buffer.count * stride {
    // SAFETY: the first `done` bytes are filled, and what is copied ends within the buffer.
    let more = min(done, buffer.count * stride - done)
    unsafe (bytes + done).copyMemory(from: bytes, byteCount: more)
    done += more
  }
}

/// As above, for work that folds the second part of an array, from `half` on, onto the first: every
/// range of the first comes with the elements of the second that lie `half` further on and exist.
package func inParallel<Element: Sendable>(
  folding values: inout [Element], half: Int, grain: Int,
  _ body: @Sendable (inout MutableSpan<Element>, Span<Element>) -> Void
) {
  let used = values.count
  unsafe values.withUnsafeMutableBufferPointer { buffer in
    let shared = unsafe Parts(buffer: buffer)
    _ = inParallel(count: min(half, used), grain: grain) { range in
      // SAFETY: the first parts are disjoint, below `half`, and only written by their own range; the
      // second parts lie from `half` on and are only read.
      var low = unsafe shared.buffer.extracting(range).mutableSpan
      let high = unsafe UnsafeBufferPointer(
        rebasing: shared.buffer[
          min(range.lowerBound + half, used)..<min(range.upperBound + half, used)]
      ).span
      body(&low, high)
    }
  }
}

/// An array's elements, of which each thread touches its own.
@unsafe private struct Parts<Element>: @unchecked Sendable {
  // SAFETY: made and used within one call, each thread keeping to its range.
  let buffer: UnsafeMutableBufferPointer<Element>
}
