"""Writes float/*.onnx and float.json: the float operators a dense network may use, in onnxruntime.

One small network per way of writing a dense layer or an ending; inputs serve as calibration too.
"""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).resolve().parent
RNG = np.random.default_rng(77)


def constant(name, value):
  return numpy_helper.from_array(np.asarray(value), name)


def dense(inputs, outputs, name):
  weight = RNG.normal(0, np.sqrt(2 / inputs), (inputs, outputs)).astype(np.float32)
  return constant(f"{name}.w", weight), constant(
    f"{name}.b", RNG.normal(0, 0.1, outputs).astype(np.float32))


def node(op, inputs, output, **attributes):
  return helper.make_node(op, inputs, [output], f"{op}.{output}", **attributes)


def transposed(initializer):
  return constant(initializer.name, numpy_helper.to_array(initializer).T.copy())


def networks():
  """(name, input shape, output shape, nodes, constants)"""
  (w0, b0), (w1, b1) = dense(7, 5, "a"), dense(5, 3, "b")
  yield "gemm", [1, 7], [1, 3], [
    node("Gemm", ["x", "a.w", "a.b"], "h"), node("Relu", ["h"], "r"),
    node("Gemm", ["r", "b.w", "b.b"], "y")], [w0, b0, w1, b1]
  yield "gemm-transposed", [1, 7], [1, 3], [
    node("Gemm", ["x", "a.w", "a.b"], "h", transB=1), node("Relu", ["h"], "r"),
    node("Gemm", ["r", "b.w"], "y", transB=1)], [transposed(w0), b0, transposed(w1)]
  yield "gemm-alpha-beta", [1, 7], [1, 5], [
    node("Gemm", ["x", "a.w", "a.b"], "y", alpha=0.5, beta=-2.0)], [w0, b0]
  yield "matmul-add", [1, 7], [1, 3], [
    node("MatMul", ["x", "a.w"], "p"), node("Add", ["p", "a.b"], "h"), node("Relu", ["h"], "r"),
    node("MatMul", ["r", "b.w"], "q"), node("Add", ["b.b", "q"], "y")], [w0, b0, w1, b1]
  yield "matmul-bare", [1, 7], [1, 5], [node("MatMul", ["x", "a.w"], "y")], [w0]
  yield "clip", [1, 7], [1, 3], [
    node("Gemm", ["x", "a.w", "a.b"], "h"), node("Clip", ["h", "low", "high"], "r"),
    node("Gemm", ["r", "b.w", "b.b"], "p"), node("Clip", ["p", "", "high"], "y")], [
      w0, b0, w1, b1, constant("low", np.float32(0)), constant("high", np.float32(1.5))]
  (w2, b2) = dense(7, 5, "c")
  yield "branches", [1, 7], [1, 5], [
    node("Gemm", ["x", "a.w", "a.b"], "p"), node("Gemm", ["x", "c.w", "c.b"], "q"),
    node("Relu", ["q"], "r"), node("Add", ["p", "r"], "s"), node("Relu", ["s"], "y")], [
      w0, b0, w2, b2]
  (w3, b3) = dense(12, 4, "d")
  yield "flatten", [1, 3, 2, 2], [1, 4], [
    node("Flatten", ["x"], "f", axis=1), node("Gemm", ["f", "d.w", "d.b"], "y")], [w3, b3]
  yield "reshape", [1, 3, 4], [1, 4], [
    node("Constant", [], "shape", value=constant("", np.array([0, -1], np.int64))),
    node("Reshape", ["x", "shape"], "f"), node("Identity", ["f"], "i"),
    node("Gemm", ["i", "d.w", "d.b"], "y")], [w3, b3]
  yield "softmax", [1, 7], [1, 5], [
    node("Gemm", ["x", "a.w", "a.b"], "h"), node("Softmax", ["h"], "y", axis=1)], [w0, b0]
  yield "argmax", [1, 7], [1, 1], [
    node("Gemm", ["x", "a.w", "a.b"], "h"), node("ArgMax", ["h"], "y", axis=1)], [w0, b0]
  # One unit whose weights have all but vanished, one that never sees its input.
  dead = numpy_helper.to_array(w0).copy()
  dead[:, 1], dead[:, 3] = 4e-41, 0
  yield "dead-units", [1, 7], [1, 3], [
    node("Gemm", ["x", "a.w", "a.b"], "h"), node("Relu", ["h"], "r"),
    node("Gemm", ["r", "b.w", "b.b"], "y")], [constant("a.w", dead), b0, w1, b1]


def main():
  (HERE / "float").mkdir(exist_ok=True)
  cases = []
  for name, shape, output, nodes, constants in networks():
    kind = TensorProto.INT64 if name == "argmax" else TensorProto.FLOAT
    graph = helper.make_graph(
      nodes, name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
      [helper.make_tensor_value_info("y", kind, output)], constants)
    model = helper.make_model(
      graph, ir_version=8, producer_name="Tests/Vectors/networks",
      opset_imports=[helper.make_opsetid("", 17)])
    onnx.checker.check_model(model, full_check=True)
    path = HERE / "float" / f"{name}.onnx"
    onnx.save(model, path)
    rows = RNG.uniform(-1, 2, (12, int(np.prod(shape)))).astype(np.float32)
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    answers = [session.run(None, {"x": row.reshape(shape)})[0].ravel().tolist() for row in rows]
    cases.append({"name": name, "model": f"float/{name}.onnx", "input_shape": shape,
                  "inputs": [[float(v) for v in row] for row in rows], "onnxruntime": answers})
  body = ",\n".join(
    "{" + ",\n ".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}"
                      for k, v in case.items()) + "}" for case in cases)
  (HERE / "float.json").write_text("[\n" + body + "\n]\n")


if __name__ == "__main__":
  main()
