package import ConstraintSystem

/// `(acc·m + 2^(s−1)) >> s` per channel, what a row does by itself, with m in [0, 2^31). s may be 0
/// (no rounding: acc·m).
package struct FixedPoint: Sendable, Hashable {
  package var mantissas: [Int64]
  package var shifts: [Int]
  /// The axes of the block along which they vary, ascending; none for one value for all. Values
  /// stand row-major over them.
  package var axes: [Int]

  package init(mantissas: [Int64], shifts: [Int], axes: [Int]) {
    self.mantissas = mantissas
    self.shifts = shifts
    self.axes = axes
  }
  /// q = acc.
  package static let identity = FixedPoint(mantissas: [1], shifts: [0], axes: [])
}

/// The float32 steps that rows take, per channel: the compiler finds integers that do the same.
package struct FloatScaling: Sendable, Hashable {
  package var steps: [FloatStep]
  /// As `FixedPoint.axes`.
  package var axes: [Int]

  package init(steps: [FloatStep], axes: [Int]) {
    self.steps = steps
    self.axes = axes
  }
}

/// What takes rows from acc to q.
package enum Scaling: Sendable, Hashable {
  case fixed(FixedPoint)
  case float(FloatScaling)

  /// One step per cell of `axes`, row-major.
  package init(_ rescales: [Rescale], axes: [Int]) {
    var (fixed, floats) = (FixedPoint(mantissas: [], shifts: [], axes: axes), [FloatStep]())
    for rescale in rescales {
      switch rescale {
      case .integer(let mantissa, let shift):
        fixed.mantissas.append(mantissa)
        fixed.shifts.append(shift)
      case .float(let step): floats.append(step)
      }
    }
    if !floats.isEmpty {
      precondition(fixed.mantissas.isEmpty, "a layer's channels share one kind of step")
      self = .float(FloatScaling(steps: floats, axes: axes))
    } else if Set(rescales).count == 1 {
      self = .fixed(
        FixedPoint(mantissas: [fixed.mantissas[0]], shifts: [fixed.shifts[0]], axes: []))
    } else {
      self = .fixed(fixed)
    }
  }

  /// One step for all cells.
  package init(_ rescale: Rescale) { self.init([rescale], axes: []) }
}

/// What a row does with its rounded quotient q.
package enum Activation: Sendable, Hashable {
  /// y = q; the compiler proves that q fits.
  case identity
  /// y = min(max(q, lower), upper).
  case clamp(ClosedRange<Int64>)
  /// y = values[clamp(q, lowest, lowest + count − 1) − lowest].
  case lookup(name: String, lowest: Int64, values: [Int16])
}

/// What an operator says of itself to become rows and relations. The compiler implements it; an
/// operator knows nothing of parameters, tables or layout.
package protocol CircuitBuilder {
  /// Places a constant of the model for a layer; small types where the values fit.
  mutating func tensor(
    _ layer: String, as role: TensorRole, shape: [Int], type: ModelTensor.StoredType,
    values: [Int64]
  ) -> TensorView

  /// Adds one row per cell of `shape` to a layer: acc = Σ terms, q = scaling(acc), y = activation(q).
  ///
  /// - Parameter role: nil for the layer's own values, which end in a clamp or a look-up.
  mutating func block(
    _ layer: String, as role: BlockRole?, shape: [Int], relation: [Term], scaling: Scaling,
    activation: Activation
  ) -> TensorView

  /// Adds rows of a gadget, which get their relation when it is declared.
  ///
  /// - Returns: the number of their block.
  mutating func rows(
    _ layer: String, as role: BlockRole?, shape: [Int], of kind: GadgetRows
  ) -> Int

  /// States the quotients of a block, of which a lemma says more than the intervals of its sums do. Where it
  /// is false there are inputs without a proof, and no other harm.
  mutating func bound(_ wire: TensorView, quotients: ClosedRange<Int64>)

  /// Takes up a gadget whose blocks there are, and gives them their relations.
  mutating func declare(_ gadget: Gadget)
}

extension CircuitBuilder {
  /// A layer's own values.
  package mutating func block(
    _ layer: String, shape: [Int], relation: [Term], scaling: Scaling, activation: Activation
  ) -> TensorView {
    block(
      layer, as: nil, shape: shape, relation: relation, scaling: scaling, activation: activation)
  }

  /// q = round(acc · multiplier).
  package mutating func block(
    _ layer: String, as role: BlockRole? = nil, shape: [Int], relation: [Term],
    multiplier: FixedPoint, activation: Activation
  ) -> TensorView {
    block(
      layer, as: role, shape: shape, relation: relation, scaling: .fixed(multiplier),
      activation: activation)
  }
}

// MARK: - Reading wires

