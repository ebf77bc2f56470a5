"""Makes pairing.json with the pairing of the package py_ecc.

    pip install py_ecc==8.0.0
    python3 make.py

All numbers are hexadecimal; points of G1 are two numbers, points of G2 the 128 bytes of EIP-197.
"""

import json
import pathlib
import random

from py_ecc.fields import bn128_FQ2 as FQ2
from py_ecc.bn128 import (
  G1, G2, add, b2, curve_order, field_modulus, is_on_curve, multiply, pairing,
)

q, r = field_modulus, curve_order
u = 4965661367192848881
assert r == 36 * u**4 + 36 * u**3 + 18 * u**2 + 6 * u + 1
assert q == r + 6 * u**2
# What our final exponentiation has on top of (q^12 - 1) / r.
cofactor = 2 * u * (6 * u * u + 3 * u + 1)
rng = random.Random(197)


def number(value):
  return f"{int(value):064x}"


def first(point):
  return [number(0)] * 2 if point is None else [number(c) for c in point]


def second(point):
  if point is None:
    return number(0) * 4
  (x, y) = point
  return "".join(number(c) for c in [x.coeffs[1], x.coeffs[0], y.coeffs[1], y.coeffs[0]])


def value(element):
  """Coefficients a, b of a + b*i for each power of w, where py_ecc has those of w alone: i = w^6 - 9."""
  c = [int(x) for x in element.coeffs]
  return [[number((c[k] + 9 * c[k + 6]) % q), number(c[k + 6])] for k in range(6)]


def root_in_base(a):
  root = pow(a, (q + 1) // 4, q)
  return root if root * root % q == a % q else None


def root(value):
  """A square root in Fq2, or None: x + y*i with x^2 - y^2 = a, 2xy = b."""
  (a, b) = (int(c) for c in value.coeffs)
  norm = root_in_base(a * a + b * b)
  if norm is None:
    return None
  half = pow(2, -1, q)
  for sign in (1, -1):
    x = root_in_base((a + sign * norm) * half % q)
    if x:
      candidate = FQ2([x, b * half * pow(x, -1, q) % q])
      if candidate * candidate == value:
        return candidate
  return None


def twist_point():
  while True:
    x = FQ2([rng.randrange(q), rng.randrange(q)])
    y = root(x * x * x + b2)
    if y is not None:
      assert is_on_curve((x, y), b2)
      return (x, y)


multiples = [1, 2, 3, u, 6 * u * u, r - 1] + [rng.randrange(r) for _ in range(3)]
whole = 2 * q - r  # times r: the points of the twist
small = 10069
assert whole % small == 0

outside = []
while len(outside) < 3:
  point = twist_point()
  assert multiply(point, r) is not None
  outside.append(second(point))
# Of the order of the cofactor, and of its least factor: every case of the group law comes up.
outside.append(second(multiply(point, r)))
point = None
while point is None:
  point = multiply(twist_point(), r * whole // small)
assert multiply(point, small) is None
outside.append(second(point))
outside.append(second(add(G2, point)))

values = []
for _ in range(2):
  (a, b) = (rng.randrange(r), rng.randrange(r))
  (p, s) = (multiply(G1, a), multiply(G2, b))
  values.append({"g1": first(p), "g2": second(s), "value": value(pairing(s, p) ** cofactor)})

(a, b, c) = (rng.randrange(r) for _ in range(3))
products = [
  ([(a, b), (r - a * b % r, 1)], True),
  ([(a, b), (a * b % r, 1)], False),
  ([(a, b), (r - a, b)], True),
  ([(a, b), (c, 1), (r - (a * b + c) % r, 1)], True),
  ([(a, b), (c, 1), (r - (a * b + c + 1) % r, 1)], False),
  ([(0, b), (a, 0)], True),
  ([(a, 1)], False),
]

(pathlib.Path(__file__).parent / "pairing.json").write_text(json.dumps({
  "multiples": [{"scalar": number(k), "point": second(multiply(G2, k))} for k in multiples],
  "outside": outside,
  "values": values,
  "products": [
    {
      "pairs": [
        {"g1": first(multiply(G1, a) if a else None), "g2": second(multiply(G2, b) if b else None)}
        for (a, b) in pairs
      ],
      "isOne": one,
    }
    for (pairs, one) in products
  ],
}, indent=1) + "\n")
