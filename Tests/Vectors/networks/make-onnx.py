"""Writes onnx/*.onnx and onnx.json: small quantized networks and what onnxruntime makes of them."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort

import integer_semantics as semantics
from onnx_networks import add, dense, qdq, qoperator, tensor, watched

HERE = Path(__file__).resolve().parent
RELU, RELU6 = (0, None), (0, 6)


def random_dense(rng, source, target, inputs, outputs, per_channel=False, bias=True, **options):
  """Weights of the full int8 range and an output scale of the size that calibration would find.

  `target`: (zero point, kind); the scale is chosen here.
  """
  scales = rng.uniform(0.002, 0.02, outputs if per_channel else None)
  kind = options.get("weight_kind", "int8")
  low, high = (-127, 128) if kind == "int8" else (0, 256)
  weight = rng.integers(low, high, (inputs, outputs))
  spread = 74 * 74 * np.sqrt(inputs) * float(source["scale"]) * float(np.mean(scales))
  out = tensor(spread / 64 * rng.uniform(0.8, 1.2), *target)
  values = rng.integers(-4000, 4000, outputs) if bias else None
  return dense(source, out, weight, np.asarray(scales, np.float32), values, **options), out


def chain(name, seed, form, widths, kind="int8", zeros=None, input_kind="float32",
          output_kind="float32", activation=RELU, last=None, **options):
  """Dense layers in a row; `zeros`: zero points of the input and each layer's output."""
  rng = np.random.default_rng(seed)
  low = semantics.LIMITS[kind][0]
  zeros = zeros or [int(rng.integers(low, low + 256)) for _ in widths]
  source = tensor(rng.uniform(0.01, 0.06), zeros[0], kind)
  network = {"name": name, "form": form, "input": source, "input_width": widths[0],
             "input_kind": input_kind, "output_kind": output_kind, "layers": []}
  for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
    act = last if i == len(widths) - 2 else activation
    layer, source = random_dense(
      rng, source, (zeros[i + 1], kind), inputs, outputs, activation=act, **options)
    network["layers"].append(layer)
  return network


def branches(name, seed, form, kind):
  """Two dense layers on one input, added: 6 -> (5 + 5)."""
  rng = np.random.default_rng(seed)
  low = semantics.LIMITS[kind][0]
  source = tensor(0.037, low + 120, kind)
  a, a_out = random_dense(rng, source, (low + 100, kind), 6, 5, per_channel=True)
  b, b_out = random_dense(rng, source, (low + 150, kind), 6, 5)
  b["reads"] = [0]
  out = tensor(float(a_out["scale"]) * 1.7, low + 131, kind)
  total = add(a_out, b_out, out, [1, 2])
  return {"name": name, "form": form, "input": source, "input_width": 6, "output_width": 5,
          "input_kind": "float32", "output_kind": "float32", "layers": [a, b, total]}


def single(name, form, input_tensor, output_tensor, weight, scale, bias, **options):
  weight = np.asarray(weight)
  return {"name": name, "form": form, "input": input_tensor, "input_width": weight.shape[0],
          "input_kind": "float32", "output_kind": "float32",
          "layers": [dense(input_tensor, output_tensor, weight, scale, bias, **options)]}


def networks():
  yield chain("qdq-s8-relu", 11, qdq, (7, 5, 3), zeros=[-3, -128, 9])
  yield chain("qdq-s8-channel-relu-inside", 12, qdq, (16, 8, 4), per_channel=True,
              zeros=[17, -20, -128])
  yield chain("qdq-s8-transposed", 13, qdq, (16, 8, 4), per_channel=True, zeros=[0, -128, 3],
              matmul="GemmT")
  yield chain("qdq-u8-channel", 14, qdq, (7, 5, 3), kind="uint8", per_channel=True,
              zeros=[0, 0, 131])
  yield chain("qdq-one", 15, qdq, (1, 1, 1), zeros=[5, -128, 0])
  yield chain("qdq-matmul", 16, qdq, (7, 5, 3), kind="uint8", zeros=[128, 0, 127], bias=False,
              matmul="MatMul")
  yield chain("qdq-matmul-add", 17, qdq, (8, 6, 4), per_channel=True, zeros=[2, -128, -7],
              matmul="MatMulAdd")
  yield chain("qdq-clip", 18, qdq, (7, 5, 3), zeros=[4, -128, -60], activation=RELU6,
              last=(-1.5, 2.25))
  yield chain("qdq-integer-ends", 19, qdq, (7, 5, 3), zeros=[127, -128, -128],
              input_kind="int8", output_kind="int8")
  yield branches("qdq-add", 20, qdq, "int8")
  yield chain("qop-gemm-s8-channel", 21, qoperator, (16, 8, 4), per_channel=True,
              zeros=[-9, -128, 12], activation=None)
  yield chain("qop-gemm-u8-transposed", 22, qoperator, (7, 5, 3), kind="uint8",
              zeros=[0, 128, 255], activation=None, matmul="GemmT")
  yield chain("qop-matmul-u8u8", 23, qoperator, (7, 5, 3), kind="uint8", zeros=[3, 90, 128],
              activation=None, bias=False, weight_kind="uint8", weight_zero_point=119,
              matmul="MatMul")
  yield chain("qop-matmul-s8-channel", 24, qoperator, (8, 4), zeros=[-128, 127], activation=None,
              bias=False, per_channel=True, matmul="MatMul")
  yield branches("qop-add-u8", 25, qoperator, "uint8")
  # Multipliers from far below 1 to far above, one per channel: 2^-37 (rounds to 0), 2^-20, 3.7, 40.
  yield single("qdq-multipliers", qdq, tensor(0.5, 1), tensor(0.25, -11),
               [[127, 127, 1, 1], [-127, -127, 2, -1]], [2.0**-38, 2.0**-21, 1.85, 20.0],
               [0, 20000000, 2, -1])
  # A unit that training let die: weights near 0, so its scale is, and its bias in that scale huge.
  yield single("qdq-dead-unit", qdq, tensor(16 / 255, -128), tensor(0.025, -128),
               [[100, 127], [-50, -3], [127, 60]], [4e-4, 1.97e-8], [700, -103732790],
               activation=RELU)
  # Scales that are powers of two: acc * M lies exactly between two integers again and again.
  yield single("qdq-ties", qdq, tensor(1.0, 0), tensor(4.0, 0), [[1, -1, 2, 3], [1, 1, 1, -1]],
               [1.0, 1.0, 0.5, 0.25], [0, 1, 2, 3])


