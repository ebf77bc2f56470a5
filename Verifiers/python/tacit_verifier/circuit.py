"""What a circuit is made of, and its bytes (`docs/protocol/circuit.md`)."""

import struct
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import NamedTuple, Optional, Tuple

from . import gadgets, last_steps
from .field import bits
from .refusal import demand
from .schemes import TRANSPARENT, Scheme, scheme_of

RANGE = 1
PUBLIC, PRIVATE, COMMITTED = 0, 1, 2
PADDED = 4
FLOAT32, INT8, UINT8, INT16, INT32, INT64 = range(6)
TYPE_SIZES = {FLOAT32: 4, INT8: 1, UINT8: 1, INT16: 2, INT32: 4, INT64: 8}
STORED_INTEGERS, BIT, SIGN, ONE_HOT = (1, 2, 4, 8), 16, 17, 18


def type_range(kind):
  """The least and the greatest integer of a type, of float32 of its patterns (`docs/protocol/circuit.md#bytes`)."""
  if kind == UINT8:
    return 0, 255
  half = 1 << (8 * TYPE_SIZES[kind] - 1)
  return -half, half - 1


def stored_range(stored):
  """The least and the greatest value of a stored type (`docs/protocol/circuit.md#stored-types`)."""
  if stored in STORED_INTEGERS:
    return -1 << (8 * stored - 1), (1 << (8 * stored - 1)) - 1
  return (-1 if stored == SIGN else 0), 1


def stored_digits(stored):
  """The ranges of the digits of a stored type, the lowest first (`docs/protocol/key-proofs.md#digits`)."""
  if stored not in STORED_INTEGERS:
    return [(0, 1)]
  width = 8 * stored
  low = 0 if width <= 12 else (width - 1) // 12
  half = 1 << (width - 12 * low - 1)
  return [(0, (1 << 12) - 1)] * low + [(-half, half - 1)]


def single_of(pattern):
  """The float32 of a pattern, as a double (`docs/protocol/circuit.md#ports`)."""
  return struct.unpack("<f", struct.pack("<i", pattern))[0]


class Segment(NamedTuple):
  """A run of a function's steps (`docs/protocol/circuit.md#functions`)."""
  input: int
  count: int
  output: int
  slope: int


class Function(NamedTuple):
  """A function of small integers, by segments or else by values (`docs/protocol/circuit.md#functions`)."""
  segments: Optional[Tuple[Segment, ...]]
  lowest: int = 0
  outputs: Tuple[int, ...] = ()

  def size(self):
    """The number of rows that it takes in the table (`docs/protocol/circuit.md#table`)."""
    return len(self.outputs) if self.segments is None else sum(s.count for s in self.segments)

  def domain(self):
    """The lowest and the highest input (`docs/protocol/circuit.md#functions`)."""
    if self.segments is None:
      return self.lowest, self.lowest + len(self.outputs) - 1
    end = self.segments[-1]
    return self.segments[0].input, end.input + end.count - 1

  def image(self):
    """The least and the greatest output (`docs/protocol/circuit.md#functions`)."""
    if self.segments is None:
      return min(self.outputs), max(self.outputs)
    ends = [s.output + s.slope * (s.count - 1) for s in self.segments]
    return min(s.output for s in self.segments), max(ends)

  def is_identity(self):
    """Whether it is the identity, which only segments can be (`docs/protocol/circuit.md#functions`)."""
    return self.segments is not None and all(s.slope == 1 and s.output == s.input for s in self.segments)


class Window(NamedTuple):
  """Where a view reads along an axis, perhaps through an input (`docs/protocol/circuit.md#views`)."""
  steps: Tuple[Tuple[int, int], ...]
  constant: int = 0
  through: Optional[int] = None


class View(NamedTuple):
  """A reading of a block or of a tensor of the model (`docs/protocol/circuit.md#views`)."""
  of_block: bool
  source: int
  windows: Tuple[Window, ...]

  def labels(self):
    """The labels that it reads (`docs/protocol/circuit.md#views`)."""
    return {label for window in self.windows for label, _ in window.steps}

  def through_inputs(self):
    """The inputs that its windows go through (`docs/protocol/circuit.md#views`)."""
    return [window.through for window in self.windows if window.through is not None]


class Term(NamedTuple):
  """A term of a relation or of a form (`docs/protocol/circuit.md#relations`)."""
  coefficient: int
  summed: Tuple[int, ...]
  factors: Tuple[View, ...]


class Tensor(NamedTuple):
  """A tensor of the model (`docs/protocol/circuit.md#shapes-and-places`)."""
  shape: Tuple[int, ...]
  offset: int
  stored: int = 0