/// A wire as a term's factor: one window for each of its axes, over labels of the block and summed ones.
package struct Reading: Sendable, Hashable {
  package var wire: TensorView
  package var windows: [AffineIndex]

  package init(_ wire: TensorView, _ windows: [AffineIndex]) {
    self.wire = wire
    self.windows = windows
  }

  /// The wire at the labels of the same number: elementwise.
  package static func inPlace(_ wire: TensorView) -> Reading { Reading(wire, wire.inPlace) }
}

extension CircuitBuilder {
  /// `coefficient · Σ_summed Π readings` over a block of extents `shape`: one term for each choice of the
  /// readings' parts. Coordinates outside a wire's extents read zero; a wire of which that is not true
  /// by itself becomes rows first.
  ///
  /// - Parameter readings: one or two.
  package mutating func terms(
    _ coefficient: Int64 = 1, over shape: [Int], summed: [Int] = [], _ readings: Reading...,
    named name: String
  ) -> [Term] {
    var result = [Term(coefficient: coefficient, summed: summed, factors: [])]
    for reading in readings {
      let parts = parts(reading, extents: shape + summed, named: name)
      result = result.flatMap { term in
        parts.map { part in
          Term(
            coefficient: term.coefficient * part.coefficient, summed: summed,
            factors: term.factors + [part.view])
        }
      }
    }
    return result.map { $0.withoutIdleSums(over: shape.count) }
  }

  /// The sum of multiples of readings.
  package mutating func multiples(
    _ multipliers: [Int64], of readings: [Reading], over shape: [Int], named name: String
  ) -> [Term] {
    var relation: [Term] = []
    for (multiplier, reading) in zip(multipliers, readings) {
      relation += terms(multiplier, over: shape, reading, named: name)
    }
    return relation
  }

  /// The wire whose value at its labels is another's at the windows, zero outside its extents.
  package mutating func view(
    _ wire: TensorView, through windows: [AffineIndex], shape: [Int], named name: String
  ) -> TensorView {
    TensorView(shape: shape, parts: parts(Reading(wire, windows), extents: shape, named: name))
  }

  /// The wires one after another along an axis.
  package mutating func concatenated(
    _ wires: [TensorView], axis: Int, named name: String
  ) -> TensorView {
    guard var shape = wires.first?.shape else { return TensorView(shape: [0], parts: []) }
    shape[axis] = wires.reduce(0) { $0 + $1.shape[axis] }
    var (parts, start) = ([TensorView.Part](), 0)
    for wire in wires {
      var windows = wire.inPlace
      windows[axis].constant = -start
      parts += view(wire, through: windows, shape: shape, named: name).parts
      start += wire.shape[axis]
    }
    return TensorView(shape: shape, parts: parts)
  }

  /// The wire as rows of its own; as it is where it is all of a block or of a tensor.
  ///
  /// - Parameter role: nil where the rows are an output of the network, by its name.
  package mutating func materialized(
    _ wire: TensorView, named name: String, as role: BlockRole? = nil
  ) -> TensorView {
    if wire.source != nil { return wire }
    let terms = wire.parts.map { Term(coefficient: $0.coefficient, factors: [$0.view]) }
    return block(
      name, as: role, shape: wire.shape, relation: terms, multiplier: .identity,
      activation: .identity)
  }

  private mutating func parts(
    _ reading: Reading, extents: [Int], named name: String
  ) -> [TensorView.Part] {
    if let parts = reading.wire.parts(through: reading.windows, extents: extents) { return parts }
    let rows = materialized(reading.wire, named: name, as: .copy)
    // A whole source reads zero beyond its extents.
    return rows.parts(through: reading.windows, extents: extents) ?? []
  }
}

extension Term {
  /// The same term without sums over labels that no factor reads, as those of an axis of extent 1 are that a
  /// reshape has made: each of them only multiplies it.
  ///
  /// - Parameter rank: of the block.
  fileprivate func withoutIdleSums(over rank: Int) -> Term {
    let read = Set(factors.flatMap(\.labels))
    guard summed.indices.contains(where: { !read.contains(rank + $0) }) else { return self }
    var result = Term(coefficient: coefficient, factors: factors)
    // Where the labels that are left have gone.
    var places: [Int: Int] = [:]
    for (place, extent) in summed.enumerated() {
      if read.contains(rank + place) {
        places[rank + place] = rank + result.summed.count
        result.summed.append(extent)
      } else {
        result.coefficient *= Int64(extent)
      }
    }
    for factor in result.factors.indices {
      for window in result.factors[factor].windows.indices {
        result.factors[factor].windows[window].steps = factors[factor].windows[window].steps.map {
          AffineIndex.Step(label: places[$0.label] ?? $0.label, stride: $0.stride)
        }
      }
    }
    return result
  }
}
