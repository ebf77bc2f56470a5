"""How many networks of a folder `tacit inspect` accepts, by repository, and why it refuses the others.

    collection.py TACIT FOLDER

FOLDER holds clones of the repositories of docs/public-networks.md, one folder each. Counted are .onnx and .tflite files
of 1 kB to 8 MB, each content once.
"""

import collections
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

SIZES = range(1_000, 8_000_000)
# With fewer nodes a file is a test of one operator more often than a network.
SMALLEST = 4


def files(folder):
  """(repository, path), each content once."""
  seen = set()
  for repository in sorted(p for p in folder.iterdir() if p.is_dir()):
    for path in sorted(repository.rglob("*")):
      if path.suffix not in (".onnx", ".tflite") or not path.is_file():
        continue
      if path.stat().st_size not in SIZES:
        continue
      content = path.read_bytes()
      digest = hashlib.sha256(content).digest()
      # Git LFS leaves a few lines in the place of a file.
      if digest not in seen and not content.startswith(b"version https://git-lfs"):
        seen.add(digest)
        yield repository.name, path


def inspected(program, path):
  """Whether it is accepted, how many nodes it has, and the reasons against it."""
  try:
    done = subprocess.run(
      [program, "inspect", str(path), "--json"], capture_output=True, text=True, errors="replace", timeout=60)
    found = json.loads(done.stdout)
  except (subprocess.TimeoutExpired, json.JSONDecodeError):
    return False, 0, ["no answer"]
  nodes = found.get("nodes")
  reasons = {(p.get("operator", ""), re.sub(r'"[^"]*"', "it", p.get("what", ""))) for p in found.get("problems", [])}
  return done.returncode == 0, len(nodes) if isinstance(nodes, list) else 0, sorted(map(": ".join, reasons))


def main(program, folder):
  rows, reasons = collections.defaultdict(lambda: [0, 0, 0, 0]), collections.Counter()
  for repository, path in files(Path(folder)):
    accepted, nodes, why = inspected(program, path)
    row = rows[repository]
    row[0] += 1
    row[1] += accepted
    if nodes >= SMALLEST:
      row[2] += 1
      row[3] += accepted
    if not accepted:
      reasons.update(why)
  rows["all"] = [sum(column) for column in zip(*rows.values())]
  print(f"{'repository':44}{'files':>8}{'accepted':>10}{f'>= {SMALLEST} nodes':>12}{'accepted':>10}")
  for name, row in rows.items():
    print(f"{name:44}{row[0]:>8}{row[1]:>10}{row[2]:>12}{row[3]:>10}")
  print()
  for reason, count in reasons.most_common(30):
    print(f"{count:>6}  {reason[:110]}")


if __name__ == "__main__":
  main(*sys.argv[1:])
