import ConstraintSystem
import Field
import Compute

/// From accumulators to y, limbs and lookups, row by row and on all threads.
extension Execution {
  /// Rows worth a thread of their own.
  private static let rows = 1 << 12

  /// What some rows of a block looked up, and the first of them that looks up nothing.
  private struct Lookups: Sendable {
    /// How often each row of the function is looked up.
    var counts: [Int64]
    /// Its index within the block, row-major without padding.
    var failed: Int?
  }

  /// y of a block's rows from its acc, and their lookups.
  mutating func step(_ index: Int) throws(ExecutionError) {
    let block = system.blocks[index]
    let function = system.functions[block.function]
    if dense[block.function].isEmpty { dense[block.function] = function.outputs }
    let (dense, domain) = (dense[block.function], function.domain)
    let rule = RowRule(block, domain, system.parameters)
    let multipliers = Multipliers(block, in: system, cells: cells)
    let accumulators = trace.accumulators
    let size = 1 << block.bits
    let (outputs, found) = inParallel(
      making: size, of: Int64(0), chunk: max(Self.rows, (size - 1) / availableThreads + 1)
    ) { range, outputs in
      var lookups = Lookups(counts: [Int64](repeating: 0, count: dense.count))
      let (acc, m) = (accumulators.span, multipliers.values.span)
      let (outputsOf, advance) = (dense.span, multipliers.places.step)
      Layout.forEachRun(shape: block.shape, in: range) { cell, index, count in
        if lookups.failed != nil { return }
        var counts = lookups.counts.mutableSpan
        var place = multipliers.places.place(of: index)
        for step in 0..<count {
          guard let entry = rule.entry(acc[block.offset + cell + step], m[place]) else {
            lookups.failed = index + step
            return
          }
          outputs[cell - range.lowerBound + step] = outputsOf[entry] &- block.shift
          counts[entry] += 1
          place += advance
        }
      }
      return lookups
    }
    if let index = found.compactMap(\.failed).first {
      let place = multipliers.places.place(of: index)
      var accumulator: Int64 = 0
      Layout.forEachRun(shape: block.shape) { cell, first, count in
        if first <= index, index < first + count {
          accumulator = accumulators[block.offset + cell + index - first]
        }
      }
      throw located(index, in: block.shape) { position in
        rule.error(accumulator, multipliers.values[place], layer: block.name, at: position)
      }
    }
    trace.outputs.replaceSubrange(block.offset..<block.offset + size, with: outputs)
    let start = table.starts[block.function]
    for lookups in found { trace.multiplicities.add(lookups.counts, from: start) }
  }

  /// The limbs of all rows, and their lookups.
  mutating func decompose() {
    let parameters = system.parameters
    let blocks = system.blocks.map { block in
      (block: block, multipliers: Multipliers(block, in: system, cells: cells))
    }
    let accumulators = trace.accumulators
    let half = Int64(1) << Int64(parameters.scaleBits - 1)
    let width = Int64(parameters.limbBits)
    for limb in 0..<parameters.limbs {
      let isLast = limb == parameters.limbs - 1
      let (shift, centre) = (width * Int64(limb), isLast ? Int64(1) << (width - 1) : 0)
      let counts = inParallel(over: &trace.limbs[limb], grain: Self.rows) { range, limbs in
        var all = [Int64](repeating: 0, count: 1 << parameters.limbBits)
        let acc = accumulators.span
        for (block, multipliers) in blocks {
          let rows = range.clamped(to: block.offset..<block.offset + 1 << block.bits)
          if rows.isEmpty { continue }
          let (m, advance) = (multipliers.values.span, multipliers.places.step)
          Layout.forEachRun(
            shape: block.shape, in: rows.lowerBound - block.offset..<rows.upperBound - block.offset
          ) { cell, index, count in
            var place = multipliers.places.place(of: index)
            var counts = all.mutableSpan
            for step in 0..<count {
              let row = block.offset + cell + step
              // The remainder is the last S bits of the product, centred; a word holds them.
              let bits = (acc[row] &* m[place] &+ half) & (2 &* half &- 1)
              let value = ((bits &- half) &>> shift &+ centre) & (1 << width - 1)
              limbs[row - range.lowerBound] = value &- centre
              counts[Int(value)] += 1
              place += advance
            }
          }
        }
        return all
      }
      for counts in counts { trace.multiplicities.add(counts, from: 1) }
    }
  }

  /// q of all rows, by a scheme that commits to it; each was looked up before.
  mutating func divide() {
    guard system.parameters.scheme.pairsLookups else { return }
    for block in system.blocks {
      let domain = system.functions[block.function].domain
      let rule = RowRule(block, domain, system.parameters)
      let multipliers = Multipliers(block, in: system, cells: cells)
      let (accumulators, size) = (trace.accumulators, 1 << block.bits)
      let (quotients, _) = inParallel(
        making: size, of: Int64(0), chunk: max(Self.rows, (size - 1) / availableThreads + 1)
      ) { range, quotients in
        let (acc, m) = (accumulators.span, multipliers.values.span)
        Layout.forEachRun(shape: block.shape, in: range) { cell, index, count in
          var place = multipliers.places.place(of: index)
          for step in 0..<count {
            if let entry = rule.entry(acc[block.offset + cell + step], m[place]) {
              quotients[cell - range.lowerBound + step] =
                domain.lowerBound &+ Int64(entry) &- block.shift
            }
            place += multipliers.places.step
          }
        }
      }
      trace.quotients.replaceSubrange(block.offset..<block.offset + size, with: quotients)
    }
  }
}

extension [Int64] {
  /// Adds counts to those from `start` on.
  fileprivate mutating func add(_ counts: [Int64], from start: Int) {
    for (entry, count) in counts.enumerated() where count != 0 { self[start + entry] += count }
  }
}
