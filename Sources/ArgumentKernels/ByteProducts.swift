import CKernels
import Field

/// Vectors of field elements as the kernels for packed integers read them: byte by byte, of every
/// four elements the bytes of one place side by side.
struct ElementBytes: Sendable {
  let vectors: Int
  /// Bytes of a vector.
  private let stride: Int
  private let bytes: [Int8]

  private static let bytesPerElement = 32

  /// - Parameter vectors: of one length.
  init(_ vectors: [[Fr]]) {
    let count = vectors.first?.count ?? 0
    self.vectors = vectors.count
    let fours = (count + 3) / 4
    let stride = fours * 4 * Self.bytesPerElement
    var bytes = [Int8](repeating: 0, count: stride * vectors.count)
    let zeros = [Fr](repeating: .zero, count: 4 * fours - count)
    for (index, vector) in vectors.enumerated() {
      let padded = zeros.isEmpty ? vector : vector + zeros
      // SAFETY: an element is 32 bytes, and there is room for those of all fours of every vector.
      unsafe padded.withUnsafeBytes { elements in
        unsafe bytes.withUnsafeMutableBufferPointer { bytes in
          guard let elements = unsafe elements.assumingMemoryBound(to: Int8.self).baseAddress,
            let target = bytes.baseAddress
          else { return }
          for four in 0..<fours {
            let first = unsafe elements + four * 4 * Self.bytesPerElement
            unsafe tacit_interleave_bytes(
              target + index * stride + four * 4 * Self.bytesPerElement, first,
              first + Self.bytesPerElement, first + 2 * Self.bytesPerElement,
              first + 3 * Self.bytesPerElement, Self.bytesPerElement)
          }
        }
      }
    }
    (self.stride, self.bytes) = (stride, bytes)
  }

  /// Calls `body` with the fours of a vector that begin with an element whose number is a multiple
  /// of four.
  fileprivate func withFours(
    of vector: Int, from element: Int, _ body: (UnsafePointer<UInt8>) -> Void
  ) {
    // SAFETY: bytes are read as the bits they are.
    unsafe bytes.withUnsafeBytes { bytes in
      guard let base = unsafe bytes.assumingMemoryBound(to: UInt8.self).baseAddress else { return }
      unsafe body(base + vector * stride + element * Self.bytesPerElement)
    }
  }
}

/// Sums of field elements times integers, each kept as a word per byte and settled at the end.
struct ByteSums {
  /// Words of a sum.
  static let words = Int(TACIT_BYTE_SUMS)
  /// Planes and terms of sums that the kernel settles: they stay below 2^322.
  private static let (mostPlanes, mostTerms) = (6, 1 << 20)

  private var digits: [Int64]
  private let count: Int
  private var isWide: Bool

  /// - Parameter terms: of a sum.
  init(count: Int, terms: Int) {
    self.count = count
    isWide = terms > Self.mostTerms
    digits = [Int64](repeating: 0, count: count * Self.words)
  }

  /// Adds Σ_i element[i]·cell[i] to each run's sum.
  ///
  /// - Parameters:
  ///   - range: of the vector's elements; begins at a multiple of four.
  ///   - cells: the next four of a run lie `stride` bytes further on; after the last, as many as
  ///     fill up a four can be read.
  ///   - planes: more than the number of any run's plane.
  ///   - offset: added to the runs' words.
  mutating func add(
    _ elements: ElementBytes, of vector: Int, _ range: Range<Int>, cells: [Int8], stride: Int,
    runs: [tacit_byte_run], planes: Int, offset: Int = 0
  ) {
    if planes > Self.mostPlanes { isWide = true }
    // SAFETY: the callers' runs lie within the cells and the sums.
    unsafe digits.withUnsafeMutableBufferPointer { digits in
      unsafe cells.withUnsafeBufferPointer { cells in
        unsafe runs.withUnsafeBufferPointer { runs in
          unsafe elements.withFours(of: vector, from: range.lowerBound) { elements in
            guard let sums = digits.baseAddress else { return }
            var matrix = unsafe tacit_byte_matrix(
              elements: elements, steps: (range.count + 3) / 4, cells: cells.baseAddress,
              stride: stride, sums: sums + offset)
            unsafe tacit_byte_products(&matrix, runs.baseAddress, runs.count)
          }
        }
      }
    }
  }

  /// Writes the sums.
  ///
  /// - Complexity: about three multiplications in vectors a sum.
  func write(to values: inout MutableSpan<Fr>) {
    precondition(values.count == count, "a value for every sum")
    if isWide {
      for place in 0..<count { values[place] = wideValue(place) }
      return
    }
    // SAFETY: an element is four limbs; there is one for every sum.
    unsafe values.withUnsafeMutableBytes { values in
      unsafe tacit_byte_values(
        digits, count, values.assumingMemoryBound(to: UInt64.self).baseAddress)
    }
  }

  /// A sum of any width. What it adds up are elements in Montgomery's form.
  private func wideValue(_ place: Int) -> Fr {
    let words = digits[place * Self.words..<(place + 1) * Self.words]
    return Fr(montgomery: 1, 0, 0, 0)
      * words.reversed().reduce(Fr.zero) { $0.multiplied(bySmall: 256) + Fr($1) }
  }
}

/// Rows of bytes, four side by side, as `ByteSums` reads columns.
struct InterleavedBytes {
  private(set) var bytes: [Int8]
  private let width: Int

  init(fours: Int, width: Int) {
    self.width = width
    bytes = [Int8](repeating: 0, count: 4 * fours * width)
  }

  /// Puts four rows, which begin at some places of `source`, side by side.
  mutating func fill(_ four: Int, from source: [Int8], at places: InlineArray<4, Int>) {
    let width = width
    precondition(4 * (four + 1) * width <= bytes.count, "there is room for the four")
    for i in places.indices { precondition(places[i] + width <= source.count, "rows are there") }
    // SAFETY: checked above.
    unsafe bytes.withUnsafeMutableBufferPointer { bytes in
      unsafe source.withUnsafeBufferPointer { source in
        guard let target = bytes.baseAddress, let source = source.baseAddress else { return }
        unsafe tacit_interleave_bytes(
          target + 4 * four * width, source + places[0], source + places[1], source + places[2],
          source + places[3], width)
      }
    }
  }
}
