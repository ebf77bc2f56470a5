"""Small circuits for tests, which break no condition of `docs/protocol/accepting-a-key.md`."""

from dataclasses import replace

from tacit_verifier.circuit import INT8, PUBLIC, Block, Circuit, Function, Port, Segment, Tensor, Term, View, Window, itself


def plain(*labels):
  """Windows of one step each, or those that are given."""
  return tuple(label if isinstance(label, Window) else Window(((label, 1),)) for label in labels)


def of_block(source, *windows):
  """A view of a block."""
  return View(True, source, plain(*windows))


def of_tensor(source, *windows):
  """A view of a tensor of the model."""
  return View(False, source, plain(*windows))


def identity(low, high):
  """The identity on a range."""
  return Function((Segment(low, high - low + 1, low, 1),))


def port(blocks, shape, visibility=PUBLIC, kind=INT8, zero_point=0, name="x"):
  """A port."""
  return Port(name, tuple(blocks), visibility, tuple(shape), kind, 0.5, zero_point)


def given(place, shape, offset, function=0, scale_bits=8):
  """A given block."""
  return Block(tuple(shape), offset, function, 0, 1 << scale_bits, itself(place, shape))


def dense():
  """Four numbers in, three numbers out: y = (W·x + bias) / 2^8, clamped."""
  relation = (Term(1, (4,), (of_block(0, 1), of_tensor(0, 0, 1))), Term(1, (), (of_tensor(1, 0),)), Term(7, (), ()))
  return Circuit(
    limbs=2, limb_bits=4, quotient_bits=9, row_bits=2,
    functions=(identity(-128, 127),),
    tensors=(Tensor((3, 4), 0, 1), Tensor((3,), 16, 4)),
    blocks=(given(0, (4,), 0), Block((3,), 4, 0, 0, 1, relation)),
    gadgets=(), inputs=(port((0,), (4,)),), outputs=(port((1,), (3,)),), final_steps=((),))


def changed_block(circuit, place, **changes):
  """A circuit with a block changed."""
  blocks = list(circuit.blocks)
  blocks[place] = blocks[place]._replace(**changes)
  return replace(circuit, blocks=tuple(blocks))
