"""Proofs of traces and statements that break one rule each, by a prover that follows the protocol otherwise (`docs/protocol/circuit.md#satisfied`)."""

from tacit_verifier import curve, pairs
from tacit_verifier import functionals as F
from tacit_verifier.circuit import PUBLIC
from tacit_verifier.field import P, inverse
from tacit_verifier.verification import Key

from . import prover, samples
from .tracing import Trace


class Attempt:
  """One sample's honest trace and statement, most often of one inference, to be altered."""

  def __init__(self, base, key_data, model=None, inferences=1):
    self.base, self.key, self.inferences = base, Key(key_data), inferences
    self.sample = {**samples.ALL, **samples.CHAINS}[base]()
    self.circuit = circuit = self.key.batch(inferences)
    self.model = self.sample.model() if model is None else model
    cells = self.model + [0] * ((1 << circuit.model_bits) - len(self.model))
    given = self.sample.given(inferences)
    indices = self.sample.numbers(inferences)
    self.counts = self.sample.told(inferences)
    known = [indices.get(i) or given(port.blocks[0], None) for i, port in enumerate(circuit.inputs)]
    self.trace = Trace(circuit, cells, given, known)
    self.values = []
    for number, port in enumerate(circuit.ports):
      found = indices[number] if not port.blocks else prover.integers_of(circuit, port, self.trace)
      self.values.append(found if port.visibility == PUBLIC else None)

  def row(self, place, index=0):
    """The row of a block's cell; the samples that are used have blocks of one axis."""
    return self.key.circuit.blocks[place].offset + index

  def proof(self, by=prover.Prover):
    """The proof of what it is now, by a prover who may lie in the opening."""
    return prover.prove_trace(self.key, self.circuit, self.inferences, self.trace, self.values, counts=self.counts, by=by)


def altered(base, key_data, change, inferences=1):
  """The proof of a sample after a change of its trace or statement."""
  attempt = Attempt(base, key_data, inferences=inferences)
  change(attempt)
  return attempt.proof()


def other_statement(attempt):
  """An output that the trace does not have."""
  attempt.values[1][0] += 1


def other_output(attempt):
  """An output that the sum does not make, in trace and statement, with its look-up."""
  row, trace = attempt.row(1), attempt.trace
  trace.y[row] += 1
  trace.q[row] += 1
  trace.lookups[row] = (2, trace.y[row], trace.y[row])
  attempt.values[1][0] += 1


def other_output_and_limb(attempt):
  """A quotient one higher and a remainder 2^S lower, as (row) has it: a limb is out of its range."""
  other_output(attempt)
  attempt.trace.limbs[-1][attempt.row(1)] -= 16


