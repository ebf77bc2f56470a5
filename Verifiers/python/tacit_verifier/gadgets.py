"""Gadgets: their bytes, the blocks that a declaration makes, and the conditions on them (`docs/protocol/gadgets.md`)."""

from dataclasses import dataclass, replace
from typing import NamedTuple, Optional, Tuple

from . import circuit as circuits
from .refusal import demand

LARGEST = (1 << 63) - 1


class WidthCheck(NamedTuple):
  """A block that says that a sum is in 0 ..< 2^width (`docs/protocol/gadgets.md#width-checks`)."""
  block: int
  width: int


class Mask(NamedTuple):
  """What a masked maximum declares besides (`docs/protocol/gadgets.md#maximum`)."""
  terms: tuple
  sums: int
  check: int


class Form(NamedTuple):
  """A gadget's input: its terms, its shape and how many factors a term may have (`docs/protocol/gadgets.md#advice`)."""
  terms: tuple
  shape: tuple
  factors: int


class Part(NamedTuple):
  """What one block of a gadget has to be (`docs/protocol/gadgets.md#kinds`)."""
  block: int
  shape: tuple
  rule: str
  relation: Optional[tuple] = None
  width: int = 0
  domain: Optional[Tuple[int, int]] = None


def coefficient(value):
  """A derived coefficient, refused beyond signed 64 bits (`docs/protocol/gadgets.md#terms-of-a-declaration`)."""
  demand(-LARGEST - 1 <= value <= LARGEST, "a coefficient of a gadget beyond 64 bits")
  return value


def scaled(factor, terms):
  """k·A (`docs/protocol/gadgets.md#terms-of-a-declaration`)."""
  return tuple(t._replace(coefficient=coefficient(factor * t.coefficient)) for t in terms)


def constant(value):
  """const(v) (`docs/protocol/gadgets.md#terms-of-a-declaration`)."""
  return (circuits.Term(coefficient(value), (), ()),)


def within(terms, width):
  """within(e, w) (`docs/protocol/gadgets.md#terms-of-a-declaration`)."""
  return terms + constant(-(1 << (width - 1)))


def relabel(view, change):
  """A view with each label changed."""
  windows = tuple(w._replace(steps=tuple((change(label), stride) for label, stride in w.steps)) for w in view.windows)
  return view._replace(windows=windows)


def moved(view, first, by):
  """A view with its labels from the first one on moved up (`docs/protocol/gadgets.md#terms-of-a-declaration`)."""
  return relabel(view, lambda label: label + by if label >= first else label)


def times(left, right, rank):
  """A ⊗ B over so many axes (`docs/protocol/gadgets.md#terms-of-a-declaration`)."""
  demand(len(left) * len(right) <= 256, "a product of too many terms")
  product = []
  for a in left:
    for b in right:
      shifted = tuple(moved(view, rank, len(a.summed)) for view in b.factors)
      value = coefficient(a.coefficient * b.coefficient)
      product.append(circuits.Term(value, a.summed + b.summed, a.factors + shifted))
  return tuple(product)


def view(block, *windows):
  """view(B; w_0, …), a number standing for the window of that label (`docs/protocol/gadgets.md#terms-of-a-declaration`)."""
  spelled = tuple(circuits.Window(((w, 1),)) if isinstance(w, int) else w for w in windows)
  return circuits.View(True, block, spelled)


class Number:
  """What gadgets share whose advice is a number in limbs, held between two bounds (`docs/protocol/gadgets.md#limbs`)."""
  @property
  def advice(self):
    return self.limbs

  inner = ()

  @property
  def checks(self):
    return self.remainder.block, self.rest.block

  others = ()

  @property
  def exports(self):
    return self.limbs


@dataclass(frozen=True)
class Quotient(Number):
  """R = ⌊N / D⌋ (`docs/protocol/gadgets.md#quotient`)."""
  numerator: tuple
  denominator: tuple
  limbs: Tuple[int, ...]
  remainder: WidthCheck
  rest: WidthCheck

  def forms(self, circuit):
    shape = circuit.blocks[self.limbs[0]].shape
    return Form(self.numerator, shape, 2), Form(self.denominator, shape, 1)

  def parts(self, circuit):
    shape = circuit.blocks[self.limbs[0]].shape
    product = times(number(circuit, self.limbs), self.denominator, len(shape))
    over = self.numerator + scaled(-1, product)
    under = self.denominator + scaled(-1, self.numerator) + product + constant(-1)
    return limb_parts(self.limbs, shape) + two_bounds(circuit, self, shape, over, under)

  def map(self, change):
    return replace(self, numerator=change(self.numerator), denominator=change(self.denominator))


