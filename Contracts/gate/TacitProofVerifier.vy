# pragma version 0.4.3
"""
@title ERC-8274's IProofVerifier over one model of a gate
@license Apache-2.0
@notice As in the draft's pull request of 2026-05-26: `verify(inputHash, outputHash, metadata, proof)`, `proofSystem`, `proofProfile`.
@dev Spends no nonce: a proof is good here as often as it is shown. Whoever calls makes the context, a task's id for instance, and
     takes each once.
"""

from . import inference

initializes: inference

interface Gate:
  def verifier() -> address: view
  def model(model_id: bytes32) -> inference.Model: view

gate: public(immutable(address))
modelId: public(immutable(bytes32))


@deploy
def __init__(gate_: address, model_id: bytes32):
  assert gate_.is_contract, "no gate"
  gate = gate_
  modelId = model_id


@view
@external
def verify(inputHash: bytes32, outputHash: bytes32, metadata: Bytes[inference.MAX_STATEMENT], proof: Bytes[inference.MAX_PROOF]) -> bool:
  """
  @notice Whether the gate's verifier accepts the proof, now that the gate allows the model.
  @param metadata The context, 32 bytes, and behind it the statement.
  """
  if len(metadata) < 32:
    return False
  model: inference.Model = staticcall Gate(gate).model(modelId)
  if model.key == empty(address):
    return False
  context: bytes32 = extract32(metadata, 0)
  statement: Bytes[inference.MAX_STATEMENT] = slice(metadata, 32, len(metadata) - 32)
  if not inference.holds_outputs(model, statement):
    return False
  if inference.input_hash(model, statement) != inputHash or inference.output_hash(model, statement) != outputHash:
    return False
  return inference.proven(staticcall Gate(gate).verifier(), modelId, model, context, statement, proof)


@pure
@external
def proofSystem() -> String[32]:
  """
  @notice The kind of proof.
  """
  return "zk/tacit"


@view
@external
def proofProfile() -> bytes32:
  """
  @notice What distinguishes this deployment: chain, verifier and model.
  """
  return keccak256(abi_encode(chain.id, staticcall Gate(gate).verifier(), modelId))


@pure
@external
def supportsInterface(interfaceId: bytes4) -> bool:
  """
  @notice ERC-165.
  """
  return interfaceId == 0x01ffc9a7 or interfaceId == 0x86761e49
