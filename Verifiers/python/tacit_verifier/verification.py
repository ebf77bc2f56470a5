"""Verifier keys, proofs, and one whole verification (`docs/protocol/verification.md`)."""

from hashlib import sha256
from math import isfinite, prod

from . import arguments, batches, curve, opening
from .acceptance import check_circuit
from .circuit import FLOAT32, PUBLIC, TYPE_SIZES, UINT8, read_circuit, single_of, type_range
from .encodings import PROOF, VERIFIER_KEY, Reader, model_id, payload
from .field import last
from .forms import Channel, Ledger
from .lookups import look_up
from .refusal import demand
from .schemes import scheme_of
from .sizes import Rows, body_elements, padded_scalars

MOST_CONTEXT = 65536


class Key:
  """An accepted verifier key (`docs/protocol/encodings.md#verifier-key`)."""

  def __init__(self, data):
    """Reads the bytes of a key's file, and refuses a key that breaks a condition."""
    content = payload(data, VERIFIER_KEY)
    reader = Reader(content)
    self.model_id = model_id(content)
    self.circuit = read_circuit(reader)
    check_circuit(self.circuit)
    self.model_rows = Rows(self.circuit).model
    demand(reader.left() == 32 * len(self.model_rows), "a key with too few or too many points")
    self.model = [reader.point() for _ in self.model_rows]
    self.batches = {1: self.circuit}

  def batch(self, count):
    """The circuit of so many inferences, refused where it is not accepted (`docs/protocol/batches.md#validation`)."""
    demand(1 <= count <= batches.MOST_INFERENCES, "no or too many inferences")
    if count not in self.batches:
      circuit = batches.batched(self.circuit, count)
      check_circuit(circuit)
      self.batches[count] = circuit
    return self.batches[count]


class Proof:
  """The parts of a proof's file, read under a key (`docs/protocol/verification.md#reading`)."""

  def __init__(self, key, data):
    reader = Reader(payload(data, PROOF))
    demand(scheme_of(reader.byte()) is key.circuit.scheme, "a proof of another scheme")
    demand(reader.take(32) == key.model_id, "a proof of another model")
    self.inferences = reader.unsigned()
    self.circuit = key.batch(self.inferences)
    self.digest_part = data[10:]
    self.context = reader.take(reader.count(MOST_CONTEXT))
    self.counts = [read_counts(reader, self.inferences, port) for port in self.circuit.ports]
    self.counts_bytes = counts_bytes(self.counts)
    start = reader.at
    self.values = [read_integers(reader, port, counts) for port, counts in zip(self.circuit.ports, self.counts)]
    self.public_bytes = reader.data[start:reader.at]
    self.rows = Rows(self.circuit)
    count = len(self.rows.committed)
    demand(reader.left() == 32 * (count + body_elements(self.circuit, self.rows)), "a body of another length")
    self.committed_bytes = reader.take(32 * count)
    self.body = reader.take(reader.left())
    self.check_values()
    self.committed = [curve.decode_present(self.committed_bytes[i:i + 32]) for i in range(0, 32 * count, 32)]

  def check_values(self):
    """The ranges of public integers, and of those that windows go by (`docs/protocol/verification.md#reading`)."""
    for port, values in zip(self.circuit.ports, self.values):
      if values is not None:
        for low, high in [type_range(port.type)] + ([self.circuit.port_range(port)] if port.blocks else []):
          demand(low <= min(values) and max(values) <= high, "an integer that its port cannot have")
        demand(port.type != FLOAT32 or all(map(isfinite, map(single_of, values))), "a float that is no finite number")
    for number, extent in self.circuit.index_extents.items():
      values = self.values[number]
      demand(0 <= min(values) and max(values) < extent, "an index beyond its axis")

  def digest(self):
    """The digest by which the next step of a chain names this proof (`docs/protocol/ties.md#chain`)."""
    return sha256(b"tacit proof" + self.digest_part).digest()

  def port_points(self, port):
    """The points of one of the committed ports, by its place among them (`docs/protocol/ties.md#ties-between-proofs`)."""
    start = sum(map(len, self.rows.ports[:port]))
    return self.committed[start:start + len(self.rows.ports[port])]