@dataclass(frozen=True)
class SquareRoot(Number):
  """σ = ⌊√T⌋ (`docs/protocol/gadgets.md#square-root`)."""
  radicand: tuple
  limbs: Tuple[int, ...]
  remainder: WidthCheck
  rest: WidthCheck

  def forms(self, circuit):
    return (Form(self.radicand, circuit.blocks[self.limbs[0]].shape, 2),)

  def parts(self, circuit):
    shape = circuit.blocks[self.limbs[0]].shape
    root, square = number(circuit, self.limbs), ()
    for i in range(len(root)):
      square += times(root[i:i + 1], root[i:i + 1], len(shape))
      square += times(root[i:i + 1], scaled(2, root[i + 1:]), len(shape))
    over = self.radicand + scaled(-1, square)
    under = scaled(2, root) + scaled(-1, self.radicand) + square
    return limb_parts(self.limbs, shape) + two_bounds(circuit, self, shape, over, under)

  def map(self, change):
    return replace(self, radicand=change(self.radicand))


@dataclass(frozen=True)
class Maximum:
  """The largest of several sums, by a pointer (`docs/protocol/gadgets.md#maximum`)."""
  terms: tuple
  mask: Optional[Mask]
  row_pointer: int
  column_pointer: int
  picked: int
  maximum: int
  one_row: int
  one_column: int
  beyond: Optional[int]
  bound: object

  @property
  def bound_block(self):
    return self.bound.block if isinstance(self.bound, WidthCheck) else self.bound

  @property
  def advice(self):
    return self.row_pointer, self.column_pointer

  @property
  def inner(self):
    return (self.picked, self.maximum) + ((self.mask.sums,) if self.mask else ())

  @property
  def checks(self):
    found = (self.one_row, self.one_column)
    if self.beyond is not None:
      found += (self.beyond,)
    if self.mask:
      found += (self.mask.check,)
    return found + ((self.bound.block,) if isinstance(self.bound, WidthCheck) else ())

  @property
  def others(self):
    return () if isinstance(self.bound, WidthCheck) else (self.bound,)

  @property
  def exports(self):
    return (self.maximum,)

  def forms(self, circuit):
    shape = circuit.blocks[self.bound_block].shape
    demand(len(shape) > 0, "a maximum over no axis")
    found = (Form(self.terms, shape, 1),)
    return found + ((Form(self.mask.terms, shape, 1),) if self.mask else ())

  def parts(self, circuit):
    shape = circuit.blocks[self.bound_block].shape
    outer, length, rank = shape[:-1], shape[-1], len(shape) - 1
    rows = last_extent(circuit, self.row_pointer)
    columns = last_extent(circuit, self.column_pointer)
    excess = rows * columns - length
    demand(0 <= excess < columns, "a maximum's rectangle of another size")
    demand((self.beyond is not None) == (excess > 0), "a maximum with a check that it has not to have")
    difference = (circuits.Term(1, (), (view(self.maximum, *range(rank)),)),) + scaled(-1, self.terms)
    if self.mask:
      difference = times(self.mask.terms, difference, rank + 1)
    found = [
      Part(self.row_pointer, outer + (rows,), "given", domain=(0, 1)),
      Part(self.column_pointer, outer + (columns,), "given", domain=(0, 1)),
      Part(self.picked, outer + (rows,), "copy", self.pick(self.terms, rank, columns)),
      Part(self.maximum, outer, "copy", self.chosen(self.picked, rank, rows)),
      Part(self.one_row, outer, "zero", one_hot(self.row_pointer, rank, rows)),
      Part(self.one_column, outer, "zero", one_hot(self.column_pointer, rank, columns)),
    ]
    if self.beyond is not None:
      found.append(Part(self.beyond, outer, "zero", self.beyond_relation(rank, rows, columns, excess)))
    if self.mask:
      found.append(Part(self.mask.sums, outer + (rows,), "copy", self.pick(self.mask.terms, rank, columns)))
      found.append(Part(self.mask.check, outer, "zero", self.chosen(self.mask.sums, rank, rows) + constant(-1)))
    if isinstance(self.bound, WidthCheck):
      width = checked_width(circuit, self.bound)
      found.append(Part(self.bound.block, shape, "width", within(difference, width), width))
    else:
      found.append(Part(self.bound, shape, "natural", difference))
    return found

  def pick(self, terms, rank, columns):
    """pick(terms): sums over a row of the rectangle (`docs/protocol/gadgets.md#maximum`)."""
    pointer = view(self.column_pointer, *range(rank), rank + 1)
    return tuple(
      circuits.Term(t.coefficient, (columns,) + t.summed, tuple(spread(f, rank, columns) for f in t.factors) + (pointer,))
      for t in terms)

  def chosen(self, block, rank, rows):
    """chosen(B): the value in the row that is pointed to (`docs/protocol/gadgets.md#maximum`)."""
    pointer, value = view(self.row_pointer, *range(rank), rank), view(block, *range(rank), rank)
    return (circuits.Term(1, (rows,), (pointer, value)),)

  def beyond_relation(self, rank, rows, columns, excess):
    """The check that the pointer is not beyond the end (`docs/protocol/gadgets.md#maximum`)."""
    last_row = view(self.row_pointer, *range(rank), circuits.Window((), rows - 1))
    tail = view(self.column_pointer, *range(rank), circuits.Window(((rank, 1),), columns - excess))
    return (circuits.Term(1, (excess,), (last_row, tail)),)

  def map(self, change):
    mask = self.mask and self.mask._replace(terms=change(self.mask.terms))
    return replace(self, terms=change(self.terms), mask=mask)


