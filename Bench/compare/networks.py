"""The networks that both systems prove: one folder each with the same ONNX file and inputs.

A last softmax is cut off first: Tacit leaves it to whoever reads the output, EZKL would prove it.
`ad01`, `kws` and `resnet-8` are float twins of the MLPerf Tiny networks, the same layers with random
weights, since EZKL does not read int8 models; cost depends on shapes, not on what a network knows.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = Path(__file__).resolve().parents[2]
CALIBRATION_CASES = 8


class Layers:
    """An ONNX graph, one layer after another."""

    def __init__(self, shape, seed):
        self.random = np.random.Generator(np.random.PCG64(seed))
        self.shape, self.value = shape, "input"
        self.nodes, self.constants = [], []

    def constant(self, array):
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(array.astype(np.float32), name))
        return name

    def weights(self, shape):
        deviation = np.sqrt(2 / np.prod(shape[1:]))
        return self.constant(self.random.normal(0, deviation, shape))

    def add(self, operator, inputs, **attributes):
        self.value = f"value{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [self.value], **attributes))
        return self

    def relu(self):
        return self.add("Relu", [self.value])

    def dense(self, inputs, outputs):
        bias = self.constant(self.random.normal(0, 0.1, outputs))
        return self.add("Gemm", [self.value, self.weights((outputs, inputs)), bias], transB=1)

    def conv(self, inputs, outputs, kernel, pads, stride=1, groups=1):
        bias = self.constant(self.random.normal(0, 0.1, outputs))
        weight = self.weights((outputs, inputs // groups, *kernel))
        return self.add(
            "Conv", [self.value, weight, bias], kernel_shape=kernel, pads=pads,
            strides=[stride, stride], group=groups)

    def pooled(self):
        return self.add("GlobalAveragePool", [self.value]).add("Flatten", [self.value])

    def model(self):
        floats = TensorProto.FLOAT
        graph = helper.make_graph(
            self.nodes, "network", [helper.make_tensor_value_info("input", floats, self.shape)],
            [helper.make_tensor_value_info(self.value, floats, None)], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        return onnx.shape_inference.infer_shapes(model)


def ad01():
    widths = [640, 128, 128, 128, 128, 8, 128, 128, 128, 128, 640]
    network = Layers([1, 640], seed=1)
    for layer, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        network.dense(inputs, outputs)
        if layer < len(widths) - 2:
            network.relu()
    return network.model()


def kws():
    network = Layers([1, 1, 49, 10], seed=2)
    network.conv(1, 64, [10, 4], [4, 1, 5, 1], stride=2).relu()
    for _ in range(4):
        network.conv(64, 64, [3, 3], [1, 1, 1, 1], groups=64).relu()
        network.conv(64, 64, [1, 1], [0, 0, 0, 0]).relu()
    return network.pooled().dense(64, 12).model()


def resnet_8():
    network = Layers([1, 3, 32, 32], seed=3)
    network.conv(3, 16, [3, 3], [1, 1, 1, 1]).relu()
    inputs = 16
    for outputs in [16, 32, 64]:
        stride = 1 if outputs == inputs else 2
        start = network.value
        pads = [1, 1, 1, 1] if stride == 1 else [0, 0, 1, 1]
        network.conv(inputs, outputs, [3, 3], pads, stride).relu()
        end = network.conv(outputs, outputs, [3, 3], [1, 1, 1, 1]).value
        if stride == 2:
            network.value = start
            start = network.conv(inputs, outputs, [1, 1], [0, 0, 0, 0], stride).value
        network.add("Add", [start, end]).relu()
        inputs = outputs
    return network.pooled().dense(64, 10).model()


def without_softmax(model):
    last = model.graph.node[-1]
    if last.op_type == "Softmax":
        model.graph.output[0].name = last.input[0]
        del model.graph.node[-1]
    return model


def circuit(name):
    folder = ROOT / "Circuits" / name
    return folder / "model.onnx", folder / "calibration.npy", folder / "input.npy"


def bench(model, name):
    folder = ROOT / "Bench/models"
    return model, folder / f"{name}.calibration.npy", folder / f"{name}.input.npy"


FILES = {
    "digits-mlp": circuit("digits-mlp"),
    "784-128-10": bench(ROOT / "Bench/models/dense-784-128-10.onnx", "dense-784-128-10"),
    "lenet5": circuit("lenet5"),
}
TWINS = {"ad01": ad01, "kws": kws, "resnet-8": resnet_8}
NAMES = ["digits-mlp", "784-128-10", "lenet5", "ad01", "kws", "resnet-8"]


def write(name: str, folder: Path):
    """Files of a network: model.onnx, and its inputs as .npy (Tacit) and .json (EZKL)."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if name in TWINS:
        model = TWINS[name]()
        shape = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim]
        random = np.random.Generator(np.random.PCG64(4))
        cases = random.random((CALIBRATION_CASES, *shape[1:]), dtype=np.float32)
        first = random.random(shape, dtype=np.float32)
    else:
        file, calibration, first = FILES[name]
        model = without_softmax(onnx.load(file))
        cases, first = np.load(calibration)[:CALIBRATION_CASES], np.load(first)
    onnx.save(model, folder / "model.onnx")
    np.save(folder / "calibration.npy", cases)
    np.save(folder / "input.npy", first)
    for arrays, file in [(cases, "calibration.json"), (first, "input.json")]:
        data = {"input_data": [arrays.reshape(-1).tolist()]}
        (folder / file).write_text(json.dumps(data))
