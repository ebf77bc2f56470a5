"""What checking one proof would take, counted from the circuit (`docs/protocol/accepting-a-key.md#work`)."""

from math import prod

from .circuit import ONE_HOT, PUBLIC, View, extents, kept_labels, padded_bits, stored_digits
from .field import bits
from .refusal import demand

MOST_PRODUCTS = 1 << 23
MOST_BYTES = 96 << 20


class Account:
  """Products of field elements and bytes, and the longest list of weights (`docs/protocol/accepting-a-key.md#work`)."""

  def __init__(self):
    self.products = self.bytes = self.longest = 0

  def add(self, products, size=0, times=1):
    """Counts products and bytes, so many times."""
    self.products += products * times
    self.bytes += size * times

  def weights(self, length):
    """Remembers a list of weights of some length."""
    self.longest = max(self.longest, length)


def check_work(circuit, ranged=()):
  """Refuses a circuit that is too much work (`docs/protocol/accepting-a-key.md#work`)."""
  account = work(circuit, ranged)
  demand(account.products <= MOST_PRODUCTS and account.bytes <= MOST_BYTES, "too much work")


def work(circuit, ranged=()):
  """The account of a circuit, and of the tensors of a key proof's part (`docs/protocol/accepting-a-key.md#work`)."""
  account = Account()
  rel = circuit.pair_rounds + bits(len(circuit.pairs))
  count_table(circuit, account)
  count_sum_checks(circuit, account, rel)
  for block in circuit.blocks:
    count_block(circuit, account, block, rel)
  for gadget in circuit.gadgets:
    advice, terms = len(gadget.advice), sum(len(form.terms) for form in gadget.forms(circuit))
    account.add(64, 384, (terms + advice) * (advice + 2))
  for port in circuit.public_ports():
    for place in port.blocks:
      count_weights(circuit, account, circuit.blocks[place].shape, 1, 0, 3)
  for port in circuit.padded_ports():
    if port.visibility == PUBLIC:
      account.add(1 + len(port.blocks), 8 * (2 + len(port.blocks)), circuit.port_values(port))
    else:
      for place in port.blocks:
        count_padding(circuit, account, circuit.blocks[place].shape)
  for tensor in ranged:
    one_hot = tensor.stored == ONE_HOT
    parts = 1 + len(stored_digits(tensor.stored)) + one_hot
    count_weights(circuit, account, tensor.shape, parts, 384, 2 + 2 * parts)
    account.add(0, 32 * sum(tensor.shape) if one_hot else 0)
  count_rows(circuit, account)
  account.add(0, 32 * account.longest)
  return account


def range_products(first, end, variables):
  """range(f, g, v), the products of a run of eq (`docs/protocol/accepting-a-key.md#work`)."""
  return end - first + (2 * variables * min(variables, end - first) if first > 0 else 0)


def count_table(circuit, account):
  """The table's extension (`docs/protocol/accepting-a-key.md#work`)."""
  k, row, largest = circuit.k, 1 + (1 << circuit.limb_bits), 0
  account.add(3 * k + 8)
  for function in circuit.functions:
    size = function.size()
    if function.segments is None:
      account.add(3 * k + 8 + size + range_products(row, row + size, k))
      largest = max(largest, size)
    else:
      account.add(3 * k + 8, 0, len(function.segments))
    row += size
  account.add(0, 64 * largest)


def count_sum_checks(circuit, account, rel):
  """The rounds of all sum-checks (`docs/protocol/accepting-a-key.md#work`)."""
  n, g, col = circuit.n, circuit.limbs + 2, circuit.col
  rounds = 3 * circuit.pair_argument_rounds if circuit.scheme.pairs_lookups else 2 * circuit.k + circuit.t * (2 * n + 4) + g * n
  scalars = rounds + 2 * rel + 2 * col + 3 * g
  account.add(8 * scalars + (rel + col) * (2 * rel + 2 * col + 8), 512 * scalars)


