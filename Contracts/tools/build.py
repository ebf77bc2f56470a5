"""Builds the contracts that are written in Yul: `python3 -m tools.build` in Contracts, with `--check` against what is committed."""

import sys
from pathlib import Path

from . import yul

FOLDER = Path(__file__).resolve().parent.parent / "verifier"
PARTS = ("constants", "memory", "field", "transcript", "header", "sumcheck", "lookups", "relations", "ports", "claims", "program", "opening",
         "group", "verifier")


def source():
  """All parts, one after another."""
  return "\n".join((FOLDER / f"{part}.yul").read_text() for part in PARTS)


def verifier():
  """The code of the verifier as it is deployed."""
  return yul.compiled(source())


def standard(code):
  """The whole as an object for other compilers of Yul."""
  body = "\n".join("      " + line if line else "" for line in code.splitlines())
  return ('object "TacitVerifier" {\n  code {\n    datacopy(0, dataoffset("runtime"), datasize("runtime"))\n    return(0, datasize("runtime"))\n  }\n'
          f'  object "runtime" {{\n    code {{\n{body}\n    }}\n  }}\n}}\n')


def main(arguments):
  if arguments == ["--yul"]:
    sys.stdout.write(standard(source()))
    return 0
  path, text = FOLDER / "verifier.hex", verifier().hex() + "\n"
  if arguments == ["--check"]:
    if path.read_text() != text:
      sys.exit(f"{path.name} is not what the source makes")
    return 0
  path.write_text(text)
  print(f"{path.name}: {len(text) // 2} bytes of code")
  return 0


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
