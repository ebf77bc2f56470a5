"""The gate: what it takes, once, and what it refuses."""

import unittest

from devchain.abi import encode
from devchain.encoding import keccak

from .stub import MISBEHAVING, proof, stub
from .world import Reverted, World, code

DAY = 86400
WAIT = 2 * DAY
GAS = 500_000
INPUTS, OUTPUTS = bytes(range(64)), b"\x07\xf9" * 5
STATEMENT = INPUTS + OUTPUTS
BLOB = b"\0Tc" + bytes(range(200))


class GateTests(World):
  """A gate with one allowed model, whose outputs follow its inputs."""

  def setUp(self):
    super().setUp()
    self.stub = self.deploy(stub())
    self.gate = self.deploy(code("TacitGate"), self.stub.address, self.owner, WAIT)
    self.key, self.model_id = self.put(BLOB), keccak(BLOB)
    self.entry = (self.model_id, self.key, 64, 10, GAS)
    self.allow(self.gate, *self.entry)

  def allow(self, gate, *entry):
    gate.send(self.owner, "propose", *entry)
    self.pass_time(WAIT)
    gate.send(self.owner, "enact", *entry)

  def proven(self, gate=None, user=None, expiry=None, statement=STATEMENT):
    """The arguments of an honest inference."""
    gate, user = gate or self.gate, user or self.user
    expiry = self.now() + DAY if expiry is None else expiry
    context = gate.call("context", user, expiry)
    return user, self.model_id, expiry, statement, proof(self.key, self.model_id, context, statement)


