"""Writes small TFLite files by hand: FlatBuffers through the published schema classes."""

import flatbuffers
import numpy as np
import tflite as t

TYPES = {"float32": t.TensorType.FLOAT32, "float16": t.TensorType.FLOAT16,
         "int32": t.TensorType.INT32, "int8": t.TensorType.INT8, "uint8": t.TensorType.UINT8,
         "bool": t.TensorType.BOOL}


def _vector(builder, start, values, push):
  start(builder, len(values))
  for value in reversed(values):
    push(value)
  return builder.EndVector()


class Writer:
  """Collects tensors and operators of one subgraph; `bytes()` is the file."""

  def __init__(self):
    self.tensors, self.buffers, self.operators, self.codes = [], [b""], [], []

  def tensor(self, name, shape, kind, scale=None, zero_point=0, data=None, axis=0):
    """Adds a tensor and returns its index. `scale` may be a list (per channel along `axis`)."""
    buffer = 0
    if data is not None:
      buffer = len(self.buffers)
      self.buffers.append(np.ascontiguousarray(data).tobytes())
    scales = [] if scale is None else [float(s) for s in np.atleast_1d(scale)]
    self.tensors.append((name, shape, kind, scales, zero_point, buffer, axis))
    return len(self.tensors) - 1

  def operator(self, code, inputs, outputs, options=None):
    """`options`: (union type, function that writes the table and returns its offset)."""
    if code not in self.codes:
      self.codes.append(code)
    self.operators.append((self.codes.index(code), inputs, outputs, options))

  def fully_connected(self, inputs, output, activation=0):
    def options(b):
      t.FullyConnectedOptionsStart(b)
      t.FullyConnectedOptionsAddFusedActivationFunction(b, activation)
      return t.FullyConnectedOptionsEnd(b)

    self.operator(t.BuiltinOperator.FULLY_CONNECTED, inputs, [output],
                  (t.BuiltinOptions.FullyConnectedOptions, options))

  def reshape(self, source, output, shape):
    def options(b):
      shape_offset = _vector(b, t.ReshapeOptionsStartNewShapeVector, shape, b.PrependInt32)
      t.ReshapeOptionsStart(b)
      t.ReshapeOptionsAddNewShape(b, shape_offset)
      return t.ReshapeOptionsEnd(b)

    target = self.tensor("shape", [len(shape)], "int32", data=np.array(shape, np.int32))
    self.operator(t.BuiltinOperator.RESHAPE, [source, target], [output],
                  (t.BuiltinOptions.ReshapeOptions, options))

  def softmax(self, source, output, beta=1.0):
    def options(b):
      t.SoftmaxOptionsStart(b)
      t.SoftmaxOptionsAddBeta(b, beta)
      return t.SoftmaxOptionsEnd(b)

    self.operator(t.BuiltinOperator.SOFTMAX, [source], [output],
                  (t.BuiltinOptions.SoftmaxOptions, options))

  def quantize(self, source, output):
    self.operator(t.BuiltinOperator.QUANTIZE, [source], [output])

  def dequantize(self, source, output):
    self.operator(t.BuiltinOperator.DEQUANTIZE, [source], [output])

  def _quantization(self, b, scales, zero_point, axis):
    scale = _vector(b, t.QuantizationParametersStartScaleVector, scales, b.PrependFloat32)
    zeros = _vector(b, t.QuantizationParametersStartZeroPointVector, [zero_point] * len(scales),
                    b.PrependInt64)
    t.QuantizationParametersStart(b)
    t.QuantizationParametersAddScale(b, scale)
    t.QuantizationParametersAddZeroPoint(b, zeros)
    t.QuantizationParametersAddQuantizedDimension(b, axis)
    return t.QuantizationParametersEnd(b)

  def _tensor(self, b, tensor):
    name, shape, kind, scales, zero_point, buffer, axis = tensor
    name_offset = b.CreateString(name)
    shape_offset = _vector(b, t.TensorStartShapeVector, shape, b.PrependInt32)
    quantization = self._quantization(b, scales, zero_point, axis) if scales else None
    t.TensorStart(b)
    t.TensorAddShape(b, shape_offset)
    t.TensorAddType(b, TYPES[kind])
    t.TensorAddBuffer(b, buffer)
    t.TensorAddName(b, name_offset)
    if quantization is not None:
      t.TensorAddQuantization(b, quantization)
    return t.TensorEnd(b)

  def _operator(self, b, operator):
    code, inputs, outputs, options = operator
    input_offset = _vector(b, t.OperatorStartInputsVector, inputs, b.PrependInt32)
    output_offset = _vector(b, t.OperatorStartOutputsVector, outputs, b.PrependInt32)
    table = options[1](b) if options else None
    t.OperatorStart(b)
    t.OperatorAddOpcodeIndex(b, code)
    t.OperatorAddInputs(b, input_offset)
    t.OperatorAddOutputs(b, output_offset)
    if options:
      t.OperatorAddBuiltinOptionsType(b, options[0])
      t.OperatorAddBuiltinOptions(b, table)
    return t.OperatorEnd(b)

  def bytes(self, inputs, outputs):
    b = flatbuffers.Builder(1024)
    buffers = []
    for data in self.buffers:
      offset = None
      if data:
        t.BufferStartDataVector(b, len(data))
        b.head -= len(data)
        b.Bytes[b.head:b.head + len(data)] = data
        offset = b.EndVector()
      t.BufferStart(b)
      if offset is not None:
        t.BufferAddData(b, offset)
      buffers.append(t.BufferEnd(b))
    buffer_list = _vector(b, t.ModelStartBuffersVector, buffers, b.PrependUOffsetTRelative)
    tensor_list = _vector(b, t.SubGraphStartTensorsVector,
                          [self._tensor(b, tensor) for tensor in self.tensors],
                          b.PrependUOffsetTRelative)
    operator_list = _vector(b, t.SubGraphStartOperatorsVector,
                            [self._operator(b, operator) for operator in self.operators],
                            b.PrependUOffsetTRelative)
    input_list = _vector(b, t.SubGraphStartInputsVector, inputs, b.PrependInt32)
    output_list = _vector(b, t.SubGraphStartOutputsVector, outputs, b.PrependInt32)
    t.SubGraphStart(b)
    t.SubGraphAddTensors(b, tensor_list)
    t.SubGraphAddInputs(b, input_list)
    t.SubGraphAddOutputs(b, output_list)
    t.SubGraphAddOperators(b, operator_list)
    graphs = _vector(b, t.ModelStartSubgraphsVector, [t.SubGraphEnd(b)], b.PrependUOffsetTRelative)
    codes = []
    for code in self.codes:
      t.OperatorCodeStart(b)
      t.OperatorCodeAddDeprecatedBuiltinCode(b, min(code, 127))
      # Without a first version of its own.
      t.OperatorCodeAddVersion(b, 2 if code == t.BuiltinOperator.BROADCAST_TO else 1)
      t.OperatorCodeAddBuiltinCode(b, code)
      codes.append(t.OperatorCodeEnd(b))
    code_list = _vector(b, t.ModelStartOperatorCodesVector, codes, b.PrependUOffsetTRelative)
    t.ModelStart(b)
    t.ModelAddVersion(b, 3)
    t.ModelAddOperatorCodes(b, code_list)
    t.ModelAddSubgraphs(b, graphs)
    t.ModelAddBuffers(b, buffer_list)
    b.Finish(t.ModelEnd(b), b"TFL3")
    return bytes(b.Output())
