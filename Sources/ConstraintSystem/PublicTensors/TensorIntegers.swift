/// A tensor's integers, row-major, on one side of a border: the model's runtime has integers of the
/// port's type, in which the zero point stands for zero, and the circuit has y, in which zero does.
///
/// `Port` alone makes the one of the other, so that a zero point is neither forgotten nor taken
/// twice.
package struct TensorIntegers<Side>: Hashable, Sendable {
  package var values: [Int64]

  package init(_ values: [Int64]) { self.values = values }

  package var count: Int { values.count }

  package subscript(index: Int) -> Int64 {
    get { values[index] }
    set { values[index] = newValue }
  }
}

extension TensorIntegers: ExpressibleByArrayLiteral {
  package init(arrayLiteral values: Int64...) { self.init(values) }
}

/// The sides of the border that zero points cross.
package enum TensorSide {
  /// Of the model's runtime: what is read, stated in proofs and shown.
  package enum Runtime {}
  /// Of the circuit: what is executed and proven.
  package enum Circuit {}
}

package typealias RuntimeIntegers = TensorIntegers<TensorSide.Runtime>
package typealias CircuitIntegers = TensorIntegers<TensorSide.Circuit>

extension Port {
  /// What the circuit has where the runtime has these: the zero point is taken off.
  package func circuit(_ tensor: RuntimeIntegers) -> CircuitIntegers {
    CircuitIntegers(tensor.values.map { $0 &- zeroPoint })
  }

  /// What the runtime has where the circuit has these: the zero point is added.
  package func runtime(_ tensor: CircuitIntegers) -> RuntimeIntegers {
    RuntimeIntegers(tensor.values.map { runtime($0) })
  }

  /// What the runtime has where the circuit has this integer.
  package func runtime(_ integer: Int64) -> Int64 { integer &+ zeroPoint }

  /// What the runtime has where the circuit has these integers.
  ///
  /// - Parameter range: of a validated port, so that no end of it wraps around.
  package func runtime(_ range: ClosedRange<Int64>) -> ClosedRange<Int64> {
    range.lowerBound + zeroPoint...range.upperBound + zeroPoint
  }
}
