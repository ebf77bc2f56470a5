"""The program of a model, run by the contract's own interpreter at random points, against a direct evaluation by the second verifier."""

import os
import random
import re
import unittest

from . import evm, honest
from tacit_verifier import arguments, verification
from tacit_verifier import functionals as F
from tacit_verifier.field import P, last
from tacit_verifier.functionals import BlockWeights, Functional, TensorWeights
from tools import build, yul

SHORT = os.environ.get("SHORT") == "1"
KINDS = ["convolution", "quotient"] if SHORT else [
  "dense", "scaled", "convolution", "squares", "limbs", "levels", "six-limbs", "public-words", "quotient", "root", "maximum", "masked-maximum"]


def address(name):
  """A place in the contract's memory."""
  return int(re.search(rf"function {name}\(\) -> a {{ a := (0x[0-9a-f]+) }}", build.source()).group(1), 0)


def header():
  """The numbers of a blob's header by their names."""
  return {name: int(place) for name, place in re.findall(r"function (\w+)\(\) -> v {{ v := number\((\d+)\) }}".replace("{{", "{").replace("}}", "}"), build.source())}


def interpreter():
  """The contract's parts with another beginning: memory below 0x4000 and the program come with the call."""
  source = build.source()
  return yul.compiled(source[:source.index("if iszero(eq(shr(224, calldataload(0)), SELECTOR()")] + """
    let size := sub(calldatasize(), 0x4000)
    calldatacopy(0x1000, 0x1000, 0x3000)
    let program := 0x200000
    calldatacopy(program, 0x4000, size)
    run_program(program, add(program, size))
    return(TAGS(), 0xc0)""")


class Column:
  """What claims are made of, without anything that is sent."""

  def __init__(self, circuit, rng):
    draw = lambda count: [rng.randrange(P) for _ in range(count)]
    self.circuit, self.x = circuit, rng.randrange(P)
    self.r, self.zeta = draw(circuit.n), draw(circuit.pair_rounds)
    self.iota, self.star = draw(arguments.bits(len(circuit.pairs))), draw(circuit.col)

  def extension(self, functional):
    """A functional's value at the point of claims."""
    return functional.coefficient * functional.weights.extension(last(self.star, arguments.variables(self.circuit, functional.column)))

  def results(self, claims, rho):
    """The six words that a program leaves."""
    circuit = self.circuit
    statement = arguments.Statement(circuit, None, None)
    statement.integers = lambda: []
    weights = [BlockWeights(block, self.r) for block in circuit.blocks]
    tags = sum(w.indicator * (2 + b.function) for b, w in zip(circuit.blocks, weights))
    shifts = sum(w.indicator * b.shift for b, w in zip(circuit.blocks, weights))
    fixed = sum(w.indicator * b.multiplier for b, w in zip(circuit.blocks, weights) if isinstance(b.multiplier, int))
    constant, linear = arguments.linear_part(statement, weights)
    groups = [(claims["multipliers"], arguments.multiplier_functionals(statement, weights)), (claims["linear"], linear)]
    if circuit.pairs:
      first, second = arguments.pair_functionals(statement, weights, self.zeta, self.iota)
      groups += [(claims["pairs"], first), (claims["pairs"] + 1, second)]
    groups += [(claims["public"] + i, [f]) for i, f in enumerate(self.public())]
    sums = {F.Y: 0, F.MODEL: 0}
    for j, found in groups:
      for functional in found:
        sums[functional.column[0]] += rho[j] * self.extension(functional)
    return [value % P for value in (tags, shifts, fixed, constant, sums[F.Y], sums[F.MODEL])]

  def public(self):
    """The functionals of public tensors."""
    for port in self.circuit.public_ports():
      for place in port.blocks:
        block = self.circuit.blocks[place]
        axes = arguments.word_weights(block.shape, self.circuit.image(place), self.x)
        yield Functional((F.Y, 0), 1, TensorWeights(block.offset, block.shape, axes))


class ProgramTests(unittest.TestCase):
  def test_programs_are_what_blocks_and_views_weigh(self):
    chain, rng, numbers = evm.Chain(interpreter()), random.Random(5), header()
    for kind in KINDS:
      for inferences in (1, 3):
        with self.subTest(kind=kind, inferences=inferences):
          key_file, _ = honest.sample(kind, inferences)
          circuit = verification.Key(key_file).batch(inferences)
          blob = evm.Model(chain, key_file, inferences).blob
          number = lambda name: int.from_bytes(blob[36 + 2 * numbers[name]:38 + 2 * numbers[name]], "big")
          column, rho = Column(circuit, rng), [rng.randrange(P) for _ in range(number("CLAIMS"))]
          linear = 5 + circuit.has_model_multiplier
          pairs = linear + circuit.has_linear_terms
          claims = {"multipliers": 3, "linear": linear, "pairs": pairs, "public": pairs + 2 * bool(circuit.pairs)}
          memory = bytearray(0x4000)
          for place, values in (
              ("PACK", [column.x]), ("R", column.r), ("ZETA", column.zeta), ("IOTA", column.iota), ("STAR", column.star),
              ("R_LESS", [(1 - v) % P for v in column.r]), ("STAR_LESS", [(1 - v) % P for v in column.star]), ("RHO", rho)):
            data = b"".join(map(evm.word, values))
            memory[address(place):address(place) + len(data)] = data
          out, _ = chain.call(bytes(memory) + blob[number("PROGRAM"):number("MODEL_POINTS")])
          self.assertEqual([int.from_bytes(out[i:i + 32], "big") for i in range(0, 192, 32)], column.results(claims, rho))