@dataclass(frozen=True)
class FirstMaximum:
  """The place of the first largest of several sums (`docs/protocol/gadgets.md#first-maximum`)."""
  terms: tuple
  places: int
  one: int
  bound: WidthCheck

  @property
  def advice(self):
    return (self.places,)

  inner = ()

  @property
  def checks(self):
    return self.one, self.bound.block

  others = ()

  @property
  def exports(self):
    return (self.places,)

  def forms(self, circuit):
    shape = circuit.blocks[self.places].shape
    demand(len(shape) > 0, "a first maximum over no axis")
    return (Form(self.terms, shape, 1),)

  def parts(self, circuit):
    shape = circuit.blocks[self.places].shape
    outer, length, rank = shape[:-1], shape[-1], len(shape) - 1
    pointer = view(self.places, *range(rank), rank + 1)
    chosen = tuple(
      circuits.Term(t.coefficient, (length,) + t.summed, tuple(moved(f, rank, 1) for f in t.factors) + (pointer,))
      for t in self.terms)
    later = view(self.places, *range(rank), circuits.Window(((rank, 1), (rank + 1, 1)), 1))
    before = (circuits.Term(-1, (length - 1,), (later,)),) if length > 1 else ()
    width = checked_width(circuit, self.bound)
    relation = within(chosen + scaled(-1, self.terms) + before, width)
    return [
      Part(self.places, shape, "given", domain=(0, 1)),
      Part(self.one, outer, "zero", one_hot(self.places, rank, length)),
      Part(self.bound.block, shape, "width", relation, width),
    ]

  def map(self, change):
    return replace(self, terms=change(self.terms))


def number(circuit, limbs):
  """The terms of the number that limbs hold (`docs/protocol/gadgets.md#limbs`)."""
  rank, shift, terms = len(circuit.blocks[limbs[0]].shape), 0, ()
  for limb in limbs:
    terms += (circuits.Term(1 << shift, (), (view(limb, *range(rank)),)),)
    shift += limb_width(circuit, limb)
  demand(shift <= 60, "limbs of more than 60 bits")
  return terms


def limb_width(circuit, limb):
  """The bits of a limb, whose function is the identity on 0 ..< 2^e (`docs/protocol/gadgets.md#limbs`)."""
  function = function_of(circuit, circuit.blocks[limb])
  low, high = function.domain()
  width = high.bit_length()
  demand(function.is_identity() and low == 0 and width >= 1 and high + 1 == 1 << width, "a limb of another range")
  return width


