"""The inner product that is folded by halves, and what the transparent scheme leaves of an opening (`docs/protocol/opening.md#inner-product`)."""

from . import curve
from .field import P, dot


def halvings(length):
  """The lengths of the vector of an inner product, from the first to the last (`docs/protocol/opening.md#inner-product`)."""
  lengths = [length]
  while lengths[-1] > 60 and lengths[-1] ** 2 > 4 * length:
    lengths.append((lengths[-1] + 1) // 2)
  return lengths


class Group:
  """A sum of multiples of points that has to be the identity (`docs/protocol/opening.md#final-check`)."""

  generator = staticmethod(curve.generator)

  def __init__(self):
    self.generators = {}
    self.scalars = []
    self.points = []

  def add(self, scalar, point):
    """Adds a multiple of a point."""
    self.scalars.append(scalar % P)
    self.points.append(point)

  def add_generator(self, scalar, i):
    """Adds a multiple of a generator, of H for 0."""
    self.generators[i] = (self.generators.get(i, 0) + scalar) % P

  def include(self, other, weight):
    """Adds another sum with a weight (`docs/protocol/batches.md#many-proofs`)."""
    for scalar, point in zip(other.scalars, other.points):
      self.add(scalar * weight, point)
    for i, scalar in other.generators.items():
      self.add_generator(scalar * weight, i)

  def sum(self):
    """The sum, as sums of multiples are kept."""
    scalars = self.scalars + list(self.generators.values())
    points = self.points + [self.generator(i) for i in self.generators]
    return curve.multiply_sum(scalars, points)

  def vanishes(self):
    """Whether the sum is the identity."""
    return self.sum() is None


def elements(row_length, opened, folded):
  """The number of elements of an opening, from D on (`docs/protocol/verification.md#length-of-the-body`)."""
  lengths = halvings(row_length + folded)
  return 2 + 2 * (len(lengths) - 1) + 2 + opened + 2 + lengths[-1]


def settle(channel, target, masked):
  """The messages from γ on; gives the equation in the group (`docs/protocol/opening.md#messages`)."""
  gamma = channel.draw(112)
  blinder = channel.scalars(67, 1)[0]
  group = Group()
  sigma = inner_product(channel, target, gamma, masked.value, group)
  for scalar, point in masked.row:
    group.add(sigma * scalar, point)
  for scalar, point in masked.pads:
    group.add(sigma * gamma * scalar, point)
  for cell, value in masked.shown.items():
    group.add_generator(-sigma * gamma * value, target.row_length + cell + 1)
  group.add_generator(-sigma * blinder, 0)
  return group


def inner_product(channel, target, gamma, u, group):
  """The rounds of the inner product; adds its part of the equation and gives σ (`docs/protocol/opening.md#inner-product`)."""
  w = channel.draw(113)
  folded = target.cells()[1]
  weights = [gamma * value % P for value in target.psi.cells()] + [target.omega.get(cell, 0) for cell in folded]
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
    group.add(sigma * x * x, right)
    sigma = sigma * x % P
  group.add_generator(w * (sigma * gamma * u - dot(vector, weights)), 0)
  return sigma


def fold(values, half, x):
  """x times the first half of a list of weights, plus its second half (`docs/protocol/opening.md#inner-product`)."""
  second = values[half:] + [0] * (2 * half - len(values))
  return [(x * a + b) % P for a, b in zip(values, second)]
