"""Attestation: what k of n signed, and nothing that resembles it."""

import unittest

from devchain import secp256k1, typed
from devchain.encoding import data, keccak

from .world import World, code

MODEL = keccak(b"a model")


def leaf(context, statement_hash):
  return keccak(b"\0" + context + statement_hash)


def tree(leaves):
  """The levels of a tree from its leaves to its root; places without a leaf are zero."""
  levels = [list(leaves)]
  while len(levels[-1]) > 1:
    level = levels[-1] + [bytes(32)] * (len(levels[-1]) % 2)
    levels.append([keccak(b"\1" + left + right) for left, right in zip(level[::2], level[1::2])])
  return levels


def path(levels, index):
  """The neighbours from a leaf up."""
  neighbours = []
  for level in levels[:-1]:
    neighbours.append(level[index ^ 1] if index ^ 1 < len(level) else bytes(32))
    index >>= 1
  return neighbours


class AttestTests(World):
  """Five attesters of whom three suffice, and a batch of five statements."""

  def setUp(self):
    super().setUp()
    self.attesters = sorted(list(self.chain.secrets)[4:9])
    self.attest = self.deploy(code("TacitAttest"), self.attesters, 3)
    self.statements = [(keccak(b"context %d" % i), keccak(b"statement %d" % i)) for i in range(5)]
    self.levels = tree([leaf(*each) for each in self.statements])
    self.batch = (MODEL, self.levels[-1][0], 5, 1)

  def document(self, batch, contract=None, chain_id=None, name="TacitAttest", version="1"):
    """A batch as eth_signTypedData_v4 takes it."""
    fields = lambda *pairs: [{"name": name, "type": kind} for kind, name in pairs]
    return {
      "types": {
        "EIP712Domain": fields(("string", "name"), ("string", "version"), ("uint256", "chainId"), ("address", "verifyingContract")),
        "AttestedBatch": fields(("bytes32", "modelId"), ("bytes32", "root"), ("uint256", "count"), ("uint256", "epoch")),
      },
      "primaryType": "AttestedBatch",
      "domain": {"name": name, "version": version, "chainId": chain_id or self.chain.chain_id,
                 "verifyingContract": contract or self.attest.address},
      "message": {"modelId": data(batch[0]), "root": data(batch[1]), "count": batch[2], "epoch": batch[3]},
    }

  def signature(self, signer, digest):
    parity, r, s = secp256k1.sign(self.chain.secrets[signer], digest)
    return 27 + parity, r.to_bytes(32, "big"), s.to_bytes(32, "big")

  def signed(self, signers, batch=None, **domain):
    digest = typed.digest(self.document(batch or self.batch, **domain))
    return [self.signature(each, digest) for each in signers]

  def post(self, signatures, batch=None, contract=None):
    return (contract or self.attest).send(self.stranger, "post", *(batch or self.batch), signatures)

  def refused(self, reason, signatures, batch=None, contract=None):
    self.reverts(reason, self.post, signatures, batch, contract)


