"""Random quantized networks: what `inspect` accepts compiles, and `run` gives onnxruntime's integers.

    random_networks.py TACIT [COUNT [SEED]]

Each network is one to six operators with attributes, shapes and an order of their own, each between a DequantizeLinear
and a QuantizeLinear. What onnxruntime does not run, or Tacit refuses by name, is left out and counted. Exits with 1
when an accepted network does not compile, when a value differs in a network that has nothing to round as single
precision happens to (sums and averages at one scale, and what `compile` names in a note), or when more values of
the others differ than ties are.
"""

import collections
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

ROWS = 8
# Averages and sums at one scale, which onnxruntime adds in single precision: it decides their ties.
ADDING = {"Add", "Sub", "ReduceMean", "ReduceSum", "ReduceL1", "CumSum", "AveragePool", "GlobalAveragePool"}
LARGEST_SHARE = 0.01
# In no small ratio.
SCALES = [0.0523, 0.0371, 0.0817, 0.1307]
ZEROS = [-128, 0, 3, 127]


class Network:
  """Nodes as they are drawn; tensors are (name, shape)."""

  def __init__(self, seed):
    self.rng = np.random.default_rng(seed)
    self.nodes, self.constants, self.types = [], [], []
    self.shape = [1] + [int(e) for e in self.rng.integers(1, 6, self.rng.integers(1, 5))]
    # Where a tensor keeps its integers, its scale and zero point are those of what it was made of.
    self.quantizations = {}
    self.tensors = [(self.quantize("x", self.shape, None), self.shape)]

  def pick(self, values):
    return values[self.rng.integers(len(values))]

  def whole(self, low, high):
    return int(self.rng.integers(low, high + 1))

  def flips(self):
    return bool(self.rng.integers(2))

  def constant(self, value):
    name = f"c{len(self.constants)}"
    self.constants.append(numpy_helper.from_array(value, name))
    return name

  def integers(self, *values):
    return self.constant(np.array(values, np.int64).reshape(-1))

  def quantize(self, real, shape, like):
    """QuantizeLinear and DequantizeLinear; returns the reals behind them."""
    scale, zero = self.quantizations[like] if like else (self.pick(SCALES), self.pick(ZEROS))
    count = len(self.nodes)
    ends = [self.constant(np.float32(scale)), self.constant(np.int8(zero))]
    self.nodes.append(helper.make_node("QuantizeLinear", [real, *ends], [f"q{count}"], f"q{count}"))
    self.nodes.append(
      helper.make_node("DequantizeLinear", [f"q{count}", *ends], [f"r{count}"], f"r{count}"))
    self.quantizations[f"r{count}"] = (scale, zero)
    return f"r{count}"

  def weight(self, shape):
    """A constant of int8 behind a DequantizeLinear."""
    count = len(self.nodes)
    values = self.rng.integers(-127, 128, shape).astype(np.int8)
    operands = [self.constant(values), self.constant(np.float32(0.0213)), self.constant(np.int8(0))]
    self.nodes.append(helper.make_node("DequantizeLinear", operands, [f"w{count}"], f"w{count}"))
    return f"w{count}"

  KEEPING = {"Transpose", "Reshape", "Unsqueeze", "Flatten", "Slice", "Gather", "Tile", "Expand", "MaxPool", "Pad",
             "DepthToSpace", "SpaceToDepth", "ReduceMax", "ReduceMin"}
  KINDS = sorted(KEEPING) + [
    "Relu", "Sigmoid", "LeakyRelu", "Abs", "Add", "Sub", "Mul", "Max", "Min", "Concat", "ReduceMean", "ReduceSum",
    "ReduceL1", "CumSum", "AveragePool", "GlobalAveragePool", "Conv", "ConvTranspose", "Gemm", "MatMul",
  ]

  def add(self):
    """Draws a node; nothing where onnx's shape inference refuses it."""
    kind = self.pick(self.KINDS)
    x, shape = self.pick(self.tensors)
    rank, inputs, attributes = len(shape), [x], {}
    before = len(self.nodes), len(self.constants)
    axes = [int(a) for a in self.rng.permutation(rank)[:self.whole(1, rank)]]
    if kind in ("Add", "Sub", "Mul", "Max", "Min"):
      inputs.append(self.weight([e if self.flips() else 1 for e in shape]) if self.flips()
                    else self.pick(self.tensors)[0])
    elif kind == "Concat":
      inputs.append(self.pick(self.tensors)[0])
      attributes["axis"] = self.whole(0, rank - 1)
    elif kind == "LeakyRelu":
      attributes["alpha"] = 0.1
    elif kind == "Transpose":
      attributes["perm"] = [int(a) for a in self.rng.permutation(rank)]
    elif kind == "Reshape":
      rest, target = int(np.prod(shape)), []
      for _ in range(self.whole(0, 3)):
        target.append(self.pick([d for d in range(1, rest + 1) if rest % d == 0]))
        rest //= target[-1]
      inputs.append(self.integers(*target, rest))
    elif kind == "Unsqueeze":
      inputs.append(self.integers(self.whole(0, rank)))
    elif kind == "Flatten":
      attributes["axis"] = self.whole(0, rank)
    elif kind == "Slice":
      backwards = [self.flips() for _ in axes]
      inputs += [self.integers(*[-1 if b else self.whole(0, 2) for b in backwards]),
                 self.integers(*[self.whole(-5, -2) if b else self.whole(1, 5) for b in backwards]),
                 self.integers(*axes),
                 self.integers(*[self.whole(-2, -1) if b else self.whole(1, 2) for b in backwards])]
    elif kind == "Pad":
      attributes["mode"] = self.pick(["constant", "reflect", "edge"])
      inputs.append(self.integers(*[self.whole(0, 2) for _ in range(2 * rank)]))
    elif kind == "Gather":
      axis = self.whole(0, rank - 1)
      attributes["axis"] = axis
      extents = [self.whole(1, 3) for _ in range(self.whole(0, 2))]
      inputs.append(self.constant(self.rng.integers(-shape[axis], shape[axis], extents).astype(np.int64)
                                  if extents else np.int64(self.whole(0, shape[axis] - 1))))
    elif kind == "Tile":
      inputs.append(self.integers(*[self.whole(1, 2) for _ in shape]))
    elif kind == "Expand":
      inputs.append(self.integers(*[self.whole(1, 3) if e == 1 else e for e in shape]))
    elif kind in ("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1"):
      attributes["keepdims"] = self.whole(0, 1)
      inputs.append(self.integers(*axes))
    elif kind == "CumSum":
      inputs.append(self.constant(np.int64(self.whole(0, rank - 1))))
    elif kind in ("MaxPool", "AveragePool", "Conv", "ConvTranspose"):
      if rank < 3:
        return
      kernel = [self.whole(1, 3) for _ in shape[2:]]
      attributes.update(kernel_shape=kernel, strides=[self.whole(1, 3) for _ in kernel],
                        pads=[self.whole(0, k - 1) for k in kernel + kernel])
      if kind == "Conv":
        group = 1 if self.flips() else shape[1]
        attributes.update(group=group, dilations=[self.whole(1, 2) for _ in kernel])
        inputs.append(self.weight([group * self.whole(1, 2), shape[1] // group, *kernel]))
      elif kind == "ConvTranspose":
        inputs.append(self.weight([shape[1], self.whole(1, 2), *kernel]))
    elif kind in ("Gemm", "MatMul"):
      inputs.append(self.weight([shape[-1], self.whole(1, 3)]))
    elif kind in ("DepthToSpace", "SpaceToDepth"):
      attributes["blocksize"] = 2
    made = f"{kind.lower()}{len(self.nodes)}"
    self.nodes.append(helper.make_node(kind, inputs, [made], made, **attributes))
    try:
      inferred = onnx.shape_inference.infer_shapes(self.model(made), strict_mode=True, data_prop=True)
      output = [d.dim_value for d in inferred.graph.output[0].type.tensor_type.shape.dim]
    except Exception:
      output = []
    if not output or len(output) > 6 or not 0 < int(np.prod(output)) <= 1 << 10:
      del self.nodes[before[0]:], self.constants[before[1]:]
      return
    keeps = x if kind in self.KEEPING and self.whole(0, 3) > 0 else None
    self.types.append(kind)
    self.tensors.append((self.quantize(made, output, keeps), output))

  def model(self, output, shape=None, kind=TensorProto.FLOAT):
    graph = helper.make_graph(
      self.nodes, "random", [helper.make_tensor_value_info("x", TensorProto.FLOAT, self.shape)],
      [helper.make_tensor_value_info(output, kind, shape)], self.constants)
    return helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", 18)])


def draw(seed):
  """A network that ends in integers, or nothing."""
  network = Network(seed)
  wanted = network.whole(1, 6)
  for _ in range(40):
    if len(network.types) < wanted:
      network.add()
  if not network.types:
    return None
  output, shape = network.tensors[-1]
  network.nodes.pop()
  return network, network.model(output.replace("r", "q"), shape, TensorProto.INT8)


def run(program, *arguments):
  return subprocess.run([program, *arguments], capture_output=True, text=True)


def main(program, count=300, first=0):
  ort.set_default_logger_severity(4)
  counts, failed, reasons = collections.Counter(), [], collections.Counter()
  with tempfile.TemporaryDirectory() as folder:
    base = Path(folder)
    for seed in range(first, first + count):
      drawn = draw(seed)
      if drawn is None:
        continue
      network, model = drawn
      onnx.save(model, base / "model.onnx")
      rows = [network.rng.uniform(-3, 3, network.shape).astype(np.float32) for _ in range(ROWS)]
      try:
        session = ort.InferenceSession(base / "model.onnx", providers=["CPUExecutionProvider"])
        theirs = np.stack([session.run(None, {"x": row})[0] for row in rows]).reshape(ROWS, -1)
      except Exception:
        counts["not run by onnxruntime"] += 1
        continue
      inspected = run(program, "inspect", base / "model.onnx")
      if inspected.returncode != 0:
        counts["refused"] += 1
        reasons.update([line.strip()[4:90] for line in (inspected.stderr + inspected.stdout).splitlines()
                        if line.strip().startswith("[1]")][:1])
        continue
      counts["accepted"] += 1
      compiled = run(program, "compile", base / "model.onnx", "-o", base / "key", "--force")
      if compiled.returncode != 0:
        failed.append(f"seed {seed} {network.types} does not compile: {compiled.stderr.strip()[:300]}")
        continue
      np.save(base / "rows.npy", np.stack(rows))
      answer = run(program, "run", base / "key.prover", base / "rows.npy", "-o", base / "out.npy", "--proven", "--force")
      if answer.returncode != 0:
        failed.append(f"seed {seed} {network.types} does not run: {answer.stderr.strip()[:300]}")
        continue
      ours = np.load(base / "out.npy").reshape(ROWS, -1)
      apart = np.abs(ours.astype(int) - theirs.astype(int))
      counts["values"] += apart.size
      if not apart.any():
        continue
      counts["networks that differ"] += 1
      counts["values that differ"] += int((apart > 0).sum())
      if not ADDING.intersection(network.types) and "note:" not in compiled.stdout:
        failed.append(
          f"seed {seed} {network.types} differs by {apart.max()}, {int((apart > 0).sum())} of {apart.size}")
  for name, number in counts.items():
    print(f"{name:24}{number:,}")
  for reason, number in reasons.most_common(12):
    print(f"  {number} × {reason}")
  if counts["values that differ"] > LARGEST_SHARE * counts["values"]:
    failed.append("more values differ than ties are")
  for line in failed:
    print("FAILED:", line)
  return 1 if failed or not counts["accepted"] else 0


if __name__ == "__main__":
  sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
