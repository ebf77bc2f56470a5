"""The pairing of BN254, as far as a check of products needs it (`docs/protocol/scheme-srs.md#pairing`).

An element a + b·i of the extension of degree two is a pair (a, b). One of degree twelve is the list of its coefficients of w⁰ … w¹¹, where
w¹² = 18·w⁶ − 82, so that i = w⁶ − 9. A point (x, y) of the twist stands for (x·w², y·w³).
"""

from functools import lru_cache

from .curve import Q
from .field import P
from .refusal import demand

U = 4965661367192848881
LOOP = 6 * U + 2
HARD = (Q ** 4 - Q ** 2 + 1) // P
ONE = [1] + [0] * 11


def add2(a, b):
  """A sum of degree two."""
  return (a[0] + b[0]) % Q, (a[1] + b[1]) % Q


def subtract2(a, b):
  """A difference of degree two."""
  return (a[0] - b[0]) % Q, (a[1] - b[1]) % Q


def multiply2(a, b):
  """A product of degree two; i² = −1."""
  return (a[0] * b[0] - a[1] * b[1]) % Q, (a[0] * b[1] + a[1] * b[0]) % Q


def scale2(a, factor):
  """A multiple of degree two."""
  return a[0] * factor % Q, a[1] * factor % Q


def inverse2(a):
  """The inverse of an element of degree two other than 0."""
  norm = pow(a[0] * a[0] + a[1] * a[1], -1, Q)
  return a[0] * norm % Q, -a[1] * norm % Q


def power2(a, exponent):
  """A power of degree two."""
  result = (1, 0)
  for bit in bin(exponent)[2:]:
    result = multiply2(result, result)
    if bit == "1":
      result = multiply2(result, a)
  return result


