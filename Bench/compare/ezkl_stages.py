"""One stage of EZKL in a process of its own: `python ezkl_stages.py STAGE`, in the network's folder.

Prints the seconds of the call alone, so that starting Python is not EZKL's cost. Settings are EZKL's
own defaults (8-bit scales found by its calibration for the fewest resources, weights fixed in the
circuit, input and output public); the structured reference string is made up, which costs no proof
anything. Where making it up takes too long, `stand_in` writes a file of the right size in its place.
"""

import asyncio
import inspect
import json
import sys
import time
from pathlib import Path

import ezkl

PIECE_LOGROWS = 12


def settings():
    arguments = ezkl.PyRunArgs()
    arguments.input_visibility = "public"
    arguments.output_visibility = "public"
    arguments.param_visibility = "fixed"
    return ezkl.gen_settings("model.onnx", "settings.json", py_run_args=arguments)


def calibrate():
    return ezkl.calibrate_settings(
        "calibration.json", "model.onnx", "settings.json", "resources", max_logrows=26)


def compile():
    return ezkl.compile_circuit("model.onnx", "model.ezkl", "settings.json")


def srs():
    logrows = json.loads(Path("settings.json").read_text())["run_args"]["logrows"]
    return ezkl.gen_srs("srs", logrows)


def stand_in():
    """In place of `srs`: the points of a small string, over and over.

    `setup` reads as many points of the curve and takes the same time and memory; what it makes can
    be measured and is worth nothing.
    """
    logrows = json.loads(Path("settings.json").read_text())["run_args"]["logrows"]
    ezkl.gen_srs("piece", PIECE_LOGROWS)
    piece = Path("piece").read_bytes()
    # logrows in 4 bytes, 2^logrows points of 64 bytes, as many for Lagrange's basis, two of 128.
    size = 64 << PIECE_LOGROWS
    points, lagrange, rest = piece[4:4 + size], piece[4 + size:4 + 2 * size], piece[4 + 2 * size:]
    assert piece[:4] == PIECE_LOGROWS.to_bytes(4, "little") and len(rest) == 256
    with open("srs", "wb") as file:
        file.write(logrows.to_bytes(4, "little"))
        for part in [points, lagrange]:
            for _ in range(1 << (logrows - PIECE_LOGROWS)):
                file.write(part)
        file.write(rest)


def setup():
    return ezkl.setup("model.ezkl", "vk", "pk", "srs")


def witness():
    return ezkl.gen_witness("input.json", "model.ezkl", "witness.json")


def prove():
    return ezkl.prove("witness.json", "model.ezkl", "pk", "proof", "srs")


def verify():
    assert ezkl.verify("proof", "settings.json", "vk", "srs")


STAGES = [settings, calibrate, compile, srs, stand_in, setup, witness, prove, verify]

if __name__ == "__main__":
    stage = {stage.__name__: stage for stage in STAGES}[sys.argv[1]]

    async def call():
        value = stage()
        return await value if inspect.isawaitable(value) else value

    start = time.perf_counter()
    asyncio.run(call())
    print(f"\nseconds {time.perf_counter() - start}")
