"""Trains the 64-32-10 digit classifier and writes its float ONNX model and data beside this file.

Data: scikit-learn's `load_digits` (1,797 images of 8x8 pixels, values 0..16). Seeded throughout, so
a second run on the same machine writes the same bytes; another processor's linear algebra may round
differently and give slightly different weights.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

SEED = 7
HIDDEN = 32
CALIBRATION_ROWS = 200
TEST_SHARE = 0.2
HERE = Path(__file__).resolve().parent


def train(pixels, labels):
  """Returns float32 (w1, b1, w2, b2) of a ReLU network that takes raw pixels, 0..16."""
  # Centred inputs: on pixels that are all >= 0, a few hidden units die in every run, their weights
  # decay towards 0, and a per-channel scale for such a unit is meaningless.
  mean = pixels.mean(axis=0, dtype=np.float64)
  network = MLPClassifier(
    hidden_layer_sizes=(HIDDEN,), activation="relu", solver="adam", alpha=0.01,
    learning_rate_init=0.001, batch_size=32, max_iter=150, tol=0.0, n_iter_no_change=150,
    random_state=SEED)
  with warnings.catch_warnings():
    # A fixed number of epochs is what makes the run repeatable; "not converged" is expected.
    warnings.simplefilter("ignore", ConvergenceWarning)
    network.fit((pixels - mean) / 8.0, labels)
  (w1, w2), (b1, b2) = network.coefs_, network.intercepts_
  # The centring is folded into the first layer: the model file itself reads 0..16.
  w1 = w1 / 8.0
  return tuple(np.asarray(a, dtype=np.float32) for a in (w1, b1 - mean @ w1, w2, b2))


def build(w1, b1, w2, b2):
  """Gemm, Relu, Gemm, Softmax; weights stored [inputs, outputs]; static shape [1, 64]."""
  graph = helper.make_graph(
    [
      helper.make_node("Gemm", ["pixels", "hidden.weight", "hidden.bias"], ["hidden"], "hidden"),
      helper.make_node("Relu", ["hidden"], ["hidden.relu"], "relu"),
      helper.make_node("Gemm", ["hidden.relu", "output.weight", "output.bias"], ["logits"],
                       "output"),
      helper.make_node("Softmax", ["logits"], ["probabilities"], "softmax", axis=-1),
    ],
    "digits-mlp",
    [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [1, 64])],
    [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1, 10])],
    [
      numpy_helper.from_array(w1, "hidden.weight"),
      numpy_helper.from_array(b1, "hidden.bias"),
      numpy_helper.from_array(w2, "output.weight"),
      numpy_helper.from_array(b2, "output.bias"),
    ])
  model = helper.make_model(
    graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8,
    producer_name="Circuits/digits-mlp/train.py")
  onnx.checker.check_model(model, full_check=True)
  return model


def logits_of(weights, pixels):
  w1, b1, w2, b2 = weights
  return np.maximum(pixels @ w1 + b1, 0) @ w2 + b2


def main():
  digits = load_digits()
  train_x, test_x, train_y, test_y = train_test_split(
    digits.data.astype(np.float32), digits.target.astype(np.int64), test_size=TEST_SHARE,
    random_state=SEED, stratify=digits.target)
  weights = train(train_x, train_y)
  onnx.save(build(*weights), HERE / "model.onnx")

  picks = np.random.default_rng(SEED).choice(len(train_x), CALIBRATION_ROWS, replace=False)
  np.save(HERE / "calibration.npy", train_x[np.sort(picks)])
  np.save(HERE / "test-inputs.npy", test_x)
  np.save(HERE / "test-labels.npy", test_y)

  logits = logits_of(weights, test_x)
  # The sample is the test image classified with the widest margin: a clearly drawn digit.
  ranked = np.sort(logits, axis=1)
  margin = np.where(logits.argmax(1) == test_y, ranked[:, -1] - ranked[:, -2], -np.inf)
  sample = int(margin.argmax())
  np.save(HERE / "input.npy", test_x[sample:sample + 1])
  (HERE / "expected.json").write_text(json.dumps({
    "test_row": sample,
    "label": int(test_y[sample]),
    "float_logits": [round(float(v), 4) for v in logits[sample]],
  }, indent=2) + "\n")

  for name, x, y in (("train", train_x, train_y), ("test", test_x, test_y)):
    right = int((logits_of(weights, x).argmax(1) == y).sum())
    print(f"{name}: {right} of {len(y)} right, {right / len(y):.2%}")
  for row in test_x[sample].reshape(8, 8):
    print("".join(" .:-=+*#@"[int(v) // 2] * 2 for v in row))


if __name__ == "__main__":
  main()
