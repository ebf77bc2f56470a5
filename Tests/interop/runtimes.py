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
from onnx import helper

import litert

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
    proven = self._outputs(len(inputs), "--proven")
    if not self.description["final_steps"]:
      return proven, proven
    return proven, self._outputs(len(inputs))

  def _outputs(self, count, *flags):
    self._run(
      "run", str(self.base / "key.prover"), str(self.base / "inputs.npy"), "-o",
      str(self.base / "outputs.npy"), "--force", *flags)
    return np.load(self.base / "outputs.npy").reshape(count, -1)


class LiteRT:
  """Default kernels. What the last step reads is read from a copy of the model that also outputs it."""

  def __init__(self, path):
    self.model = litert.Model(path)
    last = self.model.maker(self.model.output)
    self.before = self.model.output
    if self.model.kind(last) in ("SOFTMAX", "LOG_SOFTMAX", "ARG_MAX", "DEQUANTIZE"):
      self.before = int(last.inputs[0])
    self.plain = self.model.interpreter()
    self.opened = self.model.interpreter([self.before])

  def __call__(self, inputs):
    final = np.stack([self.plain(row)[self.model.output].flatten() for row in inputs])
    opened = [self.opened(row) for row in inputs]
    again = np.stack([answer[self.model.output].flatten() for answer in opened])
    assert np.array_equal(again, final), "the copy with one output more answers differently"
    return np.stack([answer[self.before].flatten() for answer in opened]), final


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
