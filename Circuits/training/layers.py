"""Networks written once, interpreted twice: here on numbers by JAX, in export.py as an ONNX graph.

A network is a function `network(ops, x)` that calls `ops.conv(x, "name", …)` and so on, with x
[n, channels, height, width] or [n, channels, length]. `Values` below is the interpreter on numbers.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

EPSILON = 1e-5


def by_channel(values, axes):
  """One value a channel, for a tensor with so many axes behind its channels."""
  return values.reshape((-1,) + (1,) * axes)


class Values:
  """Forward pass. In training, batch norm takes the batch's statistics and leaves them in `seen`."""

  def __init__(self, weights, training=False):
    self.weights, self.training, self.seen = weights, training, {}

  def weight(self, name, shape, fan_in):
    return self.weights[name]

  def conv(self, x, name, channels, kernel, stride=1, pad=0, groups=1, bias=True):
    inputs, axes = x.shape[1] // groups, x.ndim - 2
    w = self.weight(
      f"{name}.weight", (channels, inputs) + (kernel,) * axes, inputs * kernel ** axes)
    y = lax.conv_general_dilated(
      x, w, (stride,) * axes, [(pad, pad)] * axes, feature_group_count=groups)
    return y + by_channel(self.weight(f"{name}.bias", (channels,), None), axes) if bias else y

  def batch_norm(self, x, name):
    channels = x.shape[1]
    gamma = self.weight(f"{name}.gamma", (channels,), 0)
    beta = self.weight(f"{name}.beta", (channels,), None)
    if self.training:
      others = (0, *range(2, x.ndim))
      mean, variance = x.mean(others), x.var(others)
      self.seen.update({f"{name}.mean": mean, f"{name}.variance": variance})
    else:
      mean, variance = self.weights[f"{name}.mean"], self.weights[f"{name}.variance"]
    scale = gamma / jnp.sqrt(variance + EPSILON)
    axes = x.ndim - 2
    return x * by_channel(scale, axes) + by_channel(beta - mean * scale, axes)

  def relu(self, x, name):
    return jnp.maximum(x, 0)

  def add(self, x, y, name):
    return x + y

  def max_pool(self, x, name):
    n, c, h, w = x.shape
    return x.reshape(n, c, h // 2, 2, w // 2, 2).max((3, 5))

  def global_average(self, x, name):
    return x.mean(tuple(range(2, x.ndim)))

  def flatten(self, x, name):
    return x.reshape(x.shape[0], -1)

  def dense(self, x, name, outputs):
    w = self.weight(f"{name}.weight", (outputs, x.shape[1]), x.shape[1])
    return x @ w.T + self.weight(f"{name}.bias", (outputs,), None)


class Initial(Values):
  """A forward pass that draws each weight when it is first asked for (He's normal distribution)."""

  def __init__(self, seed):
    super().__init__({}, training=True)
    self.random = np.random.default_rng(seed)

  def weight(self, name, shape, fan_in):
    if fan_in is None:
      value = np.zeros(shape)
    elif fan_in == 0:
      value = np.ones(shape)
    else:
      value = self.random.normal(size=shape) * np.sqrt(2 / fan_in)
    return self.weights.setdefault(name, jnp.asarray(value, jnp.float32))


def outputs(network, weights, images, unit=16):
  """What the network gives. Networks see inputs divided by `unit`: pixels as 0..1."""
  return network(Values(weights), jnp.asarray(images) / unit)


def cross_entropy(scores, labels):
  return -jnp.mean(jax.nn.log_softmax(scores)[jnp.arange(len(labels)), labels])


def train(network, images, labels, *, seed, epochs, move=None, unit=16, batch=48, **options):
  """Trains a classifier on images moved by up to two pixels, or as `move(images, random)` says.

  Returns the weights, with batch norm's statistics over the whole of `images`.
  """
  random = np.random.default_rng(seed)
  steps = epochs * (len(images) // batch)

  def batches():
    for _ in range(epochs):
      order = random.permutation(len(images))
      for start in range(0, len(images) - batch + 1, batch):
        rows = order[start:start + batch]
        yield (move or moved)(images[rows], random), labels[rows]

  return descend(
    network, images, batches(), cross_entropy, seed=seed, steps=steps, unit=unit, **options)


def descend(network, images, batches, loss, *, seed, steps, unit=16, rate=0.003, decay=1e-3):
  """Adam with decoupled weight decay and a cosine schedule, on so many batches (inputs, targets).

  Returns the weights, with batch norm's statistics over the whole of `images`.
  """
  first = Initial(seed)
  network(first, jnp.zeros((2,) + images.shape[1:]))
  weights = first.weights

  def batch_loss(weights, x, y):
    return loss(network(Values(weights, training=True), x / unit), y)

  @jax.jit
  def step(weights, m, v, t, x, y):
    gradients = jax.grad(batch_loss)(weights, x, y)
    r = rate * 0.5 * (1 + jnp.cos(jnp.pi * t / steps))
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, gradients)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, gradients)
    correct = jnp.sqrt(1 - 0.999 ** (t + 1)) / (1 - 0.9 ** (t + 1))
    weights = jax.tree.map(
      lambda w, m, v: w - r * (correct * m / (jnp.sqrt(v) + 1e-8) + decay * w * (w.ndim > 1)),
      weights, m, v)
    return weights, m, v

  m = jax.tree.map(jnp.zeros_like, weights)
  v = m
  for t, (x, y) in enumerate(batches):
    weights, m, v = step(weights, m, v, float(t), x, y)

  whole = Values(weights, training=True)
  network(whole, jnp.asarray(images) / unit)
  return {name: np.asarray(value) for name, value in {**weights, **whole.seen}.items()}


def moved(images, random):
  """Each image shifted by −2…2 in both directions; what leaves its frame is black."""
  padded = np.pad(images, ((0, 0), (0, 0), (2, 2), (2, 2)))
  shifts = random.integers(0, 5, (len(images), 2))
  side = images.shape[2]
  return np.stack([
    image[:, y:y + side, x:x + side] for image, (y, x) in zip(padded, shifts)])
