"""G1 of BN254: points, hashing to the curve, generators, and sums of multiples (`docs/protocol/encodings.md#points`).

A point is a pair of coordinates, and the identity is `None`.
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from .field import P
from .refusal import demand

Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583
ROOT = (Q + 1) // 4

TABLE_DIGEST = "448ef5fad3a3798b58b429d282033014af3e19b9447b80738355324a0194a6ac"
DOMAIN = b"tacit-v1-generators-BN254G1_XMD:SHA-256_SVDW_RO_"
C1 = 4
C2 = 0x183227397098D014DC2822DB40C0AC2ECBC0B548B438E5469E10460B6C3E7EA3
C3 = 0x00000000000000016789AF3A83522EB353C98FC6B36D713D5D8D1CC5DFFFFFFA
C4 = 0x10216F7BA065E00DE81AC1E7808072C9DD2B2385CD7B438469602EB24829A9BD


def square_root(value):
  """A root of a base field element, or `None` where it is no square (`docs/protocol/encodings.md#points`)."""
  root = pow(value, ROOT, Q)
  return root if root * root % Q == value % Q else None


def decode(data):
  """The point that 32 bytes encode, refused where they are not canonical (`docs/protocol/encodings.md#points`)."""
  number = int.from_bytes(data, "big")
  form, x = number >> 254, number & ((1 << 254) - 1)
  if form == 1:
    demand(x == 0, "an identity with other bits")
    return None
  demand(form != 0 and x < Q, "a point is not canonical")
  y = square_root(x * x * x + 3)
  demand(y is not None, "a point is not on the curve")
  larger = y > (Q - 1) // 2
  return (x, y) if larger == (form == 3) else (x, Q - y)


def decode_present(data):
  """A point of a proof or statement, where the identity is refused (`docs/protocol/encodings.md#points`)."""
  point = decode(data)
  demand(point is not None, "the identity where none is allowed")
  return point


def encode(point):
  """The 32 bytes of a point (`docs/protocol/encodings.md#points`)."""
  if point is None:
    return (1 << 254).to_bytes(32, "big")
  form = 3 if point[1] > (Q - 1) // 2 else 2
  return (form << 254 | point[0]).to_bytes(32, "big")


def expand(message, domain, length):
  """`expand_message_xmd` over SHA-256 (`docs/protocol/encodings.md#hash-to-the-curve`)."""
  tag = domain + bytes([len(domain)])
  b0 = sha256(bytes(64) + message + length.to_bytes(2, "big") + b"\0" + tag).digest()
  block, result, i = sha256(b0 + b"\1" + tag).digest(), b"", 1
  while len(result) < length:
    result += block
    i += 1
    mixed = bytes(a ^ b for a, b in zip(b0, block))
    block = sha256(mixed + bytes([i]) + tag).digest()
  return result[:length]


def map_to_curve(u):
  """The Shallue–van de Woestijne map (`docs/protocol/encodings.md#hash-to-the-curve`)."""
  s = C1 * u * u % Q
  a, m = (1 + s) % Q, (1 - s) % Q
  i = pow(a * m, -1, Q) if a * m % Q else 0
  w = u * m * i * C3 % Q
  for x in ((C2 - w) % Q, (C2 + w) % Q, (1 + C4 * pow(a * a * i, 2, Q)) % Q):
    y = square_root(x * x * x + 3)
    if y is not None:
      return (x, y) if y & 1 == u & 1 else (x, Q - y)
  raise AssertionError("one of the three is always on the curve")


def hash_to_curve(message, domain):
  """The random-oracle hash to the curve (`docs/protocol/encodings.md#hash-to-the-curve`)."""
  e = expand(message, domain, 96)
  u0, u1 = int.from_bytes(e[:48], "big") % Q, int.from_bytes(e[48:], "big") % Q
  return affine(add_affine(add_affine(None, map_to_curve(u0)), map_to_curve(u1)))


@lru_cache(maxsize=1)
def table():
  """The coordinates of all generators from the file that the repository has, or nothing where it is another's (`docs/protocol/encodings.md#generators`)."""
  path = Path(__file__).resolve().parents[3] / "Sources" / "CGenerators" / "generators.bin"
  data = path.read_bytes() if path.is_file() else b""
  return data if sha256(data).hexdigest() == TABLE_DIGEST else b""


def hashed_generator(i):
  """The generator G_i by hashing its label, H for 0 (`docs/protocol/encodings.md#generators`)."""
  return hash_to_curve(b"tacit-v1-G" + i.to_bytes(4, "big") if i else b"tacit-v1-H", DOMAIN)


