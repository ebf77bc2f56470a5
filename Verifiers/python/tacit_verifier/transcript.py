"""The hash of all that both sides say (`docs/protocol/transcript.md`, `docs/protocol/scheme-srs.md#transcript`)."""

from copy import copy
from hashlib import sha256

from .field import P, wide
from .keccak import keccak256

NAME = b"tacit proof v7"


class Transcript:
  """One SHA-256 stream of absorbs and draws (`docs/protocol/transcript.md#hash`)."""

  def __init__(self, log=None):
    """Begins a transcript; a log is a list that is told of each absorb and draw."""
    self.state = self.hashed(NAME)
    self.log = log

  def copy(self):
    """A transcript that goes on by itself from here."""
    other = copy(self)
    other.state = self.state.copy()
    return other

  def absorb(self, label, data):
    """Appends a framed message to the state (`docs/protocol/transcript.md#framing`)."""
    self.state.update(bytes([label]) + len(data).to_bytes(8, "big") + data)
    if self.log is not None:
      self.log.append(("absorb", label, bytes(data)))

  def absorb_number(self, label, number):
    """Absorbs a number as eight bytes, big-endian (`docs/protocol/transcript.md#labels`)."""
    self.absorb(label, number.to_bytes(8, "big"))

  def absorb_points(self, label, points, data):
    """Absorbs points, whose bytes are those of the file (`docs/protocol/transcript.md#framing`)."""
    self.absorb(label, data)

  def draw(self, label, count=1):
    """Draws challenges and restarts the state (`docs/protocol/transcript.md#framing`)."""
    values = self.challenges(label, count)
    if self.log is not None:
      self.log.append(("challenge", label, values))
    return values

  def challenges(self, label, count):
    """The challenges of one draw, after which the state is made of their digest (`docs/protocol/transcript.md#framing`)."""
    digest = self.state.digest()
    self.state = self.hashed(NAME + digest)
    return [self.challenge(digest, label, i) for i in range(count)]

  @staticmethod
  def hashed(data):
    """A state that has heard these bytes."""
    return sha256(data)

  @staticmethod
  def challenge(digest, label, i):
    """The i-th challenge of one draw (`docs/protocol/transcript.md#framing`)."""
    entropy = digest + bytes([label]) + i.to_bytes(8, "big")
    return wide(sha256(entropy + b"\0").digest() + sha256(entropy + b"\1").digest())


class KeccakTranscript(Transcript):
  """The transcript over the EVM's Keccak-256; its state is s and behind it m (`docs/protocol/scheme-srs.md#transcript`)."""

  def absorb(self, label, data):
    """Appends a framed message to m (`docs/protocol/scheme-srs.md#transcript`)."""
    self.state += bytes([label]) + len(data).to_bytes(8, "big") + data
    if self.log is not None:
      self.log.append(("absorb", label, bytes(data)))

  def absorb_points(self, label, points, data):
    """Absorbs points in 64 bytes each, as EIP-196 has them (`docs/protocol/scheme-srs.md#transcript`)."""
    self.absorb(label, b"".join(x.to_bytes(32, "big") + y.to_bytes(32, "big") for x, y in points))

  def challenges(self, label, count):
    """The challenges of one draw, which makes the next s (`docs/protocol/scheme-srs.md#transcript`)."""
    self.state = self.hashed(self.state + bytes([label]) + count.to_bytes(8, "big"))
    words = [self.state]
    if count > 1:
      words = [keccak256(self.state + i.to_bytes(32, "big")) for i in range(count)]
    return [int.from_bytes(word, "big") % P for word in words]

  @staticmethod
  def hashed(data):
    """s, a digest."""
    return bytearray(keccak256(data))
