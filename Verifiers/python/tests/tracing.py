"""Computes traces of small circuits, row by row (`docs/protocol/circuit.md#rows`)."""

from itertools import product

from tacit_verifier.circuit import View
from tacit_verifier.ties import cell_places


def value_of(function, x):
  """A function's value at an input (`docs/protocol/circuit.md#functions`)."""
  if function.segments is None:
    return function.outputs[x - function.lowest]
  for segment in function.segments:
    if segment.input <= x < segment.input + segment.count:
      return segment.output + segment.slope * (x - segment.input)
  raise ValueError(f"{x} is outside of a function's domain")


def clamped(function, x):
  """An input brought into a function's domain, so that dishonest rows can be made as well."""
  low, high = function.domain()
  return min(max(x, low), high)


def tuples(extents):
  """All values of labels, row-major."""
  return product(*map(range, extents))


class Trace:
  """The y and the remainders of all rows of a circuit (`docs/protocol/circuit.md#rows`)."""

  def __init__(self, circuit, model, given, integers=()):
    """The model is a list of cells, given a function from the place of a given block, and the trace so far, to its values."""
    self.circuit, self.model, self.integers = circuit, model, integers
    self.y = [0] * (1 << circuit.n)
    self.acc = [0] * (1 << circuit.n)
    self.q = [0] * (1 << circuit.n)
    self.multiplier = [0] * (1 << circuit.n)
    self.limbs = [[0] * (1 << circuit.n) for _ in range(circuit.limbs)]
    self.lookups = [(0, 0, 0)] * (1 << circuit.n)
    for place, block in enumerate(circuit.blocks):
      values = given(place, self)
      cells = cell_places(block.shape)
      if values is not None:
        for cell, value in zip(cells, values):
          self.y[block.offset + cell] = value
      for cell, labels in zip(cells, tuples(block.shape)):
        self.step(block, block.offset + cell, labels)

  def values(self, place):
    """The values of a block, row-major."""
    block = self.circuit.blocks[place]
    return [self.y[block.offset + cell] for cell in cell_places(block.shape)]

  def read(self, view, labels):
    """What a view reads (`docs/protocol/circuit.md#views`)."""
    source, place, coordinates = self.circuit.source_of(view), 0, []
    for window in view.windows:
      at = window.constant + sum(stride * labels[label] for label, stride in window.steps)
      coordinates.append(at if window.through is None else self.integers[window.through][at])
    for coordinate, extent in zip(coordinates, source.shape):
      if not 0 <= coordinate < extent:
        return 0
      place = (place << (extent - 1).bit_length()) + coordinate
    return (self.y if view.of_block else self.model)[source.offset + place]

  def sum(self, relation, labels):
    """The sum that a relation says (`docs/protocol/circuit.md#relations`)."""
    total = 0
    for term in relation:
      for summed in tuples(term.summed):
        value = term.coefficient
        for factor in term.factors:
          value *= self.read(factor, labels + summed)
        total += value
    return total

  def step(self, block, row, labels):
    """One row (`docs/protocol/circuit.md#rows`)."""
    circuit, function = self.circuit, self.circuit.functions[block.function]
    acc = self.sum(block.relation, labels)
    factor = self.read(block.multiplier, labels) if isinstance(block.multiplier, View) else block.multiplier
    q = (acc * factor + (1 << (circuit.scale_bits - 1))) >> circuit.scale_bits
    remainder = acc * factor - (q << circuit.scale_bits)
    x = clamped(function, q + block.shift)
    self.acc[row], self.multiplier[row], self.q[row] = acc, factor, x - block.shift
    self.y[row] = value_of(function, x) - block.shift
    self.lookups[row] = (2 + block.function, x, self.y[row] + block.shift)
    for j in range(circuit.limbs):
      limb = remainder >> (circuit.limb_bits * j)
      top = j == circuit.limbs - 1
      self.limbs[j][row] = limb if top else limb & ((1 << circuit.limb_bits) - 1)
