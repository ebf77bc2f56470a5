"""How many elements a proof has, from the circuit alone (`docs/protocol/verification.md#length-of-the-body`)."""

from itertools import product

from . import functionals as F
from .circuit import padded_bits
from .field import bits


def padded_scalars(circuit):
  """D₀, the number of padded scalars (`docs/protocol/verification.md#length-of-the-body`)."""
  pairs = len(circuit.pairs)
  relations = circuit.has_linear_terms + 2 * (circuit.pair_rounds + bits(pairs)) + 2 * (pairs > 0)
  return lookup_scalars(circuit) + relations + 2 * circuit.col


def lookup_scalars(circuit):
  """Those of rows and look-ups (`docs/protocol/verification.md#length-of-the-body`, `docs/protocol/scheme-srs.md#numbers`)."""
  limbs = circuit.limbs
  if circuit.scheme.pairs_lookups:
    return 3 * circuit.pair_argument_rounds + 5 + circuit.has_model_multiplier
  inverses = 2 * circuit.k + 3
  fractions = sum(2 * v + 4 for v in range(circuit.n - circuit.t, circuit.n))
  return inverses + fractions + (limbs + 2) * circuit.n + limbs + 2 + circuit.has_model_multiplier + 2 * (limbs - 1)


def lookup_products(circuit):
  """Products of pads of rows and look-ups, and the pads in them (`docs/protocol/verification.md#length-of-the-body`, `docs/protocol/scheme-srs.md#numbers`)."""
  limbs, multiplied = circuit.limbs, circuit.has_model_multiplier
  if circuit.scheme.pairs_lookups:
    return 2 + multiplied, 4 + 2 * multiplied
  products = 1 + 2 * circuit.t + multiplied + max(1, 2 * (limbs - 1))
  return products, 2 + 4 * circuit.t + limbs + 1 + 2 * multiplied + max(0, 2 * (limbs - 1) - 1)


def products(circuit):
  """The number of products of pads (`docs/protocol/verification.md#length-of-the-body`)."""
  return lookup_products(circuit)[0] + (len(circuit.pairs) > 0)


def opened_cells(circuit):
  """The number of opened cells (`docs/protocol/verification.md#length-of-the-body`)."""
  return products(circuit) + 1 + lookup_products(circuit)[1] + 2 * (len(circuit.pairs) > 0)


def met_rows(parts, row_bits):
  """The rows that hold a cell within the extents of a part, ascending (`docs/protocol/opening.md#rows-of-the-witness`)."""
  rows = set()
  for part in parts:
    rows.update(part_rows(part.offset, part.shape, row_bits))
  return sorted(rows)


def fraction_rows(circuit, trace):
  """The rows of h (`docs/protocol/opening.md#rows-of-the-witness`, `docs/protocol/scheme-srs.md#columns`)."""
  cc = circuit.witness_bits
  if circuit.scheme.pairs_lookups:
    slots = range(0, circuit.slots << circuit.n, 1 << circuit.n)
    return sorted({row for block in circuit.blocks for slot in slots for row in part_rows(block.offset + slot, block.shape, cc)})
  return trace if circuit.t == 0 else list(range(max(1, 1 << (circuit.n - circuit.t) >> cc)))


def part_rows(offset, shape, row_bits):
  """The rows that one tensor meets (`docs/protocol/opening.md#rows-of-the-witness`)."""
  size = padded_bits(shape)
  if size <= row_bits:
    return [offset >> row_bits]
  axes, below = [], size
  for extent in shape:
    width = bits(extent)
    below -= width
    hidden = min(width, max(0, row_bits - below))
    axes.append([v << below >> row_bits for v in range(0, extent, 1 << hidden)] if below + width > row_bits else [0])
  base = offset >> row_bits
  return [base + sum(places) for places in product(*axes)]


class Rows:
  """The rows of commitments, in their order (`docs/protocol/opening.md#rows-of-the-witness`)."""

  def __init__(self, circuit):
    cc = circuit.witness_bits
    self.trace = met_rows(circuit.blocks, cc)
    self.table = list(range(-(-circuit.table_rows >> cc)))
    self.fractions = fraction_rows(circuit, self.trace)
    self.ports = [[row for place in port.blocks for row in part_rows(circuit.blocks[place].offset, circuit.blocks[place].shape, cc)]
                  for port in circuit.committed_ports()]
    self.committed = [row for rows in self.ports for row in rows]
    shown = set(self.committed)
    self.hidden = [row for row in self.trace if row not in shown]
    self.model = met_rows(circuit.tensors, circuit.row_bits)
    self.columns = [(F.LIMB, j) for j in range(circuit.limbs)] + [(F.QUOTIENT, 0)] * circuit.scheme.pairs_lookups
    self.phase_one = len(self.columns) * len(self.trace) + len(self.hidden) + len(self.table)
    self.phase_two = len(self.fractions) + len(self.table)


def body_elements(circuit, rows):
  """The number of elements of the body (`docs/protocol/verification.md#length-of-the-body`)."""
  pads, opened = padded_scalars(circuit), opened_cells(circuit)
  folded = pads + products(circuit) + 1 - opened
  tail = circuit.scheme.elements(1 << circuit.witness_bits, opened, folded)
  return 1 + rows.phase_one + rows.phase_two + pads + tail
