import Curve
import Field

/// Seconds that the hot loops take for one operation on one core of this machine: what a proof's
/// counts of operations are weighed with, to say how far its time is from what they must cost.
public struct KernelCost: Sendable {
  /// One product in a fold of a sum-check's table.
  public let fieldMultiplication: Double
  /// One product of a field element and a machine integer in a sum of rows.
  public let smallMultiplication: Double
  /// One batch-affine addition of points.
  public let groupAddition: Double

  /// Medians over loops that fit the second-level cache. Takes about a tenth of a second.
  public static func measured() -> KernelCost {
    let count = 1 << 13
    let values = (0..<count).map { Fr($0) * Fr($0 + 3) + .one }
    var table = values
    let fold = median {
      var low = table.mutableSpan
      Fr.fold(&low, values.span, by: values[count / 2])
    }
    let integers = (0..<count).map { Int64($0) - 4096 }
    let length = 1 << 10
    var rowSum = IntegerRowSum(length: length)
    let small = median {
      for (row, start) in stride(from: 0, to: count, by: length).enumerated() {
        rowSum.add(integers[start..<start + length], times: values[row])
      }
    }
    // Sums of halves, so that the points stay distinct.
    var points = Array(Generators.prefix(1 << 11))
    let steps = (0..<points.count / 2).map { BatchAdder.Step($0, points.count / 2 + $0) }
    var adder = BatchAdder()
    let addition = median { adder.run(steps.span, on: &points) }
    return KernelCost(
      fieldMultiplication: fold / Double(count), smallMultiplication: small / Double(count),
      groupAddition: addition / Double(steps.count))
  }

  /// What the operations of a proof cost at these rates, shared by `cores`.
  public func seconds(of cost: ProvingCost, cores: Int) -> Double {
    let all =
      Double(cost.fieldMultiplications) * fieldMultiplication
      + Double(cost.smallMultiplications) * smallMultiplication
      + Double(cost.groupAdditions) * groupAddition
    return all / Double(cores)
  }

  private static func median(_ loop: () -> Void) -> Double {
    let clock = ContinuousClock()
    return (0..<41).map { _ in clock.measure(loop) / .seconds(1) }.sorted()[20]
  }
}
