"""Circuits that break one condition of `docs/protocol/accepting-a-key.md` each, beside some at a limit that are accepted."""

from dataclasses import replace

from tacit_verifier import gadgets, last_steps
from tacit_verifier.circuit import (
  COMMITTED, FLOAT32, INT8, INT16, INT64, PRIVATE, PUBLIC, UINT8, Function, Padding, Port, Segment, Tensor, Term, View, Window)
from tacit_verifier.last_steps import Quantization, Step
from tacit_verifier.schemes import SRS
from tacit_verifier.work import MOST_PRODUCTS, work as work_of

from . import samples
from .samples import constant, identity, of_block, of_tensor, one, single


def block(circuit, place, **changes):
  """A circuit with a block changed."""
  blocks = list(circuit.blocks)
  blocks[place] = blocks[place]._replace(**changes)
  return replace(circuit, blocks=tuple(blocks))


def relation(circuit, place, *terms):
  """A circuit with another relation of a block."""
  return block(circuit, place, relation=tuple(terms))


def more(circuit, place, *terms):
  """A circuit with further terms in a relation."""
  return relation(circuit, place, *circuit.blocks[place].relation, *terms)


def function(circuit, place, value):
  """A circuit with another function."""
  functions = list(circuit.functions)
  functions[place] = value
  return replace(circuit, functions=tuple(functions))


def input_port(circuit, place, **changes):
  """A circuit with an input changed."""
  ports = list(circuit.inputs)
  ports[place] = ports[place]._replace(**changes)
  return replace(circuit, inputs=tuple(ports))


def output_port(circuit, **changes):
  """A circuit with its first output changed."""
  return replace(circuit, outputs=(circuit.outputs[0]._replace(**changes),) + circuit.outputs[1:])


def tensor(circuit, place, **changes):
  """A circuit with a tensor changed."""
  tensors = list(circuit.tensors)
  tensors[place] = tensors[place]._replace(**changes)
  return replace(circuit, tensors=tuple(tensors))


def steps(circuit, *found, **changes):
  """A circuit with last steps of its first output."""
  return output_port(replace(circuit, final_steps=(found,) + circuit.final_steps[1:]), **changes)


def gadget(circuit, **changes):
  """A circuit with its gadget changed."""
  return replace(circuit, gadgets=(replace(circuit.gadgets[0], **changes),))


def parameters():
  """Parameters and functions (`docs/protocol/accepting-a-key.md#parameters`)."""
  c = samples.dense().circuit
  yield "no limb", replace(c, limbs=0)
  yield "seven limbs", replace(samples.narrow(6).circuit, limbs=7)
  yield "limbs of one bit", replace(c, limb_bits=1)
  yield "limbs of seventeen bits", replace(samples.narrow(1).circuit, limb_bits=17)
  yield "scale bits above 60", replace(c, limbs=6, limb_bits=11)
  yield "no quotient bits", replace(c, quotient_bits=0)
  yield "eighteen quotient bits", replace(c, quotient_bits=18)
  yield "quotient bits below the quotients", replace(c, quotient_bits=7)
  yield "accepted: quotient bits of the quotients", replace(c, quotient_bits=8)
  yield "rows of two cells", replace(c, row_bits=1)
  yield "rows of 4096 cells", replace(c, row_bits=12)
  yield "accepted: rows of 2048 cells", replace(c, row_bits=11)
  yield "a function without a segment", replace(c, functions=c.functions + (Function(()),))
  yield "a function without a value", replace(c, functions=c.functions + (Function(None, 0, ()),))
  yield "a segment of no step", replace(c, functions=c.functions + (Function((Segment(0, 0, 0, 1),)),))
  yield "a slope of two", replace(c, functions=c.functions + (Function((Segment(0, 2, 0, 2),)),))
  yield "segments with a gap", replace(c, functions=c.functions + (Function((Segment(0, 2, 0, 1), Segment(3, 1, 0, 1))),))
  yield "an input below the least", replace(c, functions=c.functions + (Function((Segment(-131073, 1, 0, 1),)),))
  yield "accepted: the least input", replace(c, functions=c.functions + (Function((Segment(-131072, 1, 0, 1),)),))
  yield "an input above the largest", replace(c, functions=c.functions + (Function((Segment(131072, 2, 0, 0),)),))
  yield "an output above the largest", replace(c, functions=c.functions + (Function((Segment(0, 2, 131072, 1),)),))
  yield "accepted: the largest output", replace(c, functions=c.functions + (Function((Segment(0, 2, 131072, 0),)),))
  yield "an output below the least", replace(c, functions=c.functions + (Function((Segment(0, 1, -131073, 0),)),))
  yield "values beyond the inputs", replace(c, functions=c.functions + (Function(None, 131072, (1, 2)),))
  wide = tuple(Function((Segment(-131072, 262144, 0, 0),)) for _ in range(4))
  yield "a table of too many rows", replace(c, functions=c.functions + wide)


