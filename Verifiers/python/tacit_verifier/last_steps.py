"""What is computed of public outputs after the proof (`docs/protocol/last-steps.md`).

Singles are kept as Python floats, which are the doubles of the same values.
"""

import math
from ctypes import c_float
from decimal import Context, Decimal
from fractions import Fraction
from math import prod
from typing import NamedTuple, Optional, Tuple

from . import circuit as circuits
from .refusal import demand

LARGEST_SINGLE = float((2 << 127) - (1 << 104))
LOW, HIGH = -1 << 63, (1 << 63) - 1
NAMES = ("softmax", "argmax", "dequantize", "log-softmax", "requantize", "qlinear-softmax", "quantize", "sigmoid", "tanh",
         "table", "reshape", "transpose")
SOFTMAX, ARGMAX, DEQUANTIZE, LOG_SOFTMAX, REQUANTIZE, QLINEAR, QUANTIZE, SIGMOID, TANH, TABLE, RESHAPE, TRANSPOSE = range(12)


class Quantization(NamedTuple):
  """An integer type with its scale and zero point (`docs/protocol/last-steps.md#bytes`)."""
  type: int
  scale: float
  zero_point: int


class Step(NamedTuple):
  """A last step with what it needs (`docs/protocol/last-steps.md#bytes`)."""
  kind: int
  quantization: Optional[Quantization] = None
  beta: float = 1.0
  axis: int = 0
  entries: tuple = ()


class Form(NamedTuple):
  """What values are between steps (`docs/protocol/last-steps.md#forms`)."""
  shape: Tuple[int, ...]
  type: int
  scale: float
  zero_point: int


def read_step(reader):
  """Reads a last step (`docs/protocol/last-steps.md#bytes`)."""
  kind = reader.byte()
  demand(kind < len(NAMES), "an unknown last step")
  if kind == SOFTMAX:
    beta = reader.double()
    return Step(kind, read_quantization(reader) if reader.flag() else None, beta)
  if kind == LOG_SOFTMAX:
    return Step(kind, read_quantization(reader) if reader.flag() else None)
  if kind in (REQUANTIZE, QLINEAR, QUANTIZE):
    return Step(kind, read_quantization(reader))
  if kind == ARGMAX:
    return Step(kind, axis=reader.signed())
  if kind == TABLE:
    return Step(kind, entries=tuple(reader.single() for _ in range(reader.count(256, 4))))
  if kind in (RESHAPE, TRANSPOSE):
    return Step(kind, entries=reader.list(8, reader.signed))
  return Step(kind)


def read_quantization(reader):
  """Reads a quantization (`docs/protocol/last-steps.md#bytes`)."""
  kind = reader.byte()
  demand(kind <= circuits.INT64, "an unknown type")
  return Quantization(kind, reader.double(), reader.signed())


def single(value):
  """The single nearest to an integer, a fraction or a double (`docs/protocol/last-steps.md`)."""
  if isinstance(value, float) or isinstance(value, int) and abs(value) < 1 << 53:
    return c_float(value).value
  exact = Fraction(value)
  if exact == 0:
    return 0.0
  size = abs(exact)
  exponent = size.numerator.bit_length() - size.denominator.bit_length()
  exponent -= size < Fraction(2) ** exponent
  quantum = Fraction(2) ** max(exponent - 23, -149)
  return c_float(float(round(exact / quantum) * quantum)).value


def is_sound(scale):
  """Whether a scale is sound (`docs/protocol/last-steps.md#sound-scales`)."""
  return scale > 0 and math.isfinite(single(scale))


def is_sound_quantization(quantization):
  """Whether a quantization is sound (`docs/protocol/last-steps.md#sound-scales`)."""
  if quantization.type == circuits.FLOAT32 or not is_sound(quantization.scale):
    return False
  low, high = circuits.type_range(quantization.type)
  return low <= quantization.zero_point <= high


def check(port, steps):
  """Refuses steps that do not fit one another (`docs/protocol/last-steps.md#forms`)."""
  form = Form(port.shape, port.type, port.scale, port.zero_point)
  for step in steps:
    demand(fits(step, form), "a last step that does not fit")
    form = after(step, form)


