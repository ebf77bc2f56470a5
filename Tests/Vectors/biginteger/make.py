#!/usr/bin/env python3
"""Vectors for BigInteger. Oracle: Python's int, fractions.Fraction and correctly rounded float.

Run `python3 make.py` here to write the .json files again; the same bytes come out each time.
"""

import json
import random
import struct
from fractions import Fraction
from math import ceil, floor, gcd
from pathlib import Path

rng = random.Random(20260101)
here = Path(__file__).parent


def edges(powers):
    values = {0, 1, 2, 3}
    for k in powers:
        values |= {2**k - 1, 2**k, 2**k + 1}
    return sorted(values | {-v for v in values})


def write(name, cases):
    lines = ",\n".join(json.dumps(case) for case in cases)
    (here / f"{name}.json").write_text(f"[\n{lines}\n]\n")


def truncated(a, b):
    q = abs(a) // abs(b)
    return q if (a < 0) == (b < 0) else -q


def pair(a, b):
    case = {"a": str(a), "b": str(b), "sum": str(a + b), "difference": str(a - b),
            "product": str(a * b), "order": (a > b) - (a < b), "gcd": str(gcd(a, b))}
    if b != 0:
        q = truncated(a, b)
        case |= {"quotient": str(q), "remainder": str(a - b * q),
                 "floorQuotient": str(a // b), "floorModulo": str(a % b)}
    return case


def base(a, radix):
    digits = ""
    n = abs(a)
    while n:
        n, d = divmod(n, radix)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[d] + digits
    return ("-" if a < 0 else "") + (digits or "0")


def signed_bits(a):
    n = 1
    while not -(2 ** (n - 1)) <= a < 2 ** (n - 1):
        n += 1
    return n


def single(a):
    counts = [0, 1, 31, 63, 64, 65, 200]
    return {"a": str(a), "negated": str(-a), "magnitude": str(abs(a)), "sign": (a > 0) - (a < 0),
            "bits": abs(a).bit_length(), "signedBits": signed_bits(a),
            "fitsInt64": -(2**63) <= a < 2**63, "fitsUInt64": 0 <= a < 2**64,
            "fitsInt128": -(2**127) <= a < 2**127,
            "bytes": list(abs(a).to_bytes((abs(a).bit_length() + 7) // 8, "big")),
            "limbs": [f"{abs(a) >> 64 * i & 2**64 - 1:x}" for i in range(8)],
            "texts": {str(r): base(a, r) for r in (2, 7, 10, 16, 36)},
            "shifts": counts, "left": [str(a << n) for n in counts],
            "right": [str(a >> n) for n in counts],
            "bitsSet": [a >> n & 1 == 1 for n in counts],
            "powers": [str(a**n) for n in range(5)]}


def modular(a, e, m):
    try:
        inverse = str(pow(a, -1, m))
    except ValueError:
        inverse = None
    return {"a": str(a), "exponent": str(e), "modulus": str(m),
            "power": str(pow(a, e, m)), "inverse": inverse}


def bits(x):
    try:
        value = x.numerator / x.denominator  # correctly rounded, ties to even
    except OverflowError:
        value = float("inf") if x > 0 else float("-inf")
    return struct.pack(">d", value).hex()


def half_away(x):
    return floor(x + Fraction(1, 2)) if x >= 0 else -floor(-x + Fraction(1, 2))


def rational(x):
    return {"n": str(x.numerator), "d": str(x.denominator), "floor": str(floor(x)),
            "ceiling": str(ceil(x)), "halfUp": str(floor(x + Fraction(1, 2))),
            "halfAway": str(half_away(x)), "halfToEven": str(round(x)), "double": bits(x)}


def rational_pair(x, y):
    return {"x": str(x), "y": str(y), "sum": str(x + y), "difference": str(x - y),
            "product": str(x * y), "quotient": str(x / y) if y else None,
            "order": (x > y) - (x < y)}


def double(pattern):
    x = Fraction(struct.unpack(">d", struct.pack(">Q", pattern))[0])
    return {"bits": f"{pattern:016x}", "n": str(x.numerator), "d": str(x.denominator)}


def wide(bits):
    return rng.getrandbits(bits) * rng.choice((1, -1))


small = edges([63, 64])
pairs = [(a, b) for a in small for b in small]
pairs += [(wide(rng.randrange(1, 700)), wide(rng.randrange(1, 400))) for _ in range(90)]
write("pairs", [pair(a, b) for a, b in pairs])

write("singles", [single(a) for a in edges([7, 31, 63, 64, 127, 128, 253])]
      + [single(wide(rng.randrange(1, 500))) for _ in range(40)])

bn254 = 21888242871839275222246405745257275088548364400416034343698204186575808495617
moduli = [1, 2, 3, 4, 2**61 - 1, 2**64, 2**64 - 59, bn254, bn254 * 6]
write("modular", [modular(a, e, m) for m in moduli for a in (0, 1, -1, 2, -7, m, m - 1, bn254 + 5)
                  for e in (0, 1, 2, m - 1)]
      + [modular(wide(300), rng.getrandbits(256), m) for m in moduli for _ in range(5)])

fractions = [Fraction(n, d) for d in (1, 2, 3, 4, 7) for n in range(-2 * d - 1, 2 * d + 2)]
fractions += [Fraction(wide(rng.randrange(1, 200)), rng.getrandbits(120) + 1) for _ in range(40)]
fractions += [Fraction(s * (2**k + e), 2) for k in (31, 53, 64, 100) for e in (-1, 0, 1)
              for s in (1, -1)]
patterns = [0, 1, 2, 2**52 - 1, 2**52, 2**52 + 1, 0x3FF0000000000000, 0x3FB999999999999A,
            0x7FEFFFFFFFFFFFFF, 0x433FFFFFFFFFFFFF, 0x4340000000000000]
patterns += [rng.randrange(0x7FF << 52) for _ in range(40)]
patterns += [p | 1 << 63 for p in patterns if p]
write("doubles", [double(p) for p in patterns])

# Between neighbouring doubles: at the middle, a hair to each side of it, and past the greatest.
near = []
for p in patterns:
    x, y = (Fraction(struct.unpack(">d", struct.pack(">Q", q))[0])
            for q in (p, p + 1)) if p & 2**63 - 1 != 0x7FEFFFFFFFFFFFFF else (
                Fraction(2**1024 - 2**971) * (-1 if p >> 63 else 1),
                Fraction(2**1024) * (-1 if p >> 63 else 1))
    middle = (x + y) / 2
    near += [middle, middle + (y - x) / 2**70, middle - (y - x) / 2**70]
near += [Fraction(10**400), Fraction(-10**400), Fraction(1, 10**400), Fraction(-1, 10**400)]
write("rationals", [rational(x) for x in fractions + near])

some = fractions[::3]
write("rational_pairs", [rational_pair(x, y) for x in some for y in some[::5]])
