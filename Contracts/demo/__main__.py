"""`python -m demo TACIT`: proves a digit for a context that a contract asks for, and has it verified on a chain.

The chain is the one for tests; everything else is what a user would do. Exits with 1 where anything is accepted or refused that
should not be.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from devchain.abi import Interface
from devchain.client import Client, RemoteError
from devchain.encoding import data, keccak
from devchain.server import Server
from devchain.state import revert_reason

CONTRACTS = Path(__file__).resolve().parent.parent
ROOT = CONTRACTS.parent
POWERS = ROOT / "Tests/Vectors/ceremony/challenge-85-2048.point"
MODEL = ROOT / "Circuits/digits-mlp"
DAY = 86400
GAS_LIMIT = 1_500_000
VERIFIER = Interface([{
  "type": "function", "name": "verify", "outputs": [{"type": "bool"}],
  "inputs": [{"type": each} for each in ("address", "bytes32", "bytes32", "bytes", "bytes")],
}])


class Unexpected(Exception):
  """What ends the demonstration with 1."""


def expect(condition, words):
  if not condition:
    raise Unexpected(words)


class Tacit:
  """The command, in a folder of its own."""

  def __init__(self, program, folder):
    self.program, self.folder = str(Path(program).resolve()), folder

  def __call__(self, *arguments):
    run = subprocess.run([self.program, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True, check=False)
    expect(run.returncode == 0, f"tacit {' '.join(map(str, arguments))}:\n{run.stdout}{run.stderr}")
    return run.stdout

  def json(self, *arguments):
    return json.loads(self(*arguments, "--json"))


class Account:
  """An account that deploys and calls."""

  def __init__(self, client, address):
    self.client, self.address = client, address

  def deploy(self, creation):
    receipt = self.client.send(self.address, None, creation)
    expect(receipt["status"] == "0x1", "a contract could not be deployed")
    return receipt["contractAddress"], int(receipt["gasUsed"], 16)

  def deploy_code(self, code):
    """A contract of exactly these bytes."""
    return self.deploy(b"\x61" + len(code).to_bytes(2, "big") + bytes.fromhex("80600a5f395ff3") + code)

  def send(self, to, call):
    """The receipt of a transaction that succeeds."""
    receipt = self.client.send(self.address, to, call)
    expect(receipt["status"] == "0x1", f"a call of {to} failed")
    return receipt

  def call(self, to, call):
    return bytes.fromhex(self.client.eth_call({"from": self.address, "to": to, "data": data(call)})[2:])

  def refused(self, to, call):
    """The words with which a contract refuses a call; a transaction with it fails too."""
    try:
      self.call(to, call)
    except RemoteError as error:
      receipt = self.client.send(self.address, to, call, gas=5_000_000)
      expect(receipt["status"] == "0x0", "a transaction succeeded that a call of the same did not")
      return revert_reason(bytes.fromhex(error.data[2:]))
    raise Unexpected("accepted what should be refused")


def outputs_of(tacit, key):
  """Where the public outputs stand in a statement, behind the public inputs, and their size in bytes."""
  shown = tacit.json("inspect", key)
  sizes = {"int8": 1, "uint8": 1, "int16": 2, "int32": 4}

  def size(ports):
    total = 0
    for port in ports:
      if port["visibility"] == "public":
        count = 1
        for extent in port["shape"]:
          count *= extent
        total += count * sizes[port["type"]]
    return total

  return size(shown["inputs"]), size(shown["outputs"])


def flipped(bytes_, i):
  return bytes_[:i] + bytes([bytes_[i] ^ 1]) + bytes_[i + 1:]


def show(words):
  print(words, flush=True)


def demonstrate(client, tacit):
  owner, user = (Account(client, address) for address in client.eth_accounts()[:2])

  tacit("srs", POWERS, "-o", "powers.srs")
  tacit("compile", MODEL / "model-int8-qdq.onnx", "-o", "digits", "--for", "chain", "--srs", "powers.srs")
  exported = tacit.json("export", "evm", "digits.verifier", "-o", "digits.tacitevm")
  blob = (tacit.folder / "digits.tacitevm").read_bytes()
  model_id = keccak(blob)
  expect(data(model_id) == exported["chain_model_id"], "the model id is the digest of the blob")

  verifier, gas = owner.deploy_code(bytes.fromhex((CONTRACTS / "verifier/verifier.hex").read_text()))
  show(f"verifier   {verifier}, {gas:,} gas, once for all models")
  key, gas = owner.deploy_code(blob)
  show(f"digits-mlp {key}, {len(blob):,} bytes, {gas:,} gas, once")
  compiled = CONTRACTS / "gate/compiled"
  gate_abi = Interface(json.loads((compiled / "TacitGate.json").read_text()))
  arguments = bytes.fromhex(verifier[2:]).rjust(32, b"\0") + bytes.fromhex(owner.address[2:]).rjust(32, b"\0") + DAY.to_bytes(32, "big")
  gate, gas = owner.deploy(bytes.fromhex((compiled / "TacitGate.hex").read_text()) + arguments)
  show(f"gate       {gate}, {gas:,} gas")

  entry = (model_id, key, *outputs_of(tacit, "digits.verifier"), GAS_LIMIT)
  owner.send(gate, gate_abi.call("propose", *entry))
  expect(owner.refused(gate, gate_abi.call("enact", *entry)) == "too early", "the time lock holds")
  client.tacdev_mine(1, DAY)
  owner.send(gate, gate_abi.call("enact", *entry))
  show("allowed    after a day of waiting")

  at, size = entry[2:4]
  expiry = int(client.eth_getBlockByNumber("latest", False)["timestamp"], 16) + DAY
  context = user.call(gate, gate_abi.call("context", user.address, expiry))
  began = time.monotonic()
  tacit("prove", "digits.prover", MODEL / "input.npy", "-o", "digits.proof", "--context", data(context), "--srs", "powers.srs")
  show(f"proven     in {time.monotonic() - began:.2f} s for the context {data(context)[:18]}…")
  call = tacit.json("export", "calldata", "digits.verifier", "digits.proof", "--blob", key, "-o", "digits.calldata")
  expect(bytes.fromhex(call["context"][2:]) == context, "the proof has the context that the gate asked for")
  statement, proof = (bytes.fromhex(call[name][2:]) for name in ("statement", "proof"))
  direct = VERIFIER.call("verify", key, model_id, context, statement, proof)
  expect(direct == (tacit.folder / "digits.calldata").read_bytes(), "the call is the one that was exported")

  expect(VERIFIER.result("verify", user.call(verifier, direct)) is True, "the verifier accepts the proof")
  show(f"verified on chain: {int(user.send(verifier, direct)['gasUsed'], 16):,} gas")

  # A bit of the proof, the last bit of its last point, and the last of the network's outputs.
  for what, changed in (("proof", (statement, flipped(proof, len(proof) // 2))), ("proof", (statement, flipped(proof, len(proof) - 1))),
                        ("statement", (flipped(statement, at + size - 1), proof))):
    expect(VERIFIER.result("verify", user.call(verifier, VERIFIER.call("verify", key, model_id, context, *changed))) is False,
           f"the verifier refuses a tampered {what}")
    words = user.refused(gate, gate_abi.call("infer", user.address, model_id, expiry, *changed))
    expect(words == "not proven", f"the gate refuses a tampered {what}")
    show(f"tampered {what} refused: {words}")

  infer = gate_abi.call("infer", user.address, model_id, expiry, statement, proof)
  receipt = user.send(gate, infer)
  (log,) = receipt["logs"]
  name, event = gate_abi.event(log["topics"], bytes.fromhex(log["data"][2:]))
  outputs = statement[at:at + size]
  expect(name == "Inference" and event["context"] == context and event["outputHash"] == keccak(outputs), "the gate logs the inference")
  scores = [byte - 256 if byte > 127 else byte for byte in outputs]
  show(f"taken by the gate: {int(receipt['gasUsed'], 16):,} gas; the digit is a {scores.index(max(scores))}")
  words = user.refused(gate, infer)
  expect(words == "not proven", "the gate refuses a replay")
  show(f"replay refused: {words}")


def main(arguments):
  if len(arguments) != 1:
    sys.exit("usage: python -m demo TACIT")
  server = Server()
  threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
  with tempfile.TemporaryDirectory() as folder:
    try:
      demonstrate(Client(server.url), Tacit(arguments[0], Path(folder)))
    except Unexpected as error:
      print(f"demo-chain: {error}", file=sys.stderr)
      return 1
    finally:
      server.shutdown()
      server.server_close()
  return 0


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