class PostTests(AttestTests):

  def test_what_enough_attesters_signed_is_recorded(self):
    for signers in (self.attesters[:3], self.attesters[2:], self.attesters):
      batch = (*self.batch[:3], len(signers) * 10 + self.attesters.index(signers[0]))
      events = self.post(self.signed(signers, batch), batch)
      self.assertEqual(events, [("Attested", {"modelId": MODEL, "epoch": batch[3], "root": batch[1], "count": 5})])
      self.assertEqual(self.attest.call("batches", MODEL, batch[3]), (batch[1], 5))

  def test_the_digest_is_that_of_eip_712(self):
    self.assertEqual(self.attest.call("digest", *self.batch), typed.digest(self.document(self.batch)))

  def test_too_few_signatures(self):
    self.refused("too few", self.signed(self.attesters[:2]))
    self.refused("too few", [])

  def test_one_signer_counts_once(self):
    one, two, three = self.signed(self.attesters[:3])
    self.refused("order", [one, two, two])
    self.refused("order", [one, one, two])
    self.refused("order", [one, two, three, three])

  def test_signers_come_in_order(self):
    one, two, three = self.signed(self.attesters[:3])
    for signatures in ([two, one, three], [one, three, two], [three, two, one]):
      self.refused("order", signatures)
    self.post([one, two, three])

  def test_a_stranger_is_no_attester(self):
    signers = sorted(self.attesters[:2] + [self.stranger])
    self.refused("not an attester", self.signed(signers))
    self.refused("not an attester", self.signed(sorted(self.attesters[:3] + [self.user])))

  def test_the_other_signature_of_a_signature_is_refused(self):
    one, two, three = self.signed(self.attesters[:3])
    v, r, s = two
    other = (55 - v, r, (secp256k1.N - int.from_bytes(s, "big")).to_bytes(32, "big"))
    self.assertEqual(secp256k1.recover(typed.digest(self.document(self.batch)), other[0] - 27, *(int.from_bytes(each, "big") for each in other[1:])),
                     self.attesters[1])
    self.refused("high s", [one, other, three])

  def test_numbers_that_are_no_signature(self):
    one, two, three = self.signed(self.attesters[:3])
    zero = bytes(32)
    order = secp256k1.N.to_bytes(32, "big")
    for v, r, s in ((0, *two[1:]), (1, *two[1:]), (two[0] + 256, *two[1:]), (26, *two[1:]), (29, *two[1:]), (two[0], zero, two[2]),
                    (two[0], two[1], zero), (two[0], order, two[2]), (55 - two[0], *two[1:]), (27, zero, zero)):
      self.refused("not an attester", [one, (v, r, s), three])

  def test_the_zero_address_is_no_attester(self):
    # What a signature that is none recovers to.
    bad = (27, bytes(32), bytes(32))
    self.refused("not an attester", [bad] + self.signed(self.attesters[:3]))
    self.reverts("order", self.deploy, code("TacitAttest"), ["0x" + "00" * 20] + self.attesters, 3)

  def test_a_signature_is_not_another_contracts_chains_or_domains(self):
    signers = self.attesters[:3]
    other = self.deploy(code("TacitAttest"), self.attesters, 3)
    for domain in ({"contract": other.address}, {"chain_id": 1}, {"name": "TacitGate"}, {"version": "2"}):
      self.refused("not an attester", self.signed(signers, **domain))
    self.refused("not an attester", self.signed(signers), contract=other)
    self.post(self.signed(signers, contract=other.address), contract=other)

  def test_a_chain_that_split_has_another_digest(self):
    block, state = self.chain.next_block(), self.chain.state.copy()
    state._chain_id += 1
    outcome = state.call(block, self.user, self.attest.address, self.attest.interface.call("digest", *self.batch), 0, 10**6)
    self.assertEqual(outcome.output, typed.digest(self.document(self.batch, chain_id=self.chain.chain_id + 1)))

  def test_a_signature_is_not_of_another_batch(self):
    signatures = self.signed(self.attesters[:3])
    for i, changed in enumerate((keccak(b"another"), keccak(b"root"), 6, 2)):
      batch = list(self.batch)
      batch[i] = changed
      self.refused("not an attester", signatures, batch)

  def test_an_epoch_of_a_model_is_taken_once(self):
    self.post(self.signed(self.attesters[:3]))
    other = (MODEL, keccak(b"another root"), 5, 1)
    self.refused("epoch taken", self.signed(self.attesters[:3]))
    self.refused("epoch taken", self.signed(self.attesters[:3], other), other)
    self.assertEqual(self.attest.call("batches", MODEL, 1)[0], self.batch[1])
    for batch in ((MODEL, other[1], 5, 2), (keccak(b"another"), other[1], 5, 1)):
      self.post(self.signed(self.attesters[:3], batch), batch)

  def test_a_batch_has_leaves_and_not_too_many(self):
    for count in (0, 2**32 + 1, 2**255):
      batch = (*self.batch[:2], count, 1)
      self.refused("count", self.signed(self.attesters[:3], batch), batch)
    batch = (*self.batch[:2], 2**32, 1)
    self.post(self.signed(self.attesters[:3], batch), batch)

  def test_attesters_are_distinct_in_order_and_enough(self):
    for attesters, threshold, reason in ((self.attesters, 0, "threshold"), (self.attesters, 6, "threshold"), ([], 0, "threshold"),
                                         (self.attesters[::-1], 3, "order"), (self.attesters[:1] * 3, 3, "order")):
      self.reverts(reason, self.deploy, code("TacitAttest"), attesters, threshold)
    self.assertEqual([self.attest.call("attesters", i) for i in range(5)], self.attesters)
    self.assertEqual(self.attest.call("threshold"), 3)

  def test_what_three_signatures_cost(self):
    self.post(self.signed(self.attesters[:3]))
    self.assertLess(self.gas, 112_000)


