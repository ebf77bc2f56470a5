"""The hash of all that both sides say (`docs/protocol/transcript.md`)."""

from hashlib import sha256

from .field import wide

NAME = b"tacit proof v7"
SCHEME = 1
IDENTITY = b"BN254 G1 hashed, SHA-256, inverses, halving"


class Transcript:
  """One SHA-256 stream of absorbs and draws (`docs/protocol/transcript.md#hash`)."""

  def __init__(self, log=None):
    """Begins a transcript; a log is a list that is told of each absorb and draw."""
    self.state = sha256(NAME)
    self.log = log

  def absorb(self, label, data):
    """Appends a framed message to the state (`docs/protocol/transcript.md#framing`)."""
    self.state.update(bytes([label]) + len(data).to_bytes(8, "big") + data)
    if self.log is not None:
      self.log.append(("absorb", label, bytes(data)))

  def absorb_number(self, label, number):
    """Absorbs a number as eight bytes, big-endian (`docs/protocol/transcript.md#labels`)."""
    self.absorb(label, number.to_bytes(8, "big"))

  def draw(self, label, count=1):
    """Draws challenges and restarts the state from its digest (`docs/protocol/transcript.md#framing`)."""
    digest = self.state.digest()
    values = [self.challenge(digest, label, i) for i in range(count)]
    self.state = sha256(NAME + digest)
    if self.log is not None:
      self.log.append(("challenge", label, values))
    return values

  @staticmethod
  def challenge(digest, label, i):
    """The i-th challenge of one draw (`docs/protocol/transcript.md#framing`)."""
    entropy = digest + bytes([label]) + i.to_bytes(8, "big")
    return wide(sha256(entropy + b"\0").digest() + sha256(entropy + b"\1").digest())
