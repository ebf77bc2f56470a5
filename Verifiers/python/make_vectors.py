#!/usr/bin/env python3
"""Writes `Tests/Vectors/proofs`: keys and proofs of every feature, and what is refused of them (`docs/protocol/README.md#conformance`).

    make_vectors.py [--tacit FOLDER]

Proofs are those of the prover in `tests/prover.py`. Of a folder NAME.verifier, NAME.proof, NAME-*.proof and NAME.keyproof are taken besides, which
`tacit` made. Every verdict is that of this verifier.
"""

import argparse
import json
import sys
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tacit_verifier import curve, encodings, key_proofs  # noqa: E402
from tacit_verifier.circuit import BIT, ONE_HOT, SIGN, STORED_INTEGERS, read_circuit  # noqa: E402
from tacit_verifier.field import P  # noqa: E402
from tacit_verifier.refusal import Refused  # noqa: E402
from tacit_verifier.schemes import SRS  # noqa: E402
from tacit_verifier.sizes import Rows  # noqa: E402
from tacit_verifier.verification import Key, Proof, argue, verify  # noqa: E402
from tests import building, dishonest, faults, prover, samples  # noqa: E402

POINTS = (16, 17, 18, 19, 20, 68, 70, 72)
FOLDER = Path(__file__).resolve().parents[2] / "Tests" / "Vectors" / "proofs"


def digest(proof):
  """The SHA-256 of all public integers, each in eight bytes, big-endian."""
  integers = [value for values in proof.values if values is not None for value in values]
  return sha256(b"".join(value.to_bytes(8, "big", signed=True) for value in integers)).hexdigest()


def verdict(key_data, proof_data, key_proof_data=None):
  """The verdict on a key, a proof and a key proof, and the digest of the integers."""
  try:
    key = Key(key_data)
  except Refused:
    return "key refused", None
  try:
    if key_proof_data is not None:
      key_proofs.verify(key, key_proof_data)
      return "accepted", None
    return ("key accepted", None) if proof_data is None else ("accepted", digest(verify(key, proof_data)))
  except Refused:
    return "proof refused", None


def edits(old, new):
  """The one edit that makes new bytes of old ones: a place, how many bytes go, and what comes in hexadecimal."""
  start = 0
  while start < min(len(old), len(new)) and old[start] == new[start]:
    start += 1
  end = 0
  while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
    end += 1
  return [start, len(old) - end - start, new[start:len(new) - end].hex()]