class Block(NamedTuple):
  """A tensor of rows; its multiplier is an integer or a view (`docs/protocol/circuit.md#rows`)."""
  shape: Tuple[int, ...]
  offset: int
  function: int
  shift: int
  multiplier: object
  relation: Tuple[Term, ...]


class Padding(NamedTuple):
  """The axis along which tensors of a port may be shorter, and what stands behind them (`docs/protocol/circuit.md#ports`)."""
  axis: int
  value: int


class Port(NamedTuple):
  """An input or an output (`docs/protocol/circuit.md#ports`)."""
  name: str
  blocks: Tuple[int, ...]
  visibility: int
  shape: Tuple[int, ...]
  type: int
  scale: float
  zero_point: int
  padding: Optional[Padding] = None


def padded_bits(shape):
  """The bits of a padded shape (`docs/protocol/circuit.md#shapes-and-places`)."""
  return sum(map(bits, shape))


def used(parts):
  """The end of the last of the parts, as they are padded (`docs/protocol/circuit.md#shapes-and-places`)."""
  return max((part.offset + (1 << padded_bits(part.shape)) for part in parts), default=0)


def padded_axis(port, shape):
  """The axis of a block's shape that is the padded one of its port, `None` without any (`docs/protocol/accepting-a-key.md#ports`)."""
  axis = port.padding.axis
  before, extent = prod(port.shape[:axis]), port.shape[axis]
  return next((j for j, e in enumerate(shape) if e == extent and prod(shape[:j]) == before), None)


def itself(place, shape):
  """The relation of a block whose values are given (`docs/protocol/circuit.md#given-blocks`)."""
  windows = tuple(Window(((j, 1),)) for j in range(len(shape)))
  return (Term(1, (), (View(True, place, windows),)),)