class InferenceTests(GateTests):

  def test_an_honest_inference_is_taken_and_logged(self):
    arguments = self.proven()
    context = self.gate.call("context", self.user, arguments[2])
    result = self.gate.call("infer", *arguments, sender=self.user)
    events = self.gate.send(self.user, "infer", *arguments)
    hashes = keccak(INPUTS), keccak(OUTPUTS)
    self.assertEqual(result, hashes)
    self.assertEqual(events, [("Inference", {"modelId": self.model_id, "inputHash": hashes[0], "outputHash": hashes[1], "context": context})])
    self.assertEqual(self.gate.call("nonces", self.user), 1)

  def test_the_context_is_the_digest_of_chain_gate_user_nonce_and_expiry(self):
    for nonce in range(3):
      words = encode(["uint256", "address", "address", "uint256", "uint256"], [self.chain.chain_id, self.gate.address, self.user, nonce, 77])
      self.assertEqual(self.gate.call("context", self.user, 77), keccak(words))
      self.gate.send(self.user, "skip")

  def test_a_proof_counts_once(self):
    arguments = self.proven()
    self.gate.send(self.user, "infer", *arguments)
    self.reverts("not proven", self.gate.send, self.user, "infer", *arguments)
    self.assertEqual(self.gate.call("nonces", self.user), 1)
    self.gate.send(self.user, "infer", *self.proven())

  def test_a_skipped_nonce_takes_its_proofs_with_it(self):
    arguments = self.proven()
    self.gate.send(self.user, "skip")
    self.reverts("not proven", self.gate.send, self.user, "infer", *arguments)

  def test_a_proof_is_not_another_users(self):
    user, *rest = self.proven()
    self.reverts("not proven", self.gate.send, self.stranger, "infer", self.stranger, *rest)

  def test_a_proof_is_not_another_gates(self):
    other = self.deploy(code("TacitGate"), self.stub.address, self.owner, WAIT)
    self.allow(other, *self.entry)
    arguments = self.proven()
    self.reverts("not proven", other.send, self.user, "infer", *arguments)
    self.gate.send(self.user, "infer", *arguments)

  def test_a_proof_is_not_another_chains(self):
    arguments = self.proven()
    state = self.chain.state.copy()
    state._chain_id += 1
    block = self.chain.next_block()
    here = self.chain.state.call(block, self.user, self.gate.address, self.gate.interface.call("infer", *arguments), 0, 5_000_000)
    there = state.call(block, self.user, self.gate.address, self.gate.interface.call("infer", *arguments), 0, 5_000_000)
    self.assertTrue(here.success)
    self.assertIn(b"not proven", there.output)

  def test_a_proof_is_not_of_another_statement_model_or_expiry(self):
    user, model_id, expiry, statement, given = self.proven()
    for other in (statement[:-1] + b"\0", b"\1" + statement[1:], statement + b"\0", statement + bytes(32)):
      self.reverts("not proven", self.gate.send, self.user, "infer", user, model_id, expiry, other, given)
    self.reverts("not proven", self.gate.send, self.user, "infer", user, model_id, expiry + 1, statement, given)
    self.reverts("model not allowed", self.gate.send, self.user, "infer", user, bytes(32), expiry, statement, given)
    self.reverts("model not allowed", self.gate.send, self.user, "infer", user, keccak(b"other"), expiry, statement, given)
    other = BLOB + b"\1"
    key = self.put(other)
    self.allow(self.gate, keccak(other), key, 64, 10, GAS)
    self.reverts("not proven", self.gate.send, self.user, "infer", user, keccak(other), self.now() + DAY, statement, given)

  def test_a_proof_counts_up_to_the_second_of_its_expiry(self):
    arguments = self.proven(expiry=self.now() + 100)
    before = self.chain.next_block()
    call = self.gate.interface.call("infer", *arguments)
    for late, succeeds in ((0, True), (1, False)):
      before.timestamp = arguments[2] + late
      outcome = self.chain.state.call(before, self.user, self.gate.address, call, 0, 5_000_000)
      self.assertEqual(outcome.success, succeeds)
    self.assertIn(b"expired", outcome.output)
    self.pass_time(1000)
    self.reverts("expired", self.gate.send, self.user, "infer", *arguments)

  def test_only_the_user_and_those_it_names_may_submit(self):
    arguments = self.proven()
    self.reverts("not the user's relayer", self.gate.send, self.relayer, "infer", *arguments)
    self.gate.send(self.stranger, "setRelayer", self.relayer, True)
    self.reverts("not the user's relayer", self.gate.send, self.relayer, "infer", *arguments)
    self.assertEqual(self.gate.send(self.user, "setRelayer", self.relayer, True),
                     [("RelayerSet", {"user": self.user, "relayer": self.relayer, "allowed": True})])
    self.gate.send(self.relayer, "infer", *arguments)
    self.gate.send(self.user, "setRelayer", self.relayer, False)
    self.reverts("not the user's relayer", self.gate.send, self.relayer, "infer", *self.proven())

  def test_a_statement_that_ends_before_its_outputs_is_refused(self):
    for size in (0, 1, 63, 64, 73):
      self.reverts("statement", self.gate.send, self.user, "infer", *self.proven(statement=STATEMENT[:size]))
    self.gate.send(self.user, "infer", *self.proven(statement=STATEMENT[:74]))

  def test_outputs_may_stand_anywhere(self):
    blob = BLOB + b"\2"
    for at, size in ((0, 10), (5, 10), (0, 74), (0, 0), (74, 0)):
      with self.subTest(at=at, size=size):
        key = self.put(blob)
        self.allow(self.gate, keccak(blob), key, at, size, GAS)
        expiry = self.now() + DAY
        given = proof(key, keccak(blob), self.gate.call("context", self.user, expiry), STATEMENT)
        ((_, event),) = self.gate.send(self.user, "infer", self.user, keccak(blob), expiry, STATEMENT, given)
        self.assertEqual(event["outputHash"], keccak(STATEMENT[at:at + size]))
        self.assertEqual(event["inputHash"], keccak(STATEMENT[:at] + STATEMENT[at + size:]))

  def test_the_largest_statement_and_proof_are_passed_on_whole(self):
    statement = bytes(i * i % 251 for i in range(8192))
    self.gate.send(self.user, "infer", *self.proven(statement=statement), gas=2_000_000)
    for changed in ((statement + b"\0", 32), (statement, 12289)):
      arguments = list(self.proven(statement=changed[0]))
      arguments[4] = arguments[4].ljust(changed[1], b"\0")
      with self.assertRaises(Reverted) as caught:
        self.gate.send(self.user, "infer", *arguments)
      self.assertEqual(caught.exception.outcome.output, b"")

  def test_what_it_costs_beside_the_verifier(self):
    # A nonce that was zero before, then one that was not.
    for most in (77_000, 60_000):
      self.gate.send(self.user, "infer", *self.proven())
      self.assertLess(self.gas, most)


