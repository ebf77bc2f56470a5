"""Writes a float ONNX multilayer perceptron with seeded random weights, for measuring only.

    make-dense.py 784-128-10 [--seed 1] [--calibration 16]

writes, beside itself: dense-784-128-10.onnx (Gemm, Relu, ..., Gemm; weights stored [inputs,
outputs], He-initialised), dense-784-128-10.calibration.npy [rows, 784] and
dense-784-128-10.input.npy [1, 784], all float32. Inputs look like grey images: four pixels of five
are 0, the others k/255.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).resolve().parent


def build(sizes, rng):
  nodes, weights, tensor = [], [], "input"
  for layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
    last = layer == len(sizes) - 2
    weight = rng.standard_normal((inputs, outputs)) * np.sqrt(2 / inputs)
    bias = rng.standard_normal(outputs) * 0.05
    weights.append(numpy_helper.from_array(weight.astype(np.float32), f"dense{layer}.weight"))
    weights.append(numpy_helper.from_array(bias.astype(np.float32), f"dense{layer}.bias"))
    result = "output" if last else f"dense{layer}"
    nodes.append(helper.make_node(
      "Gemm", [tensor, weights[-2].name, weights[-1].name], [result], f"dense{layer}"))
    if not last:
      nodes.append(helper.make_node("Relu", [result], [f"relu{layer}"], f"relu{layer}"))
      tensor = f"relu{layer}"
  graph = helper.make_graph(
    nodes, "dense",
    [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, sizes[0]])],
    [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, sizes[-1]])], weights)
  model = helper.make_model(
    graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8,
    producer_name="Bench/models/make-dense.py")
  onnx.checker.check_model(model, full_check=True)
  return model


def images(rows, width, rng):
  values = rng.integers(1, 256, (rows, width)) / 255
  return np.where(rng.random((rows, width)) < 0.8, 0, values).astype(np.float32)


def main():
  arguments = argparse.ArgumentParser()
  arguments.add_argument("sizes", help="layer widths joined by '-', such as 784-128-10")
  arguments.add_argument("--seed", type=int, default=1)
  arguments.add_argument("--calibration", type=int, default=16, help="rows")
  given = arguments.parse_args()
  sizes = [int(size) for size in given.sizes.split("-")]
  rng = np.random.default_rng(given.seed)
  name = f"dense-{given.sizes}"
  onnx.save(build(sizes, rng), HERE / f"{name}.onnx")
  np.save(HERE / f"{name}.calibration.npy", images(given.calibration, sizes[0], rng))
  np.save(HERE / f"{name}.input.npy", images(1, sizes[0], rng))


if __name__ == "__main__":
  main()
