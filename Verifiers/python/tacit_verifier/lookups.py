"""How a scheme shows that rows do their steps and look-ups are in the table (`docs/protocol/arguments.md#rows`, `docs/protocol/scheme-srs.md#pairs`)."""

from .arguments import fractions, inverses, rows
from .pairs import pairs


def by_fractions(statement, ledger, prints):
  """Fractions of rows, added up (`docs/protocol/arguments.md#inverses` and what follows there)."""
  point, numerator, denominator = inverses(statement.circuit, ledger, prints)
  point, numerator, denominator = fractions(statement.circuit, ledger, point, numerator, denominator)
  _, acc, weights = rows(statement, ledger, prints, point, numerator, denominator)
  return acc, weights


def look_up(statement, ledger, prints):
  """The claims on rows and table; leaves acc(r) and the weights of blocks (`docs/protocol/verification.md#listing`)."""
  argument = pairs if statement.circuit.scheme.pairs_lookups else by_fractions
  return argument(statement, ledger, prints)
