"""Would a test notice if a check were not there? `python -m tests.mutants [WORD]` in Contracts leaves each out in turn; some minutes.

Each line is a file of the contracts in Vyper, what stands there, and what is put in its place.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.gate import FOLDER

GATE, INFERENCE, ATTEST = "TacitGate", "inference", "TacitAttest"
PROOF, ERC = "TacitProofVerifier", "TacitInferenceVerifier"
GONE = "pass"
TESTS = {GATE: ["tests.test_gate"], ATTEST: ["tests.test_attest"], PROOF: ["tests.test_adapters.ProofVerifierTests"],
         ERC: ["tests.test_adapters.InferenceVerifierTests"], INFERENCE: ["tests.test_gate"]}
MUTANTS = [
  (INFERENCE, 'assert msg.gas > model.gas + model.gas // 32 + 30000, "too little gas"', GONE),
  (INFERENCE, " + model.gas // 32 + 30000", ""),
  (INFERENCE, "gas=model.gas,", "gas=msg.gas,"),
  # The compiler demands a static call of a function that only looks.
  (INFERENCE, "@view\n@internal\ndef proven(", "@internal\ndef proven("),
  (INFERENCE, "if not success or len(answer) != 32:", "if len(answer) != 32:"),
  (INFERENCE, "if not success or len(answer) != 32:", "if not success or len(answer) < 32:"),
  (INFERENCE, "if not success or len(answer) != 32:", "if not success or len(answer) > 32:"),
  (INFERENCE, "extract32(answer, 0) == convert(1, bytes32)", "extract32(answer, 0) != empty(bytes32)"),
  (INFERENCE, "abi_encode(model.key, model_id, context,", "abi_encode(model.key, model_id, empty(bytes32),"),
  (INFERENCE, "concat(slice(statement, 0, model.output_at), slice(", "concat(b'', slice("),
  (GATE, 'assert verifier_.is_contract, "no verifier"', GONE),
  (GATE, 'assert owner_ != empty(address), "no owner"', GONE),
  (GATE, "wait_ >= MIN_WAIT and ", ""),
  (GATE, " and wait_ <= MAX_WAIT", ""),
  (GATE, 'assert key.codehash == model_id, "key"', GONE),
  (GATE, "output_at <= inference.MAX_STATEMENT and ", ""),
  (GATE, " and output_size <= inference.MAX_STATEMENT", ""),
  (GATE, "gas_limit > 0 and ", ""),
  (GATE, " and gas_limit <= MAX_GAS", ""),
  (GATE, "ready: uint256 = block.timestamp + wait\n", "ready: uint256 = block.timestamp + MIN_WAIT\n"),
  (GATE, 'assert self.proposals[digest] != 0, "not proposed"', GONE),
  (GATE, 'assert self.proposals[digest] != 0, "not proposed"\n  self.proposals[digest] = 0', GONE),
  (GATE, 'assert ready != 0, "not proposed"', GONE),
  (GATE, 'assert block.timestamp >= ready, "too early"', GONE),
  (GATE, 'assert block.timestamp <= ready + GRACE, "lapsed"', GONE),
  (GATE, 'assert block.timestamp <= ready + GRACE, "lapsed"\n  self.proposals[digest] = 0', GONE),
  (GATE, 'assert self.packed[model_id] != 0, "not allowed"', GONE),
  (GATE, "self.packed[model_id] = 0", GONE),
  (GATE, 'assert msg.sender == user or self.relayers[user][msg.sender], "not the user\'s relayer"', GONE),
  (GATE, "msg.sender == user or self.relayers[user][msg.sender]", "msg.sender == user"),
  (GATE, "msg.sender == user or self.relayers[user][msg.sender]", "msg.sender == user or self.relayers[msg.sender][user]"),
  (GATE, 'assert block.timestamp <= expiry, "expired"', GONE),
  (GATE, "block.timestamp <= expiry", "block.timestamp < expiry"),
  (GATE, 'assert allowed.key != empty(address), "model not allowed"', GONE),
  (GATE, 'assert inference.holds_outputs(allowed, statement), "statement"', GONE),
  (GATE, "self.nonces[user] = nonce + 1", GONE),
  (GATE, 'assert inference.proven(verifier, model_id, allowed, context, statement, proof), "not proven"', GONE),
  (GATE, "self.nonces[msg.sender] += 1", GONE),
  (GATE, "self.relayers[msg.sender][relayer] = allowed", "self.relayers[msg.sender][relayer] = True"),
  (GATE, 'assert msg.sender == self.candidate, "not offered"', GONE),
  (GATE, "self.candidate = empty(address)", GONE),
  (GATE, 'assert msg.sender == self.owner, "not the owner"', GONE),
  (GATE, "abi_encode(chain.id, self, user, nonce, expiry)", "abi_encode(convert(31337, uint256), self, user, nonce, expiry)"),
  (GATE, "abi_encode(chain.id, self, user, nonce, expiry)", "abi_encode(chain.id, user, nonce, expiry)"),
  (GATE, "abi_encode(chain.id, self, user, nonce, expiry)", "abi_encode(chain.id, self, nonce, expiry)"),
  (GATE, "abi_encode(chain.id, self, user, nonce, expiry)", "abi_encode(chain.id, self, user, expiry)"),
  (GATE, "abi_encode(chain.id, self, user, nonce, expiry)", "abi_encode(chain.id, self, user, nonce)"),
  *((GATE, "abi_encode(model_id, key, output_at, output_size, gas_limit)", "abi_encode(" + words + ")")
    for words in ("key, output_at, output_size, gas_limit", "model_id, output_at, output_size, gas_limit",
                  "model_id, key, output_size, gas_limit", "model_id, key, output_at, gas_limit", "model_id, key, output_at, output_size")),
  (ATTEST, "threshold_ > 0 and ", ""),
  (ATTEST, " and threshold_ <= len(attesters_)", ""),
  (ATTEST, 'assert convert(attester, uint256) > last, "order"', GONE),
  (ATTEST, "convert(attester, uint256) > last", "convert(attester, uint256) >= last"),
  (ATTEST, "count > 0 and ", ""),
  (ATTEST, " and count <= MAX_COUNT", ""),
  (ATTEST, 'assert self.batches[model_id][epoch].count == 0, "epoch taken"', GONE),
  (ATTEST, 'assert len(signatures) >= threshold, "too few"', GONE),
  (ATTEST, "len(signatures) >= threshold", "len(signatures) + 1 >= threshold"),
  (ATTEST, 'assert convert(signature.s, uint256) <= MAX_S, "high s"', GONE),
  (ATTEST, 'assert self.isAttester[signer], "not an attester"', GONE),
  (ATTEST, 'assert convert(signer, uint256) > last, "order"', GONE),
  (ATTEST, "convert(signer, uint256) > last", "convert(signer, uint256) >= last"),
  (ATTEST, "abi_encode(DOMAIN_TYPE, NAME, VERSION, chain.id, self)", "abi_encode(DOMAIN_TYPE, NAME, VERSION, convert(31337, uint256), self)"),
  (ATTEST, "abi_encode(DOMAIN_TYPE, NAME, VERSION, chain.id, self)", "abi_encode(DOMAIN_TYPE, NAME, VERSION, chain.id)"),
  *((ATTEST, "abi_encode(BATCH_TYPE, model_id, root, count, epoch)", "abi_encode(BATCH_TYPE, " + words + ")")
    for words in ("root, count, epoch", "model_id, count, epoch", "model_id, root, epoch", "model_id, root, count")),
  (ATTEST, "index >= batch.count or ", ""),
  (ATTEST, " or len(path) != self._depth(batch.count)", ""),
  (ATTEST, "(1 << depth) >= count", "(1 << depth) > count"),
  (ATTEST, 'NODE: constant(Bytes[1]) = b"\\x01"', 'NODE: constant(Bytes[1]) = b"\\x00"'),
  (ATTEST, "concat(LEAF, context, statement_hash)", "concat(LEAF, statement_hash)"),
  (ATTEST, "concat(LEAF, context, statement_hash)", "concat(LEAF, context)"),
  (ATTEST, "if place & 1 == 0:", "if True:"),
  (ATTEST, "place = place >> 1", GONE),
  (PROOF, 'assert gate_.is_contract, "no gate"', GONE),
  (PROOF, "if len(metadata) < 32:\n    return False", GONE),
  (PROOF, "if model.key == empty(address):\n    return False", GONE),
  (PROOF, "if not inference.holds_outputs(model, statement):\n    return False", GONE),
  (PROOF, "inference.input_hash(model, statement) != inputHash or ", ""),
  (PROOF, " or inference.output_hash(model, statement) != outputHash", ""),
  (PROOF, "return inference.proven(staticcall Gate(gate).verifier(), modelId, model, context, statement, proof)", "return True"),
  (PROOF, "abi_encode(chain.id, staticcall Gate(gate).verifier(), modelId)", "abi_encode(staticcall Gate(gate).verifier(), modelId)"),
  (PROOF, " or interfaceId == 0x86761e49", ""),
  (ERC, 'assert gate_.is_contract, "no gate"', GONE),
  (ERC, "if model.key == empty(address):", "if False:"),
  (ERC, "if len(output) != model.output_size:", "if False:"),
  (ERC, "if self._commit(context, keccak256(inputs)) != inputCommitment:", "if False:"),
  (ERC, "if model.output_at > len(inputs):", "if False:"),
  (ERC, "if not inference.proven(", "if not True and not inference.proven("),
  (ERC, "abi_encode(INPUT_TAG, context, input_hash)", "abi_encode(INPUT_TAG, input_hash)"),
  (ERC, "abi_encode(INPUT_TAG, context, input_hash)", "abi_encode(context, input_hash)"),
  (ERC, " or interfaceId == 0x5df65472", ""),
]


def main(words):
  survived = 0
  chosen = [each for each in MUTANTS if not words or any(word in " ".join(each) for word in words)]
  for name, old, new in chosen:
    with tempfile.TemporaryDirectory() as folder:
      sources = Path(folder) / "gate"
      shutil.copytree(FOLDER, sources)
      path = sources / f"{name}.vy"
      text = path.read_text()
      if text.count(old) != 1:
        sys.exit(f"{name}: not there once: {old}")
      text = text.replace(old, new)
      path.write_text(text.replace("is_static_call=True,", "is_static_call=False,") if "def proven(" in new else text)
      run = subprocess.run([sys.executable, "-m", "unittest", "-f", *TESTS[name]], capture_output=True, text=True, check=False,
                           env=os.environ | {"TACIT_CONTRACT_SOURCES": str(sources)})
    lines = run.stderr.splitlines()
    noticed = next((line for line in lines if line.startswith(("FAIL:", "ERROR:"))), "")
    if "vyper.exceptions" in run.stderr:
      sys.exit(f"{name}: does not compile without: {old}\n{run.stderr[-1500:]}")
    survived += not run.returncode
    print(f"{name}: {old.splitlines()[-1][:90]!r} → {new[:60]!r}: {noticed or 'NOT NOTICED'}", flush=True)
  print(f"{len(chosen)} left out, {survived} not noticed")
  return 1 if survived or not chosen else 0


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
