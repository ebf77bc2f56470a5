# pragma version 0.4.3
"""
@title Takes proven inferences of allowed models, each once
@license Apache-2.0
@notice A proof counts for one chain, one gate, one user, one nonce and up to one second: the gate makes the context that it is
        verified with out of what it knows itself. Models are allowed behind a time lock and retired at once.
@dev Trusts its verifier, which cannot be exchanged, and its owner for which models are allowed: nothing else, and no prover.
"""

from . import inference

initializes: inference

# What anyone has to see a proposal before it counts, at the least, and how long it may then be enacted.
MIN_WAIT: constant(uint256) = 86400
MAX_WAIT: constant(uint256) = 86400 * 365
GRACE: constant(uint256) = 86400 * 14
MAX_GAS: constant(uint256) = 2**24

event Proposed:
  modelId: indexed(bytes32)
  key: indexed(address)
  outputAt: uint256
  outputSize: uint256
  gas: uint256
  ready: uint256

event Cancelled:
  modelId: indexed(bytes32)
  key: indexed(address)

event Enacted:
  modelId: indexed(bytes32)
  key: indexed(address)

event Removed:
  modelId: indexed(bytes32)

event RelayerSet:
  user: indexed(address)
  relayer: indexed(address)
  allowed: bool

event OwnerOffered:
  candidate: indexed(address)

event OwnerChanged:
  owner: indexed(address)

event Inference:
  modelId: indexed(bytes32)
  inputHash: indexed(bytes32)
  outputHash: bytes32
  context: indexed(bytes32)

verifier: public(immutable(address))
wait: public(immutable(uint256))

owner: public(address)
candidate: public(address)
# Of each user, the nonce of the next context.
nonces: public(HashMap[address, uint256])
# Who may submit for a user, beside the user.
relayers: public(HashMap[address, HashMap[address, bool]])
# An allowed model in one word: 160 bits of key, 32 each of the place and size of its outputs, and gas.
packed: HashMap[bytes32, uint256]
# When a proposal is ready, by its digest.
proposals: HashMap[bytes32, uint256]


@deploy
def __init__(verifier_: address, owner_: address, wait_: uint256):
  assert verifier_.is_contract, "no verifier"
  assert owner_ != empty(address), "no owner"
  assert wait_ >= MIN_WAIT and wait_ <= MAX_WAIT, "wait"
  verifier = verifier_
  wait = wait_
  self.owner = owner_
  log OwnerChanged(owner=owner_)


# Models


@external
def propose(model_id: bytes32, key: address, output_at: uint256, output_size: uint256, gas_limit: uint256):
  """
  @notice Announces a model. It counts once `enact` is called with the same words, after `wait` seconds and before two weeks more.
  @param output_at Where the outputs begin in a statement; `output_size` is their bytes. The rest of it are inputs.
  @param gas_limit The most that one verification may cost.
  """
  self._check_owner()
  assert key.codehash == model_id, "key"
  assert output_at <= inference.MAX_STATEMENT and output_size <= inference.MAX_STATEMENT, "outputs"
  assert gas_limit > 0 and gas_limit <= MAX_GAS, "gas"
  ready: uint256 = block.timestamp + wait
  self.proposals[self._proposal(model_id, key, output_at, output_size, gas_limit)] = ready
  log Proposed(modelId=model_id, key=key, outputAt=output_at, outputSize=output_size, gas=gas_limit, ready=ready)


@external
def cancel(model_id: bytes32, key: address, output_at: uint256, output_size: uint256, gas_limit: uint256):
  """
  @notice Withdraws a proposal.
  """
  self._check_owner()
  digest: bytes32 = self._proposal(model_id, key, output_at, output_size, gas_limit)
  assert self.proposals[digest] != 0, "not proposed"
  self.proposals[digest] = 0
  log Cancelled(modelId=model_id, key=key)


@external
def enact(model_id: bytes32, key: address, output_at: uint256, output_size: uint256, gas_limit: uint256):
  """
  @notice Allows a model that was proposed so long ago, in the place of what its id stood for before.
  """
  self._check_owner()
  digest: bytes32 = self._proposal(model_id, key, output_at, output_size, gas_limit)
  ready: uint256 = self.proposals[digest]
  assert ready != 0, "not proposed"
  assert block.timestamp >= ready, "too early"
  assert block.timestamp <= ready + GRACE, "lapsed"
  self.proposals[digest] = 0
  self.packed[model_id] = (convert(convert(key, uint160), uint256) << 96) | (output_at << 64) | (output_size << 32) | gas_limit
  log Enacted(modelId=model_id, key=key)


