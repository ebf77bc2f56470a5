"""From the first challenge to the claim that is opened (`docs/protocol/arguments.md`)."""

from math import prod

from . import functionals as F
from .circuit import PUBLIC, RANGE, View, extents, kept_labels, padded_axis
from .field import HALF, P, bits, dot, eq_at, eq_prefix, eq_range, inverse, last, powers, split
from .forms import Form
from .functionals import BlockWeights, EqWeights, Functional, Ones, TensorWeights, functionals, power_weights
from .refusal import demand


class Statement:
  """What a proof is of: a circuit, integers of its public ports, counts of its padded ones (`docs/protocol/verification.md#statement`)."""

  def __init__(self, circuit, values, counts):
    """Values and counts are in order of ports, `None` for a port that has none."""
    self.circuit = circuit
    self.values = values
    self.counts = counts

  def integers(self):
    """The integers of the inputs, by their numbers (`docs/protocol/circuit.md#views`)."""
    return self.values[:len(self.circuit.inputs)]


class Fingerprints:
  """α, β and what follows from them for padding (`docs/protocol/arguments.md#fingerprints`)."""

  def __init__(self, circuit, alpha, beta):
    self.alpha, self.beta = alpha, beta
    self.low = (alpha + RANGE) % P
    self.high = (alpha + RANGE + (beta << (circuit.limb_bits - 1))) % P
    demand(self.alpha and self.low and self.high, "a challenge that makes padding vanish")
    low_limbs = circuit.limbs - 1
    self.fraction = (inverse(alpha) + low_limbs * inverse(self.low) + inverse(self.high)) % P
    self.product = alpha * pow(self.low, low_limbs, P) * self.high % P


def sum_check(ledger, value, rounds, degree, label, challenge, point=None):
  """A sum-check, or a zero-check at a point (`docs/protocol/arguments.md#sum-check`)."""
  challenges = []
  for i in range(rounds):
    coefficients = ledger.padded(label, degree)
    x = ledger.channel.draw(challenge)
    base, power = HALF if point is None else point[i], 1
    value = value * HALF if point is None else value
    for coefficient in coefficients:
      power = power * x % P
      value = value + coefficient * (power - base)
    challenges.append(x)
  return challenges, value


def table_extension(circuit, prints, x):
  """φ_T at a point, run by run of the table (`docs/protocol/arguments.md#inverses`)."""
  beta, square, row = prints.beta, prints.beta ** 2 % P, 1 + (1 << circuit.limb_bits)
  total = prints.alpha + run(x, 1, row - 1, RANGE, beta)
  for i, function in enumerate(circuit.functions):
    if function.segments is None:
      weights = eq_range(x, row, row + len(function.outputs))
      for j, (weight, output) in enumerate(zip(weights, function.outputs)):
        total += weight * (2 + i + beta * (function.lowest + j) + square * output)
      row += len(function.outputs)
      continue
    for segment in function.segments:
      start = 2 + i + beta * segment.input + square * segment.output
      total += run(x, row, segment.count, start, beta + square * segment.slope)
      row += segment.count
  return total % P


def run(x, first, count, start, slope):
  """The sum of eq(x, first + j)·(start + slope·j) over 0 ≤ j < count (`docs/protocol/arguments.md#inverses`)."""
  mass_before, moment_before = eq_prefix(x, first)
  mass_after, moment_after = eq_prefix(x, first + count)
  mass, moment = mass_after - mass_before, moment_after - moment_before
  return (start - slope * first) * mass + slope * moment


def inverses(circuit, ledger, prints):
  """The claims on h, g and m; leaves ρ, N and D (`docs/protocol/arguments.md#inverses`)."""
  *tau, weight = ledger.channel.transcript.draw(97, circuit.k + 1)
  x, value = sum_check(ledger, Form(0), circuit.k, 2, 32, 98, tau)
  inner, outer = last(x, circuit.fraction_bits), last(x, circuit.k)
  h, denominator, numerator = ledger.padded(33, 3)
  balance = (value - ledger.product(h, denominator) + numerator) * inverse(weight)
  h_column, g_column, m_column = (F.FRACTIONS, 0), (F.TABLE_FRACTIONS, 0), (F.MULTIPLICITIES, 0)
  ledger.claim(h, [Functional(h_column, 1, EqWeights(inner))])
  fingerprint = table_extension(circuit, prints, outer)
  ledger.claim(balance, [Functional(g_column, fingerprint, EqWeights(outer)), Functional(m_column, -1, EqWeights(outer))])
  total = Form(-prints.fraction << circuit.n)
  ledger.claim(total, [Functional(h_column, 1, Ones()), Functional(g_column, -1, Ones())])
  return inner, numerator, denominator


