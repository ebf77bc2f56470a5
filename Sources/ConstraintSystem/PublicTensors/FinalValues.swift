import Platform

/// What a user gets to see: the proven integers after the network's public last steps.
package struct FinalValues: Hashable, Sendable {
  package enum Elements: Hashable, Sendable {
    case integers([Int64])
    case reals([Float])
  }
  package var shape: [Int]
  package var type: ElementType
  package var elements: Elements

  package init(shape: [Int], type: ElementType, elements: Elements) {
    self.shape = shape
    self.type = type
    self.elements = elements
  }

  /// Applies `steps` to the integers of an output.
  ///
  /// - Parameter integers: the runtime's integers, zero point included, as many as `shape` holds.
  /// - Returns: nil when the steps do not fit the values: a step on reals that needs integers, an
  ///   axis that the shape lacks, a count other than the shape's.
  package static func applying(
    _ steps: [FinalStep], to integers: RuntimeIntegers, shape: [Int], type: ElementType,
    scale: Double,
    zeroPoint: Int64
  ) -> FinalValues? {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, extent > 0 else { return nil }
      count = product
    }
    guard count == integers.count else { return nil }
    var values = FinalValues(shape: shape, type: type, elements: .integers(integers.values))
    var (scale, zeroPoint) = (scale, zeroPoint)
    for step in steps {
      switch step {
      case .dequantize:
        guard case .integers(let elements) = values.elements else { return nil }
        values.elements = .reals(
          elements.map { Float(scale) * Float($0.subtractingSaturated(zeroPoint)) })
        values.type = .float32
      case .softmax(let beta, nil):
        let reals = values.reals(scale: scale, zeroPoint: zeroPoint)
        values.elements = .reals(
          rows(reals, width: values.shape.last).flatMap { row in
            softmax(row.map { $0 * Float(beta) })
          })
        values.type = .float32
      case .softmax(let beta, let output?):
        guard case .integers(let elements) = values.elements else { return nil }
        values.elements = .integers(
          rows(elements, width: values.shape.last).flatMap { row in
            softmax(row, scale: Float(scale) * Float(beta), output: output)
          })
        values.type = output.type
        (scale, zeroPoint) = (output.scale, output.zeroPoint)
      case .logSoftmax(nil):
        let reals = values.reals(scale: scale, zeroPoint: zeroPoint)
        values.elements = .reals(rows(reals, width: values.shape.last).flatMap(logSoftmax))
        values.type = .float32
      case .logSoftmax(let output?):
        guard case .integers = values.elements else { return nil }
        let reals = values.reals(scale: scale, zeroPoint: 0)
        values.elements = .integers(
          rows(reals, width: values.shape.last).flatMap { row in
            logSoftmax(row).map { integer($0 / Float(output.scale), output) }
          })
        values.type = output.type
        (scale, zeroPoint) = (output.scale, output.zeroPoint)
      case .requantize(let output):
        guard case .integers(let elements) = values.elements, output.scale == scale,
          let range = output.type.range
        else { return nil }
        values.elements = .integers(
          elements.map { integer in
            let steps = integer.subtractingSaturated(zeroPoint)
            let (moved, overflow) = steps.addingReportingOverflow(output.zeroPoint)
            return overflow
              ? (steps < 0 ? range.lowerBound : range.upperBound)
              : min(max(moved, range.lowerBound), range.upperBound)
          })
        values.type = output.type
        zeroPoint = output.zeroPoint
      case .argMax(let axis):
        guard values.shape.indices.contains(axis) else { return nil }
        switch values.elements {
        case .reals(let elements):
          values.elements = .integers(argMax(elements, shape: values.shape, axis: axis))
        case .integers(let elements):
          values.elements = .integers(argMax(elements, shape: values.shape, axis: axis))
        }
        values.shape.remove(at: axis)
        values.type = .int64
        (scale, zeroPoint) = (1, 0)
      }
    }
    return values
  }

  /// exp(x − max) / Σ, in single precision.
  package static func softmax(_ row: [Float]) -> [Float] {
    guard let largest = row.max() else { return [] }
    let terms = row.map { exponential($0 - largest) }
    let sum = terms.reduce(0, +)
    return terms.map { $0 / sum }
  }

  /// x − (max + log Σ exp(x − max)), in single precision and LiteRT's order.
  package static func logSoftmax(_ row: [Float]) -> [Float] {
    guard let largest = row.max() else { return [] }
    let sum = row.reduce(0) { $0 + exponential($1 - largest) }
    let offset = largest + Float(log(Double(sum)))
    return row.map { $0 - offset }
  }

  /// Ties to even, the zero point, saturated; LiteRT's int8 LOG_SOFTMAX ends so.
  private static func integer(_ steps: Float, _ output: FinalQuantization) -> Int64 {
    let rounded = steps.rounded(.toNearestOrEven)
    let bounded = rounded.isNaN ? 0 : min(max(rounded, -0x1p20), 0x1p20)
    let range: ClosedRange<Int64> = output.type == .uint8 ? 0...255 : -128...127
    let shifted = Int64(bounded).addingReportingOverflow(output.zeroPoint).partialValue
    return min(max(shifted, range.lowerBound), range.upperBound)
  }

  private func reals(scale: Double, zeroPoint: Int64) -> [Float] {
    switch elements {
    case .reals(let elements): elements
    case .integers(let elements):
      elements.map { Float(scale) * Float($0.subtractingSaturated(zeroPoint)) }
    }
  }

  /// LiteRT's int8 SOFTMAX: single-precision exp of the scaled distance to the maximum, summed in
  /// order, times 1/(sum·s_y), rounded half upwards, less the zero point, saturated.
  /// Source: `optimized_ops::Softmax` for int8, with its table of exponentials.
  package static func softmax(
    _ row: [Int64], scale: Float, output: FinalQuantization
  ) -> [Int64] {
    guard let largest = row.max() else { return [] }
    let terms = row.map { exponential(-scale * Float(largest.subtractingSaturated($0))) }
    let sum = terms.reduce(0, +)
    let inverse = 1 / (sum * Float(output.scale))
    let range: ClosedRange<Int64> = output.type == .uint8 ? 0...255 : -128...127
    return terms.map { term in
      let steps = (term * inverse + 0.5).rounded(.down)
      let bounded = steps.isNaN ? 0 : min(max(steps, -0x1p20), 0x1p20)
      let shifted = Int64(bounded).addingReportingOverflow(output.zeroPoint).partialValue
      return min(max(shifted, range.lowerBound), range.upperBound)
    }
  }

  /// The index of the first largest value along `axis`, for all other coordinates in order.
  package static func argMax<Element: Comparable>(
    _ elements: [Element], shape: [Int], axis: Int
  ) -> [Int64] {
    let extent = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outer = shape[..<axis].reduce(1, *)
    var result: [Int64] = []
    for block in 0..<outer {
      for offset in 0..<inner {
        var best = 0
        for candidate in 0..<extent {
          let position = (block * extent + candidate) * inner + offset
          if elements[position] > elements[(block * extent + best) * inner + offset] {
            best = candidate
          }
        }
        result.append(Int64(best))
      }
    }
    return result
  }

  /// In double, then rounded: the same on every platform but for the rarest last bits.
  private static func exponential(_ x: Float) -> Float { Float(exp(Double(x))) }

  private static func rows<Element>(_ elements: [Element], width: Int?) -> [[Element]] {
    let width = max(1, width ?? 1)
    return stride(from: 0, to: elements.count, by: width).map {
      Array(elements[$0..<min($0 + width, elements.count)])
    }
  }
}

extension Int64 {
  fileprivate func subtractingSaturated(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (self < 0 ? .min : .max) : difference
  }
}
