/// What a user gets to see: the proven integers after the network's public last steps.
///
/// Written down in docs/protocol/last-steps.md#values.
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
  /// - Parameter integers: the runtime's integers, zero point included, as many as `shape` holds; patterns of floats.
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
    var form = FinalForm(shape: shape, type: type, scale: scale, zeroPoint: zeroPoint)
    var elements =
      form.isReal
      ? Elements.reals(integers.values.map(ElementType.single)) : .integers(integers.values)
    for step in steps {
      guard let next = step.form(of: form) else { return nil }
      elements = apply(step, to: elements, of: form, next)
      form = next
    }
    return FinalValues(shape: form.shape, type: form.type, elements: elements)
  }

  /// Applies the last steps of an output to its integers.
  package static func applying(
    _ port: Port, to integers: RuntimeIntegers
  ) -> FinalValues? {
    applying(
      port.finalSteps, to: integers, shape: port.shape, type: port.type, scale: port.scale,
      zeroPoint: port.zeroPoint)
  }

  /// - Parameters:
  ///   - form: of the elements, which the step fits.
  ///   - result: what it makes of that.
  private static func apply(
    _ step: FinalStep, to elements: Elements, of form: FinalForm, _ result: FinalForm
  ) -> Elements {
    switch (step, elements) {
    case (.dequantize, _): return .reals(elements.reals(form))
    case (.quantize(let output), _):
      return .integers(elements.reals(form).map { output.integer($0 / Float(output.scale)) })
    case (.requantize(let output), .integers(let values)):
      return .integers(
        values.map { output.saturated($0.subtractingSaturated(form.zeroPoint)) })
    case (.sigmoid, _): return .reals(elements.reals(form).map(RoundedReals.sigmoid))
    case (.tanh, _): return .reals(elements.reals(form).map(RoundedReals.hyperbolicTangent))
    case (.table(let images), .integers(let values)):
      let least = form.type.byteRange?.lowerBound ?? 0
      let highest = Int64(images.count) - 1
      return .reals(
        values.map { images[Int(min(max($0.subtractingSaturated(least), 0), highest))] })
    case (.reshape, _): return elements
    case (.transpose(let permutation), .reals(let values)):
      return .reals(transposed(values, form.shape, permutation))
    case (.transpose(let permutation), .integers(let values)):
      return .integers(transposed(values, form.shape, permutation))
    case (.softmax(let beta, nil), _):
      return .reals(
        rows(elements.reals(form), of: form).flatMap { FinalSoftmax.reals($0, beta: Float(beta)) })
    case (.softmax(let beta, let output?), .integers(let values)):
      let softmax = FinalSoftmax.LiteRT(scale: Float(form.scale) * Float(beta), output)
      return .integers(rows(values, of: form).flatMap(softmax.callAsFunction))
    case (.logSoftmax(nil), _):
      return .reals(rows(elements.reals(form), of: form).flatMap(FinalSoftmax.logarithms))
    case (.logSoftmax(let output?), .integers(let values)):
      return .integers(
        rows(values, of: form).flatMap {
          FinalSoftmax.logarithms($0, scale: Float(form.scale), output)
        })
    case (.quantizedSoftmax(let output), .integers(let values)):
      let softmax = FinalSoftmax.QLinear(
        scale: Float(form.scale), width: form.shape.last ?? 1, output)
      return .integers(rows(values, of: form).flatMap(softmax.callAsFunction))
    case (.argMax(let axis), .reals(let values)):
      return .integers(argMax(values, shape: form.shape, axis: axis))
    case (.argMax(let axis), .integers(let values)):
      return .integers(argMax(values, shape: form.shape, axis: axis))
    case (.requantize, .reals), (.table, .reals), (.softmax(_, _?), .reals),
      (.logSoftmax(_?), .reals), (.quantizedSoftmax, .reals):
      // None of these fits reals.
      return elements
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

  /// Row-major before and after.
  private static func transposed<Element>(
    _ elements: [Element], _ shape: [Int], _ permutation: [Int]
  ) -> [Element] {
    var strides = shape
    var stride = 1
    for axis in shape.indices.reversed() {
      strides[axis] = stride
      stride *= shape[axis]
    }
    return Layout.places(
      permutation.map { shape[$0] }, strides: permutation.map { strides[$0] }
    ).map { elements[$0] }
  }

  private static func rows<Element>(_ elements: [Element], of form: FinalForm) -> [[Element]] {
    let width = max(1, form.shape.last ?? 1)
    return stride(from: 0, to: elements.count, by: width).map {
      Array(elements[$0..<min($0 + width, elements.count)])
    }
  }
}

extension FinalValues.Elements {
  /// What they stand for, in single precision.
  fileprivate func reals(_ form: FinalForm) -> [Float] {
    switch self {
    case .reals(let values): values
    case .integers(let values):
      values.map { Float(form.scale) * Float($0.subtractingSaturated(form.zeroPoint)) }
    }
  }
}
