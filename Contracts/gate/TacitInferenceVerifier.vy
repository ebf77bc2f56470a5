# pragma version 0.4.3
"""
@title ERC-7992's verifyInference over the models of a gate
@license Apache-2.0
@notice As in the draft of 2026-01-16. A model's id is Tacit's as a number, so that an id never comes to mean another model; the
        gate's allow-list is the registry, of which the reading half is here.
@dev Spends no nonce: whoever needs an inference once keeps the commitments that were taken.
"""

from . import inference

initializes: inference

# A proof as this ERC has it: the ABI's encoding of the context (bytes32), the inputs (bytes) and Tacit's proof (bytes).
MAX_BLOB: constant(uint256) = 5 * 32 + inference.MAX_STATEMENT + inference.MAX_PROOF
# The first bytes of keccak256("tacit-srs-bn254-v7").
PROOF_SYSTEM: constant(bytes4) = 0x7667052d
INPUT_TAG: constant(bytes32) = keccak256("TACIT_INPUT_V1")

interface Gate:
  def verifier() -> address: view
  def owner() -> address: view
  def model(model_id: bytes32) -> inference.Model: view


struct ModelCommitment:
  modelHash: bytes32
  circuitHash: bytes32
  vkHash: bytes32
  proofSystemId: bytes4
  uri: String[1]


event InferenceVerified:
  modelId: indexed(uint256)
  inputCommitment: indexed(bytes32)
  output: Bytes[inference.MAX_STATEMENT]
  caller: indexed(address)

gate: public(immutable(address))


@deploy
def __init__(gate_: address):
  assert gate_.is_contract, "no gate"
  gate = gate_


@external
def verifyInference(modelId: uint256, inputCommitment: bytes32, output: Bytes[inference.MAX_STATEMENT], proof: Bytes[MAX_BLOB]):
  """
  @notice Reverts unless the gate's verifier accepts the proof, now that the gate allows the model.
  @param inputCommitment As `commit` makes it of a context and of inputs.
  @param output The outputs as they stand in a statement.
  """
  model_id: bytes32 = convert(modelId, bytes32)
  model: inference.Model = staticcall Gate(gate).model(model_id)
  if model.key == empty(address):
    raw_revert(abi_encode(modelId, method_id=method_id("VerificationRefused_ModelDeprecated(uint256)")))
  if len(output) != model.output_size:
    raw_revert(method_id("OutputMismatch()"))
  context: bytes32 = empty(bytes32)
  inputs: Bytes[inference.MAX_STATEMENT] = b""
  own: Bytes[inference.MAX_PROOF] = b""
  context, inputs, own = abi_decode(proof, (bytes32, Bytes[inference.MAX_STATEMENT], Bytes[inference.MAX_PROOF]))
  if self._commit(context, keccak256(inputs)) != inputCommitment:
    raw_revert(method_id("InputCommitmentMismatch()"))
  if model.output_at > len(inputs):
    raw_revert(method_id("InvalidProof()"))
  # The outputs in their place among the inputs; decoded out of its own encoding, which is how its bound is made smaller.
  whole: Bytes[3 * inference.MAX_STATEMENT] = concat(slice(inputs, 0, model.output_at), output, slice(inputs, model.output_at, len(inputs) - model.output_at))
  statement: Bytes[inference.MAX_STATEMENT] = abi_decode(abi_encode(whole), Bytes[inference.MAX_STATEMENT])
  if not inference.proven(staticcall Gate(gate).verifier(), model_id, model, context, statement, own):
    raw_revert(method_id("InvalidProof()"))
  log InferenceVerified(modelId=modelId, inputCommitment=inputCommitment, output=output, caller=msg.sender)


@pure
@external
def commit(context: bytes32, inputHash: bytes32) -> bytes32:
  """
  @notice The commitment to inputs, by their keccak256, with a context that holds whatever makes it unique.
  """
  return self._commit(context, inputHash)


@pure
@internal
def _commit(context: bytes32, input_hash: bytes32) -> bytes32:
  return keccak256(abi_encode(INPUT_TAG, context, input_hash))


@view
@external
def proofSystemOf(modelId: uint256) -> bytes4:
  """
  @notice Of every model "tacit-srs-bn254-v7", the name of scheme, curve and protocol.
  """
  return PROOF_SYSTEM


@view
@external
def registry() -> address:
  """
  @notice Where `getModel` is.
  """
  return self


@view
@external
def getModel(modelId: uint256) -> (ModelCommitment, bool, address):
  """
  @notice A model's digests, which are one: the blob's, since it holds the circuit, the commitments to weights, and all of the key.
  """
  model_id: bytes32 = convert(modelId, bytes32)
  model: inference.Model = staticcall Gate(gate).model(model_id)
  commitment: ModelCommitment = ModelCommitment(modelHash=model_id, circuitHash=model_id, vkHash=model_id, proofSystemId=PROOF_SYSTEM, uri="")
  return commitment, model.key == empty(address), staticcall Gate(gate).owner()


@pure
@external
def supportsInterface(interfaceId: bytes4) -> bool:
  """
  @notice ERC-165.
  """
  return interfaceId == 0x01ffc9a7 or interfaceId == 0x5df65472
