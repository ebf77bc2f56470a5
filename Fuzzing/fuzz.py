"""Coverage-guided fuzzing of every reader, with counts that add up over runs.

  python3 Fuzzing/fuzz.py seed TACIT          makes Fuzzing/Corpus anew from files of the repository
  python3 Fuzzing/fuzz.py run FUZZ [SECONDS]  runs each target so long, and adds to Fuzzing/counts.json

Standard library only. What a run finds beside the corpus stays in .build/fuzzing, where the next run goes on;
what crashed, hung or swelled is written there as crash-*, timeout-* and oom-*.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CORPUS, COUNTS = HERE / "Corpus", HERE / "counts.json"
FOUND = ROOT / ".build" / "fuzzing"
TARGETS = [
  "onnx", "tflite", "npy", "npz", "json", "csv", "prover-key", "verifier-key", "proof",
  "key-proof", "opening", "reveal"]
# Of one input: bytes, seconds, megabytes.
LARGEST, SLOWEST, MEMORY = 8192, 10, 1024
# Seeds of a target, and bytes of one.
MOST_SEEDS, MOST_BYTES = 40, 4096


def seed(tacit):
  """Small files of every kind: what the repository's tests have, and what the program writes of a small network."""
  shutil.rmtree(CORPUS, ignore_errors=True)
  vectors = ROOT / "Tests" / "Vectors"
  taken = {
    "onnx": sorted(vectors.glob("**/*.onnx")), "tflite": sorted(vectors.glob("**/*.tflite")),
    "npy": sorted(vectors.glob("**/*.npy")), "npz": sorted(vectors.glob("**/*.npz")),
  }
  for name, paths in taken.items():
    small = [path.read_bytes() for path in paths if path.stat().st_size <= MOST_BYTES]
    step = max(1, len(small) // MOST_SEEDS)
    for place, data in enumerate(small[::step][:MOST_SEEDS]):
      write(name, place, data)
  texts = {
    "json": [
      "[1, 2.5, -3e2]", "[[1, 2], [3, 4]]", '{"a": [1], "b": [[true, false]]}', "7", '{"x": 1e400}',
      '{"\\u00e9\\n": [0.1]}', "[]", "[[], []]"],
    "csv": ["1,2,3\n4,5,6\n", "a,b\n1,-2.5\n", "1;2\r\n3;4\r\n", "# x\n1\n", "\ufeff1\t2\n"],
  }
  for name, rows in texts.items():
    for place, text in enumerate(rows):
      write(name, place, text.encode())

  with tempfile.TemporaryDirectory() as folder:
    def run(*arguments):
      subprocess.run([tacit, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)

    model = vectors / "networks" / "onnx" / "qop-matmul-u8u8.onnx"
    run("compile", model, "-o", "one", "--input", "committed", "--output", "committed", "--key-proof")
    size = json.loads(subprocess.run(
      [tacit, "inspect", "one.verifier", "--json"], cwd=folder, check=True,
      capture_output=True).stdout)["inputs"][0]["shape"]
    count = 1
    for extent in size:
      count *= extent
    row = [place * 7 % 11 for place in range(count)]
    for name, value in [("one", row), ("two", [row, row[::-1]])]:
      Path(folder, name + ".json").write_text(json.dumps(value))
    run("prove", "one.prover", "one.json", "-o", "one.proof", "--opening", "one.opening")
    run("prove", "one.prover", "two.json", "-o", "two.proof", "--opening", "two.opening")
    run(
      "reveal", "one.prover", "one.json", "--opening", "one.opening", "--at", "0", "-o",
      "one.reveal")
    files = {
      "prover-key": ["one.prover"], "verifier-key": ["one.verifier"],
      "proof": ["one.proof", "two.proof"], "key-proof": ["one.keyproof"],
      "opening": ["one.opening", "two.opening"], "reveal": ["one.reveal"]}
    for name, sources in files.items():
      for place, source in enumerate(sources):
        write(name, place, Path(folder, source).read_bytes())
    shutil.copyfile(Path(folder, "one.prover"), CORPUS / "key")


def write(target, place, data):
  folder = CORPUS / target
  folder.mkdir(parents=True, exist_ok=True)
  (folder / f"{place:02}").write_bytes(data)


def run(fuzz, seconds):
  counts = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
  failed = False
  for target in TARGETS:
    work = FOUND / target
    work.mkdir(parents=True, exist_ok=True)
    result = subprocess.run(
      [
        fuzz, str(work), str(CORPUS / target), f"-max_total_time={seconds}",
        f"-max_len={LARGEST}", f"-timeout={SLOWEST}", f"-rss_limit_mb={MEMORY}",
        f"-artifact_prefix={FOUND}/{target}-", "-print_final_stats=1", "-reload=0"],
      env={**os.environ, "TACIT_FUZZ_TARGET": target, "TACIT_FUZZ_CORPUS": str(CORPUS)},
      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
    stats = dict(re.findall(r"stat::(\w+):\s+(\d+)", result.stderr))
    own = counts.setdefault(
      target, {"executions": 0, "crashes": 0, "slowest_s": 0, "largest_mb": 0})
    own["executions"] += int(stats.get("number_of_executed_units", 0))
    own["slowest_s"] = max(own["slowest_s"], int(stats.get("slowest_unit_time_sec", 0)))
    own["largest_mb"] = max(own["largest_mb"], int(stats.get("peak_rss_mb", 0)))
    if result.returncode != 0:
      own["crashes"] += 1
      failed = True
      print(f"{target}: {result.stderr[-2000:]}", file=sys.stderr)
    print(f"{target}: {json.dumps(own)}", flush=True)
    COUNTS.write_text(json.dumps(counts, indent=2) + "\n")
  return 1 if failed else 0


def main(arguments):
  if len(arguments) == 2 and arguments[0] == "seed":
    seed(str(Path(arguments[1]).resolve()))
    return 0
  if len(arguments) in (2, 3) and arguments[0] == "run":
    return run(arguments[1], int(arguments[2]) if len(arguments) == 3 else 60)
  print(__doc__, file=sys.stderr)
  return 2


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
