#!/usr/bin/env python3
"""Mutants: would a test notice if a check were not there?

Every file in list/ names places of the sources that a verifier's verdict depends on, and what could stand there by
mistake. All of them are compiled into one build of a copy of the package, each behind a condition, and TACIT_MUTANT
says by name which one a run has. A mutant that no test of its suites notices is a check that nothing stands for.

    mutants.py check            every place is there, once, and what is made of its file can be parsed
    mutants.py make             the copy, in .build/mutants/package
    mutants.py build            the copy's tests, optimized
    mutants.py run [NAME ...]   all mutants, or these; those that were noticed before are not run again
    mutants.py table            the score and the list into docs

The sources stay as they are: only the copy is rewritten.

A list:

    # a comment
    file PATH               of the mutants that follow
    tests EXPRESSION        the suites that should notice them, as `swift test --filter` takes them
    [a-name]                says what is wrong
    file, tests             before its first place: of this mutant alone
    also PATH               of its places from here on
    for a bC d              as many mutants, % in the name being a, b-c and d, elsewhere a, bC and d
    in CONTEXT              where the place is, if it is not the only one of its text: text that is there once
    - EXPRESSION            the place
    + EXPRESSION            what stands there in the mutant
    -- STATEMENTS           likewise
    ++ STATEMENTS           nothing if left out
    because REASON          why no test can notice it

A mutant may have several places. White space in them is any white space of the file; a line that begins with white
space goes on with the one before it.
"""

import argparse
import concurrent.futures
import dataclasses
import glob
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WORK = os.path.join(ROOT, ".build", "mutants")
COPY = os.path.join(WORK, "package")
BUILD = os.path.join(WORK, "build")
RESULTS = os.path.join(WORK, "results.json")
VARIABLE = "TACIT_MUTANT"
SWIFT = os.environ.get("SWIFT", "swift")
# What the copy's program exits with when it has no mutant of that name.
UNKNOWN = 99
# Seconds that any run may take, and by how much it may exceed the run without a mutant.
LEAST, FACTOR = 60, 10


class Fault(Exception):
    """What is wrong with a list or a build, in words."""


@dataclasses.dataclass
class Place:
    file: str
    within: str
    original: str
    mutated: str
    is_statement: bool


@dataclasses.dataclass
class Mutant:
    name: str
    tests: str
    places: list
    because: str
    number: int = 0

    @property
    def key(self):
        """Another one when anything of the mutant is."""
        told = json.dumps([self.tests, [dataclasses.astuple(place) for place in self.places]])
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def files(self):
        return sorted({place.file for place in self.places})


# MARK: Lists


def fields(path):
    """The lines of a list, each with its number, those that go on put together."""
    lines = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip()
            if not line or line.startswith("#"):
                continue
            if line[0].isspace():
                if not lines:
                    raise Fault(f"{path}:{number}: nothing to go on with")
                lines[-1] = (lines[-1][0], lines[-1][1] + "\n" + line)
            else:
                lines.append((number, line))
    return lines


def kebab(word):
    return re.sub(r"([A-Z])", lambda found: "-" + found.group(1).lower(), word)


def read(path):
    """The mutants of one list."""
    defaults = {"file": None, "tests": None}
    entries, entry = [], None
    for number, line in fields(path):
        where = f"{os.path.relpath(path, ROOT)}:{number}"
        if line.startswith("["):
            entry = {"name": line.strip("[]"), "where": where, "parts": [], **defaults}
            entries.append(entry)
            continue
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        if word in ("file", "tests") and (entry is None or entry["parts"]):
            defaults[word] = rest
        elif entry is None:
            raise Fault(f"{where}: of no mutant: {line}")
        elif word in ("file", "tests", "for", "because"):
            entry[word] = rest
        elif word == "also":
            entry["file"] = rest
        elif word in ("in", "-", "+", "--", "++"):
            entry["parts"].append((word, rest, entry["file"]))
        else:
            raise Fault(f"{where}: what is {word}?")
    return [mutant for entry in entries for mutant in expanded(entry)]