@dataclass(frozen=True)
class Circuit:
  """All that is public of a compiled network (`docs/protocol/circuit.md#parts`)."""
  limbs: int
  limb_bits: int
  quotient_bits: int
  row_bits: int
  functions: tuple
  tensors: tuple
  blocks: tuple
  gadgets: tuple
  inputs: tuple
  outputs: tuple
  final_steps: tuple = ()
  inferences: int = 1
  witness_row_bits: Optional[int] = None
  scheme: Scheme = TRANSPARENT

  @cached_property
  def scale_bits(self):
    """S = K·b (`docs/protocol/circuit.md#parameters`)."""
    return self.limbs * self.limb_bits

  @cached_property
  def witness_bits(self):
    """cc, the row bits of the witness (`docs/protocol/batches.md#row-length`)."""
    return self.row_bits if self.witness_row_bits is None else self.witness_row_bits

  @cached_property
  def ports(self):
    """All ports, inputs first (`docs/protocol/circuit.md#ports`)."""
    return self.inputs + self.outputs

  @cached_property
  def used_rows(self):
    """The used rows of the trace (`docs/protocol/circuit.md#shapes-and-places`)."""
    return used(self.blocks)

  @cached_property
  def used_cells(self):
    """The used cells of the model (`docs/protocol/circuit.md#shapes-and-places`)."""
    return used(self.tensors)

  @cached_property
  def table_rows(self):
    """The rows of the table before padding (`docs/protocol/circuit.md#table`)."""
    return 1 + (1 << self.limb_bits) + sum(f.size() for f in self.functions)

  @cached_property
  def n(self):
    """The variables of the trace (`docs/protocol/circuit.md#shapes-and-places`)."""
    return bits(self.used_rows)

  @cached_property
  def k(self):
    """The variables of the table (`docs/protocol/circuit.md#table`)."""
    return bits(self.table_rows)

  @cached_property
  def model_bits(self):
    """mb, the variables of the model (`docs/protocol/circuit.md#shapes-and-places`)."""
    return bits(self.used_cells)

  @cached_property
  def t(self):
    """The levels of fractions (`docs/protocol/arguments.md#fingerprints`)."""
    return max(0, self.n - self.k)

  @cached_property
  def slots(self):
    """s, the slots that hold a look-up which is no dummy (`docs/protocol/scheme-srs.md#pairs`)."""
    return (self.limbs + 2) // 2

  @cached_property
  def slot_bits(self):
    """κ (`docs/protocol/scheme-srs.md#pairs`)."""
    return bits(self.slots)

  @cached_property
  def fraction_bits(self):
    """The variables of h (`docs/protocol/arguments.md#columns`, `docs/protocol/scheme-srs.md#columns`)."""
    return self.n + self.slot_bits if self.scheme.pairs_lookups else self.n - self.t

  @cached_property
  def pair_argument_rounds(self):
    """R (`docs/protocol/scheme-srs.md#pairs`)."""
    return max(self.fraction_bits, self.k)

  @cached_property
  def col(self):
    """The variables of the claim reduction (`docs/protocol/arguments.md#claim-reduction`, `docs/protocol/scheme-srs.md#columns`)."""
    return max(self.n, self.fraction_bits, self.k, self.model_bits, self.witness_bits)

  def image(self, place):
    """The image of a block (`docs/protocol/circuit.md#rows`)."""
    block = self.blocks[place]
    low, high = self.functions[block.function].image()
    return low - block.shift, high - block.shift

  def limb_shifts(self, port):
    """s_0, s_1, … of a port, one more than it has blocks (`docs/protocol/circuit.md#ports`)."""
    shifts = [0]
    for place in port.blocks:
      shifts.append(shifts[-1] + abs(self.image(place)[1]).bit_length())
    return shifts

  def port_range(self, port):
    """The least and the greatest integer of a port with a block (`docs/protocol/circuit.md#ports`)."""
    low = high = port.zero_point
    for place, shift in zip(port.blocks, self.limb_shifts(port)):
      image = self.image(place)
      low, high = low + (image[0] << shift), high + (image[1] << shift)
    return low, high

  def limb_values(self, port, values):
    """For each block of a port its values y of the port's integers (`docs/protocol/circuit.md#ports`)."""
    shifts, moved = self.limb_shifts(port), [v - port.zero_point for v in values]
    for j in range(len(port.blocks) - 1):
      mask = (1 << (shifts[j + 1] - shifts[j])) - 1
      yield [v >> shifts[j] & mask for v in moved]
    yield [v >> shifts[len(port.blocks) - 1] for v in moved]

  def source_of(self, view):
    """The block or tensor that a view reads (`docs/protocol/circuit.md#views`)."""
    return (self.blocks if view.of_block else self.tensors)[view.source]

  def goes_by_inference(self, view):
    """Whether a view is a functional for each inference of a batch (`docs/protocol/batches.md#views-through-inputs`)."""
    return self.inferences > 1 and len(view.through_inputs()) >= (1 if view.of_block else 2)

  def committed_ports(self):
    """The committed ports, inputs first (`docs/protocol/circuit.md#ports`)."""
    return [port for port in self.ports if port.visibility == COMMITTED]

  def public_ports(self):
    """The public ports, inputs first (`docs/protocol/circuit.md#ports`)."""
    return [port for port in self.ports if port.visibility == PUBLIC]

  def padded_ports(self):
    """The padded ports, inputs first (`docs/protocol/circuit.md#ports`)."""
    return [port for port in self.ports if port.padding]

  def port_values(self, port):
    """The number of a port's integers, of all inferences (`docs/protocol/circuit.md#ports`)."""
    return prod(port.shape)

  @cached_property
  def index_extents(self):
    """For each input that windows go through, the least extent of an axis that is read so (`docs/protocol/verification.md#reading`)."""
    least = {}
    for _, term in self.terms:
      for view in term.factors:
        for window, extent in zip(view.windows, self.source_of(view).shape):
          if window.through is not None:
            least[window.through] = min(extent, least.get(window.through, extent))
    return least

  @cached_property
  def has_model_multiplier(self):
    """[M]: whether some block's multiplier is a view (`docs/protocol/verification.md#length-of-the-body`)."""
    return any(isinstance(block.multiplier, View) for block in self.blocks)

  @cached_property
  def terms(self):
    """All terms with their blocks, in order (`docs/protocol/arguments.md#relations`)."""
    return [(block, term) for block in self.blocks for term in block.relation]

  @cached_property
  def pairs(self):
    """All terms with two factors, with their blocks (`docs/protocol/arguments.md#relations`)."""
    return [(block, term) for block, term in self.terms if len(term.factors) == 2]

  @cached_property
  def has_linear_terms(self):
    """[lin]: whether some term has exactly one factor (`docs/protocol/verification.md#length-of-the-body`)."""
    return any(len(term.factors) == 1 for _, term in self.terms)

  @cached_property
  def pair_rounds(self):
    """R, the most variables of a term with two factors (`docs/protocol/verification.md#length-of-the-body`)."""
    return max((padded_bits(kept_extents(block, term)) for block, term in self.pairs), default=0)


def extents(block, term):
  """A term's extents, the block's axes first (`docs/protocol/accepting-a-key.md#blocks`)."""
  return block.shape + term.summed


