#!/usr/bin/env python3
"""Compares the verdicts of `tacit verify` and of this verifier on altered keys and proofs (`docs/protocol/README.md#conformance`).

    differential.py TACIT KEY PROOF… --count 1000 --seed 1 [--keep FOLDER]

Every third file that is altered is the key, the others are proofs. A disagreement is printed with its seed, and so is an altered file that
both accept; the files are kept where a folder is named. The exit code is 1 if there is one.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tacit_verifier import curve, encodings  # noqa: E402
from tacit_verifier.circuit import read_circuit  # noqa: E402
from tacit_verifier.field import P  # noqa: E402
from tacit_verifier.refusal import Refused  # noqa: E402
from tacit_verifier.verification import Key, Proof, argue  # noqa: E402

BATCH = 40
NUMBERS = [0, 1, 2, 3, 7, 8, 9, 17, 24, 60, 61, 63, 64, 127, 128, 255, 256, 257, 4095, 4096, 1 << 16, (1 << 17) - 1, 1 << 17, (1 << 17) + 1,
           1 << 20, (1 << 20) + 1, 1 << 24, (1 << 24) + 1, 1 << 28, 1 << 32, 1 << 60, (1 << 60) + 1, 1 << 62, (1 << 63) - 1]
EXTREMES = [0x00, 0x01, 0x40, 0x7F, 0x80, 0x81, 0xC0, 0xFE, 0xFF]


class TracingReader(encodings.Reader):
  """A reader that remembers where each number stands (`docs/protocol/encodings.md#numbers`)."""

  def __init__(self, data):
    super().__init__(data)
    self.spans = []

  def traced(self, kind, read):
    start = self.at
    value = read()
    self.spans.append((kind, start, self.at, value))
    return value

  def byte(self):
    return self.traced("byte", super().byte)

  def unsigned(self):
    start, count = self.at, len(self.spans)
    value = super().unsigned()
    self.spans[count:] = [("unsigned", start, self.at, value)]
    return value

  def signed(self):
    start, count = self.at, len(self.spans)
    value = super().signed()
    self.spans[count:] = [("signed", start, self.at, value)]
    return value

  def double(self):
    return self.traced("double", super().double)


def leb128(value):
  """The bytes of an unsigned number (`docs/protocol/encodings.md#numbers`)."""
  found = bytearray()
  while value > 127:
    found.append(value & 127 | 128)
    value >>= 7
  return bytes(found + bytes([value]))


def zigzag(value):
  """The bytes of a signed number (`docs/protocol/encodings.md#numbers`)."""
  value = min(max(value, -1 << 63), (1 << 63) - 1)
  return leb128(2 * value if value >= 0 else -2 * value - 1)


def flip(data, rng):
  """Flips a bit."""
  i = rng.randrange(len(data))
  return data[:i] + bytes([data[i] ^ 1 << rng.randrange(8)]) + data[i + 1:]


def extreme(data, rng):
  """Puts an extreme byte somewhere."""
  i = rng.randrange(len(data))
  return data[:i] + bytes([rng.choice(EXTREMES)]) + data[i + 1:]


def cut(data, rng):
  """Cuts a range out."""
  i, length = rng.randrange(len(data)), rng.choice((1, 1, 2, 32, 64))
  return data[:i] + data[i + length:]


def repeat(data, rng):
  """Repeats a range."""
  i, length = rng.randrange(len(data)), rng.choice((1, 1, 2, 32, 64))
  return data[:i + length] + data[i:i + length] + data[i + length:]


def exchange(data, rng):
  """Exchanges two ranges of one length."""
  length = rng.choice((1, 1, 2, 4, 32))
  i, j = sorted(rng.randrange(max(1, len(data) - length)) for _ in range(2))
  if j < i + length:
    return flip(data, rng)
  return data[:i] + data[j:j + length] + data[i + length:j] + data[i:i + length] + data[j + length:]


def other_number(value, spans, rng):
  """Another number beside one that stands in a key."""
  choice = rng.randrange(8)
  if choice < 2:
    return value + rng.choice((-1, 1))
  if choice == 2:
    return -value
  if choice == 3:
    return rng.choice((value * 2, value // 2))
  if choice < 6:
    return rng.choice([span[3] for span in spans if isinstance(span[3], int)])
  return rng.choice(NUMBERS) * rng.choice((1, 1, -1))


def renumber(data, rng):
  """Writes another number, well spelled, where one stands in the circuit (`docs/protocol/circuit.md#bytes`)."""
  reader = TracingReader(data)
  try:
    read_circuit(reader)
  except Refused:
    pass
  spans = [span for span in reader.spans if span[0] != "double"]
  if not spans:
    return flip(data, rng)
  kind, start, end, value = rng.choice(spans)
  number = other_number(value, spans, rng)
  if kind == "byte":
    written = bytes([number & 255])
  else:
    written = zigzag(number) if kind == "signed" else leb128(abs(number))
  if rng.randrange(40) == 0:
    written = written[:-1] + bytes([written[-1] | 128, 0])
  return data[:start] + written + data[end:]


def swap_spans(data, rng):
  """Exchanges two numbers of the circuit (`docs/protocol/circuit.md#bytes`)."""
  reader = TracingReader(data)
  try:
    read_circuit(reader)
  except Refused:
    pass
  spans = [span for span in reader.spans if span[0] == "signed"]
  if len(spans) < 2:
    return flip(data, rng)
  (_, a, b, _), (_, c, d, _) = sorted(rng.sample(spans, 2), key=lambda span: span[1])
  return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def element(data, start, rng):
  """The place of one of the 32-byte elements that stand from some place to the end."""
  count = (len(data) - start) // 32
  return None if count < 1 else len(data) - 32 * (1 + rng.randrange(count))


def change_element(data, start, rng):
  """Changes a scalar or a point of a proof (`docs/protocol/encodings.md#scalars`)."""
  at = element(data, start, rng)
  if at is None:
    return flip(data, rng)
  old = data[at:at + 32]
  value = int.from_bytes(old, "big")
  choices = [(value + 1) % (1 << 256), (value - 1) % (1 << 256), (value + P) % (1 << 256), P - value % P, 0, 1, P, P - 1, P + 1, curve.Q,
             1 << 254, 3 << 254, 1 << 255, (1 << 255) + 1, (1 << 255) + curve.Q - 1, (1 << 256) - 1, value ^ 1 << 254, value ^ 1 << 255]
  return data[:at] + rng.choice(choices).to_bytes(32, "big") + data[at + 32:]


def swap_elements(data, start, rng):
  """Exchanges or copies elements of a proof."""
  i, j = element(data, start, rng), element(data, start, rng)
  if i is None:
    return flip(data, rng)
  first, second = data[i:i + 32], data[j:j + 32]
  changed = data[:i] + second + data[i + 32:]
  return changed if rng.randrange(3) == 0 else changed[:j] + first + changed[j + 32:]


def alter_key(data, rng):
  """Alters a key, most often its circuit."""
  if rng.randrange(12) == 0:
    return rng.choice((flip, extreme, cut, repeat))(data[:10], rng) + data[10:]
  how = rng.choice((flip, flip, extreme, cut, repeat, exchange, renumber, renumber, renumber, renumber, renumber, swap_spans, swap_spans, "points"))
  content = data[10:]
  if how == "points":
    return data[:10] + change_element(content, len(content) // 2, rng)
  return data[:10] + how(content, rng)


def alter_proof(data, statement, rng):
  """Alters a proof: its head, its statement, its elements."""
  how = rng.randrange(10)
  if how < 2:
    return rng.choice((flip, extreme, cut, repeat, exchange))(data[:statement], rng) + data[statement:]
  if how < 4:
    return rng.choice((flip, extreme, cut, repeat, exchange))(data, rng)
  if how == 4:
    return data[:43] + rng.choice([leb128(n) for n in (0, 1, 2, 3, 4, 5, 8, 4096, 4097, 1 << 40)]) + data[44:]
  return (change_element if how < 8 else swap_elements)(data, statement, rng)


def own_stage(key_data, files):
  """For each proof whether the key, the proof or nothing is refused here, and the integers."""
  try:
    key = Key(key_data)
  except Refused:
    return [("key", None)] * len(files)
  return [own_proof_stage(key, data) for data in files]


def own_proof_stage(key, data):
  """Whether a proof is refused here, and its integers."""
  try:
    proof = Proof(key, data)
    return ("verified", [v for v in proof.values if v is not None]) if argue(key, proof).group.vanishes() else ("proof", None)
  except Refused:
    return "proof", None


def theirs(tacit, key_path, paths):
  """What `tacit verify` says of several proofs under a key, like `own_stage`."""
  run = subprocess.run([tacit, "verify", str(key_path), *map(str, paths), "--json"], capture_output=True, text=True)
  try:
    answer = json.loads(run.stdout)
  except ValueError:
    return [(f"no answer, exit {run.returncode}: {run.stderr[-200:]}", None)] * len(paths)
  if (answer.get("where") or {}).get("file") == str(key_path):
    return [("key", None)] * len(paths)
  if len(paths) == 1:
    return [their_stage(answer)]
  if "proofs" not in answer:
    return [theirs(tacit, key_path, [path])[0] for path in paths]
  return [their_stage(proof) for proof in answer["proofs"]]


def their_stage(answer):
  """One verdict of `tacit verify`, with the integers that it proves."""
  if not answer["verified"]:
    return "proof", None
  return "verified", [port["integers"] for port in answer["inputs"] + answer["outputs"] if port["visibility"] == "public"]


class Comparison:
  """A run: counts of verdicts, and the disagreements."""

  def __init__(self, options):
    self.options = options
    self.counts = Counter()
    self.disagreements = 0
    self.folder = Path(tempfile.mkdtemp())
    self.key = options.key.read_bytes()
    self.proofs = [path.read_bytes() for path in options.proofs]
    own = Key(self.key)
    self.starts = [self.statement_end(own, data) for data in self.proofs]

  def statement_end(self, key, data):
    """Where the elements of a proof begin."""
    proof = Proof(key, data)
    return len(data) - len(proof.body) - len(proof.committed_bytes)

  def compare(self, name, key, files):
    """Compares the verdicts on several proofs under one key."""
    key_path = self.folder / "key.verifier"
    key_path.write_bytes(key)
    paths = [self.folder / f"{i}.proof" for i in range(len(files))]
    for path, data in zip(paths, files):
      path.write_bytes(data)
    answers = theirs(self.options.tacit, key_path, paths)
    for i, (mine, other, data) in enumerate(zip(own_stage(key, files), answers, files)):
      self.counts[f"{mine[0]} refused" if mine[0] in ("key", "proof") else mine[0]] += 1
      altered = key != self.key or data not in self.proofs
      if mine != other or altered and mine[0] == "verified":
        self.report(f"{name}-{i}", mine, other, key, data)

  def report(self, name, mine, other, key, data):
    """Prints a disagreement, or an altered file that is accepted, and keeps its files."""
    self.disagreements += 1
    print(f"disagreement {name}: here {mine}, there {other}", flush=True)
    if self.options.keep:
      self.options.keep.mkdir(parents=True, exist_ok=True)
      (self.options.keep / f"{name}.verifier").write_bytes(key)
      (self.options.keep / f"{name}.proof").write_bytes(data)

  def run(self):
    """Compares as many altered files as are asked for."""
    done = 0
    while done < self.options.count:
      seed = self.options.seed * 1_000_003 + done
      rng = random.Random(seed)
      if done // BATCH % 3 == 0:
        self.compare_key(seed, rng)
        done += 1
      else:
        self.compare_proofs(seed, rng)
        done += BATCH
    return self.disagreements

  def compare_key(self, seed, rng):
    """Compares one altered key, with a proof that names its model or not (`docs/protocol/encodings.md#model-id`)."""
    key, proof = alter_key(self.key, rng), self.proofs[0]
    if rng.randrange(2):
      proof = proof[:11] + encodings.model_id(key[10:]) + proof[43:]
    self.compare(f"key-{seed}", key, [proof])

  def compare_proofs(self, seed, rng):
    """Compares a batch of altered proofs."""
    files = []
    for _ in range(BATCH):
      i = rng.randrange(len(self.proofs))
      files.append(alter_proof(self.proofs[i], self.starts[i], rng))
    self.compare(f"proof-{seed}", self.key, files)


def main():
  """Runs the comparison and prints its counts."""
  parser = argparse.ArgumentParser(description="Compare verdicts on altered keys and proofs.")
  parser.add_argument("tacit")
  parser.add_argument("key", type=Path)
  parser.add_argument("proofs", type=Path, nargs="+")
  parser.add_argument("--count", type=int, default=1000)
  parser.add_argument("--seed", type=int, default=1)
  parser.add_argument("--keep", type=Path)
  comparison = Comparison(parser.parse_args())
  found = comparison.run()
  print(f"{dict(comparison.counts)}, {found} disagreements")
  return 1 if found else 0


if __name__ == "__main__":
  sys.exit(main())
