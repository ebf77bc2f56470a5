"""Small circuits with inputs, one for each feature of `docs/protocol/circuit.md` and of `docs/protocol/gadgets.md`."""

import random
from dataclasses import dataclass, field, replace
from math import isqrt, prod

from tacit_verifier import gadgets
from tacit_verifier.circuit import (
  BIT, COMMITTED, FLOAT32, INT16, INT32, INT64, INT8, ONE_HOT, PRIVATE, PUBLIC, SIGN, Block, Circuit, Function, Padding, Port, Segment,
  Tensor, Term, View, Window, itself, used)
from tacit_verifier.field import bits
from tacit_verifier.schemes import SRS
from tacit_verifier.ties import cell_places

from .tracing import tuples


def plain(*windows):
  """Windows, a number standing for the one of that label."""
  return tuple(w if isinstance(w, Window) else Window(((w, 1),)) for w in windows)


def of_block(source, *windows):
  """A view of a block."""
  return View(True, source, plain(*windows))


def of_tensor(source, *windows):
  """A view of a tensor of the model."""
  return View(False, source, plain(*windows))


def one(view, coefficient=1):
  """A term of one factor and no summed label."""
  return Term(coefficient, (), (view,))


def constant(value):
  """A term without a factor."""
  return Term(value, (), ())


def identity(low, high):
  """The identity on a range."""
  return Function((Segment(low, high - low + 1, low, 1),))


def clamp(low, high, reach):
  """A clamp to a range, of inputs that reach so far beyond it."""
  below, above = Segment(low - reach, reach, low, 0), Segment(high + 1, reach, high, 0)
  return Function((below, Segment(low, high - low + 1, low, 1), above))


def single(value):
  """A function of one input, for checks."""
  return Function((Segment(value, 1, value, 1),))


def port(blocks, shape, visibility=PUBLIC, kind=INT8, zero_point=0, name="x"):
  """A port."""
  return Port(name, tuple(blocks), visibility, tuple(shape), kind, 0.5, zero_point)


@dataclass
class Sample:
  """A circuit, its model and a way to its given blocks, inference by inference."""
  circuit: Circuit
  inputs: dict
  advice: dict = field(default_factory=dict)
  indices: dict = field(default_factory=dict)
  counts: dict = field(default_factory=dict)
  seed: int = 1

  def model(self):
    """Cells of the model within their stored types, 0 elsewhere."""
    rng, cells = random.Random(self.seed), [0] * (1 << bits(used(self.circuit.tensors)) if self.circuit.tensors else 1)
    for tensor in self.circuit.tensors:
      for number, cell in enumerate(cell_places(tensor.shape)):
        cells[tensor.offset + cell] = some_value(tensor, number, rng)
    return cells

  def given(self, inferences):
    """The values of a given block of all inferences, from its place and the trace so far."""

    def values(place, trace):
      if place in self.inputs:
        return self.padded(place, self.inputs[place], inferences)
      return self.advice[place](trace) if place in self.advice else None

    return values

  def numbers(self, inferences):
    """The integers of inputs without blocks."""
    return {number: [v for count in self.listed(number, inferences) for v in behind(self.circuit.inputs[number], values, count, None)]
            for number, values in self.indices.items()}

  def told(self, inferences):
    """The counts of padded ports, by their numbers."""
    return {number: counts[:inferences] for number, counts in self.counts.items()}

  def listed(self, number, inferences):
    """The counts of a port, `None` where it is not padded."""
    return self.told(inferences).get(number, [None] * inferences)

  def padded(self, place, values, inferences):
    """The values of an input's block of all inferences, with the port's padding behind the counts."""
    number = next(i for i, port in enumerate(self.circuit.inputs) if place in port.blocks)
    port = self.circuit.inputs[number]
    limbs = list(self.circuit.limb_values(port, [port.padding.value])) if port.padding else None
    limb = limbs[port.blocks.index(place)][0] if limbs else None
    return [v for count in self.listed(number, inferences) for v in behind(port, values, count, limb)]


def some_value(tensor, number, rng):
  """A value of a tensor's stored type for its cell of that number."""
  if tensor.stored == ONE_HOT:
    return int(number % tensor.shape[-1] == 0) if tensor.shape else 1
  if tensor.stored in (BIT, SIGN):
    bit = rng.randint(0, 1)
    return bit if tensor.stored == BIT else 2 * bit - 1
  return rng.randint(-30, 30)


