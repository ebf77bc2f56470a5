"""The opening of one claim and all equations, and the equation in the group that it leaves (`docs/protocol/opening.md`)."""

from typing import NamedTuple

from . import functionals as F
from .field import P, drop, eq_range, inverse, last, powers
from .refusal import demand


class PointWeights:
  """ψ of a point: eq of it at each cell of a row (`docs/protocol/opening.md#coefficients`)."""

  def __init__(self, point):
    self.point = point

  def cells(self):
    """ψ_0, ψ_1, … (`docs/protocol/opening.md#coefficients`)."""
    return eq_range(self.point, 0, 1 << len(self.point))

  def at(self, x):
    """ψ(x), a product over the bits of a cell (`docs/protocol/scheme-srs.md#opening`)."""
    result, power = 1, x
    for r in reversed(self.point):
      result = result * (1 - r + r * power) % P
      power = power * power % P
    return result


class CellWeights:
  """ψ by its cells, those that are not 0 (`docs/protocol/ties.md#reveal-transcript`)."""

  def __init__(self, row_bits, weights):
    self.length, self.weights = 1 << row_bits, weights

  def cells(self):
    """ψ_0, ψ_1, … (`docs/protocol/ties.md#reveal-transcript`)."""
    return [self.weights.get(j, 0) for j in range(self.length)]

  def at(self, x):
    """ψ(x) (`docs/protocol/scheme-srs.md#opening`)."""
    return sum(weight * pow(x, j, P) for j, weight in self.weights.items()) % P


class Target:
  """What an opening is of: rows with coefficients, ψ, and the form and equations in pads (`docs/protocol/opening.md#statement-of-the-opening`)."""

  def __init__(self, row_bits, cells, psi, commitments):
    """Commitments are pairs of a coefficient and a point; without pads only the mask is there."""
    self.row_length = 1 << row_bits
    self.psi = psi
    self.commitments = commitments
    self.products = []
    self.pads = cells
    self.omega = {}
    self.value = 0

  def weigh(self, ledger, form, kappa):
    """ω and v of the form that is to be opened and of all equations (`docs/protocol/opening.md#statement-of-the-opening`)."""
    total = form * (P - 1)
    for equation, power in zip(ledger.equations, powers(kappa, len(ledger.equations) + 1)[1:]):
      total = total + equation * power
    self.products, self.omega = ledger.products, total.cells
    self.value = -total.constant % P

  def cells(self):
    """The opened cells and the folded ones, in order (`docs/protocol/opening.md#pads`)."""
    shown = {cell for pair in self.products for cell in pair}
    opened = sorted(shown) + list(range(self.pads, self.pads + len(self.products) + 1))
    return opened, [cell for cell in range(self.pads) if cell not in shown]


def row_commitments(circuit, rows, reduction, committed, phase_one, phase_two, model):
  """All row commitments with their coefficients (`docs/protocol/opening.md#coefficients`)."""
  above = drop(reduction.point, circuit.witness_bits)
  y = (F.Y, 0)
  layout = [(y, row) for row in rows.committed]
  layout += [(column, row) for column in rows.columns for row in rows.trace] + [(y, row) for row in rows.hidden]
  layout += [((F.MULTIPLICITIES, 0), row) for row in rows.table]
  layout += [((F.FRACTIONS, 0), row) for row in rows.fractions]
  layout += [((F.TABLE_FRACTIONS, 0), row) for row in rows.table]
  weights = eq_range(above, 0, max(row for _, row in layout) + 1)
  found = [(reduction.weight(column) * weights[row] % P, point)
           for (column, row), point in zip(layout, committed + phase_one + phase_two)]
  return found + model_commitments(circuit, rows, reduction, model)


def model_commitments(circuit, rows, reduction, model):
  """The rows of the model, which are shorter in a batch (`docs/protocol/batches.md#row-length`)."""
  if not rows.model:
    return []
  c, cc = circuit.row_bits, circuit.witness_bits
  weights = eq_range(drop(reduction.point, c), 0, rows.model[-1] + 1)
  scale, between = reduction.weight((F.MODEL, 0)), 1
  for x in last(reduction.point, cc)[:cc - c]:
    between = between * (1 - x) % P
  scale = scale * inverse(between) % P
  return [(scale * weights[row] % P, point) for row, point in zip(rows.model, model)]


class Masked(NamedTuple):
  """t' and s' as they are known when no challenge of the opening is left: commitments, shown cells, u (`docs/protocol/opening.md#messages`)."""
  row: list
  pads: list
  shown: dict
  value: int


def open_target(scheme, channel, pads_commitment, target):
  """The messages of an opening from θ on; gives the equation in the group and the seal (`docs/protocol/opening.md#messages`)."""
  theta = channel.draw(110)
  mask_row, mask_pads = channel.points(19, 1)[0], channel.points(20, 1)[0]
  x0, x1 = channel.scalars(64, 2)
  delta = channel.draw(111)
  opened, _ = target.cells()
  shown = dict(zip(opened, channel.scalars(65, len(opened))))
  u = channel.scalars(66, 1)[0]
  row = [(1, mask_row)] + [(delta * coefficient % P, point) for coefficient, point in target.commitments]
  equation = scheme.settle(channel, target, Masked(row, [(1, mask_pads), (delta, pads_commitment)], shown, u))
  seal = channel.draw(115)
  channel.finish()
  check_field(target, theta, delta, shown, u, x0, x1)
  return equation, seal


def check_field(target, theta, delta, shown, u, x0, x1):
  """The field check (`docs/protocol/opening.md#field-check`)."""
  left = shown[target.pads + len(target.products)]
  for k, (a, b) in enumerate(target.products):
    left += pow(theta, k + 1, P) * (shown[a] * shown[b] - delta * shown[target.pads + k])
  left += delta * (u + sum(value * target.omega.get(cell, 0) for cell, value in shown.items()))
  demand((left - x0 - delta * x1 - delta * delta * target.value) % P == 0, "the field check fails")