@external
def remove(model_id: bytes32):
  """
  @notice Retires a model at once.
  """
  self._check_owner()
  assert self.packed[model_id] != 0, "not allowed"
  self.packed[model_id] = 0
  log Removed(modelId=model_id)


@view
@external
def readyAt(model_id: bytes32, key: address, output_at: uint256, output_size: uint256, gas_limit: uint256) -> uint256:
  """
  @notice When a proposal may be enacted, in seconds; 0 if there is none.
  """
  return self.proposals[self._proposal(model_id, key, output_at, output_size, gas_limit)]


@view
@external
def model(model_id: bytes32) -> inference.Model:
  """
  @notice An allowed model; its key is zero if it is not allowed.
  """
  return self._model(model_id)


# Inferences


@external
def infer(user: address, model_id: bytes32, expiry: uint256, statement: Bytes[inference.MAX_STATEMENT], proof: Bytes[inference.MAX_PROOF]) -> (bytes32, bytes32):
  """
  @notice Takes a proven inference: reverts unless the verifier says that the proof is one of this model, of this statement, and of
          the context that is made here for the user's next nonce.
  @return The hashes of inputs and of outputs, as the event has them.
  """
  assert msg.sender == user or self.relayers[user][msg.sender], "not the user's relayer"
  assert block.timestamp <= expiry, "expired"
  allowed: inference.Model = self._model(model_id)
  assert allowed.key != empty(address), "model not allowed"
  assert inference.holds_outputs(allowed, statement), "statement"
  nonce: uint256 = self.nonces[user]
  context: bytes32 = self._context(user, nonce, expiry)
  self.nonces[user] = nonce + 1
  assert inference.proven(verifier, model_id, allowed, context, statement, proof), "not proven"
  inputs: bytes32 = inference.input_hash(allowed, statement)
  outputs: bytes32 = inference.output_hash(allowed, statement)
  log Inference(modelId=model_id, inputHash=inputs, outputHash=outputs, context=context)
  return inputs, outputs


@view
@external
def context(user: address, expiry: uint256) -> bytes32:
  """
  @notice What the user's next proof is to be made for.
  """
  return self._context(user, self.nonces[user], expiry)


@external
def skip():
  """
  @notice Gives up the sender's nonce, and with it every proof that was made for it.
  """
  self.nonces[msg.sender] += 1


@external
def setRelayer(relayer: address, allowed: bool):
  """
  @notice Says who may submit the sender's proofs. It can spend the sender's nonces, but on proofs only.
  """
  self.relayers[msg.sender][relayer] = allowed
  log RelayerSet(user=msg.sender, relayer=relayer, allowed=allowed)


# Ownership


@external
def offer(candidate_: address):
  """
  @notice Offers the ownership; it passes when the candidate accepts.
  """
  self._check_owner()
  self.candidate = candidate_
  log OwnerOffered(candidate=candidate_)


@external
def accept():
  """
  @notice Takes the ownership that was offered to the sender.
  """
  assert msg.sender == self.candidate, "not offered"
  self.owner = msg.sender
  self.candidate = empty(address)
  log OwnerChanged(owner=msg.sender)


@view
@internal
def _check_owner():
  assert msg.sender == self.owner, "not the owner"


@view
@internal
def _context(user: address, nonce: uint256, expiry: uint256) -> bytes32:
  # The chain's id as it is now, since a chain may split.
  return keccak256(abi_encode(chain.id, self, user, nonce, expiry))


@pure
@internal
def _proposal(model_id: bytes32, key: address, output_at: uint256, output_size: uint256, gas_limit: uint256) -> bytes32:
  return keccak256(abi_encode(model_id, key, output_at, output_size, gas_limit))


@view
@internal
def _model(model_id: bytes32) -> inference.Model:
  word: uint256 = self.packed[model_id]
  return inference.Model(
    key=convert(convert(word >> 96, uint160), address),
    output_at=(word >> 64) & (2**32 - 1),
    output_size=(word >> 32) & (2**32 - 1),
    gas=word & (2**32 - 1),
  )
