"""Tacit and EZKL prove the same ONNX files on the same machine, one after the other.

    python compare.py TACIT [--only NAME ...] [--tacit-only] [--gib 20] [--minutes 30]

Prints a line per network and writes it into results.json and chart.svg beside this file.
Every stage is a process of its own; time is that of the whole command for Tacit (start, reading the
key, proving, writing the proof) and of the call alone for EZKL, memory the peak of the process.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import chart
import networks
from stage import GIB, Unfinished, run

HERE = Path(__file__).resolve().parent
TACIT_RUNS = 7
REAL_LOGROWS = 22  # 2^23 rows of reference string take nearly half an hour on two cores


def tacit(binary: Path, folder: Path, limits) -> Iterator[dict]:
    def step(what, *arguments, runs=1):
        return [run([str(binary), *arguments], what, *limits, folder) for _ in range(runs)]

    compiled = step("compile", "compile", "model.onnx", "--calibrate", "calibration.npy",
                    "-o", "model", "--force")[0]
    prove = step("prove", "prove", "model.prover", "input.npy", "-o", "proof.tacit", "--force",
                 runs=TACIT_RUNS)
    verify = step("verify", "verify", "model.verifier", "proof.tacit", runs=TACIT_RUNS)
    warm = json.loads(step(
        "bench", "bench", "model.onnx", "--calibrate", "calibration.npy", "--json")[0].output)
    yield {
        "setup_s": compiled.seconds, "setup_peak_bytes": compiled.peak_bytes,
        "prove_s": statistics.median(one.seconds for one in prove),
        "prove_warm_s": warm["prove_ms"] / 1000,
        "prove_peak_bytes": max(one.peak_bytes for one in prove),
        "verify_s": statistics.median(one.seconds for one in verify),
        "verify_warm_s": warm["verify_ms"] / 1000,
        "prover_key_bytes": (folder / "model.prover").stat().st_size,
        "verifier_key_bytes": (folder / "model.verifier").stat().st_size,
        "proof_bytes": (folder / "proof.tacit").stat().st_size,
    }


def ezkl(folder: Path, limits) -> Iterator[dict]:
    def step(stage, what=None):
        one = run([sys.executable, str(HERE / "ezkl_stages.py"), stage], what or stage, *limits,
                  folder)
        seconds = [line.split()[1] for line in one.output.splitlines() if line.startswith("seconds ")]
        return float(seconds[-1]), one.peak_bytes

    for stage in ["settings", "calibrate", "compile"]:
        step(stage)
    logrows = json.loads((folder / "settings.json").read_text())["run_args"]["logrows"]
    stand_in = logrows > REAL_LOGROWS
    yield {"logrows": logrows} | ({"srs": "stand-in"} if stand_in else {})
    step("stand_in" if stand_in else "srs")
    setup, setup_peak = step("setup", "set-up")
    yield {
        "setup_s": setup, "setup_peak_bytes": setup_peak,
        "prover_key_bytes": (folder / "pk").stat().st_size,
        "verifier_key_bytes": (folder / "vk").stat().st_size,
    }
    if stand_in:
        raise Unfinished("reference string too long to make")
    step("witness")
    prove, prove_peak = step("prove", "proving")
    verify, _ = step("verify")
    proof = json.loads((folder / "proof").read_text())
    yield {
        "prove_s": prove, "prove_peak_bytes": prove_peak, "verify_s": verify,
        "proof_bytes": len(proof["proof"]) if isinstance(proof["proof"], list)
        else len(proof["hex_proof"]) // 2 - 1,
    }


def attempt(system, *arguments) -> dict:
    """What a system measures; where it does not finish, also why."""
    measured = {}
    try:
        for part in system(*arguments):
            measured |= part
    except Unfinished as reason:
        measured["unfinished"] = str(reason)
    return measured


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(os.sched_getaffinity(0))} cores, {names[0] if names else platform.machine()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tacit", type=Path)
    parser.add_argument("--only", nargs="+", choices=networks.NAMES, default=networks.NAMES)
    parser.add_argument("--tacit-only", action="store_true",
                        help="measure Tacit again beside EZKL's figures of results.json")
    parser.add_argument("--gib", type=float, default=20, help="most memory a stage may hold")
    parser.add_argument("--minutes", type=float, default=30, help="most time a stage may take")
    options = parser.parse_args()
    limits = (int(options.gib * GIB), options.minutes * 60)
    work = HERE.parents[1] / ".build/compare"
    record_file = HERE / "results.json"
    known = json.loads(record_file.read_text())["results"] if record_file.exists() else []
    results = {one["network"]: one for one in known}
    for name in options.only:
        folder = work / name
        networks.write(name, folder)
        one = {"network": name, "tacit": attempt(tacit, options.tacit.resolve(), folder, limits)}
        one["ezkl"] = (
            results[name]["ezkl"] if options.tacit_only else attempt(ezkl, folder, limits))
        print(chart.row(one), flush=True)
        shutil.rmtree(folder)
        results[name] = one
        record = {"machine": machine(), "ezkl": importlib.metadata.version("ezkl"),
                  "results": [results[name] for name in networks.NAMES if name in results]}
        record_file.write_text(json.dumps(record, indent=1) + "\n")
        (HERE / "chart.svg").write_text(chart.svg(record))
    if any("unfinished" in one["tacit"] for one in results.values()):
        sys.exit("Tacit did not finish every network")


if __name__ == "__main__":
    main()