def places():
  """Shapes and offsets (`docs/protocol/accepting-a-key.md#places`)."""
  c = samples.dense().circuit
  yield "a block of an extent of 0", block(c, 1, shape=(0,))
  yield "an offset below 0", block(c, 1, offset=-4)
  yield "an offset between places", block(c, 1, offset=6)
  yield "blocks that overlap", block(c, 1, offset=0)
  yield "tensors that overlap", tensor(c, 1, offset=12)
  yield "accepted: blocks far apart", block(c, 1, offset=2 * 8 + (1 << 16) - 4)
  yield "blocks too far apart", block(c, 1, offset=2 * 8 + (1 << 16))
  yield "tensors too far apart", tensor(c, 1, offset=2 * 20 + (1 << 16))
  yield "a block of more rows than there may be", block(c, 1, shape=((1 << 24) + 1,))


def ports():
  """Ports (`docs/protocol/accepting-a-key.md#ports`)."""
  c, wide, hidden = samples.dense().circuit, samples.limbs().circuit, samples.visible(COMMITTED, COMMITTED).circuit
  yield "no output", replace(c, outputs=(), final_steps=())
  yield "a port's block that is not there", output_port(c, blocks=(2,))
  yield "an output without a block", output_port(c, blocks=())
  yield "blocks of different shapes", block(wide, 2, shape=(8,))
  yield "a port of another size than its block", output_port(c, shape=(4,))
  yield "accepted: a port of another shape", output_port(c, shape=(1, 3, 1))
  yield "a port of float32 with a scale", output_port(c, type=FLOAT32, zero_point=0, scale=0.5)
  yield "a port of float32 with a zero point", output_port(c, type=FLOAT32, zero_point=1, scale=1.0)
  yield "accepted: an output of float32", output_port(c, type=FLOAT32, zero_point=0, scale=1.0)
  yield "a scale of 0", output_port(c, scale=0.0)
  yield "a scale below 0", output_port(c, scale=-1.0)
  yield "a scale that is no number", output_port(c, scale=float("nan"))
  yield "a scale that is no single", output_port(c, scale=1e39)
  yield "accepted: a scale that is a single", output_port(c, scale=3e38)
  yield "accepted: a scale whose single is 0", output_port(c, scale=1e-300)
  yield "a zero point beyond the type", output_port(c, zero_point=128)
  yield "accepted: the least zero point of the type", output_port(c, zero_point=-128)
  yield "a zero point beyond 2^17", output_port(c, type=INT64, zero_point=(1 << 17) + 1)
  yield "accepted: a zero point of 2^17", output_port(c, type=INT64, zero_point=1 << 17)
  yield "a committed port below a row", replace(hidden, row_bits=3)
  yield "a block in two inputs", replace(c, inputs=c.inputs * 2)
  yield "a block twice in an input", input_port(c, 0, blocks=(0, 0))
  yield "a block in two committed ports", replace(hidden, outputs=hidden.outputs * 2, final_steps=((), ()))
  yield "accepted: a block in two outputs", replace(c, outputs=c.outputs * 2, final_steps=((), ()))
  yield "accepted: an output that is an input", replace(c, outputs=c.inputs)
  yield "an input with another multiplier", block(c, 0, multiplier=255)
  yield "an input with a shift", block(c, 0, shift=1)
  yield "an input whose function is none", function(replace(c, outputs=c.inputs), 0, Function((Segment(-128, 256, -127, 1),)))
  yield "an input that is computed", relation(c, 0, constant(1))
  yield "an input beyond its type", input_port(c, 0, zero_point=1)
  yield "accepted: an output beyond its type", output_port(c, zero_point=1)
  yield "a limb that is not canonical", function(wide, 1, identity(0, 254))
  yield "a limb with a sign", replace(wide, inputs=(wide.inputs[0]._replace(blocks=(1, 0)),))
  index = samples.embedding().circuit
  yield "an index port that is private", input_port(index, 0, visibility=PRIVATE)
  yield "an index port with a zero point", input_port(index, 0, zero_point=1)


