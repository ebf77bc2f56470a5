"""Every condition on a key's circuit (`docs/protocol/accepting-a-key.md`)."""

from math import prod

from . import gadgets, last_steps
from .circuit import (
  COMMITTED, FLOAT32, INT64, PUBLIC, View, extents, itself, kept_extents, padded_axis, padded_bits, stored_range, type_range)
from .refusal import demand
from .work import check_work

VALUES = 1 << 17


def check_circuit(circuit):
  """Refuses a circuit that breaks any condition (`docs/protocol/accepting-a-key.md`)."""
  check_parameters(circuit)
  check_functions(circuit)
  check_shapes(circuit.blocks, 24, most_axes(circuit))
  check_shapes(circuit.tensors, 28, most_axes(circuit))
  check_ports(circuit)
  given = gadgets.check(circuit, check_view)
  given |= {block for port in circuit.inputs for block in port.blocks}
  check_blocks(circuit, given)
  for port in circuit.inputs:
    check_range(circuit, port, type_range(port.type))
  for port in circuit.outputs:
    check_range(circuit, port, type_range(INT64))
  check_paddings(circuit)
  for block in circuit.blocks:
    check_interval(circuit, block)
  for port, steps in zip(circuit.outputs, circuit.final_steps):
    last_steps.check(port, steps)
  check_work(circuit)


def most_axes(circuit):
  """The most axes of a shape: one more in a batch (`docs/protocol/batches.md#validation`)."""
  return 8 if circuit.inferences == 1 else 9


def check_parameters(circuit):
  """The limits of a circuit's parameters (`docs/protocol/accepting-a-key.md#parameters`)."""
  demand(1 <= circuit.limbs <= 6 and 2 <= circuit.limb_bits <= 16, "limbs out of bounds")
  demand(1 <= circuit.scale_bits <= 60, "scale bits out of bounds")
  demand(1 <= circuit.quotient_bits <= 17 and 2 <= circuit.row_bits <= circuit.scheme.most_row_bits, "parameters out of bounds")


def check_functions(circuit):
  """The limits of functions and of the table (`docs/protocol/accepting-a-key.md#functions`)."""
  for function in circuit.functions:
    if function.segments is None:
      check_values(function)
    else:
      check_segments(function)
  demand(circuit.table_rows <= 1 << 20, "a table of too many rows")


def check_values(function):
  """A function given by values (`docs/protocol/accepting-a-key.md#functions`)."""
  count = len(function.outputs)
  demand(1 <= count <= 2 * VALUES + 1, "a function of no or too many values")
  demand(-VALUES <= function.lowest and function.lowest + count - 1 <= VALUES, "a function's input out of bounds")


def check_segments(function):
  """A function given by segments (`docs/protocol/accepting-a-key.md#functions`)."""
  demand(function.segments, "a function without a segment")
  next_input = function.segments[0].input
  for segment in function.segments:
    demand(1 <= segment.count <= 2 * VALUES + 1 and segment.slope in (0, 1), "a segment that is none")
    demand(segment.input == next_input, "segments with a gap")
    next_input = segment.input + segment.count
    demand(-VALUES <= segment.input and next_input - 1 <= VALUES, "a function's input out of bounds")
    highest = segment.output + segment.slope * (segment.count - 1)
    demand(-VALUES <= segment.output and highest <= VALUES, "a function's output out of bounds")


def check_shapes(parts, most_bits, axes):
  """Shapes and offsets of blocks or of tensors (`docs/protocol/accepting-a-key.md#places`)."""
  held, places = 0, []
  for part in parts:
    check_extents(part.shape, most_bits, axes)
    size = 1 << padded_bits(part.shape)
    demand(0 <= part.offset <= (1 << most_bits) - size and part.offset % size == 0, "an offset out of bounds")
    held += size
    places.append((part.offset, part.offset + size))
  places.sort()
  for before, after in zip(places, places[1:]):
    demand(before[1] <= after[0], "parts that overlap")
  demand(not places or places[-1][1] <= 2 * held + (1 << 16), "parts too far apart")


def check_extents(shape, most_bits, axes):
  """The extents of one shape (`docs/protocol/accepting-a-key.md#places`)."""
  demand(len(shape) <= axes, "too many axes")
  demand(all(1 <= extent <= 1 << most_bits for extent in shape), "an extent out of bounds")
  demand(padded_bits(shape) <= most_bits, "a shape that is too large")