class Vectors:
  """The folder and its manifest as they grow."""

  def __init__(self):
    self.cases = []
    self.files = {}

  def file(self, name, data):
    """Keeps a file."""
    self.files[name] = data

  def case(self, name, key, proof=None, key_proof=None, key_data=None, proof_data=None, expected=None):
    """Adds a case: files, perhaps altered, and the verdict on them."""
    entry = {"name": name, "key": key}
    keyed = self.files[key] if key_data is None else key_data
    shown = proof or key_proof
    proven = None if shown is None else (self.files[shown] if proof_data is None else proof_data)
    entry.update({"proof": proof} if proof else {})
    entry.update({"key_proof": key_proof} if key_proof else {})
    entry.update({} if key_data is None else {"key_edit": edits(self.files[key], key_data)})
    entry.update({} if proof_data is None else {"proof_edit": edits(self.files[shown], proof_data)})
    found, integers = verdict(keyed, None if key_proof else proven, proven if key_proof else None)
    if expected is not None and found != expected:
      raise SystemExit(f"{name}: {found} where {expected} is expected")
    entry["verdict"] = found
    entry.update({"integers": integers} if integers else {})
    self.cases.append(entry)

  def write(self):
    """Writes the folder."""
    for name, data in self.files.items():
      (FOLDER / name).write_bytes(data)
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in self.cases)
    (FOLDER / "manifest.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def add_samples(vectors, made=samples.ALL):
  """Honest proofs of one and of three inferences under each sample."""
  for name, make in made.items():
    sample = make()
    vectors.file(f"{name}.verifier", prover.key_file(sample.circuit, sample.model()))
    key = Key(vectors.files[f"{name}.verifier"])
    for count in (1, 3):
      file = f"{name}-{count}.proof"
      context = b"" if count == 1 else b"three inferences"
      vectors.file(file, prover.prove(key, count, sample.model(), sample.given(count), sample.numbers(count), context, counts=sample.told(count)))
      vectors.case(f"{name}, {count} inference{'s' if count > 1 else ''}", f"{name}.verifier", file, expected="accepted")


def add_key_proofs(vectors):
  """Key proofs of tensors of every stored type at the ends of their ranges, and of some that hold more than their type (`docs/protocol/key-proofs.md#digits`)."""
  circuit, model = samples.stored_types().circuit, samples.stored_types().model()
  for tensor in circuit.tensors:
    if tensor.stored not in STORED_INTEGERS:
      continue
    half = 1 << (8 * tensor.stored - 1)
    model[tensor.offset:tensor.offset + 2] = [-half, half - 1]
  first = {tensor.stored: tensor.offset for tensor in reversed(circuit.tensors)}
  lies = {"stored-types": (), "stored-types-beyond": ((0, 128),), "stored-bit-two": ((first[BIT], 2),), "stored-sign-zero": ((first[SIGN], 0),),
          "stored-row-of-two": ((first[ONE_HOT] + 1, 1),), "stored-rows-of-two-and-none": ((first[ONE_HOT] + 1, 1), (first[ONE_HOT] + 4, 0))}
  for name, changes in lies.items():
    held, expected = list(model), "proof refused" if changes else "accepted"
    for cell, value in changes:
      held[cell] = value
    vectors.file(f"{name}.verifier", prover.key_file(circuit, held))
    data = prover.key_proof(Key(vectors.files[f"{name}.verifier"]), held)
    add_key_proof(vectors, f"{name}.verifier", f"{name}.keyproof", data, expected)


def add_infinite(vectors):
  """An honest proof of a pattern that is no finite number, which no statement may hold (`docs/protocol/verification.md#reading`)."""
  sample, key = samples.floats(), Key(vectors.files["floats.verifier"])
  exponent = sample.circuit.inputs[0].blocks[2]
  sample.inputs[exponent] = [255] + sample.inputs[exponent][1:]
  data = prover.prove(key, 1, sample.model(), sample.given(1), {}, b"")
  vectors.file("floats-infinite.proof", data)
  vectors.case("statement: an infinite float", "floats.verifier", "floats-infinite.proof", expected="proof refused")


def add_dishonest(vectors):
  """Proofs of traces that break one rule each, or of statements that are not so."""
  for name, base, data in dishonest.proofs(lambda base: vectors.files[f"{base}.verifier"]):
    file = f"dishonest-{name.replace(' ', '-')}.proof"
    vectors.file(file, data)
    vectors.case(f"dishonest: {name}", f"{base}.verifier", file, expected="accepted" if name.startswith("accepted") else "proof refused")


def add_faults(vectors):
  """Keys that break one condition each, as edits of the key of the sample that they are most alike."""
  identity = curve.encode(None)
  bases = {name: data for name, data in vectors.files.items() if name.endswith(".verifier")}
  for group in faults.ALL:
    for name, circuit in group():
      accepted = name.startswith("accepted")
      rows = len(Rows(circuit).model) if accepted else 0
      data = building.key(circuit, [identity] * rows)
      like = [base for base in bases if base.startswith("padded") == bool(circuit.padded_ports())]
      base = min(like, key=lambda base: len(edits(bases[base], data)[2]))
      vectors.case(f"key: {name}", base, key_data=data, expected="key accepted" if accepted else "key refused")


def add_damage(vectors):
  """Files whose bytes are not a key's or a proof's."""
  key, proof = vectors.files["dense.verifier"], vectors.files["dense-3.proof"]
  for name, changed in key_damage(key):
    vectors.case(f"key: {name}", "dense.verifier", key_data=changed, expected="key refused")
  for name, changed in proof_damage(key, proof):
    vectors.case(f"proof: {name}", "dense.verifier", "dense-3.proof", proof_data=changed, expected="proof refused")
  for name, base, changed in statement_damage(vectors):
    vectors.case(f"statement: {name}", f"{base}.verifier", f"{base}-1.proof", proof_data=changed, expected="proof refused")


def replaced(data, at, new):
  """Bytes with others written over them."""
  return data[:at] + new + data[at + len(new):]


def key_damage(key):
  """Damaged keys (`docs/protocol/encodings.md#files`)."""
  point = len(key) - 32
  yield "no byte", b""
  yield "nine bytes", key[:9]
  yield "other magic", replaced(key, 6, b"\1")
  yield "another kind", replaced(key, 7, b"\3")
  yield "another version", replaced(key, 8, b"\4")
  yield "another scheme", replaced(key, 10, b"\3")
  yield from visibility_damage(key)
  yield "a name that is not UTF-8", key[:11] + b"\1\xff" + key[12:]
  yield "a name with a surrogate", key[:11] + b"\3\xed\xa0\x80" + key[12:]
  yield "a number with a zero byte at its end", key[:12] + b"\x84\0" + key[13:]
  yield "a byte too few", key[:-1]
  yield "a byte too many", key + b"\0"
  yield "a point too few", key[:-32]
  yield "a point too many", key + key[-32:]
  yield "a point that is not on the curve", replaced(key, point, (1 << 255 | 4).to_bytes(32, "big"))
  yield "a point beyond the base field", replaced(key, point, (1 << 255 | curve.Q + 1).to_bytes(32, "big"))
  yield "a point of no form", replaced(key, point, (1).to_bytes(32, "big"))
  yield "an identity with other bits", replaced(key, point, (1 << 254 | 1).to_bytes(32, "big"))


def visibility_damage(key):
  """Codes of visibility (`docs/protocol/circuit.md#bytes`)."""
  visibility = key.index(building.port(read_circuit(encodings.Reader(key[10:])).inputs[0])) + 4
  for code in (3, 4, 7, 8, 252):
    yield f"a visibility of {code}", replaced(key, visibility, bytes([code]))


def proof_damage(key_data, proof_data):
  """Damaged proofs (`docs/protocol/verification.md#reading`)."""
  yield from head_damage(proof_data)
  yield from body_damage(key_data, proof_data)


def body_damage(key_data, proof_data):
  """Damage to the body (`docs/protocol/verification.md#listing`)."""
  key = Key(key_data)
  proof, log = Proof(key, proof_data), []
  argue(key, proof, log)
  body = len(proof_data) - len(proof.body)
  yield "a body that is cut by a byte", proof_data[:-1]
  yield "a body that is cut by an element", proof_data[:-32]
  yield "a body with a byte more", proof_data + b"\0"
  yield "a body with an element more", proof_data + bytes(32)
  yield "the rows of two columns exchanged", exchanged(proof_data, body + 32, body + 64)
  at, seen = body, set()
  for kind, label, data in log:
    if kind != "absorb" or label < 16:
      continue
    if label not in seen:
      seen.add(label)
      yield from element_damage(label, proof_data, at)
    at += len(data) // (2 if label in POINTS and key.circuit.scheme is SRS else 1)


def element_damage(label, data, at):
  """Damage to the first element of a message (`docs/protocol/transcript.md#labels`)."""
  value = int.from_bytes(data[at:at + 32], "big")
  if label in POINTS:
    yield f"the negative of the first point of {label}", replaced(data, at, (value ^ 1 << 254).to_bytes(32, "big"))
    yield f"the identity in {label}", replaced(data, at, curve.encode(None))
    yield f"another point in {label}", replaced(data, at, curve.encode(curve.generator(1)))
    yield f"no point in {label}", replaced(data, at, (1 << 255 | 4).to_bytes(32, "big"))
  else:
    yield f"the first scalar of {label} and 1", replaced(data, at, ((value + 1) % P).to_bytes(32, "big"))
    yield f"the first scalar of {label}, not canonical", replaced(data, at, (value + P).to_bytes(32, "big"))


def exchanged(data, first, second):
  """Two elements exchanged."""
  return replaced(replaced(data, first, data[second:second + 32]), second, data[first:first + 32])


def head_damage(data):
  """Damage before the statement (`docs/protocol/verification.md#proof-file`)."""
  yield "no byte", b""
  yield "other magic", replaced(data, 0, b"t")
  yield "another kind", replaced(data, 7, b"\2")
  yield "another version", replaced(data, 8, b"\2")
  yield "another scheme", replaced(data, 10, b"\0")
  yield "another model", replaced(data, 11, b"\0" if data[11] else b"\1")
  yield "no inference", replaced(data, 43, b"\0")
  yield "another number of inferences", replaced(data, 43, b"\4")
  yield "4097 inferences", data[:43] + building.unsigned(4097) + data[44:]
  yield "a number that is not canonical", data[:43] + b"\x83\0" + data[44:]
  yield "another context", replaced(data, 45, b"T")
  yield "a context that is longer than its bytes", data[:44] + building.unsigned(65536) + data[45:]
  yield "a context above its limit", data[:44] + building.unsigned(65537) + data[45:]
  yield "a context that is longer by a byte", data[:44] + b"\x11" + data[45:]


def statement_damage(vectors):
  """Statements that are not those of the proof (`docs/protocol/verification.md#reading`)."""
  dense, index = vectors.files["dense-1.proof"], vectors.files["embedding-1.proof"]
  hidden, scaled = vectors.files["committed-1.proof"], vectors.files["scaled-1.proof"]
  yield "another input", "dense", replaced(dense, 45, bytes([dense[45] ^ 1]))
  yield "another output", "dense", replaced(dense, 49, bytes([dense[49] ^ 1]))
  yield "an output that its port cannot have", "scaled", replaced(scaled, 49, b"\x7f")
  yield "another index", "embedding", replaced(index, 45, b"\3")
  yield "an index beyond its axis", "embedding", replaced(index, 45, b"\5")
  yield "an index below 0", "embedding", replaced(index, 45, b"\xff" * 8)
  points = 45 + 3
  yield from count_damage(vectors)
  yield "the identity as a commitment", "committed", replaced(hidden, points, curve.encode(None))
  yield "another commitment", "committed", replaced(hidden, points, curve.encode(curve.generator(1)))
  yield "a commitment that is no point", "committed", replaced(hidden, points, (1 << 255 | 4).to_bytes(32, "big"))


def count_damage(vectors):
  """Counts that are not those of the proof (`docs/protocol/verification.md#proof-file`)."""
  shown, hidden, index = (vectors.files[f"{name}-1.proof"] for name in ("padded", "padded-hidden", "padded-indices"))
  yield "a count of a private input that is one higher", "padded-hidden", replaced(hidden, 45, b"\4")
  yield "a count of a private input that is one lower", "padded-hidden", replaced(hidden, 45, b"\2")
  yield "a count beyond its axis", "padded-hidden", replaced(hidden, 45, b"\5")
  yield "a count that is not canonical", "padded-hidden", hidden[:45] + b"\x83\0" + hidden[46:]
  yield "two counts exchanged", "padded-hidden", replaced(hidden, 45, b"\4\3")
  yield "a count too few", "padded-hidden", hidden[:45] + hidden[46:]
  yield "a count too many", "padded-hidden", hidden[:45] + b"\3" + hidden[45:]
  yield "a count that is one higher, with the padding in the statement", "padded", with_padding(shown)
  yield "a count that is one higher, without its values", "padded", replaced(shown, 45, b"\4")
  yield "another value before a count", "padded", replaced(shown, 49, bytes([shown[49] ^ 1]))
  yield "a count of indices that is one higher, with the padding in the statement", "padded-indices", (
    index[:45] + b"\3" + index[46:63] + b"\4" + bytes(7) + index[63:])


def with_padding(data):
  """A first input whose padding is counted in both of its rows of three."""
  return data[:45] + b"\4" + data[46:52] + b"\5" + data[52:55] + b"\5" + data[55:]


def add_folder(vectors, folder):
  """Keys, proofs and key proofs that `tacit` made."""
  for path in sorted(folder.glob("*.verifier")):
    vectors.file(path.name, path.read_bytes())
    for proof in sorted(folder.glob(f"{path.stem}.proof")) + sorted(folder.glob(f"{path.stem}-*.proof")):
      vectors.file(proof.name, proof.read_bytes())
      vectors.case(f"{proof.stem} by tacit", path.name, proof.name, expected="accepted")
    for proof in sorted(folder.glob(f"{path.stem}.keyproof")):
      add_key_proof(vectors, path.name, proof.name, proof.read_bytes())


def add_chains(vectors):
  """Keys and proofs of the scheme `srs` (`docs/protocol/scheme-srs.md`)."""
  add_samples(vectors, samples.CHAINS)
  sample = samples.for_chains(samples.stored_types())
  for name, cell in (("srs-stored-types", None), ("srs-stored-types-beyond", 128)):
    model = sample.model()
    model[0] = model[0] if cell is None else cell
    vectors.file(f"{name}.verifier", prover.key_file(sample.circuit, model))
    data = prover.key_proof(Key(vectors.files[f"{name}.verifier"]), model)
    add_key_proof(vectors, f"{name}.verifier", f"{name}.keyproof", data, "accepted" if cell is None else "proof refused")
  for name, base, data in dishonest.chain_proofs(lambda base: vectors.files[f"{base}.verifier"]):
    file = f"srs-dishonest-{name.replace(' ', '-')}.proof"
    vectors.file(file, data)
    vectors.case(f"dishonest, srs: {name}", f"{base}.verifier", file, expected="proof refused")
  key, proof = vectors.files["srs-dense.verifier"], vectors.files["srs-dense-3.proof"]
  for name, changed in body_damage(key, proof):
    vectors.case(f"proof, srs: {name}", "srs-dense.verifier", "srs-dense-3.proof", proof_data=changed, expected="proof refused")
  add_other_schemes(vectors)
  for name, circuit in faults.chains():
    accepted = name.startswith("accepted")
    data = building.key(circuit, [curve.encode(None)] * (len(Rows(circuit).model) if accepted else 0))
    vectors.case(f"key: {name}", "srs-dense.verifier", key_data=data, expected="key accepted" if accepted else "key refused")


def add_other_schemes(vectors):
  """Keys and proofs whose bytes name another scheme than they were made by (`docs/protocol/transcript.md#scheme-identity`)."""
  data = vectors.files["srs-stored-types.keyproof"]
  vectors.case("srs-stored-types.keyproof: another scheme", "srs-stored-types.verifier", key_proof="srs-stored-types.keyproof",
               proof_data=replaced(data, 10, b"\1"), expected="proof refused")
  names = {1: "dense", 2: "srs-dense"}
  for scheme, other in ((1, 2), (2, 1)):
    key, proof = f"{names[scheme]}.verifier", f"{names[other]}-3.proof"
    own = Key(vectors.files[key]).model_id
    moved = replaced(vectors.files[proof], 11, own)
    vectors.case(f"proof of scheme {other} under a key of scheme {scheme}", key, proof, proof_data=moved, expected="proof refused")
    moved = replaced(moved, 10, bytes([scheme]))
    vectors.case(f"proof of scheme {other} that names the scheme {scheme} of its key", key, proof, proof_data=moved, expected="proof refused")
  key, proof = vectors.files["srs-dense.verifier"], vectors.files["srs-dense-3.proof"]
  for scheme in (0, 1, 3, 255):
    changed = replaced(proof, 10, bytes([scheme]))
    vectors.case(f"proof, srs: scheme {scheme}", "srs-dense.verifier", "srs-dense-3.proof", proof_data=changed, expected="proof refused")
    if scheme != 1:
      vectors.case(f"key, srs: scheme {scheme}", "srs-dense.verifier", key_data=replaced(key, 10, bytes([scheme])), expected="key refused")
  renamed = replaced(key, 10, b"\1")
  other = replaced(replaced(proof, 10, b"\1"), 11, encodings.model_id(renamed[10:]))
  vectors.case("key and proof of scheme 2 that name scheme 1", "srs-dense.verifier", "srs-dense-3.proof", key_data=renamed, proof_data=other,
               expected="proof refused")
  shared = vectors.files["dense.verifier"]
  vectors.case("key of scheme 1 that names scheme 2", "dense.verifier", key_data=replaced(shared, 10, b"\2"), expected="key accepted")


def add_key_proof(vectors, key, name, data, expected="accepted"):
  """A key proof, and what is refused of it (`docs/protocol/key-proofs.md#file`)."""
  vectors.file(name, data)
  vectors.case(name, key, key_proof=name, expected=expected)
  value = int.from_bytes(data[-32:], "big")
  damaged = {
    "another version": replaced(data, 11, b"\2"), "another model": replaced(data, 12, bytes([data[12] ^ 1])), "a byte more": data + b"\0",
    "an element less": data[:-32], "the last scalar and 1": data[:-32] + ((value + 1) % P).to_bytes(32, "big"),
    "another kind": replaced(data, 7, b"\3"), "two rows exchanged": exchanged(data, 44 + 32, 44 + 64),
  }
  for reason, changed in damaged.items():
    vectors.case(f"{name}: {reason}", key, key_proof=name, proof_data=changed, expected="proof refused")


def main():
  """Writes the folder."""
  parser = argparse.ArgumentParser(description="Write Tests/Vectors/proofs.")
  parser.add_argument("--tacit", type=Path)
  options, vectors = parser.parse_args(), Vectors()
  add_samples(vectors)
  add_key_proofs(vectors)
  add_infinite(vectors)
  add_dishonest(vectors)
  add_damage(vectors)
  add_faults(vectors)
  if options.tacit:
    add_folder(vectors, options.tacit)
  add_chains(vectors)
  FOLDER.mkdir(parents=True, exist_ok=True)
  vectors.write()
  sizes = sum(map(len, vectors.files.values()))
  print(f"{len(vectors.cases)} cases, {len(vectors.files)} files, {sizes} bytes")


if __name__ == "__main__":
  main()
