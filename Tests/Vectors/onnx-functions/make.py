"""Writes cases.json: functions of one byte, and of several, between DequantizeLinear and QuantizeLinear, beside
what onnxruntime answers.

Needs onnx and onnxruntime (requirements.txt in ../networks). Every function of one byte is asked for all 256.
Each case has random numbers of its own, so that a new one changes no other.
"""

import sys
import zlib
from pathlib import Path

import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import packed  # noqa: E402

node = helper.make_node
FLOAT = TensorProto.FLOAT


def f(value):
  return np.float32(value)


def functions():
  """(name, nodes from x to y, constants, scale and zero point of x and of y, type)."""
  u8, s8 = np.uint8, np.int8
  wide, other = (0.047, 131), (0.031, 17)
  for op in ["Abs", "Neg", "Ceil", "Floor", "Round", "Sign", "Sin", "Cos", "Atan", "Asinh", "Tanh", "Sigmoid", "Erf",
             "Exp", "Softplus", "Softsign", "Relu", "Elu", "Selu", "Celu", "HardSigmoid", "HardSwish", "LeakyRelu",
             "ThresholdedRelu", "Mish", "Gelu"]:
    yield op.lower(), [node(op, ["x"], ["y"])], {}, wide, other, u8
    yield f"{op.lower()}-int8", [node(op, ["x"], ["y"])], {}, (0.02, -9), (0.013, -3), s8
  for op in ["Sinh", "Cosh", "Tan"]:
    yield op.lower(), [node(op, ["x"], ["y"])], {}, (0.021, 120), (0.11, 100), u8
  for op in ["Asin", "Acos", "Atanh"]:
    # Beyond 1 there is no value.
    yield op.lower(), [node(op, ["x"], ["y"])], {}, (0.009, 128), other, u8
    yield f"{op.lower()}-int8", [node(op, ["x"], ["y"])], {}, (1 / 128, 0), (0.013, -3), s8
  for op in ["Sqrt", "Log", "Reciprocal", "Acosh"]:
    yield op.lower(), [node(op, ["x"], ["y"])], {}, (0.05, 20), other, u8
    yield f"{op.lower()}-from-zero", [node(op, ["x"], ["y"])], {}, (0.05, -128), (0.02, -100), s8
  yield "shrink", [node("Shrink", ["x"], ["y"], lambd=0.5, bias=0.25)], {}, wide, other, u8
  for exponent in [2, 3, 0.5, 1.7, -1]:
    yield f"pow-{exponent}", [node("Pow", ["x", "c"], ["y"])], {"c": f(exponent)}, wide, other, u8
  yield "mod", [node("Mod", ["x", "c"], ["y"], fmod=1)], {"c": f(0.7)}, wide, other, u8
  yield "mod-negative", [node("Mod", ["x", "c"], ["y"], fmod=1)], {"c": f(-0.7)}, wide, (0.01, 100), u8

  # Constants that no QuantizeLinear has touched.
  for op, c in [("Mul", 0.3), ("Add", 0.3), ("Sub", 0.3), ("Div", 0.3), ("Div", 7), ("Max", 0.3), ("Min", 0.3)]:
    yield f"{op.lower()}-{c}", [node(op, ["x", "c"], ["y"])], {"c": f(c)}, wide, other, u8
  yield "sub-from", [node("Sub", ["c", "x"], ["y"])], {"c": f(1)}, wide, other, u8
  yield "div-of", [node("Div", ["c", "x"], ["y"])], {"c": f(1)}, wide, other, u8

  # However it is written.
  yield "one-over-exp", [node("Exp", ["x"], ["e"]), node("Div", ["c", "e"], ["y"])], {"c": f(1)}, wide, other, u8
  yield "leaky-by-where", [
    node("Greater", ["x", "zero"], ["p"]), node("Mul", ["x", "c"], ["s"]), node("Where", ["p", "x", "s"], ["y"])
  ], {"zero": f(0), "c": f(0.1)}, wide, other, u8
  yield "gelu-by-erf", [
    node("Div", ["x", "root"], ["d"]), node("Erf", ["d"], ["e"]), node("Add", ["e", "one"], ["a"]),
    node("Mul", ["x", "a"], ["m"]), node("Mul", ["m", "half"], ["y"])
  ], {"root": f(2 ** 0.5), "one": f(1), "half": f(0.5)}, wide, other, u8
  yield "affine", [
    node("Mul", ["x", "c"], ["m"]), node("Add", ["m", "d"], ["y"])
  ], {"c": f(-0.37), "d": f(0.21)}, (0.02, -9), (0.013, -3), s8
  yield "band", [
    node("GreaterOrEqual", ["x", "low"], ["p"]), node("LessOrEqual", ["x", "high"], ["q"]), node("And", ["p", "q"], ["r"]),
    node("Not", ["r"], ["n"]), node("Equal", ["x", "zero"], ["o"]), node("Or", ["n", "o"], ["w"]),
    node("Xor", ["w", "p"], ["v"]), node("Where", ["v", "x", "low"], ["y"])
  ], {"low": f(-0.94), "high": f(2.5), "zero": f(0)}, wide, other, u8
  yield "clipped-square-root", [
    node("Max", ["x", "low"], ["m"]), node("Sqrt", ["m"], ["r"]), node("Min", ["r", "high"], ["y"])
  ], {"low": f(0.01), "high": f(1.5)}, wide, other, u8


