package import ArgumentKernels
package import ConstraintSystem
package import Field
import Polynomial
import Compute

/// Sizes and constants of a circuit that both sides use in every proof; derived from the key alone.
package struct CircuitDimensions: Sendable {
  package private(set) var system: ConstraintSystem
  /// What is claimed of the model, in a key proof; of an inference nothing.
  package let ranges: [ModelRange]
  package let table: Table
  /// n.
  package let traceBits: Int
  /// k.
  package let tableBits: Int
  /// Variables of the model polynomial.
  package let modelBits: Int
  /// 2^{b(k−1)} for limb k.
  package let limbScales: [Fr]

  package init(_ system: ConstraintSystem, ranges: [ModelRange] = []) {
    self.system = system
    self.ranges = ranges
    table = system.table
    traceBits = system.traceBits
    tableBits = table.bits
    modelBits = system.modelBits
    let parameters = system.parameters
    limbScales = (0..<parameters.limbs).map {
      Fr(UInt64(1) << UInt64($0 * parameters.limbBits))
    }
  }

  /// Those of these inputs: what views that go through inputs read. No size depends on it.
  package func reading(_ inputs: [CircuitIntegers?]) -> CircuitDimensions {
    var dimensions = self
    dimensions.system = system.reading(inputs)
    return dimensions
  }

  /// t: how often the rows' fractions are added up two by two before they are committed to, until they are
  /// no more than the table's rows; never where look-ups are paired.
  package var treeLevels: Int {
    pairsLookups ? 0 : max(0, traceBits - tableBits)
  }
  /// Whether `PairArgument` is made, and not `RowArgument`.
  package var pairsLookups: Bool { system.parameters.scheme.pairsLookups }
  /// Variables of h: n − t, or those of a slot and a row.
  package var inverseBits: Int { traceBits - treeLevels + system.parameters.slotBits }
  /// Variables of the sum-check over h and g, the longer of the two.
  package var inverseRounds: Int { max(inverseBits, tableBits) }
  /// Variables of the longest column, at least those of one commitment row.
  package var columnVariables: Int {
    max(traceBits, inverseBits, tableBits, modelBits, system.commitmentRowBits)
  }

  package func variables(of column: Column) -> Int {
    switch column {
    case .model: modelBits
    case .multiplicity, .tableInverses: tableBits
    case .inverses: inverseBits
    default: traceBits
    }
  }

  /// φ_T at a point of the table's variables, from the functions' closed forms.
  ///
  /// - Complexity: O(k) per segment; linear in the length of a function given by its values, wherever in
  ///   the table it lies.
  package func tableFingerprint(at point: [Fr], lookup: LookupChallenges) -> Fr {
    var (tags, inputs, outputs) = (Fr.zero, Fr.zero, Fr.zero)
    var start = Equality.below(1, point[...])
    var position = 1
    // eq on a function given by its values.
    var eq: [Fr] = []
    /// Σ eq and Σ (i − first)·eq over the next `count` rows.
    func next(_ count: Int) -> (sum: Fr, ramp: Fr) {
      let end = Equality.below(position + count, point[...])
      OperationCounter.count(overKey: 3 * point.count + 4)
      let sum = end.sum - start.sum
      let ramp = end.ramp - start.ramp - Fr(UInt64(position)) * sum
      (start, position) = (end, position + count)
      return (sum, ramp)
    }
    let range = next(1 << table.limbBits)
    tags += Fr(Table.rangeTag) * range.sum
    inputs += range.ramp
    for (index, function) in table.functions.enumerated() {
      let tag = Fr(table.tag(index))
      switch function.body {
      case .segments(let segments):
        for segment in segments {
          let part = next(segment.count)
          tags += tag * part.sum
          inputs += Fr(segment.input) * part.sum + part.ramp
          outputs += Fr(segment.output) * part.sum + Fr(segment.slope) * part.ramp
        }
      case .values(let lowest, let values):
        let first = position
        let part = next(values.count)
        tags += tag * part.sum
        inputs += Fr(lowest) * part.sum + part.ramp
        if eq.count < values.count {
          eq += [Fr](repeating: .zero, count: values.count - eq.count)
        }
        Equality.range(point[...], first..<first + values.count, into: &eq)
        var sum = SmallAccumulator()
        for (step, value) in values.enumerated() { sum.add(eq[step], small: Int64(value)) }
        OperationCounter.count(overKey: values.count)
        outputs += sum.value
      }
    }
    return lookup.alpha + tags + lookup.beta * inputs + lookup.betaSquared * outputs
  }
}
