"""A prover for small circuits, to make proofs that no compiler of Tacit makes (`docs/protocol/arguments.md`, `docs/protocol/opening.md`).

It is slow, and its randomness is seeded: it hides nothing.
"""

import random
from math import prod

from tacit_verifier import arguments, curve, key_proofs, opening, pairs
from tacit_verifier import functionals as F
from tacit_verifier import reveal as reveals
from tacit_verifier.circuit import PUBLIC, SIGN, TYPE_SIZES, View, extents, kept_labels, stored_digits
from tacit_verifier.field import HALF, P, bits, dot, drop, eq, eq_at, eq_range, inverse, last, powers, split
from tacit_verifier.forms import Channel, Form, Ledger
from tacit_verifier.functionals import EqWeights, Ones
from tacit_verifier.halving import halvings
from tacit_verifier.lookups import look_up
from tacit_verifier.quotients import Shown
from tacit_verifier.schemes import SRS
from tacit_verifier.sizes import Rows, padded_scalars
from tacit_verifier.ties import cell_places

from . import building
from .powers import generator_of
from .tracing import Trace, tuples


def evaluate(column, point):
  """The multilinear extension of a column at a point (`docs/protocol/README.md#notation`)."""
  return dot(column, eq_range(point, 0, len(column)))


def folded(column, x):
  """A column with its first coordinate bound (`docs/protocol/README.md#notation`)."""
  half = len(column) // 2
  return [(low + x * (high - low)) % P for low, high in zip(column[:half], column[half:])]


def interpolated(values):
  """The coefficients of the polynomial that has these values at 0, 1, 2, …."""
  coefficients = [0] * len(values)
  for i, value in enumerate(values):
    basis, scale = [1], 1
    for j in range(len(values)):
      if j != i:
        basis = [(a - j * b) % P for a, b in zip([0] + basis, basis + [0])]
        scale = scale * (i - j) % P
    for power, b in enumerate(basis):
      coefficients[power] = (coefficients[power] + value * b * inverse(scale)) % P
  return coefficients


def digits_of(value, size):
  """A scalar or number as so many bytes, big-endian."""
  return (value % P).to_bytes(size, "big")


class NoChannel:
  """A channel on which nothing is said, to find out the products of a circuit (`docs/protocol/opening.md#pads`)."""

  class transcript:
    draw = staticmethod(lambda label, count=1: [5 + label] * count)

  draw = staticmethod(lambda label: 5 + label)
  scalars = staticmethod(lambda label, count: [0] * count)


