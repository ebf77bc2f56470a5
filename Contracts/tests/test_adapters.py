"""The adapters of two drafts, over a gate."""

import unittest

from devchain.abi import encode
from devchain.encoding import keccak

from .stub import proof
from .test_gate import GAS, INPUTS, OUTPUTS, STATEMENT, GateTests
from .world import code, from_source, selector

# Has one model, whatever it is asked for.
OTHER_GATE = """
struct Model:
  key: address
  output_at: uint256
  output_size: uint256
  gas: uint256

verifier: public(address)
key: address

@deploy
def __init__(verifier: address, key: address):
  self.verifier = verifier
  self.key = key

@view
@external
def model(model_id: bytes32) -> Model:
  return Model(key=self.key, output_at=64, output_size=10, gas=100000)
"""

CONTEXT = keccak(b"a task's id")


def id_of(*signatures):
  """An interface's id by ERC-165."""
  total = 0
  for each in signatures:
    total ^= int.from_bytes(keccak(each.encode())[:4], "big")
  return total.to_bytes(4, "big")


class AdapterTests(GateTests):

  def given(self, statement=STATEMENT, context=CONTEXT):
    return proof(self.key, self.model_id, context, statement)

  def check_interface(self, adapter, own):
    for interface, supported in ((bytes.fromhex("01ffc9a7"), True), (own, True), (b"\xff" * 4, False), (bytes(4), False)):
      self.assertEqual(adapter.call("supportsInterface", interface), supported)


class ProofVerifierTests(AdapterTests):

  def setUp(self):
    super().setUp()
    self.adapter = self.deploy(code("TacitProofVerifier"), self.gate.address, self.model_id)
    self.hashes = keccak(INPUTS), keccak(OUTPUTS)

  def test_true_of_an_honest_proof_as_often_as_it_is_shown(self):
    for _ in range(2):
      self.assertTrue(self.adapter.call("verify", *self.hashes, CONTEXT + STATEMENT, self.given()))

  def test_false_of_other_hashes_contexts_statements_and_proofs(self):
    inputs, outputs = self.hashes
    for arguments in ((outputs, inputs, CONTEXT + STATEMENT, self.given()), (keccak(b""), outputs, CONTEXT + STATEMENT, self.given()),
                      (inputs, keccak(b""), CONTEXT + STATEMENT, self.given()), (inputs, outputs, keccak(CONTEXT) + STATEMENT, self.given()),
                      (inputs, outputs, CONTEXT + STATEMENT + b"\0", self.given()), (inputs, outputs, CONTEXT + STATEMENT, bytes(32)),
                      (inputs, outputs, CONTEXT + STATEMENT, b""), (inputs, outputs, b"", self.given()),
                      (inputs, outputs, CONTEXT[:31], self.given()), (inputs, outputs, CONTEXT, self.given()),
                      (inputs, outputs, CONTEXT + STATEMENT[:-1], self.given())):
      self.assertFalse(self.adapter.call("verify", *arguments))

  def test_a_proof_of_another_statement_is_none_of_this(self):
    other = bytes(64) + OUTPUTS
    self.assertTrue(self.adapter.call("verify", keccak(bytes(64)), keccak(OUTPUTS), CONTEXT + other, self.given(other)))
    self.assertFalse(self.adapter.call("verify", *self.hashes, CONTEXT + other, self.given(other)))
    self.assertFalse(self.adapter.call("verify", keccak(other[:-1]), keccak(OUTPUTS), CONTEXT + other, self.given(other)))

  def test_false_when_the_gate_has_retired_the_model(self):
    self.gate.send(self.owner, "remove", self.model_id)
    self.assertFalse(self.adapter.call("verify", *self.hashes, CONTEXT + STATEMENT, self.given()))

  def test_a_model_without_a_key_is_none_whatever_else_a_gate_says(self):
    yes = self.put(bytes.fromhex("60015f5260205ff3"))
    for key, verdict in ((self.key, True), ("0x" + "00" * 20, False)):
      gate = self.deploy(from_source(OTHER_GATE), yes, key)
      adapter = self.deploy(code("TacitProofVerifier"), gate.address, self.model_id)
      self.assertEqual(adapter.call("verify", *self.hashes, CONTEXT + STATEMENT, b""), verdict)

  def test_what_it_says_of_itself(self):
    self.assertEqual(self.adapter.call("proofSystem"), "zk/tacit")
    words = encode(["uint256", "address", "bytes32"], [self.chain.chain_id, self.stub.address, self.model_id])
    self.assertEqual(self.adapter.call("proofProfile"), keccak(words))
    self.assertEqual((self.adapter.call("gate"), self.adapter.call("modelId")), (self.gate.address, self.model_id))
    self.check_interface(self.adapter, id_of("verify(bytes32,bytes32,bytes,bytes)", "proofSystem()", "proofProfile()"))
    self.reverts("no gate", self.deploy, code("TacitProofVerifier"), self.stranger, self.model_id)