class MisbehavingVerifierTests(GateTests):

  def test_only_a_true_word_is_a_true(self):
    for name, runtime in MISBEHAVING.items():
      with self.subTest(name):
        gate = self.deploy(code("TacitGate"), self.put(bytes.fromhex(runtime)), self.owner, WAIT)
        self.allow(gate, *self.entry)
        outcome = self.reverts("not proven", gate.send, self.user, "infer", *self.proven(gate))
        self.assertLess(outcome.gas, GAS + 100_000)
        self.assertEqual(gate.call("nonces", self.user), 0)

  def test_the_stub_of_these_tests_can_say_true(self):
    gate = self.deploy(code("TacitGate"), self.put(bytes.fromhex("60015f5260205ff3")), self.owner, WAIT)
    self.allow(gate, *self.entry)
    self.assertEqual(len(gate.send(self.user, "infer", *self.proven(gate))), 1)

  def test_a_call_that_could_not_give_the_verifier_its_gas_says_so(self):
    arguments = self.proven()
    self.reverts("too little gas", self.gate.send, self.user, "infer", *arguments, gas=GAS + 20_000)
    self.gate.send(self.user, "infer", *arguments, gas=GAS + 150_000)

  def test_a_verifier_has_all_of_its_gas_or_is_not_called(self):
    # True if it was given as much as the model allows, but for its own first instruction.
    runtime = bytes.fromhex("5a62") + (GAS - 3).to_bytes(3, "big") + bytes.fromhex("105f5260205ff3")
    gate = self.deploy(code("TacitGate"), self.put(runtime), self.owner, WAIT)
    self.allow(gate, *self.entry)
    for statement, given in ((STATEMENT, 32), (bytes(8192), 12288)):
      user, model_id, expiry, statement, _ = self.proven(gate, statement=statement)
      call = gate.interface.call("infer", user, model_id, expiry, statement, bytes(given))
      block, verdicts = self.chain.next_block(), set()
      for gas in range(GAS + 30_000, GAS + 250_000, 1000):
        outcome = self.chain.state.call(block, self.user, gate.address, call, 0, gas)
        verdicts.add("taken" if outcome.success else "too little gas" if b"too little gas" in outcome.output else outcome.reason)
        self.assertNotIn(b"not proven", outcome.output, gas)
      self.assertLessEqual({"taken", "too little gas"}, verdicts)

  def test_a_verifier_that_has_no_code_is_refused(self):
    self.reverts("no verifier", self.deploy, code("TacitGate"), self.stranger, self.owner, WAIT)


