"""Transactions of type 2 (EIP-1559), and those of type 0 with EIP-155: signing, reading, what is due before a first instruction."""

from dataclasses import dataclass, field, replace

from . import secp256k1
from .encoding import EncodingError, big_endian, data, keccak, quantity, rlp, unrlp


@dataclass(frozen=True)
class Transaction:
  """A transaction and who it is from."""
  chain_id: int
  nonce: int
  priority: int
  max_fee: int
  gas: int
  to: str | None
  value: int
  input: bytes
  kind: int = 2
  sender: str = ""
  raw: bytes = field(default=b"", repr=False)
  signature: tuple = (0, 0, 0)

  def price(self, base_fee):
    """What it pays for a unit of gas."""
    return min(self.max_fee, base_fee + self.priority)

  @property
  def hash(self):
    """The digest of its signed form."""
    return keccak(self.raw)

  def fields(self):
    """What its signature is over."""
    to = bytes.fromhex(self.to[2:]) if self.to else b""
    if self.kind == 2:
      return [self.chain_id, self.nonce, self.priority, self.max_fee, self.gas, to, self.value, self.input, []]
    return [self.nonce, self.max_fee, self.gas, to, self.value, self.input]

  def digest(self):
    """What its sender signs."""
    if self.kind == 2:
      return keccak(b"\x02" + rlp(self.fields()))
    return keccak(rlp(self.fields() + [self.chain_id, 0, 0]))

  def signed(self, secret):
    """The same with a signature."""
    parity, r, s = secp256k1.sign(secret, self.digest())
    if self.kind == 2:
      raw = b"\x02" + rlp(self.fields() + [parity, r, s])
    else:
      raw = rlp(self.fields() + [35 + 2 * self.chain_id + parity, r, s])
    return replace(self, sender=secp256k1.address(secret), raw=raw, signature=(parity, r, s))

  def intrinsic_gas(self):
    """What is due before the first instruction, with the floor of EIP-7623."""
    zeros = self.input.count(0)
    others = len(self.input) - zeros
    words = (len(self.input) + 31) // 32
    plain = 21000 + 4 * zeros + 16 * others + (0 if self.to else 32000 + 2 * words)
    return max(plain, self.floor())

  def floor(self):
    """The least gas that it uses, whatever it does (EIP-7623), which the EVM here does not know."""
    zeros = self.input.count(0)
    return 21000 + 10 * zeros + 40 * (len(self.input) - zeros)

  def json(self, block=None, index=None, base_fee=None):
    """As JSON-RPC shows it, in a block or waiting."""
    shown = {
      "hash": data(self.hash), "type": quantity(self.kind), "chainId": quantity(self.chain_id), "nonce": quantity(self.nonce),
      "from": self.sender, "to": self.to, "value": quantity(self.value), "gas": quantity(self.gas), "input": data(self.input),
      "gasPrice": quantity(self.max_fee if base_fee is None else self.price(base_fee)),
      "v": quantity(self.signature[0]), "yParity": quantity(self.signature[0]), "r": quantity(self.signature[1]),
      "s": quantity(self.signature[2]), "blockHash": None, "blockNumber": None, "transactionIndex": None,
    }
    if self.kind == 2:
      shown |= {"maxFeePerGas": quantity(self.max_fee), "maxPriorityFeePerGas": quantity(self.priority), "accessList": []}
    else:
      del shown["yParity"]
      shown["v"] = quantity(35 + 2 * self.chain_id + self.signature[0])
    if block is not None:
      shown |= {"blockHash": data(block.hash), "blockNumber": quantity(block.number), "transactionIndex": quantity(index)}
    return shown


def read(raw):
  """A signed transaction out of its bytes, with the sender that the signature says."""
  kind = 2 if raw[:1] == b"\x02" else 0
  if kind == 0 and raw[:1] < b"\xc0":
    raise EncodingError("transaction type not supported")
  items = unrlp(raw[1:] if kind == 2 else raw)
  if not isinstance(items, list) or len(items) != (12 if kind == 2 else 9):
    raise EncodingError("a transaction of another number of fields")
  if kind == 2:
    if items[8] != []:
      raise EncodingError("access lists are not supported")
    del items[8]
  if not all(isinstance(item, bytes) for item in items):
    raise EncodingError("a list where a transaction has bytes")
  to, input_ = (items[5], items[7]) if kind == 2 else (items[3], items[5])
  if len(to) not in (0, 20):
    raise EncodingError("an address of another size")

  def number(item):
    value = int.from_bytes(item, "big")
    if big_endian(value) != item or value >= 1 << 256:
      raise EncodingError("a number with leading zeros, or too large")
    return value

  to = data(to) if to else None
  if kind == 2:
    chain_id, nonce, priority, max_fee, gas = map(number, items[:5])
    value, parity, r, s = number(items[6]), *map(number, items[8:])
  else:
    nonce, max_fee, gas = map(number, items[:3])
    value, v, r, s = number(items[4]), *map(number, items[6:])
    if v < 35:
      raise EncodingError("only replay-protected (EIP-155) transactions allowed over RPC")
    chain_id, parity, priority = (v - 35) // 2, (v - 35) % 2, max_fee
  if s > secp256k1.N // 2:
    raise EncodingError("invalid transaction v, r, s values")
  transaction = Transaction(chain_id, nonce, priority, max_fee, gas, to, value, input_, kind, raw=raw, signature=(parity, r, s))
  return replace(transaction, sender=secp256k1.recover(transaction.digest(), parity, r, s))
