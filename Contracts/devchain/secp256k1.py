"""Signatures over secp256k1 as Ethereum has them. For tests: times depend on the secret."""

import hashlib
import hmac

from .encoding import data, keccak

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798, 0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)


class SignatureError(ValueError):
  """Three numbers that are no signature of anyone."""


def _double(p):
  x, y, z = p
  if not y:
    return (0, 0, 0)
  s = 4 * x * y * y % P
  m = 3 * x * x % P
  u = (m * m - 2 * s) % P
  return (u, (m * (s - u) - 8 * pow(y, 4, P)) % P, 2 * y * z % P)


def _add(p, q):
  if not p[2]:
    return q
  if not q[2]:
    return p
  a, b = q[2] * q[2] % P, p[2] * p[2] % P
  u, v = p[0] * a % P, q[0] * b % P
  s, t = p[1] * a * q[2] % P, q[1] * b * p[2] % P
  if u == v:
    return _double(p) if s == t else (0, 0, 0)
  h, r = v - u, t - s
  g = h * h % P
  x = (r * r - g * h - 2 * u * g) % P
  return (x, (r * (u * g - x) - s * g * h) % P, h * p[2] * q[2] % P)


def _times(scalar, point):
  result, power = (0, 0, 0), (*point, 1)
  while scalar:
    if scalar & 1:
      result = _add(result, power)
    power, scalar = _double(power), scalar >> 1
  return result


def _plain(p):
  i = pow(p[2], -1, P)
  return (p[0] * i * i % P, p[1] * i * i * i % P)


def address(secret):
  """The address of a secret number."""
  return _address(_plain(_times(secret, G)))


def _address(point):
  return data(keccak(point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big"))[12:])


def sign(secret, digest):
  """A signature (y parity, r, s) of a digest, with s in the lower half; the nonce is that of RFC 6979."""
  message = int.from_bytes(digest, "big") % N
  key, value = b"\0" * 32, b"\1" * 32
  seed = secret.to_bytes(32, "big") + message.to_bytes(32, "big")
  for mark in (b"\0", b"\1"):
    key = hmac.digest(key, value + mark + seed, hashlib.sha256)
    value = hmac.digest(key, value, hashlib.sha256)
  while True:
    value = hmac.digest(key, value, hashlib.sha256)
    k = int.from_bytes(value, "big")
    if 0 < k < N:
      x, y = _plain(_times(k, G))
      r = x % N
      s = pow(k, -1, N) * (message + r * secret) % N
      if r == x and r and s:
        return ((y & 1) ^ (s > N // 2), r, min(s, N - s))
    key = hmac.digest(key, value + b"\0", hashlib.sha256)
    value = hmac.digest(key, value, hashlib.sha256)


def recover(digest, parity, r, s):
  """The address that signed a digest."""
  if parity not in (0, 1) or not 0 < r < N or not 0 < s < N:
    raise SignatureError("out of range")
  y = pow(pow(r, 3, P) + 7, (P + 1) // 4, P)
  if (y * y - pow(r, 3, P) - 7) % P:
    raise SignatureError("r is not of the curve")
  if y & 1 != parity:
    y = P - y
  i = pow(r, -1, N)
  point = _add(_times(-int.from_bytes(digest, "big") * i % N, G), _times(s * i % N, (r, y)))
  if not point[2]:
    raise SignatureError("the point at infinity")
  return _address(_plain(point))
