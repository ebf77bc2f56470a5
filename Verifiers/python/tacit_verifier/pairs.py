"""Look-ups in pairs, with q in a column of its own (`docs/protocol/scheme-srs.md#pairs`)."""

from . import functionals as F
from .arguments import multiplier_functionals, public_parts, sum_check, table_extension
from .field import P, eq_at, inverse, last
from .forms import Form
from .functionals import BlockWeights, EqWeights, Functional, Ones

Q = (F.QUOTIENT, 0)
Y = (F.Y, 0)
H, G, M = (F.FRACTIONS, 0), (F.TABLE_FRACTIONS, 0), (F.MULTIPLICITIES, 0)


def on_padding(circuit, prints):
  """The fingerprints of all look-ups of a row on padding, dummies with them (`docs/protocol/scheme-srs.md#pairs`)."""
  found = [prints.alpha] + [prints.low] * (circuit.limbs - 1) + [prints.high]
  return found + [prints.alpha] * ((2 << circuit.slot_bits) - len(found))


def fractions_on_padding(circuit, prints):
  """c_0, c_1, … (`docs/protocol/scheme-srs.md#pairs`)."""
  inverses = [inverse(value) for value in on_padding(circuit, prints)]
  return [(a + b) % P for a, b in zip(inverses[::2], inverses[1::2])]


class Slots:
  """The slots at a point: E_j, the constants of both sides and what columns count in them (`docs/protocol/scheme-srs.md#pair-messages`)."""

  def __init__(self, circuit, prints, weights, point, r):
    self.circuit, self.beta, self.at = circuit, prints.beta, EqWeights(r)
    self.chosen = [eq_at(point, j) for j in range(1 << circuit.slot_bits)]
    self.public = on_padding(circuit, prints)
    self.public[0] += public_parts(circuit, prints, weights)
    self.padding = sum(e * c for e, c in zip(self.chosen, fractions_on_padding(circuit, prints))) % P

  def constant(self, side):
    """What is public of the look-ups of one side."""
    return sum(e * u for e, u in zip(self.chosen, self.public[side::2])) % P

  def functionals(self, side):
    """What columns count in the look-ups of one side."""
    found, beta = [], self.beta
    for number in range(side, self.circuit.limbs + 1, 2):
      chosen = self.chosen[number // 2]
      if number == 0:
        found += [Functional(Q, chosen * beta % P, self.at), Functional(Y, chosen * beta * beta % P, self.at)]
      else:
        found.append(Functional((F.LIMB, number - 1), chosen * beta % P, self.at))
    return found


def pairs(statement, ledger, prints):
  """The claims on the columns of rows and table; leaves acc(r) and the weights of blocks (`docs/protocol/scheme-srs.md#pair-messages`)."""
  circuit = statement.circuit
  *tau, row_weight, table_weight = ledger.channel.transcript.draw(121, circuit.pair_argument_rounds + 2)
  rho, value = sum_check(ledger, Form(0), circuit.pair_argument_rounds, 3, 44, 122, tau)
  inner, r, outer = last(rho, circuit.fraction_bits), last(rho, circuit.n), last(rho, circuit.k)
  weights = [BlockWeights(block, r) for block in circuit.blocks]
  slots = Slots(circuit, prints, weights, inner[:circuit.slot_bits], r)
  h, first, second, part, acc, *modelled = ledger.padded(45, 5 + circuit.has_model_multiplier)
  ledger.require(ledger.product(h, first) - part)
  rest = value - ledger.product(part, second) + first + second
  multiplier = Form(constant_multiplier(circuit, weights))
  if modelled:
    multiplier = multiplier + modelled[0]
  rest = rest - ledger.product(acc, multiplier) * row_weight
  ledger.claim(h + -slots.padding, [Functional(H, 1, EqWeights(inner))])
  ledger.claim(first + -slots.constant(0), slots.functionals(0))
  ledger.claim(second + -slots.constant(1), slots.functionals(1))
  if modelled:
    ledger.claim(modelled[0], multiplier_functionals(statement, weights))
  fingerprint = table_extension(circuit, prints, outer)
  ledger.claim(rest, step_functionals(circuit, row_weight, r) + [
    Functional(G, table_weight * fingerprint % P, EqWeights(outer)), Functional(M, -table_weight, EqWeights(outer))])
  total = sum(fractions_on_padding(circuit, prints)) << circuit.n
  ledger.claim(Form(-total), [Functional(H, 1, Ones()), Functional(G, -1, Ones())])
  return acc, weights


def constant_multiplier(circuit, weights):
  """M_pub (`docs/protocol/arguments.md#rows`)."""
  return sum(w.indicator * block.multiplier for block, w in zip(circuit.blocks, weights) if isinstance(block.multiplier, int)) % P


def step_functionals(circuit, weight, r):
  """−λ times q·2^S and the remainder, of rows (`docs/protocol/scheme-srs.md#pair-messages`)."""
  places = [(Q, circuit.scale_bits)] + [((F.LIMB, j), circuit.limb_bits * j) for j in range(circuit.limbs)]
  return [Functional(column, -weight * (1 << place) % P, EqWeights(r)) for column, place in places]
