"""Modules of a real PyTorch, where there is one: it has gigabytes, so most environments have none."""

import unittest

import tacit

from .support import needs_numpy, numpy

try:
    import torch
except ImportError:
    torch = None
try:
    import onnxscript
except ImportError:
    onnxscript = None


@unittest.skipIf(torch is None, "needs PyTorch")
@needs_numpy
class Modules(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(7)

    def agree(self, module, inputs, within):
        """Compiles the module, and proves one input; what is proven is close to what the module computes."""
        key = tacit.compile(module, calibration=inputs)
        result = key.verifier.verify(key.prove(inputs[:1]), model_id=key.model_id)
        with torch.no_grad():
            expected = module.eval()(torch.tensor(inputs[:1])).numpy()
        self.assertEqual(result.output.shape, expected.shape)
        self.assertLess(numpy.abs(result.output - expected).max(), within * numpy.abs(expected).max())

    def test_layers_in_a_row(self):
        module = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
        self.agree(module, numpy.random.RandomState(0).rand(50, 64).astype("float32"), 0.1)

    def test_a_module_with_a_forward_of_its_own(self):
        class Net(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.convolution = torch.nn.Conv2d(1, 4, 3)
                self.norm = torch.nn.BatchNorm2d(4)
                self.dropout = torch.nn.Dropout(0.5)
                self.dense = torch.nn.Linear(36, 10)

            def forward(self, x):
                x = torch.relu(self.norm(self.convolution(x)))
                return self.dense(self.dropout(torch.nn.functional.max_pool2d(x, 2).flatten(1)))

        module = Net()
        module.train()
        self.agree(module, numpy.random.RandomState(0).rand(50, 1, 8, 8).astype("float32"), 0.1)

    def test_a_module_is_trained_on_as_before(self):
        module = torch.nn.Sequential(torch.nn.Linear(8, 4), torch.nn.Dropout(0.5))
        module.train()
        tacit.compile(module, calibration=numpy.random.RandomState(0).rand(20, 8).astype("float32"))
        self.assertTrue(module.training and module[1].training)
        self.assertTrue(torch.backends.mha.get_fastpath_enabled())

    @unittest.skipIf(onnxscript is None, "needs onnxscript")
    def test_a_layer_of_attention_is_exported_as_its_operators(self):
        layer = torch.nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
        self.agree(layer, numpy.random.RandomState(0).randn(50, 8, 16).astype("float32"), 0.2)

    def test_what_pytorch_cannot_export_is_a_fault_of_the_model(self):
        class Net(torch.nn.Module):
            def forward(self, x):
                return torch.linalg.svd(x)[1]

        with self.assertRaises(tacit.ModelError) as caught:
            tacit.compile(Net(), example=torch.zeros(1, 4, 4))
        self.assertIn("PyTorch cannot write this module as ONNX", str(caught.exception))