def fractions(circuit, ledger, point, numerator, denominator):
  """The levels of fractions; leaves ρ, N and D of the rows (`docs/protocol/arguments.md#fractions`)."""
  for _ in range(circuit.t):
    mu = ledger.channel.draw(99)
    r, value = sum_check(ledger, numerator + denominator * mu, len(point), 2, 34, 100, point)
    u, upper, left, right = ledger.padded(35, 4)
    ledger.require(value - ledger.product(u, right) - ledger.product(upper, left))
    z = ledger.channel.draw(101)
    point = r + [z]
    numerator = (u - left * mu) * (1 - z) + upper * z
    denominator = left * (1 - z) + right * z
  return point, numerator, denominator


def rows(statement, ledger, prints, point, numerator, denominator):
  """The claims on the columns of rows; leaves r, acc(r) and the weights of blocks (`docs/protocol/arguments.md#rows`)."""
  circuit = statement.circuit
  mu = ledger.channel.draw(102)
  start = (numerator + denominator * mu) * -prints.product
  r, value = sum_check(ledger, start, circuit.n, circuit.limbs + 2, 36, 103, point)
  weights = [BlockWeights(block, r) for block in circuit.blocks]
  count = circuit.limbs + 2 + circuit.has_model_multiplier
  acc, *rest = ledger.padded(37, count)
  limbs, fingerprint = rest[:circuit.limbs], rest[circuit.limbs]
  for j, limb in enumerate(limbs):
    ledger.claim(limb, [Functional((F.LIMB, j), 1, EqWeights(r))])
  multiplier = Form(sum(w.indicator * block.multiplier for block, w in zip(circuit.blocks, weights)
                        if not isinstance(block.multiplier, View)))
  if circuit.has_model_multiplier:
    ledger.claim(rest[-1], multiplier_functionals(statement, weights))
    multiplier = multiplier + rest[-1]
  claim_quotient(circuit, ledger, prints, r, acc, multiplier, limbs, fingerprint)
  factors = row_factors(circuit, prints, weights, limbs, fingerprint)
  row_products(circuit, ledger, prints, factors, mu, value)
  return r, acc, weights


def multiplier_functionals(statement, weights):
  """The functionals of all multipliers that are views (`docs/protocol/arguments.md#rows`)."""
  found = []
  for block, w in zip(statement.circuit.blocks, weights):
    if isinstance(block.multiplier, View):
      labels = dict(enumerate(w.axes))
      found += functionals(statement.circuit, statement.integers(), block.multiplier, labels, w.scale)
  return found


def claim_quotient(circuit, ledger, prints, r, acc, multiplier, limbs, fingerprint):
  """The claim on y by which q is (acc·M − rem)·2^(−S) (`docs/protocol/arguments.md#rows`)."""
  scaled = ledger.product(acc, multiplier)
  for j, limb in enumerate(limbs):
    scaled = scaled - limb * (1 << (circuit.limb_bits * j))
  beta = prints.beta
  value = fingerprint - scaled * (beta * inverse(1 << circuit.scale_bits))
  ledger.claim(value, [Functional((F.Y, 0), beta * beta, EqWeights(r))])


def row_factors(circuit, prints, weights, limbs, fingerprint):
  """f_0 … f_K (`docs/protocol/arguments.md#rows`)."""
  public = public_parts(circuit, prints, weights)
  low = [limb * prints.beta + prints.low for limb in limbs[:-1]]
  return low + [limbs[-1] * prints.beta + prints.high, fingerprint + (prints.alpha + public) % P]


def public_parts(circuit, prints, weights):
  """φ_pub (`docs/protocol/arguments.md#rows`)."""
  both = (prints.beta + prints.beta ** 2) % P
  return sum(w.indicator * (2 + block.function + both * block.shift) for block, w in zip(circuit.blocks, weights)) % P


def row_products(circuit, ledger, prints, factors, mu, value):
  """The products of fingerprints, settled one by one (`docs/protocol/arguments.md#rows`)."""
  product = ledger.product(factors[0], factors[1])
  if circuit.limbs >= 2:
    product = ledger.settle(product)
  rest = product * (prints.fraction - mu) - factors[0] - factors[1]
  for j in range(2, circuit.limbs + 1):
    rest = ledger.settle(rest)
    following = ledger.product(factors[j], rest) - product
    if j < circuit.limbs:
      product = ledger.settle(ledger.product(product, factors[j]))
    rest = following
  ledger.require(value - rest)