def check_ports(circuit):
  """Conditions on ports (`docs/protocol/accepting-a-key.md#ports`)."""
  demand(circuit.outputs, "no output")
  for port in circuit.ports:
    check_port(circuit, port)
  demand(all(port.blocks for port in circuit.outputs), "an output without a block")
  check_apart([block for port in circuit.inputs for block in port.blocks])
  check_apart([block for port in circuit.committed_ports() for block in port.blocks])
  for port in circuit.inputs:
    for place in port.blocks:
      check_given(circuit, place)


def check_apart(blocks):
  """Refuses a block that is listed twice (`docs/protocol/accepting-a-key.md#ports`)."""
  demand(len(set(blocks)) == len(blocks), "a block in two ports")


def check_port(circuit, port):
  """Conditions on one port (`docs/protocol/accepting-a-key.md#ports`)."""
  for place in port.blocks:
    demand(0 <= place < len(circuit.blocks), "a port's block that does not exist")
  shapes = [circuit.blocks[place].shape for place in port.blocks]
  demand(len(set(shapes)) <= 1, "a port's blocks of different shapes")
  check_extents(port.shape, 32, most_axes(circuit))
  demand(prod(port.shape) <= 1 << 24, "a port of too many values")
  if shapes:
    demand(prod(port.shape) == prod(shapes[0]), "a port of another size than its block")
    demand(port.visibility != COMMITTED or padded_bits(shapes[0]) >= circuit.row_bits, "a committed port below a row")
  else:
    demand(port.visibility == PUBLIC and port.zero_point == 0, "a port without a block")
  demand(last_steps.is_sound(port.scale), "a port of another scale")
  patterns = port.scale == 1 and port.zero_point == 0 and port.blocks
  demand(port.type != FLOAT32 or patterns, "a port of float32 with a scale, a zero point or no block")
  low, high = type_range(port.type)
  demand(max(low, -VALUES) <= port.zero_point <= min(high, VALUES), "a zero point out of bounds")
  if port.padding:
    check_padded(port, shapes)


def check_padded(port, shapes):
  """The axis of a padded port (`docs/protocol/accepting-a-key.md#ports`)."""
  axis = port.padding.axis
  demand(0 <= axis < len(port.shape) and port.shape[axis] >= 2, "a padded axis that is none")
  demand(not shapes or padded_axis(port, shapes[0]) is not None, "a padded axis that the port's blocks do not have")


def check_given(circuit, place):
  """A block of an input (`docs/protocol/accepting-a-key.md#ports`)."""
  block = circuit.blocks[place]
  demand(block.relation == itself(place, block.shape), "an input that is not given")
  demand(block.multiplier == 1 << circuit.scale_bits, "an input with another multiplier")
  function = gadgets.function_of(circuit, block)
  demand(function.is_identity() and block.shift == 0, "an input with another function")


def check_blocks(circuit, given):
  """Conditions on blocks (`docs/protocol/accepting-a-key.md#blocks`)."""
  products = 0
  for place, block in enumerate(circuit.blocks):
    check_step(circuit, block)
    check_multiplier(circuit, block, place)
    demand(1 <= len(block.relation) <= 256, "a relation of no or too many terms")
    if place not in given:
      for term in block.relation:
        check_term(circuit, block, place, term)
        products += prod(extents(block, term))
  demand(products <= 1 << 37, "too many products")


def check_step(circuit, block):
  """The function, the shift and the quotients of a block (`docs/protocol/accepting-a-key.md#blocks`)."""
  low, high = gadgets.function_of(circuit, block).domain()
  half = 1 << (circuit.quotient_bits - 1)
  demand(-VALUES <= block.shift <= VALUES, "a shift out of bounds")
  demand(low - block.shift >= -half and high - block.shift < half, "quotients out of bounds")


def check_multiplier(circuit, block, place):
  """The multiplier of a block (`docs/protocol/accepting-a-key.md#blocks`)."""
  view = block.multiplier
  if not isinstance(view, View):
    demand(0 <= view < 1 << 62, "a multiplier out of bounds")
    return
  demand(not view.of_block and not view.through_inputs(), "a multiplier of another kind")
  check_view(circuit, view, block.shape, place)
  for window, extent in zip(view.windows, circuit.source_of(view).shape):
    demand(window.constant == 0 and len(window.steps) == 1, "a multiplier with another window")
    label, stride = window.steps[0]
    demand(stride == 1 and block.shape[label] == extent, "a multiplier with another window")


