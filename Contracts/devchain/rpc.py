"""The methods of JSON-RPC."""

from . import typed
from .encoding import EncodingError, data, quantity, read_address, read_data, read_quantity
from .chain import Refused
from .secp256k1 import SignatureError, sign
from .state import BLOCK_GAS, NOBODY, revert_reason
from .transaction import Transaction, read


class RpcError(Exception):
  """An error of JSON-RPC."""

  def __init__(self, code, message, data_=None):
    super().__init__(message)
    self.code, self.data = code, data_

  def json(self):
    shown = {"code": self.code, "message": str(self)}
    return shown if self.data is None else shown | {"data": self.data}


class Rpc:
  """All methods, over one chain and its faults."""

  def __init__(self, chain, faults):
    self.chain, self.faults = chain, faults

  def answer(self, method, params):
    """What a method gives; every error is an `RpcError`."""
    name = method.replace("_", "__", 1) if isinstance(method, str) else ""
    function = getattr(type(self), name, None) if "__" in name and not name.startswith("_") else None
    if function is None:
      raise RpcError(-32601, f"the method {method} does not exist/is not available")
    if isinstance(params, dict):
      params = [params]
    try:
      with self.chain.lock:
        return function(self, *params)
    except RpcError:
      raise
    except Refused as error:
      raise RpcError(-32000, str(error)) from error
    except (EncodingError, SignatureError, ValueError, TypeError, KeyError) as error:
      raise RpcError(-32602, f"invalid argument: {error}") from error
    except Exception as error:
      # A fault of this file: the client sees it instead of a connection that ends.
      raise RpcError(-32603, f"internal error: {error!r}") from error

  # Blocks

  def eth__chainId(self):
    return quantity(self.chain.chain_id)

  def net__version(self):
    return str(self.chain.chain_id)

  def net__listening(self):
    return True

  def web3__clientVersion(self):
    return "tacit-devchain"

  def eth__syncing(self):
    return False

  def eth__blockNumber(self):
    return quantity(self.chain.head.number)

  def _number(self, tag):
    if isinstance(tag, dict):
      if "blockHash" in tag:
        digest = read_data(tag["blockHash"], 32)
        for block in self.chain.blocks:
          if block.hash == digest:
            return block.number
        raise RpcError(-32000, "header for hash not found")
      tag = tag.get("blockNumber")
    if tag in (None, "latest", "pending", "safe", "finalized"):
      return self.chain.head.number
    number = 0 if tag == "earliest" else read_quantity(tag)
    if number > self.chain.head.number:
      raise RpcError(-32000, "header not found")
    return number

  def eth__getBlockByNumber(self, tag, full=False):
    if tag not in ("latest", "pending", "safe", "finalized", "earliest") and read_quantity(tag) > self.chain.head.number:
      return None
    return self.chain.blocks[self._number(tag)].json(full)

  def eth__getBlockByHash(self, digest, full=False):
    digest = read_data(digest, 32)
    return next((block.json(full) for block in self.chain.blocks if block.hash == digest), None)

  # Accounts

  def eth__accounts(self):
    return list(self.chain.secrets)

  def _account(self, address, tag):
    return self.chain.blocks[self._number(tag)].state.account(read_address(address))

  def eth__getBalance(self, address, tag="latest"):
    return quantity(self._account(address, tag).balance)

  def eth__getCode(self, address, tag="latest"):
    return data(self._account(address, tag).code)

  def eth__getStorageAt(self, address, slot, tag="latest"):
    return data(self._account(address, tag).storage.get(read_quantity(slot), 0).to_bytes(32, "big"))

  def eth__getTransactionCount(self, address, tag="latest"):
    return quantity(self.chain.pending_nonce(read_address(address)) if tag == "pending" else self._account(address, tag).nonce)

  # Fees

  def eth__maxPriorityFeePerGas(self):
    return quantity(10**9)

  def eth__gasPrice(self):
    return quantity(self.chain.head.next_base_fee() + 10**9)

  def eth__feeHistory(self, count, newest="latest", percentiles=()):
    newest, count = self._number(newest), min(read_quantity(count), 1024)
    blocks = self.chain.blocks[max(0, newest + 1 - count):newest + 1]
    rewards = []
    for block in blocks:
      tips = sorted(each.price(block.base_fee) - block.base_fee for each in block.transactions) or [0]
      rewards.append([quantity(tips[min(len(tips) - 1, int(len(tips) * share / 100))]) for share in percentiles or ()])
    fees = [block.base_fee for block in blocks] + ([blocks[-1].next_base_fee()] if blocks else [])
    shown = {"oldestBlock": quantity(blocks[0].number if blocks else 0), "baseFeePerGas": [quantity(fee) for fee in fees],
             "gasUsedRatio": [block.gas_used / BLOCK_GAS for block in blocks]}
    return shown | {"reward": rewards} if percentiles else shown

  # Calls

  def _call(self, call, tag, gas):
    to = read_address(call["to"]) if call.get("to") else None
    if "data" in call and "input" in call and call["data"] != call["input"]:
      raise ValueError("data and input differ")
    input_ = read_data(call.get("input", call.get("data", "0x")))
    sender = read_address(call.get("from") or NOBODY)
    block = self.chain.blocks[self._number(tag)]
    return block.state.call(block, sender, to, input_, read_quantity(call.get("value"), 0), gas)

  @staticmethod
  def _checked(outcome):
    if outcome.success:
      return outcome
    if outcome.reason == "execution reverted":
      words = revert_reason(outcome.output)
      raise RpcError(3, outcome.reason + (f": {words}" if words else ""), data(outcome.output))
    raise RpcError(-32000, outcome.reason)

  def eth__call(self, call, tag="latest", *_):
    return data(self._checked(self._call(call, tag, min(read_quantity(call.get("gas"), BLOCK_GAS), BLOCK_GAS))).output)

  def eth__estimateGas(self, call, tag="latest"):
    most = min(read_quantity(call.get("gas"), BLOCK_GAS), BLOCK_GAS)
    used = self._checked(self._call(call, tag, most)).gas
    input_, to = read_data(call.get("input", call.get("data", "0x"))), call.get("to")
    least = Transaction(0, 0, 0, 0, 0, to, 0, input_).intrinsic_gas()
    # What is used may be less than what has to be there: refunds, and the part that a call keeps back.
    low, high = max(used, least) - 1, most
    if high <= low + 1 or self._call(call, tag, low + 1).success:
      return quantity(min(low + 1, most))
    while high - low > max(1, high // 64):
      middle = min((low + high) // 2, 2 * low)
      if self._call(call, tag, middle).success:
        high = middle
      else:
        low = middle
    return quantity(high)

  # Transactions

  def _made(self, call):
    sender = read_address(call["from"])
    if sender not in self.chain.secrets:
      raise RpcError(-32000, "unknown account")
    if "gasPrice" in call and "maxFeePerGas" in call:
      raise ValueError("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified")
    priority = read_quantity(call.get("maxPriorityFeePerGas"), 10**9)
    max_fee = read_quantity(call.get("maxFeePerGas"), 2 * self.chain.head.next_base_fee() + priority)
    kind = 2
    if "gasPrice" in call:
      kind, max_fee = 0, read_quantity(call["gasPrice"])
      priority = max_fee
    gas = read_quantity(call.get("gas"))
    if gas is None:
      gas = read_quantity(self.eth__estimateGas(call))
    nonce = read_quantity(call.get("nonce"), self.chain.pending_nonce(sender))
    chain_id = read_quantity(call.get("chainId"), self.chain.chain_id)
    input_ = read_data(call.get("input", call.get("data", "0x")))
    to = read_address(call["to"]) if call.get("to") else None
    made = Transaction(chain_id, nonce, priority, max_fee, gas, to, read_quantity(call.get("value"), 0), input_, kind)
    return made.signed(self.chain.secrets[sender])

  def eth__sendTransaction(self, call):
    transaction = self._made(call)
    self.chain.add(transaction)
    return data(transaction.hash)

  def eth__signTransaction(self, call):
    transaction = self._made(call)
    return {"raw": data(transaction.raw), "tx": transaction.json()}

  def eth__sendRawTransaction(self, raw):
    transaction = read(read_data(raw))
    self.chain.add(transaction)
    return data(transaction.hash)

  def eth__signTypedData_v4(self, address, document):
    parity, r, s = sign(self._secret(address), typed.digest(document))
    return data(r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([27 + parity]))

  def _secret(self, address):
    address = read_address(address)
    if address not in self.chain.secrets:
      raise RpcError(-32000, "unknown account")
    return self.chain.secrets[address]

  def eth__getTransactionByHash(self, digest):
    digest = read_data(digest, 32)
    if found := self.chain.find(digest):
      block, i = found
      return block.transactions[i].json(block, i, block.base_fee)
    return next((each.json() for each in self.chain.pool if each.hash == digest), None)

  def eth__getTransactionReceipt(self, digest):
    found = self.chain.find(read_data(digest, 32))
    if not found:
      return None
    block, i = found
    transaction, outcome = block.transactions[i], block.outcomes[i]
    return {
      "transactionHash": data(transaction.hash), "transactionIndex": quantity(i), "blockHash": data(block.hash),
      "blockNumber": quantity(block.number), "from": transaction.sender, "to": transaction.to, "contractAddress": outcome.created,
      "status": quantity(int(outcome.success)), "gasUsed": quantity(outcome.gas), "type": quantity(transaction.kind),
      "cumulativeGasUsed": quantity(sum(each.gas for each in block.outcomes[:i + 1])),
      "effectiveGasPrice": quantity(transaction.price(block.base_fee)), "logs": self._logs(block, i), "logsBloom": data(bytes(256)),
    }

  @staticmethod
  def _logs(block, only=None):
    shown = []
    count = 0
    for i, outcome in enumerate(block.outcomes):
      for address, topics, content in outcome.logs:
        if only in (None, i):
          shown.append({
            "address": address, "topics": list(topics), "data": data(content), "blockHash": data(block.hash),
            "blockNumber": quantity(block.number), "transactionHash": data(block.transactions[i].hash),
            "transactionIndex": quantity(i), "logIndex": quantity(count), "removed": False,
          })
        count += 1
    return shown

  def eth__getLogs(self, filter_):
    if "blockHash" in filter_:
      first = last = self._number({"blockHash": filter_["blockHash"]})
    else:
      first, last = self._number(filter_.get("fromBlock")), self._number(filter_.get("toBlock"))
    addresses = filter_.get("address") or []
    addresses = [read_address(each) for each in ([addresses] if isinstance(addresses, str) else addresses)]
    wanted = [None if each is None else [item.lower() for item in ([each] if isinstance(each, str) else each)]
              for each in filter_.get("topics") or []]

    def fits(log):
      if addresses and log["address"] not in addresses:
        return False
      topics = log["topics"]
      return len(topics) >= len(wanted) and all(not some or topic in some for topic, some in zip(topics, wanted))

    return [log for block in self.chain.blocks[first:last + 1] for log in self._logs(block) if fits(log)]

  # What no chain has

  def tacdev__mine(self, count=1, seconds=0):
    if read_quantity(seconds):
      self.chain.pass_time(read_quantity(seconds))
    self.chain.mine(read_quantity(count))
    return quantity(self.chain.head.number)

  def tacdev__automine(self, on):
    self.chain.automine = bool(on)
    return self.chain.automine

  def tacdev__reorg(self, depth, transactions="again", extra=1):
    depth, extra = read_quantity(depth), read_quantity(extra)
    if not 0 < depth <= self.chain.head.number or transactions not in ("again", "pool", "drop"):
      raise ValueError("a depth below the chain's height, and again, pool or drop")
    self.chain.reorganise(depth, transactions, extra)
    return quantity(self.chain.head.number)

  def tacdev__forget(self, digest):
    return self.chain.forget(read_data(digest, 32))

  def tacdev__fault(self, fault):
    self.faults.set(**fault)
    return True

  def tacdev__clearFaults(self):
    self.faults.clear()
    return True
