"""Accounts, and the EVM with what it leaves to its caller: nonces, fees, the block's numbers, outcomes in one form.

Each transaction has an EVM of its own. One that executes several keeps what the first has touched warm and takes its values for
the original ones, so that the second is cheaper than on a chain.
"""

import re
from dataclasses import dataclass, field, replace

from pyrevm import EVM, AccountInfo, BlockEnv, CfgEnv, Env

from .encoding import data

NOBODY = "0x" + "00" * 20
MINER = "0x00000000000000000000000000000000000000c0"
BLOCK_GAS = 60_000_000
# The accounts in what the EVM prints of its journal.
ACCOUNT = re.compile(
  r"(0x[0-9a-f]{40}): Account \{ info: AccountInfo \{ balance: (\d+), nonce: (\d+), code_hash: 0x[0-9a-f]{64}, "
  r"code: (?:None|Some\(Bytecode \{ bytecode: 0x([0-9a-f]*), state: (?:Raw|Analysed \{ len: (\d+), [^()]*) \}\)) \}, "
  r"storage: \{((?:\d+: StorageSlot \{[^}]*\}(?:, )?)*)\}, status: AccountStatus\(([^)]*)\)")
SLOT = re.compile(r"(\d+): StorageSlot \{ previous_or_original_value: \d+, present_value: (\d+) \}")


@dataclass
class Outcome:
  """What became of a call or a transaction."""
  success: bool
  gas: int
  output: bytes = b""
  logs: tuple = ()
  reason: str = ""
  created: str | None = None


@dataclass(frozen=True)
class Account:
  """What an address has."""
  balance: int = 0
  nonce: int = 0
  code: bytes = b""
  storage: dict = field(default_factory=dict)


class State:
  """The accounts after some blocks."""

  def __init__(self, chain_id, accounts):
    self._chain_id, self._accounts = chain_id, accounts

  def copy(self):
    """The same accounts, to be changed on their own."""
    return State(self._chain_id, dict(self._accounts))

  def account(self, address):
    return self._accounts.get(address, Account())

  def apply(self, transaction, block):
    """Executes a transaction that may stand next in a block, and takes its fees."""
    price, sender, before = transaction.price(block.base_fee), transaction.sender, self.account(transaction.sender)
    evm = self._evm(block)
    outcome = self._execute(evm, sender, transaction.to, transaction.input, transaction.value, transaction.gas, price)
    outcome.gas = max(outcome.gas, transaction.floor())
    if outcome.success:
      self._accounts |= self._changed(evm)
    # Nonce and fees are counted here: the EVM does so for some kinds of calls only.
    received = transaction.value if outcome.success and transaction.to != sender else 0
    self._accounts[sender] = replace(self.account(sender), nonce=before.nonce + 1, balance=before.balance - received - outcome.gas * price)
    miner = self.account(MINER)
    self._accounts[MINER] = replace(miner, balance=miner.balance + outcome.gas * (price - block.base_fee))
    return outcome

  def call(self, block, sender, to, input_, value, gas):
    """What a call would give; changes nothing."""
    return self._execute(self._evm(block), sender, to, input_, value, gas, 0)

  def _evm(self, block):
    numbers = BlockEnv(number=block.number, coinbase=MINER, timestamp=block.timestamp, basefee=block.base_fee, gas_limit=BLOCK_GAS,
                       prevrandao=block.salt)
    evm = EVM(env=Env(cfg=CfgEnv(chain_id=self._chain_id), block=numbers), gas_limit=BLOCK_GAS, spec_id="PRAGUE")
    for address, account in self._accounts.items():
      evm.insert_account_info(address, AccountInfo(balance=account.balance, nonce=account.nonce, code=account.code or None))
      for slot, value in account.storage.items():
        evm.insert_account_storage(address, slot, value)
    return evm

  def _changed(self, evm):
    """The accounts that a transaction touched, as it left them; the sender and the miner are corrected by who asks."""
    text, changed = evm.journal_str, {}
    for address, balance, nonce, code, size, storage, status in ACCOUNT.findall(text):
      if address == MINER:
        continue
      if "SelfDestructed" in status:
        changed[address] = Account()
        continue
      slots = {int(slot): int(value) for slot, value in SLOT.findall(storage)}
      code = bytes.fromhex(code)[:int(size or 0)] if "Created" in status else self.account(address).code
      changed[address] = Account(int(balance), int(nonce), code, self.account(address).storage | slots)
    missing = {address.lower() for address in evm.journal_state} - set(changed) - {MINER}
    if missing:
      raise AssertionError(f"the EVM prints its journal in another form: {sorted(missing)}")
    return changed

  @staticmethod
  def _execute(evm, sender, to, input_, value, gas, price):
    try:
      if to is None:
        created = evm.deploy(sender, bytes(input_), value=value, gas=gas, gas_price=price)
        output = b""
      else:
        created, output = None, bytes(evm.message_call(sender, to, bytes(input_), value=value, gas=gas, gas_price=price))
    except RuntimeError as error:
      return _failure(str(error), gas)
    logs = tuple((log.address.lower(), tuple(log.topics), bytes(log.data[1])) for log in evm.result.logs)
    return Outcome(True, evm.result.gas_used, output, logs, created=created)


def _failure(text, gas):
  used = re.search(r"gas_used: (\d+)", text)
  output = re.search(r"output: 0x([0-9a-f]*)", text)
  if output:
    return Outcome(False, int(used[1]), bytes.fromhex(output[1]), reason="execution reverted")
  if used:
    return Outcome(False, int(used[1]), reason="out of gas" if "OutOfGas" in text else text)
  return Outcome(False, gas, reason=text)


def revert_reason(output):
  """The words of a revert, if it has some."""
  if output[:4].hex() == "08c379a0" and len(output) >= 68:
    size = int.from_bytes(output[36:68], "big")
    return output[68:68 + size].decode("utf-8", "replace")
  return data(output) if output else ""
