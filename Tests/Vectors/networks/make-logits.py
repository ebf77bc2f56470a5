"""Writes logits/NAME.i8: LiteRT's integers before the last step, on the golden inputs of ../shared.

    python3 make-logits.py        packages as in ../../interop/requirements.txt
"""

import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "interop"))
from inputs import SHARED  # noqa: E402
from runtimes import LiteRT  # noqa: E402

(HERE / "logits").mkdir(exist_ok=True)
for name, facts in json.loads((SHARED / "golden" / "golden.json").read_text()).items():
  if "logits_shape" not in facts:
    continue
  runtime = LiteRT(SHARED / "mlperf_tiny" / f"{name}.tflite")
  rows = np.fromfile(SHARED / "golden" / f"{name}.input.i8", np.int8)
  logits, final = runtime(rows.reshape(facts["cases"], *facts["input_shape"][1:]))
  assert (np.fromfile(SHARED / "golden" / f"{name}.output.i8", np.int8) == final.ravel()).all()
  theirs = np.fromfile(SHARED / "golden" / f"{name}.logits.i8", np.int8)
  print(name, int((theirs != logits.ravel()).sum()), "of", theirs.size, "differ from ../shared's")
  logits.astype(np.int8).tofile(HERE / "logits" / f"{name}.i8")
