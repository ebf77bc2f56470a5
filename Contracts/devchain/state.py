"""The EVM with what it leaves to its caller: nonces, fees, the block's numbers, and the outcome of a call in one form."""

import re
from dataclasses import dataclass

from pyrevm import EVM, AccountInfo, BlockEnv, CfgEnv, Env

from .encoding import data

MINER = "0x00000000000000000000000000000000000000c0"
BLOCK_GAS = 60_000_000
NOBODY = "0x" + "00" * 20
# Returns the code of the address that it is called with: EXTCODESIZE, EXTCODECOPY, RETURN.
READER = "0x00000000000000000000000000000000000000c1"
READER_CODE = bytes.fromhex("5f35803b805f5f843c805ff3")


@dataclass
class Outcome:
  """What became of a call or a transaction."""
  success: bool
  gas: int
  output: bytes = b""
  logs: tuple = ()
  reason: str = ""
  created: str | None = None


class State:
  """The accounts after some blocks."""

  def __init__(self, chain_id, balances):
    self._evm = EVM(env=Env(cfg=CfgEnv(chain_id=chain_id)), gas_limit=BLOCK_GAS, spec_id="PRAGUE")
    self._evm.insert_account_info(READER, AccountInfo(code=READER_CODE))
    for address, balance in balances.items():
      self._evm.set_balance(address, balance)

  def balance(self, address):
    return self._evm.get_balance(address)

  def nonce(self, address):
    return self._evm.basic(address).nonce

  def code(self, address):
    # What the EVM's own account shows is padded; a contract is told the code as it is.
    return self.call(NOBODY, READER, bytes.fromhex(address[2:]).rjust(32, b"\0"), 0, BLOCK_GAS).output

  def storage(self, address, slot):
    return self._evm.storage(address, slot)

  def begin(self, block):
    """The block whose numbers the next instructions see."""
    self._evm.set_block_env(BlockEnv(number=block.number, coinbase=MINER, timestamp=block.timestamp, basefee=block.base_fee,
                                     gas_limit=BLOCK_GAS, prevrandao=block.salt))

  def apply(self, transaction, base_fee):
    """Executes a transaction that may stand here, and takes its fees."""
    price, sender = transaction.price(base_fee), transaction.sender
    nonce, before = self.nonce(sender), self.balance(sender)
    outcome = self._execute(sender, transaction.to, transaction.input, transaction.value, transaction.gas, price)
    outcome.gas = max(outcome.gas, transaction.floor())
    paid = transaction.value if outcome.success and sender != transaction.to else 0
    # The EVM takes the fee itself or not, by the kind of the call: what is left is set here.
    left = before - paid - outcome.gas * price
    self._evm.insert_account_info(sender, AccountInfo(nonce=nonce + 1, balance=left))
    self._evm.set_balance(MINER, self._evm.get_balance(MINER) + outcome.gas * (price - base_fee))
    return outcome

  def call(self, sender, to, input_, value, gas):
    """What a call would give; leaves nothing behind."""
    mark = self._evm.snapshot()
    try:
      return self._execute(sender, to, input_, value, gas, 0)
    finally:
      self._evm.revert(mark)

  def _execute(self, sender, to, input_, value, gas, price):
    miner = self._evm.get_balance(MINER)
    try:
      if to is None:
        created = self._evm.deploy(sender, bytes(input_), value=value, gas=gas, gas_price=price)
        return self._outcome(b"", created)
      return self._outcome(bytes(self._evm.message_call(sender, to, bytes(input_), value=value, gas=gas, gas_price=price)))
    except RuntimeError as error:
      return _failure(str(error), gas)
    finally:
      self._evm.set_balance(MINER, miner)

  def _outcome(self, output, created=None):
    result = self._evm.result
    logs = tuple((log.address.lower(), tuple(log.topics), bytes(log.data[1])) for log in result.logs)
    return Outcome(True, result.gas_used, output, logs, created=created)


def _failure(text, gas):
  used = re.search(r"gas_used: (\d+)", text)
  output = re.search(r"output: 0x([0-9a-f]*)", text)
  if output:
    return Outcome(False, int(used[1]), bytes.fromhex(output[1]), reason="execution reverted")
  if used:
    name = re.search(r"reason: (\w+)", text)
    return Outcome(False, int(used[1]), reason="out of gas" if name and name[1].startswith("OutOfGas") else text)
  return Outcome(False, gas, reason=text)


def revert_reason(output):
  """The words of a revert, if it has some."""
  if output[:4].hex() == "08c379a0" and len(output) >= 68:
    size = int.from_bytes(output[36:68], "big")
    return output[68:68 + size].decode("utf-8", "replace")
  return data(output) if output else ""
