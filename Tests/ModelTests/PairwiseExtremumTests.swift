import ConstraintSystem
import Model
import Testing

/// The largest of many values by comparing two at a time.
struct PairwiseExtremumTests {
  @Test(arguments: Array(1...100) + [127, 360, 784, 1009, 1 << 20])
  func `an axis comes down to one value by about as many rows and few blocks`(extent: Int) {
    var (rest, rows, blocks) = (extent, 0, 0)
    for pieces in PairwiseExtremum.pieces(of: extent) {
      // Together they hold every value.
      #expect(pieces.count * pieces.extent >= rest && pieces.extent < rest)
      rows += (pieces.count - 1) * pieces.extent
      blocks += pieces.count - 1
      rest = pieces.extent
    }
    #expect(rest == 1)
    #expect(rows >= extent - 1 && rows <= extent + extent / 16)
    #expect(blocks <= 8 * (Int.bitWidth - extent.leadingZeroBitCount))
  }

  @Test(arguments: [true, false])
  func `pieces that overlap find every value`(isMaximum: Bool) throws {
    for extent in 1...20 {
      for place in 0..<extent {
        var builder = EvaluatingBuilder()
        let sign: Int64 = isMaximum ? 1 : -1
        let values = (0..<2 * extent).map { cell in
          sign * (cell / 2 == place ? 100 - Int64(cell % 2) : Int64(cell))
        }
        let wire = builder.input(shape: [extent, 2], values: values)
        let extremum = PairwiseExtremum(isMaximum: isMaximum, span: 255, name: "node")
        let result = extremum.along([0], of: wire, into: &builder)
        #expect(builder.values(result) == [sign * 100, sign * 99], "\(place) of \(extent)")
      }
    }
  }
}