def limb_parts(limbs, shape):
  """The advice blocks of a number in limbs (`docs/protocol/gadgets.md#limbs`)."""
  return [Part(limb, shape, "given") for limb in limbs]


def two_bounds(circuit, gadget, shape, over, under):
  """The two width checks of a quotient or a root (`docs/protocol/gadgets.md#kinds`)."""
  parts = []
  for check, terms in ((gadget.remainder, over), (gadget.rest, under)):
    width = checked_width(circuit, check)
    parts.append(Part(check.block, shape, "width", within(terms, width), width))
  return parts


def checked_width(circuit, check):
  """The width of a check, from 1 to S (`docs/protocol/gadgets.md#width-checks`)."""
  demand(1 <= check.width <= circuit.scale_bits, "a check of another width")
  return check.width


def last_extent(circuit, place):
  """The last extent of a block, which has one (`docs/protocol/gadgets.md#maximum`)."""
  shape = circuit.blocks[place].shape
  demand(len(shape) > 0, "a pointer without an axis")
  return shape[-1]


def one_hot(block, rank, length):
  """The relation that says that a pointer is one place (`docs/protocol/gadgets.md#maximum`)."""
  return (circuits.Term(1, (length,), (view(block, *range(rank), rank),)),) + constant(-1)


def spread(factor, rank, columns):
  """A factor of pick(terms) (`docs/protocol/gadgets.md#maximum`)."""
  windows = []
  for window in moved(factor, rank + 1, 1).windows:
    steps = ()
    for label, stride in window.steps:
      steps += ((rank, stride * columns), (rank + 1, stride)) if label == rank else ((label, stride),)
    windows.append(window._replace(steps=steps))
  return factor._replace(windows=tuple(windows))


def function_of(circuit, block):
  """The function of a block, which has to exist (`docs/protocol/accepting-a-key.md#blocks`)."""
  demand(0 <= block.function < len(circuit.functions), "a function that does not exist")
  return circuit.functions[block.function]


def own(gadget):
  """The own blocks of a gadget, in order (`docs/protocol/gadgets.md#advice`)."""
  return gadget.advice + gadget.inner + gadget.checks


def read_gadget(reader):
  """Reads a gadget (`docs/protocol/gadgets.md#kinds`)."""
  kind = reader.byte()
  readers = {0: read_quotient, 1: read_square_root, 2: read_maximum, 3: read_first_maximum}
  demand(kind in readers, "an unknown gadget")
  return readers[kind](reader)


def read_width_check(reader):
  """Reads a width check (`docs/protocol/gadgets.md#width-checks`)."""
  return WidthCheck(reader.signed(), reader.signed())


def read_limbs(reader):
  """Reads the limbs of a number (`docs/protocol/gadgets.md#limbs`)."""
  return reader.list(8, reader.signed)


def read_quotient(reader):
  """Reads a quotient (`docs/protocol/gadgets.md#quotient`)."""
  numerator, denominator = circuits.read_terms(reader), circuits.read_terms(reader)
  return Quotient(numerator, denominator, read_limbs(reader), read_width_check(reader), read_width_check(reader))


def read_square_root(reader):
  """Reads a square root (`docs/protocol/gadgets.md#square-root`)."""
  radicand = circuits.read_terms(reader)
  return SquareRoot(radicand, read_limbs(reader), read_width_check(reader), read_width_check(reader))


def read_maximum(reader):
  """Reads a maximum (`docs/protocol/gadgets.md#maximum`)."""
  terms, mask = circuits.read_terms(reader), None
  if reader.flag():
    mask = Mask(circuits.read_terms(reader), reader.signed(), reader.signed())
  blocks = [reader.signed() for _ in range(6)]
  beyond = reader.signed() if reader.flag() else None
  kind = reader.byte()
  demand(kind < 2, "an unknown bound")
  return Maximum(terms, mask, *blocks, beyond, reader.signed() if kind else read_width_check(reader))


def read_first_maximum(reader):
  """Reads a first maximum (`docs/protocol/gadgets.md#first-maximum`)."""
  terms = circuits.read_terms(reader)
  return FirstMaximum(terms, reader.signed(), reader.signed(), read_width_check(reader))


