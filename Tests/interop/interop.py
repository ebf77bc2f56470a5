"""Compares what Tacit proves with what the runtimes give, on models as they are deployed.

    interop.py TACIT [NAME …]        only the models whose file name holds a NAME

TFLite: every byte has to be LiteRT's, and every layer what its own arithmetic says of LiteRT's input
to it (layers.py). ONNX: so has every layer with weights and every sum; the agreement of the whole is
reported, and a float model is quantized by Tacit. Exits with 1 when a byte or a layer's value
differs, when a quantized ONNX model differs by more than a few ties in what is not compared layer by
layer, or when a model that has to compile does not.
"""

import sys
import time
from pathlib import Path

import numpy as np

import inputs
from runtimes import LiteRT, ONNXRuntime, Refused, Tacit
from layers import ONNXLayers, TFLiteLayers

PER_RANGE = 100
REQUIRED = [
  "ad01_int8", "kws_ref_model", "pretrainedResnet_quant", "pretrainedResnet_large_int8",
  "str_ww_ref_model", "vww_96_int8",
]


# Of the gallery; the others' own scripts and tests compare them with onnxruntime.
SEE_DIGITS = ["digits-mlp", "ds-cnn", "lenet5", "resnet"]
# Refused rightly, and why.
UNPROVABLE = {"mnist8_dynamic": "its scales come from each input"}
# What a quantized ONNX model may differ by: units, and images whose two best classes change places.
LARGEST, TIED = 2, 3


class Table:
  """Prints rows as they come, under a heading, in columns of fixed width."""

  rows = 0

  def __init__(self, title, columns):
    self.widths = [width for _, width in columns]
    print(f"\n{title}")
    self._print(*[name for name, _ in columns])
    self._print(*["-" * width for width in self.widths])

  def row(self, *cells):
    Table.rows += 1
    self._print(*cells)

  def _print(self, *cells):
    print("  ".join(str(c).ljust(w) for c, w in zip(cells, self.widths)).rstrip(), flush=True)

  def refused(self, name, reason):
    print(f"{name.ljust(self.widths[0])}  REFUSED: {reason[:200]}", flush=True)


def share(count, total):
  return f"{count:,} of {total:,}"


def same_class(ours, theirs):
  """Rows whose first largest value stands at the same place."""
  return int((ours.argmax(1) == theirs.argmax(1)).sum())


def tflite(program, wanted):
  """Returns the names of the models that failed."""
  failed = []
  if not inputs.SHARED.exists():
    print(f"skipped: the TFLite models, and the ONNX models but the gallery's; {inputs.SHARED} is "
          "absent")
    return failed
  paths = [inputs.SHARED / "mlperf_tiny" / f"{name}.tflite" for name in REQUIRED]
  paths += sorted((inputs.SHARED / "tflite_micro").glob("*.tflite"))
  table = Table(
    "TFLite, LiteRT 2.3.0 with its default kernels: values that differ, before the last step and after",
    [("model", 28), ("inputs", 13), ("before", 13), ("after", 13), ("inputs that differ", 18),
     ("layer values that differ", 24), ("seconds", 7)])
  for path in [p for p in paths if wanted(p)]:
    if not path.exists():
      print(f"skipped: {path.stem}; {path} is absent")
      continue
    start = time.monotonic()
    runtime = LiteRT(path)
    if runtime.model.note:
      print(f"{path.stem}: {runtime.model.note}")
    try:
      tacit = Tacit(program, path)
    except Refused as reason:
      table.refused(path.stem, str(reason))
      if path.stem in REQUIRED:
        failed.append(path.stem)
      continue
    shape = runtime.model.shape(runtime.model.input)
    for kind, rows in (("uniform", inputs.uniform(shape, PER_RANGE)),
                       ("realistic", inputs.realistic(path, shape, PER_RANGE))):
      (logits, final), (our_logits, our_final) = runtime(rows), tacit(rows)
      differing = [int((a != b).sum()) for a, b in ((logits, our_logits), (final, our_final))]
      rows_apart = (logits != our_logits).any(1) | (final != our_final).any(1)
      layers = list(TFLiteLayers(path).compare(rows))
      off, values = sum(layer.differing for layer in layers), sum(layer.values for layer in layers)
      if rows_apart.any() or off > 0 or our_final.dtype != final.dtype:
        failed.append(f"{path.stem} ({kind})")
      table.row(
        path.stem, f"{len(rows)} {kind}", share(differing[0], logits.size),
        share(differing[1], final.size), share(int(rows_apart.sum()), len(rows)),
        share(off, values), f"{time.monotonic() - start:.1f}")
      start = time.monotonic()
  return failed


