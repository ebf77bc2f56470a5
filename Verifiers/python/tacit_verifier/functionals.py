"""Functionals on columns, and weights of blocks and views (`docs/protocol/arguments.md#claims`)."""

from math import prod

from .circuit import padded_bits
from .field import P, bits, dot, eq, eq_at, eq_range, first, last, powers, split

LIMB, Y, MULTIPLICITIES, FRACTIONS, TABLE_FRACTIONS, MODEL, QUOTIENT = range(7)


class Functional:
  """A coefficient and weights on a column (`docs/protocol/arguments.md#claims`)."""

  def __init__(self, column, coefficient, weights):
    """A column is a pair of its kind and, of a limb, its number."""
    self.column = column
    self.coefficient = coefficient % P
    self.weights = weights


class EqWeights:
  """eq(r) (`docs/protocol/arguments.md#claims`)."""

  def __init__(self, point):
    self.point = point

  def extension(self, x):
    return eq(self.point, x)


class Ones:
  """The weight 1 on every cell (`docs/protocol/arguments.md#claims`)."""

  def extension(self, x):
    return 1


class TensorWeights:
  """A product of weights of the axes of a padded tensor (`docs/protocol/arguments.md#claims`)."""

  def __init__(self, offset, shape, axes):
    self.offset = offset
    self.shape = shape
    self.axes = axes

  def extension(self, x):
    size = padded_bits(self.shape)
    result = eq_at(first(x, len(x) - size), self.offset >> size)
    for part, weights in zip(split(last(x, size), map(bits, self.shape)), self.axes):
      begin = next((i for i, w in enumerate(weights) if w), len(weights))
      end = next((i for i in range(len(weights), begin, -1) if weights[i - 1]), begin)
      result = result * dot(weights[begin:end], eq_range(part, begin, end)) % P
    return result


def power_weights(shape, x):
  """The weights of axes whose products are x^i at the i-th cell (`docs/protocol/arguments.md#padding`, `docs/protocol/key-proofs.md#claims`)."""
  axes = []
  for extent in reversed(shape):
    axes.append(powers(x, extent))
    x = pow(x, extent, P)
  return axes[::-1]


class BlockWeights:
  """The weights of a block's labels at a point, and its indicator (`docs/protocol/arguments.md#weights-of-blocks`)."""

  def __init__(self, block, point):
    size = padded_bits(block.shape)
    self.scale = eq_at(first(point, len(point) - size), block.offset >> size)
    parts = split(last(point, size), map(bits, block.shape))
    self.axes = [eq_range(part, 0, extent) for part, extent in zip(parts, block.shape)]
    self.sums = [sum(weights) % P for weights in self.axes]
    self.indicator = self.scale * prod(self.sums) % P


def window_tuples(window, weights, batch_index):
  """For all values of a window's labels, its coordinate and the product of the weights (`docs/protocol/arguments.md#functionals-of-views`)."""
  found = [(window.constant, 1)]
  for label, stride in window.steps:
    values = list(enumerate(weights[label]))
    if label == 0 and batch_index is not None:
      values = [(batch_index, 1)]
    found = [(place + stride * v, weight * w % P) for place, weight in found for v, w in values]
  return found


def axis_weights(window, extent, weights, integers, batch_index):
  """The weights of one axis of a view's source (`docs/protocol/arguments.md#functionals-of-views`)."""
  result = [0] * extent
  for coordinate, weight in window_tuples(window, weights, batch_index if window.through is not None else None):
    if window.through is not None:
      coordinate = integers[window.through][coordinate]
    if 0 <= coordinate < extent:
      result[coordinate] += weight
  return [value % P for value in result]


def functionals(circuit, integers, view, weights, coefficient):
  """The functionals of a view, given weights of labels (`docs/protocol/arguments.md#functionals-of-views`)."""
  read = view.labels()
  for label, values in weights.items():
    if label not in read:
      coefficient = coefficient * sum(values) % P
  column = (Y if view.of_block else MODEL, 0)
  if not circuit.goes_by_inference(view):
    return [Functional(column, coefficient, view_weights(circuit, integers, view, weights, None))]
  found = []
  for index, weight in enumerate(weights[0]):
    scale = coefficient if view.of_block else coefficient * weight % P
    found.append(Functional(column, scale, view_weights(circuit, integers, view, weights, index)))
  return found


def view_weights(circuit, integers, view, weights, index):
  """The weights of a view on its source, for one inference where it is given (`docs/protocol/batches.md#views-through-inputs`)."""
  source, axes = circuit.source_of(view), []
  for axis, (window, extent) in enumerate(zip(view.windows, source.shape)):
    if index is not None and view.of_block and axis == 0:
      axes.append([weights[0][i] if i == index else 0 for i in range(extent)])
    else:
      axes.append(axis_weights(window, extent, weights, integers, index))
  return TensorWeights(source.offset, source.shape, axes)
