"""Blocks, the pool of transactions that wait, and reorganisations."""

import os
import threading
import time
from dataclasses import dataclass, field

from . import secp256k1
from .encoding import keccak, quantity, data, rlp
from .state import BLOCK_GAS, MINER, Account, State

FIRST_BASE_FEE = 10**9
GIFT = 10**24


class Refused(Exception):
  """A transaction that the pool does not take, in the words of go-ethereum."""


@dataclass
class Block:
  """A block and what its transactions did."""
  number: int
  parent: bytes
  timestamp: int
  base_fee: int
  salt: bytes
  transactions: list = field(default_factory=list)
  outcomes: list = field(default_factory=list)
  hash: bytes = b""
  state: State | None = field(default=None, repr=False)

  @property
  def gas_used(self):
    return sum(outcome.gas for outcome in self.outcomes)

  def seal(self):
    """Its hash: over all that distinguishes it, though not the header that Ethereum has."""
    self.hash = keccak(rlp([self.number, self.parent, self.timestamp, self.base_fee, self.salt, [each.hash for each in self.transactions]]))

  def next_base_fee(self):
    """The rule of EIP-1559."""
    target, used = BLOCK_GAS // 2, self.gas_used
    if used > target:
      return self.base_fee + max(1, self.base_fee * (used - target) // target // 8)
    return self.base_fee - self.base_fee * (target - used) // target // 8

  def json(self, full):
    zero, none = data(bytes(32)), data(bytes(8))
    transactions = [each.json(self, i, self.base_fee) if full else data(each.hash) for i, each in enumerate(self.transactions)]
    return {
      "number": quantity(self.number), "hash": data(self.hash), "parentHash": data(self.parent), "timestamp": quantity(self.timestamp),
      "baseFeePerGas": quantity(self.base_fee), "gasLimit": quantity(BLOCK_GAS), "gasUsed": quantity(self.gas_used), "miner": MINER,
      "mixHash": data(self.salt), "nonce": none, "difficulty": "0x0", "extraData": "0x", "size": "0x0", "stateRoot": zero,
      "transactionsRoot": zero, "receiptsRoot": zero, "sha3Uncles": zero, "logsBloom": data(bytes(256)), "uncles": [],
      "transactions": transactions,
    }


class Chain:
  """One chain from its first block to its head; `lock` is held by whoever reads or changes it."""

  def __init__(self, chain_id=31337, accounts=10, automine=True):
    self.lock = threading.RLock()
    self.chain_id, self.automine, self.clock_offset = chain_id, automine, 0
    self.secrets = {}
    for i in range(accounts):
      secret = int.from_bytes(keccak(f"tacit devchain account {i}".encode()), "big") % secp256k1.N
      self.secrets[secp256k1.address(secret)] = secret
    first = Block(0, bytes(32), self.now(), FIRST_BASE_FEE, bytes(32))
    first.state = State(chain_id, dict.fromkeys(self.secrets, Account(balance=GIFT)))
    first.seal()
    self.blocks, self.pool = [first], []

  @property
  def head(self):
    return self.blocks[-1]

  def now(self):
    return int(time.time()) + self.clock_offset

  @property
  def state(self):
    """The accounts behind the last block."""
    return self.head.state

  def next_block(self):
    """The block that would be mined now, still empty."""
    return Block(self.head.number + 1, self.head.hash, max(self.head.timestamp + 1, self.now()), self.head.next_base_fee(), os.urandom(32),
                 state=self.state.copy())

  def pass_time(self, seconds):
    """Lets so many seconds pass behind the last block, which may be ahead of the clock."""
    self.clock_offset += max(0, self.head.timestamp - self.now()) + seconds

  # The pool

  def pending_nonce(self, sender):
    """The nonce behind all that waits without a gap."""
    nonce, waiting = self.state.account(sender).nonce, {each.nonce for each in self.pool if each.sender == sender}
    while nonce in waiting:
      nonce += 1
    return nonce

  def add(self, transaction):
    """Takes a transaction in, or says why not."""
    if transaction.chain_id != self.chain_id:
      raise Refused(f"invalid chain id for signer: have {transaction.chain_id} want {self.chain_id}")
    if any(each.hash == transaction.hash for each in self.pool) or self.find(transaction.hash):
      raise Refused("already known")
    nonce = self.state.account(transaction.sender).nonce
    if transaction.nonce < nonce:
      raise Refused(f"nonce too low: next nonce {nonce}, tx nonce {transaction.nonce}")
    if transaction.gas > BLOCK_GAS:
      raise Refused("exceeds block gas limit")
    if transaction.gas < transaction.intrinsic_gas():
      raise Refused(f"intrinsic gas too low: gas {transaction.gas}, minimum needed {transaction.intrinsic_gas()}")
    if transaction.priority > transaction.max_fee:
      raise Refused("max priority fee per gas higher than max fee per gas")
    if transaction.value + transaction.gas * transaction.max_fee > self.state.account(transaction.sender).balance:
      raise Refused("insufficient funds for gas * price + value")
    for i, other in enumerate(self.pool):
      if (other.sender, other.nonce) == (transaction.sender, transaction.nonce):
        if 10 * transaction.max_fee < 11 * other.max_fee or 10 * transaction.priority < 11 * other.priority:
          raise Refused("replacement transaction underpriced")
        self.pool[i] = transaction
        break
    else:
      self.pool.append(transaction)
    if self.automine:
      self.mine()

  def _next(self, block):
    """Of the transactions that may stand next the one that pays most, and of those the first."""

    def fits(each):
      account = block.state.account(each.sender)
      return (each.nonce == account.nonce and each.max_fee >= block.base_fee and each.gas <= BLOCK_GAS - block.gas_used
              and account.balance >= each.value + each.gas * each.max_fee)

    return max(filter(fits, self.pool), key=lambda each: each.price(block.base_fee), default=None)

  def mine(self, count=1, with_transactions=True):
    """Mines blocks out of the pool, or leaves it as it is."""
    for _ in range(count):
      block = self.next_block()
      while with_transactions and (transaction := self._next(block)):
        self.pool.remove(transaction)
        block.transactions.append(transaction)
        block.outcomes.append(block.state.apply(transaction, block))
      block.seal()
      self.blocks.append(block)
      self.pool = [each for each in self.pool if each.nonce >= self.state.account(each.sender).nonce]

  def reorganise(self, depth, transactions="again", extra=1):
    """Puts other blocks where the last ones were, and some more.

    Their transactions are mined again (`again`), wait in the pool and are not mined (`pool`), or are forgotten (`drop`).
    """
    removed, self.blocks = self.blocks[-depth:], self.blocks[:-depth]
    lost = [each for block in removed for each in block.transactions]
    if transactions != "drop":
      taken = {(each.sender, each.nonce) for each in lost}
      self.pool = lost + [each for each in self.pool if (each.sender, each.nonce) not in taken]
    self.mine(depth + extra, with_transactions=transactions == "again")

  def forget(self, digest):
    """Drops a transaction that waits."""
    before = len(self.pool)
    self.pool = [each for each in self.pool if each.hash != digest]
    return len(self.pool) < before

  def find(self, digest):
    """The block of a transaction and its place in it."""
    for block in reversed(self.blocks):
      for i, transaction in enumerate(block.transactions):
        if transaction.hash == digest:
          return block, i
    return None