def fits(step, form):
  """Whether a step fits the form before it (`docs/protocol/last-steps.md#forms`)."""
  integers, q = form.type != circuits.FLOAT32, step.quantization
  bytes_of_eight = form.type in (circuits.INT8, circuits.UINT8)
  if step.kind in (SOFTMAX, LOG_SOFTMAX):
    plain = is_sound(step.beta) and len(form.shape) >= 1
    return plain and (q is None or integers and is_sound_quantization(q))
  if step.kind == QLINEAR:
    return bytes_of_eight and len(form.shape) >= 1 and is_sound_quantization(q) and q.type in (circuits.INT8, circuits.UINT8)
  if step.kind == ARGMAX:
    return 0 <= step.axis < len(form.shape)
  if step.kind == DEQUANTIZE:
    return integers
  if step.kind == QUANTIZE:
    return not integers and is_sound_quantization(q)
  if step.kind == REQUANTIZE:
    return integers and is_sound_quantization(q) and q.scale == form.scale
  if step.kind == TABLE:
    return bytes_of_eight and len(step.entries) == 256 and not any(map(math.isnan, step.entries))
  if step.kind == RESHAPE:
    return all(extent >= 1 for extent in step.entries) and prod(step.entries) == prod(form.shape)
  return step.kind != TRANSPOSE or sorted(step.entries) == list(range(len(form.shape)))


def after(step, form):
  """The form that a step gives (`docs/protocol/last-steps.md#forms`)."""
  if step.kind == ARGMAX:
    return Form(form.shape[:step.axis] + form.shape[step.axis + 1:], circuits.INT64, 1.0, 0)
  if step.kind == RESHAPE:
    return form._replace(shape=step.entries)
  if step.kind == TRANSPOSE:
    return form._replace(shape=tuple(form.shape[axis] for axis in step.entries))
  if step.quantization is not None:
    return Form(form.shape, *step.quantization)
  return Form(form.shape, circuits.FLOAT32, 1.0, 0)


def run(port, steps, integers):
  """The values after all steps, and their form (`docs/protocol/last-steps.md#values`)."""
  form, values = Form(port.shape, port.type, port.scale, port.zero_point), list(integers)
  if port.type == circuits.FLOAT32:
    values = list(map(circuits.single_of, integers))
  for step in steps:
    values, form = apply(step, form, values), after(step, form)
  return values, form


def apply(step, form, values):
  """One step (`docs/protocol/last-steps.md#values`)."""
  if step.kind == SOFTMAX:
    return softmax_reals(step, form, values) if step.quantization is None else softmax_integers(step, form, values)
  if step.kind == LOG_SOFTMAX:
    return log_softmax_reals(form, values) if step.quantization is None else log_softmax_integers(step, form, values)
  if step.kind == QLINEAR:
    return qlinear_softmax(step, form, values)
  if step.kind == ARGMAX:
    return argmax(step, form, values)
  if step.kind == DEQUANTIZE:
    return reals(form, values)
  if step.kind == QUANTIZE:
    return [steps(single(divide(x, single(step.quantization.scale))), step.quantization) for x in values]
  if step.kind == REQUANTIZE:
    return [requantized(v, form, step.quantization) for v in values]
  if step.kind == SIGMOID:
    return list(map(sigmoid, reals(form, values)))
  if step.kind == TANH:
    return list(map(tanh, reals(form, values)))
  if step.kind == TABLE:
    least = circuits.type_range(form.type)[0]
    return [step.entries[min(max(saturated(v, least), 0), 255)] for v in values]
  return transposed(step, form, values) if step.kind == TRANSPOSE else values


def saturated(a, b):
  """sat(a, b) (`docs/protocol/last-steps.md#values`)."""
  return min(max(a - b, LOW), HIGH)


def clamp(value, kind):
  """An integer brought into a type's range (`docs/protocol/last-steps.md#values`)."""
  low, high = circuits.type_range(kind)
  return min(max(value, low), high)


