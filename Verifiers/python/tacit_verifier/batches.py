"""The circuit of several inferences, and the weights of proofs that are checked together (`docs/protocol/batches.md`)."""

from dataclasses import replace
from math import prod

from . import gadgets
from .circuit import View, Window
from .field import bits

MOST_INFERENCES = 4096


def batched(circuit, count):
  """The circuit of so many inferences (`docs/protocol/batches.md#circuit`)."""
  if count == 1:
    return circuit
  return replace(
    circuit,
    blocks=tuple(batched_block(circuit, block, count) for block in circuit.blocks),
    gadgets=tuple(gadget.map(lambda terms: batched_terms(circuit, terms)) for gadget in circuit.gadgets),
    inputs=tuple(batched_port(port, count) for port in circuit.inputs),
    outputs=tuple(batched_port(port, count) for port in circuit.outputs),
    final_steps=(), inferences=count, witness_row_bits=row_bits(circuit, count))


def row_bits(circuit, count):
  """cc, the row bits of the witness (`docs/protocol/batches.md#row-length`)."""
  if circuit.committed_ports() or not circuit.scheme.rows_grow:
    return circuit.row_bits
  return max(circuit.row_bits, min(circuit.row_bits + bits(count) // 2, 11))


def batched_block(circuit, block, count):
  """A block of all inferences (`docs/protocol/batches.md#circuit`)."""
  multiplier = block.multiplier
  if isinstance(multiplier, View):
    multiplier = batched_view(circuit, multiplier)
  return block._replace(
    shape=(count,) + block.shape, offset=block.offset << bits(count), multiplier=multiplier,
    relation=batched_terms(circuit, block.relation))


def batched_terms(circuit, terms):
  """Terms over the views of all inferences (`docs/protocol/batches.md#circuit`)."""
  return tuple(t._replace(factors=tuple(batched_view(circuit, view) for view in t.factors)) for t in terms)


def batched_view(circuit, view):
  """A view with its labels moved up, and the inference in front (`docs/protocol/batches.md#circuit`)."""
  windows = tuple(batched_window(circuit, window) for window in gadgets.moved(view, 0, 1).windows)
  return view._replace(windows=((Window(((0, 1),)),) if view.of_block else ()) + windows)


def batched_window(circuit, window):
  """A window, which takes the integers of its own inference where it goes through an input (`docs/protocol/batches.md#circuit`)."""
  if window.through is None:
    return window
  count = prod(circuit.inputs[window.through].shape)
  return window._replace(steps=((0, count),) + window.steps)


def batched_port(port, count):
  """A port of all inferences (`docs/protocol/batches.md#circuit`)."""
  shape, padding = batched_shape(port.shape, count), port.padding
  if padding:
    padding = padding._replace(axis=padding.axis + len(shape) - len(port.shape))
  return port._replace(shape=shape, padding=padding)


def batched_shape(shape, count):
  """A shape of all inferences (`docs/protocol/batches.md#circuit`)."""
  return (count,) + (shape[1:] if shape[:1] == (1,) else shape)


def joint_weights(scheme, seals):
  """The weights of equations that are added (`docs/protocol/batches.md#many-proofs`)."""
  if len(seals) < 2:
    return [1] * len(seals)
  transcript = scheme.transcript()
  transcript.absorb(160, b"".join(seal.to_bytes(32, "big") for seal in seals))
  return [1] + transcript.draw(161, len(seals) - 1)


def joint_equation(scheme, arguments):
  """The equations in the group of several proofs, added with their weights (`docs/protocol/batches.md#many-proofs`)."""
  total = scheme.equation()
  for argument, weight in zip(arguments, joint_weights(scheme, [argument.seal for argument in arguments])):
    total.include(argument.group, weight)
  return total
