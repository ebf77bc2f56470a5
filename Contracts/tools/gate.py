"""Compiles the contracts that are written in Vyper: `python3 -m tools.gate` in Contracts, with `--check` against what is committed."""

import json
import sys
from pathlib import Path

from vyper.cli.vyper_compile import compile_files
from vyper.compiler.settings import OptimizationLevel, Settings

FOLDER = Path(__file__).resolve().parent.parent / "gate"
NAMES = ("TacitGate", "TacitAttest", "TacitProofVerifier", "TacitInferenceVerifier")


def compiled(path, root=FOLDER):
  """The code that creates a contract, without its arguments, and its ABI."""
  settings = Settings(optimize=OptimizationLevel.GAS, evm_version="cancun")
  (outputs,) = compile_files([path], ["bytecode", "abi"], paths=[root], settings=settings).values()
  return bytes.fromhex(outputs["bytecode"][2:]), outputs["abi"]


def files(name):
  """What is committed of a contract: its code and its ABI as text."""
  code, abi = compiled(FOLDER / f"{name}.vy")
  lines = ",\n".join("  " + json.dumps(entry, sort_keys=True) for entry in abi)
  return {f"{name}.hex": code.hex() + "\n", f"{name}.json": f"[\n{lines}\n]\n"}


def main(arguments):
  for name in NAMES:
    for file, text in files(name).items():
      path = FOLDER / "compiled" / file
      if arguments != ["--check"]:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        print(f"{file}: {len(text) // 2 if file.endswith('.hex') else len(text)} bytes")
      elif path.read_text() != text:
        sys.exit(f"{file} is not what the source makes")
  return 0


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
