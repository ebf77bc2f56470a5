"""Chosen integers of a committed tensor, with a proof of them (`docs/protocol/ties.md#reveal`)."""

from . import batches, curve, opening
from .encodings import REVEAL, Reader, payload
from .field import P, powers
from .forms import Channel
from .refusal import demand
from .schemes import scheme_of
from .ties import cell_places
from .verification import MOST_CONTEXT

VERSION = 1


class Reveal:
  """The parts of a reveal's file, read beside an accepted proof (`docs/protocol/ties.md#reveal-file`)."""

  def __init__(self, key, proof, data):
    reader = Reader(payload(data, REVEAL))
    demand(scheme_of(reader.byte()) is key.circuit.scheme, "a reveal of another scheme")
    demand(reader.byte() == VERSION, "a reveal of another version")
    demand(reader.take(32) == key.model_id, "a reveal of another model")
    demand(reader.unsigned() == proof.inferences, "a reveal of another number of inferences")
    self.context = reader.take(reader.count(MOST_CONTEXT))
    self.place = reader.unsigned()
    ports = proof.circuit.committed_ports()
    demand(self.place < len(ports), "a reveal of no port")
    self.port = ports[self.place]
    self.read_values(reader, proof)
    self.read_points(reader, proof)
    self.bodies = self.read_bodies(reader, proof)

  def read_values(self, reader, proof):
    """Reads the values that are told (`docs/protocol/ties.md#reveal-file`)."""
    total = proof.circuit.port_values(self.port)
    self.values = reader.list(total, lambda: (reader.unsigned(), reader.signed()))
    indices = [index for index, _ in self.values]
    demand(indices and indices[-1] < total, "a reveal of no value or of one that is not there")
    demand(all(a < b for a, b in zip(indices, indices[1:])), "indices that do not ascend")
    low, high = proof.circuit.port_range(self.port)
    demand(all(low <= value <= high for _, value in self.values), "a value out of its port's range")

  def read_points(self, reader, proof):
    """Reads the port's points, which are those of the proof (`docs/protocol/ties.md#reveal-verification`)."""
    expected = proof.port_points(self.place)
    self.points_bytes = reader.take(32 * len(expected))
    points = [curve.decode_present(self.points_bytes[i:i + 32]) for i in range(0, len(self.points_bytes), 32)]
    demand(points == expected, "a reveal of another tensor")
    self.points = points

  def read_bodies(self, reader, proof):
    """Finds the groups of rows and takes the body of each (`docs/protocol/ties.md#groups`)."""
    self.groups = self.grouped(proof)
    size = 32 * (1 + proof.circuit.scheme.elements(1 << proof.circuit.witness_bits, 1, 0))
    demand(reader.left() == size * len(self.groups), "a reveal of another length")
    return [reader.take(size) for _ in self.groups]

  def grouped(self, proof):
    """Rows with their cells, by the columns that are told of them (`docs/protocol/ties.md#groups`)."""
    cells, groups = self.cells_by_row(proof.circuit), {}
    committed = {row: i for i, row in enumerate(proof.rows.ports[self.place])}
    for row in sorted(cells, key=committed.get):
      groups.setdefault(tuple(sorted(cells[row])), []).append((committed[row], cells[row]))
    return groups

  def cells_by_row(self, circuit):
    """For each row of the trace the columns that are told, with what their cells hold (`docs/protocol/ties.md#groups`)."""
    rows = {}
    limbs = circuit.limb_values(self.port, [value for _, value in self.values])
    for place, cells in zip(self.port.blocks, limbs):
      block = circuit.blocks[place]
      places = cell_places(block.shape)
      for (index, _), cell in zip(self.values, cells):
        row, column = divmod(block.offset + places[index], 1 << circuit.witness_bits)
        rows.setdefault(row, {})[column] = cell
    return rows

  def transcript(self, key, inferences, group):
    """What a group's transcript begins with (`docs/protocol/ties.md#reveal-transcript`)."""
    transcript = key.circuit.scheme.transcript()
    transcript.absorb(128, bytes([VERSION]))
    transcript.absorb(2, key.model_id)
    transcript.absorb_number(3, inferences)
    transcript.absorb(4, self.context)
    transcript.absorb_number(129, self.place)
    transcript.absorb_points(6, self.points, self.points_bytes)
    transcript.absorb(130, b"".join(index.to_bytes(8, "big") for index, _ in self.values))
    transcript.absorb(131, b"".join(value.to_bytes(8, "big", signed=True) for _, value in self.values))
    transcript.absorb_number(132, group)
    return transcript


class Group:
  """The argument of one group of rows (`docs/protocol/ties.md#reveal-transcript`)."""

  def __init__(self, scheme, reveal, transcript, columns, rows, body, row_bits):
    channel = Channel(transcript, body)
    pads_commitment = channel.points(16, 1)[0]
    mu, chi = transcript.draw(133, 2)
    by_row, by_column = powers(mu, len(rows)), dict(zip(columns, powers(chi, len(columns))))
    commitments = [(weight, reveal.points[row]) for weight, (row, _) in zip(by_row, rows)]
    target = opening.Target(row_bits, 0, opening.CellWeights(row_bits, by_column), commitments)
    target.value = sum(weight * by_column[column] * value for weight, (_, cells) in zip(by_row, rows)
                       for column, value in cells.items()) % P
    self.group, self.seal = opening.open_target(scheme, channel, pads_commitment, target)


def verify(key, proof, data):
  """Verifies a reveal beside its accepted proof; gives it, or refuses (`docs/protocol/ties.md#reveal-verification`)."""
  reveal, found, scheme = Reveal(key, proof, data), [], key.circuit.scheme
  for number, ((columns, rows), body) in enumerate(zip(reveal.groups.items(), reveal.bodies)):
    transcript = reveal.transcript(key, proof.inferences, number)
    found.append(Group(scheme, reveal, transcript, columns, rows, body, proof.circuit.witness_bits))
  demand(batches.joint_equation(scheme, found).vanishes(), "the final check fails")
  return reveal
