import CKernels
package import Compute

/// A column of integers in as few bytes as their size asks for.
///
/// Chunks of 512 cells lie in planes of one signed byte a cell: cell = Σ plane_k·256^k. A chunk that is
/// zero has no plane, one of cells in −128…127 has one, and any other as many as its widest cell
/// needs, nine at most.
package struct PackedIntegers: Hashable, Sendable {
  package static let chunkBits = 9
  /// Cells of a chunk, and bytes of a plane.
  package static let chunk = 1 << chunkBits

  package let count: Int
  /// Plane by plane; one of zeros follows the last. Weights, or a trace.
  @Erased package private(set) var bytes: [Int8]
  /// The number of each chunk's first plane, then the number of planes.
  private let starts: [UInt32]

  fileprivate init(count: Int, bytes: [Int8], starts: [UInt32]) {
    self.count = count
    self.bytes = bytes
    self.starts = starts
  }

  package init(_ cells: [Int64]) {
    let parts = inParallel(
      count: (cells.count + Self.chunk - 1) / Self.chunk, grain: 64
    ) { chunks in
      var builder = Builder()
      let end = Swift.min(chunks.upperBound * Self.chunk, cells.count)
      builder.append(cells.span.extracting(chunks.lowerBound * Self.chunk..<end))
      builder.close()
      return builder
    }
    var (bytes, starts) = ([Int8](), [UInt32(0)])
    bytes.reserveCapacity(parts.reduce(Self.chunk) { $0 + $1.bytes.count })
    for part in parts {
      let planes = starts[starts.count - 1]
      starts += part.starts.dropFirst().map { $0 + planes }
      bytes += part.bytes
    }
    bytes += [Int8](repeating: 0, count: Self.chunk)
    self.init(count: cells.count, bytes: bytes, starts: starts)
  }

  /// Numbers of a chunk's planes, least significant first.
  package func planes(of chunk: Int) -> Range<Int> { Int(starts[chunk])..<Int(starts[chunk + 1]) }

  /// The plane that is zero in all cells.
  package var zeroPlane: Int { Int(starts[starts.count - 1]) }

  /// Writes the cells of a range to the beginning of `target`.
  ///
  /// - Complexity: in vectors a tenth of a nanosecond per cell and plane, in the cache.
  package func copy(
    _ range: Range<Int>, to target: inout MutableSpan<Int64>, kernels: Kernels = .best
  ) {
    precondition(range.upperBound <= count && range.count <= target.count, "cells are there")
    var first = range.lowerBound
    while first < range.upperBound {
      let (chunk, place) = (first >> Self.chunkBits, first & (Self.chunk - 1))
      let size = Swift.min(Self.chunk - place, range.upperBound - first)
      let base = first - range.lowerBound
      let planes = planes(of: chunk)
      if planes.isEmpty { for i in base..<base + size { target[i] = 0 } }
      for (power, plane) in planes.enumerated() {
        let start = plane << Self.chunkBits + place
        let part = bytes.span.extracting(start..<start + size)
        Self.add(part, power, to: &target, from: base, kernels)
      }
      first += size
    }
  }

  /// Adds a plane's bytes times 256^power; the first overwrites.
  private static func add(
    _ plane: Span<Int8>, _ power: Int, to cells: inout MutableSpan<Int64>, from first: Int,
    _ kernels: Kernels
  ) {
    precondition(first >= 0 && first + plane.count <= cells.count, "every byte has a cell")
    guard kernels == .ifma else {
      if power == 0 { for i in plane.indices { cells[first + i] = 0 } }
      // A ninth plane, of the widest cells alone, only carries out of the word.
      let scale = power < 8 ? Int64(1) << Int64(8 * power) : 0
      for i in plane.indices { cells[first + i] &+= Int64(plane[i]) &* scale }
      return
    }
    // SAFETY: checked above.
    unsafe cells.withUnsafeMutableBufferPointer { cells in
      unsafe plane.withUnsafeBufferPointer { plane in
        guard let cells = cells.baseAddress else { return }
        unsafe tacit_widen_bytes(cells + first, plane.baseAddress, plane.count, UInt32(8 * power))
      }
    }
  }

  /// The cells of a range.
  package func values(_ range: Range<Int>) -> [Int64] {
    var values = [Int64](repeating: 0, count: range.count)
    var span = values.mutableSpan
    copy(range, to: &span)
    return values
  }
}

extension PackedIntegers: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { count }
  package subscript(position: Int) -> Int64 {
    let (chunk, place) = (position >> Self.chunkBits, position & (Self.chunk - 1))
    var value: Int64 = 0
    for plane in planes(of: chunk).reversed() {
      value = value &<< 8 &+ Int64(bytes[plane << Self.chunkBits + place])
    }
    return value
  }
}

extension PackedIntegers {
  /// Packs cells as they come.
  package struct Builder: Sendable {
    fileprivate var bytes: [Int8] = []
    fileprivate var starts: [UInt32] = [0]
    /// The chunk that is being filled, zero from `held` on.
    private var open = [Int64](repeating: 0, count: PackedIntegers.chunk)
    private var held = 0

    package init() {}

    package var count: Int { (starts.count - 1) << PackedIntegers.chunkBits + held }

    package mutating func append(_ cells: Span<Int64>) {
      var next = 0
      while next < cells.count {
        let size = Swift.min(PackedIntegers.chunk - held, cells.count - next)
        if size == PackedIntegers.chunk {
          pack(cells.extracting(next..<next + size))
        } else {
          for i in 0..<size { open[held + i] = cells[next + i] }
          held += size
          if held == PackedIntegers.chunk { close() }
        }
        next += size
      }
    }

    /// Appends zeros up to a number of cells.
    package mutating func pad(to count: Int) {
      precondition(count >= self.count, "cells come in order")
      while self.count < count {
        held += Swift.min(PackedIntegers.chunk - held, count - self.count)
        if held == PackedIntegers.chunk { close() }
      }
    }

    package mutating func finish() -> PackedIntegers {
      let count = self.count
      close()
      bytes += [Int8](repeating: 0, count: PackedIntegers.chunk)
      return PackedIntegers(count: count, bytes: bytes, starts: starts)
    }

    /// Packs the chunk that was begun, if any.
    fileprivate mutating func close() {
      guard held > 0 else { return }
      held = 0
      let cells = open
      pack(cells.span)
      for i in open.indices { open[i] = 0 }
    }

    /// Appends a chunk's planes.
    private mutating func pack(_ cells: Span<Int64>) {
      var (any, wide) = (Int64(0), Int64(0))
      for i in cells.indices {
        any |= cells[i]
        wide |= Self.rest(cells[i])
      }
      if any != 0 { appendPlane(cells) }
      if wide != 0 {
        let rest = cells.indices.map { Self.rest(cells[$0]) }
        pack(rest.span)
      } else {
        starts.append(UInt32(bytes.count >> PackedIntegers.chunkBits))
      }
    }

    /// A cell less its last byte, which is signed, over 256.
    @inline(__always)
    private static func rest(_ cell: Int64) -> Int64 { (cell &>> 7 &+ 1) &>> 1 }

    private mutating func appendPlane(_ cells: Span<Int64>) {
      let first = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: PackedIntegers.chunk))
      var planes = bytes.mutableSpan
      for i in cells.indices { planes[first + i] = Int8(truncatingIfNeeded: cells[i]) }
    }
  }
}
