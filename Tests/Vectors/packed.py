"""Vectors as JSON: one case a line, arrays as little-endian bytes in base64."""

import base64
import json

import numpy as np


def packed(array):
  array = np.ascontiguousarray(array)
  little = array.astype(array.dtype.newbyteorder("<"))
  return {
    "type": array.dtype.name, "shape": list(array.shape),
    "data": base64.b64encode(little.tobytes()).decode(),
  }


def case(name, model, rows, **others):
  """`model`: a ModelProto; `rows`: pairs of lists of arrays, inputs and outputs."""
  return {
    "name": name, **others, "model": base64.b64encode(model.SerializeToString()).decode(),
    "rows": [
      {"inputs": [packed(v) for v in inputs], "outputs": [packed(v) for v in outputs]}
      for inputs, outputs in rows
    ],
  }


def write(path, cases):
  lines = [json.dumps(made, separators=(",", ":")) for made in cases]
  path.write_text("[\n" + ",\n".join(lines) + "\n]\n")