XI = (9, 1)
TWIST_B = scale2(inverse2(XI), 3)
FROBENIUS_X = power2(XI, (Q - 1) // 3)
FROBENIUS_Y = power2(XI, (Q - 1) // 2)


def reduced(coefficients):
  """Up to 23 coefficients as the twelve of an element of degree twelve."""
  found = list(coefficients)
  for k in range(len(found) - 1, 11, -1):
    found[k - 6] += 18 * found[k]
    found[k - 12] -= 82 * found[k]
  return [value % Q for value in found[:12]]


def multiply(a, b):
  """A product of degree twelve."""
  found = [0] * 23
  for i, x in enumerate(a):
    if x:
      for j, y in enumerate(b):
        found[i + j] += x * y
  return reduced(found)


def power(a, exponent):
  """A power of degree twelve."""
  result = ONE
  for bit in bin(exponent)[2:]:
    result = multiply(result, result)
    if bit == "1":
      result = multiply(result, a)
  return result


@lru_cache(maxsize=None)
def frobenius_powers(times):
  """w⁰ … w¹¹, each to the power Q so many times."""
  image, found = power([0, 1] + [0] * 10, Q), [ONE]
  for _ in range(11):
    found.append(multiply(found[-1], image))
  return found if times == 1 else [frobenius(value, times - 1) for value in found]


def frobenius(a, times):
  """An element of degree twelve to the power Q so many times: its coefficients stay, and w does not."""
  found = [0] * 12
  for coefficient, image in zip(a, frobenius_powers(times)):
    for k, value in enumerate(image):
      found[k] += coefficient * value
  return [value % Q for value in found]


def on_twist(point):
  """Whether a point of the twist is on it, y² = x³ + 3/(9 + i) (`docs/protocol/scheme-srs.md#pairing`)."""
  x, y = point
  return multiply2(y, y) == add2(multiply2(multiply2(x, x), x), TWIST_B)


def slope_of(left, right):
  """The slope of the line through two points of the twist, or of the tangent; `None` of one that is vertical."""
  (x1, y1), (x2, y2) = left, right
  if x1 != x2:
    return multiply2(subtract2(y2, y1), inverse2(subtract2(x2, x1)))
  if y1 != y2 or y1 == (0, 0):
    return None
  return multiply2(scale2(multiply2(x1, x1), 3), inverse2(scale2(y1, 2)))


def add_points(left, right):
  """Two points of the twist, added; the identity is `None`."""
  if left is None or right is None:
    return right if left is None else left
  slope = slope_of(left, right)
  return None if slope is None else third(slope, left, right)


def third(slope, left, right):
  """The sum of two points by the slope of their line."""
  x = subtract2(subtract2(multiply2(slope, slope), left[0]), right[0])
  return x, subtract2(multiply2(slope, subtract2(left[0], x)), left[1])


def multiple(scalar, point):
  """A multiple of a point of the twist."""
  total = None
  for bit in bin(scalar)[2:]:
    total = add_points(total, total)
    if bit == "1":
      total = add_points(total, point)
  return total


def in_subgroup(point):
  """Whether a point is of G₂: on the twist, and of order p (`docs/protocol/scheme-srs.md#pairing`)."""
  return point is not None and on_twist(point) and multiple(P, point) is None


def decode(data):
  """A point of G₂ in the 128 bytes of EIP-197, refused where it is none (`docs/protocol/encodings.md#powers-of-tau`)."""
  numbers = [int.from_bytes(data[i:i + 32], "big") for i in range(0, 128, 32)]
  demand(len(data) == 128 and all(number < Q for number in numbers), "a point of G₂ is not canonical")
  if not any(numbers):
    return None
  point = (numbers[1], numbers[0]), (numbers[3], numbers[2])
  demand(in_subgroup(point), "a point is not in G₂")
  return point


def image(point):
  """The image of a point of the twist under the Frobenius map of the curve (`docs/protocol/scheme-srs.md#pairing`)."""
  (a, b), (c, d) = point
  return multiply2((a, -b % Q), FROBENIUS_X), multiply2((c, -d % Q), FROBENIUS_Y)


@lru_cache(maxsize=16)
def lines(point):
  """The lines of the loop for a point of G₂, each with whether a square comes before it (`docs/protocol/scheme-srs.md#pairing`)."""
  found, total = [], point

  def through(left, right, squares):
    slope = slope_of(left, right)
    found.append((squares, slope, subtract2(multiply2(slope, left[0]), left[1])))
    return third(slope, left, right)

  for bit in bin(LOOP)[3:]:
    total = through(total, total, True)
    if bit == "1":
      total = through(total, point, False)
  first = image(point)
  x, y = image(first)
  through(through(total, first, False), (x, subtract2((0, 0), y)), False)
  return found


def line_at(slope, constant, point):
  """A line at a point (x, y) of G1: y − slope·x·w + constant·w³."""
  found = [0] * 12
  found[0] = point[1]
  for place, (a, b) in ((1, scale2(slope, -point[0])), (3, constant)):
    found[place] = (a - 9 * b) % Q
    found[place + 6] = b
  return found


def miller(pairs):
  """The product of the loops of pairs of affine points of G1 and G₂, none the identity (`docs/protocol/scheme-srs.md#pairing`)."""
  value = ONE
  for steps in zip(*(lines(second) for _, second in pairs)):
    if steps[0][0]:
      value = multiply(value, value)
    for (_, slope, constant), (first, _) in zip(steps, pairs):
      value = multiply(line_at(slope, constant, first), value)
  return value


def before_easy(value):
  """A value to the power (q² + 1)·(q⁴ − q² + 1)/p, all of the final one but q⁶ − 1 (`docs/protocol/scheme-srs.md#pairing`).

  The second factor is taken digit by digit to the base q, all three at once.
  """
  value = multiply(frobenius(value, 2), value)
  products = [ONE]
  for factor in (value, frobenius(value, 1), frobenius(value, 2)):
    products += [multiply(product, factor) for product in products]
  digits, result = (HARD % Q, HARD // Q % Q, HARD // Q ** 2), ONE
  for place in range(Q.bit_length() - 1, -1, -1):
    result = multiply(result, result)
    choice = sum((digit >> place & 1) << i for i, digit in enumerate(digits))
    result = multiply(result, products[choice]) if choice else result
  return result


def product_is_one(pairs):
  """Whether the product of the pairings of pairs is 1; points are affine, `None` the identity (`docs/protocol/scheme-srs.md#pairing`).

  x to the power q⁶ − 1 is 1 exactly if x to the power q⁶ is x, for x ≠ 0.
  """
  value = before_easy(miller([pair for pair in pairs if None not in pair]))
  return frobenius(value, 6) == value
