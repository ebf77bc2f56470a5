"""Integer inference as Tacit defines it, in plain Python integers: the second opinion on vectors.

Every layer is one rounding, then the zero point and the fused clamp. Dense layers: the float32 step of
the runtimes, `rint(float32(acc) * M)`. Where an operator has integers of its own, such as a sum:
`(acc * m + 2**(s - 1)) >> s`.
"""

import math
from fractions import Fraction

import numpy as np

LIMITS = {"int8": (-128, 127), "uint8": (0, 255)}


def q31(input_scale, weight_scale, output_scale):
  """(m, s) with m / 2**s close to input_scale * weight_scale / output_scale, computed in double.

  m is in [2**30, 2**31]; a multiplier below 2**-32 becomes 0.
  """
  real = float(input_scale) * float(weight_scale) / float(output_scale)
  mantissa, exponent = math.frexp(real)
  m = math.floor(mantissa * 2**31 + 0.5)
  if m == 2**31:
    m, exponent = 2**30, exponent + 1
  return (0, 31) if exponent < -31 else (m, 31 - exponent)


def float_step(acc, input_scale, weight_scale, output_scale):
  """In single precision, ties to even."""
  m = np.float32(input_scale) * np.float32(weight_scale) / np.float32(output_scale)
  return int(np.rint(np.float32(acc) * m))


def rescale(acc, multiplier):
  m, s = multiplier
  return (acc * m + (1 << (s - 1))) >> s if s > 0 else (acc * m) << -s


def quantize(value, scale, zero_point, kind):
  """ONNX QuantizeLinear: float32 division, ties to even, saturation."""
  low, high = LIMITS[kind]
  ratio = np.float32(value) / np.float32(scale)
  return int(min(max(np.rint(ratio) + zero_point, low), high))


def clamp_of(activation, scale, zero_point, kind):
  """The fused clamp in the units of the output tensor."""
  low, high = LIMITS[kind]
  if activation is None:
    return low, high
  bottom, top = activation
  if bottom is not None:
    low = quantize(bottom, scale, zero_point, kind)
  if top is not None:
    high = quantize(top, scale, zero_point, kind)
  return low, high


def dense(x, layer):
  """One dense layer on a list of integers; `layer` as `onnx_networks.dense` makes it."""
  low, high = clamp_of(layer["activation"], layer["scale"], layer["zero_point"], layer["kind"])
  weight = layer["weight"].astype(int) - layer["weight_zero_point"]
  scales = np.broadcast_to(layer["weight_scale"], weight.shape[1])
  result = []
  for o in range(weight.shape[1]):
    acc = 0 if layer["bias"] is None else int(layer["bias"][o])
    acc += sum((v - layer["input_zero_point"]) * int(w) for v, w in zip(x, weight[:, o]))
    q = float_step(acc, layer["input_scale"], scales[o], layer["scale"])
    result.append(min(max(q + layer["zero_point"], low), high))
  return result


def add(a, b, layer):
  """Both inputs times an integer multiplier of at most 21 bits, summed, one rounding shift."""
  low, high = clamp_of(layer["activation"], layer["scale"], layer["zero_point"], layer["kind"])
  ratios = [float(s) / float(layer["scale"]) for s in layer["input_scales"]]
  shift = 20 - (math.frexp(max(ratios))[1] - 1)
  m = [round(Fraction(r) * 2**shift) for r in ratios]
  za, zb = layer["input_zero_points"]
  return [
    min(max(rescale((p - za) * m[0] + (q - zb) * m[1], (1, shift)) + layer["zero_point"], low), high)
    for p, q in zip(a, b)]
