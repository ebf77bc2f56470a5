"""A chain with contracts on it, for tests: no server between."""

import json
import os
import tempfile
import unittest
from pathlib import Path

from devchain.abi import Interface, encode, kind
from devchain.chain import Chain
from devchain.encoding import keccak
from devchain.state import revert_reason
from devchain.transaction import Transaction
from tools import gate as compiler

# The sources that are tried instead of the committed code.
SOURCES = os.environ.get("TACIT_CONTRACT_SOURCES")
NOBODY = "0x" + "00" * 20
_compiled = {}


class Reverted(Exception):
  """A transaction or a call that failed."""

  def __init__(self, outcome):
    self.outcome, self.reason = outcome, revert_reason(outcome.output) or outcome.reason
    super().__init__(self.reason)


def code(name):
  """The creation code of a contract and its ABI."""
  if name not in _compiled:
    if SOURCES:
      _compiled[name] = compiler.compiled(Path(SOURCES) / f"{name}.vy", Path(SOURCES))
    else:
      folder = compiler.FOLDER / "compiled"
      _compiled[name] = bytes.fromhex((folder / f"{name}.hex").read_text()), json.loads((folder / f"{name}.json").read_text())
  return _compiled[name]


def from_source(text):
  """A contract of a test's own, in Vyper."""
  if text not in _compiled:
    with tempfile.TemporaryDirectory() as folder:
      path = Path(folder) / "Contract.vy"
      path.write_text(text)
      _compiled[text] = compiler.compiled(path, Path(folder))
  return _compiled[text]


def creation(runtime):
  """Code that creates a contract of the given code."""
  return b"\x61" + len(runtime).to_bytes(2, "big") + bytes.fromhex("80600a5f395ff3") + runtime


class Contract:
  """A contract at its address."""

  def __init__(self, world, address, abi):
    self.world, self.address, self.interface = world, address, Interface(abi)

  def call(self, name, *values, sender=NOBODY):
    """The result of a function on the last block, which stays as it is."""
    world = self.world
    block = world.chain.next_block()
    outcome = block.state.call(block, sender, self.address, self.interface.call(name, *values), 0, 30_000_000)
    if not outcome.success:
      raise Reverted(outcome)
    return self.interface.result(name, outcome.output)

  def send(self, sender, name, *values, gas=5_000_000):
    """The events that a transaction logs, by name."""
    outcome = self.world.send(sender, self.address, self.interface.call(name, *values), gas)
    self.world.gas = outcome.gas
    return [self.interface.event(topics, data) for address, topics, data in outcome.logs if address == self.address]


class World(unittest.TestCase):
  """Ten accounts on a chain of one's own."""

  def setUp(self):
    self.chain = Chain()
    self.gas = 0
    self.owner, self.user, self.relayer, self.stranger = list(self.chain.secrets)[:4]

  def send(self, sender, to, data, gas=5_000_000):
    chain = self.chain
    transaction = Transaction(chain.chain_id, chain.pending_nonce(sender), 10**9, 10**11, gas, to, 0, data).signed(chain.secrets[sender])
    chain.add(transaction)
    outcome = chain.head.outcomes[-1]
    if not outcome.success:
      raise Reverted(outcome)
    return outcome

  def deploy(self, compiled, *arguments, sender=None):
    """A contract out of its code and ABI."""
    made, abi = compiled
    data = made + encode([kind(each) for each in Interface(abi).constructor], arguments)
    return Contract(self, self.send(sender or self.owner, None, data).created, abi)

  def put(self, runtime):
    """The address of a contract of the given code."""
    return self.send(self.owner, None, creation(runtime), 8_000_000).created

  def pass_time(self, seconds):
    self.chain.pass_time(seconds)
    self.chain.mine()

  def now(self):
    return self.chain.next_block().timestamp

  def reverts(self, reason, function, *arguments, **named):
    with self.assertRaises(Reverted) as caught:
      function(*arguments, **named)
    self.assertEqual(caught.exception.reason, reason)
    return caught.exception.outcome


def selector(text):
  """The first four bytes of a signature's digest, as a revert shows them."""
  return "0x" + keccak(text.encode())[:4].hex()
