"""Ties between proofs, declared tensors and chains (`docs/protocol/ties.md`)."""

from typing import NamedTuple, Optional, Sequence

from . import curve
from .circuit import padded_bits
from .field import bits
from .refusal import demand
from .verification import verify

MOST_SESSION = 65408


class State(NamedTuple):
  """A committed input and the committed output that it is tied to, by their places among inputs and outputs (`docs/protocol/ties.md#chain`)."""
  input: int
  output: int
  first: Optional[Sequence[int]] = None


def without_ones(count, shape):
  """A shape with the inferences in front and without extents of 1 (`docs/protocol/ties.md#identity-of-a-tensor`)."""
  return tuple(extent for extent in (count,) + shape if extent != 1)


def identity(key, count, port):
  """What a committed port's cells mean in so many inferences (`docs/protocol/ties.md#identity-of-a-tensor`)."""
  layout = tuple(without_ones(count, key.circuit.blocks[place].shape) for place in port.blocks)
  shifts = tuple(key.circuit.limb_shifts(port)[:-1])
  return port.type, port.scale, port.zero_point, count, without_ones(count, port.shape), layout, shifts, key.circuit.row_bits, key.circuit.scheme.number


def committed_place(key, port):
  """The place of a port, given by its number among all, among the committed ones (`docs/protocol/ties.md#reveal-file`)."""
  return sum(1 for other in key.circuit.ports[:port] if other.visibility == 2)


def demand_tie(first_key, first, first_port, second_key, second, second_port):
  """Refuses two accepted proofs that are not of one tensor at two ports (`docs/protocol/ties.md#ties-between-proofs`)."""
  left = identity(first_key, first.inferences, first_key.circuit.ports[first_port])
  right = identity(second_key, second.inferences, second_key.circuit.ports[second_port])
  demand(left == right, "ports that mean different tensors")
  points = first.port_points(committed_place(first_key, first_port))
  demand(points == second.port_points(committed_place(second_key, second_port)), "commitments to different tensors")


def declared_points(circuit, port, integers):
  """The commitments to a tensor that is no secret, with the blinder 1 (`docs/protocol/ties.md#declared-tensors`)."""
  points = []
  for place, cells in zip(port.blocks, circuit.limb_values(port, integers)):
    points += block_points(circuit, circuit.blocks[place], cells)
  return points


def block_points(circuit, block, cells):
  """The commitments to the rows of one declared block (`docs/protocol/ties.md#declared-tensors`)."""
  rows, length = {}, 1 << circuit.witness_bits
  for place, value in zip(cell_places(block.shape), cells):
    rows.setdefault(place // length, {})[place % length] = value
  points = []
  for row in sorted(rows):
    scalars, generators = [1], [circuit.scheme.generator(0)]
    for column, value in rows[row].items():
      if value:
        demand(circuit.scheme.has_generators, "a declared tensor whose commitment takes powers of a ceremony")
        scalars.append(value)
        generators.append(circuit.scheme.generator(column + 1))
    points.append(curve.affine(curve.multiply_sum(scalars, generators)))
  return points


def cell_places(shape):
  """The cells of a padded tensor in row-major order of its values, the offset left out (`docs/protocol/circuit.md#shapes-and-places`)."""
  places, below = [0], padded_bits(shape)
  for extent in shape:
    below -= bits(extent)
    places = [place + (v << below) for place in places for v in range(extent)]
  return places


def step_context(session, step, previous):
  """The context of one step of a chain (`docs/protocol/ties.md#chain`)."""
  return b"tacit chain 1\0" + len(session).to_bytes(8, "big") + session + step.to_bytes(8, "big") + previous


def verify_chain(key, session, steps, states, files):
  """Verifies a chain of proofs; gives them, or refuses (`docs/protocol/ties.md#chain`)."""
  demand(len(session) <= MOST_SESSION, "a session that is too long")
  demand(len(files) == steps, "a chain of another length")
  proofs, previous = [], bytes(32)
  for step, data in enumerate(files):
    proof = verify(key, data)
    demand(proof.context == step_context(session, step, previous), "a proof of another step")
    for state in states:
      check_state(key, proofs, proof, state)
    proofs.append(proof)
    previous = proof.digest()
  return proofs


def check_state(key, proofs, proof, state):
  """What a state of a chain begins with, or is tied to (`docs/protocol/ties.md#chain`)."""
  if proofs:
    output = len(key.circuit.inputs) + state.output
    demand_tie(key, proofs[-1], output, key, proof, state.input)
    return
  port = proof.circuit.inputs[state.input]
  count = proof.circuit.port_values(port)
  integers = [port.zero_point] * count if state.first is None else list(state.first)
  low, high = proof.circuit.port_range(port)
  demand(len(integers) == count, "a first state of another size")
  demand(all(low <= value <= high for value in integers), "a first state out of its range")
  points = declared_points(proof.circuit, port, integers)
  demand(points == proof.port_points(committed_place(key, state.input)), "a chain that begins with another state")
