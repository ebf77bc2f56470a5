"""The three that are compared: LiteRT, onnxruntime and the built `tacit`.

Each gives, for a batch of inputs, the tensor before the model's public last steps (softmax, argmax,
dequantization) and the model's own output.
"""

import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter
from onnx import helper

LAST_STEPS = {"Softmax", "LogSoftmax", "ArgMax", "DequantizeLinear"}


class Refused(Exception):
  """Tacit does not compile the model; the text says why."""


class Tacit:
  """A model compiled by the command."""

  def __init__(self, program, model, calibration=None):
    self.program = program
    self.folder = tempfile.TemporaryDirectory()
    self.base = Path(self.folder.name)
    command = ["compile", str(model), "-o", str(self.base / "key")]
    if calibration is not None:
      np.save(self.base / "calibration.npy", calibration)
      command += ["--calibrate", str(self.base / "calibration.npy")]
    self._run(*command)
    self.description = json.loads(self._run("inspect", "--json", str(self.base / "key.verifier")))

  def _run(self, *arguments):
    done = subprocess.run([self.program, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
      raise Refused(done.stderr.strip().removeprefix("tacit: error: "))
    return done.stdout

  def __call__(self, inputs):
    np.save(self.base / "inputs.npy", inputs)
    results = []
    for flags in (["--proven"], []):
      self._run(
        "run", str(self.base / "key.prover"), str(self.base / "inputs.npy"), "-o",
        str(self.base / "outputs.npy"), "--force", *flags)
      results.append(np.load(self.base / "outputs.npy").reshape(len(inputs), -1))
    return tuple(results)

  @property
  def output_scale(self):
    return self.description["outputs"][0]["scale"]


class LiteRT:
  """Default kernels. What the last step reads is read from a copy of the model that also outputs it."""

  def __init__(self, path):
    data = path.read_bytes()
    model = schema.ModelT.InitFromPackedBuf(data, 0)
    graph = model.subgraphs[0]
    self.note = ""
    if _correct_quantized_dimensions(graph):
      self.note = "LiteRT refuses the file; compared on a copy with its biases' dimension corrected"
      data = _packed(model)
    makers = {output: node for node in graph.operators for output in node.outputs}
    last = makers[graph.outputs[0]]
    code = model.operatorCodes[last.opcodeIndex]
    names = {value: name for name, value in vars(schema.BuiltinOperator).items()}
    name = names[max(code.builtinCode, code.deprecatedBuiltinCode)]
    self.before = name in ("SOFTMAX", "LOG_SOFTMAX", "ARG_MAX", "DEQUANTIZE")
    self.plain = self._interpreter(data)
    if self.before:
      graph.outputs = list(graph.outputs) + [last.inputs[0]]
      self.opened = self._interpreter(_packed(model))
    self.input = self.plain.get_input_details()[0]

  @staticmethod
  def _interpreter(data):
    interpreter = Interpreter(model_content=data, num_threads=1)
    interpreter.allocate_tensors()
    return interpreter

  def __call__(self, inputs):
    (final,) = zip(*[self._answer(self.plain, row) for row in inputs])
    final = np.stack(final)
    if not self.before:
      return final, final
    again, logits = map(np.stack, zip(*[self._answer(self.opened, row) for row in inputs]))
    assert np.array_equal(again, final), "the copy with one output more answers differently"
    return logits, final

  @staticmethod
  def _answer(interpreter, row):
    details = interpreter.get_input_details()[0]
    interpreter.set_tensor(details["index"], row.reshape(details["shape"]))
    interpreter.invoke()
    return [
      interpreter.get_tensor(output["index"]).flatten()
      for output in interpreter.get_output_details()]


def _packed(model):
  builder = schema.flatbuffers.Builder(1 << 20)
  builder.Finish(model.Pack(builder), b"TFL3")
  return bytes(builder.Output())


def _correct_quantized_dimensions(graph):
  """Older converters gave the weights' dimension to biases, which have one. Returns whether any did."""
  wrong = [
    t for t in graph.tensors
    if t.quantization is not None and t.shape is not None
    and t.quantization.quantizedDimension >= max(len(t.shape), 1)]
  for tensor in wrong:
    tensor.quantization.quantizedDimension = 0
  return bool(wrong)


class ONNXRuntime:
  """CPU, default optimizations."""

  def __init__(self, path):
    model = onnx.load(path)
    constants = {tensor.name for tensor in model.graph.initializer}
    self.input = next(i for i in model.graph.input if i.name not in constants)
    self.shape = [d.dim_value for d in self.input.type.tensor_type.shape.dim]
    makers = {output: node for node in model.graph.node for output in node.output}
    self.final = self.before = model.graph.output[0].name
    while makers[self.before].op_type in LAST_STEPS:
      self.before = makers[self.before].input[0]
    if self.before != self.final:
      inferred = onnx.shape_inference.infer_shapes(model)
      kinds = {v.name: v.type.tensor_type.elem_type for v in inferred.graph.value_info}
      kind = kinds.get(self.before) or self._kind_from_zero_point(model)
      model.graph.output.append(helper.make_tensor_value_info(self.before, kind, None))
    self.session = onnxruntime.InferenceSession(
      model.SerializeToString(), providers=["CPUExecutionProvider"])

  def _kind_from_zero_point(self, model):
    reader = next(n for n in model.graph.node if self.before in n.input)
    return next(t.data_type for t in model.graph.initializer if t.name == reader.input[2])

  def __call__(self, inputs):
    rows = [
      self.session.run([self.before, self.final], {self.input.name: row.reshape(self.shape)})
      for row in inputs]
    return tuple(np.stack([np.asarray(row[i]).flatten() for row in rows]) for i in (0, 1))
