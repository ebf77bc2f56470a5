"""Writes circuits, keys and files, for tests (`docs/protocol/circuit.md#bytes`)."""

import struct

from tacit_verifier import gadgets, last_steps
from tacit_verifier.circuit import PADDED, View
from tacit_verifier.encodings import MAGIC, VERSIONS


def unsigned(value):
  """An unsigned number (`docs/protocol/encodings.md#numbers`)."""
  found = bytearray()
  while value > 127:
    found.append(value & 127 | 128)
    value >>= 7
  return bytes(found + bytes([value]))


def signed(value):
  """A signed number (`docs/protocol/encodings.md#numbers`)."""
  return unsigned(2 * value if value >= 0 else -2 * value - 1)


def double(value):
  """A binary64 pattern (`docs/protocol/encodings.md#numbers`)."""
  return struct.pack("<d", value)


def text(value):
  """A text (`docs/protocol/encodings.md#numbers`)."""
  data = value.encode("utf-8")
  return unsigned(len(data)) + data


def listed(values, write):
  """A list (`docs/protocol/encodings.md#numbers`)."""
  return unsigned(len(values)) + b"".join(map(write, values))


def shape(extents):
  """A shape (`docs/protocol/circuit.md#bytes`)."""
  return listed(extents, signed)


def function(value):
  """A function (`docs/protocol/circuit.md#bytes`)."""
  if value.segments is not None:
    return text("") + b"\0" + listed(value.segments, lambda segment: b"".join(map(signed, segment)))
  return text("") + b"\1" + signed(value.lowest) + listed(value.outputs, lambda y: (y & 0xFFFF).to_bytes(2, "little"))


def tensor(value):
  """A tensor of the model (`docs/protocol/circuit.md#bytes`)."""
  return text("") + shape(value.shape) + signed(value.offset) + bytes([value.stored])


def window(value, through):
  """A window (`docs/protocol/circuit.md#bytes`)."""
  found = listed(value.steps, lambda step: signed(step[0]) + signed(step[1])) + signed(value.constant)
  return found + (unsigned(0 if value.through is None else value.through + 1) if through else b"")


def view(value):
  """A view (`docs/protocol/circuit.md#bytes`)."""
  through = bool(value.through_inputs())
  kind = (0 if value.of_block else 1) + (2 if through else 0)
  return bytes([kind]) + signed(value.source) + listed(value.windows, lambda w: window(w, through))


def term(value):
  """A term (`docs/protocol/circuit.md#bytes`)."""
  return signed(value.coefficient) + shape(value.summed) + listed(value.factors, view)


def terms(values):
  """A list of terms (`docs/protocol/circuit.md#bytes`)."""
  return listed(values, term)


def block(value):
  """A block (`docs/protocol/circuit.md#bytes`)."""
  multiplier = b"\1" + view(value.multiplier) if isinstance(value.multiplier, View) else b"\0" + signed(value.multiplier)
  place = shape(value.shape) + signed(value.offset) + signed(value.function) + signed(value.shift)
  return text("") + place + multiplier + terms(value.relation)


def check(value):
  """A width check (`docs/protocol/gadgets.md#width-checks`)."""
  return signed(value.block) + signed(value.width)


def gadget(value):
  """A gadget (`docs/protocol/gadgets.md#kinds`)."""
  if isinstance(value, gadgets.Quotient):
    forms = terms(value.numerator) + terms(value.denominator)
    return b"\0" + forms + shape(value.limbs) + check(value.remainder) + check(value.rest)
  if isinstance(value, gadgets.SquareRoot):
    return b"\1" + terms(value.radicand) + shape(value.limbs) + check(value.remainder) + check(value.rest)
  if isinstance(value, gadgets.FirstMaximum):
    return b"\3" + terms(value.terms) + signed(value.places) + signed(value.one) + check(value.bound)
  return b"\2" + maximum(value)


def maximum(value):
  """A maximum (`docs/protocol/gadgets.md#maximum`)."""
  mask = b"\0"
  if value.mask:
    mask = b"\1" + terms(value.mask.terms) + signed(value.mask.sums) + signed(value.mask.check)
  places = (value.row_pointer, value.column_pointer, value.picked, value.maximum, value.one_row, value.one_column)
  beyond = b"\0" if value.beyond is None else b"\1" + signed(value.beyond)
  width = isinstance(value.bound, gadgets.WidthCheck)
  bound = b"\0" + check(value.bound) if width else b"\1" + signed(value.bound)
  return terms(value.terms) + mask + b"".join(map(signed, places)) + beyond + bound


def port(value):
  """A port (`docs/protocol/circuit.md#bytes`)."""
  kind = bytes([value.type])
  visibility = value.visibility + (PADDED if value.padding else 0)
  head = text(value.name) + shape(value.blocks) + bytes([visibility]) + shape(value.shape)
  padding = b"".join(map(signed, value.padding)) if value.padding else b""
  return head + kind + double(value.scale) + signed(value.zero_point) + kind + padding


def quantization(value):
  """A quantization (`docs/protocol/last-steps.md#bytes`)."""
  return bytes([value.type]) + double(value.scale) + signed(value.zero_point)


def step(value):
  """A last step (`docs/protocol/last-steps.md#bytes`)."""
  head, kind = bytes([value.kind]), value.kind
  optional = b"\0" if value.quantization is None else b"\1" + quantization(value.quantization)
  if kind == last_steps.SOFTMAX:
    return head + double(value.beta) + optional
  if kind == last_steps.LOG_SOFTMAX:
    return head + optional
  if kind in (last_steps.REQUANTIZE, last_steps.QLINEAR, last_steps.QUANTIZE):
    return head + quantization(value.quantization)
  if kind == last_steps.ARGMAX:
    return head + signed(value.axis)
  if kind == last_steps.TABLE:
    return head + listed(value.entries, lambda entry: struct.pack("<f", entry))
  return head + (shape(value.entries) if kind in (last_steps.RESHAPE, last_steps.TRANSPOSE) else b"")


def circuit(value):
  """A circuit, without names of its parts (`docs/protocol/circuit.md#bytes`)."""
  parameters = (value.limbs, value.limb_bits, value.quotient_bits, value.row_bits)
  parts = [listed(value.functions, function), listed(value.tensors, tensor), listed(value.blocks, block),
           listed(value.gadgets, gadget), listed(value.inputs, port), listed(value.outputs, port)]
  steps = b"".join(listed(found, step) for found in value.final_steps)
  return bytes([value.scheme.number]) + text("") + b"".join(map(signed, parameters)) + b"".join(parts) + steps + b"\0"


def envelope(kind, payload):
  """A file (`docs/protocol/encodings.md#files`)."""
  return MAGIC + bytes([kind]) + VERSIONS[kind].to_bytes(2, "little") + payload


def key(value, points):
  """A verifier key's file (`docs/protocol/encodings.md#verifier-key`)."""
  return envelope(2, circuit(value) + b"".join(points))