class Prover:
  """One proof of one trace (`docs/protocol/verification.md#listing`)."""

  def __init__(self, circuit, trace, statement, transcript, seed=0, blinders=None, claims=arguments.stated_tensors):
    self.circuit, self.trace, self.statement, self.transcript = circuit, trace, statement, transcript
    self.random = random.Random(seed)
    self.claims = claims
    self.body = b""
    self.sent = 0
    self.rows = Rows(circuit)
    self.length = 1 << circuit.witness_bits
    self.start = transcript.copy()
    self.columns = {(F.LIMB, j): limb for j, limb in enumerate(trace.limbs)}
    self.columns[(F.Y, 0)] = trace.y
    self.columns[(F.MODEL, 0)] = trace.model
    if circuit.scheme.pairs_lookups:
      self.columns[(F.QUOTIENT, 0)] = trace.q
    self.blinders = [self.uniform() for _ in self.rows.committed] if blinders is None else blinders
    self.opened_rows = [(self.row((F.Y, 0), i), blinder) for i, blinder in zip(self.rows.committed, self.blinders)]

  def uniform(self):
    """A uniform scalar."""
    return self.random.randrange(P)

  def row(self, column, i):
    """The cells of a row of a column (`docs/protocol/opening.md#row-lengths`)."""
    cells = self.columns[column][i * self.length:(i + 1) * self.length]
    return cells + [0] * (self.length - len(cells))

  def commitment(self, cells, blinder, first=1):
    """A commitment to cells over generators from a first one on (`docs/protocol/encodings.md#generators`)."""
    points = [self.generator(first + j) for j in range(len(cells))] + [self.generator(0)]
    return curve.affine(curve.multiply_sum(list(cells) + [blinder], points))

  def generator(self, i):
    """The generator G_i, H for 0 (`docs/protocol/encodings.md#generators`)."""
    return generator_of(self.circuit.scheme, i)

  def pads_point(self, pads, blinder):
    """A commitment to pads (`docs/protocol/opening.md#pads`)."""
    return self.commitment(pads, blinder, self.circuit.scheme.pads_begin(self.length))

  def send_points(self, label, points):
    """Sends points in one message."""
    data = b"".join(map(curve.encode, points))
    self.body += data
    self.transcript.absorb_points(label, points, data)

  def send(self, label, values):
    """Sends scalars in one message."""
    data = b"".join(digits_of(value, 32) for value in values)
    self.body += data
    self.transcript.absorb(label, data)

  def send_padded(self, label, values):
    """Sends scalars under their pads (`docs/protocol/arguments.md#masked-values`)."""
    self.send(label, [value + self.pads[self.sent + i] for i, value in enumerate(values)])
    self.sent += len(values)

  def send_rows(self, label, places):
    """Sends commitments to rows and remembers their cells and blinders."""
    found = [(self.row(column, i), self.uniform()) for column, i in places]
    self.opened_rows += found
    self.send_points(label, [self.commitment(*row) for row in found])

  def sum_check(self, columns, g, rounds, degree, label, challenge, tau=None):
    """The prover's side of a sum-check (`docs/protocol/arguments.md#sum-check`)."""
    point, columns = [], [list(column) for column in columns]
    for i in range(rounds):
      half = 1 << (rounds - 1 - i)
      weights = [1] * half if tau is None else eq_range(tau[i + 1:], 0, half)
      values = [0] * (degree + 1)
      for x, weight in enumerate(weights):
        pairs = [(column[x], column[x + half] - column[x]) for column in columns]
        for j in range(degree + 1):
          values[j] += weight * g([low + j * slope for low, slope in pairs])
      self.send_padded(label, interpolated(values)[1:])
      x = self.transcript.draw(challenge)[0]
      point.append(x)
      columns = [folded(column, x) for column in columns]
    return point, [column[0] % P for column in columns]

  def prove(self):
    """The body of a proof (`docs/protocol/verification.md#listing`)."""
    self.choose_pads()
    self.send_points(16, [self.pads_point(self.pads, self.pads_blinder)])
    self.count_lookups()
    places = [(column, i) for column in self.rows.columns for i in self.rows.trace] + [((F.Y, 0), i) for i in self.rows.hidden]
    self.send_rows(17, places + [((F.MULTIPLICITIES, 0), i) for i in self.rows.table])
    self.prints = arguments.Fingerprints(self.circuit, *self.transcript.draw(96, 2))
    if self.circuit.scheme.pairs_lookups:
      self.pair_fractions()
    else:
      self.fractions()
    self.send_rows(18, [((F.FRACTIONS, 0), i) for i in self.rows.fractions]
                   + [((F.TABLE_FRACTIONS, 0), i) for i in self.rows.table])
    if self.circuit.scheme.pairs_lookups:
      self.prove_pairs()
    else:
      self.prove_rows(*self.prove_fractions(self.prove_inverses()))
    self.prove_claims()
    self.open()
    return self.body

  def choose_pads(self):
    """Pads, their products and the mask (`docs/protocol/opening.md#pads`)."""
    count = padded_scalars(self.circuit)
    ledger = Ledger(NoChannel, count)
    prints = arguments.Fingerprints(self.circuit, 11, 13)
    acc, weights = look_up(self.statement, ledger, prints)
    arguments.relations(self.statement, ledger, acc, weights)
    self.pads = [self.uniform() for _ in range(count)]
    self.pads += [self.pads[a] * self.pads[b] % P for a, b in ledger.products] + [self.uniform()]
    self.pads_blinder = self.uniform()

  def table(self):
    """All rows of the table, with padding (`docs/protocol/circuit.md#table`)."""
    found = [(0, 0, 0)] + [(1, v, 0) for v in range(1 << self.circuit.limb_bits)]
    for i, function in enumerate(self.circuit.functions):
      if function.segments is None:
        found += [(2 + i, function.lowest + j, y) for j, y in enumerate(function.outputs)]
      else:
        found += [(2 + i, s.input + j, s.output + s.slope * j) for s in function.segments for j in range(s.count)]
    return found + [(0, 0, 0)] * ((1 << self.circuit.k) - len(found))

  def row_lookups(self, row):
    """The look-ups of a row (`docs/protocol/circuit.md#rows`)."""
    limbs = [limb[row] for limb in self.trace.limbs]
    limbs[-1] += 1 << (self.circuit.limb_bits - 1)
    dummies = (2 << self.circuit.slot_bits) - self.circuit.limbs - 1 if self.circuit.scheme.pairs_lookups else 0
    return [self.trace.lookups[row]] + [(1, limb, 0) for limb in limbs] + [(0, 0, 0)] * dummies

  def count_lookups(self):
    """The multiplicities of the table's rows; what is not in it counts nowhere (`docs/protocol/arguments.md#columns`)."""
    places = {}
    for i, entry in enumerate(self.table()):
      places.setdefault(entry, i)
    counts = [0] * (1 << self.circuit.k)
    for row in range(1 << self.circuit.n):
      for lookup in self.row_lookups(row):
        if lookup in places:
          counts[places[lookup]] += 1
    self.columns[(F.MULTIPLICITIES, 0)] = counts

  def fingerprint(self, lookup):
    """The fingerprint of a look-up (`docs/protocol/arguments.md#fingerprints`)."""
    tag, x, y = lookup
    return (self.prints.alpha + tag + self.prints.beta * (x + self.prints.beta * y)) % P

  def fractions(self):
    """The fractions of rows and of the table (`docs/protocol/arguments.md#fingerprints`)."""
    numerators, denominators, scale = [], [], inverse(self.prints.product)
    for row in range(1 << self.circuit.n):
      prints, product, total = list(map(self.fingerprint, self.row_lookups(row))), 1, 0
      for value in prints:
        product, total = product * value % P, (total * value + product) % P
      denominators.append(product * scale % P)
      numerators.append((total * scale - self.prints.fraction * denominators[-1]) % P)
    self.levels = [(numerators, denominators)]
    for _ in range(self.circuit.t):
      n, d = self.levels[-1]
      pairs = range(0, len(n), 2)
      self.levels.append(([(n[i] * d[i + 1] + n[i + 1] * d[i]) % P for i in pairs], [d[i] * d[i + 1] % P for i in pairs]))
    n, d = self.levels[-1]
    self.columns[(F.FRACTIONS, 0)] = [a * inverse(b) % P for a, b in zip(n, d)]
    self.table_fractions()

  def table_fractions(self):
    """g, and the fingerprints of the table (`docs/protocol/arguments.md#columns`)."""
    self.table_prints = list(map(self.fingerprint, self.table()))
    counts = self.columns[(F.MULTIPLICITIES, 0)]
    self.columns[(F.TABLE_FRACTIONS, 0)] = [m * inverse(f) % P for m, f in zip(counts, self.table_prints)]

  def prove_inverses(self):
    """The messages of `docs/protocol/arguments.md#inverses`; leaves ρ."""
    rounds = self.circuit.k
    *tau, weight = self.transcript.draw(97, rounds + 1)
    n, d = self.levels[-1]
    columns = [self.columns[(F.FRACTIONS, 0)], d, n, self.columns[(F.TABLE_FRACTIONS, 0)], self.table_prints, self.columns[(F.MULTIPLICITIES, 0)]]
    columns = [column * ((1 << rounds) // len(column)) for column in columns]
    x, values = self.sum_check(columns, lambda v: v[0] * v[1] - v[2] + weight * (v[3] * v[4] - v[5]), rounds, 2, 32, 98, tau)
    self.send_padded(33, values[:3])
    return last(x, self.circuit.fraction_bits)

  def prove_fractions(self, rho):
    """The messages of `docs/protocol/arguments.md#fractions`; leaves ρ."""
    for n, d in reversed(self.levels[:-1]):
      mu = self.transcript.draw(99)[0]
      columns = [[(a + mu * b) % P for a, b in zip(n[::2], d[::2])], n[1::2], d[::2], d[1::2]]
      r, values = self.sum_check(columns, lambda v: v[0] * v[3] + v[1] * v[2], len(rho), 2, 34, 100, rho)
      self.send_padded(35, values)
      rho = r + self.transcript.draw(101)
    return (rho,)

  def prove_rows(self, rho):
    """The messages of `docs/protocol/arguments.md#rows`, and those of the relations."""
    circuit, prints, trace = self.circuit, self.prints, self.trace
    mu, count, scale = self.transcript.draw(102)[0], circuit.limbs, inverse(1 << circuit.scale_bits)
    public = self.public_prints()

    def factors(v):
      remainder = sum(limb << (circuit.limb_bits * j) for j, limb in enumerate(v[4:]))
      phi = prints.beta * scale * (v[0] * v[1] - remainder) + prints.beta ** 2 * v[2]
      found = [prints.beta * limb + prints.low for limb in v[4:]]
      found[-1] += prints.high - prints.low
      return found + [phi + prints.alpha + v[3]], phi

    def g(v):
      product, total = 1, 0
      for value in factors(v)[0]:
        product, total = product * value % P, (total * value + product) % P
      return (prints.fraction - mu) * product - total

    columns = [trace.acc, trace.multiplier, trace.y, public] + trace.limbs
    r, values = self.sum_check(columns, g, circuit.n, count + 2, 36, 103, rho)
    found, phi = factors(values)
    message = [values[0]] + values[4:] + [phi]
    if circuit.has_model_multiplier:
      message.append(evaluate(self.modelled(), r))
    self.send_padded(37, message)
    self.prove_products(found, mu)
    self.prove_relations(r)

  def prove_products(self, found, mu):
    """The products of fingerprints (`docs/protocol/arguments.md#rows`)."""
    product = found[0] * found[1] % P
    if self.circuit.limbs >= 2:
      self.send_padded(38, [product])
    rest = (self.prints.fraction - mu) * product - found[0] - found[1]
    for j in range(2, self.circuit.limbs + 1):
      self.send_padded(38, [rest])
      following = (found[j] * rest - product) % P
      if j < self.circuit.limbs:
        product = product * found[j] % P
        self.send_padded(38, [product])
      rest = following

  def pair_fractions(self):
    """h, slot by slot, and g (`docs/protocol/scheme-srs.md#columns`)."""
    rows = [list(map(self.fingerprint, self.row_lookups(row))) for row in range(1 << self.circuit.n)]
    self.columns[(F.FRACTIONS, 0)] = [
      (inverse(row[2 * j]) + inverse(row[2 * j + 1]) - padding) % P
      for j, padding in enumerate(pairs.fractions_on_padding(self.circuit, self.prints)) for row in rows]
    self.table_fractions()

  def public_prints(self):
    """What is public of the fingerprints of functions, row by row (`docs/protocol/arguments.md#rows`)."""
    public, beta = [0] * (1 << self.circuit.n), self.prints.beta
    for block in self.circuit.blocks:
      for cell in cell_places(block.shape):
        public[block.offset + cell] = 2 + block.function + (beta + beta ** 2) * block.shift
    return public

  def slot_columns(self):
    """h, Φ_0, Φ_1 over slots and rows (`docs/protocol/scheme-srs.md#pairs`)."""
    circuit, trace, beta = self.circuit, self.trace, self.prints.beta
    padding, public = pairs.on_padding(circuit, self.prints), self.public_prints()
    function = [(padding[0] + public[x] + beta * (q + beta * y)) % P for x, (q, y) in enumerate(zip(trace.q, trace.y))]
    looked = [function] + [[(value + beta * limb) % P for limb in limbs] for value, limbs in zip(padding[1:], trace.limbs)]
    looked += [[value] * (1 << circuit.n) for value in padding[len(looked):]]
    fractions, size = pairs.fractions_on_padding(circuit, self.prints), 1 << circuit.n
    h = [(value + fractions[i // size]) % P for i, value in enumerate(self.columns[(F.FRACTIONS, 0)])]
    return [h] + [[value for column in looked[side::2] for value in column] for side in (0, 1)]

  def prove_pairs(self):
    """The messages of `docs/protocol/scheme-srs.md#pair-messages`, and those of the relations."""
    circuit, trace, rounds = self.circuit, self.trace, self.circuit.pair_argument_rounds
    *tau, step, table = self.transcript.draw(121, rounds + 2)
    scaled = [(q << circuit.scale_bits) + sum(limb << circuit.limb_bits * j for j, limb in enumerate(limbs))
              for q, *limbs in zip(trace.q, *trace.limbs)]
    columns = self.slot_columns() + [trace.acc, trace.multiplier, scaled, self.columns[(F.TABLE_FRACTIONS, 0)], self.table_prints,
                                        self.columns[(F.MULTIPLICITIES, 0)]]
    columns = [column * ((1 << rounds) // len(column)) for column in columns]
    point, values = self.sum_check(
      columns, lambda v: v[0] * v[1] % P * v[2] - v[1] - v[2] + step * (v[3] * v[4] - v[5]) + table * (v[6] * v[7] - v[8]), rounds, 3, 44, 122, tau)
    message, r = self.pair_message(values), last(point, circuit.n)
    if circuit.has_model_multiplier:
      message.append(evaluate(self.modelled(), r))
    self.send_padded(45, message)
    self.prove_relations(r)

  def pair_message(self, values):
    """h, Φ_0, Φ_1, h·Φ_0 and acc; a liar may change them."""
    return values[:3] + [values[0] * values[1] % P, values[3]]

  def modelled(self):
    """The multipliers that are views, row by row."""
    found = [0] * (1 << self.circuit.n)
    for block in self.circuit.blocks:
      if isinstance(block.multiplier, View):
        for cell in cell_places(block.shape):
          found[block.offset + cell] = self.trace.multiplier[block.offset + cell]
    return found

  def functional_value(self, functional):
    """A functional of a column of the prover's."""
    return functional.coefficient * dot(self.columns[functional.column], self.cells(functional)) % P

  def cells(self, functional):
    """The weights of a functional, cell by cell (`docs/protocol/arguments.md#claims`)."""
    size, weights = len(self.columns[functional.column]), functional.weights
    if isinstance(weights, Ones):
      return [1] * size
    if isinstance(weights, EqWeights):
      return eq_range(weights.point, 0, size)
    found, axes = [0] * size, [list(axis) for axis in weights.axes]
    for cell, indices in zip(cell_places([len(a) for a in axes]), tuples([len(a) for a in axes])):
      value = 1
      for axis, i in zip(axes, indices):
        value = value * axis[i] % P
      found[weights.offset + cell] = value
    return found

  def prove_relations(self, r):
    """The messages of `docs/protocol/arguments.md#relations`."""
    weights = [F.BlockWeights(block, r) for block in self.circuit.blocks]
    if self.circuit.has_linear_terms:
      _, linear = arguments.linear_part(self.statement, weights)
      self.send_padded(39, [sum(map(self.functional_value, linear))])
    products = [(block, term, w) for block, w in zip(self.circuit.blocks, weights) for term in block.relation if len(term.factors) == 2]
    if not products:
      return
    rounds, columns = self.circuit.pair_rounds, []
    for block, term, w in products:
      columns += self.pair_columns(block, term, w, rounds)
    _, values = self.sum_check(columns, lambda v: dot(v[::2], v[1::2]), rounds, 2, 40, 104)
    missing = [0] * ((1 << bits(len(products))) - len(products))
    _, values = self.sum_check([values[::2] + missing, values[1::2] + missing], lambda v: v[0] * v[1], bits(len(products)), 2, 41, 105)
    self.send_padded(42, values)

  def pair_columns(self, block, term, w, rounds):
    """The two factors of a pair over its kept labels (`docs/protocol/arguments.md#relations`)."""
    rank, sizes, kept = len(block.shape), extents(block, term), kept_labels(block, term)
    widths = [bits(sizes[label]) for label in kept]
    left, right = [0] * (1 << sum(widths)), [0] * (1 << sum(widths))
    alone = [axis for axis in range(rank) if axis not in kept]
    for cell, values in zip(cell_places([sizes[label] for label in kept]), tuples([sizes[label] for label in kept])):
      labels = dict(zip(kept, values))
      scale = term.coefficient * w.scale
      for label in kept:
        if label < rank:
          scale = scale * w.axes[label][labels[label]] % P
      left[cell], right[cell] = (self.factor_sum(factor, labels, alone, sizes, w) for factor in term.factors)
      for axis in alone:
        if not any(axis in factor.labels() for factor in term.factors):
          scale = scale * w.sums[axis] % P
      left[cell] = left[cell] * scale * pow(HALF, rounds - sum(widths), P) % P
    copies = 1 << (rounds - sum(widths))
    return left * copies, right * copies

  def factor_sum(self, factor, labels, alone, sizes, w):
    """A factor summed over the axes that it alone reads, with their weights (`docs/protocol/arguments.md#relations`)."""
    axes, total = [axis for axis in alone if axis in factor.labels()], 0
    for values in tuples([sizes[axis] for axis in axes]):
      weight = 1
      for axis, value in zip(axes, values):
        weight = weight * w.axes[axis][value] % P
      total += weight * self.trace.read(factor, {**labels, **dict(zip(axes, values))})
    return total % P

  def follow(self):
    """The verifier's view of what was said up to here (`docs/protocol/verification.md#listing`)."""
    transcript = self.start.copy()
    channel = Channel(transcript, self.body)
    channel.points(16, 1), channel.points(17, self.rows.phase_one)
    prints = arguments.Fingerprints(self.circuit, *transcript.draw(96, 2))
    channel.points(18, self.rows.phase_two)
    return channel, Ledger(channel, padded_scalars(self.circuit)), prints

  def prove_claims(self):
    """The messages of `docs/protocol/arguments.md#claim-reduction`."""
    channel, ledger, prints = self.follow()
    acc, weights = look_up(self.statement, ledger, prints)
    arguments.relations(self.statement, ledger, acc, weights)
    self.claims(self.statement, ledger)
    self.transcript.state = channel.transcript.state.copy()
    rho, size = self.transcript.draw(107)[0], 1 << self.circuit.col
    weights, power = {column: [0] * size for column in self.columns}, 1
    for claim in ledger.claims:
      for functional in claim.functionals:
        target, scale = weights[functional.column], functional.coefficient * power % P
        for i, weight in enumerate(self.cells(functional)):
          target[i] = (target[i] + scale * weight) % P
      power = power * rho % P
    columns = []
    for column, cells in self.columns.items():
      columns += [cells + [0] * (size - len(cells)), weights[column]]
    self.sum_check(columns, lambda v: dot(v[::2], v[1::2]), self.circuit.col, 2, 43, 108)
    channel.body = self.body
    self.ledger, self.reduction = ledger, arguments.Reduction(self.circuit, ledger)

  def open(self):
    """The messages of `docs/protocol/opening.md#messages`."""
    circuit, point = self.circuit, self.reduction.point
    commitments = opening.row_commitments(circuit, self.rows, self.reduction, [None] * len(self.rows.committed),
                                          [None] * self.rows.phase_one, [None] * self.rows.phase_two, [None] * len(self.rows.model))
    psi = opening.PointWeights(last(point, circuit.witness_bits))
    target = opening.Target(circuit.witness_bits, self.ledger.pads, psi, commitments)
    target.weigh(self.ledger, self.reduction.value, self.transcript.draw(109)[0])
    rows = [cells for cells, _ in self.opened_rows] + [self.model_row(i) for i in self.rows.model]
    blinders = [blinder for _, blinder in self.opened_rows] + [0] * len(self.rows.model)
    coefficients = [coefficient for coefficient, _ in commitments]
    vector = [sum(c * row[j] for c, row in zip(coefficients, rows)) % P for j in range(self.length)]
    self.open_target(target, vector, dot(coefficients, blinders))

  def model_row(self, i):
    """A row of the model, whose blinders are 0 here (`docs/protocol/opening.md#rows-of-the-model`)."""
    length = 1 << self.circuit.row_bits
    cells = self.columns[(F.MODEL, 0)][i * length:(i + 1) * length]
    return cells + [0] * (self.length - len(cells))

  def open_target(self, target, vector, blinder):
    """An opening of one vector (`docs/protocol/opening.md#messages`)."""
    theta = self.transcript.draw(110)[0]
    d, ds = [self.uniform() for _ in vector], [self.uniform() for _ in self.pads]
    d_blinder, ds_blinder = self.uniform(), self.uniform()
    self.send_points(19, [self.commitment(d, d_blinder)])
    self.send_points(20, [self.pads_point(ds, ds_blinder)])
    s, z, psi = self.pads, target.pads + len(target.products), target.psi.cells()
    x0, x1 = ds[z], s[z] + dot(d, psi) + sum(ds[i] * weight for i, weight in target.omega.items())
    for k, (a, b) in enumerate(target.products):
      weight = pow(theta, k + 1, P)
      x0 += weight * ds[a] * ds[b]
      x1 += weight * (ds[a] * s[b] + s[a] * ds[b] - ds[target.pads + k])
    self.send(64, [x0, x1])
    delta = self.transcript.draw(111)[0]
    t, pads = ([(a + delta * b) % P for a, b in pair] for pair in (zip(d, vector), zip(ds, s)))
    opened, hidden = target.cells()
    shown = self.shown(dict(zip(opened, (pads[i] for i in opened))))
    self.send(65, list(shown.values()))
    self.true_value = (dot(t, psi) + sum(pads[i] * target.omega.get(i, 0) for i in hidden)) % P
    u = self.opened_value(target, shown, theta, delta, x0, x1)
    self.send(66, [u])
    blinders = d_blinder + delta * blinder, ds_blinder + delta * self.pads_blinder
    if self.circuit.scheme is SRS:
      self.prove_quotients(target, t, pads, shown, u, blinders)
    else:
      self.prove_halvings(target, t, pads, blinders)

  def shown(self, cells):
    """The opened cells of s', by their places; a liar may change them."""
    return cells

  def opened_value(self, target, shown, theta, delta, x0, x1):
    """u; a liar may send what the field check asks for."""
    return self.true_value

  def prove_halvings(self, target, t, pads, blinders):
    """The messages of `docs/protocol/opening.md#messages` from γ on."""
    hidden = target.cells()[1]
    gamma = self.transcript.draw(112)[0]
    self.send(67, [blinders[0] + gamma * blinders[1]])
    weights = [gamma * value % P for value in target.psi.cells()] + [target.omega.get(i, 0) for i in hidden]
    generators = [self.generator(i) for i in list(range(1, self.length + 1)) + [self.length + i + 1 for i in hidden]]
    self.prove_inner_product(t + [gamma * pads[i] % P for i in hidden], weights, generators)

  def prove_quotients(self, target, t, pads, shown, u, blinders):
    """The messages of `docs/protocol/scheme-srs.md#opening` from step 5 on."""
    self.send(67, self.sent_blinders(*blinders))
    sums = Shown(target, shown, u, self.transcript.draw(118)[0])
    omega, psi, size = [sums.omega.get(i, 0) for i in range(len(pads))], target.psi.cells(), max(len(t), len(pads))
    reciprocals = [0] * size
    for left, right in ((t, psi), (pads, omega)):
      for i, a in enumerate(left):
        for j, b in enumerate(right):
          if i != j:
            reciprocals[abs(i - j) - 1] += a * b
    reciprocals = self.sent_reciprocals([value % P for value in reciprocals])
    self.send_points(70, [self.commitment(reciprocals, 0)])
    z = self.transcript.draw(119)[0]
    polynomials = []
    for x, over in ((z, inverse(z)), (inverse(z), z)):
      weights = target.psi.at(over), sums.at(over), -x
      parts = [values + [0] * (size - len(values)) for values in (t, pads, reciprocals)]
      polynomials.append(quotient([dot(weights, cells) for cells in zip(*parts)], x))
    (first, value), (second, _) = polynomials
    self.send(71, [self.sent_quotient_value(value, u)])
    self.send_points(72, self.sent_quotients([self.commitment(cells, 0) for cells in (first, second)]))

  def sent_blinders(self, row, pads):
    """b_t and b_s; a liar may shift them."""
    return [row, pads]

  def sent_reciprocals(self, cells):
    """S; a liar may change it."""
    return cells

  def sent_quotient_value(self, value, u):
    """F₁; a liar may change it."""
    return value

  def sent_quotients(self, points):
    """W₁ and W₂; a liar may change them."""
    return points

  def prove_inner_product(self, values, weights, generators):
    """The rounds of `docs/protocol/opening.md#inner-product`."""
    w = self.transcript.draw(113)[0]
    shares, places = [1] * len(values), list(range(len(values)))
    for half in halvings(len(values))[1:]:
      second = [0] * (2 * half - len(values))
      a, psi = values + second, weights + second
      left = [a[c - half] * share if c >= half else 0 for c, share in zip(places, shares)] + [w * dot(a[:half], psi[half:])]
      right = [a[c + half] * share if c < half else 0 for c, share in zip(places, shares)] + [w * dot(a[half:], psi[:half])]
      points = generators + [curve.generator(0)]
      self.send_points(68, [curve.affine(curve.multiply_sum(scalars, points)) for scalars in (left, right)])
      x = self.transcript.draw(114)[0]
      values = [(p + x * q) % P for p, q in zip(a[:half], a[half:])]
      weights = [(x * p + q) % P for p, q in zip(psi[:half], psi[half:])]
      shares = [share * x % P if c < half else share for c, share in zip(places, shares)]
      places = [c if c < half else c - half for c in places]
    self.send(69, values)


def quotient(polynomial, x):
  """(p − p(x))/(X − x), and p(x) (`docs/protocol/scheme-srs.md#opening`)."""
  found, rest = [], 0
  for coefficient in reversed(polynomial):
    found.append(rest)
    rest = (rest * x + coefficient) % P
  return found[:0:-1], rest


def model_points(circuit, model):
  """The commitments to the rows of a model, without blinders (`docs/protocol/encodings.md#verifier-key`)."""
  length, points = 1 << circuit.row_bits, []
  for i in Rows(circuit).model:
    cells = model[i * length:(i + 1) * length]
    points.append(curve.affine(curve.multiply_sum(cells, [generator_of(circuit.scheme, 1 + j) for j in range(len(cells))])))
  return points


def key_file(circuit, model):
  """A verifier key's file (`docs/protocol/encodings.md#verifier-key`)."""
  return building.key(circuit, list(map(curve.encode, model_points(circuit, model))))


def integers_of(circuit, port, trace):
  """A port's integers of a trace (`docs/protocol/circuit.md#ports`)."""
  columns = [trace.values(place) for place in port.blocks]
  shifts = circuit.limb_shifts(port)
  return [port.zero_point + sum(y << shift for y, shift in zip(limbs, shifts)) for limbs in zip(*columns)]


def stated(port, integers, counts):
  """The integers of a port that are in its file, those before the counts (`docs/protocol/verification.md#public-tensors`)."""
  if counts is None:
    return integers
  axis, each = port.padding.axis, len(integers) // len(counts)
  inner = prod(port.shape[axis + 1:])
  return [value for i, value in enumerate(integers) if i // inner % port.shape[axis] < counts[i // each]]


def prove(key, inferences, model, given, indices=None, context=b"", seed=0, counts=None):
  """A proof's file; indices are of inputs without blocks and counts of padded ports, by their numbers (`docs/protocol/verification.md#proof-file`)."""
  circuit, indices = key.batch(inferences), indices or {}
  model = list(model) + [0] * ((1 << circuit.model_bits) - len(model))
  partial = [indices.get(i) for i in range(len(circuit.inputs))]
  known = [values if values is not None else given(port.blocks[0], None) for values, port in zip(partial, circuit.inputs)]
  trace = Trace(circuit, model, given, known)
  values = []
  for number, port in enumerate(circuit.ports):
    found = indices[number] if not port.blocks else integers_of(circuit, port, trace)
    values.append(found if port.visibility == PUBLIC else None)
  return prove_trace(key, circuit, inferences, trace, values, context, seed, counts=counts)


def prove_trace(key, circuit, inferences, trace, values, context=b"", seed=0, blinders=None, counts=None, by=Prover):
  """A proof's file of a trace and the integers that are stated (`docs/protocol/verification.md#proof-file`)."""
  return prove_with_rows(key, circuit, inferences, trace, values, context, seed, blinders, counts, by)[0]


def prove_with_rows(key, circuit, inferences, trace, values, context=b"", seed=0, blinders=None, counts=None, by=Prover):
  """A proof's file, and the cells and blinders of its committed rows (`docs/protocol/verification.md#proof-file`)."""
  public, counts = b"", [(counts or {}).get(number) for number in range(len(circuit.ports))]
  for port, integers, told in zip(circuit.ports, values, counts):
    if integers is not None:
      size = TYPE_SIZES[port.type]
      public += b"".join((value % (1 << 8 * size)).to_bytes(size, "little") for value in stated(port, integers, told))
  told = [count for listed in counts for count in listed or ()]
  transcript = circuit.scheme.transcript()
  statement = arguments.Statement(circuit, values, counts)
  prover = by(circuit, trace, statement, transcript, seed, blinders)
  points = [prover.commitment(*row) for row in prover.opened_rows]
  committed = b"".join(map(curve.encode, points))
  padded = [(8, b"".join(count.to_bytes(8, "big") for count in told))] if told else []
  head = [(2, key.model_id), (3, inferences.to_bytes(8, "big")), (4, context)]
  for label, data in head + padded + [(5, public)]:
    transcript.absorb(label, data)
  transcript.absorb_points(6, points, committed)
  prover.start = transcript.copy()
  head = bytes([circuit.scheme.number]) + key.model_id + building.unsigned(inferences) + building.unsigned(len(context)) + context
  head += b"".join(map(building.unsigned, told))
  rows = list(prover.opened_rows)
  return building.envelope(3, head + public + committed + prover.prove()), rows


def reveal(key, proof, place, indices, values, rows, context=b"", seed=0):
  """A reveal's file; rows are the cells and blinders of the port's rows (`docs/protocol/ties.md#reveal-file`)."""
  circuit, port = proof.circuit, proof.circuit.committed_ports()[place]
  told = building.listed(list(zip(indices, values)), lambda pair: building.unsigned(pair[0]) + building.signed(pair[1]))
  head = bytes([circuit.scheme.number, 1]) + key.model_id + building.unsigned(proof.inferences) + building.unsigned(len(context)) + context
  points = b"".join(map(curve.encode, proof.port_points(place)))
  draft = Draft(proof, place, port, list(zip(indices, values)), context, points)
  body = b""
  for number, (columns, members) in enumerate(draft.groups().items()):
    body += reveal_body(circuit, draft.transcript(key, proof.inferences, number), columns, members, rows, seed + number)
  return building.envelope(6, head + building.unsigned(place) + told + points + body)


class Draft(reveals.Reveal):
  """A reveal before its bodies are made (`docs/protocol/ties.md#reveal-file`)."""

  def __init__(self, proof, place, port, values, context, points):
    self.proof, self.place, self.port, self.values, self.context, self.points_bytes = proof, place, port, values, context, points
    self.points = proof.port_points(place)

  def groups(self):
    """The groups of rows (`docs/protocol/ties.md#groups`)."""
    return self.grouped(self.proof)


def reveal_body(circuit, transcript, columns, members, rows, seed):
  """The body of one group (`docs/protocol/ties.md#reveal-transcript`)."""
  opener = Opener(circuit, transcript, seed)
  opener.send_points(16, [opener.pads_point(opener.pads, opener.pads_blinder)])
  mu, chi = transcript.draw(133, 2)
  weights, by_column = powers(mu, len(members)), dict(zip(columns, powers(chi, len(columns))))
  target = opening.Target(circuit.witness_bits, 0, opening.CellWeights(circuit.witness_bits, by_column), [])
  vector = [sum(w * rows[row][0][j] for w, (row, _) in zip(weights, members)) % P for j in range(opener.length)]
  opener.open_target(target, vector, sum(w * rows[row][1] for w, (row, _) in zip(weights, members)))
  return opener.body


class Opener(Prover):
  """A prover of an opening alone, of no pads but the mask (`docs/protocol/ties.md#reveal-transcript`)."""

  def __init__(self, circuit, transcript, seed):
    self.circuit, self.transcript, self.random, self.body = circuit, transcript, random.Random(seed), b""
    self.length = 1 << circuit.witness_bits
    self.pads, self.pads_blinder = [self.uniform()], self.uniform()


def key_proof(key, model, seed=0):
  """A key proof's file (`docs/protocol/key-proofs.md#file`)."""
  body = b""
  for number, places in enumerate(key_proofs.parts(key.circuit)):
    part = key_proofs.PartCircuit(key.circuit, places)
    cells = list(model) + [0] * ((1 << part.circuit.model_bits) - len(model))
    values = [digit for tensor in part.tensors for digit in tensor_digits(tensor, cells)]
    trace = Trace(part.circuit, cells, lambda place, trace, values=values: values[place])
    statement = arguments.Statement(part.circuit, [None] * len(values), [None] * len(values))
    transcript = key_proofs.begun(key, number)
    body += Prover(part.circuit, trace, statement, transcript, seed + number, claims=part.claims).prove()
  return building.envelope(4, bytes([key.circuit.scheme.number, 1]) + key.model_id + body)


def tensor_digits(tensor, model):
  """The digits of the cells of a tensor, the lowest first (`docs/protocol/key-proofs.md#digits`)."""
  cells, count = [model[tensor.offset + cell] for cell in cell_places(tensor.shape)], len(stored_digits(tensor.stored))
  if tensor.stored == SIGN:
    cells = [(cell + 1) // 2 for cell in cells]
  for j in range(count):
    mask = -1 if j == count - 1 else 4095
    yield [cell >> (12 * j) & mask for cell in cells]