def paddings():
  """Padded ports (`docs/protocol/accepting-a-key.md#ports`, `docs/protocol/accepting-a-key.md#ranges-of-ports`)."""
  c, wide, index = samples.padded().circuit, samples.padded_limbs().circuit, samples.padded_indices().circuit

  def padding(circuit, place, axis, value):
    return input_port(circuit, place, padding=Padding(axis, value))

  def output_padding(axis, value, **changes):
    return output_port(c, padding=Padding(axis, value), **changes)

  yield "a padded axis below 0", padding(c, 0, -1, 5)
  yield "a padded axis that is not there", padding(c, 0, 3, 5)
  yield "a padded axis of an extent of 1", padding(c, 0, 0, 5)
  yield "accepted: another padded axis", padding(c, 0, 1, 5)
  yield "a padded axis that its block does not have", output_padding(0, 4, shape=(4, 2))
  yield "a padded axis with other cells before it", output_padding(2, 4, shape=(2, 2, 2))
  yield "a padded axis of all cells", output_padding(0, 4, shape=(8,))
  yield "accepted: a padded axis beside others", output_padding(0, 4, shape=(2, 2, 2))
  yield "accepted: a padded axis behind axes of 1", output_padding(3, 4, shape=(1, 2, 1, 4, 1))
  yield "accepted: the least padding", padding(c, 0, 2, -5)
  yield "a padding below its port's range", padding(c, 0, 2, -6)
  yield "accepted: the largest padding", padding(c, 0, 2, 10)
  yield "a padding above its port's range", padding(c, 0, 2, 11)
  yield "accepted: an output's padding beyond its type", output_padding(1, 128, zero_point=100)
  yield "an output's padding beyond its range", output_padding(1, 132, zero_point=100)
  yield "accepted: the least padding in limbs", padding(wide, 0, 0, 3 - 2048)
  yield "a padding in limbs below its port's range", padding(wide, 0, 0, 3 - 2049)
  yield "accepted: the largest padding in limbs", padding(wide, 0, 0, 3 + 2047)
  yield "a padding in limbs above its port's range", padding(wide, 0, 0, 3 + 2048)
  yield "accepted: an index of 0 as padding", padding(index, 0, 1, 0)
  yield "an index beyond its axis as padding", padding(index, 0, 1, 5)
  yield "an index below 0 as padding", padding(index, 0, 1, -1)
  yield "an index with a block beyond its axis as padding", function(padding(index, 2, 0, 4), 1, identity(0, 7))
  unread = relation(index, 2, one(of_block(0, 0)))
  yield "accepted: an index that nothing reads as padding", padding(unread, 0, 1, -1)
  yield "an index that nothing reads beyond its type as padding", input_port(unread, 0, type=INT8, padding=Padding(1, 128))