class InferenceVerifierTests(AdapterTests):

  def setUp(self):
    super().setUp()
    self.adapter = self.deploy(code("TacitInferenceVerifier"), self.gate.address)
    self.number = int.from_bytes(self.model_id, "big")
    self.commitment = self.adapter.call("commit", CONTEXT, keccak(INPUTS))

  def arguments(self, **changed):
    values = {"model": self.number, "commitment": self.commitment, "output": OUTPUTS, "context": CONTEXT, "inputs": INPUTS,
              "proof": self.given()} | changed
    blob = encode(["bytes32", "bytes", "bytes"], [values["context"], values["inputs"], values["proof"]])
    return values["model"], values["commitment"], values["output"], values.get("blob", blob)

  def refused(self, error, **changed):
    self.reverts(error, self.adapter.send, self.user, "verifyInference", *self.arguments(**changed))

  def test_an_honest_inference_is_logged(self):
    events = self.adapter.send(self.user, "verifyInference", *self.arguments())
    self.assertEqual(events, [("InferenceVerified", {"modelId": self.number, "inputCommitment": self.commitment, "output": OUTPUTS,
                                                     "caller": self.user})])

  def test_outputs_are_put_in_their_place(self):
    for at, size in ((0, 10), (5, 10), (0, 74), (74, 0)):
      with self.subTest(at=at):
        self.allow(self.gate, self.model_id, self.key, at, size, GAS)
        inputs = STATEMENT[:at] + STATEMENT[at + size:]
        commitment = self.adapter.call("commit", CONTEXT, keccak(inputs))
        changed = {"inputs": inputs, "output": STATEMENT[at:at + size], "commitment": commitment}
        self.adapter.send(self.user, "verifyInference", *self.arguments(**changed))
        self.refused(selector("OutputMismatch()"), **(changed | {"output": STATEMENT[at:at + size] + b"\0"}))
        if at:
          short = inputs[:at - 1]
          self.refused(selector("InvalidProof()"), **(changed | {"inputs": short, "commitment": self.adapter.call("commit", CONTEXT, keccak(short))}))

  def test_the_commitment_is_domain_separated_and_has_the_context(self):
    self.assertEqual(self.commitment, keccak(keccak(b"TACIT_INPUT_V1") + CONTEXT + keccak(INPUTS)))
    self.refused(selector("InputCommitmentMismatch()"), commitment=keccak(INPUTS))
    self.refused(selector("InputCommitmentMismatch()"), inputs=INPUTS[:-1])
    self.refused(selector("InputCommitmentMismatch()"), context=keccak(CONTEXT))

  def test_everything_that_does_not_fit_reverts(self):
    self.refused(selector("OutputMismatch()"), output=OUTPUTS + b"\0")
    self.refused(selector("OutputMismatch()"), output=b"")
    self.refused(selector("InvalidProof()"), output=bytes(10))
    self.refused(selector("InvalidProof()"), proof=bytes(32))
    self.refused(selector("InvalidProof()"), proof=b"")
    context = keccak(b"another")
    self.refused(selector("InvalidProof()"), context=context, commitment=self.adapter.call("commit", context, keccak(INPUTS)))
    for blob in (b"", bytes(32), bytes(96), b"\xff" * 160):
      with self.assertRaises(Exception) as caught:
        self.adapter.send(self.user, "verifyInference", *self.arguments(blob=blob))
      self.assertFalse(caught.exception.outcome.success)

  def test_a_retired_model_is_refused_by_its_name(self):
    self.gate.send(self.owner, "remove", self.model_id)
    error = selector("VerificationRefused_ModelDeprecated(uint256)") + self.model_id.hex()
    self.refused(error)
    self.assertEqual(self.adapter.call("getModel", self.number)[1], True)

  def test_what_it_says_of_itself(self):
    system = keccak(b"tacit-srs-bn254-v7")[:4]
    self.assertEqual(self.adapter.call("proofSystemOf", self.number), system)
    self.assertEqual(self.adapter.call("registry"), self.adapter.address)
    self.assertEqual(self.adapter.call("getModel", self.number), ((self.model_id,) * 3 + (system, ""), False, self.owner))
    self.check_interface(self.adapter, id_of("verifyInference(uint256,bytes32,bytes,bytes)", "proofSystemOf(uint256)", "registry()"))
    self.reverts("no gate", self.deploy, code("TacitInferenceVerifier"), self.stranger)


if __name__ == "__main__":
  unittest.main()
