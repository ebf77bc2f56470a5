"""The opening of one claim and all equations, and the equation in the group that it leaves (`docs/protocol/opening.md`)."""

from . import curve
from . import functionals as F
from .field import P, dot, drop, eq_range, inverse, last, powers
from .refusal import demand
from .sizes import halvings


class Group:
  """A sum of multiples of points that has to be the identity (`docs/protocol/opening.md#final-check`)."""

  def __init__(self):
    self.generators = {}
    self.scalars = []
    self.points = []

  def add(self, scalar, point):
    """Adds a multiple of a point."""
    self.scalars.append(scalar)
    self.points.append(point)

  def add_generator(self, scalar, i):
    """Adds a multiple of a generator, of H for 0."""
    self.generators[i] = (self.generators.get(i, 0) + scalar) % P

  def include(self, other, weight):
    """Adds another sum with a weight (`docs/protocol/batches.md#many-proofs`)."""
    for scalar, point in zip(other.scalars, other.points):
      self.add(scalar * weight % P, point)
    for i, scalar in other.generators.items():
      self.add_generator(scalar * weight, i)

  def vanishes(self):
    """Whether the sum is the identity."""
    scalars = self.scalars + list(self.generators.values())
    points = self.points + [curve.generator(i) for i in self.generators]
    return curve.multiply_sum(scalars, points) is None


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
  y, limbs = (F.Y, 0), [(F.LIMB, j) for j in range(circuit.limbs)]
  layout = [(y, row) for row in rows.committed]
  layout += [(limb, row) for limb in limbs for row in rows.trace] + [(y, row) for row in rows.hidden]
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


def open_target(channel, pads_commitment, target):
  """The messages of an opening from θ on; gives the equation in the group and the seal (`docs/protocol/opening.md#messages`)."""
  theta = channel.draw(110)
  mask_row, mask_pads = channel.points(19, 1)[0], channel.points(20, 1)[0]
  x0, x1 = channel.scalars(64, 2)
  delta = channel.draw(111)
  opened, folded = target.cells()
  shown = dict(zip(opened, channel.scalars(65, len(opened))))
  u = channel.scalars(66, 1)[0]
  gamma = channel.draw(112)
  blinder = channel.scalars(67, 1)[0]
  group = Group()
  sigma = inner_product(channel, target, folded, gamma, u, group)
  seal = channel.draw(115)
  channel.finish()
  check_field(target, theta, delta, shown, u, x0, x1)
  group.add(sigma, mask_row)
  for coefficient, point in target.commitments:
    group.add(sigma * delta * coefficient % P, point)
  group.add(sigma * gamma % P, mask_pads)
  group.add(sigma * gamma * delta % P, pads_commitment)
  for cell, value in shown.items():
    group.add_generator(-sigma * gamma * value, target.row_length + cell + 1)
  group.add_generator(-sigma * blinder, 0)
  return group, seal


def check_field(target, theta, delta, shown, u, x0, x1):
  """The field check (`docs/protocol/opening.md#field-check`)."""
  left = shown[target.pads + len(target.products)]
  for k, (a, b) in enumerate(target.products):
    left += pow(theta, k + 1, P) * (shown[a] * shown[b] - delta * shown[target.pads + k])
  left += delta * (u + sum(value * target.omega.get(cell, 0) for cell, value in shown.items()))
  demand((left - x0 - delta * x1 - delta * delta * target.value) % P == 0, "the field check fails")


def inner_product(channel, target, folded, gamma, u, group):
  """The rounds of the inner product; adds its part of the equation and gives σ (`docs/protocol/opening.md#inner-product`)."""
  w = channel.draw(113)
  weights = [gamma * value % P for value in target.psi] + [target.omega.get(cell, 0) for cell in folded]
  generators = list(range(1, target.row_length + 1)) + [target.row_length + cell + 1 for cell in folded]
  lengths, shares, places = halvings(len(weights)), [1] * len(weights), list(range(len(weights)))
  messages, challenges = [], []
  for half in lengths[1:]:
    messages.append(channel.points(68, 2))
    x = channel.draw(114)
    challenges.append(x)
    weights = fold(weights, half, x)
    for j, place in enumerate(places):
      if place < half:
        shares[j] = shares[j] * x % P
      else:
        places[j] = place - half
  vector = channel.scalars(69, lengths[-1])
  for i, share, place in zip(generators, shares, places):
    group.add_generator(-share * vector[place], i)
  sigma = 1
  for (left, right), x in zip(reversed(messages), reversed(challenges)):
    group.add(sigma, left)
    group.add(sigma * x * x % P, right)
    sigma = sigma * x % P
  group.add_generator(w * (sigma * gamma * u - dot(vector, weights)), 0)
  return sigma


def fold(values, half, x):
  """x times the first half of a list of weights, plus its second half (`docs/protocol/opening.md#inner-product`)."""
  second = values[half:] + [0] * (2 * half - len(values))
  return [(x * a + b) % P for a, b in zip(values, second)]
