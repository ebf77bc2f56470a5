"""The first powers of τ of the scheme `srs`, for the prover of these tests (`docs/protocol/scheme-srs.md#generators`)."""

from functools import lru_cache

from tacit_verifier import curve
from tacit_verifier.schemes import SRS

from .paths import VECTORS

FILE = VECTORS / "ceremony" / "challenge-85-128.point"


@lru_cache(maxsize=1)
def powers():
  """G, τ·G, …, whose file has points as ours have them."""
  data = FILE.read_bytes()
  return [curve.decode(data[i:i + 32]) for i in range(0, len(data), 32)]


def generator_of(scheme, i):
  """The generator G_i of a scheme, H for 0."""
  return powers()[i - 1] if i and scheme is SRS else scheme.generator(i)
