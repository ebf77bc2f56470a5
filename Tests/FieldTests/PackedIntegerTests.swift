import Field
import Compute
import Testing

struct PackedIntegerTests {
  private static let edges: [Int64] = [
    .min, .max, .min + 1, .max - 1, 127, -128, 128, -129, 255, -256, 32_639, 32_640, -32_896,
    -32_897, 1 << 31, -(1 << 31), 1 << 55, -(1 << 55), 0, 1, -1,
  ]

  /// Chunks of every width, zeros among them.
  private func cells(_ count: Int) -> [Int64] {
    (0..<count).map { place in
      let mixed = Int64(truncatingIfNeeded: UInt64(place + 1) &* 0x9e37_79b9_7f4a_7c15)
      switch place / PackedIntegers.chunk % 6 {
      case 0: return mixed >> 56
      case 1: return 0
      case 2: return place % 5 == 0 ? Self.edges[place / 5 % Self.edges.count] : 0
      case 3: return mixed >> 48
      case 4: return mixed >> 32
      default: return mixed
      }
    }
  }

  @Test(arguments: [0, 1, 7, 511, 512, 513, 1024, 5000, 100_000])
  func `cells are what was packed, wherever they are read`(count: Int) {
    let cells = cells(count)
    let packed = PackedIntegers(cells)
    #expect(packed.count == count)
    #expect(Array(packed) == cells)
    #expect(packed.values(0..<count) == cells)
    for kernels in [Kernels.portable, .best] {
      for (low, length) in [(0, 1), (3, 509), (509, 6), (510, 1100), (1023, 2049), (2048, 4)] {
        let range = min(low, count)..<min(low + length, count)
        var target = [Int64](repeating: 77, count: range.count + 3)
        var span = target.mutableSpan
        packed.copy(range, to: &span, kernels: kernels)
        #expect(Array(target.prefix(range.count)) == Array(cells[range]))
        #expect(target.suffix(3).allSatisfy { $0 == 77 })
      }
    }
  }

  @Test func `however the cells come, the packing is one`() {
    let cells = cells(20_000)
    var builder = PackedIntegers.Builder()
    var (next, step) = (0, 1)
    while next < cells.count {
      let end = min(next + step, cells.count)
      if cells[next..<end].allSatisfy({ $0 == 0 }) {
        builder.pad(to: end)
      } else {
        builder.append(cells.span.extracting(next..<end))
      }
      #expect(builder.count == end)
      (next, step) = (end, step * 3 % 1501)
    }
    #expect(builder.finish() == PackedIntegers(cells))
  }

  @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 40, 1000])
  func `products of integers agree`(count: Int) {
    let (a, b) = (cells(4 * 512 + count), cells(5 * 512 + count))
    for start in [0, 1, 1024, 2048] {
      let range = start..<start + count
      let expected = range.clamped(to: a.indices).reduce(Int64(0)) { $0 &+ a[$1] &* b[$1 + 3] }
      for kernels in [Kernels.portable, .best] {
        let product = integerProduct(
          a.span.extracting(range), b.span.extracting(start + 3..<start + 3 + count),
          kernels: kernels)
        #expect(product == expected)
      }
    }
  }

  /// A byte for cells of a byte, none for zeros, and no more than the widest cell needs.
  @Test(arguments: [
    (0, 0), (1, 1), (127, 1), (-128, 1), (128, 2), (-129, 2), (32_639, 2), (32_640, 3),
    (-32_896, 2), (-32_897, 3), (Int64(Int32.min), 4), (Int64.min, 8), (Int64.max, 9),
  ])
  func `a chunk has as many planes as its widest cell needs`(cell: Int64, planes: Int) {
    var cells = [Int64](repeating: 0, count: 3 * PackedIntegers.chunk)
    cells[PackedIntegers.chunk + 5] = cell
    let packed = PackedIntegers(cells)
    #expect((0..<3).map { packed.planes(of: $0).count } == [0, planes, 0])
    #expect(packed.bytes.count == (planes + 1) * PackedIntegers.chunk)
  }
}