def float_inputs(network, rng):
  """Random values inside the range, then its ends, zero, and values far outside."""
  source, width = network["input"], network["input_width"]
  low, high = semantics.LIMITS[source["kind"]]
  scale, zero = float(source["scale"]), source["zero_point"]
  steps = [rng.integers(low, high + 1, width) + rng.uniform(-0.49, 0.49, width) for _ in range(5)]
  steps += [np.full(width, low), np.full(width, high), np.full(width, zero),
            np.where(np.arange(width) % 2, low, high), np.where(np.arange(width) % 2, 9999, -9999)]
  rows = [((s - zero) * scale).astype(np.float32) for s in steps]
  # Exact halves when the scale is a power of two: which way QuantizeLinear rounds them.
  if np.log2(scale) % 1 == 0:
    rows += [((np.arange(width) + k + 0.5) * scale).astype(np.float32) for k in range(-6, 6)]
  return np.array(rows)


def integer_inputs(network, rng):
  low, high = semantics.LIMITS[network["input"]["kind"]]
  width = network["input_width"]
  rows = [rng.integers(low, high + 1, width) for _ in range(5)]
  rows += [np.full(width, low), np.full(width, high),
           np.where(np.arange(width) % 2, low, high)]
  return np.array(rows, dtype=network["input_kind"])


def integer_run(network, row):
  tensors = [row]
  for i, layer in enumerate(network["layers"]):
    reads = [tensors[r] for r in layer.get("reads", [i])]
    tensors.append(semantics.add(*reads, layer) if layer["op"] == "add"
                   else semantics.dense(reads[0], layer))
  return tensors


def session(model, level):
  options = ort.SessionOptions()
  options.graph_optimization_level = level
  options.log_severity_level = 3
  return ort.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])


def run(model, names, rows, level=ort.GraphOptimizationLevel.ORT_ENABLE_ALL):
  """Per row, every named tensor as a list of integers."""
  s = session(model, level)
  wanted = [o.name for o in s.get_outputs()]
  return [[dict(zip(wanted, out)).get(n, row)[...].ravel().tolist() for n in names]
          for row in rows for out in [s.run(wanted, {"input": row[None, :]})]]


def main():
  (HERE / "onnx").mkdir(exist_ok=True)
  cases, lines = [], []
  for index, network in enumerate(networks()):
    rng = np.random.default_rng(1000 + index)
    model, names = network["form"](network)
    onnx.save(model, HERE / "onnx" / f"{network['name']}.onnx")
    floats = network["input_kind"] == "float32"
    rows = float_inputs(network, rng) if floats else integer_inputs(network, rng)
    kinds = [network["input"]["kind"]] + [layer["kind"] for layer in network["layers"]]
    runtime = run(watched(model, names, kinds), names, rows)
    plain = run(watched(model, names, kinds), names, rows,
                ort.GraphOptimizationLevel.ORT_DISABLE_ALL)

    # Layer by layer, each on the runtime's own input: rounding differences, not their echoes.
    total = differing = largest = 0
    for tensors in runtime:
      for i, layer in enumerate(network["layers"]):
        reads = [tensors[r] for r in layer.get("reads", [i])]
        own = (semantics.add(*reads, layer) if layer["op"] == "add"
               else semantics.dense(reads[0], layer))
        gaps = [abs(a - b) for a, b in zip(own, tensors[i + 1])]
        total += len(gaps)
        differing += sum(g != 0 for g in gaps)
        largest = max([largest] + gaps)
    integer = [integer_run(network, tensors[0])[-1] for tensors in runtime]
    for row, tensors in zip(rows, runtime):
      if floats:
        assert tensors[0] == [
          semantics.quantize(v, network["input"]["scale"], network["input"]["zero_point"],
                             network["input"]["kind"]) for v in row], network["name"]
    unfused = sum(a != b for x, y in zip(runtime, plain) for a, b in zip(x[-1], y[-1]))
    lines.append(f"| {network['name']} | {len(rows)} | {total} | {differing} | {largest} | "
                 f"{unfused} |")

    last = network["layers"][-1]
    case = {
      "name": network["name"], "model": f"onnx/{network['name']}.onnx",
      "input_kind": network["input_kind"], "output_kind": network["output_kind"],
      "quantized_kind": network["input"]["kind"], "output_scale": float(last["scale"]),
      "output_zero_point": last["zero_point"],
      "inputs": [[float(v) if floats else int(v) for v in row] for row in rows],
      "quantized_inputs": [tensors[0] for tensors in runtime],
      "onnxruntime": [tensors[-1] for tensors in runtime],
      "integer": integer,
    }
    cases.append(case)
  body = ",\n".join(
    "{" + ",\n ".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}"
                      for k, v in case.items()) + "}" for case in cases)
  (HERE / "onnx.json").write_text("[\n" + body + "\n]\n")
  print("| network | inputs | integers | differ by rounding | largest | differ unfused |")
  print("\n".join(lines))


if __name__ == "__main__":
  main()
