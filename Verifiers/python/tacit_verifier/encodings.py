"""Numbers and envelopes of files (`docs/protocol/encodings.md`)."""

import struct
from hashlib import sha256

from . import curve
from .refusal import Refused, demand

MAGIC = b"TACIT\0\0"
VERSIONS = {1: 4, 2: 3, 3: 3, 4: 1, 5: 1, 6: 1, 7: 1}
VERIFIER_KEY, PROOF, KEY_PROOF, OPENING, REVEAL, POWERS = 2, 3, 4, 5, 6, 7


class Reader:
  """Reads numbers one after another and refuses what does not fit (`docs/protocol/encodings.md#numbers`)."""

  def __init__(self, data):
    self.data = data
    self.at = 0

  def left(self):
    """The number of bytes not read yet."""
    return len(self.data) - self.at

  def take(self, count):
    """The next bytes, refused where there are fewer (`docs/protocol/encodings.md#numbers`)."""
    demand(0 <= count <= self.left(), "the bytes end inside a part")
    self.at += count
    return self.data[self.at - count:self.at]

  def byte(self):
    """One byte (`docs/protocol/encodings.md#numbers`)."""
    return self.take(1)[0]

  def flag(self):
    """A byte that is 0 or 1 (`docs/protocol/encodings.md#numbers`)."""
    value = self.byte()
    demand(value < 2, "a flag that is neither 0 nor 1")
    return value == 1

  def unsigned(self):
    """A LEB128 number below 2^64 in its one encoding (`docs/protocol/encodings.md#numbers`)."""
    value = 0
    for place in range(10):
      byte = self.byte()
      value |= (byte & 127) << (7 * place)
      if byte < 128:
        demand(byte != 0 or place == 0, "a number with a zero byte at its end")
        demand(place < 9 or byte == 1, "a number above 64 bits")
        return value
    raise Refused("a number above 64 bits")

  def signed(self):
    """A zigzag number (`docs/protocol/encodings.md#numbers`)."""
    value = self.unsigned()
    return (value >> 1) ^ -(value & 1)

  def double(self):
    """A binary64 pattern (`docs/protocol/encodings.md#numbers`)."""
    return struct.unpack("<d", self.take(8))[0]

  def single(self):
    """A binary32 pattern, as the double of the same value (`docs/protocol/encodings.md#numbers`)."""
    return struct.unpack("<f", self.take(4))[0]

  def text(self):
    """A name of at most 256 bytes of UTF-8 (`docs/protocol/encodings.md#numbers`)."""
    count = self.count(256)
    try:
      return self.take(count).decode("utf-8")
    except UnicodeDecodeError:
      raise Refused("a name that is not UTF-8")

  def count(self, most, size=1):
    """A count of at most so many parts of at least so many bytes (`docs/protocol/accepting-a-key.md#limits-of-reading`)."""
    value = self.unsigned()
    demand(value <= most, "a count above its limit")
    demand(value * size <= self.left(), "a count above what the bytes can hold")
    return value

  def list(self, most, read):
    """A list of at most so many parts (`docs/protocol/encodings.md#numbers`)."""
    return tuple(read() for _ in range(self.count(most)))

  def point(self):
    """A point, perhaps the identity (`docs/protocol/encodings.md#points`)."""
    return curve.decode(self.take(32))

  def finish(self):
    """Refuses bytes that are left over (`docs/protocol/encodings.md#numbers`)."""
    demand(self.left() == 0, "bytes are left over")


def payload(data, kind):
  """What stands behind the envelope of a file of the wanted kind (`docs/protocol/encodings.md#files`)."""
  demand(len(data) >= 10 and data[:7] == MAGIC, "no file of Tacit")
  demand(data[7] == kind, "a file of another kind")
  demand(int.from_bytes(data[8:10], "little") == VERSIONS[kind], "a file of another version")
  if kind not in (1, OPENING, POWERS):
    return data[10:]
  demand(data[10:42] == sha256(data[42:]).digest(), "a file with another digest")
  return data[42:]


def model_id(key_payload):
  """The model id of a verifier key's payload (`docs/protocol/encodings.md#model-id`)."""
  return sha256(b"tacit verifier key" + key_payload).digest()
