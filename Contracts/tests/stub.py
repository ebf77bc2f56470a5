"""Verifiers that are none: one that takes a digest for a proof, and some that misbehave."""

from devchain.abi import encode
from devchain.encoding import keccak

from .world import from_source

# Accepts the digest of everything that a proof is bound to.
SOURCE = """
@view
@external
def verify(key: address, model_id: bytes32, context: bytes32, statement: Bytes[8192], proof: Bytes[12288]) -> bool:
  if key.codehash != model_id or len(proof) != 32:
    return False
  return extract32(proof, 0) == keccak256(abi_encode(key, model_id, context, keccak256(statement)))
"""

MISBEHAVING = {
  "false": "5f5f5260205ff3", "revert": "5f5ffd", "revert with a true": "60015f5260205ffd", "invalid": "fe", "endless": "5b5f56",
  "two": "60025f5260205ff3", "all ones": "5f195f5260205ff3", "nothing": "00", "31 bytes that end in a 1": "60015f52601f6001f3",
  "33 bytes": "60015f5260215ff3", "two words": "60015f5260405ff3", "a hundred kilobytes": "60015f52620190005ff3",
  "a write before": "60015f5560015f5260205ff3", "a log before": "5f5fa060015f5260205ff3",
}


def stub():
  """The first one's code and ABI."""
  return from_source(SOURCE)


def proof(key, model_id, context, statement):
  """What the stub accepts."""
  return keccak(encode(["address", "bytes32", "bytes32", "bytes32"], [key, model_id, context, keccak(statement)]))