def expanded(entry):
    where = entry["where"]
    places, within = [], ""
    for word, text, file in entry["parts"]:
        if word == "in":
            within = text
        elif word in ("-", "--"):
            places.append(Place(file, within, text, "", word == "--"))
            within = ""
        else:
            if not places or places[-1].mutated or places[-1].is_statement != (word == "++"):
                raise Fault(f"{where}: {word} without what it stands for")
            places[-1].mutated = text
    if not places or within or not all(place.is_statement or place.mutated for place in places):
        raise Fault(f"{where}: a place or what stands there is missing")
    if not entry["tests"] or not all(place.file for place in places):
        raise Fault(f"{where}: no file or no tests")
    for word in entry["for"].split() if "for" in entry else [None]:
        def fill(text):
            return text if word is None else text.replace("%", word)
        name = entry["name"] if word is None else entry["name"].replace("%", kebab(word))
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            raise Fault(f"{where}: {name} is no name")
        yield Mutant(
            name, entry["tests"],
            [
                dataclasses.replace(
                    place, within=fill(place.within), original=fill(place.original),
                    mutated=fill(place.mutated))
                for place in places
            ], entry.get("because", ""))


def mutants():
    """All of them, numbered from 1."""
    found = []
    for path in sorted(glob.glob(os.path.join(HERE, "list", "*.txt"))):
        found += read(path)
    seen = set()
    for number, mutant in enumerate(found, 1):
        if mutant.name in seen:
            raise Fault(f"{mutant.name} is two mutants")
        seen.add(mutant.name)
        mutant.number = number
    return found


# MARK: Rewriting


