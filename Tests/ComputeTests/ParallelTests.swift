import Compute
import Testing

/// Work that is divided over threads is done once and put together in order, however many there are.
struct ParallelTests {
  static let counts = [0, 1, 2, 3, 7, 64, 1000]

  @Test(arguments: counts, [1, 3, 5000]) func `ranges follow each other`(count: Int, grain: Int) {
    let ranges = inParallel(count: count, grain: grain) { $0 }
    #expect(ranges.flatMap { Array($0) } == Array(0..<count))
  }

  @Test(arguments: counts) func `pieces of unlike sizes come in order`(count: Int) {
    #expect(inParallel(each: count) { $0 * $0 } == (0..<count).map { $0 * $0 })
  }

  @Test(arguments: counts, [1, 4]) func `every range writes its own elements`(
    count: Int, width: Int
  ) {
    var values = [Int](repeating: -1, count: count * width)
    inParallel(over: &values, width: width, grain: 1) { range, part in
      for place in 0..<range.count * width { part[place] = range.lowerBound * width + place }
    }
    #expect(values == Array(0..<count * width))
  }

  @Test(arguments: counts, [1, 4, 5000]) func `an array is made in chunks`(
    count: Int, chunk: Int
  ) {
    let (values, sizes) = inParallel(making: count, width: 2, of: 7, chunk: chunk) { range, part in
      for place in 0..<range.count { part[2 * place] = range.lowerBound + place }
      return range.count
    }
    #expect(values == (0..<count).flatMap { [$0, 7] })
    #expect(sizes.reduce(0, +) == count && sizes.allSatisfy { $0 <= chunk })
  }

  @Test(arguments: counts) func `two arrays are made together`(count: Int) {
    let (ones, twos) = inParallel(making: count, widths: (1, 2), of: 0, chunk: 3) {
      range, one, two in
      for place in 0..<range.count {
        one[place] = range.lowerBound + place
        two[2 * place + 1] = range.lowerBound + place
      }
    }
    #expect(ones == Array(0..<count))
    #expect(twos == (0..<count).flatMap { [0, $0] })
  }

  @Test(arguments: counts) func `the second part of an array is folded onto the first`(count: Int) {
    var values = Array(0..<count)
    let half = (count + 1) / 2
    inParallel(folding: &values, half: half, grain: 1) { low, high in
      for place in 0..<high.count { low[place] += high[place] }
    }
    for place in 0..<half {
      #expect(values[place] == (place + half < count ? 2 * place + half : place))
    }
  }
}