def relations(statement, ledger, acc, weights):
  """The claims by which acc(r) is what relations say (`docs/protocol/arguments.md#relations`)."""
  circuit = statement.circuit
  constant, linear = linear_part(statement, weights)
  rest = acc + -constant
  if circuit.has_linear_terms:
    value = ledger.padded(39, 1)[0]
    ledger.claim(value, linear)
    rest = rest - value
  if not circuit.pairs:
    ledger.require(rest)
    return
  zeta, value = sum_check(ledger, rest, circuit.pair_rounds, 2, 40, 104)
  iota, value = sum_check(ledger, value, bits(len(circuit.pairs)), 2, 41, 105)
  first, second = pair_functionals(statement, weights, zeta, iota)
  a, b = ledger.padded(42, 2)
  ledger.claim(a, first)
  ledger.claim(b, second)
  ledger.require(ledger.product(a, b) - value)


def linear_part(statement, weights):
  """The constant and the functionals of terms with less than two factors (`docs/protocol/arguments.md#relations`)."""
  constant, linear = 0, []
  for block, w in zip(statement.circuit.blocks, weights):
    for term in block.relation:
      if not term.factors:
        constant += term.coefficient * w.indicator
      elif len(term.factors) == 1:
        labels = dict(enumerate(w.axes + [[1] * extent for extent in term.summed]))
        coefficient = w.scale * term.coefficient % P
        linear += functionals(statement.circuit, statement.integers(), term.factors[0], labels, coefficient)
  return constant % P, linear


def pair_functionals(statement, weights, zeta, iota):
  """The functionals of the two factors of all pairs (`docs/protocol/arguments.md#relations`)."""
  circuit, first, second, pair = statement.circuit, [], [], 0
  for block, w in zip(circuit.blocks, weights):
    for term in block.relation:
      if len(term.factors) == 2:
        left, right, coefficient, missing = pair_labels(block, term, w, zeta)
        chosen = eq_at(iota, pair)
        coefficient = chosen * coefficient * pow(HALF, missing, P) % P
        first += functionals(circuit, statement.integers(), term.factors[0], left, coefficient)
        second += functionals(circuit, statement.integers(), term.factors[1], right, chosen)
        pair += 1
  return first, second


def pair_labels(block, term, w, zeta):
  """The weights of the labels of a pair's two factors, its coefficient and its missing variables (`docs/protocol/arguments.md#relations`)."""
  rank, sizes = len(block.shape), extents(block, term)
  kept = kept_labels(block, term)
  widths = [bits(sizes[label]) for label in kept]
  parts = split(last(zeta, sum(widths)), widths)
  left, right = {}, {}
  for label, part in zip(kept, parts):
    right[label] = eq_range(part, 0, sizes[label])
    left[label] = right[label] if label >= rank else [e * u % P for e, u in zip(right[label], w.axes[label])]
  coefficient = w.scale * term.coefficient
  for axis in set(range(rank)) - set(kept):
    if axis in term.factors[0].labels():
      left[axis] = w.axes[axis]
    elif axis in term.factors[1].labels():
      right[axis] = w.axes[axis]
    else:
      coefficient = coefficient * w.sums[axis] % P
  return left, right, coefficient, len(zeta) - sum(widths)


def public_tensors(statement, ledger):
  """A claim for each block of each public port (`docs/protocol/arguments.md#public-tensors`)."""
  circuit = statement.circuit
  shown = [(port, values) for port, values in zip(circuit.ports, statement.values) if values is not None and port.blocks]
  if not shown:
    return
  x = ledger.channel.draw(106)
  for port, values in shown:
    for place, cells in zip(port.blocks, circuit.limb_values(port, values)):
      block = circuit.blocks[place]
      weights = word_weights(block.shape, circuit.image(place), x)
      ledger.claim(Form(contract(cells, weights)), [Functional((F.Y, 0), 1, TensorWeights(block.offset, block.shape, weights))])


