"""The scalar field, and the extensions of columns over it (`docs/protocol/encodings.md#fields`)."""

from .refusal import demand

P = 21888242871839275222246405745257275088548364400416034343698204186575808495617
HALF = (P + 1) // 2


def wide(data):
  """The wide reduction of hash output to a scalar (`docs/protocol/encodings.md#wide-reduction`)."""
  return int.from_bytes(data, "big") % P


def scalar(data):
  """The scalar that 32 bytes encode, refused where it is not below p (`docs/protocol/encodings.md#scalars`)."""
  value = int.from_bytes(data, "big")
  demand(value < P, "a scalar is not canonical")
  return value


def inverse(value):
  """The inverse of a scalar, 0 for 0 (`docs/protocol/README.md#notation`)."""
  return pow(value, -1, P) if value % P else 0


def bits(count):
  """The least b with 2^b ≥ count, 0 for 0 (`docs/protocol/README.md#notation`)."""
  return (count - 1).bit_length() if count > 0 else 0


def eq_at(point, index):
  """eq(point, index) for an integer whose bits are the other point (`docs/protocol/README.md#notation`)."""
  result = 1
  for j, x in enumerate(point):
    result = result * (x if index >> (len(point) - 1 - j) & 1 else 1 - x) % P
  return result


def eq(left, right):
  """eq of two points of one length (`docs/protocol/README.md#notation`)."""
  result = 1
  for x, y in zip(left, right):
    result = result * (2 * x * y - x - y + 1) % P
  return result


def eq_range(point, first, end):
  """eq(point, i) for first ≤ i < end, by halves of the cube (`docs/protocol/README.md#notation`)."""
  if first >= end:
    return []
  values, variables = [1], len(point)
  for j, x in enumerate(point):
    low, high = first >> (variables - 1 - j), (end - 1) >> (variables - 1 - j)
    begin, grown = low >> 1 << 1, []
    for value in values:
      upper = value * x % P
      grown.append((value - upper) % P)
      grown.append(upper)
    values = grown[low - begin:high - begin + 1]
  return values


def eq_prefix(point, end):
  """The sums of eq(point, i) and of i·eq(point, i) over 0 ≤ i < end (`docs/protocol/arguments.md#inverses`)."""
  if end >= 1 << len(point):
    return 1, sum(x << (len(point) - 1 - j) for j, x in enumerate(point)) % P
  weight, mass, moment, base = 1, 0, 0, 0
  for j, x in enumerate(point):
    half = 1 << (len(point) - 1 - j)
    if end & half:
      inside = weight * (1 - x) % P
      mean = base + sum(y << (len(point) - 1 - i) for i, y in enumerate(point) if i > j)
      mass, moment = mass + inside, moment + inside * mean
      weight, base = weight * x % P, base + half
    else:
      weight = weight * (1 - x) % P
  return mass % P, moment % P


def dot(left, right):
  """The inner product of two lists, as far as the shorter one goes."""
  return sum(map(lambda a, b: a * b, left, right)) % P


def powers(base, count):
  """The powers base^0 … base^(count − 1)."""
  result, power = [], 1
  for _ in range(count):
    result.append(power)
    power = power * base % P
  return result


def first(point, count):
  """The first coordinates of a point (`docs/protocol/README.md#notation`)."""
  return point[:count]


def last(point, count):
  """The last coordinates of a point (`docs/protocol/README.md#notation`)."""
  return point[len(point) - count:]


def drop(point, count):
  """All but the last coordinates of a point (`docs/protocol/README.md#notation`)."""
  return point[:len(point) - count]


def split(point, sizes):
  """A point cut into parts of the given numbers of coordinates, in order (`docs/protocol/arguments.md#claims`)."""
  parts, at = [], 0
  for size in sizes:
    parts.append(point[at:at + size])
    at += size
  return parts