def check_places(circuit):
  """Conditions 1 and 2, and the block that each own block's gadget is (`docs/protocol/gadgets.md#conditions`)."""
  owners = {}
  for place, gadget in enumerate(circuit.gadgets):
    for block in own(gadget) + gadget.others:
      demand(0 <= block < len(circuit.blocks), "a gadget's block that does not exist")
    demand(gadget.advice, "a gadget without advice")
    latest = max(gadget.advice)
    if gadget.inner:
      demand(min(gadget.inner) > latest, "an inner block before advice")
      latest = max(gadget.inner)
    demand(min(gadget.checks) > latest, "a check before what it checks")
    for block in own(gadget):
      demand(block not in owners, "a block that two parts own")
      owners[block] = place
  check_ports(circuit, owners)
  return owners


def check_ports(circuit, owners):
  """Condition 2: which own blocks ports may hold (`docs/protocol/gadgets.md#conditions`)."""
  for port in circuit.inputs:
    demand(not any(block in owners for block in port.blocks), "an input in a gadget's block")
  for port in circuit.outputs:
    for block in port.blocks:
      demand(block not in owners or block in circuit.gadgets[owners[block]].exports, "an output in a hidden block")


def check_part(circuit, part):
  """Condition 4, one block of a gadget (`docs/protocol/gadgets.md#conditions`)."""
  block, scale_bits = circuit.blocks[part.block], circuit.scale_bits
  function = function_of(circuit, block)
  low, high = function.domain()
  demand(block.shape == part.shape, "a gadget's block of another shape")
  relation = circuits.itself(part.block, block.shape) if part.rule == "given" else part.relation
  demand(block.relation == relation, "a gadget's block with another relation")
  if part.rule in ("given", "copy"):
    demand(function.is_identity() and block.shift == 0, "a gadget's block with another function")
  elif part.rule == "natural":
    demand(low == block.shift, "a gadget's bound with another function")
  else:
    demand(low == high == block.shift, "a gadget's check with another function")
  demand(part.domain is None or (low, high) == part.domain, "a pointer with another range")
  demand(not isinstance(block.multiplier, circuits.View), "a gadget's block with another multiplier")
  demand(block.multiplier == 1 << (scale_bits - part.width), "a gadget's block with another multiplier")


def check_hidden(circuit, owners):
  """Condition 5: who may read what a gadget does not export (`docs/protocol/gadgets.md#conditions`)."""
  for place, block in enumerate(circuit.blocks):
    for term in block.relation:
      for factor in term.factors:
        if factor.of_block and factor.source in owners:
          gadget = owners[factor.source]
          exported = factor.source in circuit.gadgets[gadget].exports
          demand(exported or owners.get(place) == gadget, "a view of a block that is not exported")


def check(circuit, check_view):
  """All conditions on gadgets but intervals; gives the advice blocks (`docs/protocol/gadgets.md#conditions`)."""
  owners = check_places(circuit)
  for gadget in circuit.gadgets:
    for form in gadget.forms(circuit):
      check_form(circuit, gadget, form, check_view)
    for part in gadget.parts(circuit):
      check_part(circuit, part)
  check_hidden(circuit, owners)
  return {block for gadget in circuit.gadgets for block in gadget.advice}


def check_form(circuit, gadget, form, check_view):
  """Condition 3, one form of a gadget (`docs/protocol/gadgets.md#conditions`)."""
  rank, place = len(form.shape), min(own(gadget))
  for term in form.terms:
    demand(len(term.factors) <= form.factors, "a form with too many factors")
    check_summed(term, rank)
    for factor in term.factors:
      demand(factor.of_block and not factor.through_inputs(), "a form over the model or through an input")
      check_view(circuit, factor, form.shape + term.summed, place)


def check_summed(term, rank):
  """The summed labels of a term: extents, and that a factor reads each (`docs/protocol/accepting-a-key.md#blocks`)."""
  demand(len(term.summed) <= 8, "too many summed labels")
  read = set().union(*(factor.labels() for factor in term.factors))
  for j, extent in enumerate(term.summed):
    demand(1 <= extent <= 1 << 28, "a summed extent out of bounds")
    demand(rank + j in read, "a summed label that no factor reads")