def count_block(circuit, account, block, rel):
  """A block: its weights, its multiplier and its relation (`docs/protocol/accepting-a-key.md#work`)."""
  account.add(circuit.n + 16, 256)
  views = [factor for term in block.relation for factor in term.factors]
  views += [block.multiplier] if isinstance(block.multiplier, View) else []
  read = set().union(*(view.labels() for view in views))
  for axis, extent in enumerate(block.shape):
    account.add(*((extent, 32 * extent) if axis in read else (3 * bits(extent), 0)))
  if isinstance(block.multiplier, View):
    count_view(circuit, account, block.multiplier, block.shape)
  account.add(len(block.shape) + 1)
  for term in block.relation:
    count_term(circuit, account, block, term, rel)


def count_term(circuit, account, block, term, rel):
  """A term with a factor (`docs/protocol/accepting-a-key.md#work`)."""
  over = extents(block, term)
  two = len(term.factors) == 2
  labels = kept_labels(block, term) if two else range(len(block.shape), len(over))
  for label in labels:
    account.add(2 * over[label], 64 * over[label])
  account.add(rel + 20 if two else 0)
  for factor in term.factors:
    count_view(circuit, account, factor, over)


def count_view(circuit, account, view, over):
  """A view over extents; in a batch one that is several functionals counts N times (`docs/protocol/accepting-a-key.md#work`)."""
  times = 1
  if circuit.goes_by_inference(view):
    times, over = circuit.inferences, (1,) + tuple(over[1:])
  account.add(64 + 2 * circuit.col, 384, times)
  for window, extent in zip(view.windows, circuit.source_of(view).shape):
    count_window(account, window, extent, over, times)


def count_window(account, window, extent, over, times):
  """A window on an axis of an extent (`docs/protocol/accepting-a-key.md#work`)."""
  first, end = 0, extent
  if window.through is None:
    ends = [stride * (over[label] - 1) for label, stride in window.steps]
    first = max(0, window.constant + sum(min(0, e) for e in ends))
    end = min(extent, window.constant + sum(max(0, e) for e in ends) + 1)
    first, end = (first, end) if first < end else (0, 0)
  size = end - first
  plain = window.through is None and window.constant == 0 and len(window.steps) == 1 and window.steps[0][1] == 1
  # An input may lead to coordinates that begin within the axis.
  run = (first, end) if window.through is None else (1, extent + 1)
  account.add(16 + size + range_products(*run, bits(extent)), 96, times)
  account.weights(size)
  if not plain:
    tuples = prod(over[label] for label, _ in window.steps)
    account.add(2 * tuples, 96 * tuples if window.through is not None else 0, times)
  if not plain or size < over[window.steps[0][0]]:
    account.add(0, 32 * size, times)


def count_weights(circuit, account, shape, parts, size, each):
  """Weights that are powers, of public tensors and of model ranges (`docs/protocol/accepting-a-key.md#work`)."""
  account.add(64 + 2 * circuit.col, size, parts)
  for extent in shape:
    account.add(each * extent, 32 * extent)
    account.weights(extent)


def count_padding(circuit, account, shape):
  """Weights behind the counts of a padded port that is not public (`docs/protocol/accepting-a-key.md#work`)."""
  times = circuit.inferences
  account.add(64 + 3 * circuit.col, 384, times)
  for axis, extent in enumerate(shape):
    account.add(2 * extent, 32 * extent)
    account.weights(extent)
    if times == 1 or axis > 0:
      account.add(2 * extent + 2 * bits(extent) ** 2, 32 * extent, times)


def count_rows(circuit, account):
  """The rows of commitments (`docs/protocol/accepting-a-key.md#work`)."""
  cc, c = circuit.witness_bits, circuit.row_bits
  committed = sum(1 << padded_bits(circuit.blocks[place].shape) for port in circuit.committed_ports() for place in port.blocks)
  rows = ((circuit.used_rows >> cc) + len(circuit.blocks)) * (circuit.limbs + 2 + (circuit.slots if circuit.scheme.pairs_lookups else 0))
  rows += 2 * (committed >> cc) + 2 * ((circuit.table_rows >> cc) + 1)
  rows += (circuit.used_cells >> c) + len(circuit.tensors)
  account.add(2, 96, rows)
  account.add(circuit.scheme.row_products(cc))