def pairs():
  """(name, nodes, constants, scales and zero points of the inputs, of y or None where it is bool)."""
  a, b, y = (0.047, 131), (0.031, 90), (0.0371, 120)
  for op in ["Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal"]:
    yield op.lower(), [node(op, ["a", "b"], ["y"])], {}, [a, b], None
    yield f"{op.lower()}-one-scale", [node(op, ["a", "b"], ["y"])], {}, [a, (0.047, 90)], None
    yield f"{op.lower()}-thirds", [node(op, ["a", "b"], ["y"])], {}, [(0.03, 131), (0.02, 90)], None
    yield f"{op.lower()}-far", [node(op, ["a", "b"], ["y"])], {}, [(0.03, 131), (0.0001, 90)], None
  yield "max", [node("Max", ["a", "b"], ["y"])], {}, [a, b], y
  yield "min-of-three", [node("Min", ["a", "b", "c"], ["y"])], {}, [a, b, (0.06, 140)], y
  yield "where", [node("Greater", ["a", "b"], ["p"]), node("Where", ["p", "a", "b"], ["y"])], {}, [a, b], y
  yield "where-one-scale", [
    node("Less", ["a", "b"], ["p"]), node("Where", ["p", "a", "b"], ["y"])], {}, [a, a], a
  yield "where-constant", [
    node("Less", ["a", "b"], ["p"]), node("Where", ["p", "zero", "b"], ["y"])], {"zero": f(0)}, [a, b], y
  yield "logic", [
    node("Less", ["a", "b"], ["p"]), node("Greater", ["a", "c"], ["q"]), node("Equal", ["b", "c"], ["e"]),
    node("And", ["p", "q"], ["r"]), node("Xor", ["r", "q"], ["s"]), node("Or", ["s", "e"], ["t"]), node("Not", ["t"], ["u"]),
    node("Where", ["u", "a", "b"], ["y"])], {}, [a, b, (0.06, 140)], y


def quantized(nodes, constants, inputs, y, kind, shape):
  """Every input as reals, quantized; y quantized, or bool."""
  constants = dict(constants)
  made = []
  for name, (scale, zero) in inputs.items():
    constants |= {f"{name}.s": f(scale), f"{name}.z": kind(zero)}
    made += [node("QuantizeLinear", [f"{name}.r", f"{name}.s", f"{name}.z"], [f"{name}.q"]),
             node("DequantizeLinear", [f"{name}.q", f"{name}.s", f"{name}.z"], [name])]
  made += nodes
  output, out_type = "y", TensorProto.BOOL
  if y:
    constants |= {"y.s": f(y[0]), "y.z": kind(y[1])}
    made.append(node("QuantizeLinear", ["y", "y.s", "y.z"], ["y.q"]))
    output, out_type = "y.q", helper.np_dtype_to_tensor_dtype(np.dtype(kind))
  for index, each in enumerate(made):
    each.name = f"{each.op_type.lower()}{index}"
  graph = helper.make_graph(
    made, "network", [helper.make_tensor_value_info(f"{name}.r", FLOAT, shape) for name in inputs],
    [helper.make_tensor_value_info(output, out_type, shape)],
    [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()])
  return helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", 20)])


def answered(name, model, rows):
  session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
  inputs = [value.name for value in session.get_inputs()]
  made = []
  for row in rows:
    answer = session.run(None, dict(zip(inputs, row)))[0]
    made.append((row, [answer.astype(np.uint8) if answer.dtype == bool else answer]))
  return packed.case(name, model, made)


def reals(kind, scale, zero, integers):
  return f(scale) * (integers.astype(np.float32) - f(zero))


def main():
  ort.set_default_logger_severity(3)
  cases = []
  for name, nodes, constants, x, y, kind in functions():
    model = quantized(nodes, constants, {"x": x}, y, kind, [1, 256])
    info = np.iinfo(kind)
    every = np.arange(info.min, info.max + 1).reshape(1, 256)
    cases.append(answered(name, model, [[reals(kind, *x, every)]]))
  for name, nodes, constants, ends, y in pairs():
    random = np.random.default_rng(zlib.crc32(name.encode()))
    inputs = dict(zip("abc", ends))
    model = quantized(nodes, constants, inputs, y, np.uint8, [2, 128])
    rows = []
    for spread in (256, 16):
      # Also values that are near to each other.
      base = random.uniform(-3, 3, (2, 128))
      rows.append([
        reals(np.uint8, scale, zero, np.clip(
          np.rint(base / scale + zero) + random.integers(-spread // 2, spread // 2, (2, 128)), 0, 255))
        for scale, zero in ends])
    cases.append(answered(name, model, rows))
  packed.write(HERE / "cases.json", cases)
  print(f"onnxruntime {ort.__version__}: {len(cases)} cases")


if __name__ == "__main__":
  main()