def check_term(circuit, block, place, term):
  """A term of a block that is not given (`docs/protocol/accepting-a-key.md#blocks`)."""
  demand(len(term.factors) <= 2, "too many factors")
  demand(len(term.factors) == 1 or not any(f.through_inputs() for f in term.factors), "a product through an input")
  demand(term.coefficient != 0 and abs(term.coefficient) <= 1 << 60, "a coefficient out of bounds")
  for factor in term.factors:
    check_view(circuit, factor, extents(block, term), place)
  gadgets.check_summed(term, len(block.shape))
  if len(term.factors) == 2:
    demand(padded_bits(kept_extents(block, term)) <= 28, "a product over too many cells")
  read = max((prod(circuit.source_of(factor).shape) for factor in term.factors), default=1)
  demand(prod(term.summed) <= 256 * read, "a sum over too many values")


def check_view(circuit, view, over, place):
  """A view over extents, of a block at a place (`docs/protocol/accepting-a-key.md#views`)."""
  demand(0 <= view.source < (place if view.of_block else len(circuit.tensors)), "a view of nothing before it")
  demand(len(view.windows) == len(circuit.source_of(view).shape), "a view with too few or too many windows")
  for window in view.windows:
    check_window(circuit, window, over)
  labels = [label for window in view.windows for label, _ in window.steps]
  spare = len(view.through_inputs()) if circuit.inferences > 1 else 0
  for label in set(labels):
    demand(labels.count(label) <= 1 + (spare if label == 0 else 0), "a label twice in a view")


def check_window(circuit, window, over):
  """A window of a view over extents (`docs/protocol/accepting-a-key.md#views`)."""
  demand(abs(window.constant) <= 1 << 20, "a constant out of bounds")
  for label, stride in window.steps:
    demand(0 <= label < len(over), "a label that does not exist")
    demand(stride != 0 and abs(stride) <= 1 << 20, "a stride out of bounds")
  if window.through is None:
    return
  demand(0 <= window.through < len(circuit.inputs), "an input that does not exist")
  port = circuit.inputs[window.through]
  count = prod(port.shape)
  demand(port.visibility == PUBLIC and port.type != FLOAT32 and port.zero_point == 0, "a window through another input")
  demand(count <= 1 << 20, "a window through an input of too many values")
  low, high = reach(window, over)
  demand(0 <= low and high < count, "a window beyond its input")


def reach(window, over):
  """The least and the greatest coordinate that a window makes (`docs/protocol/accepting-a-key.md#views`)."""
  ends = [stride * (over[label] - 1) for label, stride in window.steps]
  return window.constant + sum(min(0, end) for end in ends), window.constant + sum(max(0, end) for end in ends)


def check_range(circuit, port, within):
  """The range of a port, which is within that of a type (`docs/protocol/accepting-a-key.md#ranges-of-ports`)."""
  if not port.blocks:
    return
  for place, shift in zip(port.blocks[:-1], circuit.limb_shifts(port)[1:]):
    low, high = circuit.image(place)
    demand(low == 0 and high >= 1 and high & (high + 1) == 0, "a limb that is not canonical")
    demand(shift <= 62, "a port of too many bits")
  low, high = circuit.port_range(port)
  demand(within[0] <= low and high <= within[1], "a port beyond its type")


def check_paddings(circuit):
  """What stands behind the counts of padded ports (`docs/protocol/accepting-a-key.md#ranges-of-ports`)."""
  least = circuit.index_extents
  for number, port in enumerate(circuit.ports):
    if port.padding:
      low, high = circuit.port_range(port) if port.blocks else type_range(port.type)
      demand(low <= port.padding.value <= high, "a padding that its port cannot have")
      demand(number not in least or 0 <= port.padding.value < least[number], "a padding beyond the axis that it leads along")


def check_interval(circuit, block):
  """The interval of a block's sum (`docs/protocol/accepting-a-key.md#intervals`)."""
  low = high = 0
  for term in block.relation:
    ends = term_interval(circuit, term)
    low, high = low + ends[0], high + ends[1]
    check_magnitude((low, high))


def term_interval(circuit, term):
  """The interval of one term (`docs/protocol/accepting-a-key.md#intervals`)."""
  interval = (term.coefficient, term.coefficient)
  for factor in term.factors:
    ends = [a * b for a in interval for b in source_interval(circuit, factor)]
    check_magnitude(ends)
    interval = (min(ends), max(ends))
  for extent in term.summed:
    interval = (interval[0] * extent, interval[1] * extent)
    check_magnitude(interval)
  return interval


def source_interval(circuit, view):
  """The interval of what a view reads (`docs/protocol/accepting-a-key.md#intervals`)."""
  if view.of_block:
    low, high = circuit.image(view.source)
    return min(0, low), max(0, high)
  return stored_range(circuit.tensors[view.source].stored)


def check_magnitude(ends):
  """The limit of all intervals (`docs/protocol/accepting-a-key.md#intervals`)."""
  demand(max(map(abs, ends)) < 1 << 126, "a sum that may be too large")
