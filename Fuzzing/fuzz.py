"""Coverage-guided fuzzing of every reader, with counts that add up over runs.

  python3 Fuzzing/fuzz.py seed TACIT
      makes Fuzzing/Corpus anew from files of the repository
  python3 Fuzzing/fuzz.py run FUZZ [SECONDS] [--targets NAME…] [--until COUNT] [--jobs COUNT]
      runs each target, or those that are named, so long, and adds to Fuzzing/counts.json; none that has been executed
      COUNT times already, and COUNT of them at once

Standard library only. What a run finds beside the corpus stays in .build/fuzzing, where the next run goes on;
what crashed, hung or swelled is written there as crash-*, timeout-* and oom-*.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CORPUS, COUNTS = HERE / "Corpus", HERE / "counts.json"
FOUND = ROOT / ".build" / "fuzzing"
TARGETS = [
  "onnx", "tflite", "npy", "npz", "json", "csv", "prover-key", "verifier-key", "proof",
  "altered-proof", "key-proof", "altered-key-proof", "opening", "reveal"]
# Of one input: bytes, unless a seed is larger; seconds; megabytes.
LARGEST, SLOWEST, MEMORY = 4096, 10, 1024
# Seeds of a target, and bytes of one.
MOST_SEEDS, MOST_BYTES = 40, 4096
# Of a prover key and an opening: magic, kind, version and digest, which their targets write by themselves.
DIGEST_END = 8 + 2 + 32


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

    # The network whose proofs are shortest: an input of seven reals, a layer of few outputs.
    model = vectors / "networks" / "float" / "gemm-alpha-beta.onnx"
    rows = [[(place * 7 + row * 3) % 11 / 5 - 1 for place in range(7)] for row in range(20)]
    for name, value in [("typical", rows), ("one", rows[0]), ("two", rows[:2])]:
      Path(folder, name + ".json").write_text(json.dumps(value))
    run(
      "compile", model, "-o", "one", "--calibrate", "typical.json", "--input", "committed",
      "--output", "committed", "--key-proof")
    run("prove", "one.prover", "one.json", "-o", "one.proof", "--opening", "one.opening")
    run("prove", "one.prover", "two.json", "-o", "two.proof", "--opening", "two.opening")
    run(
      "reveal", "one.prover", "one.json", "--opening", "one.opening", "--at", "0", "-o",
      "one.reveal")
    for name in ("qop-matmul-u8u8", "qop-add-u8"):
      run("compile", vectors / "networks" / "onnx" / f"{name}.onnx", "-o", name)
    files = {
      "prover-key": ["one.prover", "qop-matmul-u8u8.prover", "qop-add-u8.prover"],
      "verifier-key": ["one.verifier"],
      "proof": ["one.proof", "two.proof"], "key-proof": ["one.keyproof"],
      "opening": ["one.opening", "two.opening"], "reveal": ["one.reveal"]}
    for name, sources in files.items():
      for place, source in enumerate(sources):
        data = Path(folder, source).read_bytes()
        write(name, place, data[DIGEST_END:] if name in ("prover-key", "opening") else data)
    # Circuits of every feature.
    others = sorted((vectors / "proofs").glob("*.verifier"))
    small = [path for path in others if path.stat().st_size <= MOST_BYTES]
    for place, path in enumerate(small[:MOST_SEEDS]):
      write("verifier-key", len(files["verifier-key"]) + place, path.read_bytes())
    # Changes that change nothing: a place, how many bytes are added bit by bit, and these.
    for name in ("altered-proof", "altered-key-proof"):
      write(name, 0, bytes([0, 60, 1, 0]))
      write(name, 1, bytes([1, 0, 32]) + bytes(32) + bytes([2, 128, 2]) + bytes(2))
    shutil.copyfile(Path(folder, "one.prover"), CORPUS / "key")


def write(target, place, data):
  folder = CORPUS / target
  folder.mkdir(parents=True, exist_ok=True)
  (folder / f"{place:02}").write_bytes(data)


def run(fuzz, seconds, targets, until, jobs):
  lock = threading.Lock()
  counts = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
  none = {"executions": 0, "crashes": 0, "slowest_s": 0, "largest_mb": 0}

  def run_one(target):
    with lock:
      if until is not None and counts.get(target, none)["executions"] >= until:
        return True
    work = FOUND / target
    work.mkdir(parents=True, exist_ok=True)
    # libFuzzer cuts off what is longer, seeds too: of a proof there would be left what no reader takes.
    largest = max([LARGEST] + [seed.stat().st_size + 256 for seed in (CORPUS / target).iterdir()])
    result = subprocess.run(
      [
        fuzz, str(work), str(CORPUS / target), f"-max_total_time={seconds}",
        f"-max_len={largest}", f"-timeout={SLOWEST}", f"-rss_limit_mb={MEMORY}",
        f"-artifact_prefix={FOUND}/{target}-", "-print_final_stats=1", "-reload=0"],
      env={**os.environ, "TACIT_FUZZ_TARGET": target, "TACIT_FUZZ_CORPUS": str(CORPUS)},
      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
    stats = dict(re.findall(r"stat::(\w+):\s+(\d+)", result.stderr))
    with lock:
      own = counts.setdefault(target, dict(none))
      own["executions"] += int(stats.get("number_of_executed_units", 0))
      own["slowest_s"] = max(own["slowest_s"], int(stats.get("slowest_unit_time_sec", 0)))
      own["largest_mb"] = max(own["largest_mb"], int(stats.get("peak_rss_mb", 0)))
      if result.returncode != 0:
        own["crashes"] += 1
        print(f"{target}: {result.stderr[-2000:]}", file=sys.stderr)
      print(f"{target}: {json.dumps(own)}", flush=True)
      COUNTS.write_text(json.dumps(counts, indent=2) + "\n")
    return result.returncode == 0

  with ThreadPoolExecutor(jobs) as pool:
    return 0 if all(list(pool.map(run_one, targets))) else 1


def main(arguments):
  parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  verbs = parser.add_subparsers(dest="verb", required=True)
  verbs.add_parser("seed").add_argument("tacit", type=Path)
  running = verbs.add_parser("run")
  running.add_argument("fuzz", type=Path)
  running.add_argument("seconds", type=int, nargs="?", default=60)
  running.add_argument("--targets", nargs="+", choices=TARGETS, default=TARGETS, metavar="NAME")
  running.add_argument("--until", type=int)
  running.add_argument("--jobs", type=int, default=1)
  options = parser.parse_args(arguments)
  if options.verb == "seed":
    seed(str(options.tacit.resolve()))
    return 0
  return run(
    str(options.fuzz.resolve()), options.seconds, options.targets, options.until, options.jobs)


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
