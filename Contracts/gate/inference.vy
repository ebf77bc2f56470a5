# pragma version 0.4.3
"""
@title What gate and adapters share: the call of the verifier, and the hashes of a statement's two parts.
@license Apache-2.0
"""

# A statement has a model's public tensors and its committed ones. Larger inputs than this are committed, or attested.
MAX_STATEMENT: constant(uint256) = 8192
MAX_PROOF: constant(uint256) = 12288
# verify(address,bytes32,bytes32,bytes,bytes) and its five places, two lengths and what fills the last words.
MAX_CALL: constant(uint256) = 4 + 7 * 32 + MAX_STATEMENT + MAX_PROOF


# A model: the contract whose code is its blob, where its outputs stand in a statement, and the most gas that a proof may cost.
struct Model:
  key: address
  output_at: uint256
  output_size: uint256
  gas: uint256


@view
@internal
def proven(verifier: address, model_id: bytes32, model: Model, context: bytes32, statement: Bytes[MAX_STATEMENT], proof: Bytes[MAX_PROOF]) -> bool:
  """
  @notice Whether the verifier says `true` and nothing else.
  @dev What it does instead is `false` too: no code, a revert, all of its gas gone, another number, more or fewer bytes. It cannot
       write, it gets no more gas than the model allows, and two words of its answer are looked at. A caller that has less gas than
       that to give is told so, since a proof that ran out of gas looks like one that is wrong.
  """
  # A call passes on 63 of 64 parts at most; the rest is for writing the call down.
  assert msg.gas > model.gas + model.gas // 32 + 30000, "too little gas"
  success: bool = False
  answer: Bytes[64] = b""
  success, answer = raw_call(
    verifier,
    abi_encode(model.key, model_id, context, statement, proof, method_id=method_id("verify(address,bytes32,bytes32,bytes,bytes)")),
    max_outsize=64,
    gas=model.gas,
    is_static_call=True,
    revert_on_failure=False,
  )
  if not success or len(answer) != 32:
    return False
  return extract32(answer, 0) == convert(1, bytes32)


@pure
@internal
def input_hash(model: Model, statement: Bytes[MAX_STATEMENT]) -> bytes32:
  """
  @notice keccak256 of a statement without its outputs: public inputs, then commitments to the others.
  """
  end: uint256 = model.output_at + model.output_size
  return keccak256(concat(slice(statement, 0, model.output_at), slice(statement, end, len(statement) - end)))


@pure
@internal
def output_hash(model: Model, statement: Bytes[MAX_STATEMENT]) -> bytes32:
  """
  @notice keccak256 of a statement's outputs.
  """
  return keccak256(slice(statement, model.output_at, model.output_size))


@pure
@internal
def holds_outputs(model: Model, statement: Bytes[MAX_STATEMENT]) -> bool:
  """
  @notice Whether a statement reaches as far as its outputs do.
  """
  return model.output_at + model.output_size <= len(statement)