def limb_out_of_range(attempt):
  """A low limb of 16 and a top limb that is 1 less."""
  row = attempt.row(1)
  change = 16 * (attempt.trace.limbs[0][row] // 16) + 16
  attempt.trace.limbs[0][row] += change
  attempt.trace.limbs[1][row] -= change // 16


def other_sum(attempt):
  """A sum that the relation does not say, with limbs, quotient and look-up of its own."""
  row, trace = attempt.row(1), attempt.trace
  trace.acc[row] += 256
  other_output(attempt)


def nothing_looked_up(attempt):
  """A value that the function does not have."""
  row = attempt.row(1)
  attempt.trace.lookups[row] = (2, attempt.trace.y[row], attempt.trace.y[row] + 1)


def gap_of_y(attempt):
  """A value of y in a row of no block."""
  attempt.trace.y[attempt.row(1, 3)] = 1


def gap_of_limbs(attempt):
  """A limb in a row of no block, within its range: no relation reads it."""
  attempt.trace.limbs[0][attempt.row(1, 3)] = 3
  attempt.trace.limbs[1][attempt.row(1, 3)] = -1


def other_multiplier(attempt):
  """A multiplier of another channel."""
  row, trace = attempt.row(1), attempt.trace
  trace.multiplier[row] += 1


def other_advice(attempt):
  """A quotient one higher in its limb, with its look-up."""
  row, trace = attempt.row(2), attempt.trace
  trace.y[row] += 1
  trace.acc[row] += 1
  trace.lookups[row] = (2 + 2, trace.y[row], trace.y[row])


def other_index(attempt):
  """Rows of another place than the statement says."""
  attempt.values[0][0] = 3


def fewer(port, inference=0):
  """A count one lower, which leaves out values of the trace that are not the padding."""

  def change(attempt):
    attempt.counts[port][inference] -= 1

  return change


def fewer_and_padding(attempt):
  """A count one lower of a public input, and the padding in the statement, where the trace has other values."""
  attempt.counts[0][0] -= 1
  attempt.values[0][2] = attempt.values[0][6] = 5


def fewer_indices(attempt):
  """A count one lower of indices, and the padding in the statement, where rows of another place were read."""
  attempt.counts[0][0] -= 1
  attempt.values[0][1] = 4


CHANGES = [
  ("another statement", "dense", other_statement), ("another output", "dense", other_output),
  ("another output and limb", "dense", other_output_and_limb), ("limb out of range", "dense", limb_out_of_range),
  ("another sum", "dense", other_sum), ("nothing looked up", "dense", nothing_looked_up), ("gap of y", "dense", gap_of_y),
  ("gap of limbs", "dense", gap_of_limbs), ("another multiplier", "scaled", other_multiplier), ("another advice", "quotient", other_advice),
  ("another index", "embedding", other_index),
]


PADDINGS = [
  ("padding of a public input", "padded", fewer_and_padding, 1), ("padding of a private input", "padded-private", fewer(0), 1),
  ("padding of one inference of three", "padded-private", fewer(0, 1), 3), ("padding of the second private input", "padded-hidden", fewer(1), 1),
  ("padding of a private output", "padded-hidden", fewer(2), 1), ("padding of a committed input", "padded-committed", fewer(0), 1),
  ("padding of a committed output", "padded-committed", fewer(2, 1), 3), ("padding of a high limb", "padded-limbs", fewer(0), 1),
  ("padding of a low limb", "padded-limbs", fewer(0, 2), 3),
  ("padding of committed limbs", "padded-committed-limbs", fewer(0), 1), ("another padded index", "padded-indices", fewer_indices, 1),
]


def other_quotient(attempt):
  """A quotient that the step does not make, beside the right output."""
  attempt.trace.q[attempt.row(1)] += 1


def limb_below_range(attempt):
  """A quotient one higher, with its output and look-up, and the last limb 16 lower, which is out of its range."""
  other_output(attempt)
  limbs, bits = attempt.trace.limbs, attempt.circuit.limb_bits
  limbs[-1][attempt.row(1)] -= 1 << bits


class OtherSlots(prover.Prover):
  """Errors of h in two slots, with the sum as it is."""

  def pair_fractions(self):
    super().pair_fractions()
    h, size = self.columns[(F.FRACTIONS, 0)], 1 << self.circuit.n
    h[0], h[size] = (h[0] + 1) % P, (h[size] - 1) % P


class FirstPadding(prover.Prover):
  """h less by the first slot's value on padding in every slot."""

  def pair_fractions(self):
    super().pair_fractions()
    h, size = self.columns[(F.FRACTIONS, 0)], 1 << self.circuit.n
    first, *others = pairs.fractions_on_padding(self.circuit, self.prints)
    for slot, padding in enumerate(others[:self.circuit.slots - 1], 1):
      h[slot * size:(slot + 1) * size] = [(value + padding - first) % P for value in h[slot * size:(slot + 1) * size]]


class OtherDummy(prover.Prover):
  """The dummy of a row taken for a look-up of another row of the table, in h and in the multiplicities."""

  def count_lookups(self):
    super().count_lookups()
    counts = self.columns[(F.MULTIPLICITIES, 0)]
    counts[0], counts[1] = counts[0] - 1, counts[1] + 1

  def pair_fractions(self):
    super().pair_fractions()
    place = (self.circuit.limbs + 1) // 2 << self.circuit.n
    h, alpha = self.columns[(F.FRACTIONS, 0)], self.prints.alpha
    h[place] = (h[place] + inverse(self.table_prints[1]) - inverse(alpha)) % P


class OtherMessage(prover.Prover):
  """One of the values at the end of the pairs and 1."""
  place = 0

  def pair_message(self, values):
    found = super().pair_message(values)
    found[self.place] += 1
    return found


PAIRS = [
  ("another q", other_quotient, prover.Prover), ("limb below its range", limb_below_range, prover.Prover),
  ("h in two slots", None, OtherSlots), ("padding of the first slot", None, FirstPadding), ("another dummy", None, OtherDummy),
] + [
  (f"another {name} of pairs", None, type("Other", (OtherMessage,), {"place": place})) for place, name in enumerate(("h", "first side", "second side", "product", "sum"))
]


class ByFieldCheck(prover.Prover):
  """Sends the u that the field check asks for, so that the inner product alone is false (`docs/protocol/opening.md#field-check`)."""

  def opened_value(self, target, shown, theta, delta, x0, x1):
    left = shown[target.pads + len(target.products)]
    for k, (a, b) in enumerate(target.products):
      left += pow(theta, k + 1, P) * (shown[a] * shown[b] - delta * shown[target.pads + k])
    known = sum(value * target.omega.get(cell, 0) for cell, value in shown.items())
    return ((x0 + delta * x1 + delta * delta * target.value - left) * inverse(delta) - known) % P


class FittingF1(ByFieldCheck):
  """F₁ of the sum that is claimed, so that F₂ is the true one and the first quotient has a remainder."""

  def sent_quotient_value(self, value, u):
    return value + 2 * (u - self.true_value)


class OtherF1(prover.Prover):
  """F₁ and 1."""

  def sent_quotient_value(self, value, u):
    return value + 1


class OtherS(ByFieldCheck):
  """An S with a further cell, and F₁ and quotients as they follow from it."""

  def sent_reciprocals(self, cells):
    return [(cells[0] + 1) % P] + cells[1:]


class OtherTrueS(OtherS):
  """The same of a sum that is true."""

  def opened_value(self, target, shown, theta, delta, x0, x1):
    return self.true_value


class SwappedQuotients(prover.Prover):
  """W₁ and W₂ exchanged."""

  def sent_quotients(self, points):
    return points[::-1]


class OtherQuotient(prover.Prover):
  """The second quotient of another polynomial."""

  def sent_quotients(self, points):
    return [points[0], curve.affine(curve.multiply_sum([1, 1], [points[1], (1, 2)]))]


class ShiftedBlinders(prover.Prover):
  """b_t one higher and b_s one lower."""

  def sent_blinders(self, row, pads):
    return [row + 1, pads - 1]


class OtherShownMask(ByFieldCheck):
  """Another cell for the mask, and u as the field check asks for."""

  def shown(self, cells):
    *rest, mask = cells
    return {**cells, mask: (cells[mask] + 1) % P}


OPENINGS = [
  ("a sum that is not so", other_statement, ByFieldCheck), ("F1 of a sum that is not so", other_statement, FittingF1),
  ("S with a further cell of a sum that is not so", other_statement, OtherS), ("S with a further cell", None, OtherTrueS), ("another F1", None, OtherF1),
  ("quotients exchanged", None, SwappedQuotients), ("another quotient", None, OtherQuotient), ("blinders shifted", None, ShiftedBlinders),
  ("another mask shown", None, OtherShownMask),
]
CHAIN_CHANGES = [("another statement", other_statement), ("another output", other_output), ("another sum", other_sum), ("nothing looked up", nothing_looked_up)]


def chain_proofs(key_of, base="srs-dense"):
  """Those by the scheme `srs`: of traces, of openings (`docs/protocol/scheme-srs.md#opening`), of another model."""
  for name, change in CHAIN_CHANGES:
    yield name, base, altered(base, key_of(base), change)
  for name, change, by in OPENINGS:
    attempt = Attempt(base, key_of(base))
    if change:
      change(attempt)
    yield name, base, attempt.proof(by)
  for name, change, by in PAIRS:
    attempt = Attempt(base, key_of(base))
    if change:
      change(attempt)
    yield name, base, attempt.proof(by)
  for base_of_four in ("srs-four-limbs", "srs-five-limbs"):
    attempt = Attempt(base_of_four, key_of(base_of_four))
    limb_below_range(attempt)
    yield f"limb below its range of {base_of_four[4:].replace('-', ' ')}", base_of_four, attempt.proof()
  model = samples.CHAINS[base]().model()
  model[0] += 100
  yield "another model", base, Attempt(base, key_of(base), model).proof()


def proofs(key_of):
  """All of them: a name, the sample and the proof's file."""
  for name, base, change in CHANGES:
    yield name, base, altered(base, key_of(base), change)
  yield "another model", "dense", other_model(key_of("dense"))
  for name, base, change, inferences in PADDINGS:
    yield name, base, altered(base, key_of(base), change, inferences)


def other_model(key_data):
  """An honest proof of a model that the key has no commitment to."""
  model = samples.ALL["dense"]().model()
  model[0] += 100
  return Attempt("dense", key_data, model).proof()
