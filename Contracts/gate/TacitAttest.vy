# pragma version 0.4.3
"""
@title Statements that attesters say they have verified elsewhere
@license Apache-2.0
@notice Attested, not proven: k of n attesters together can attest anything at all. What they sign is the Merkle root of statements
        whose proofs each of them has verified natively. Attesters and k are those of the deployment and never change.
"""

MAX_ATTESTERS: constant(uint256) = 32
MAX_DEPTH: constant(uint256) = 32
MAX_COUNT: constant(uint256) = 2**32
# Half of secp256k1's order: an s above it is the other signature that anyone can make of one.
MAX_S: constant(uint256) = 57896044618658097711785492504343953926418782139537452191302581570759080747168

DOMAIN_TYPE: constant(bytes32) = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
BATCH_TYPE: constant(bytes32) = keccak256("AttestedBatch(bytes32 modelId,bytes32 root,uint256 count,uint256 epoch)")
NAME: constant(bytes32) = keccak256("TacitAttest")
VERSION: constant(bytes32) = keccak256("1")
# A leaf is never a node: what is hashed begins with another byte, and has another length.
LEAF: constant(Bytes[1]) = b"\x00"
NODE: constant(Bytes[1]) = b"\x01"


struct Signature:
  v: uint256
  r: bytes32
  s: bytes32


struct Batch:
  root: bytes32
  count: uint256


event Attested:
  modelId: indexed(bytes32)
  epoch: indexed(uint256)
  root: bytes32
  count: uint256

threshold: public(immutable(uint256))

attesters: public(DynArray[address, MAX_ATTESTERS])
isAttester: public(HashMap[address, bool])
# By model and epoch.
batches: public(HashMap[bytes32, HashMap[uint256, Batch]])


@deploy
def __init__(attesters_: DynArray[address, MAX_ATTESTERS], threshold_: uint256):
  """
  @param attesters_ In ascending order.
  """
  assert threshold_ > 0 and threshold_ <= len(attesters_), "threshold"
  last: uint256 = 0
  for attester: address in attesters_:
    assert convert(attester, uint256) > last, "order"
    last = convert(attester, uint256)
    self.isAttester[attester] = True
  self.attesters = attesters_
  threshold = threshold_


@external
def post(model_id: bytes32, root: bytes32, count: uint256, epoch: uint256, signatures: DynArray[Signature, MAX_ATTESTERS]):
  """
  @notice Records what attesters have signed. Anyone may bring it; an epoch of a model is taken once.
  @param signatures In ascending order of their signers' addresses.
  """
  assert count > 0 and count <= MAX_COUNT, "count"
  assert self.batches[model_id][epoch].count == 0, "epoch taken"
  assert len(signatures) >= threshold, "too few"
  digest: bytes32 = self._digest(model_id, root, count, epoch)
  last: uint256 = 0
  for signature: Signature in signatures:
    assert convert(signature.s, uint256) <= MAX_S, "high s"
    signer: address = ecrecover(digest, signature.v, signature.r, signature.s)
    assert self.isAttester[signer], "not an attester"
    assert convert(signer, uint256) > last, "order"
    last = convert(signer, uint256)
  self.batches[model_id][epoch] = Batch(root=root, count=count)
  log Attested(modelId=model_id, epoch=epoch, root=root, count=count)


@view
@external
def attested(model_id: bytes32, epoch: uint256, index: uint256, context: bytes32, statement_hash: bytes32, path: DynArray[bytes32, MAX_DEPTH]) -> bool:
  """
  @notice Whether a statement, by its keccak256, is the one at this place of a batch, with this context.
  @dev Says nothing about who it is for: the context is the caller's to compute, and to accept once.
  @param path The neighbours from the leaf up, as many as the tree of that batch is deep.
  """
  batch: Batch = self.batches[model_id][epoch]
  if index >= batch.count or len(path) != self._depth(batch.count):
    return False
  node: bytes32 = keccak256(concat(LEAF, context, statement_hash))
  place: uint256 = index
  for neighbour: bytes32 in path:
    if place & 1 == 0:
      node = keccak256(concat(NODE, node, neighbour))
    else:
      node = keccak256(concat(NODE, neighbour, node))
    place = place >> 1
  return node == batch.root


@view
@external
def digest(model_id: bytes32, root: bytes32, count: uint256, epoch: uint256) -> bytes32:
  """
  @notice What attesters sign (EIP-712).
  """
  return self._digest(model_id, root, count, epoch)


@view
@internal
def _digest(model_id: bytes32, root: bytes32, count: uint256, epoch: uint256) -> bytes32:
  # The chain's id as it is now, since a chain may split.
  domain: bytes32 = keccak256(abi_encode(DOMAIN_TYPE, NAME, VERSION, chain.id, self))
  return keccak256(concat(b"\x19\x01", domain, keccak256(abi_encode(BATCH_TYPE, model_id, root, count, epoch))))


@pure
@internal
def _depth(count: uint256) -> uint256:
  """
  @notice How many levels a tree of so many leaves has above them.
  """
  depth: uint256 = 0
  for i: uint256 in range(MAX_DEPTH):
    if (1 << depth) >= count:
      break
    depth += 1
  return depth
