"""Writes operators/*.tflite and operators.json: one operator each, on edge shapes, and what LiteRT
makes of them."""

import json
import math
import os
import zlib
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tflite as t
from ai_edge_litert.interpreter import Interpreter

from tflite_writer import Writer

HERE = Path(__file__).resolve().parent
SAME, VALID = 0, 1
NONE, RELU, RELU_N1_TO_1, RELU6 = 0, 1, 2, 3
CASES = []


def options(table, **fields):
  """A table of BuiltinOptions with these fields."""
  def write(b):
    getattr(t, table + "Start")(b)
    for name, value in fields.items():
      getattr(t, table + "Add" + name)(b, value)
    return getattr(t, table + "End")(b)

  return getattr(t.BuiltinOptions, table), write


def network(code, inputs, outputs, table=None, constants=()):
  """A file of one operator; tensors are (shape, scale, zero point), constants come after inputs."""
  w = Writer()
  ins = [w.tensor(f"input{i}", list(s), "int8", q, z) for i, (s, q, z) in enumerate(inputs)]
  more = [w.tensor(f"constant{i}", list(v.shape), str(v.dtype), q, z, v)
          for i, (v, q, z) in enumerate(constants)]
  outs = [w.tensor(f"output{i}", list(s), "int8", q, z) for i, (s, q, z) in enumerate(outputs)]
  w.operator(getattr(t.BuiltinOperator, code), ins + more, outs, table)
  return w.bytes(ins, outs)


def rows(shapes, rng, count):
  """Random ones, then all lowest, all highest, alternating ends."""
  result = [[rng.integers(-128, 128, s) for s in shapes] for _ in range(count)]
  for value in (-128, 127):
    result.append([np.full(s, value) for s in shapes])
  result.append([np.where(np.arange(np.prod(s)).reshape(s) % 2 == i % 2, -128, 127)
                 for i, s in enumerate(shapes)])
  return [[v.astype(np.int8) for v in row] for row in result]


def case(name, model, inputs, run=None):
  """`run`: the file that the runtime gets instead."""
  interpreter = Interpreter(model_content=bytes(run or model))
  interpreter.allocate_tensors()
  entry = {"name": name, "model": f"operators/{name}.tflite", "rows": []}
  for row in inputs:
    for detail, value in zip(interpreter.get_input_details(), row):
      interpreter.set_tensor(detail["index"], value)
    interpreter.invoke()
    outputs = [interpreter.get_tensor(d["index"]) for d in interpreter.get_output_details()]
    entry["rows"].append({"inputs": [v.flatten().tolist() for v in row],
                          "litert": [v.flatten().tolist() for v in outputs]})
  CASES.append((entry, bytes(model)))