def padding(statement, ledger):
  """A claim for each block of each padded port that is not public (`docs/protocol/arguments.md#padding`)."""
  circuit = statement.circuit
  hidden = [pair for pair in zip(circuit.ports, statement.counts) if pair[0].padding and pair[0].visibility != PUBLIC]
  if not hidden:
    return
  x = ledger.channel.draw(117)
  for port, counts in hidden:
    for place, limb in zip(port.blocks, circuit.limb_values(port, [port.padding.value])):
      block, value, found = circuit.blocks[place], 0, []
      for axes in tail_weights(port, block.shape, counts, x):
        value += limb[0] * prod(map(sum, axes))
        found.append(Functional((F.Y, 0), 1, TensorWeights(block.offset, block.shape, axes)))
      ledger.claim(Form(value), found)


def tail_weights(port, shape, counts, x):
  """The weights of axes behind each count that leaves something, inference by inference (`docs/protocol/arguments.md#padding`)."""
  weights, axis = power_weights(shape, x), padded_axis(port, shape)
  for i, count in enumerate(counts):
    if count < shape[axis]:
      axes = list(weights)
      axes[axis] = [0] * count + axes[axis][count:]
      if len(counts) > 1:
        axes[0] = [0] * i + axes[0][i:i + 1] + [0] * (shape[0] - i - 1)
      yield axes


def stated_tensors(statement, ledger):
  """The claims of public tensors, and those of padding (`docs/protocol/arguments.md#claim-reduction`)."""
  public_tensors(statement, ledger)
  padding(statement, ledger)


def word_weights(shape, image, x):
  """The weights of axes that make words of cells and weigh them by powers (`docs/protocol/arguments.md#public-tensors`)."""
  if not shape:
    return []
  width = max(1, (image[1] - image[0]).bit_length())
  most, axis, inner = 253 // width, len(shape) - 1, 1
  while axis > 0 and inner * shape[axis] <= most:
    inner, axis = inner * shape[axis], axis - 1
  words = -(-shape[axis] // max(1, most // inner))
  length = -(-shape[axis] // words)
  words = -(-shape[axis] // length)
  weights, base = [], pow(2, width, P)
  for extent in reversed(shape[axis + 1:]):
    weights.append(powers(base, extent))
    base = pow(base, extent, P)
  digits, heads = powers(base, length), powers(x, words)
  weights.append([heads[i // length] * digits[i % length] % P for i in range(shape[axis])])
  base = pow(x, words, P)
  for extent in reversed(shape[:axis]):
    weights.append(powers(base, extent))
    base = pow(base, extent, P)
  return weights[::-1]


def contract(cells, weights):
  """The sum of cells, each times the product of the weights of its indices (`docs/protocol/arguments.md#public-tensors`)."""
  for axis in reversed(weights):
    cells = [dot(axis, cells[i:i + len(axis)]) for i in range(0, len(cells), len(axis))]
  return cells[0]


class Reduction:
  """r*, W of each column, and the form that is to be opened (`docs/protocol/arguments.md#claim-reduction`)."""

  def __init__(self, circuit, ledger):
    claims = ledger.claims
    weights = powers(ledger.channel.draw(107), len(claims))
    total = Form(0)
    for claim, weight in zip(claims, weights):
      total = total + claim.value * weight
    self.point, self.value = sum_check(ledger, total, circuit.col, 2, 43, 108)
    self.weights = {}
    for claim, weight in zip(claims, weights):
      for functional in claim.functionals:
        self.add(functional, weight, variables(circuit, functional.column))
    for column in self.weights:
      for x in self.point[:circuit.col - variables(circuit, column)]:
        self.weights[column] = self.weights[column] * (1 - x) % P

  def add(self, functional, weight, count):
    """Adds one functional's part of its column's W."""
    extension = functional.weights.extension(last(self.point, count))
    value = self.weights.get(functional.column, 0) + weight * functional.coefficient * extension
    self.weights[functional.column] = value % P

  def weight(self, column):
    """W of a column, 0 where there is no functional on it (`docs/protocol/arguments.md#claim-reduction`)."""
    return self.weights.get(column, 0)


def variables(circuit, column):
  """The variables of a column (`docs/protocol/arguments.md#columns`, `docs/protocol/scheme-srs.md#columns`)."""
  return {
    F.LIMB: circuit.n, F.QUOTIENT: circuit.n, F.Y: circuit.n, F.MULTIPLICITIES: circuit.k, F.FRACTIONS: circuit.fraction_bits,
    F.TABLE_FRACTIONS: circuit.k, F.MODEL: circuit.model_bits,
  }[column[0]]
