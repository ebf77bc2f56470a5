"""Masked values, and the ledger of what a proof leaves to be shown (`docs/protocol/arguments.md#masked-values`)."""

from . import curve
from .field import P, scalar
from .refusal import demand


class Form:
  """c + Σ k_i·cell_i, an affine form in the cells of the pads (`docs/protocol/arguments.md#masked-values`)."""

  __slots__ = ("constant", "cells")

  def __init__(self, constant, cells=None):
    self.constant = constant % P
    self.cells = cells or {}

  def __add__(self, other):
    if isinstance(other, int):
      return Form(self.constant + other, self.cells)
    cells = dict(self.cells)
    for cell, value in other.cells.items():
      cells[cell] = (cells.get(cell, 0) + value) % P
    return Form(self.constant + other.constant, cells)

  def __mul__(self, factor):
    return Form(self.constant * factor, {cell: value * factor % P for cell, value in self.cells.items()})

  def __sub__(self, other):
    return self + other * (P - 1)


class Channel:
  """What the prover sends, in the order of the listing (`docs/protocol/verification.md#listing`)."""

  def __init__(self, transcript, body):
    self.transcript = transcript
    self.body = body
    self.at = 0

  def take(self, count, decode):
    """Takes so many elements from the body; gives them and their bytes (`docs/protocol/verification.md#listing`)."""
    data = self.body[self.at:self.at + 32 * count]
    demand(len(data) == 32 * count, "the body ends too early")
    self.at += 32 * count
    return [decode(data[i:i + 32]) for i in range(0, 32 * count, 32)], data

  def points(self, label, count):
    """Receives points, none the identity (`docs/protocol/verification.md#reading`)."""
    points, data = self.take(count, curve.decode_present)
    self.transcript.absorb_points(label, points, data)
    return points

  def scalars(self, label, count):
    """Receives scalars (`docs/protocol/verification.md#reading`)."""
    scalars, data = self.take(count, scalar)
    self.transcript.absorb(label, data)
    return scalars

  def draw(self, label):
    """Draws one challenge (`docs/protocol/verification.md#listing`)."""
    return self.transcript.draw(label)[0]

  def finish(self):
    """Refuses a body that has more than was received (`docs/protocol/opening.md#messages`)."""
    demand(self.at == len(self.body), "bytes are left over in the body")


class Claim:
  """A form and the functionals whose sum it has to be (`docs/protocol/arguments.md#claims`)."""

  def __init__(self, value, functionals):
    self.value = value
    self.functionals = functionals


class Ledger:
  """Padded scalars, products, equations and claims of one proof (`docs/protocol/arguments.md#masked-values`)."""

  def __init__(self, channel, pads):
    """Begins with the number D₀ of padded scalars, behind which products have their cells."""
    self.channel = channel
    self.pads = pads
    self.received = 0
    self.products = []
    self.equations = []
    self.claims = []

  def padded(self, label, count):
    """Receives padded scalars as forms, each with the next cell (`docs/protocol/arguments.md#masked-values`)."""
    values = self.channel.scalars(label, count)
    forms = [Form(value, {self.received + i: P - 1}) for i, value in enumerate(values)]
    self.received += count
    return forms

  def product(self, left, right):
    """The product of two forms of at most one cell each (`docs/protocol/arguments.md#masked-values`)."""
    result = right * left.constant + left * right.constant + (-left.constant * right.constant)
    if left.cells and right.cells:
      (a, x), (b, y) = *left.cells.items(), *right.cells.items()
      result += Form(0, {self.pads + len(self.products): x * y % P})
      self.products.append((a, b))
    return result

  def require(self, form):
    """Puts a form on the list of equations (`docs/protocol/arguments.md#masked-values`)."""
    self.equations.append(form)

  def claim(self, value, functionals):
    """Puts a claim on the list of claims (`docs/protocol/arguments.md#claims`)."""
    self.claims.append(Claim(value, functionals))

  def settle(self, form):
    """Receives a padded scalar for a form and uses it from here on (`docs/protocol/arguments.md#rows`)."""
    value = self.padded(38, 1)[0]
    self.require(form - value)
    return value