def divide(a, b):
  """The quotient of two doubles, infinite or no number where b is 0 (`docs/protocol/last-steps.md`)."""
  if b != 0:
    return a / b
  return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1, b)


def steps(x, quantization):
  """steps(x, Q) (`docs/protocol/last-steps.md#values`)."""
  whole = 0 if math.isnan(x) else round(min(max(x, -float(1 << 40)), float(1 << 40)))
  return clamp(whole + quantization.zero_point, quantization.type)


def requantized(value, form, quantization):
  """An integer with another zero point or type (`docs/protocol/last-steps.md#values`)."""
  total = saturated(value, form.zero_point) + quantization.zero_point
  return clamp(min(max(total, LOW), HIGH), quantization.type)


def reals(form, values):
  """The reals of values (`docs/protocol/last-steps.md#values`)."""
  if form.type == circuits.FLOAT32:
    return values
  scale = single(form.scale)
  return [single(scale * single(saturated(v, form.zero_point))) for v in values]


def largest(values):
  """The largest as comparing from left to right finds it (`docs/protocol/last-steps.md#values`)."""
  most = values[0]
  for value in values[1:]:
    if most < value:
      most = value
  return most


def rows(form, values):
  """The runs along the last axis (`docs/protocol/last-steps.md#values`)."""
  width = form.shape[-1]
  return [values[i:i + width] for i in range(0, len(values), width)]


def single_sum(values):
  """A sum in single, in order from 0 (`docs/protocol/last-steps.md#values`)."""
  total = 0.0
  for value in values:
    total = single(total + value)
  return total


def double_sum(values):
  """A sum in double, in order from 0 (`docs/protocol/last-steps.md#values`)."""
  total = 0.0
  for value in values:
    total += value
  return total


def softmax_reals(step, form, values):
  """A softmax to reals (`docs/protocol/last-steps.md#values`)."""
  beta, result = single(step.beta), []
  for row in rows(form, [single(x * beta) for x in reals(form, values)]):
    most = largest(row)
    powers = [exp(single(x - most)) for x in row]
    total = double_sum(powers)
    result += [single(divide(e, total)) for e in powers]
  return result


def log_softmax_reals(form, values):
  """A log-softmax to reals (`docs/protocol/last-steps.md#values`)."""
  result = []
  for row in rows(form, reals(form, values)):
    most = largest(row)
    offset = ln(double_sum(exp(single(x - most)) for x in row))
    result += [single(single(x - most) - offset) for x in row]
  return result


def softmax_integers(step, form, values):
  """LiteRT's softmax to integers (`docs/protocol/last-steps.md#values`)."""
  factor, q, result, table = single(single(form.scale) * single(step.beta)), step.quantization, [], {}
  for row in rows(form, values):
    most = max(row)
    entries = [looked_up(table, most - v, lambda j: exp(single(-factor * single(j)))) for v in row]
    inverse = single(divide(1.0, single(single_sum(entries) * single(q.scale))))
    result += [steps(floor(single(single(e * inverse) + 0.5)), q) for e in entries]
  return result


def log_softmax_integers(step, form, values):
  """LiteRT's log-softmax to integers (`docs/protocol/last-steps.md#values`)."""
  scale, q, result = single(form.scale), step.quantization, []
  for row in rows(form, [single(scale * single(v)) for v in values]):
    most = largest(row)
    total = single_sum(exp(single(x - most)) for x in row)
    offset = single(most + single(ln(total)))
    result += [steps(single(divide(single(x - offset), single(q.scale))), q) for x in row]
  return result


def qlinear_softmax(step, form, values):
  """onnxruntime's softmax of eight bits (`docs/protocol/last-steps.md#values`)."""
  factor, q, result, table = single(form.scale), step.quantization, [], {}
  room = single(ln(single(LARGEST_SINGLE / single(form.shape[-1]))))
  shift = divide(max(0.0, room - 5), factor)
  inverse = floor(single(divide(1.0, single(q.scale))))
  for row in rows(form, values):
    most = max(row)
    entries = [looked_up(table, most - v, lambda j: exp((-j + shift) * factor)) for v in row]
    total = single_sum(entries)
    result += [steps(single(divide(single(e * inverse), total)), q) for e in entries]
  return result