def relations():
  """Blocks and views (`docs/protocol/accepting-a-key.md#blocks`)."""
  c = samples.dense().circuit
  x, w = of_block(0, 1), of_tensor(0, 0, 1)
  yield "a function that is not there", block(c, 1, function=1)
  yield "a shift beyond 2^17", block(c, 1, shift=(1 << 17) + 1)
  yield "quotients beyond their bits", block(c, 1, shift=200)
  yield "accepted: quotients at the end of their bits", block(c, 1, shift=128)
  yield "a multiplier below 0", block(c, 1, multiplier=-1)
  yield "accepted: a multiplier of 0", block(c, 1, multiplier=0)
  yield "accepted: the largest multiplier", block(c, 1, multiplier=(1 << 62) - 1)
  yield "a multiplier of 2^62", block(c, 1, multiplier=1 << 62)
  yield "accepted: a multiplier that is a view", block(c, 1, multiplier=of_tensor(1, 0))
  yield "a multiplier that is a block", block(c, 1, multiplier=of_block(0, 0))
  yield "a multiplier with a constant", block(c, 1, multiplier=of_tensor(1, Window(((0, 1),), 1)))
  yield "a multiplier with a stride", block(c, 1, multiplier=of_tensor(1, Window(((0, 2),))))
  yield "a multiplier of another extent", block(c, 1, multiplier=of_tensor(0, 0, Window((), 0)))
  yield "a relation without a term", relation(c, 1)
  yield "accepted: 256 terms", relation(c, 1, *[constant(1)] * 256)
  yield "257 terms", relation(c, 1, *[constant(1)] * 257)
  yield "a coefficient of 0", more(c, 1, constant(0))
  yield "accepted: the largest coefficient", more(c, 1, constant(1 << 60))
  yield "accepted: the least coefficient", more(c, 1, constant(-1 << 60))
  yield "a coefficient above 2^60", more(c, 1, constant((1 << 60) + 1))
  yield "a summed label that nothing reads", more(c, 1, Term(1, (2,), (of_tensor(1, 0),)))
  yield "a summed label of no value", more(c, 1, Term(1, (0,), (of_block(0, 1),)))
  yield "nine summed labels", more(c, 1, Term(1, (1,) * 9, (View(True, 0, (Window(tuple((1 + j, 1) for j in range(9))),)),)))
  yield "accepted: eight summed labels", more(c, 1, Term(1, (1,) * 8, (View(True, 0, (Window(tuple((1 + j, 1) for j in range(8))),)),)))
  yield "three factors", more(c, 1, Term(1, (4,), (x, x, w)))
  yield "a view of the block itself", more(c, 1, one(of_block(1, 0)))
  yield "a view of a later block", relation(c, 0, one(of_block(1, 0)))
  yield "a view of a tensor that is not there", more(c, 1, one(of_tensor(2, 0)))
  yield "too few windows", more(c, 1, one(of_tensor(0, 0)))
  yield "too many windows", more(c, 1, one(of_tensor(1, 0, 0)))
  yield "a label that is not there", more(c, 1, one(of_block(0, 1)))
  yield "a label twice", more(c, 1, one(of_tensor(0, 0, 0)))
  yield "a label twice in a window", more(c, 1, one(of_block(0, Window(((0, 1), (0, 1))))))
  yield "a stride of 0", more(c, 1, one(of_block(0, Window(((0, 0),)))))
  yield "accepted: the largest stride", more(c, 1, one(of_block(0, Window(((0, 1 << 20),)))))
  yield "a stride above 2^20", more(c, 1, one(of_block(0, Window(((0, (1 << 20) + 1),)))))
  yield "accepted: the least constant", more(c, 1, one(of_block(0, Window(((0, 1),), -1 << 20))))
  yield "a constant below −2^20", more(c, 1, one(of_block(0, Window(((0, 1),), (-1 << 20) - 1))))
  yield "accepted: a sum of 256 times its source", more(c, 1, Term(1, (1024,), (of_block(0, 1),)))
  yield "a sum of more than 256 times its source", more(c, 1, Term(1, (1025,), (of_block(0, 1),)))
  many = Term(1, (128, 128), (View(True, 0, (Window(((1, 1), (2, 1))),)), View(False, 0, (Window(((0, 1),)), Window(((1, 1), (2, 1)))))))
  yield "a product over more than 256 times its source", more(c, 1, many)


def indices():
  """Windows through inputs (`docs/protocol/accepting-a-key.md#views`)."""
  c = samples.embedding().circuit

  def through(number, stride=1, by=0):
    return one(View(False, 0, (Window(((0, stride),), by, number), Window((), 0))))

  yield "accepted: a window through an input", more(c, 1, through(0))
  yield "a window through an input that is not there", more(c, 1, through(3))
  yield "accepted: a window through an input with a block of its own", more(c, 1, through(1))
  yield "a window through a private input", input_port(more(c, 1, through(1)), 1, visibility=PRIVATE)
  yield "a window through an input with a zero point", input_port(more(c, 1, through(1)), 1, zero_point=1, type=INT16)
  yield "a window beyond its input", more(c, 1, through(0, 2))
  yield "a window before its input", more(c, 1, through(0, -1))
  yield "accepted: a window that goes backwards", more(c, 1, through(0, -1, 1))
  yield "a product through an input", more(c, 1, Term(1, (), (through(0).factors[0], of_block(0, 0))))
  yield "a multiplier through an input", block(c, 1, multiplier=View(False, 0, (Window(((0, 1),), 0, 0), Window(((1, 1),)))))