def behind(port, values, count, limb):
  """The values of one inference, with a limb of the padding, or all of it, behind the count."""
  if count is None:
    return values
  inner, extent = prod(port.shape[port.padding.axis + 1:]), port.shape[port.padding.axis]
  padding = port.padding.value if limb is None else limb
  return [v if i // inner % extent < count else padding for i, v in enumerate(values)]


class Layout:
  """Puts blocks and tensors one behind another."""

  def __init__(self, scale_bits):
    self.scale_bits, self.blocks, self.tensors, self.rows, self.cells = scale_bits, [], [], 0, 0

  def at(self, end, shape):
    size = len(cell_places(shape)) and 1 << sum(map(bits, shape))
    return -(-end // size) * size, -(-end // size) * size + size

  def tensor(self, *shape, stored=1):
    """Adds a tensor and gives its place."""
    offset, self.cells = self.at(self.cells, shape)
    self.tensors.append(Tensor(tuple(shape), offset, stored))
    return len(self.tensors) - 1

  def block(self, shape, function, relation, shift=0, multiplier=None):
    """Adds a block and gives its place; y = acc where no multiplier is given."""
    offset, self.rows = self.at(self.rows, shape)
    multiplier = 1 << self.scale_bits if multiplier is None else multiplier
    self.blocks.append(Block(tuple(shape), offset, function, shift, multiplier, tuple(relation)))
    return len(self.blocks) - 1

  def given(self, shape, function):
    """Adds a given block."""
    return self.block(shape, function, itself(len(self.blocks), tuple(shape)))

  def circuit(self, functions, inputs, outputs, limbs=2, limb_bits=4, quotient_bits=9, row_bits=5, declared=()):
    """The circuit."""
    return Circuit(limbs, limb_bits, quotient_bits, row_bits, tuple(functions), tuple(self.tensors), tuple(self.blocks), tuple(declared),
                   tuple(inputs), tuple(outputs), tuple(() for _ in outputs))


INPUT = [-9, -30, 112, 115]


def dense(**options):
  """Four numbers in, three out, (W·x + bias + 7) / 2^8."""
  at = Layout(8)
  weights, bias, x = at.tensor(3, 4), at.tensor(3, stored=4), at.given((4,), 0)
  product = Term(1, (4,), (of_block(x, 1), of_tensor(weights, 0, 1)))
  y = at.block((3,), 0, (product, one(of_tensor(bias, 0)), constant(7)), multiplier=1)
  circuit = at.circuit((identity(-128, 127),), (port((x,), (4,)),), (port((y,), (3,)),), **options)
  return Sample(circuit, {x: INPUT})


def scaled():
  """A multiplier for each channel, a clamp given by segments and one by values, and a shift."""
  at = Layout(12)
  weights, scale, x = at.tensor(3, 4), at.tensor(3, stored=2), at.given((4,), 0)
  product = Term(3, (4,), (of_tensor(weights, 0, 1), of_block(x, 1)))
  y = at.block((3,), 1, (product,), shift=5, multiplier=of_tensor(scale, 0))
  z = at.block((3, 1), 2, (one(of_block(y, 0), 2), constant(-1)))
  square = Function(None, -256, tuple(v * v % 97 - 40 for v in range(-256, 256)))
  functions = (identity(-128, 127), clamp(-100, 100, 150), square)
  outputs = (port((y,), (3,), name="y"), port((z,), (3, 1), name="z"))
  return Sample(at.circuit(functions, (port((x,), (1, 4)),), outputs, limb_bits=6), {x: INPUT})


def visible(inputs, outputs):
  """A dense layer whose ports are shown as is said."""
  sample = dense(row_bits=2)
  circuit = sample.circuit
  return replace(sample, circuit=replace(
    circuit, inputs=(circuit.inputs[0]._replace(visibility=inputs),), outputs=(circuit.outputs[0]._replace(visibility=outputs),)))


def convolution():
  """A convolution with padding, strides, dilation and steps on one axis, and gaps in both spaces."""
  at = Layout(8)
  kernel, x = at.tensor(2, 3), at.given((2, 5), 0)
  at.rows, at.cells = 24, 16
  bias = at.tensor(2, stored=2)
  read = of_block(x, 2, Window(((1, 2), (3, 1)), -1))
  y = at.block((2, 3), 0, (Term(1, (2, 3), (of_tensor(kernel, 0, 3), read)), one(of_tensor(bias, 0))), multiplier=2)
  z = at.block((3,), 0, (Term(-1, (2,), (of_block(y, 1, Window(((0, -1),), 2)),)),), multiplier=64)
  sample = at.circuit((identity(-128, 127),), (port((x,), (1, 10)),), (port((z,), (3,)),))
  return Sample(sample, {x: [5, -17, 99, 4, -128, 127, 1, 0, -3, 42]})


def squares():
  """A product of two activations and one of a block with itself; three pairs of several sizes."""
  at = Layout(8)
  x, other = at.given((2, 3), 0), at.given((3,), 0)
  y = at.block((2, 2), 0, (
    Term(1, (3,), (of_block(x, 0, 2), of_block(x, 1, 2))), Term(2, (), (of_block(other, 0), of_block(x, 0, 1))),
    Term(-1, (3,), (of_block(other, 2), of_block(other, Window(((2, -1),), 2))))), multiplier=3)
  inputs = (port((x,), (6,), name="x"), port((other,), (3,), PRIVATE, name="o"))
  return Sample(at.circuit((identity(-128, 127),), inputs, (port((y,), (2, 2)),)), {x: [1, 2, -3, 10, 20, 33], other: [7, -8, 9]})


def limbs(visibility=PUBLIC):
  """Integers of 12 bits in, of 17 bits out, both in two limbs."""
  at = Layout(8)
  low, high = at.given((16,), 1), at.given((16,), 0)
  weights = at.tensor(16)
  total = [Term(v, (), (of_block(block, 0), of_tensor(weights, 0))) for v, block in ((1, low), (256, high))]
  top = at.block((16,), 2, total + [constant(-128)], multiplier=1)
  rest = at.block((16,), 1, total + [one(of_block(top, 0), -256)])
  inputs = (port((low, high), (16,), visibility, INT16, 3),)
  outputs = (port((rest, top), (4, 4), visibility, INT32, -1000),)
  circuit = at.circuit((identity(-8, 7), identity(0, 255), identity(-256, 255)), inputs, outputs, quotient_bits=10, row_bits=4)
  return Sample(circuit, {low: [0, 255, 17, 128] * 4, high: list(range(-8, 8))})


def floats():
  """Patterns of floats in four limbs, as they are."""
  at = Layout(8)
  parts = [at.given((4,), number) for number in range(4)]
  copies = [at.block((4,), number, (one(of_block(part, 0)),)) for number, part in enumerate(parts)]
  functions = (identity(0, 4095), identity(0, 2047), identity(0, 255), identity(-1, 0))
  ports = [Port("", tuple(blocks), PUBLIC, (4,), FLOAT32, 1.0, 0) for blocks in (parts, copies)]
  circuit = at.circuit(functions, ports[:1], ports[1:], quotient_bits=14)
  # 1.5, −0, the least subnormal and the largest number below 0.
  low, middle, exponent, sign = (0, 0, 1, 4095), (1024, 0, 0, 2047), (127, 0, 0, 254), (0, -1, 0, -1)
  return Sample(circuit, dict(zip(parts, map(list, (low, middle, exponent, sign)))))


def embedding():
  """Rows of a table and of a block, at places that are inputs."""
  at = Layout(8)
  table, x = at.tensor(5, 3), at.given((4,), 0)
  y = at.block((2, 3), 0, (one(of_tensor(table, Window(((0, 1),), 0, 0), 1)), one(of_block(x, Window(((0, 2),), 1, 2)), 2)))
  inputs = (Port("ids", (), PUBLIC, (2,), INT64, 1.0, 0), port((x,), (4,)), Port("at", (), PUBLIC, (1, 4), INT32, 1.0, 0))
  circuit = at.circuit((identity(-128, 127),), inputs, (port((y,), (2, 3)),))
  return Sample(circuit, {x: [10, 20, -30, 40]}, indices={0: [4, 2], 2: [0, 3, 1, 2]})


def pairs_of_indices():
  """Cells of a table at two places that are inputs, and of a block."""
  at = Layout(8)
  table, x = at.tensor(5, 3), at.given((4, 3), 0)
  windows = (Window(((0, 1),), 0, 0), Window(((1, -1),), 1, 1))
  y = at.block((2, 2), 0, (one(of_tensor(table, *windows)), one(of_block(x, *windows), 2)))
  inputs = (Port("rows", (), PUBLIC, (2,), INT64, 1.0, 0), Port("columns", (), PUBLIC, (2,), INT8, 1.0, 0), port((x,), (4, 3)))
  circuit = at.circuit((identity(-128, 127),), inputs, (port((y,), (2, 2)),))
  return Sample(circuit, {x: list(range(-30, 30, 5))}, indices={0: [3, 1], 1: [2, 0]})


def levels():
  """A table that is smaller than the trace, so that fractions have levels."""
  at = Layout(4)
  x = at.given((5, 6), 0)
  y = at.block((5, 6), 0, (one(of_block(x, 0, Window(((1, -1),), 5)), -1), constant(-1)))
  circuit = at.circuit((identity(-4, 3),), (port((x,), (5, 6), PRIVATE),), (port((y,), (30,)),), limbs=2, limb_bits=2, quotient_bits=3)
  return Sample(circuit, {x: [v % 8 - 4 for v in range(30)]})


def narrow(count):
  """So many limbs of two bits."""
  at = Layout(2 * count)
  x = at.given((4,), 0)
  y = at.block((4,), 0, (one(of_block(x, 0), 3), constant(1)), multiplier=(1 << (2 * count)) // 4)
  circuit = at.circuit((identity(-8, 7),), (port((x,), (4,)),), (port((y,), (4,)),), limbs=count, limb_bits=2, quotient_bits=4)
  return Sample(circuit, {x: [-8, 7, 0, 3]})


def public_words():
  """Ports of several axes whose cells fill several words, and one without axes."""
  at = Layout(4)
  x, y = at.given((3, 2, 11), 0), at.given((), 0)
  z = at.block((), 0, (Term(1, (3,), (of_block(x, 0, Window((), 1), Window((), 7)),)), one(of_block(y))), multiplier=4)
  inputs = (port((x,), (66,)), port((y,), ()))
  circuit = at.circuit((identity(-128, 127),), inputs, (port((z,), (1, 1)),), limb_bits=2)
  return Sample(circuit, {x: [v * 37 % 256 - 128 for v in range(66)], y: [-77]})


def state():
  """A committed tensor that becomes another of the same kind, beside a number that is told of it."""
  at = Layout(4)
  x = at.given((4,), 0)
  y = at.block((4,), 0, (one(of_block(x, 0), 3), constant(20)), multiplier=4)
  z = at.block((1,), 0, (Term(1, (4,), (of_block(y, 1),)),), multiplier=4)
  inputs, outputs = (port((x,), (4,), COMMITTED, name="before"),), (port((y,), (1, 4), COMMITTED, name="after"), port((z,), (1,), name="sum"))
  circuit = at.circuit((identity(-128, 127),), inputs, outputs, limb_bits=2, row_bits=2)
  return Sample(circuit, {x: [0, 0, 0, 0]})


def stored_types():
  """A tensor of each stored type."""
  at = Layout(8)
  for stored, shape in ((1, (2, 3)), (2, (3,)), (4, (2,)), (8, (5,)), (BIT, (3,)), (SIGN, (2, 2)), (ONE_HOT, (2, 3)), (ONE_HOT, ())):
    at.tensor(*shape, stored=stored)
  x = at.given((4,), 0)
  y = at.block((4,), 0, (one(of_block(x, 0)),))
  return Sample(at.circuit((identity(-128, 127),), (port((x,), (4,)),), (port((y,), (4,)),)), {x: INPUT})


def without_model(visibility=COMMITTED):
  """A circuit without any tensor: what goes in comes out."""
  at = Layout(4)
  x = at.given((4,), 0)
  circuit = at.circuit((identity(-128, 127),), (port((x,), (4,)),), (port((x,), (2, 2), PUBLIC),), limb_bits=2)
  return Sample(circuit, {x: INPUT})


def gadget_blocks(at, gadget, functions, circuit_options, inputs, outputs):
  """A circuit whose gadget's blocks have the relations that its declaration makes."""
  draft = at.circuit(functions, inputs, outputs, declared=(gadget,), **circuit_options)
  blocks = list(draft.blocks)
  for part in gadget.parts(draft):
    if part.relation is not None:
      blocks[part.block] = blocks[part.block]._replace(relation=tuple(part.relation))
  return replace(draft, blocks=tuple(blocks))


def quotient():
  """⌊(x·y + 100) / (x + 20)⌋ in two limbs, of positive numbers."""
  at = Layout(12)
  x, y = at.given((3,), 1), at.given((3,), 1)
  numerator = (Term(1, (), (of_block(x, 0), of_block(y, 0))), constant(100))
  denominator = (one(of_block(x, 0)), constant(20))
  low, high = at.given((3,), 2), at.given((3,), 2)
  over = at.block((3,), 0, (constant(1),), multiplier=1 << 4)
  under = at.block((3,), 0, (constant(1),), multiplier=1 << 3)
  z = at.block((3,), 3, (one(of_block(low, 0)), one(of_block(high, 0), 16)))
  declared = gadgets.Quotient(numerator, denominator, (low, high), gadgets.WidthCheck(over, 8), gadgets.WidthCheck(under, 9))
  functions = (single(0), identity(0, 127), identity(0, 15), identity(0, 255))
  options = {"limbs": 3, "quotient_bits": 10}
  circuit = gadget_blocks(at, declared, functions, options, (port((x,), (3,)), port((y,), (3,))), (port((z,), (3,), kind=INT16),))

  def limb(shift):
    def values(trace):
      pairs = zip(trace.values(x), trace.values(y))
      return [(a * b + 100) // (a + 20) >> shift & 15 for a, b in pairs]
    return values

  return Sample(circuit, {x: [0, 127, 5], y: [9, 127, 77]}, {low: limb(0), high: limb(4)})


def root():
  """⌊√(Σ x²)⌋ over an axis, in two limbs."""
  at = Layout(12)
  x = at.given((2, 3), 1)
  radicand = (Term(1, (3,), (of_block(x, 0, 1), of_block(x, 0, 1))),)
  low, high = at.given((2,), 2), at.given((2,), 2)
  over = at.block((2,), 0, (constant(1),), multiplier=1 << 2)
  under = at.block((2,), 0, (constant(1),), multiplier=1 << 2)
  z = at.block((2,), 3, (one(of_block(low, 0)), one(of_block(high, 0), 16)))
  declared = gadgets.SquareRoot(radicand, (low, high), gadgets.WidthCheck(over, 10), gadgets.WidthCheck(under, 10))
  functions = (single(0), identity(-128, 127), identity(0, 15), identity(0, 255))
  circuit = gadget_blocks(at, declared, functions, {"limbs": 3, "quotient_bits": 9}, (port((x,), (2, 3)),), (port((z,), (2,), kind=INT16),))

  def limb(shift):
    def values(trace):
      cells = trace.values(x)
      return [isqrt(sum(v * v for v in cells[i:i + 3])) >> shift & 15 for i in range(0, len(cells), 3)]
    return values

  return Sample(circuit, {x: [3, -4, 12, 100, -100, 17]}, {low: limb(0), high: limb(4)})


def maximum(masked=False, natural=False, length=5):
  """The largest of five numbers, or of those that a mask allows, by a pointer into two rows of three."""
  at = Layout(12)
  x = at.given((2, length), 1)
  mask = at.given((length,), 2) if masked else None
  rows, columns = 2, 3
  u, v = at.given((2, rows), 2), at.given((2, columns), 2)
  t, m = at.block((2, rows), 3, (constant(1),)), at.block((2,), 3, (constant(1),))
  sums = at.block((2, rows), 3, (constant(1),)) if masked else None
  row, column = at.block((2,), 0, (constant(1),)), at.block((2,), 0, (constant(1),))
  beyond = at.block((2,), 0, (constant(1),)) if rows * columns > length else None
  check = at.block((2,), 0, (constant(1),)) if masked else None
  bound = at.block((2, length), 4 if natural else 0, (constant(1),), multiplier=1 << 12 if natural else 1 << 3)
  terms = (one(of_block(x, 0, 1)), constant(3))
  declared = gadgets.Maximum(
    terms, gadgets.Mask((one(of_block(mask, 1)),), sums, check) if masked else None, u, v, t, m, row, column, beyond,
    bound if natural else gadgets.WidthCheck(bound, 9))
  functions = (single(0), identity(-128, 127), identity(0, 1), identity(-255, 255), identity(0, 255))
  inputs = (port((x,), (2, length)),) + ((port((mask,), (length,)),) if masked else ())
  circuit = gadget_blocks(at, declared, functions, {"limbs": 3, "quotient_bits": 9}, inputs, (port((m,), (2,), kind=INT16),))

  def pointer(pick, count):
    def values(trace):
      cells, found = trace.values(x), []
      allowed = trace.values(mask) * 2 if masked else [1] * len(cells)
      for i in range(0, len(cells), length):
        best = max((j for j in range(length) if allowed[i % len(allowed) + j]), key=lambda j: cells[i + j])
        found += [int(pick(best) == j) for j in range(count)]
      return found
    return values

  given = {x: [9, -3, 40, 40, 7, -5, -6, -7, -8, 100, 2, 1][:2 * length]}
  given.update({mask: [1, 1, 0, 1, 0, 1][:length]} if masked else {})
  return Sample(circuit, given, {u: pointer(lambda j: j // columns, rows), v: pointer(lambda j: j % columns, columns)})


def first_maximum(length=4):
  """The place of the first largest of several numbers."""
  at = Layout(12)
  x = at.given((2, length), 1)
  places = at.given((2, length), 2)
  total = at.block((2,), 0, (constant(1),))
  bound = at.block((2, length), 0, (constant(1),), multiplier=1 << 3)
  terms = (one(of_block(x, 0, 1), 1),)
  declared = gadgets.FirstMaximum(terms, places, total, gadgets.WidthCheck(bound, 9))
  functions = (single(0), identity(-128, 127), identity(0, 1))
  circuit = gadget_blocks(at, declared, functions, {"limbs": 3, "quotient_bits": 9}, (port((x,), (2, length)),), (port((places,), (2, length)),))

  def pointer(trace):
    cells, found = trace.values(x), []
    for i in range(0, len(cells), length):
      row = cells[i:i + length]
      found += [int(row.index(max(row)) == j) for j in range(length)]
    return found

  return Sample(circuit, {x: [3, 9, 9, -1, 0, 0, 0, 0][:2 * length]}, {places: pointer})


def padded(inputs=PUBLIC, outputs=PUBLIC):
  """Ports that are padded along their last axis: one with a leading 1, one with more axes, two of one axis; the second is full at first."""
  at = Layout(4)
  x, o = at.given((2, 4), 0), at.given((4,), 0)
  y = at.block((2, 4), 1, (one(of_block(x, 0, 1), 3), constant(-1)))
  z = at.block((4,), 1, (Term(1, (2,), (of_block(x, 1, 0),)), one(of_block(o, 0))))
  ports = (port((x,), (1, 2, 4), inputs, zero_point=3)._replace(padding=Padding(2, 5)),
           port((o,), (4,), min(inputs, PRIVATE), name="o")._replace(padding=Padding(0, 0)))
  shown = (port((y,), (2, 4), outputs, zero_point=-1, name="y")._replace(padding=Padding(1, 4)),
           port((z,), (1, 4), min(outputs, PRIVATE), name="z")._replace(padding=Padding(1, 4)))
  circuit = at.circuit((identity(-8, 7), identity(-32, 31)), ports, shown, limb_bits=2, row_bits=3, quotient_bits=6)
  counts = {0: [3, 4, 0], 1: [4, 4, 1], 2: [3, 4, 1], 3: [4, 4, 1]}
  return Sample(circuit, {x: [1, -2, 7, 4, 0, 5, -8, 6], o: [-3, 7, -8, 1]}, counts=counts)


def padded_limbs(inputs=PRIVATE, outputs=PUBLIC):
  """Padded ports of two limbs: integers of 12 bits in, three times them out; the first have the padding's low limb, the next its high one."""
  at = Layout(8)
  low, high = at.given((4, 2), 1), at.given((4, 2), 0)
  total = [Term(v, (), (of_block(block, 0, 1),)) for v, block in ((3, low), (768, high))]
  top = at.block((4, 2), 2, total + [constant(-128)], multiplier=1)
  rest = at.block((4, 2), 1, total + [one(of_block(top, 0, 1), -256)])
  ports = (port((low, high), (4, 2), inputs, INT16, 3)._replace(padding=Padding(0, -301)),)
  shown = (port((rest, top), (1, 4, 2), outputs, INT32, -1000)._replace(padding=Padding(1, -1912)),)
  functions = (identity(-8, 7), identity(0, 255), identity(-256, 255))
  circuit = at.circuit(functions, ports, shown, quotient_bits=10, row_bits=3)
  return Sample(circuit, {low: [208, 208, 17, 128, 0, 255, 99, 1], high: [-4, 7, -2, -2, -8, 0, 1, 2]}, counts={0: [1, 0, 2], 1: [2, 1, 4]})


def padded_indices():
  """Rows of a table at padded places, and cells of a block at places that have a block of their own."""
  at = Layout(8)
  table, x, i = at.tensor(5, 3), at.given((4,), 0), at.given((4,), 1)
  windows = (Window(((0, 1),), 0, 0), Window(((1, 1),)))
  y = at.block((4, 3), 0, (one(of_tensor(table, *windows)), one(of_block(x, Window(((0, 1),), 0, 2)))))
  inputs = (Port("ids", (), PUBLIC, (1, 4), INT64, 1.0, 0, Padding(1, 4)), port((x,), (4,)),
            port((i,), (4,), name="at")._replace(padding=Padding(0, 3)))
  circuit = at.circuit((identity(-128, 127), identity(0, 3)), inputs, (port((y,), (4, 3)),))
  return Sample(circuit, {x: [10, 20, -30, 40], i: [1, 0, 2, 2]}, indices={0: [0, 3, 1, 2]}, counts={0: [2, 4, 0], 2: [4, 1, 3]})


def for_chains(sample):
  """The same circuit by the scheme `srs` (`docs/protocol/scheme-srs.md`)."""
  return replace(sample, circuit=replace(sample.circuit, scheme=SRS))


ALL = {
  "dense": dense, "scaled": scaled, "private": lambda: visible(PRIVATE, PUBLIC), "hidden-output": lambda: visible(PUBLIC, PRIVATE),
  "committed": lambda: visible(COMMITTED, PUBLIC), "both-committed": lambda: visible(COMMITTED, COMMITTED), "convolution": convolution,
  "squares": squares, "limbs": limbs, "committed-limbs": lambda: limbs(COMMITTED), "floats": floats, "embedding": embedding, "pairs-of-indices": pairs_of_indices, "levels": levels,
  "one-limb": lambda: narrow(1), "two-limbs": lambda: narrow(2), "six-limbs": lambda: narrow(6), "public-words": public_words,
  "without-model": without_model, "state": state, "quotient": quotient, "root": root, "maximum": maximum, "masked-maximum": lambda: maximum(masked=True),
  "natural-maximum": lambda: maximum(natural=True), "full-maximum": lambda: maximum(masked=True, natural=True, length=6),
  "first-maximum": first_maximum, "first-of-one": lambda: first_maximum(1),
  "padded": padded, "padded-private": lambda: padded(PRIVATE, PUBLIC), "padded-hidden": lambda: padded(PRIVATE, PRIVATE),
  "padded-committed": lambda: padded(COMMITTED, COMMITTED), "padded-limbs": padded_limbs,
  "padded-committed-limbs": lambda: padded_limbs(COMMITTED, COMMITTED), "padded-indices": padded_indices,
}
CHAINS = {f"srs-{name}": lambda name=name: for_chains(ALL[name]()) for name in (
  "dense", "embedding", "quotient", "both-committed", "padded-hidden", "floats", "levels", "convolution")}
for count, name in ((1, "one"), (3, "three"), (4, "four"), (5, "five")):
  CHAINS[f"srs-{name}-limb{'s' * (count > 1)}"] = lambda count=count: for_chains(narrow(count))
CHAINS["srs-long-rows"] = lambda: for_chains(dense(row_bits=7))
