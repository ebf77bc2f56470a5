import ConstraintSystem
import Field

extension VerifierProgram {
  /// Σ over values below an extent of the product of eq of all parts; factors, none for 1. A part with more bits
  /// than the extent needs has zeros in front.
  mutating func axis(_ given: [PointPart], extent: Int) -> [Int] {
    var factors: [Int] = []
    let needed = ceilLog2(extent)
    for part in given where part.count > needed {
      let high = part.high(part.count - needed)
      factors.append(
        value(.highZero(high)) { .below(to: $0, [high.last], bits: high.count, extent: 1) })
    }
    let parts = given.filter { $0.count > 0 }.map { $0.low(needed) }.sorted()
    guard needed > 0, !parts.isEmpty else { return factors }
    let key = Key.axis(parts, extent)
    if extent == 1 << needed, parts.count == 2 {
      factors.append(
        value(key) { .equalTwo(to: $0, parts[0].first, parts[1].first, bits: needed) })
    } else if extent < 1 << needed || parts.count > 2 {
      factors.append(
        value(key) { .below(to: $0, parts.map(\.last), bits: needed, extent: extent) })
    }
    return factors
  }

  /// eq of all coordinates of a part with an index, as a word of the products of places.
  mutating func place(_ part: PointPart, index: Int) -> [Int] {
    guard part.count > 0 else { return [] }
    let path = (0..<part.count).reversed().map { index >> $0 & 1 == 1 }
    if let word = places[part.first]?[path] { return [word] }
    let word = words()
    places[part.first, default: [:]][path] = word
    return [word]
  }

  /// The products of all places, what they share computed once.
  mutating func placeProducts() -> [[Int]] {
    var products: [[Int]] = []
    let one = constant(.one)
    for first in places.keys.sorted() {
      guard let wanted = places[first] else { continue }
      var known: [[Bool]: Int] = [[]: one]
      let paths = wanted.keys.sorted { left, right in
        left.count == right.count
          ? left.lexicographicallyPrecedes(right) { !$0 && $1 } : left.count < right.count
      }
      for path in paths {
        for count in 1...path.count {
          let prefix = Array(path.prefix(count))
          guard known[prefix] == nil, let shorter = known[prefix.dropLast()] else { continue }
          let word = wanted[prefix] ?? words()
          let coordinate = first + count - 1
          let factor = prefix[count - 1] ? coordinate : ProgramWords.less(coordinate)
          products.append([word, shorter, factor])
          known[prefix] = word
        }
      }
    }
    return products
  }

  /// eq of a part with every index, in order.
  mutating func table(_ part: PointPart) -> Int {
    guard part.count > 0 else { return constant(.one) }
    return value(.table(part), words: 1 << part.count) { .table(to: $0, part) }
  }

  /// A label's weights, one word each.
  mutating func table(_ label: LabelParts) -> Int {
    guard let first = label.parts.first else {
      if label.extent == 1 { return constant(.one) }
      if let word = known[.ones(label.extent)] { return word }
      let word = words(label.extent)
      known[.ones(label.extent)] = word
      operations += (0..<label.extent).map { .set(to: word + $0, .one) }
      return word
    }
    var result = table(first)
    for part in label.parts.dropFirst() {
      let (left, right) = (result, table(part))
      result = value(.times(left, right, label.extent), words: label.extent) {
        .times(to: $0, left, right, extent: label.extent)
      }
    }
    return result
  }

  /// One axis of a view's source.
  mutating func axis(
    _ window: AffineIndex, extent: Int, at part: PointPart, _ labels: [Int: LabelParts]
  ) throws(ChainExportError) -> [Int] {
    guard window.through == nil else { throw .unsupported("a view through an input") }
    let steps = window.steps.map { ($0.stride, labels[$0.label] ?? LabelParts([], extent: 0)) }
    guard let step = steps.first else {
      guard (0..<extent).contains(window.constant) else { return [constant(.zero)] }
      guard part.count > 0 else { return [] }
      return [
        value(.place(part, window.constant)) { .place(to: $0, part, index: window.constant) }
      ]
    }
    if steps.count == 1, step.0 == 1, window.constant == 0 {
      return axis(step.1.parts + [part], extent: min(step.1.extent, extent))
    }
    let key = Key.window(
      steps.map(\.1), steps.map(\.0), constant: window.constant, extent: extent, part)
    if let word = known[key] { return [word] }
    let word = try strided(steps, window.constant, extent: extent, at: part)
    known[key] = word
    return [word]
  }

  /// Σ of the weights of labels times eq of the coordinate that their values lead to.
  private mutating func strided(
    _ steps: [(Int, LabelParts)], _ offset: Int, extent: Int, at part: PointPart
  ) throws(ChainExportError) -> Int {
    let isSwapped = steps.count == 2 && steps[1].1.extent > steps[0].1.extent
    let (stride, outer) = isSwapped ? steps[1] : steps[0]
    let (other, inner) =
      steps.count == 1 ? (0, LabelParts([], extent: 1)) : isSwapped ? steps[0] : steps[1]
    guard steps.allSatisfy({ abs($0.0) < 1 << 15 }), abs(offset) < 1 << 15, extent < 1 << 15
    else { throw .unsupported("an index with such a stride") }
    guard steps.count <= 2, stride > 0 else {
      return try spread(steps, offset, extent: extent, at: part)
    }
    let (bits, low) = (ceilLog2(outer.extent), ceilLog2(stride))
    let isWhole =
      outer.extent == 1 << bits && extent == 1 << part.count && stride == 1 << low
      && part.count == bits + low
    // A digit costs three times a product.
    if isWhole, let only = outer.parts.first, outer.parts.count == 1, 3 * bits < outer.extent {
      let (table, word) = (table(inner), words())
      operations.append(
        .shifted(
          to: word, words: [only.last, table, part.last], bits: bits, extent: inner.extent,
          strides: [low, other], constant: offset))
      return word
    }
    let (tables, word) = ([table(outer), table(inner), table(part)], words())
    operations.append(
      .window(
        to: word, tables: tables, extents: [outer.extent, inner.extent],
        strides: [stride, other], constant: offset, most: extent))
    return word
  }

  /// The same for any number of labels and any strides: their weights by coordinate, label after label.
  private mutating func spread(
    _ steps: [(Int, LabelParts)], _ offset: Int, extent: Int, at part: PointPart
  ) throws(ChainExportError) -> Int {
    // The table so far, how many coordinates it has and which is the first.
    var (held, count, first) = (constant(.one), 1, offset)
    for (index, (stride, label)) in steps.enumerated() {
      let weights = table(label)
      let reach = stride * (label.extent - 1)
      let isLast = index + 1 == steps.count
      let lowest = isLast ? 0 : first + min(0, reach)
      let size = isLast ? extent : count + abs(reach)
      guard (1..<1 << 15).contains(size) else {
        throw .unsupported("an index of such a reach")
      }
      let word = words(size)
      operations.append(
        .spread(
          to: word, from: held, label: weights, extents: [count, label.extent], stride: stride,
          offset: first - lowest, count: size))
      (held, count, first) = (word, size, lowest)
    }
    let (tables, word) = ([held, constant(.one), table(part)], words())
    operations.append(
      .window(
        to: word, tables: tables, extents: [extent, 1], strides: [1, 0], constant: 0,
        most: extent))
    return word
  }
}
