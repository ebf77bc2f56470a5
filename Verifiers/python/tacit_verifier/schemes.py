"""By what keys and proofs are made (`docs/protocol/transcript.md#scheme-identity`, `docs/protocol/scheme-srs.md`)."""

from typing import Callable, NamedTuple

from . import curve, halving, quotients
from .refusal import demand
from .transcript import KeccakTranscript, Transcript


class Scheme(NamedTuple):
  """All in which the schemes differ (`docs/protocol/scheme-srs.md`)."""
  number: int
  identity: bytes
  hashes: Callable
  pairs_lookups: bool
  most_row_bits: int
  rows_grow: bool
  row_products: Callable
  generator: Callable
  has_generators: bool
  pads_begin: Callable
  elements: Callable
  equation: Callable
  settle: Callable

  def transcript(self, log=None):
    """A transcript that has absorbed the scheme's identity (`docs/protocol/transcript.md#labels`)."""
    begun = self.hashes(log)
    begun.absorb(1, self.identity)
    return begun


TRANSPARENT = Scheme(
  number=1, identity=b"BN254 G1 hashed, SHA-256, inverses, halving", hashes=Transcript, pairs_lookups=False, most_row_bits=11, rows_grow=True,
  row_products=lambda row_bits: 2 << row_bits, generator=curve.generator, has_generators=True, pads_begin=lambda row_length: row_length + 1,
  elements=halving.elements, equation=halving.Group, settle=halving.settle)
SRS = Scheme(
  number=2, identity=b"BN254 G1 powers of tau, Keccak-256, pairs, KZG inner product" + quotients.CEREMONY, hashes=KeccakTranscript,
  pairs_lookups=True, most_row_bits=16, rows_grow=False, row_products=lambda row_bits: 8 * row_bits, generator=quotients.generator,
  has_generators=False, pads_begin=lambda row_length: 1, elements=quotients.elements, equation=quotients.Pairings, settle=quotients.settle)


def scheme_of(number):
  """The scheme that a file names (`docs/protocol/transcript.md#scheme-identity`)."""
  for scheme in (TRANSPARENT, SRS):
    if scheme.number == number:
      return scheme
  demand(False, "an unknown scheme")