def gadget_faults():
  """Gadgets (`docs/protocol/gadgets.md#conditions`)."""
  q, r = samples.quotient().circuit, samples.root().circuit
  m, k = samples.maximum().circuit, samples.maximum(masked=True).circuit
  f, natural = samples.first_maximum().circuit, samples.maximum(natural=True).circuit
  yield "advice that no gadget has", replace(q, gadgets=())
  yield "a place of an export above its form", gadget(q, numerator=(one(of_block(6, 0)),))
  yield "a gadget twice", replace(q, gadgets=q.gadgets * 2)
  yield "a gadget's block that is not there", gadget(q, limbs=(2, 99))
  yield "a gadget without a limb", gadget(q, limbs=())
  yield "limbs in another order", gadget(q, limbs=(3, 2))
  yield "a limb that is a check", gadget(q, limbs=(2, 4))
  yield "a limb of another range", function(q, 2, identity(0, 14))
  yield "a limb with a shift", block(q, 2, shift=1)
  yield "a limb with another multiplier", block(q, 2, multiplier=1)
  yield "a limb that is computed", relation(q, 2, constant(1))
  yield "a remainder of another width", gadget(q, remainder=gadgets.WidthCheck(4, 9))
  yield "a width of 0", gadget(q, remainder=gadgets.WidthCheck(4, 0))
  yield "a width above the scale bits", gadget(q, remainder=gadgets.WidthCheck(4, 13))
  yield "a width check with another multiplier", block(q, 4, multiplier=1 << 5)
  yield "a check of two quotients", function(q, 0, identity(0, 1))
  yield "a check with another shift", block(q, 4, shift=-1)
  yield "another numerator", gadget(q, numerator=q.gadgets[0].numerator[:1])
  yield "another denominator", gadget(q, denominator=q.gadgets[0].denominator[:1])
  yield "a denominator of two factors", gadget(q, denominator=(Term(1, (), (of_block(0, 0), of_block(0, 0))),))
  yield "a form over the gadget's own", gadget(q, numerator=(one(of_block(2, 0)),))
  yield "a form over the model", gadget(replace(q, tensors=(Tensor((3,), 0, 1),)), numerator=(one(of_tensor(0, 0)),))
  yield "a check without a term", relation(q, 4, *q.blocks[4].relation[:-1])
  yield "accepted: a view of an export", more(q, 6, one(of_block(3, 0), 2))
  yield "a view of a check", more(q, 6, one(of_block(4, 0)))
  yield "an output in a check", output_port(q, blocks=(4,))
  yield "accepted: an output in a limb", output_port(q, blocks=(2,))
  yield "an input in a limb", replace(q, inputs=q.inputs + (samples.port((2,), (3,)),))
  yield "another radicand", gadget(r, radicand=(Term(2, (3,), r.gadgets[0].radicand[0].factors),))
  yield "checks of a root exchanged", gadget(r, remainder=r.gadgets[0].rest, rest=r.gadgets[0].remainder)
  g = m.gadgets[0]
  yield "a pointer of another range", block(m, g.row_pointer, function=1)
  yield "pointers exchanged", gadget(m, row_pointer=g.column_pointer, column_pointer=g.row_pointer)
  yield "a maximum without the check beyond", gadget(m, beyond=None)
  yield "a maximum that is a pointer", gadget(m, maximum=g.picked, picked=g.maximum)
  yield "a maximum without the check of one row", gadget(m, one_row=g.one_column, one_column=g.one_row)
  yield "an output in a pointer", output_port(m, blocks=(g.picked,), shape=(2, 2))
  yield "a masked maximum without its mask", gadget(k, mask=None)
  yield "another mask", gadget(k, mask=k.gadgets[0].mask._replace(terms=(constant(1),)))
  yield "a natural bound with another function", block(natural, natural.gadgets[0].bound, function=1)
  yield "accepted: a natural bound of any function", function(natural, 4, Function((Segment(0, 250, 0, 0),)))
  yield "another first maximum", gadget(f, terms=(one(of_block(0, 0, 1), 2),))
  yield "a place of another range", function(f, 2, identity(0, 2))