def occurrences(text, snippet, start=0, end=None):
    """Where the snippet stands, however it is broken into lines."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in snippet.split()))
    return [found.span() for found in pattern.finditer(text, start, len(text) if end is None else end)]


def span(text, place, name):
    start, end = 0, None
    if place.within:
        found = occurrences(text, place.within)
        if len(found) != 1:
            raise Fault(f"{name}: {place.file} has its context {len(found)} times: {place.within}")
        start, end = found[0]
    found = occurrences(text, place.original, start, end)
    if len(found) != 1:
        raise Fault(f"{name}: {place.file} has it {len(found)} times: {place.original}")
    return found[0]


def rewritten(text, changes):
    """A file with all its mutants.

    changes: (start, end, mutant's number, place), of places that are apart or within one another.
    """
    changes = sorted(changes, key=lambda change: (change[0], -change[1], change[2]))

    def render(start, end, inner):
        """The text from start to end, the changes in it made."""
        out, position, index = [], start, 0
        while index < len(inner):
            first, last, number, place = inner[index]
            nested = [change for change in inner[index + 1:] if change[0] < last]
            if any(change[1] > last for change in nested):
                raise Fault(f"{place.file}: places overlap at {text[first:last]}")
            original = render(first, last, nested)
            out.append(text[position:first])
            if place.is_statement:
                then = place.mutated and f" {place.mutated} "
                out.append(f"if isMutant({number}) {{{then}}} else {{ {original} }}")
            else:
                out.append(f"(isMutant({number}) ? ({place.mutated}) : ({original}))")
            position = last
            index += 1 + len(nested)
        out.append(text[position:end])
        return "".join(out)

    return "import CMutants\n" + render(0, len(text), changes)


def changed_files(all_mutants):
    """Path and new text of every file that has a mutant."""
    texts, changes, faults = {}, {}, []
    for mutant in all_mutants:
        for place in mutant.places:
            try:
                if place.file not in texts:
                    with open(os.path.join(ROOT, place.file), encoding="utf-8") as file:
                        texts[place.file] = file.read()
                start, end = span(texts[place.file], place, mutant.name)
                changes.setdefault(place.file, []).append((start, end, mutant.number, place))
            except FileNotFoundError:
                faults.append(f"{mutant.name}: {place.file} is not there")
            except Fault as fault:
                faults.append(str(fault))
    files = {}
    for path, found in changes.items():
        try:
            files[path] = rewritten(texts[path], found)
        except Fault as fault:
            faults.append(str(fault))
    if faults:
        raise Fault("\n  ".join([f"{len(faults)} places are not there, or more than once:", *faults]))
    return files


HEADER = """#include <stdbool.h>

extern int tacit_mutant;

static inline bool isMutant(int number) { return __builtin_expect(tacit_mutant == number, 0); }
"""

CHOICE = """#include "CMutants.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int tacit_mutant = 0;

static const char *const names[] = {
%s
};

__attribute__((constructor)) static void choose(void) {
  const char *name = getenv("%s");
  if (name == NULL || *name == 0) return;
  for (int number = 1; number <= %d; number++) {
    if (strcmp(names[number], name) == 0) {
      tacit_mutant = number;
      return;
    }
  }
  fprintf(stderr, "no mutant is called %%s\\n", name);
  _Exit(%d);
}
"""


def package_file(text):
    """The copy's Package.swift: every room knows the mutants, and warnings are no errors."""
    def replace(old, new):
        nonlocal text
        if text.count(old) != 1:
            raise Fault(f"Package.swift has it {text.count(old)} times: {old}")
        text = text.replace(old, new)
    replace("  .strictMemorySafety(),\n", "")
    replace("  .treatAllWarnings(as: .error),\n", "")
    replace(
        ".target(name: name, dependencies: dependencies, swiftSettings: settings)",
        '.target(name: name, dependencies: dependencies + ["CMutants"], swiftSettings: settings)')
    replace('    .target(name: "CKernels"),\n',
            '    .target(name: "CKernels"),\n    .target(name: "CMutants"),\n')
    return text


def write(path, data):
    """Writes what is not there already, so that a build does no more than it has to."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.exists(path):
        with open(path, "rb") as file:
            if file.read() == data:
                return
    with open(path, "wb") as file:
        file.write(data)


def make(all_mutants):
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True,
        capture_output=True).stdout.decode().split("\0")
    # With the versions of other packages that are in use here.
    files = {
        path for path in listed + ["Package.resolved"] if path and os.path.isfile(os.path.join(ROOT, path))
    }
    contents = {path: text.encode() for path, text in changed_files(all_mutants).items()}
    with open(os.path.join(ROOT, "Package.swift"), encoding="utf-8") as file:
        contents["Package.swift"] = package_file(file.read()).encode()
    names = ",\n".join(f'  "{name}"' for name in [""] + [mutant.name for mutant in all_mutants])
    contents["Sources/CMutants/include/CMutants.h"] = HEADER.encode()
    contents["Sources/CMutants/choice.c"] = (
        CHOICE % (names, VARIABLE, len(all_mutants), UNKNOWN)).encode()
    for path in files | set(contents):
        target = os.path.join(COPY, path)
        if path not in contents:
            with open(os.path.join(ROOT, path), "rb") as file:
                write(target, file.read())
            shutil.copymode(os.path.join(ROOT, path), target)
        else:
            write(target, contents[path])
    for folder, _, found in os.walk(COPY):
        for name in found:
            path = os.path.relpath(os.path.join(folder, name), COPY)
            if path not in files and path not in contents and path != "Package.resolved":
                os.remove(os.path.join(COPY, path))
    print(f"{len(all_mutants)} mutants in {len(contents) - 3} files: {COPY}")


def check(all_mutants):
    """That every place is there and that the rewritten files can be parsed."""
    folder = os.path.join(WORK, "check")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    faults = 0
    files = changed_files(all_mutants)
    for number, (path, text) in enumerate(sorted(files.items())):
        file = os.path.join(folder, f"{number}-{os.path.basename(path)}")
        write(file, text.encode())
        parsed = subprocess.run(
            [SWIFT + "c", "-frontend", "-parse", "-swift-version", "6", file], capture_output=True)
        if parsed.returncode != 0:
            faults += 1
            print(path, parsed.stderr.decode(), sep="\n", file=sys.stderr)
    if faults:
        raise Fault(f"{faults} files cannot be parsed")
    print(f"{len(all_mutants)} mutants in {len(files)} files, each in its place")


# MARK: Running


def stamp(all_mutants):
    return hashlib.sha256(json.dumps([[m.name, m.key] for m in all_mutants]).encode()).hexdigest()


def build(all_mutants):
    subprocess.run(
        [SWIFT, "build", "--build-tests", "-c", "release", "-Xswiftc", "-enable-testing", "--package-path", COPY,
         "--scratch-path", BUILD],
        check=True)
    write(os.path.join(BUILD, "mutants"), stamp(all_mutants).encode())


def command(tests):
    bundles = glob.glob(os.path.join(BUILD, "release", "*PackageTests.xctest"))
    if len(bundles) == 1 and os.path.isfile(bundles[0]):
        return [bundles[0], "--testing-library", "swift-testing", "--filter", tests]
    return [
        SWIFT, "test", "--skip-build", "--disable-xctest", "-c", "release", "--package-path", COPY,
        "--scratch-path", BUILD, "--filter", tests,
    ]


@dataclasses.dataclass
class Outcome:
    status: int
    seconds: float
    # Over the time limit.
    is_late: bool
    output: str

    @property
    def count(self):
        """Tests that were run."""
        found = re.findall(r"Test run with (\d+) tests?", self.output)
        return int(found[-1]) if found else 0

    @property
    def first(self):
        """What noticed it."""
        if self.is_late:
            return "no end: stopped after its time"
        found = re.search(r'✘.*? Test "?(.*?)"? (?:recorded an issue|failed after)', self.output)
        if found:
            return re.sub(r"^`|`?\(\)$|`$", "", found.group(1))
        if self.status < 0:
            begun = re.findall(r'Test "?(.*?)"? started', self.output)
            ended = set(re.findall(r'Test "?(.*?)"? passed', self.output))
            running = [name for name in begun if name not in ended]
            return f"a trap in: {running[0] if running else 'no test'}"
        return f"exit {self.status}"


def run_tests(tests, name, limit):
    # A trap is told by the exit status; to draw its backtrace takes longer than the tests.
    environment = {**os.environ, VARIABLE: name, "SWIFT_BACKTRACE": "enable=no"}
    start = time.monotonic()
    process = subprocess.Popen(
        command(tests), cwd=COPY, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL, start_new_session=True)
    is_late = False
    try:
        output, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        is_late = True
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
    text = re.sub(r"\x1b\[[0-9;]*m", "", output.decode(errors="replace"))
    return Outcome(process.returncode, time.monotonic() - start, is_late, text)


def load():
    try:
        with open(RESULTS, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def run(all_mutants, names, jobs):
    try:
        with open(os.path.join(BUILD, "mutants"), encoding="utf-8") as file:
            built = file.read()
    except FileNotFoundError:
        built = ""
    if built != stamp(all_mutants):
        raise Fault("the build is not of these lists: mutants.py make, then build")
    unknown = set(names) - {mutant.name for mutant in all_mutants}
    if unknown:
        raise Fault(f"no mutant is called {', '.join(sorted(unknown))}")
    results = load()
    chosen = [
        mutant for mutant in all_mutants
        if (mutant.name in names if names else not (
            results.get(mutant.name, {}).get("key") == mutant.key and results[mutant.name]["noticed"]))
    ]
    limits = {}
    for tests in sorted({mutant.tests for mutant in chosen}):
        outcome = run_tests(tests, "", None)
        if outcome.status != 0 or outcome.count == 0:
            raise Fault(f"without a mutant, {tests}: {outcome.count} tests, {outcome.first}")
        limits[tests] = max(LEAST, FACTOR * outcome.seconds)
        print(f"{outcome.seconds:7.1f} s  {outcome.count} tests pass without a mutant: {tests}", flush=True)

    def one(mutant):
        return mutant, run_tests(mutant.tests, mutant.name, limits[mutant.tests])

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for mutant, outcome in pool.map(one, chosen):
            if outcome.status == UNKNOWN:
                raise Fault(f"the build has no {mutant.name}")
            noticed = outcome.status != 0
            results[mutant.name] = {
                "key": mutant.key, "noticed": noticed, "by": outcome.first if noticed else "",
                "seconds": round(outcome.seconds, 1),
            }
            write(RESULTS, json.dumps(results, indent=1).encode())
            told = results[mutant.name]["by"] if noticed else "SURVIVES" + (mutant.because and ", as it must")
            print(f"{outcome.seconds:7.1f} s  {mutant.name}: {told}", flush=True)
    return score(all_mutants, results)


def score(all_mutants, results):
    """Prints it; whether nothing survives that is not explained."""
    known = [mutant for mutant in all_mutants if results.get(mutant.name, {}).get("key") == mutant.key]
    noticed = [mutant for mutant in known if results[mutant.name]["noticed"]]
    survivors = [mutant for mutant in known if not results[mutant.name]["noticed"]]
    open_ones = [mutant.name for mutant in survivors if not mutant.because]
    print(
        f"{len(all_mutants)} mutants, {len(known)} run: {len(noticed)} noticed, "
        f"{len(survivors) - len(open_ones)} explained, {len(open_ones)} survive")
    for name in open_ones:
        print(f"  {name}")
    return not open_ones


# MARK: Pages


def put(path, text):
    """Between the page's markers."""
    begin, end = "<!-- mutants.py table -->\n", "<!-- end of the table -->"
    with open(path, encoding="utf-8") as file:
        page = file.read()
    if page.count(begin) != 1 or page.count(end) != 1:
        raise Fault(f"{path} has no markers")
    head, _, rest = page.partition(begin)
    write(path, (head + begin + text + end + rest.partition(end)[2]).encode())


def table(all_mutants):
    results = load()
    rows, files = [], {}
    for mutant in all_mutants:
        result = results.get(mutant.name, {})
        if result.get("key") != mutant.key:
            by, seconds, verdict = "not run", "", "left"
        elif result["noticed"]:
            by, seconds, verdict = result["by"], f"{result['seconds']:.1f}", "noticed"
        else:
            by, seconds = mutant.because or "**survives**", f"{result['seconds']:.1f}"
            verdict = "explained" if mutant.because else "survives"
        for file in mutant.files[:1]:
            counts = files.setdefault(file, {})
            counts[verdict] = counts.get(verdict, 0) + 1
        where = ", ".join(f"[{os.path.basename(f)[:-6]}](../{f})" for f in mutant.files)
        cell = by.replace("|", "\\|").replace("<", "&lt;")
        rows.append(f"| {mutant.name} | {where} | {cell} | {seconds} |\n")
    put(os.path.join(ROOT, "docs", "mutants.md"),
        "\n| mutant | where | noticed by the test, or why not | seconds |\n| --- | --- | --- | --- |\n"
        + "".join(rows) + "\n")
    columns = ["noticed", "explained", "survives", "left"]
    total = {column: sum(counts.get(column, 0) for counts in files.values()) for column in columns}
    text = (
        f"\n{len(all_mutants)} mutants: {total['noticed']} are noticed, {total['explained']} cannot be and say why, "
        f"{total['survives']} survive, {total['left']} were not run.\n\n"
        "| of | noticed | explained | survive | not run |\n| --- | --- | --- | --- | --- |\n")
    for file, counts in sorted(files.items()):
        text += f"| [{file.removeprefix('Sources/')}](../{file}) | " + " | ".join(
            str(counts.get(column, 0)) for column in columns) + " |\n"
    put(os.path.join(ROOT, "docs", "security.md"), text + "\n")


def main():
    parser = argparse.ArgumentParser(description="Would a test notice if a check were not there?")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ["check", "make", "build", "table"]:
        verbs.add_parser(verb)
    running = verbs.add_parser("run")
    running.add_argument("names", nargs="*")
    running.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    found = mutants()
    if options.verb == "run":
        return 0 if run(found, options.names, options.jobs) else 1
    {"check": check, "make": make, "build": build, "table": table}[options.verb](found)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Fault as fault:
        sys.exit(f"mutants: {fault}")
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
