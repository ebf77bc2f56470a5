"""Keys and proofs of all kinds of circuits, by the prover of the second verifier's tests."""

from functools import lru_cache

from . import evm
from tacit_verifier import verification
from tacit_verifier.refusal import Refused
from tests_of_verifier import prover, samples


@lru_cache(maxsize=None)
def sample(name, inferences=1):
  """The files of a key and of a proof."""
  made = samples.for_chains(samples.ALL[name]())
  key_file = prover.key_file(made.circuit, made.model())
  key = verification.Key(key_file)
  proof = prover.prove(
    key, inferences, made.model(), made.given(inferences), made.numbers(inferences), context=evm.CONTEXT, counts=made.told(inferences))
  return key_file, proof


def verdict(key, proof):
  """What the second verifier says of a proof's file."""
  try:
    verification.verify(key, proof)
    return True
  except Refused:
    return False