def last_step_faults():
  """Last steps (`docs/protocol/last-steps.md#forms`)."""
  c = samples.dense().circuit
  byte, sound = Quantization(UINT8, 0.25, 3), 0.5
  softmax = Step(last_steps.SOFTMAX, beta=1.0)
  yield "accepted: a softmax", steps(c, softmax)
  yield "a softmax with β = 0", steps(c, Step(last_steps.SOFTMAX, beta=0.0))
  yield "a softmax to float32", steps(c, Step(last_steps.SOFTMAX, Quantization(FLOAT32, 0.25, 0)))
  yield "accepted: a softmax to integers", steps(c, Step(last_steps.SOFTMAX, byte))
  yield "a softmax to integers of reals", steps(c, softmax, Step(last_steps.SOFTMAX, byte))
  yield "a softmax of no axis", steps(samples.public_words().circuit, softmax, shape=())
  yield "a zero point of last steps beyond its type", steps(c, Step(last_steps.SOFTMAX, Quantization(UINT8, 0.25, 256)))
  yield "an axis that is not there", steps(c, Step(last_steps.ARGMAX, axis=1))
  yield "an axis below 0", steps(c, Step(last_steps.ARGMAX, axis=-1))
  yield "accepted: argmax, then argmax of what is left", steps(c, Step(last_steps.ARGMAX, axis=1), Step(last_steps.ARGMAX, axis=0), shape=(1, 3))
  yield "reals that are dequantized", steps(c, Step(last_steps.DEQUANTIZE), Step(last_steps.DEQUANTIZE))
  yield "integers that are quantized", steps(c, Step(last_steps.QUANTIZE, byte))
  yield "accepted: reals that are quantized", steps(c, Step(last_steps.SIGMOID), Step(last_steps.QUANTIZE, byte))
  yield "integers of another scale", steps(c, Step(last_steps.REQUANTIZE, byte))
  yield "accepted: integers of the same scale", steps(c, Step(last_steps.REQUANTIZE, Quantization(INT16, sound, 3)))
  yield "accepted: a softmax of eight bits", steps(c, Step(last_steps.QLINEAR, byte))
  yield "a softmax to sixteen bits", steps(c, Step(last_steps.QLINEAR, Quantization(INT16, 0.25, 3)))
  yield "a table that is too short", steps(c, Step(last_steps.TABLE, entries=(0.5,) * 255))
  yield "accepted: a table", steps(c, Step(last_steps.TABLE, entries=(0.5,) * 256))
  yield "a table with no number", steps(c, Step(last_steps.TABLE, entries=(0.5,) * 255 + (float("nan"),)))
  yield "accepted: another shape", steps(c, Step(last_steps.RESHAPE, entries=(3, 1)))
  yield "another shape of another size", steps(c, Step(last_steps.RESHAPE, entries=(4,)))
  yield "a shape of two extents below 0", steps(c, Step(last_steps.RESHAPE, entries=(-1, -3)))
  yield "accepted: axes in another order", steps(c, Step(last_steps.TRANSPOSE, entries=(1, 0)), shape=(1, 3))
  yield "an axis twice", steps(c, Step(last_steps.TRANSPOSE, entries=(0, 0)), shape=(1, 3))
  yield "nine last steps", steps(c, *[Step(last_steps.TANH)] * 9)


def work():
  """The account of work (`docs/protocol/accepting-a-key.md#work`)."""
  c = samples.dense().circuit
  yield "too much work", replace(relation(block(c, 1, shape=(1 << 23,), offset=1 << 23), 1, constant(1)), outputs=(samples.port((1,), (1 << 23,)),))


def much_work(extent):
  """A circuit by the scheme `srs` with sixteen public blocks of so many values and the longest rows."""
  at = samples.Layout(4)
  blocks = [at.block((extent,), 0, (constant(1),)) for _ in range(16)]
  ports = [samples.port((place,), (extent,)) for place in blocks]
  circuit = at.circuit((identity(-128, 127),), (), ports, limb_bits=2, row_bits=16)
  return replace(circuit, scheme=SRS)


def most_work():
  """The largest extent that is not too much work (`docs/protocol/accepting-a-key.md#work`)."""
  low, high = 1 << 17, 1 << 18
  while high - low > 1:
    middle = (low + high) // 2
    low, high = (middle, high) if work_of(much_work(middle)).products <= MOST_PRODUCTS else (low, middle)
  return low


def chains():
  """Parameters and work of the scheme `srs` (`docs/protocol/scheme-srs.md#parameters`)."""
  c = samples.for_chains(samples.dense()).circuit
  yield "rows of two cells for chains", replace(c, row_bits=1)
  yield "accepted: rows of four cells for chains", replace(c, row_bits=2)
  yield "accepted: rows of 4096 cells for chains", replace(c, row_bits=12)
  yield "accepted: rows of 65536 cells for chains", replace(c, row_bits=16)
  yield "rows of 131072 cells for chains", replace(c, row_bits=17)
  extent = most_work()
  yield "accepted: as much work as may be for chains", much_work(extent)
  yield "too much work for chains", much_work(extent + 1)


ALL = (parameters, places, ports, paddings, relations, indices, gadget_faults, last_step_faults, work)
