"""One stage of EZKL in a process of its own: `python ezkl_stages.py STAGE`, in the network's folder.

Prints the seconds of the call alone, so that starting Python is not EZKL's cost. Settings are EZKL's
own defaults (8-bit scales found by its calibration for the fewest resources, weights fixed in the
circuit, input and output public); the structured reference string is made up, which costs no proof
anything.
"""

import asyncio
import inspect
import json
import sys
import time
from pathlib import Path

import ezkl


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


def setup():
    return ezkl.setup("model.ezkl", "vk", "pk", "srs")


def witness():
    return ezkl.gen_witness("input.json", "model.ezkl", "witness.json")


def prove():
    return ezkl.prove("witness.json", "model.ezkl", "pk", "proof", "srs")


def verify():
    assert ezkl.verify("proof", "settings.json", "vk", "srs")


STAGES = [settings, calibrate, compile, srs, setup, witness, prove, verify]

if __name__ == "__main__":
    stage = {stage.__name__: stage for stage in STAGES}[sys.argv[1]]

    async def call():
        value = stage()
        return await value if inspect.isawaitable(value) else value

    start = time.perf_counter()
    asyncio.run(call())
    print(f"\nseconds {time.perf_counter() - start}")
