"""The inner product that two pairings settle, and what the scheme `srs` leaves of an opening (`docs/protocol/scheme-srs.md#opening`)."""

from functools import lru_cache

from . import curve, pairing
from .field import P, inverse
from .halving import Group
from .refusal import demand

CEREMONY = bytes.fromhex("e6bc964fdd7b3c32cc62f5fa2f40a8c9e06e1a76fe91eea2a2ce5092f19e4b0f")
G2 = (
  (0x1800DEEF121F1E76426A00665E5C4479674322D4F75EDADD46DEBD5CD992F6ED, 0x198E9393920D483A7260BFB731FB5D25F1AA493335A9E71297E485B7AEF312C2),
  (0x12C85EA5DB8C6DEB4AAB71808DCB408FE3D1E7690C43D37B4CE6CC0166FA7DAA, 0x090689D0585FF075EC9E99AD690C3395BC4B313370B38EF355ACDADCD122975B))
TAU_G2 = (
  (0x2AE0C8C3A090F7200FF398EE9845BBAE8F8C1445AE7B632212775F60A0E21600, 0x172AA93C41F16E1E04D62AC976A5D945F4BE0ACAB990C6DC19AC4A7CF68BF77B),
  (0x1459FE6CC8A1222FD4290864FF9E47D4B8CF7A403593C7107C39538DDEFD857E, 0x1754A9FC3B7E4DA9197C283C7401773208190C5555CAF254E644E99C29366704))
DOMAIN = b"tacit-srs-v1-BN254G1_XMD:SHA-256_SVDW_RO_"


@lru_cache(maxsize=None)
def generator(i):
  """H for 0 and G for 1, all that a verifier has (`docs/protocol/scheme-srs.md#generators`)."""
  return (1, 2) if i else curve.hash_to_curve(b"tacit-srs-v1-H", DOMAIN)


class Side(Group):
  """A sum of multiples of points, of G and of H (`docs/protocol/scheme-srs.md#opening`)."""

  generator = staticmethod(generator)


class Pairings:
  """e(A, G₂) = e(B, τ·G₂), with the sums A and B (`docs/protocol/scheme-srs.md#opening`)."""

  def __init__(self):
    self.left, self.right = Side(), Side()

  def include(self, other, weight):
    """Adds the sums of another equation with a weight (`docs/protocol/scheme-srs.md#opening`)."""
    self.left.include(other.left, weight)
    self.right.include(other.right, weight)

  def vanishes(self):
    """Whether the equation holds."""
    left, right = curve.affine(self.left.sum()), curve.affine(self.right.sum())
    negative = right and (right[0], curve.Q - right[1])
    return pairing.product_is_one([(left, G2), (negative, TAU_G2)])


def elements(row_length, opened, folded):
  """The number of elements of an opening, from D on (`docs/protocol/scheme-srs.md#opening`)."""
  return 5 + 6 + opened


class Shown:
  """ω̂ and û: the weights of all cells of the pads, and what they sum up to (`docs/protocol/scheme-srs.md#opening`)."""

  def __init__(self, target, shown, u, chi):
    self.omega, self.value, power = dict(target.omega), u, chi
    for cell, value in shown.items():
      self.omega[cell] = power
      self.value = (self.value + power * value) % P
      power = power * chi % P

  def at(self, x):
    """ω̂(x) (`docs/protocol/scheme-srs.md#opening`)."""
    return sum(weight * pow(x, cell, P) for cell, weight in self.omega.items()) % P


def settle(channel, target, masked):
  """The messages from the blinders on; gives the equation of two pairings (`docs/protocol/scheme-srs.md#opening`)."""
  row_blinder, pads_blinder = channel.scalars(67, 2)
  sum_shown = Shown(target, masked.shown, masked.value, channel.draw(118))
  reciprocals = channel.points(70, 1)[0]
  z = channel.draw(119)
  demand(z != 0, "a challenge without an inverse")
  first = channel.scalars(71, 1)[0]
  quotients = channel.points(72, 2)
  eta, over = channel.draw(120), inverse(z)
  on_row = (target.psi.at(over) + eta * target.psi.at(z)) % P
  on_pads = (sum_shown.at(over) + eta * sum_shown.at(z)) % P
  found = Pairings()
  for factor, terms in ((on_row, masked.row), (on_pads, masked.pads)):
    for scalar, point in terms:
      found.left.add(factor * scalar, point)
  found.left.add(-(z + eta * over), reciprocals)
  for factor, other, point in zip((z, eta * over), (1, eta), quotients):
    found.left.add(factor, point)
    found.right.add(other, point)
  found.left.add_generator(-(first + eta * (2 * sum_shown.value - first)), 1)
  found.left.add_generator(-(on_row * row_blinder + on_pads * pads_blinder), 0)
  return found