def kept_labels(block, term):
  """The labels that a term with two factors keeps, in order (`docs/protocol/arguments.md#relations`)."""
  rank, both = len(block.shape), term.factors[0].labels() & term.factors[1].labels()
  summed = [rank + j for j in range(len(term.summed))]
  return summed + [axis for axis in range(rank) if axis in both]


def kept_extents(block, term):
  """The extents of the labels that are kept (`docs/protocol/arguments.md#relations`)."""
  all_extents = extents(block, term)
  return [all_extents[label] for label in kept_labels(block, term)]


def read_circuit(reader):
  """Reads a circuit, refusing what is not one's spelling (`docs/protocol/circuit.md#bytes`)."""
  scheme = scheme_of(reader.byte())
  reader.text()
  limbs, limb_bits, quotient_bits, row_bits = (reader.signed() for _ in range(4))
  functions = reader.list(256, lambda: read_function(reader))
  tensors = reader.list(8192, lambda: read_tensor(reader))
  blocks = reader.list(4096, lambda: read_block(reader))
  declared = reader.list(1024, lambda: gadgets.read_gadget(reader))
  inputs = reader.list(64, lambda: read_port(reader))
  outputs = reader.list(64, lambda: read_port(reader))
  steps = tuple(reader.list(8, lambda: last_steps.read_step(reader)) for _ in outputs)
  reader.flag()
  return Circuit(limbs, limb_bits, quotient_bits, row_bits, functions, tensors, blocks, declared, inputs, outputs, steps, scheme=scheme)


def read_function(reader):
  """Reads a function (`docs/protocol/circuit.md#bytes`)."""
  reader.text()
  kind = reader.byte()
  demand(kind < 2, "an unknown kind of function")
  if kind == 0:
    return Function(reader.list(1 << 20, lambda: Segment(*(reader.signed() for _ in range(4)))))
  lowest, count = reader.signed(), reader.count(1 << 20, 2)
  return Function(None, lowest, struct.unpack(f"<{count}h", reader.take(2 * count)))


def read_shape(reader):
  """Reads a shape of at most eight extents (`docs/protocol/circuit.md#bytes`)."""
  return reader.list(8, reader.signed)


def read_tensor(reader):
  """Reads a tensor of the model (`docs/protocol/circuit.md#bytes`)."""
  reader.text()
  shape, offset, stored = read_shape(reader), reader.signed(), reader.byte()
  demand(stored in STORED_INTEGERS + (BIT, SIGN, ONE_HOT), "an unknown stored type")
  return Tensor(shape, offset, stored)


def read_block(reader):
  """Reads a block (`docs/protocol/circuit.md#bytes`)."""
  reader.text()
  shape, offset, function, shift = read_shape(reader), reader.signed(), reader.signed(), reader.signed()
  kind = reader.byte()
  demand(kind < 2, "an unknown kind of multiplier")
  multiplier = read_view(reader) if kind else reader.signed()
  return Block(shape, offset, function, shift, multiplier, read_terms(reader))


def read_terms(reader):
  """Reads the terms of a relation or of a form (`docs/protocol/circuit.md#bytes`)."""
  return reader.list(256, lambda: Term(reader.signed(), reader.list(8, reader.signed), reader.list(2, lambda: read_view(reader))))


def read_view(reader):
  """Reads a view (`docs/protocol/circuit.md#bytes`)."""
  kind = reader.byte()
  demand(kind < 4, "an unknown kind of view")
  view = View(kind % 2 == 0, reader.signed(), reader.list(8, lambda: read_window(reader, kind >= 2)))
  demand(kind < 2 or view.through_inputs(), "a view through no input that is spelled as one")
  return view


def read_window(reader, through_inputs):
  """Reads a window (`docs/protocol/circuit.md#bytes`)."""
  steps = reader.list(16, lambda: (reader.signed(), reader.signed()))
  constant = reader.signed()
  number = reader.unsigned() if through_inputs else 0
  demand(number <= 64, "a window through an input that cannot be")
  return Window(steps, constant, number - 1 if number else None)


def read_port(reader):
  """Reads a port (`docs/protocol/circuit.md#bytes`)."""
  name, blocks, code = reader.text(), reader.list(8, reader.signed), reader.byte()
  visibility = code % PADDED
  demand(code < 2 * PADDED and visibility <= COMMITTED, "an unknown visibility")
  shape, kind, scale, zero_point = read_shape(reader), reader.byte(), reader.double(), reader.signed()
  demand(kind <= INT64 and reader.byte() <= INT64, "an unknown type")
  padding = Padding(reader.signed(), reader.signed()) if code >= PADDED else None
  return Port(name, blocks, visibility, shape, kind, scale, zero_point, padding)
