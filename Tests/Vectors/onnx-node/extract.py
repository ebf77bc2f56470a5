"""Writes cases.json: node tests of the onnx package, of every operator that takes and gives what a network holds.

Each line holds a model of one node, and the inputs and outputs that the onnx package states for it.
The package passes weights, scales and shapes as inputs; here all but the activations are initializers,
as they are in a model.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import packed  # noqa: E402

MOST = 40_000  # bytes of a case

# Operators with several activations, and how many; 0: all operands. Others have one.
ACTIVATIONS = {
  "Add": 2, "Sub": 2, "Mul": 2, "Concat": 0, "Max": 0, "Mean": 0, "Min": 0, "Sum": 0,
}
TYPES = {"float32", "int8", "uint8", "int64"}
# Operators whose integers of bytes are those of their operands.
CHOOSING = {"Max", "MaxPool", "Min"}


def case(test):
  """The case as an object, or None where it is out of scope."""
  graph = test.model.graph
  if len(graph.node) != 1 or not test.data_sets:
    return None
  node = graph.node[0]
  inputs, outputs = test.data_sets[0]
  if not all(isinstance(v, (np.ndarray, np.generic)) for v in inputs + outputs):
    return None
  inputs, outputs = [np.asarray(v) for v in inputs], [np.asarray(v) for v in outputs]
  activations = ACTIVATIONS.get(node.op_type, 1) or len(inputs)
  model = onnx.ModelProto()
  model.CopyFrom(test.model)
  model.ClearField("producer_name")
  del model.graph.input[activations:]
  for value, array in list(zip(graph.input, inputs))[activations:]:
    model.graph.initializer.append(numpy_helper.from_array(array, value.name))
  kept = inputs[:activations]
  if not kept or any(v.dtype.name not in TYPES for v in kept + outputs):
    return None
  # Sums and products of integers are not what a network computes.
  quantized = node.op_type.startswith("QLinear") or node.op_type.endswith("quantizeLinear")
  chosen = node.op_type in CHOOSING and all(v.dtype.name in ("int8", "uint8") for v in kept)
  if any(v.dtype.name != "float32" for v in kept) and not (
    quantized or chosen or node.op_type == "DequantizeLinear"
  ):
    return None
  made = packed.case(test.name, model, [(kept, outputs)], operator=node.op_type)
  return made if len(json.dumps(made)) <= MOST else None


def main():
  np.random.seed(0)
  cases = {}
  for test in collect_testcases(None):
    made = case(test)
    if made:
      cases[made["name"]] = made
  packed.write(HERE / "cases.json", [cases[name] for name in sorted(cases)])
  print(f"onnx {onnx.__version__}: {len(cases)} cases")


if __name__ == "__main__":
  main()
