"""Makes tacit.wasm: the verifier's own Swift sources, compiled as one module of Embedded Swift.

  python3 Verifiers/web/build.py [--check]

Embedded Swift has no key paths, no threads and, in 6.3, no generics across modules that throw. So all rooms of the
verifier become one module: their imports of one another are left out and `map(\\.x)` is spelled as a closure. What
they take from a system (threads, locks, memory) stands in Swift/Surroundings.swift and C/surroundings.c. Nothing else
of the sources is changed. `--check` only finds out whether everything compiles.
"""

import argparse
import base64
import gzip
import os
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WORK = ROOT / ".build" / "wasm"
SWIFT = os.environ.get("SWIFT", "swift")
# What TacitVerifier is made of, without the room that asks the system.
ROOMS = [
  "Compute", "Hashing", "Field", "Curve", "Pairing", "Polynomial", "ArgumentKernels", "ProofSizes", "Transcript",
  "ConstraintSystem", "Ceremony", "Commitment", "Arguments", "Verification", "TacitVerifier"]
# Files that wait for others, as one thread has nobody to wait for; and powers of τ, which a prover reads.
LEFT_OUT = {
  "Compute/Job.swift", "TacitVerifier/ModelVerifier+Async.swift", "TacitVerifier/JobOptions.swift", "Ceremony/PowersOfTau.swift",
  "Ceremony/PowersOfTau+File.swift", "Ceremony/PowersOfTau+Import.swift", "Ceremony/PtauFile.swift"}
C_MODULES = ["CKernels", "CGenerators"]
TARGET = "wasm32-unknown-none-wasm"


def rewritten(text):
  """A source as a part of the one module."""
  rooms = "|".join(ROOMS + ["Platform", "Dispatch", "Synchronization"])
  text = re.sub(rf"^(public |package |@_exported public )?import ({rooms})\n", "", text, flags=re.M)
  text = re.sub(r"\(\\\.self\)", "({ $0 })", text)
  return re.sub(r"\(\\\.([A-Za-z0-9.]+)\)", r"({ $0.\1 })", text)


def sources():
  """Writes the rewritten sources and gives their paths."""
  folder = WORK / "sources"
  shutil.rmtree(folder, ignore_errors=True)
  folder.mkdir(parents=True)
  paths = []
  for room in ROOMS:
    for path in sorted((ROOT / "Sources" / room).rglob("*.swift")):
      inner = path.relative_to(ROOT / "Sources")
      if LEFT_OUT & {str(inner), str(inner.parent)}:
        continue
      paths.append(folder / f"{room}__{path.name}")
      paths[-1].write_text(rewritten(path.read_text()))
  return paths + sorted((HERE / "Swift").glob("*.swift"))


def options():
  """Of every compilation of Swift."""
  found = [
    "-target", TARGET, "-enable-experimental-feature", "Embedded", "-enable-experimental-feature", "Extern",
    "-swift-version", "6", "-package-name", "tacit", "-module-name", "TacitWeb", "-parse-as-library", "-wmo",
    "-enable-upcoming-feature", "ExistentialAny", "-Xfrontend", "-disable-stack-protector", "-Xcc", "-ffreestanding", "-suppress-warnings"]
  for module in C_MODULES:
    folder = WORK / module
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    header = ROOT / "Sources" / module / "include" / f"{module}.h"
    (folder / "module.modulemap").write_text(f'module {module} {{ header "{header}" export * }}\n')
    found += ["-Xcc", f"-fmodule-map-file={folder / 'module.modulemap'}"]
  return found


def write_page(wasm):
  """One file with everything in it. A page that was opened from a disk has no modules, so the script is none."""
  script = (HERE / "tacit.js").read_text()
  for old, new in ((' = new URL("tacit.wasm", import.meta.url)', ""), ("export ", "")):
    assert old in script
    script = script.replace(old, new)
  page = (HERE / "page.html").read_text()
  page = page.replace("/*SCRIPT*/", script).replace("/*WASM*/", base64.b64encode(wasm.read_bytes()).decode())
  (WORK / "verify.html").write_text(page)


def run(*command):
  done = subprocess.run([str(part) for part in command])
  if done.returncode != 0:
    raise SystemExit(f"{command[0]} failed with {done.returncode}")


def main():
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument("--check", action="store_true")
  parser.add_argument("--optimization", default="-O", help="as swiftc takes it")
  given = parser.parse_args()
  paths = sources()
  if given.check:
    run(SWIFT + "c", "-typecheck", *options(), *paths)
    return
  output = WORK / "tacit.wasm"
  objects = [WORK / "tacit.o"]
  run(SWIFT + "c", given.optimization, *options(), "-c", *paths, "-o", objects[0])
  clang = Path(shutil.which(SWIFT)).resolve().parent / "clang"
  for source in sorted((HERE / "C").glob("*.c")) + [p for m in C_MODULES for p in sorted((ROOT / "Sources" / m).glob("*.c"))]:
    objects.append(WORK / f"{source.stem}.o")
    include = [f"-I{ROOT / 'Sources' / module / 'include'}" for module in C_MODULES]
    run(clang, f"--target={TARGET}", "-O2", "-ffreestanding", "-std=c17", *include, "-c", source, "-o", objects[-1])
  data = clang.parents[1] / "lib" / "swift" / "embedded" / TARGET / "libswiftUnicodeDataTables.a"
  run(
    clang.parent / "wasm-ld", "--no-entry", "--gc-sections", "--strip-all", "-z", "stack-size=4194304",
    "--max-memory=536870912", *objects, data, "-o", output)
  write_page(output)
  (WORK / "tacit.js").write_text((HERE / "tacit.js").read_text())
  for path in (output, WORK / "verify.html"):
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes, {len(gzip.compress(path.read_bytes(), 9))} compressed")


if __name__ == "__main__":
  main()
