"""The chain for tests: what it promises a client that submits transactions."""

import http.client
import threading
import time
import unittest
import urllib.error

from devchain import secp256k1
from devchain.chain import Chain
from devchain.client import Client, RemoteError
from devchain.encoding import EncodingError, data, keccak, rlp, unrlp
from devchain.server import Server
from devchain.transaction import read

# Counts its calls in slot 0, logs the count with its caller as the topic, and returns it.
COUNTER = bytes.fromhex("5f54600101805f555f523360205fa160205ff3")
# Reverts with four bytes.
REVERTER = bytes.fromhex("63deadbeef5f526004601cfd")


def creation(code):
  """Code that creates a contract of the given code."""
  return bytes.fromhex(f"60{len(code):02x}8060095f395ff3") + code


class DevchainTests(unittest.TestCase):

  automine = True

  def setUp(self):
    self.server = Server(chain=Chain(automine=self.automine))
    threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
    self.client = Client(self.server.url, timeout=5)
    self.one, self.two = self.client.eth_accounts()[:2]

  def tearDown(self):
    self.server.shutdown()
    self.server.server_close()

  def refused(self, words, method, *params):
    with self.assertRaises(RemoteError) as caught:
      self.client.request(method, params)
    self.assertIn(words, str(caught.exception))
    return caught.exception

  def deployed(self, code):
    receipt = self.client.send(self.one, None, creation(code))
    self.assertEqual(receipt["status"], "0x1")
    return receipt["contractAddress"]

  def count(self, address):
    return int(self.client.eth_getStorageAt(address, "0x0"), 16)


