"""Gas and bytes of calls for networks of the reach table: `python -m tests.gas POWERS [--write]`, against gas.json."""

import json
import os
import struct
import sys
from pathlib import Path

from . import evm

CIRCUITS = evm.ROOT / "Circuits"
# Networks that are not in the repository lie in a folder of MLPerf Tiny's files and their inputs, where there is one.
OTHERS = Path(os.environ.get("TACIT_MODELS", "/nonexistent"))
FILE = evm.ROOT / "Contracts" / "gas.json"
# What the design asks for; a figure above it is told with what binds.
REACH = {"digits-mlp": 460_000, "lenet5": 780_000, "kws": 1_000_000, "resnet8": 1_000_000, "vww": 2_000_000}


def circuit(folder, model, calibrated=False):
  """A network of the repository: what compiles it, and an input."""
  place = CIRCUITS / folder
  return [place / model] + (["--calibrate", place / "calibration.npy"] if calibrated else []), place / "input.npy", []


NETWORKS = {
  "digits-mlp": circuit("digits-mlp", "model-int8-qdq.onnx"), "lenet5": circuit("lenet5", "model.onnx", True),
  "ds-cnn": circuit("ds-cnn", "model-int8-qdq.onnx"), "resnet": circuit("resnet", "model-int8-qoperator.onnx"),
  "ecg": circuit("ecg", "model-int8-qdq.onnx"), "detector": circuit("detector", "model.onnx", True),
}
for name, file, shape, options in (
    ("kws", "kws_ref_model", (1, 49, 10, 1), []), ("resnet8", "pretrainedResnet_quant", (1, 32, 32, 3), []),
    ("vww", "vww_96_int8", (1, 96, 96, 3), ["--input", "committed"])):
  NETWORKS[name] = [OTHERS / "mlperf_tiny" / f"{file}.tflite", *options], (OTHERS / "golden" / f"{file}.input.i8", shape), ["--as", "integers"]


def array(path, shape, out):
  """The first of the inputs of a file of bytes, as NumPy has it."""
  size = 1
  for extent in shape:
    size *= extent
  head = f"{{'descr': '|i1', 'fortran_order': False, 'shape': {shape}, }}"
  head += " " * (63 - (10 + len(head)) % 64) + "\n"
  out.write_bytes(b"\x93NUMPY\x01\0" + struct.pack("<H", len(head)) + head.encode() + path.read_bytes()[:size])
  return out


def measured(chain, name, powers):
  """One proof of a network: its gas, what a transaction costs at least, and bytes."""
  compiled, given, options = NETWORKS[name]
  files = evm.Files()
  path = files.path("a")
  evm.made("compile", *compiled, "--for", "chain", "--srs", powers, "-o", path)
  if isinstance(given, tuple):
    given = array(*given, files.path("a.npy"))
  evm.made("prove", f"{path}.prover", given, *options, "--srs", powers, "--context", "0x" + evm.CONTEXT.hex(), "-o", f"{path}.proof")
  model = evm.Model(chain, Path(f"{path}.verifier").read_bytes())
  data = model.call(Path(f"{path}.proof").read_bytes())
  out, execution = chain.call(data)
  assert out == evm.word(1), name
  floor, next_floor = evm.floors(data)
  return {"gas": evm.INTRINSIC + evm.calldata_gas(data) + execution, "execution": execution, "calldata": evm.calldata_gas(data),
          "floor_eip7623": floor, "floor_eip7976": next_floor, "call_bytes": len(data), "blob_bytes": len(model.blob)}


def main(arguments):
  chain, powers, worse = evm.Chain(), Path(arguments[0]).resolve(), []
  known = json.loads(FILE.read_text()) if FILE.exists() else {}
  for name in NETWORKS:
    if not NETWORKS[name][0][0].exists():
      print(f"gas: {name} is not measured, as its file is not there")
      continue
    found = measured(chain, name, powers)
    reach = f", of {REACH[name]:,}" if name in REACH else ""
    print(f"{name:11} {found['gas']:,} gas{reach}; floors {found['floor_eip7623']:,} and {found['floor_eip7976']:,}; {found['call_bytes']:,} bytes", flush=True)
    for part in ("gas", "call_bytes", "blob_bytes"):
      # A proof's bytes that are 0 differ from one to the next.
      if name in known and found[part] > known[name][part] * 1.005:
        worse.append(f"{name}: {part} {found[part]:,}, was {known[name][part]:,}")
    known[name] = found
  if "--write" in arguments:
    FILE.write_text(json.dumps(known, indent=2) + "\n")
  elif worse:
    sys.exit("\n".join(worse))


if __name__ == "__main__":
  main(sys.argv[1:])