def positions(extent, kernel, stride, padding):
  return -(-extent // stride) if padding == SAME else (extent - kernel) // stride + 1


def pools():
  shapes = [  # name, input, kernel, strides, padding
    ("2x2", [1, 4, 4, 3], (2, 2), (2, 2), VALID),
    ("3x3-same", [1, 5, 7, 2], (3, 3), (2, 2), SAME),
    ("3x3-dense", [1, 4, 5, 1], (3, 3), (1, 1), SAME),
    ("larger-than-input", [1, 3, 2, 2], (5, 4), (1, 1), SAME),
    ("stride-beyond", [1, 7, 8, 2], (2, 2), (3, 3), VALID),
    ("stride-beyond-same", [1, 7, 8, 2], (2, 2), (3, 4), SAME),
    ("pixel", [1, 1, 1, 5], (1, 1), (1, 1), VALID),
    ("row", [1, 6, 5, 2], (1, 3), (2, 1), SAME),
    ("global", [1, 8, 8, 2], (8, 8), (8, 8), VALID),
  ]
  for code, label in (("AVERAGE_POOL_2D", "average"), ("MAX_POOL_2D", "max")):
    for index, (name, shape, kernel, strides, padding) in enumerate(shapes):
      for zero in (-128, 5):
        activation = [NONE, RELU, RELU6, RELU_N1_TO_1][(index + (zero > 0)) % 4]
        rng = np.random.default_rng(index)
        output = [1] + [positions(e, k, s, padding)
                        for e, k, s in zip(shape[1:3], kernel, strides)] + shape[3:]
        table = options(
          "Pool2DOptions", Padding=padding, StrideH=strides[0], StrideW=strides[1],
          FilterHeight=kernel[0], FilterWidth=kernel[1], FusedActivationFunction=activation)
        model = network(code, [(shape, 0.05, zero)], [(output, 0.05, zero)], table)
        case(f"{label}-{name}-{'relu' if zero < 0 else 'centred'}", model, rows([shape], rng, 4))


def means():
  shapes = [  # input, axes, kept
    ([1, 4, 4, 3], [1, 2], True), ([1, 5, 3, 4], [1, 2], False), ([1, 6, 7], [-1], True),
    ([1, 4, 3, 2], [1, 3], False), ([3, 5], [0, 1], False), ([1, 1, 1, 4], [1, 2], True),
  ]
  for index, (shape, axes, kept) in enumerate(shapes):
    for name, (sx, zx, sy, zy) in {"equal": (0.05, -128, 0.05, -128),
                                   "rescaled": (0.0371, -7, 0.0213, 11)}.items():
      rng = np.random.default_rng(index)
      where = tuple(axes)
      output = list(np.zeros(shape).mean(axis=where, keepdims=kept).shape)
      table = options("ReducerOptions", KeepDims=kept)
      model = network("MEAN", [(shape, sx, zx)], [(output, sy, zy)], table,
                      [(np.array(axes, np.int32), None, 0)])
      case(f"mean-{index}-{name}", model, rows([shape], rng, 4))


def near_ties():
  """Means whose sums single precision rounds another way than exact fractions do, or by another formula."""
  rng = np.random.default_rng(7)
  found = 0
  while found < 6:
    sx, sy = np.float32(rng.uniform(0.001, 0.1, 2))
    side, zx, zy = int(rng.integers(8, 24)), int(rng.integers(-128, 128)), int(rng.integers(-20, 20))
    count = side * side
    sums = np.arange(-128 * count, 127 * count + 1)
    factor = sx / sy * (np.float32(1) / np.float32(count))
    addend = np.float32(-count * zx) * factor + np.float32(zy)
    single = np.rint(sums.astype(np.float32) * factor + addend)
    exact = np.floor((sums - count * zx) * (float(sx) / (float(sy) * count)) + 0.5) + zy
    plain = np.rint((sums - count * zx).astype(np.float32) * factor) + zy
    inside = (single > -128) & (single < 127)
    sums = sums[inside & ((single != exact) | (single != plain))][:4]
    if len(sums) == 0:
      continue
    x = np.stack([np.where(np.arange(count) < s % count, s // count + 1, s // count) for s in sums], -1)
    shape = [1, side, side, len(sums)]
    model = network("MEAN", [(shape, float(sx), zx)], [([1, len(sums)], float(sy), zy)],
                    options("ReducerOptions", KeepDims=False),
                    [(np.array([1, 2], np.int32), None, 0)])
    case(f"mean-ties-{found}", model, [[x.reshape(shape).astype(np.int8)]])
    found += 1


def sliced(name, code, shape, output, constants, table=None, first=(), zero=-3, rng=None):
  """A view: one input, one output of the same quantization."""
  rng = rng or np.random.default_rng(len(CASES))
  w = Writer()
  ins = w.tensor("input", list(shape), "int8", 0.05, zero)
  before = [w.tensor(f"first{i}", list(v.shape), "int32", None, 0, v) for i, v in enumerate(first)]
  after = [w.tensor(f"constant{i}", list(v.shape), "int32", None, 0, v)
           for i, v in enumerate(constants)]
  outputs = output if isinstance(output[0], (list, tuple)) else [output]
  outs = [w.tensor(f"output{i}", list(o), "int8", 0.05, zero) for i, o in enumerate(outputs)]
  w.operator(getattr(t.BuiltinOperator, code), before + [ins] + after, outs, table)
  case(name, w.bytes([ins], outs), rows([shape], rng, 2))


def views():
  i32 = lambda *v: np.array(v, np.int32)
  sliced("pad", "PAD", [1, 3, 2, 2], [1, 6, 4, 3],
         [i32([0, 0], [1, 2], [2, 0], [0, 1])], options("PadOptions"))
  sliced("pad-batch", "PAD", [2, 3], [4, 3], [i32([1, 1], [0, 0])], options("PadOptions"))
  sliced("transpose", "TRANSPOSE", [1, 3, 4, 2], [1, 2, 3, 4], [i32(0, 3, 1, 2)],
         options("TransposeOptions"))
  sliced("transpose-2", "TRANSPOSE", [5, 3], [3, 5], [i32(1, 0)], options("TransposeOptions"))
  sliced("slice", "SLICE", [1, 5, 4, 3], [1, 2, 4, 2],
         [i32(0, 2, 0, 1), i32(1, 2, -1, 2)], options("SliceOptions"))
  sliced("strided-slice", "STRIDED_SLICE", [1, 7, 6, 3], [1, 3, 2, 3],
         [i32(0, 1, -1, 0), i32(1, 6, 0, 3), i32(1, 2, -3, 1)],
         options("StridedSliceOptions", EndMask=0))
  sliced("strided-slice-masks", "STRIDED_SLICE", [2, 5, 4], [3, 4],
         [i32(1, 0, 1), i32(2, 3, 9), i32(1, 1, 1)],
         options("StridedSliceOptions", BeginMask=6, EndMask=4, ShrinkAxisMask=1))
  sliced("split", "SPLIT", [1, 2, 3, 4], [[1, 2, 3, 2]] * 2, [], options("SplitOptions", NumSplits=2),
         [np.array(3, np.int32)])
  sliced("split-negative", "SPLIT", [2, 6], [[2, 2]] * 3, [], options("SplitOptions", NumSplits=3),
         [np.array(-1, np.int32)])
  sliced("split-v", "SPLIT_V", [1, 6, 2], [[1, 1, 2], [1, 3, 2], [1, 2, 2]],
         [i32(1, -1, 2), np.array(1, np.int32)], options("SplitVOptions", NumSplits=3))
  for name, shape, size, half in (("up", [1, 3, 2, 2], (6, 6), False), ("up-half", [1, 2, 3, 1], (6, 6), True),
                                  ("down", [1, 6, 4, 2], (2, 2), False), ("down-half", [1, 6, 4, 2], (2, 2), True),
                                  ("same", [1, 3, 3, 2], (3, 3), False)):
    sliced("resize-" + name, "RESIZE_NEAREST_NEIGHBOR", shape, [1, *size, shape[3]], [i32(*size)],
           options("ResizeNearestNeighborOptions", HalfPixelCenters=half))
  for name, code, shape, output, table in (
      ("depth-to-space", "DEPTH_TO_SPACE", [1, 2, 3, 8], [1, 4, 6, 2], "DepthToSpaceOptions"),
      ("space-to-depth", "SPACE_TO_DEPTH", [1, 4, 6, 3], [1, 2, 3, 12], "SpaceToDepthOptions")):
    sliced(name, code, shape, output, [], options(table, BlockSize=2))
  sliced("unpack", "UNPACK", [2, 3, 4], [[2, 4]] * 3, [], options("UnpackOptions", Num=3, Axis=1))
  sliced("squeeze", "SQUEEZE", [1, 3, 1, 2], [3, 1, 2],  [], (t.BuiltinOptions.SqueezeOptions, squeeze([0])))
  sliced("expand", "EXPAND_DIMS", [3, 2], [3, 1, 2], [i32(1)], options("ExpandDimsOptions"))


def squeeze(axes):
  def write(b):
    t.SqueezeOptionsStartSqueezeDimsVector(b, len(axes))
    for axis in reversed(axes):
      b.PrependInt32(axis)
    dims = b.EndVector()
    t.SqueezeOptionsStart(b)
    t.SqueezeOptionsAddSqueezeDims(b, dims)
    return t.SqueezeOptionsEnd(b)

  return write


def joins():
  for name, shapes, axis in (("channels", [[1, 3, 2, 2], [1, 3, 2, 3], [1, 3, 2, 1]], 3),
                             ("negative", [[2, 3], [2, 1]], -1), ("rows", [[1, 2, 3], [1, 4, 3]], 1)):
    output = list(np.concatenate([np.zeros(s) for s in shapes], axis).shape)
    rng = np.random.default_rng(len(CASES))
    model = network("CONCATENATION", [(s, 0.05, -3) for s in shapes], [(output, 0.05, -3)],
                    options("ConcatenationOptions", Axis=axis))
    case(f"concatenation-{name}", model, rows(shapes, rng, 2))


def elementwise():
  shapes = [("equal", [1, 3, 2, 4], [1, 3, 2, 4]), ("channel", [1, 3, 2, 4], [1, 1, 1, 4]),
            ("one", [1, 2, 5], [1, 1, 1]), ("outer", [1, 3, 1], [1, 1, 4]), ("ranks", [1, 2, 3, 2], [2])]
  for code, table in (("ADD", "AddOptions"), ("SUB", "SubOptions"), ("MUL", "MulOptions")):
    for index, (name, a, b) in enumerate(shapes):
      rng = np.random.default_rng(100 + index)
      output = list((np.zeros(a) + np.zeros(b)).shape)
      qa, qb = (0.0371, -7), (0.0213, 20)
      qy = (0.0317, 3) if code == "MUL" else (0.0443, 3)
      activation = [NONE, RELU, RELU6, RELU_N1_TO_1][index % 4]
      model = network(code, [(a, *qa), (b, *qb)], [(output, *qy)],
                      options(table, FusedActivationFunction=activation))
      case(f"{code.lower()}-{name}", model, rows([a, b], rng, 3))
    weight = np.random.default_rng(9).integers(-128, 128, [4]).astype(np.int8)
    model = network(code, [([1, 2, 3, 4], 0.0371, -7)], [([1, 2, 3, 4], 0.05, 3)], options(table),
                    [(weight, 0.0213, 20)])
    case(f"{code.lower()}-constant", model, rows([[1, 2, 3, 4]], np.random.default_rng(3), 3))


def layers():
  """Convolutions and dense layers: extents, strides, groups, scales and activations."""
  # name, input, kernel, outputs, strides, dilations, padding, groups
  shapes = [("larger-than-input", [1, 3, 2, 2], (5, 4), 3, (1, 1), (1, 1), SAME, 1),
            ("stride-beyond", [1, 7, 8, 2], (2, 2), 3, (3, 3), (1, 1), VALID, 1),
            ("odd-same", [1, 5, 7, 3], (3, 3), 2, (2, 2), (1, 1), SAME, 1),
            ("dilated", [1, 9, 7, 2], (3, 2), 2, (1, 1), (2, 3), SAME, 1),
            ("channel", [1, 4, 5, 1], (3, 3), 1, (1, 1), (1, 1), SAME, 1),
            ("pixel", [1, 1, 1, 5], (1, 1), 4, (1, 1), (1, 1), VALID, 1),
            ("batch", [2, 4, 3, 2], (2, 3), 2, (1, 1), (1, 1), SAME, 1),
            ("groups", [1, 4, 4, 6], (3, 3), 4, (1, 1), (1, 1), SAME, 2)]
  depthwise = [("same", [1, 5, 7, 3], (3, 3), 1, (2, 2), (1, 1), SAME),
               ("larger-than-input", [1, 2, 3, 4], (5, 5), 1, (1, 1), (1, 1), SAME),
               ("multiplier", [1, 5, 4, 3], (3, 3), 2, (1, 1), (1, 1), SAME),
               ("one-to-many", [1, 6, 5, 1], (3, 4), 5, (2, 2), (1, 1), VALID),
               ("dilated", [1, 8, 8, 2], (3, 3), 1, (1, 1), (2, 2), SAME),
               ("stride-beyond", [1, 7, 7, 2], (2, 2), 1, (3, 3), (1, 1), VALID)]
  forms = [(per_channel, bias, activation, zero)
           for per_channel, bias, activation, zero in
           [(True, "one", NONE, -7), (False, "one", RELU, -128), (True, "one", RELU6, 5),
            (True, "axis-3", RELU_N1_TO_1, -7)]]
  index = 0
  for code, entries in (("CONV_2D", shapes), ("DEPTHWISE_CONV_2D", depthwise)):
    for entry in entries:
      name, shape, kernel, outputs, strides, dilations, padding = entry[:7]
      is_depthwise = code != "CONV_2D"
      if is_depthwise:
        outputs *= shape[3]
      per_channel, bias, activation, zero = forms[index % len(forms)]
      index += 1
      files = [convolution(entry, is_depthwise, outputs, per_channel, activation, zero, index, axis)
               for axis in ((3, 0) if bias == "axis-3" else (0,))]
      # LiteRT refuses a bias of one axis that names axis 3, as TFLite Micro's files have it.
      case(f"{'depthwise' if is_depthwise else 'conv'}-{name}", files[0],
           rows([shape], np.random.default_rng(index), 3), run=files[-1])


def convolution(entry, is_depthwise, outputs, per_channel, activation, zero, seed, bias_axis):
  name, shape, kernel, _, strides, dilations, padding = entry[:7]
  rng = np.random.default_rng(seed)
  w = Writer()
  x = w.tensor("input", shape, "int8", 0.0371, zero)
  inner = shape[3] // (1 if is_depthwise else entry[7])
  extents = [1, *kernel, outputs] if is_depthwise else [outputs, *kernel, inner]
  scales = np.float32(rng.uniform(0.002, 0.02, outputs if per_channel else 1))
  weight = rng.integers(-127, 128, extents).astype(np.int8)
  values = rng.integers(-3000, 3000, outputs).astype(np.int32)
  ins = [x, w.tensor("weight", extents, "int8", scales, 0, weight, 3 if is_depthwise else 0),
         w.tensor("bias", [outputs], "int32", scales * np.float32(0.0371), 0, values, bias_axis)]
  output = [shape[0]] + [positions(e, (k - 1) * d + 1, st, padding) for e, k, d, st
                         in zip(shape[1:3], kernel, dilations, strides)] + [outputs]
  y = w.tensor("output", output, "int8", 0.06, 3)
  fields = dict(Padding=padding, StrideH=strides[0], StrideW=strides[1],
                DilationHFactor=dilations[0], DilationWFactor=dilations[1],
                FusedActivationFunction=activation)
  table = "Conv2DOptions"
  if is_depthwise:
    table, fields["DepthMultiplier"] = "DepthwiseConv2DOptions", outputs // shape[3]
  w.operator(t.BuiltinOperator.DEPTHWISE_CONV_2D if is_depthwise else t.BuiltinOperator.CONV_2D,
             ins, [y], options(table, **fields))
  return w.bytes([x], [y])


def log_softmax():
  """A last step: rows of integers and the runtime's answer, per scale."""
  result = []
  for seed, width in enumerate((2, 3, 10, 12, 100)):
    rng = np.random.default_rng(seed)
    scale = float(np.float32(rng.uniform(0.01, 0.3)))
    model = network("LOG_SOFTMAX", [([1, width], scale, -9)], [([1, width], 16 / 256, 127)],
                    options("LogSoftmaxOptions"))
    interpreter = Interpreter(model_content=bytes(model))
    interpreter.allocate_tensors()
    entry = {"scale": scale, "inputs": [], "litert": []}
    for row in rows([[1, width]], rng, 6):
      interpreter.set_tensor(interpreter.get_input_details()[0]["index"], row[0])
      interpreter.invoke()
      answer = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
      entry["inputs"].append(row[0].flatten().tolist())
      entry["litert"].append(answer.flatten().tolist())
    result.append(entry)
  (HERE / "log-softmax.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


def extrema():
  for code in ("MAXIMUM", "MINIMUM"):
    for name, a, b in (("equal", [1, 3, 2, 4], [1, 3, 2, 4]), ("channel", [1, 3, 2, 4], [4])):
      model = network(code, [(a, 0.05, -3), (b, 0.05, -3)], [(a, 0.05, -3)],
                      options("MaximumMinimumOptions"))
      case(f"{code.lower()}-{name}", model, rows([a, b], np.random.default_rng(len(CASES)), 3))


def lookups():
  """All 256 integers, at several scales."""
  every = [np.arange(-128, 128).astype(np.int8).reshape(1, 256)]
  rng = np.random.default_rng(11)
  pairs = [(0.05, 0, 0.05, 0), (0.0237, -17, 0.0191, 9), (0.1, -128, 0.07, -128), (0.03, 3, 0.03, 3),
           (0.0078125, -50, 0.0625, 25), (0.03125, 60, 0.125, -118)]
  pairs += [(float(np.float32(rng.uniform(0.005, 0.1))), int(rng.integers(-128, 128)),
             float(np.float32(rng.uniform(0.005, 0.1))), int(rng.integers(-128, 128)))
            for _ in range(4)]
  for index, (sx, zx, sy, zy) in enumerate(pairs):
    forms = [("LOGISTIC", (1 / 256, -128), None), ("TANH", (1 / 128, 0), None),
             ("HARD_SWISH", (sy, zy), None), ("ELU", (sy, zy), None),
             ("GELU", (sy, zy), options("GeluOptions", Approximate=False)),
             ("GELU", (sy, zy), options("GeluOptions", Approximate=True))]
    forms += [("LEAKY_RELU", (sy, zy), options("LeakyReluOptions", Alpha=alpha))
              for alpha in (0.01, 0.25, -0.5)]
    for form, (code, output, table) in enumerate(forms):
      model = network(code, [([1, 256], sx, zx)], [([1, 256], *output)], table)
      case(f"{code.lower()}-{index}-{form}", model, [every])


def slopes():
  """One slope per channel: of both signs, of another zero point; none below zero, none above; of one scale."""
  x = np.tile(np.arange(-128, 128).astype(np.int8)[:, None], (1, 4)).reshape(1, 256, 1, 4)
  both = [-100, 5, 60, 127]
  for index, (slope, (sx, zx), (sa, za), (sy, zy)) in enumerate([
      (both, (0.05, 3), (0.004, 0), (0.05, 3)), (both, (0.0371, -20), (0.0031, 5), (0.0291, 11)),
      ([25, 5, 60, 127], (0.05, 3), (0.01, 0), (0.06, -2)),
      ([-128, -1, -60, 0], (0.043, -100), (0.0047, 0), (0.021, 5)),
      ([20, 11, 6, 127], (0.0213, 90), (0.0019, 0), (0.0213, -7))]):
    slope = np.array(slope, np.int8).reshape(1, 1, 4)
    model = network("PRELU", [(x.shape, sx, zx)], [(x.shape, sy, zy)], None, [(slope, sa, za)])
    case(f"prelu-{index}", model, [[x]])
    if index == 1:
      yield


def rescaled_activations():
  """All 256 integers through clamps between two scales, which LiteRT rounds twice."""
  every = [np.arange(-128, 128).astype(np.int8).reshape(1, 256)]
  scales = [(0.05, 3, 0.024, -128), (0.0213, -20, 0.0071, 5), (0.031, 60, 0.124, -100),
            (0.04, -128, 0.03, 7)]
  for code in ("RELU", "RELU6", "RELU_N1_TO_1"):
    for index, (sx, zx, sy, zy) in enumerate(scales):
      model = network(code, [([1, 256], sx, zx)], [([1, 256], sy, zy)])
      case(f"{code.lower()}-{index}", model, [every])


def tied_mean():
  """A mean of 36 values with ties that single precision takes up and down as it comes: sums next to each."""
  (sx, zx), (sy, zy), count = (0.05, 3), (0.02, -9), 36
  sums = [s + d for s in range(-51 * 36, 55 * 36, 2 * 36) for d in (-1, 0, 1)]
  sums = [s + count * zx for s in sums]
  x = np.stack([np.where(np.arange(count) < s % count, s // count + 1, s // count) for s in sums], -1)
  shape = [1, 6, 6, len(sums)]
  model = network("MEAN", [(shape, sx, zx)], [([1, len(sums)], sy, zy)],
                  options("ReducerOptions", KeepDims=False),
                  [(np.array([1, 2], np.int32), None, 0)])
  case("mean-ties", model, [[x.reshape(shape).astype(np.int8)]])


def new_axes():
  """Averages over an axis of extent 1 that an operator before them has made."""
  for name, shape, wide, output, code in (
      ("average-reshaped", [1, 8, 2], [1, 1, 8, 2], [1, 1, 4, 2], "RESHAPE"),
      ("average-expanded", [1, 6, 3], [1, 6, 1, 3], [1, 6, 1, 3], "EXPAND_DIMS"),
      ("mean-reshaped", [1, 5, 4], [1, 5, 1, 4], [1, 4], "RESHAPE"),
      ("mean-expanded", [1, 5], [1, 5, 1], [1, 5], "EXPAND_DIMS")):
    w = Writer()
    x = w.tensor("input", shape, "int8", 0.05, 3)
    h = w.tensor("wide", wide, "int8", 0.05, 3)
    if code == "RESHAPE":
      w.reshape(x, h, wide)
    else:
      axis = w.tensor("axis", [1], "int32", None, 0, np.array([2], np.int32))
      w.operator(t.BuiltinOperator.EXPAND_DIMS, [x, axis], [h], options("ExpandDimsOptions"))
    y = w.tensor("output", output, "int8", 0.05, 3)
    if name.startswith("average"):
      kernel = 2 if code == "RESHAPE" else 1
      w.operator(t.BuiltinOperator.AVERAGE_POOL_2D, [h], [y], options(
        "Pool2DOptions", Padding=VALID if code == "RESHAPE" else SAME, StrideH=1, StrideW=kernel,
        FilterHeight=1, FilterWidth=2, FusedActivationFunction=NONE))
    else:
      axes = [a for a in range(len(wide)) if a not in (0, len(wide) - 1)] if len(wide) > 3 else [2]
      indices = w.tensor("axes", [len(axes)], "int32", None, 0, np.array(axes, np.int32))
      w.operator(t.BuiltinOperator.MEAN, [h, indices], [y], options("ReducerOptions", KeepDims=False))
    case(name, w.bytes([x], [y]), rows([shape], np.random.default_rng(len(CASES)), 3))


def reductions():
  """Largest, smallest and sum over axes, kept or not; sums whose halves are ties."""
  shapes = [([1, 6, 6, 4], [1, 2], True), ([2, 5, 3, 4], [1], False), ([1, 9, 7], [-1], True),
            ([1, 4, 3, 2], [1, 3], False), ([11], [0], False), ([3, 2, 13], [0, 2], False)]
  scales = {"equal": (0.05, -128, 0.05, -128), "rescaled": (0.0371, -7, 0.213, 11), "ties": (0.25, 3, 2.0, -4)}
  for code, kinds in (("REDUCE_MAX", ("equal",)), ("REDUCE_MIN", ("equal",)), ("SUM", tuple(scales))):
    for index, (shape, axes, kept) in enumerate(shapes):
      for kind in kinds:
        sx, zx, sy, zy = scales[kind]
        output = list(np.zeros(shape).sum(axis=tuple(axes), keepdims=kept).shape)
        model = network(code, [(shape, sx, zx)], [(output, sy, zy)], options("ReducerOptions", KeepDims=kept),
                        [(np.array(axes, np.int32), None, 0)])
        name = code.lower() if code != "SUM" else f"sum-{kind}"
        case(f"{name}-{index}", model, rows([shape], np.random.default_rng(index), 3))


def seeded(name):
  """Numbers of a case that stay, whatever cases stand before it."""
  return np.random.default_rng(zlib.crc32(name.encode()))


def unsigned(given):
  return [[(v.astype(np.int16) + 128).astype(np.uint8) for v in row] for row in given]


def dense_layers():
  """Layers of uint8 with zero points in their weights, and biases whose scales are not those of the products."""
  for name, code, kind, per_channel, off in (
      ("fc-uint8", "FULLY_CONNECTED", "uint8", False, 1), ("conv-uint8", "CONV_2D", "uint8", False, 1),
      ("depthwise-uint8", "DEPTHWISE_CONV_2D", "uint8", False, 1.3),
      ("fc-bias-scale", "FULLY_CONNECTED", "int8", False, 1.05),
      ("fc-bias-scales", "FULLY_CONNECTED", "int8", True, 40),
      ("conv-bias-scales", "CONV_2D", "int8", True, 0.5),
      ("depthwise-bias-scale", "DEPTHWISE_CONV_2D", "int8", False, 3)):
    rng, w = seeded(name), Writer()
    zero, lowest = (0, -127) if kind == "int8" else (int(rng.integers(60, 200)), 0)
    shape = [1, 8] if code == "FULLY_CONNECTED" else [1, 5, 4, 3]
    extents = {"FULLY_CONNECTED": [4, 8], "CONV_2D": [4, 3, 2, 3],
               "DEPTHWISE_CONV_2D": [1, 3, 2, 3]}[code]
    outputs = 3 if code == "DEPTHWISE_CONV_2D" else 4
    output = [1, 4] if code == "FULLY_CONNECTED" else [1, 3, 3, outputs]
    scales = np.float32(rng.uniform(0.005, 0.02, outputs if per_channel else 1))
    x = w.tensor("input", shape, kind, 0.0371, -7 if kind == "int8" else 121)
    weight = rng.integers(lowest, lowest + 255, extents).astype(kind)
    bias = rng.integers(-3000, 3000, outputs).astype(np.int32)
    ins = [x, w.tensor("weight", extents, kind, scales, zero, weight),
           w.tensor("bias", [outputs], "int32", scales * np.float32(0.0371 * off), 0, bias)]
    y = w.tensor("output", output, kind, 0.21, 3 if kind == "int8" else 131)
    if code == "FULLY_CONNECTED":
      w.fully_connected(ins, y, RELU if kind == "int8" else NONE)
    else:
      table = "Conv2DOptions" if code == "CONV_2D" else "DepthwiseConv2DOptions"
      w.operator(getattr(t.BuiltinOperator, code), ins, [y], options(
        table, Padding=VALID, StrideH=1, StrideW=1, FusedActivationFunction=NONE))
    given = rows([shape], rng, 3)
    case(name, w.bytes([x], [y]), given if kind == "int8" else unsigned(given))


def unsigned_averages():
  """Half away from zero is another thing where no integer is negative."""
  for name, code, shape, output in (("average-uint8", "AVERAGE_POOL_2D", [1, 4, 6, 3], [1, 2, 3, 3]),
                                    ("mean-uint8", "MEAN", [1, 6, 6, 5], [1, 5])):
    w = Writer()
    x = w.tensor("input", shape, "uint8", 0.05, 131)
    scale, zero = (0.05, 131) if code != "MEAN" else (0.02, 119)
    y = w.tensor("output", output, "uint8", scale, zero)
    if code == "MEAN":
      axes = w.tensor("axes", [2], "int32", data=np.array([1, 2], np.int32))
      w.operator(t.BuiltinOperator.MEAN, [x, axes], [y], options("ReducerOptions", KeepDims=False))
    else:
      w.operator(t.BuiltinOperator.AVERAGE_POOL_2D, [x], [y], options(
        "Pool2DOptions", Padding=VALID, StrideH=2, StrideW=2, FilterHeight=2, FilterWidth=2))
    case(name, w.bytes([x], [y]), unsigned(rows([shape], seeded(name), 5)))


def requantizations():
  """QUANTIZE between integers: one kernel for ratios near 1 of one type, another for the rest, which takes
  sixteen values at once as long as there are so many."""
  i8, u8 = "int8", "uint8"
  for name, count, kinds, (sx, zx), (sy, zy) in (
      ("near", 256, (i8, i8), (0.05, 3), (0.024, -100)), ("near-uint8", 256, (u8, u8), (0.05, 131), (0.08, 28)),
      ("same-scale", 256, (i8, u8), (0.05, 3), (0.05, 131)), ("far", 256, (i8, i8), (0.0003, -100), (0.1, 4)),
      ("far-up", 256, (i8, i8), (12.5, -7), (0.05, 11)), ("types", 256, (i8, u8), (0.043, 5), (0.031, 90)),
      ("types-back", 255, (u8, i8), (0.02, 120), (0.16, -3)), ("types-short", 10, (i8, u8), (0.02, -9), (0.16, 30)),
      ("types-rest", 41, (i8, u8), (0.02, 2), (0.16, 130))):
    w = Writer()
    x = w.tensor("input", [1, count], kinds[0], sx, zx)
    y = w.tensor("output", [1, count], kinds[1], sy, zy)
    w.quantize(x, y)
    # Every integer stands among the whole sixteens and in the rest.
    given = [[np.roll(np.arange(256), 41 * turn)[:count].reshape(1, count) - 128]
             for turn in range(1 if count > 250 else 8)]
    given = [[v.astype(np.int16) for v in row] for row in given]
    case("quantize-" + name, w.bytes([x], [y]),
         [[v.astype(np.int8) for v in row] for row in given] if kinds[0] == i8 else unsigned(given))


def folded():
  """What Keras and converters leave of shapes, which no input has a part in."""
  shape = [1, 4, 2, 6]
  i32 = lambda *v: np.array(v, np.int32)

  def start(name):
    w = Writer()
    x = w.tensor("input", shape, "int8", 0.05, 3)
    extents = w.tensor("extents", [4], "int32")
    w.operator(t.BuiltinOperator.SHAPE, [x], [extents],
               options("ShapeOptions", OutType=t.TensorType.INT32))
    number = [0]

    def constant(values):
      number[0] += 1
      return w.tensor(f"c{number[0]}", list(values.shape), "int32", data=values)

    def add(code, inputs, extents, table=None, **fields):
      number[0] += 1
      made = w.tensor(f"t{number[0]}", extents, "int32")
      w.operator(getattr(t.BuiltinOperator, code), inputs, [made],
                 options(table, **fields) if table else None)
      return made

    def finish(target, output):
      y = w.tensor("output", output, "int8", 0.05, 3)
      w.operator(t.BuiltinOperator.RESHAPE, [x, target], [y])
      case(name, w.bytes([x], [y]), rows([shape], seeded(name), 2))

    return extents, constant, add, finish

  extents, constant, add, finish = start("folded-pack")
  batch = add("STRIDED_SLICE", [extents, constant(i32(0)), constant(i32(1)), constant(i32(1))], [],
              "StridedSliceOptions", ShrinkAxisMask=1)
  finish(add("PACK", [batch, constant(np.array(48, np.int32))], [2], "PackOptions", ValuesCount=2,
             Axis=0), [1, 48])
  extents, constant, add, finish = start("folded-product")
  rest = add("SLICE", [extents, constant(i32(2)), constant(i32(2))], [2])
  product = add("REDUCE_PROD", [rest, constant(i32(0))], [1], "ReducerOptions", KeepDims=True)
  some = add("GATHER", [extents, constant(i32(1))], [1], "GatherOptions", Axis=0)
  finish(add("CONCATENATION", [some, product], [2], "ConcatenationOptions", Axis=0), [4, 12])
  extents, constant, add, finish = start("folded-arithmetic")
  halved = add("FLOOR_DIV", [extents, constant(i32(1, 2, 1, 3))], [4])
  doubled = add("MUL", [halved, constant(i32(1, 1, 2, 3))], [4], "MulOptions")
  finish(add("MAXIMUM", [doubled, constant(i32(1))], [4]), [1, 2, 4, 6])


def functions():
  """All 256 integers through functions that LiteRT has for int8 alone, each in its own way."""
  every = [np.arange(-128, 128).astype(np.int8).reshape(1, 256)]
  tables = {"ABS": "AbsOptions", "EXP": "ExpOptions"}
  for code in ("ABS", "EXP", "LOG", "RSQRT", "SQRT", "RELU_0_TO_1"):
    for index in range(4):
      name = f"{code.lower()}-{index}"
      rng = seeded(name)
      sx, sy = (float(np.float32(2.0 ** rng.uniform(-8, -2))) for _ in range(2))
      zx, zy = -128 if "SQRT" in code else int(rng.integers(-128, 128)), int(rng.integers(-128, 100))
      if code == "ABS" and index == 0:
        sx, sy, zy = 0.05, 0.05, -128
      table = options(tables[code]) if code in tables else None
      case(name, network(code, [([1, 256], sx, zx)], [([1, 256], sy, zy)], table), [every])


def copies():
  """Values at other places, or chosen by a constant."""
  i32 = lambda *v: np.array(v, np.int32)
  sliced("reverse", "REVERSE_V2", [2, 3, 4], [2, 3, 4], [i32(1, -1)], options("ReverseV2Options"),
         rng=seeded("reverse"))
  sliced("strided-slice-new-axes", "STRIDED_SLICE", [2, 5, 4], [1, 5, 2, 1],
         [i32(0, 1, 0, -4, 0), i32(1, 2, 0, 4, 1), i32(1, 1, 1, 2, 1)],
         options("StridedSliceOptions", NewAxisMask=17, EllipsisMask=4, ShrinkAxisMask=2),
         rng=seeded("new-axes"))
  for name, axis, output in (("pack", 1, [2, 2, 3]), ("pack-last", -1, [2, 3, 2])):
    model = network("PACK", [([2, 3], 0.05, -3)] * 2, [(output, 0.05, -3)],
                    options("PackOptions", ValuesCount=2, Axis=axis))
    case(name, model, rows([[2, 3]] * 2, seeded(name), 3))
  for name, mask, shape in (("select", [[1, 0, 1]], [2, 3]), ("select-all", [[1, 0, 0], [1, 1, 0]], [2, 3])):
    w = Writer()
    mask = np.array(mask, bool)
    ins = [w.tensor("mask", list(mask.shape), "bool", data=mask)]
    ins += [w.tensor(f"input{i}", shape, "int8", 0.05, -3) for i in range(2)]
    y = w.tensor("output", shape, "int8", 0.05, -3)
    code = "SELECT_V2" if name == "select" else "SELECT"
    w.operator(getattr(t.BuiltinOperator, code), ins, [y],
               options("SelectV2Options" if name == "select" else "SelectOptions"))
    case(name, w.bytes(ins[1:], [y]), rows([shape] * 2, seeded(name), 3))


def squared_differences():
  """All pairs of some integers, which LiteRT rounds three times and twice each time."""
  for name, a, b, (sa, za), (sb, zb), (sy, zy) in (
      ("squares", [1, 16, 8], [1, 16, 8], (0.02, 3), (0.035, -7), (0.2, -100)),
      ("squares-broadcast", [1, 6, 8], [1, 6, 1], (0.05, -20), (0.05, 11), (0.31, -128)),
      ("squares-ties", [1, 16, 8], [1, 16, 8], (0.25, 3), (0.25, 5), (16.0, -60))):
    model = network("SQUARED_DIFFERENCE", [(a, sa, za), (b, sb, zb)], [(a, sy, zy)],
                    options("SquaredDifferenceOptions"))
    case(name, model, rows([a, b], seeded(name), 8))
  weight = seeded("squares-constant").integers(-128, 128, [4]).astype(np.int8)
  model = network("SQUARED_DIFFERENCE", [([1, 3, 4], 0.0371, -7)], [([1, 3, 4], 0.3, -90)],
                  options("SquaredDifferenceOptions"), [(weight, 0.0213, 20)])
  case("squares-constant", model, rows([[1, 3, 4]], seeded("squares"), 5))


def unsigned_joins():
  """uint8 tensors of unlike scales one after the other, ties of both signs among them."""
  for name, scales, zeros in (("random", (0.031, 0.0713, 0.0453), (119, 30, 140)),
                              ("ties", (0.0625, 0.125, 0.25), (131, 40, 120))):
    w = Writer()
    ins = [w.tensor(f"input{i}", [1, 256], "uint8", scales[i], zeros[i]) for i in range(2)]
    y = w.tensor("output", [2, 256], "uint8", scales[2], zeros[2])
    w.operator(t.BuiltinOperator.CONCATENATION, ins, [y], options("ConcatenationOptions", Axis=0))
    every = np.arange(256).astype(np.uint8).reshape(1, 256)
    case(f"concatenation-uint8-{name}", w.bytes(ins, [y]), [[every, every]])


def repeats():
  """Values at several places, and at places of an axis in any order."""
  i32 = lambda *v: np.array(v, np.int32)
  for name, code, output, constant, table in (
      ("tile", "TILE", [4, 3, 8], i32(2, 1, 2), options("TileOptions")),
      ("broadcast-to", "BROADCAST_TO", [5, 2, 3, 4], i32(5, 2, 3, 4), options("BroadcastToOptions")),
      ("gather", "GATHER", [2, 5, 4], i32(2, 0, 0, 1, 2), options("GatherOptions", Axis=1)),
      ("gather-one", "GATHER", [2, 3], np.array(3, np.int32), options("GatherOptions", Axis=-1)),
      ("mirror-pad-reflect", "MIRROR_PAD", [3, 5, 9], np.array([[1, 0], [0, 2], [3, 2]], np.int32),
       options("MirrorPadOptions", Mode=0)),
      ("mirror-pad-symmetric", "MIRROR_PAD", [4, 5, 10], np.array([[2, 0], [0, 2], [4, 2]], np.int32),
       options("MirrorPadOptions", Mode=1))):
    model = network(code, [([2, 3, 4], 0.05, -3)], [(output, 0.05, -3)], table, [(constant, None, 0)])
    case(name, model, rows([[2, 3, 4]], seeded(name), 3))


def transposed():
  """Transposed convolutions: paddings, strides that leave gaps and that do not divide, a bias or none."""
  shapes = [  # name, input, outputs, kernel, strides, padding, output
    ("2x2", [1, 3, 4, 3], 2, (2, 2), (2, 2), VALID, (6, 8)),
    ("3x3-same", [1, 3, 5, 2], 3, (3, 3), (2, 2), SAME, (6, 9)),
    ("4x4-same", [1, 4, 4, 2], 2, (4, 4), (2, 2), SAME, (8, 8)),
    ("dense", [1, 5, 4, 2], 2, (3, 3), (1, 1), SAME, (5, 4)),
    ("gaps", [1, 3, 3, 2], 2, (1, 2), (2, 3), VALID, (5, 8)),
    ("row", [1, 1, 6, 3], 1, (1, 5), (1, 3), VALID, (1, 20)),
  ]
  for index, (name, shape, outputs, kernel, strides, padding, extents) in enumerate(shapes):
    rng = np.random.default_rng(index)
    per_channel, has_bias, zero = index % 2 == 0, index % 3 != 2, (-128, 5)[index % 2]
    scales = rng.uniform(0.002, 0.02, outputs if per_channel else 1).astype(np.float32)
    w = Writer()
    end = [1, *extents, outputs]
    x = w.tensor("input", shape, "int8", 0.05, zero)
    where = w.tensor("extents", [4], "int32", None, 0, np.array(end, np.int32))
    weight = rng.integers(-127, 128, (outputs, *kernel, shape[3])).astype(np.int8)
    operands = [where, w.tensor("weight", list(weight.shape), "int8", scales, 0, weight), x]
    if has_bias:
      bias = rng.integers(-2000, 2000, outputs).astype(np.int32)
      operands.append(w.tensor(
        "bias", [outputs], "int32", scales * np.float32(0.05), 0, bias))
    y = w.tensor("output", end, "int8", 0.0731, -zero // 3)
    w.operator(t.BuiltinOperator.TRANSPOSE_CONV, operands, [y], options(
      "TransposeConvOptions", Padding=padding, StrideH=strides[0], StrideW=strides[1],
      FusedActivationFunction=NONE))
    case(f"transposed-{name}", w.bytes([x], [y]), rows([shape], rng, 4))


def resizes():
  """Sizes that are no multiples: up, down, to one place, with each way of counting places; two axes that are too
  large to be summed at once."""
  shapes = [("up", [1, 4, 5, 3], (7, 13)), ("twice", [1, 3, 4, 2], (6, 8)), ("down", [1, 9, 7, 2], (4, 3)),
            ("one", [1, 5, 4, 2], (1, 1)), ("mixed", [2, 3, 8, 1], (7, 5)), ("wide", [1, 1, 6, 2], (3, 16)),
            ("large", [1, 12, 14, 1], (17, 15))]
  for code, table in (("RESIZE_BILINEAR", "ResizeBilinearOptions"),
                      ("RESIZE_NEAREST_NEIGHBOR", "ResizeNearestNeighborOptions")):
    kind = "bilinear" if code == "RESIZE_BILINEAR" else "nearest"
    for name, shape, size in shapes:
      for way, aligned, centred in (("plain", False, False), ("corners", True, False), ("half", False, True)):
        if name not in ("up", "down", "twice") and way != ("half", "corners", "plain")[len(name) % 3]:
          continue
        label = f"{kind}-{name}-{way}"
        sliced(label, code, shape, [shape[0], *size, shape[3]], [np.array(size, np.int32)],
               options(table, AlignCorners=aligned, HalfPixelCenters=centred), rng=seeded(label))
  label = "bilinear-uint8"
  w = Writer()
  x = w.tensor("input", [1, 4, 5, 3], "uint8", 0.05, 131)
  size = w.tensor("size", [2], "int32", None, 0, np.array([6, 9], np.int32))
  y = w.tensor("output", [1, 6, 9, 3], "uint8", 0.05, 131)
  w.operator(t.BuiltinOperator.RESIZE_BILINEAR, [x, size], [y],
             options("ResizeBilinearOptions", AlignCorners=False, HalfPixelCenters=True))
  case(label, w.bytes([x], [y]), unsigned(rows([[1, 4, 5, 3]], seeded(label), 2)))


pools()
means()
near_ties()
views()
joins()
elementwise()
lookups()
# Every eighth case is proven: the first keep their places.
further_slopes = slopes()
next(further_slopes)
extrema()
layers()
log_softmax()
next(further_slopes, None)
rescaled_activations()
tied_mean()
new_axes()
reductions()
dense_layers()
unsigned_averages()
requantizations()
folded()
functions()
copies()
squared_differences()
unsigned_joins()
transposed()
repeats()
resizes()
(HERE / "operators").mkdir(exist_ok=True)
for entry, model in CASES:
  (HERE / entry["model"]).write_bytes(model)
(HERE / "operators.json").write_text(
  "[\n" + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry, _ in CASES) + "\n]\n")
print(len(CASES), "networks,", (HERE / "operators.json").stat().st_size, "bytes of json")