@lru_cache(maxsize=None)
def generator(i):
  """The generator G_i, 1 ≤ i ≤ 4096, or H for 0, from the table or by hashing (`docs/protocol/encodings.md#generators`)."""
  if not table():
    return hashed_generator(i)
  x, y = table()[64 * i:64 * i + 32], table()[64 * i + 32:64 * i + 64]
  return int.from_bytes(x, "big"), int.from_bytes(y, "big")


# Sums are kept as (X, Y, ZZ, ZZZ) with x = X/ZZ and y = Y/ZZZ, ZZ³ = ZZZ²; the identity is `None`.


def double(point):
  """Twice a sum; no point of the curve has order two (`docs/protocol/encodings.md#points`)."""
  if point is None:
    return None
  x, y, zz, zzz = point
  u = 2 * y
  v = u * u % Q
  w = u * v % Q
  s = x * v % Q
  m = 3 * x * x
  x3 = (m * m - 2 * s) % Q
  return x3, (m * (s - x3) - w * y) % Q, v * zz % Q, w * zzz % Q


def add_affine(point, other):
  """A sum and an affine point other than the identity, added (`docs/protocol/encodings.md#points`)."""
  x2, y2 = other
  if point is None:
    return x2, y2, 1, 1
  x1, y1, zz, zzz = point
  p = (x2 * zz - x1) % Q
  r = (y2 * zzz - y1) % Q
  if p == 0:
    return double((x2, y2, 1, 1)) if r == 0 else None
  pp = p * p % Q
  ppp = p * pp % Q
  v = x1 * pp % Q
  x3 = (r * r - ppp - 2 * v) % Q
  return x3, (r * (v - x3) - y1 * ppp) % Q, zz * pp % Q, zzz * ppp % Q


def add(left, right):
  """Two sums, added (`docs/protocol/encodings.md#points`)."""
  if left is None or right is None:
    return right if left is None else left
  x1, y1, zz1, zzz1 = left
  x2, y2, zz2, zzz2 = right
  u1, s1 = x1 * zz2 % Q, y1 * zzz2 % Q
  p = (x2 * zz1 - u1) % Q
  r = (y2 * zzz1 - s1) % Q
  if p == 0:
    return double(left) if r == 0 else None
  pp = p * p % Q
  ppp = p * pp % Q
  v = u1 * pp % Q
  x3 = (r * r - ppp - 2 * v) % Q
  return x3, (r * (v - x3) - s1 * ppp) % Q, zz1 * zz2 * pp % Q, zzz1 * zzz2 * ppp % Q


def affine(point):
  """The affine point that a sum is."""
  if point is None:
    return None
  x, y, zz, zzz = point
  return x * pow(zz, -1, Q) % Q, y * pow(zzz, -1, Q) % Q


def signed_digits(value, width):
  """The digits of a scalar to the base 2^width, from −2^(width−1) to 2^(width−1)."""
  digits, half, full = [], 1 << (width - 1), 1 << width
  while value:
    digit = value & (full - 1)
    if digit > half:
      digit -= full
    digits.append(digit)
    value = (value - digit) >> width
  return digits


def window_width(count):
  """The width of digits that makes a sum of so many multiples cheapest."""
  return min(range(2, 14), key=lambda w: (256 // w + 1) * (count + (2 << (w - 1))))


def multiply_sum(scalars, points):
  """The sum of multiples of affine points, by buckets of equal digits; the identity counts for nothing."""
  pairs = [(s % P, point) for s, point in zip(scalars, points) if point is not None and s % P]
  if not pairs:
    return None
  width = window_width(len(pairs))
  columns = {}
  for value, point in pairs:
    negative = (point[0], Q - point[1])
    for place, digit in enumerate(signed_digits(value, width)):
      if digit:
        columns.setdefault(place, []).append((digit, point) if digit > 0 else (-digit, negative))
  total = None
  for place in range(max(columns), -1, -1):
    for _ in range(width):
      total = double(total)
    total = add(total, bucket_sum(columns.get(place, ()), width))
  return total


def bucket_sum(entries, width):
  """The sum of digit · point over one place of digits."""
  buckets = [None] * ((1 << (width - 1)) + 1)
  for digit, point in entries:
    buckets[digit] = add_affine(buckets[digit], point)
  running, total = None, None
  for bucket in reversed(buckets[1:]):
    running = add(running, bucket)
    total = add(total, running)
  return total