class TimeLockTests(GateTests):

  def setUp(self):
    super().setUp()
    other = BLOB + b"\3"
    self.other = (keccak(other), self.put(other), 64, 10, GAS)

  def test_a_model_counts_after_its_wait_and_not_before(self):
    ((_, event),) = self.gate.send(self.owner, "propose", *self.other)
    self.assertEqual(event["ready"], self.chain.head.timestamp + WAIT)
    self.assertEqual(self.gate.call("readyAt", *self.other), event["ready"])
    self.reverts("too early", self.gate.send, self.owner, "enact", *self.other)
    self.assertEqual(self.gate.call("model", self.other[0])[0], "0x" + "00" * 20)
    self.pass_time(WAIT - 60)
    self.reverts("too early", self.gate.send, self.owner, "enact", *self.other)
    self.pass_time(60)
    self.gate.send(self.owner, "enact", *self.other)
    self.assertEqual(self.gate.call("model", self.other[0]), self.other[1:])

  def test_a_proposal_lapses(self):
    self.gate.send(self.owner, "propose", *self.other)
    self.pass_time(WAIT + 14 * DAY + 60)
    self.reverts("lapsed", self.gate.send, self.owner, "enact", *self.other)

  def test_a_proposal_is_of_all_its_words(self):
    self.gate.send(self.owner, "propose", *self.other)
    self.pass_time(WAIT)
    for i, changed in enumerate((self.model_id, self.key, 63, 9, GAS + 1)):
      words = list(self.other)
      words[i] = changed
      self.reverts("not proposed", self.gate.send, self.owner, "enact", *words)
      self.assertEqual(self.gate.call("readyAt", *words), 0)

  def test_a_proposal_is_enacted_once(self):
    self.gate.send(self.owner, "propose", *self.other)
    self.pass_time(WAIT)
    self.gate.send(self.owner, "enact", *self.other)
    self.gate.send(self.owner, "remove", self.other[0])
    self.reverts("not proposed", self.gate.send, self.owner, "enact", *self.other)

  def test_a_cancelled_proposal_is_none(self):
    self.gate.send(self.owner, "propose", *self.other)
    self.gate.send(self.owner, "cancel", *self.other)
    self.pass_time(WAIT)
    self.reverts("not proposed", self.gate.send, self.owner, "enact", *self.other)
    self.reverts("not proposed", self.gate.send, self.owner, "cancel", *self.other)

  def test_a_removed_model_counts_no_more_and_at_once(self):
    arguments = self.proven()
    self.assertEqual(self.gate.send(self.owner, "remove", self.model_id), [("Removed", {"modelId": self.model_id})])
    self.reverts("model not allowed", self.gate.send, self.user, "infer", *arguments)
    self.reverts("not allowed", self.gate.send, self.owner, "remove", self.model_id)

  def test_a_key_holds_the_code_that_the_model_id_is_the_digest_of(self):
    for key in (self.key, self.stranger, "0x" + "00" * 20, "0x" + "ab" * 20):
      self.reverts("key", self.gate.send, self.owner, "propose", self.other[0], key, 64, 10, GAS)

  def test_bounds_of_a_proposal(self):
    model_id, key, *_ = self.other
    for at, size, gas, reason in ((8193, 0, GAS, "outputs"), (0, 8193, GAS, "outputs"), (2**255, 2**255, GAS, "outputs"),
                                  (0, 0, 0, "gas"), (0, 0, 2**24 + 1, "gas"), (0, 0, 2**32, "gas")):
      self.reverts(reason, self.gate.send, self.owner, "propose", model_id, key, at, size, gas)
    self.allow(self.gate, model_id, key, 8192, 8192, 2**24)
    self.assertEqual(self.gate.call("model", model_id), (key, 8192, 8192, 2**24))

  def test_only_the_owner_does_any_of_this(self):
    for name, arguments in (("propose", self.other), ("cancel", self.other), ("enact", self.other), ("remove", self.other[:1]),
                            ("offer", (self.stranger,))):
      self.reverts("not the owner", self.gate.send, self.stranger, name, *arguments)

  def test_ownership_passes_when_it_is_accepted(self):
    self.gate.send(self.owner, "offer", self.user)
    self.reverts("not offered", self.gate.send, self.stranger, "accept")
    self.reverts("not the owner", self.gate.send, self.user, "remove", self.model_id)
    self.gate.send(self.user, "accept")
    self.reverts("not the owner", self.gate.send, self.owner, "remove", self.model_id)
    self.reverts("not offered", self.gate.send, self.user, "accept")
    self.gate.send(self.user, "remove", self.model_id)

  def test_a_gate_begins_with_an_owner_and_a_wait_of_a_day_to_a_year(self):
    self.reverts("no owner", self.deploy, code("TacitGate"), self.stub.address, "0x" + "00" * 20, WAIT)
    for wait in (0, DAY - 1, 365 * DAY + 1):
      self.reverts("wait", self.deploy, code("TacitGate"), self.stub.address, self.owner, wait)
    for wait in (DAY, 365 * DAY):
      self.assertEqual(self.deploy(code("TacitGate"), self.stub.address, self.owner, wait).call("wait"), wait)


if __name__ == "__main__":
  unittest.main()
