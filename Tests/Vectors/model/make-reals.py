"""Writes reals.json: functions of singles, correctly rounded, by Python's decimal arithmetic.

Half of the arguments are drawn at random; the others are those of a million whose values lie nearest to the middle
between two singles. Arguments and values are bit patterns: of doubles for what the exponential takes and the
logarithm takes and gives, of singles for all else.
"""

import json
import random
import struct
from decimal import Decimal, getcontext
from fractions import Fraction
from math import exp, tanh
from pathlib import Path

getcontext().prec = 90
RANDOM = random.Random(2027)


def single_bits(x):
  return struct.unpack("<I", struct.pack("<f", x))[0]


def single(bits):
  return struct.unpack("<f", struct.pack("<I", bits))[0]


def double_bits(x):
  return struct.unpack("<Q", struct.pack("<d", x))[0]


def nearest(value, fraction_bits, lowest, bias):
  """The bit pattern, without its sign, of the nearest number of a format, ties to even."""
  value = Fraction(value)
  assert value > 0
  exponent = value.numerator.bit_length() - value.denominator.bit_length()
  while Fraction(2) ** exponent > value:
    exponent -= 1
  while Fraction(2) ** (exponent + 1) <= value:
    exponent += 1
  exponent = max(exponent, lowest)
  steps = value / Fraction(2) ** (exponent - fraction_bits)
  whole = round(steps)  # ties to even
  return whole + ((exponent + bias - 1) << fraction_bits)


def to_single(value):
  sign = 0
  if value < 0:
    sign, value = 1 << 31, -value
  return sign | nearest(value, 23, -126, 127)


def to_double(value):
  return nearest(value, 52, -1022, 1023)


def hardness(value):
  """How near a double is to the middle between two singles."""
  rest = double_bits(value) & ((1 << 29) - 1)
  return abs(rest - (1 << 28))


def arguments(draw, function, count=150):
  easy = [draw() for _ in range(count)]
  many = [draw() for _ in range(1_000_000)]
  hard = sorted(many, key=lambda x: hardness(abs(function(x))))[:count]
  return easy + hard


def exact_exp(x):
  return Decimal(x).exp()


def exact_sigmoid(x):
  return 1 / (1 + (-Decimal(x)).exp())


def exact_tanh(x):
  grown = (2 * Decimal(x)).exp()
  return (grown - 1) / (grown + 1)


def rounded(x):
  return single(single_bits(x))


cases = {}
draw = lambda: rounded(RANDOM.uniform(-103.9, 88.7))
cases["exponential"] = [
  [double_bits(x), to_single(exact_exp(x))]
  for x in arguments(draw, exp) + arguments(lambda: RANDOM.uniform(-103.9, 88.7), exp)
]
draw = lambda: RANDOM.choice([-1, 1]) * 2 ** RANDOM.uniform(-20, 6.5)
cases["sigmoid"] = [
  [single_bits(x), to_single(exact_sigmoid(x))]
  for x in arguments(lambda: rounded(draw()), lambda x: 1 / (1 + exp(-x)))
]
draw = lambda: RANDOM.choice([-1, 1]) * 2 ** RANDOM.uniform(-30, 3.2)
cases["tanh"] = [
  [single_bits(x), to_single(exact_tanh(x))] for x in arguments(lambda: rounded(draw()), tanh)
]
cases["logarithm"] = [
  [double_bits(x), to_double(Decimal(x).ln())]
  for x in [rounded(1 + 2 ** RANDOM.uniform(-23, 24)) for _ in range(200)] + [1 + 2**-23, 1.5, 2.0]
]
for entries in cases.values():
  entries.sort()
Path(__file__).with_name("reals.json").write_text(
  json.dumps(cases, separators=(",", ":")).replace("]],", "]],\n") + "\n")
