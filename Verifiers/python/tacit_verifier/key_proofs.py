"""Proofs that the cells of a key's model are integers of their types (`docs/protocol/key-proofs.md`)."""

from . import arguments, batches
from . import functionals as F
from .circuit import INT8, ONE_HOT, PRIVATE, SIGN, Block, Circuit, Function, Port, Segment, itself, padded_bits, stored_digits
from .field import P
from .encodings import KEY_PROOF, Reader, payload
from .forms import Channel, Form
from .functionals import Functional, TensorWeights, power_weights
from .refusal import demand
from .schemes import scheme_of
from .sizes import Rows, body_elements
from .verification import Argument
from .work import check_work

VERSION = 1
MOST_ROWS = 1 << 24
MOST_BLOCKS = 4096


def parts(circuit):
  """The tensors of each part, by their places (`docs/protocol/key-proofs.md#parts`)."""
  found, rows, blocks = [], 0, 0
  for place, tensor in enumerate(circuit.tensors):
    count = len(stored_digits(tensor.stored))
    size = count << padded_bits(tensor.shape)
    demand(size <= MOST_ROWS, "a tensor that is too large for a key proof")
    if not found or rows + size > MOST_ROWS or blocks + count > MOST_BLOCKS:
      found.append([])
      rows = blocks = 0
    found[-1].append(place)
    rows, blocks = rows + size, blocks + count
  return found


class PartCircuit:
  """The circuit of a part, and the digit blocks of its tensors (`docs/protocol/key-proofs.md#circuit-of-a-part`)."""

  def __init__(self, circuit, places):
    self.tensors = [circuit.tensors[place] for place in places]
    ranges = [pair for tensor in self.tensors for pair in stored_digits(tensor.stored)]
    kinds = list(dict.fromkeys(ranges))
    shapes = [tensor.shape for tensor in self.tensors for _ in stored_digits(tensor.stored)]
    offsets, end = [0] * len(shapes), 0
    for block in sorted(range(len(shapes)), key=lambda i: -padded_bits(shapes[i])):
      offsets[block] = end
      end += 1 << padded_bits(shapes[block])
    blocks = [Block(shape, offsets[i], kinds.index(ranges[i]), 0, 4, itself(i, shape)) for i, shape in enumerate(shapes)]
    inputs = [Port("", (i,), PRIVATE, shape, INT8, 1.0, 0) for i, shape in enumerate(shapes)]
    functions = [Function((Segment(low, high - low + 1, low, 1),)) for low, high in kinds]
    self.circuit = Circuit(
      1, 2, 13, circuit.row_bits, tuple(functions), circuit.tensors, tuple(blocks), (), tuple(inputs), (), scheme=circuit.scheme)
    check_work(self.circuit, self.tensors)

  def claims(self, statement, ledger):
    """A claim for each tensor of the part, two for a one-hot one (`docs/protocol/key-proofs.md#claims`)."""
    x, block = ledger.channel.draw(116), 0
    for tensor in self.tensors:
      axes = power_weights(tensor.shape, x)
      found = [Functional((F.MODEL, 0), 1, TensorWeights(tensor.offset, tensor.shape, axes))]
      for j in range(len(stored_digits(tensor.stored))):
        offset = self.circuit.blocks[block].offset
        unit = 2 if tensor.stored == SIGN else 1 << (12 * j)
        found.append(Functional((F.Y, 0), -unit, TensorWeights(offset, tensor.shape, axes)))
        block += 1
      ledger.claim(Form(-total(axes) if tensor.stored == SIGN else 0), found)
      if tensor.stored == ONE_HOT:
        axes = power_weights(tensor.shape[:-1], x)
        ones = [[1] * extent for extent in tensor.shape[-1:]]
        ledger.claim(Form(total(axes)), [Functional((F.MODEL, 0), 1, TensorWeights(tensor.offset, tensor.shape, axes + ones))])


def total(axes):
  """The sum of all products of weights (`docs/protocol/key-proofs.md#claims`)."""
  result = 1
  for weights in axes:
    result = result * sum(weights) % P
  return result


def verify(key, data):
  """Verifies a key proof, or refuses it (`docs/protocol/key-proofs.md#verdict`)."""
  reader = Reader(payload(data, KEY_PROOF))
  demand(scheme_of(reader.byte()) is key.circuit.scheme, "a key proof of another scheme")
  demand(reader.byte() == VERSION, "a key proof of another version")
  demand(reader.take(32) == key.model_id, "a key proof of another model")
  listed = [PartCircuit(key.circuit, places) for places in parts(key.circuit)]
  rows = [Rows(part.circuit) for part in listed]
  lengths = [32 * body_elements(part.circuit, r) for part, r in zip(listed, rows)]
  demand(reader.left() == sum(lengths), "a key proof of another length")
  found = [argue(key, number, *part, reader.take(length)) for number, (part, length) in enumerate(zip(zip(listed, rows), lengths))]
  demand(batches.joint_equation(key.circuit.scheme, found).vanishes(), "the final check fails")


def begun(key, number):
  """What the transcript of a part begins with (`docs/protocol/key-proofs.md#transcript`)."""
  transcript = key.circuit.scheme.transcript()
  transcript.absorb(2, key.model_id)
  transcript.absorb(7, bytes([VERSION]) + number.to_bytes(8, "big"))
  transcript.absorb_number(3, 1)
  for label in (4, 5, 6):
    transcript.absorb(label, b"")
  return transcript


def argue(key, number, part, rows, body):
  """Verifies one part up to the equation in the group (`docs/protocol/key-proofs.md#circuit-of-a-part`)."""
  transcript = begun(key, number)
  statement = arguments.Statement(part.circuit, *[[None] * len(part.circuit.inputs)] * 2)
  return Argument(statement, key.model, Channel(transcript, body), rows, [], part.claims)