def read_counts(reader, inferences, port):
  """The counts of a padded port, one for each inference, `None` for another (`docs/protocol/verification.md#proof-file`)."""
  if not port.padding:
    return None
  counts = [reader.unsigned() for _ in range(inferences)]
  demand(max(counts) <= port.shape[port.padding.axis], "a count beyond its axis")
  return counts


def counts_bytes(counts):
  """All counts as they are absorbed (`docs/protocol/transcript.md#labels`)."""
  return b"".join(count.to_bytes(8, "big") for listed in counts for count in listed or ())


def read_integers(reader, port, counts):
  """The integers of a public port with what is behind its counts, `None` for another (`docs/protocol/verification.md#public-tensors`)."""
  if port.visibility != PUBLIC:
    return None
  size, signed = TYPE_SIZES[port.type], port.type != UINT8
  runs = stated_runs(port, counts)
  data = reader.take(size * sum(stated for stated, _ in runs))
  stated = [int.from_bytes(data[i:i + size], "little", signed=signed) for i in range(0, len(data), size)]
  return filled(port, stated, runs)


def stated_runs(port, counts):
  """How many integers of a public port are stated and how many are filled in, by turns (`docs/protocol/verification.md#public-tensors`)."""
  if not port.padding:
    return [(prod(port.shape), 0)]
  axis = port.padding.axis
  extent, inner = port.shape[axis], prod(port.shape[axis + 1:])
  repeated = prod(port.shape[:axis]) // len(counts)
  return [(count * inner, (extent - count) * inner) for count in counts for _ in range(repeated)]


def filled(port, stated, runs):
  """The integers of a port with its padding (`docs/protocol/verification.md#public-tensors`)."""
  if not port.padding:
    return stated
  integers, at = [], 0
  for count, missing in runs:
    integers += stated[at:at + count] + [port.padding.value] * missing
    at += count
  return integers


class Argument:
  """All of a verification up to the equation in the group (`docs/protocol/verification.md#listing`)."""

  def __init__(self, statement, model, channel, rows, committed, claims):
    """Runs from step 7 on; claims makes those of the statement's tensors, or of model ranges."""
    circuit = statement.circuit
    pads_commitment = channel.points(16, 1)[0]
    phase_one = channel.points(17, rows.phase_one)
    prints = arguments.Fingerprints(circuit, *channel.transcript.draw(96, 2))
    phase_two = channel.points(18, rows.phase_two)
    ledger = Ledger(channel, padded_scalars(circuit))
    reduction = reduced(statement, ledger, prints, claims)
    commitments = opening.row_commitments(circuit, rows, reduction, committed, phase_one, phase_two, model)
    psi = opening.PointWeights(last(reduction.point, circuit.witness_bits))
    target = opening.Target(circuit.witness_bits, ledger.pads, psi, commitments)
    target.weigh(ledger, reduction.value, channel.draw(109))
    self.ledger = ledger
    self.group, self.seal = opening.open_target(circuit.scheme, channel, pads_commitment, target)


def reduced(statement, ledger, prints, claims):
  """The arguments, from look-ups to the claim that is left (`docs/protocol/verification.md#listing`)."""
  circuit = statement.circuit
  acc, weights = look_up(statement, ledger, prints)
  arguments.relations(statement, ledger, acc, weights)
  claims(statement, ledger)
  return arguments.Reduction(circuit, ledger)


def argue(key, proof, log=None):
  """Verifies a proof up to the equation in the group (`docs/protocol/verification.md#listing`)."""
  transcript = key.circuit.scheme.transcript(log)
  transcript.absorb(2, key.model_id)
  transcript.absorb_number(3, proof.inferences)
  transcript.absorb(4, proof.context)
  if proof.circuit.padded_ports():
    transcript.absorb(8, proof.counts_bytes)
  transcript.absorb(5, proof.public_bytes)
  transcript.absorb_points(6, proof.committed, proof.committed_bytes)
  statement = arguments.Statement(proof.circuit, proof.values, proof.counts)
  channel = Channel(transcript, proof.body)
  return Argument(statement, key.model, channel, proof.rows, proof.committed, arguments.stated_tensors)


def verify(key, data, log=None):
  """Reads and verifies one proof; gives it, or refuses (`docs/protocol/verification.md#listing`)."""
  proof = Proof(key, data)
  demand(argue(key, proof, log).group.vanishes(), "the final check fails")
  return proof