def looked_up(table, key, compute):
  """An entry of a table that is filled as it is asked for."""
  if key not in table:
    table[key] = compute(key)
  return table[key]


def floor(x):
  """The floor of a double, as a double."""
  return float(math.floor(x)) if math.isfinite(x) else x


def argmax(step, form, values):
  """The index of the first largest along an axis (`docs/protocol/last-steps.md#values`)."""
  length, inner, result = form.shape[step.axis], prod(form.shape[step.axis + 1:]), []
  for outer in range(len(values) // (length * inner)):
    for i in range(inner):
      base, best = outer * length * inner + i, 0
      for j in range(1, length):
        if values[base + best * inner] < values[base + j * inner]:
          best = j
      result.append(best)
  return result


def transposed(step, form, values):
  """The values with their axes in another order (`docs/protocol/last-steps.md#values`)."""
  strides, places = [prod(form.shape[j + 1:]) for j in range(len(form.shape))], [0]
  for axis in step.entries:
    places = [place + v * strides[axis] for place in places for v in range(form.shape[axis])]
  return [values[place] for place in places]


def nearest(evaluate):
  """The single nearest to a number that is evaluated with more and more digits (`docs/protocol/last-steps.md#functions`)."""
  digits = 60
  while True:
    value = Fraction(evaluate(Context(prec=digits, Emax=10 ** 6, Emin=-10 ** 6)))
    margin = abs(value) / 10 ** (digits - 5)
    low, high = single(value - margin), single(value + margin)
    if low == high:
      return low
    digits *= 2


def exp(x):
  """e^x to the nearest single (`docs/protocol/last-steps.md#functions`)."""
  if math.isnan(x):
    return x
  if x <= -105 or x >= 90:
    return 0.0 if x < 0 else math.inf
  return nearest(lambda context: context.exp(Decimal(x)))


def sigmoid(x):
  """1/(1 + e^−x) to the nearest single (`docs/protocol/last-steps.md#functions`)."""
  if math.isnan(x):
    return x
  if abs(x) >= 105:
    return 1.0 if x > 0 else 0.0
  return nearest(lambda context: context.divide(1, context.add(1, context.exp(Decimal(-x)))))


def tanh(x):
  """The hyperbolic tangent to the nearest single (`docs/protocol/last-steps.md#functions`)."""
  if math.isnan(x) or x == 0:
    return x
  if abs(x) >= 10:
    return math.copysign(1.0, x)
  if abs(x) < 2.0 ** -20:
    return nearest(lambda context: small_tanh(context, Decimal(x)))
  return nearest(lambda context: plain_tanh(context, Decimal(2 * x)))


def plain_tanh(context, twice):
  """(e^2x − 1)/(e^2x + 1), with seven digits less than asked for where x is small (`docs/protocol/last-steps.md#functions`)."""
  wide = Context(prec=context.prec + 10, Emax=10 ** 6, Emin=-10 ** 6)
  power = wide.exp(twice)
  return wide.divide(wide.subtract(power, 1), wide.add(power, 1))


def small_tanh(context, x):
  """x − x³/3 + 2x⁵/15 − 17x⁷/315 + 62x⁹/2835, which is enough of a small x (`docs/protocol/last-steps.md#functions`)."""
  square = context.multiply(x, x)
  total = Decimal(0)
  for numerator, denominator in ((62, 2835), (-17, 315), (2, 15), (-1, 3), (1, 1)):
    total = context.add(context.multiply(total, square), context.divide(numerator, denominator))
  return context.multiply(total, x)


def ln(x):
  """The double nearest to ln x, NaN where x is not finite and positive (`docs/protocol/last-steps.md#functions`)."""
  if not (math.isfinite(x) and x > 0):
    return math.nan
  return float(Context(prec=60).ln(Decimal(x)))