class LeafTests(AttestTests):

  def setUp(self):
    super().setUp()
    self.post(self.signed(self.attesters[:3]))

  def attested(self, index, context, statement_hash, neighbours, model=MODEL, epoch=1):
    return self.attest.call("attested", model, epoch, index, context, statement_hash, neighbours)

  def test_every_leaf_is_attested_in_its_place_and_nowhere_else(self):
    for i, each in enumerate(self.statements):
      for j in range(8):
        self.assertEqual(self.attested(j, *each, path(self.levels, i)), i == j)

  def test_trees_of_every_small_size(self):
    for count in range(1, 10):
      leaves = self.statements * 2
      levels = tree([leaf(*each) for each in leaves[:count]])
      batch = (MODEL, levels[-1][0], count, 100 + count)
      self.post(self.signed(self.attesters[:3], batch), batch)
      for i in range(count):
        self.assertTrue(self.attested(i, *leaves[i], path(levels, i), epoch=100 + count))
      self.assertFalse(self.attested(count, bytes(32), bytes(32), path(levels, count - 1), epoch=100 + count))

  def test_another_statement_context_model_epoch_or_path_is_not(self):
    context, statement = self.statements[2]
    good = path(self.levels, 2)
    self.assertTrue(self.attested(2, context, statement, good))
    self.assertFalse(self.attested(2, statement, context, good))
    self.assertFalse(self.attested(2, context, keccak(statement), good))
    self.assertFalse(self.attested(2, keccak(context), statement, good))
    self.assertFalse(self.attested(2, context, statement, good, model=keccak(b"another")))
    self.assertFalse(self.attested(2, context, statement, good, epoch=2))
    self.assertFalse(self.attested(2 + 8, context, statement, good))
    for i in range(3):
      self.assertFalse(self.attested(2, context, statement, good[:i] + [keccak(good[i])] + good[i + 1:]))
    for changed in (good[:2], good + [bytes(32)], [], good[::-1]):
      self.assertFalse(self.attested(2, context, statement, changed))

  def test_a_node_is_no_leaf(self):
    # Its two halves given out as context and statement, on the level above: the domains differ, and so does the depth.
    left, right = self.levels[0][:2]
    self.assertEqual(keccak(b"\1" + left + right), self.levels[1][0])
    self.assertFalse(self.attested(0, left, right, path(self.levels, 0)[1:]))
    # A batch of which a node is what an attacker wants for a leaf, with the depth that fits.
    levels = tree([leaf(*each) for each in self.statements[:4]])
    batch = (MODEL, levels[-1][0], 2, 50)
    self.post(self.signed(self.attesters[:3], batch), batch)
    self.assertFalse(self.attested(0, *levels[0][:2], [levels[1][1]], epoch=50))

  def test_a_leaf_is_no_node(self):
    # A batch of one leaf is its root; a path of one would make a node of it.
    context, statement = self.statements[0]
    root = keccak(b"\1" + leaf(context, statement) + keccak(b"x"))
    batch = (MODEL, root, 1, 51)
    self.post(self.signed(self.attesters[:3], batch), batch)
    self.assertFalse(self.attested(0, context, statement, [keccak(b"x")], epoch=51))
    self.assertFalse(self.attested(0, context, statement, [], epoch=51))

  def test_an_empty_place_is_no_leaf(self):
    for i in range(5, 8):
      self.assertFalse(self.attested(i, bytes(32), bytes(32), path(self.levels, 4)))

  def test_an_epoch_without_a_batch_attests_nothing(self):
    self.assertFalse(self.attested(0, bytes(32), bytes(32), [], epoch=77))


if __name__ == "__main__":
  unittest.main()
