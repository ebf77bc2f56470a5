"""An EVM with the verifier in it, what a call of it costs, and the command that makes blobs and calls."""

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from pyrevm import EVM

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Verifiers" / "python"))

from tacit_verifier import curve  # noqa: E402
from tacit_verifier.keccak import keccak256  # noqa: E402
from tools import build, yul  # noqa: E402

# The tests of the second verifier are a package of the same name as these.
folder = ROOT / "Verifiers" / "python" / "tests"
spec = importlib.util.spec_from_file_location("tests_of_verifier", folder / "__init__.py", submodule_search_locations=[str(folder)])
sys.modules["tests_of_verifier"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["tests_of_verifier"])

SENDER = "0x" + "11" * 20
CONTEXT = bytes(31) + b"\7"
TACIT = os.environ.get("TACIT", str(ROOT / ".build" / "release" / "tacit"))
INTRINSIC = 21_000


def quotients_q():
  """The modulus of coordinates."""
  return curve.Q



def word(value):
  """A word of the ABI."""
  return value.to_bytes(32, "big")


class Chain:
  """A chain with the verifier, or another contract, and blobs."""

  def __init__(self, code=None):
    self.evm = EVM(spec_id="PRAGUE")
    self.evm.set_balance(SENDER, 10 ** 30)
    self.verifier = self.deploy(code or bytes.fromhex((build.FOLDER / "verifier.hex").read_text()))

  def deploy(self, code):
    """The address of a contract of this code."""
    return self.evm.deploy(SENDER, yul.creation(code))

  def call(self, data, gas=None):
    """What a call answers, and the gas of its execution."""
    out = bytes(self.evm.message_call(SENDER, self.verifier, calldata=data, **({"gas": gas} if gas else {})))
    return out, self.evm.result.gas_used - INTRINSIC - calldata_gas(data)

  def verdict(self, data):
    """Whether the contract accepts a call; it says so in one word, or false in one word, and never reverts."""
    out, _ = self.call(data)
    assert out in (word(0), word(1)), out.hex()
    return out == word(1)


def tokens(data):
  """Bytes as EIP-7623 counts them."""
  return sum(1 if byte == 0 else 4 for byte in data)


def calldata_gas(data):
  """4 for each byte that is 0, 16 for another."""
  return 4 * tokens(data)


def floors(data):
  """What a transaction of this call costs at least, by EIP-7623 and by EIP-7976."""
  return INTRINSIC + 10 * tokens(data), INTRINSIC + 64 * len(data)


def tacit(*words):
  """Runs the command; gives its status and what it printed."""
  result = subprocess.run([TACIT, *map(str, words)], capture_output=True, text=True)
  return result.returncode, result.stdout + result.stderr


def made(*words):
  """Runs the command, which has to do it."""
  status, output = tacit(*words)
  assert status == 0, output
  return output


class Files:
  """A folder for a key and proofs."""

  def __init__(self):
    self.folder = tempfile.TemporaryDirectory()

  def path(self, name, data=None):
    path = Path(self.folder.name) / name
    if data is not None:
      path.write_bytes(data)
    return path


class Model:
  """A key's blob on a chain, and calls of proofs."""

  def __init__(self, chain, key, inferences=1):
    self.chain, self.files = chain, Files()
    self.key = self.files.path("a.verifier", key)
    blob = self.files.path("a.tacitevm")
    made("export", "evm", self.key, "-o", blob, "--inferences", inferences)
    self.blob = blob.read_bytes()
    self.id = keccak256(self.blob)
    self.address = chain.deploy(self.blob)

  def call(self, proof):
    """The call for a proof's file."""
    out = self.files.path("a.calldata")
    made("export", "calldata", self.key, self.files.path("a.proof", proof), "--blob", self.address, "-o", out, "--force")
    return out.read_bytes()


def parts(data):
  """Head, statement and proof of a call."""
  size = int.from_bytes(data[0xA4:0xC4], "big")
  at = 0xC4 + -(-size // 32) * 32 + 32
  return data[:0xA4], data[0xC4:0xC4 + size], data[at:]


def joined(head, statement, proof):
  """A call of these parts, with lengths and offsets that fit."""
  padded = statement + bytes(-len(statement) % 32)
  return head[:0x84] + word(0xC0 + len(padded)) + word(len(statement)) + padded + word(len(proof)) + proof