class MiningAtOnceTests(DevchainTests):

  def test_code_is_what_was_deployed_with_its_last_zeros(self):
    code = COUNTER + bytes(3)
    self.assertEqual(self.client.eth_getCode(self.deployed(code)), data(code))
    self.assertEqual(self.client.eth_getCode(self.two), "0x")

  def test_the_sender_pays_value_and_gas(self):
    before = int(self.client.eth_getBalance(self.one), 16)
    receipt = self.client.eth_getTransactionReceipt(self.client.eth_sendTransaction({"from": self.one, "to": self.two, "value": "0x7"}))
    paid = 7 + int(receipt["gasUsed"], 16) * int(receipt["effectiveGasPrice"], 16)
    self.assertEqual(int(self.client.eth_getBalance(self.one), 16), before - paid)
    self.assertEqual(receipt["gasUsed"], hex(21000))

  def test_a_failed_transaction_pays_its_gas_and_not_its_value(self):
    address = self.deployed(REVERTER)
    before = int(self.client.eth_getBalance(self.one), 16)
    digest = self.client.eth_sendTransaction({"from": self.one, "to": address, "value": "0x7", "gas": "0x10000"})
    receipt = self.client.eth_getTransactionReceipt(digest)
    self.assertEqual(receipt["status"], "0x0")
    paid = int(receipt["gasUsed"], 16) * int(receipt["effectiveGasPrice"], 16)
    self.assertEqual(int(self.client.eth_getBalance(self.one), 16), before - paid)

  def test_call_data_pays_the_floor(self):
    receipt = self.client.send(self.one, self.two, bytes(10) + b"\1" * 10)
    self.assertEqual(int(receipt["gasUsed"], 16), 21000 + 10 * 10 + 10 * 40)

  def test_a_call_leaves_nothing_behind_and_warms_nothing(self):
    address = self.deployed(COUNTER)
    first = self.client.send(self.one, address, b"")
    self.assertEqual(int(self.client.eth_call({"to": address}), 16), 2)
    self.assertEqual(self.count(address), 1)
    second = self.client.send(self.one, address, b"")
    self.assertEqual(int(first["gasUsed"], 16) - int(second["gasUsed"], 16), 17100)
    self.assertEqual(self.count(address), 2)

  def test_what_a_contract_stores_anywhere_and_creates_is_kept(self):
    # SSTORE(keccak256 of 32 zeros, ~0), then CREATE of a contract of one STOP, whose address it stores in slot 1.
    address = self.deployed(bytes.fromhex("5f19602060002055" "6460015ff3005f5260056 01b5ff0600155".replace(" ", "") + "00"))
    self.assertEqual(self.client.send(self.one, address, b"")["status"], "0x1")
    place = keccak(bytes(32))
    self.assertEqual(self.client.eth_getStorageAt(address, data(place)), "0x" + "ff" * 32)
    made = "0x" + self.client.eth_getStorageAt(address, "0x1")[-40:]
    self.assertEqual(self.client.eth_getTransactionCount(made), "0x1")
    self.assertEqual(self.client.eth_getTransactionCount(address), "0x2")

  def test_a_call_sees_the_block_that_it_names(self):
    address = self.deployed(COUNTER)
    self.client.send(self.one, address, b"")
    self.assertEqual(int(self.client.eth_call({"to": address}, "0x1"), 16), 1)
    self.assertEqual(int(self.client.eth_call({"to": address}, "latest"), 16), 2)
    self.assertEqual(self.client.eth_getTransactionCount(self.one, "0x1"), "0x1")
    self.refused("header not found", "eth_call", {"to": address}, "0x9")

  def test_an_estimate_is_enough_and_a_little_less_is_not(self):
    address = self.deployed(COUNTER)
    call = {"from": self.one, "to": address}
    gas = int(self.client.eth_estimateGas(call), 16)
    self.assertEqual(self.client.send(self.one, address, b"", gas)["status"], "0x1")
    gas = int(self.client.eth_estimateGas(call), 16)
    self.assertEqual(self.client.send(self.one, address, b"", gas - gas // 16)["status"], "0x0")

  def test_a_revert_is_error_3_with_its_bytes(self):
    address = self.deployed(REVERTER)
    for method in ("eth_call", "eth_estimateGas"):
      error = self.refused("execution reverted", method, {"to": address})
      self.assertEqual((error.code, error.data), (3, "0xdeadbeef"))

  def test_logs_are_found_by_address_topic_and_block(self):
    address, other = self.deployed(COUNTER), self.deployed(COUNTER)
    self.client.send(self.one, address, b"")
    self.client.send(self.two, address, b"")
    receipt = self.client.send(self.one, other, b"")
    every = {"fromBlock": "earliest", "toBlock": "latest"}
    topic = "0x" + self.two[2:].rjust(64, "0")
    self.assertEqual(len(self.client.eth_getLogs(every)), 3)
    self.assertEqual([int(log["data"], 16) for log in self.client.eth_getLogs(every | {"address": address})], [1, 2])
    self.assertEqual([log["address"] for log in self.client.eth_getLogs(every | {"topics": [[topic]]})], [address])
    self.assertEqual(self.client.eth_getLogs(every | {"topics": [None, topic]}), [])
    self.assertEqual(self.client.eth_getLogs({"blockHash": receipt["blockHash"]}), receipt["logs"])
    self.assertEqual(self.client.eth_getLogs({"fromBlock": "0x3", "toBlock": "0x3"})[0]["blockNumber"], "0x3")

  def test_what_the_pool_does_not_take(self):
    send = lambda **changed: ("eth_sendTransaction", {"from": self.one, "to": self.two, "gas": "0x5208"} | changed)
    self.client.request("eth_sendTransaction", [send()[1]])
    self.refused("nonce too low", *send(nonce="0x0"))
    self.refused("intrinsic gas too low", *send(gas="0x5207"))
    self.refused("intrinsic gas too low", *send(data="0x01"))
    self.refused("exceeds block gas limit", *send(gas="0x4000000"))
    self.refused("insufficient funds", *send(value=hex(10**24)))
    self.refused("higher than max fee", *send(maxFeePerGas="0x1", maxPriorityFeePerGas="0x2"))
    self.refused("invalid chain id", *send(chainId="0x1"))
    self.refused("unknown account", "eth_sendTransaction", {"from": "0x" + "12" * 20, "to": self.two})

  def test_a_raw_transaction_is_who_signed_it_and_counts_once(self):
    signed = self.client.eth_signTransaction({"from": self.one, "to": self.two, "value": "0x5"})["raw"]
    digest = self.client.eth_sendRawTransaction(signed)
    self.assertEqual(self.client.eth_getTransactionByHash(digest)["from"], self.one)
    self.assertEqual(digest, data(keccak(bytes.fromhex(signed[2:]))))
    self.refused("already known", "eth_sendRawTransaction", signed)
    self.refused("invalid argument", "eth_sendRawTransaction", signed[:-2])
    legacy = self.client.eth_signTransaction({"from": self.one, "to": self.two, "gasPrice": hex(10**10)})["raw"]
    self.assertEqual(self.client.eth_getTransactionReceipt(self.client.eth_sendRawTransaction(legacy))["effectiveGasPrice"], hex(10**10))

  def test_an_altered_raw_transaction_is_never_its_senders(self):
    raw = bytes.fromhex(self.client.eth_signTransaction({"from": self.one, "to": self.two})["raw"][2:])
    for i in range(len(raw)):
      try:
        self.assertNotEqual(read(raw[:i] + bytes([raw[i] ^ 1]) + raw[i + 1:]).sender, self.one, i)
      except ValueError:
        pass

  def test_a_reorganisation_mines_again_keeps_waiting_or_forgets(self):
    address = self.deployed(COUNTER)
    receipt = self.client.send(self.one, address, b"")
    hash_before = receipt["blockHash"]
    self.assertEqual(self.client.tacdev_reorg(1), "0x3")
    again = self.client.eth_getTransactionReceipt(receipt["transactionHash"])
    self.assertNotEqual(again["blockHash"], hash_before)
    self.assertEqual(again["gasUsed"], receipt["gasUsed"])
    self.assertIsNone(self.client.eth_getBlockByHash(hash_before))
    self.client.tacdev_reorg(2, "pool")
    self.assertIsNone(self.client.eth_getTransactionReceipt(receipt["transactionHash"]))
    self.assertIsNone(self.client.eth_getTransactionByHash(receipt["transactionHash"])["blockHash"])
    self.assertEqual(self.client.eth_getTransactionCount(self.one), "0x1")
    self.assertEqual(self.client.eth_getTransactionCount(self.one, "pending"), "0x2")
    self.client.tacdev_mine()
    self.assertEqual(self.count(address), 1)
    self.client.tacdev_reorg(1, "drop")
    self.assertIsNone(self.client.eth_getTransactionByHash(receipt["transactionHash"]))
    self.assertEqual(self.count(address), 0)
    self.assertEqual(self.client.eth_getTransactionCount(self.one, "pending"), "0x1")

  def test_blocks_follow_one_another(self):
    self.client.tacdev_mine(3)
    blocks = [self.client.eth_getBlockByNumber(hex(i), False) for i in range(4)]
    for before, after in zip(blocks, blocks[1:]):
      self.assertEqual(after["parentHash"], before["hash"])
      self.assertLess(int(before["timestamp"], 16), int(after["timestamp"], 16))
      self.assertEqual(int(after["baseFeePerGas"], 16), int(before["baseFeePerGas"], 16) * 7 // 8)
    self.assertIsNone(self.client.eth_getBlockByNumber("0x4", False))
    history = self.client.eth_feeHistory("0x2", "latest", [50])
    self.assertEqual(history["oldestBlock"], "0x2")
    self.assertEqual(history["baseFeePerGas"][:2], [block["baseFeePerGas"] for block in blocks[2:]])
    self.assertEqual((len(history["baseFeePerGas"]), history["reward"]), (3, [["0x0"], ["0x0"]]))

  def test_time_passes_on_command(self):
    before = int(self.client.eth_getBlockByNumber("latest", False)["timestamp"], 16)
    self.client.tacdev_mine(1, 86400)
    self.assertGreaterEqual(int(self.client.eth_getBlockByNumber("latest", False)["timestamp"], 16), before + 86400)

  def test_methods_that_do_not_exist(self):
    for method in ("eth_mine", "answer", "_state", "eth__chainId", "", "__init__", "_ _init__"):
      self.assertEqual(self.refused("does not exist", method).code, -32601)
    self.assertEqual(self.refused("invalid argument", "eth_getBalance", "0x12").code, -32602)
    self.assertEqual(self.refused("invalid argument", "eth_getBalance").code, -32602)


class WaitingTests(DevchainTests):

  automine = False

  def send(self, **changed):
    return self.client.eth_sendTransaction({"from": self.one, "to": self.two, "gas": "0x5208"} | changed)

  def test_transactions_wait_in_order_of_their_nonces(self):
    late = self.send(nonce="0x1")
    self.client.tacdev_mine()
    self.assertIsNone(self.client.eth_getTransactionReceipt(late))
    self.assertEqual(self.client.eth_getTransactionCount(self.one, "pending"), "0x0")
    early = self.send()
    self.assertEqual(self.client.eth_getTransactionCount(self.one, "pending"), "0x2")
    self.client.tacdev_mine()
    self.assertEqual([self.client.eth_getTransactionReceipt(each)["transactionIndex"] for each in (early, late)], ["0x0", "0x1"])

  def test_a_replacement_pays_a_tenth_more(self):
    first = self.send(nonce="0x0", maxFeePerGas=hex(10**10), maxPriorityFeePerGas=hex(10**9))
    self.refused("replacement transaction underpriced", "eth_sendTransaction",
                 {"from": self.one, "to": self.two, "nonce": "0x0", "maxFeePerGas": hex(11 * 10**9), "maxPriorityFeePerGas": hex(10**9)})
    second = self.send(nonce="0x0", maxFeePerGas=hex(11 * 10**9), maxPriorityFeePerGas=hex(11 * 10**8))
    self.client.tacdev_mine()
    self.assertIsNone(self.client.eth_getTransactionByHash(first))
    self.assertEqual(self.client.eth_getTransactionReceipt(second)["status"], "0x1")

  def test_what_pays_less_than_the_base_fee_waits_until_that_has_fallen(self):
    digest = self.send(maxFeePerGas=hex(8 * 10**8), maxPriorityFeePerGas="0x0")
    self.client.tacdev_mine()
    self.assertIsNone(self.client.eth_getTransactionReceipt(digest))
    self.client.tacdev_mine(2)
    self.assertEqual(self.client.eth_getTransactionReceipt(digest)["status"], "0x1")

  def test_a_forgotten_transaction_can_be_sent_again(self):
    raw = self.client.eth_signTransaction({"from": self.one, "to": self.two})["raw"]
    digest = self.client.eth_sendRawTransaction(raw)
    self.refused("already known", "eth_sendRawTransaction", raw)
    self.assertTrue(self.client.tacdev_forget(digest))
    self.assertFalse(self.client.tacdev_forget(digest))
    self.assertEqual(self.client.eth_sendRawTransaction(raw), digest)


class FaultTests(DevchainTests):

  def fault(self, kind, method="eth_blockNumber", **more):
    self.client.tacdev_fault({"kind": kind, "method": method} | more)

  def test_a_dropped_call_has_no_effect_and_a_dropped_answer_has(self):
    call = {"from": self.one, "to": self.two}
    for when, count in (("before", "0x0"), ("after", "0x1")):
      self.fault("drop", "eth_sendTransaction", when=when)
      with self.assertRaises((OSError, http.client.HTTPException)):
        self.client.eth_sendTransaction(call)
      self.assertEqual(self.client.eth_getTransactionCount(self.one), count)

  def test_delays_errors_states_of_http_and_garbage(self):
    self.fault("delay", value=0.3)
    began = time.monotonic()
    self.client.eth_blockNumber()
    self.assertGreaterEqual(time.monotonic() - began, 0.3)
    self.fault("error", value="header not found")
    self.refused("header not found", "eth_blockNumber")
    self.fault("status", value=429)
    with self.assertRaises(urllib.error.HTTPError) as caught:
      self.client.eth_blockNumber()
    self.assertEqual(caught.exception.code, 429)
    caught.exception.close()
    self.fault("garbage", value=1000)
    with self.assertRaises(ValueError):
      self.client.eth_blockNumber()
    self.assertEqual(self.client.eth_blockNumber(), "0x0")

  def test_a_lie_about_a_receipt(self):
    receipt = self.client.send(self.one, self.two, b"")
    digest = receipt["transactionHash"]
    self.fault("lie", "eth_getTransactionReceipt", value={"status": "0x0"})
    self.fault("lie", "eth_getTransactionReceipt", skip=1)
    self.assertEqual(self.client.eth_getTransactionReceipt(digest), receipt | {"status": "0x0"})
    self.assertIsNone(self.client.eth_getTransactionReceipt(digest))
    self.assertEqual(self.client.eth_getTransactionReceipt(digest), receipt)

  def test_faults_last_until_they_are_cleared(self):
    self.fault("error", "*", count=0)
    for _ in range(3):
      self.refused("internal error", "eth_chainId")
    self.client.tacdev_clearFaults()
    self.assertEqual(self.client.eth_chainId(), hex(31337))
    self.refused("a fault is one of", "tacdev_fault", {"kind": "fire"})


class EncodingTests(unittest.TestCase):

  def test_rlp_of_the_specification(self):
    for item, encoded in ((b"dog", "83646f67"), ([b"cat", b"dog"], "c88363617483646f67"), (b"", "80"), (0, "80"), (b"\0", "00"),
                          (15, "0f"), (1024, "820400"), ([[], [[]], [[], [[]]]], "c7c0c1c0c3c0c1c0")):
      self.assertEqual(rlp(item).hex(), encoded)
    self.assertEqual(unrlp(rlp([b"cat", [b"x" * 60], b""])), [b"cat", [b"x" * 60], b""])
    for encoded in ("8100", "b80161", "83646f", "c88363617483646f6700", "", "c183"):
      with self.assertRaises(EncodingError):
        unrlp(bytes.fromhex(encoded))

  def test_the_transaction_of_eip_155(self):
    raw = bytes.fromhex("f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe5375"
                        "67866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83")
    transaction = read(raw)
    self.assertEqual(transaction.sender, secp256k1.address(int("46" * 32, 16)))
    self.assertEqual(transaction.sender, "0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f")
    self.assertEqual(transaction.signed(int("46" * 32, 16)).raw, raw)


if __name__ == "__main__":
  unittest.main()
