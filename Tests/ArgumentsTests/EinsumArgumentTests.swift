import Witness
import Arguments
import ConstraintSystem
import Field
import Polynomial
import TestSupport
import Testing

/// Functionals and contractions against their definition, label by label.
struct EinsumArgumentTests {
  /// Every view of a circuit with the extents of its labels.
  private func views(_ system: ConstraintSystem) -> [(view: TensorAccess, extents: [Int])] {
    system.blocks.flatMap { block in
      var views = block.relation.flatMap { term in
        term.factors.map { ($0, block.shape + term.summed) }
      }
      if case .tensor(let view) = block.multiplier { views.append((view, block.shape)) }
      return views
    }
  }

  @Test(arguments: Circuits.all.map(\.name))
  func `a view's functional is the sum over its labels`(name: String) throws {
    let circuit = try circuit(name)
    let (system, rows) = (circuit.system, try NaiveRows(circuit))
    var samples = Samples(seed: 5)
    for (view, extents) in views(system) {
      let weights = extents.map { samples.scalars($0) }
      let labels = LabelWeights(uniqueKeysWithValues: weights.enumerated().map { ($0, $1) })
      let coefficient = samples.scalar()
      let functional = system.functional(view, labels: labels, coefficient: coefficient)
      let variables = functional.column == .model ? system.modelBits : system.traceBits
      var expected = [Fr](repeating: .zero, count: 1 << variables)
      for position in NaiveRows.indices(extents) {
        guard let cell = rows.cell(view, labels: position) else { continue }
        expected[cell] += position.enumerated().reduce(coefficient) {
          $0 * weights[$1.offset][$1.element]
        }
      }
      guard case .tensor(let tensor) = functional.weights else {
        Issue.record("a view's functional is on a tensor")
        continue
      }
      var dense = [Fr](repeating: .zero, count: expected.count)
      tensor.add(to: &dense, scale: functional.coefficient)
      #expect(dense == expected)
      let point = samples.scalars(variables)
      #expect(
        functional.coefficient * tensor.evaluate(point[...])
          == inner(expected, Equality.table(point)))
    }
  }

  @Test(arguments: Circuits.all.map(\.name))
  func `contracted tables are sums over the labels of one factor`(name: String) throws {
    let circuit = try circuit(name)
    let (system, rows) = (circuit.system, try NaiveRows(circuit))
    let trace = try circuit.execute()
    let sources = ViewSources(outputs: trace.outputs, model: PackedIntegers(rows.cells))
    var samples = Samples(seed: 6)
    let point = samples.scalars(system.traceBits)
    let blocks = system.blocks.map { BlockWeights($0, at: point) }
    for term in EinsumArgument.terms(system, blocks: blocks).contracted {
      let last = samples.scalars(term.variables)
      let (first, second) = EinsumArgument.functionals(term, at: last, in: system)
      for (view, weights, factors, functional) in [
        (term.first, term.firstWeights, term.sharedWeights, first),
        (term.second, term.secondWeights, [:], second),
      ] {
        let table = Contraction.table(
          of: view, in: system, sources: sources, weights: weights, kept: term.kept,
          factors: factors)
        var expected = [Fr](repeating: .zero, count: 1 << term.variables)
        let summed = weights.keys.sorted()
        let labels = (term.kept.map(\.label) + summed)
        let extents = term.kept.map(\.extent) + summed.map { weights[$0]?.count ?? 0 }
        for position in NaiveRows.indices(extents) {
          var tuple = [Int](repeating: 0, count: 16)
          for (label, value) in zip(labels, position) { tuple[label] = value }
          guard let cell = rows.cell(view, labels: tuple) else { continue }
          let isBlock = if case .block = view.source { true } else { false }
          var value = Fr(isBlock ? trace.outputs[cell] : rows.cells[cell])
          for label in summed { value *= weights[label]?[tuple[label]] ?? .zero }
          for (label, weight) in factors { value *= weight[tuple[label]] }
          let place = zip(term.kept, position).reduce(0) { ($0 << $1.0.bits) + $1.1 }
          expected[place] += value
        }
        #expect(table.count <= expected.count)
        #expect(table + [Fr](repeating: .zero, count: expected.count - table.count) == expected)
        // And its value at a point is the functional that the verifier claims.
        let source = (isModel(view) ? rows.cells : trace.outputs).map { Fr($0) }
        var dense = [Fr](repeating: .zero, count: source.count)
        if case .tensor(let tensor) = functional.weights {
          tensor.add(to: &dense, scale: functional.coefficient)
        }
        #expect(inner(dense, source) == inner(expected, Equality.table(last)))
      }
    }
  }

  private func isModel(_ view: TensorAccess) -> Bool {
    if case .tensor = view.source { true } else { false }
  }

  @Test(arguments: Circuits.all.map(\.name))
  func `all terms together are the accumulators`(name: String) throws {
    try expectAccumulators(of: circuit(name))
  }

  @Test func `a label that neither factor reads counts once for each of its values`() throws {
    var circuit = Circuit(
      "spread", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 3)
    let identity = circuit.function(.identity(-128...127))
    let x = circuit.input("x", [3], function: identity, values: [2, -3, 5])
    let weights = circuit.tensor("w", [3], [4, 1, -2])
    circuit.output(
      circuit.block(
        "y", [5, 3], function: identity, circuit.one,
        [
          Term(factors: [TensorAccess(weights, [.label(1)]), TensorAccess(x, [.label(1)])]),
          Term(
            summed: [3],
            factors: [TensorAccess(weights, [.label(2)]), TensorAccess(x, [.label(2)])]),
        ]))
    circuit.place()
    try expectAccumulators(of: circuit)
  }

  private func expectAccumulators(of circuit: Circuit) throws {
    let (system, rows) = (circuit.system, try NaiveRows(circuit))
    let trace = try circuit.execute()
    let sources = ViewSources(outputs: trace.outputs, model: PackedIntegers(rows.cells))
    var samples = Samples(seed: 7)
    let point = samples.scalars(system.traceBits)
    let (constant, linear, contracted) = EinsumArgument.terms(
      system, blocks: system.blocks.map { BlockWeights($0, at: point) })
    var total = constant
    for functional in linear {
      let source = functional.column == .model ? rows.cells : trace.outputs
      var dense = [Fr](repeating: .zero, count: source.count)
      if case .tensor(let tensor) = functional.weights {
        tensor.add(to: &dense, scale: functional.coefficient)
      }
      total += inner(dense, source.map { Fr($0) })
    }
    for term in contracted {
      func table(_ view: TensorAccess, _ weights: LabelWeights, _ factors: LabelWeights) -> [Fr] {
        Contraction.table(
          of: view, in: system, sources: sources, weights: weights, kept: term.kept,
          factors: factors)
      }
      total +=
        term.coefficient
        * inner(
          table(term.first, term.firstWeights, term.sharedWeights),
          table(term.second, term.secondWeights, [:]))
    }
    let accumulators = trace.accumulators.map { Fr($0) }
    #expect(total == inner(accumulators, Equality.table(point)))
  }
}
