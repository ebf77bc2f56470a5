"""Writes rescale.json: multipliers from scales and rounded products, by exact fractions.

Python 3, no packages; seeded. Nothing here comes from the Swift side.
"""

import json
import random
import struct
from fractions import Fraction
from pathlib import Path

random.seed(20261121)


def single(value):
  """The nearest float32, as a float."""
  return struct.unpack("<f", struct.pack("<f", value))[0]


def q31(ratio):
  """m / 2^s: the fraction of `ratio` (a double) with 31 bits, half upwards."""
  exact, exponent = Fraction(ratio), 0
  while exact >= 1:
    exact, exponent = exact / 2, exponent + 1
  while exact < Fraction(1, 2):
    exact, exponent = exact * 2, exponent - 1
  m = (exact * 2**31 + Fraction(1, 2)).__floor__()
  if m == 2**31:
    m, exponent = 2**30, exponent + 1
  if exponent > 31:
    return None
  return [0, 31] if exponent < -31 else [m, 31 - exponent]


def ratios():
  for _ in range(200):
    scales = [single(2 ** random.uniform(-16, 2)) for _ in range(3)]
    yield scales[0] * scales[1] / scales[2]
  for exponent in range(-36, 34):
    yield 2.0**exponent
    yield 2.0**exponent * (1 - 2.0**-31)       # rounds to 2^31 exactly half-way
    yield 2.0**exponent * (1 - 2.0**-32)       # rounds to 2^31
    yield 2.0**exponent * (1 - 2.0**-30)
    yield 2.0**exponent * (1 + 2.0**-31)       # half-way between two mantissas
    yield 2.0**exponent * (1 + 2.0**-31 + 2.0**-50)
  yield 2.0**-126 * 2.0**-126 / 2.0**127
  yield 2.0**127 * 2.0**127 / 2.0**-126


def edges(bits):
  values = {0, 1, -1}
  for k in range(1, bits + 1):
    values |= {2**k, 2**k - 1, 2**k + 1, -(2**k), -(2**k) - 1, -(2**k) + 1}
  return sorted(values)


def products():
  for acc in edges(40):
    for m, s in [(1, 1), (2**30, 31), (2**31 - 1, 31), (2**31 - 1, 62), (2**30, 62), (0, 31),
                 (1518500250, 37), (3, 1)]:
      yield acc, m, s
  for _ in range(300):
    # Exact ties: acc·m = (2k + 1)·2^(s−1).
    s = random.randrange(1, 30)
    yield (2 * random.randrange(-500, 500) + 1) << random.randrange(0, 2), 1 << (s - 1), s
  for _ in range(300):
    yield random.randrange(-2**31, 2**31), random.randrange(2**30, 2**31), random.randrange(20, 62)


def main():
  body = {
    "ratios": [{"ratio": r, "q31": q31(r)} for r in ratios()],
    "products": [[acc, m, s, (Fraction(acc * m, 2**s) + Fraction(1, 2)).__floor__()]
                 for acc, m, s in products()],
  }
  path = Path(__file__).resolve().parent / "rescale.json"
  path.write_text("{\n" + ",\n".join(
    f"{json.dumps(k)}: [\n" + ",\n".join(json.dumps(v, separators=(",", ":")) for v in vs) + "\n]"
    for k, vs in body.items()) + "\n}\n")


main()
