"""TFLite files taken apart and put together again, and LiteRT's answers to any of their tensors."""

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

OPERATORS = {value: name for name, value in vars(schema.BuiltinOperator).items()}
TYPES = {
  schema.TensorType.INT8: np.int8, schema.TensorType.INT32: np.int32,
  schema.TensorType.FLOAT32: np.float32,
}


class Model:
  def __init__(self, path):
    self.data = path.read_bytes()
    self.model = schema.ModelT.InitFromPackedBuf(self.data, 0)
    self.graph = self.model.subgraphs[0]
    self.nodes = self.graph.operators
    self.input, self.output = int(self.graph.inputs[0]), int(self.graph.outputs[0])
    self.note = ""
    if self._correct_quantized_dimensions():
      self.note = "LiteRT refuses the file; compared on a copy with its biases' dimension corrected"
      self.data = self._packed()

  def interpreter(self, extra=()):
    """LiteRT with default kernels: a function of one input row to {tensor: its value}."""
    data = self.data
    outputs = [self.output, *(i for i in extra if i != self.output)]
    if len(outputs) > 1:
      self.graph.outputs = outputs
      data = self._packed()
      self.graph.outputs = [self.output]
    interpreter = Interpreter(model_content=data, num_threads=1)
    interpreter.allocate_tensors()
    place = interpreter.get_input_details()[0]

    def answer(row):
      interpreter.set_tensor(place["index"], row.reshape(place["shape"]))
      interpreter.invoke()
      details = interpreter.get_output_details()
      return {i: interpreter.get_tensor(d["index"]) for i, d in zip(outputs, details)}

    return answer

  def kind(self, node):
    code = self.model.operatorCodes[node.opcodeIndex]
    return OPERATORS[max(code.builtinCode, code.deprecatedBuiltinCode)]

  def maker(self, tensor):
    return next(node for node in self.nodes if tensor in node.outputs)

  def name(self, tensor):
    return self.graph.tensors[tensor].name.decode()

  def shape(self, tensor):
    return [int(extent) for extent in self.graph.tensors[tensor].shape]

  def quantization(self, tensor):
    """Scales as float64 and zero points; none of a tensor that has none."""
    parts = self.graph.tensors[tensor].quantization
    if parts is None or parts.scale is None:
      return np.zeros(0), np.zeros(0, np.int64)
    return np.asarray(parts.scale, np.float64), np.asarray(parts.zeroPoint, np.int64)

  def constant(self, tensor):
    stored = self.graph.tensors[tensor]
    data = bytes(self.model.buffers[stored.buffer].data)
    return np.frombuffer(data, TYPES[stored.type]).reshape(stored.shape)

  def _packed(self):
    builder = schema.flatbuffers.Builder(1 << 20)
    builder.Finish(self.model.Pack(builder), b"TFL3")
    return bytes(builder.Output())

  def _correct_quantized_dimensions(self):
    """Older converters gave the weights' dimension to biases, which have one. Whether any did."""
    wrong = [
      t for t in self.graph.tensors
      if t.quantization is not None and t.shape is not None
      and t.quantization.quantizedDimension >= max(len(t.shape), 1)]
    for tensor in wrong:
      tensor.quantization.quantizedDimension = 0
    return bool(wrong)