def onnx_models():
  """(path, side of its images, factor from the digits' 0..16 to the model's pixels)"""
  gallery = [(path, 8 if path.parent.name == "digits-mlp" else 28, 1.0)
             for path in sorted(inputs.CIRCUITS.glob("*/*.onnx")) if path.parent.name in SEE_DIGITS]
  others = sorted((inputs.SHARED / "onnx").glob("*.onnx"))
  return gallery + [(path, 28, 255 / 16) for path in others]


def onnx(program, wanted):
  """Returns the names of the models that failed."""
  failed = []
  table = Table(
    "ONNX, onnxruntime 1.31.1: 360 test digits; largest difference before the last step",
    [("model", 36), ("kind", 9), ("values that differ", 19), ("largest", 12), ("same class", 11),
     ("seconds", 7)])
  for path, side, factor in onnx_models():
    if not wanted(path):
      continue
    start = time.monotonic()
    name = f"{path.parent.name}/{path.stem}"
    runtime = ONNXRuntime(path)
    rows = inputs.digits(side) * np.float32(factor)
    theirs, _ = runtime(rows)
    quantized = theirs.dtype != np.float32
    calibration = None
    if not quantized:
      folder = path.parent if path.parent.parent == inputs.CIRCUITS else inputs.CIRCUITS / "lenet5"
      calibration = np.load(folder / "calibration.npy").astype(np.float32) * np.float32(factor)
    try:
      tacit = Tacit(program, path, calibration)
    except Refused as reason:
      if path.stem in UNPROVABLE:
        table.refused(name, f"as expected, {UNPROVABLE[path.stem]}")
      else:
        table.refused(name, str(reason))
        failed.append(name)
      continue
    ours, _ = tacit(rows)
    agreeing = same_class(ours, theirs)
    if quantized:
      apart = np.abs(ours.astype(np.int64) - theirs)
      if apart.max() > LARGEST or agreeing < len(rows) - TIED:
        failed.append(name)
      cells = [share(int((apart > 0).sum()), apart.size), f"{apart.max()} LSB"]
    else:
      port = tacit.description["outputs"][0]
      reals = (ours.astype(np.float64) - port["zero_point"]) * port["scale"]
      cells = ["", f"{np.abs(reals - theirs).max() / port['scale']:.1f} LSB"]
    table.row(name, "quantized" if quantized else "float", *cells, share(agreeing, len(rows)),
              f"{time.monotonic() - start:.1f}")
  return failed


def onnx_layers(wanted):
  """Returns the names of the models with layers that differ."""
  failed = []
  table = Table(
    "onnxruntime, layer by layer on its own inputs: values that differ from the layer's arithmetic",
    [("model", 36), ("layers", 6), ("values that differ", 19), ("largest", 7), ("kinds", 19),
     ("seconds", 7)])
  for path, side, factor in onnx_models():
    if not wanted(path) or path.stem in UNPROVABLE:
      continue
    start = time.monotonic()
    layers = ONNXLayers(path)
    if not layers.layers:
      continue
    name = f"{path.parent.name}/{path.stem}"
    results = list(layers.compare(inputs.digits(side) * np.float32(factor)))
    kinds = {layer.kind for layer in results if layer.differing}
    largest = max(layer.largest for layer in results)
    if largest > 0:
      failed.append(f"{name} (layer by layer)")
    table.row(
      name, len(results),
      share(sum(layer.differing for layer in results), sum(layer.values for layer in results)),
      largest, ", ".join(sorted(kinds)), f"{time.monotonic() - start:.1f}")
  return failed


def main():
  program, names = sys.argv[1], sys.argv[2:]

  def wanted(path):
    return not names or any(name in str(path) for name in names)

  failed = tflite(program, wanted) + onnx(program, wanted) + onnx_layers(wanted)
  print()
  if Table.rows == 0:
    failed.append("no model was compared")
  for name in failed:
    print(f"FAILED {name}")
  sys.exit(1 if failed else 0)


if __name__ == "__main__":
  main()
