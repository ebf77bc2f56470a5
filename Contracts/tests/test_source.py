"""What is deployed is what the source says, and the source's constants are the protocol's."""

import re
import unittest

from . import evm
from tacit_verifier import quotients
from tacit_verifier.curve import Q
from tacit_verifier.field import HALF, P
from tacit_verifier.schemes import SRS
from tools import build, yul


def constant(name):
  """A constant of the source."""
  return int(re.search(rf"function {name}\(\) -> \w+ {{ \w+ := (0x[0-9a-f]+|\d+) }}", build.source()).group(1), 0)


class SourceTests(unittest.TestCase):
  def test_the_committed_code_is_what_the_source_makes(self):
    code = bytes.fromhex((build.FOLDER / "verifier.hex").read_text())
    self.assertEqual(code, build.verifier())
    self.assertLessEqual(len(code), 24_576)

  def test_it_has_no_way_to_keep_or_change_anything(self):
    code, found, at = build.verifier(), set(), 0
    while at < len(code):
      found.add(code[at])
      at += 1 + (code[at] - 0x5F if 0x60 <= code[at] <= 0x7F else 0)
    # SLOAD, SSTORE, TLOAD, TSTORE, logs, CREATE, CALL, CALLCODE, DELEGATECALL, CREATE2, SELFDESTRUCT; who calls, when and where.
    self.assertFalse(found & ({0x54, 0x55, 0x5C, 0x5D, 0xF0, 0xF1, 0xF2, 0xF4, 0xF5, 0xFF} | set(range(0xA0, 0xA5))))
    self.assertFalse(found & ({0x31, 0x32, 0x33, 0x34, 0x3A} | set(range(0x40, 0x4B))))

  def test_constants_are_the_protocols(self):
    self.assertEqual(constant("P"), P)
    self.assertEqual(constant("Q"), Q)
    self.assertEqual(constant("HALF"), HALF)
    self.assertEqual(constant("START_STATE"), int.from_bytes(evm.keccak256(b"tacit proof v7"), "big"))
    text = constant("IDENTITY_0").to_bytes(32, "big") + constant("IDENTITY_1").to_bytes(32, "big")[:len(SRS.identity) - 64]
    self.assertEqual(text + constant("CEREMONY").to_bytes(32, "big"), SRS.identity)
    self.assertEqual((constant("H_X"), constant("H_Y")), quotients.generator(0))
    signature = b"verify(address,bytes32,bytes32,bytes,bytes)"
    self.assertEqual(constant("SELECTOR").to_bytes(4, "big"), evm.keccak256(signature)[:4])
    words = re.findall(r"mstore\((0x[0-9a-f]+), (0x[0-9a-f]{64})\)", build.source())
    places = {int(place, 0): int(value, 0) for place, value in words}
    for first, ((a, b), (c, d)) in ((0x140, quotients.G2), (0x200, quotients.TAU_G2)):
      self.assertEqual([places[first + 32 * i] for i in range(4)], [b, a, d, c])

  def test_every_call_of_a_precompile_is_given_bounded_gas(self):
    calls = re.findall(r"staticcall\(([^,]+), (\d+),", build.source())
    self.assertEqual(sorted(int(place) for _, place in calls), [5, 6, 7, 8])
    self.assertTrue(all(gas.isdigit() for gas, _ in calls))


class CompilerTests(unittest.TestCase):
  """The compiler, on programs whose answers are known."""

  def run_code(self, source, data=b""):
    out, _ = evm.Chain(yul.compiled(source)).call(data)
    return [int.from_bytes(out[i:i + 32], "big") for i in range(0, len(out), 32)]

  def test_functions_of_several_arguments_and_results(self):
    self.assertEqual(self.run_code("""
      function pair(a, b, c) -> x, y { x := sub(a, b) y := add(x, c) if gt(c, 5) { x := 7 leave } }
      function nothing(at, value) { mstore(at, value) }
      let a, b := pair(9, 2, 3)
      nothing(0, a) nothing(32, b)
      a, b := pair(9, 2, 30)
      mstore(64, a) mstore(96, b)
      return(0, 128)"""), [7, 10, 7, 37])

  def test_loops_and_switches(self):
    self.assertEqual(self.run_code("""
      for { let i := 0 } lt(i, 6) { i := add(i, 1) } {
        let v := 0
        switch i case 0 { v := 10 } case 1 { v := 11 } case 2 { v := 12 } case 3 { v := 13 } case 4 { v := 14 } case 5 { v := 15 }
        mstore(mul(i, 32), v)
      }
      switch calldatasize() case 3 { mstore(192, 1) } case 4 { mstore(192, 2) } default { mstore(192, 3) }
      return(0, 224)""", b"abcd"), [10, 11, 12, 13, 14, 15, 2])

  def test_what_is_put_in_where_it_is_called_is_evaluated_as_a_call(self):
    self.assertEqual(self.run_code("""
      function twice(a) -> b { b := add(a, a) }
      function less(a, b) -> c { c := sub(a, b) }
      function count() -> n { n := add(mload(0), 1) mstore(0, n) }
      mstore(32, less(twice(count()), count()))
      mstore(64, less(shl(2, 5), twice(3)))
      return(32, 64)"""), [2 * 2 - 1, 14])

  def test_what_it_does_not_compile_it_refuses(self):
    for source in ("let a := b", "f()", "mstore(1)", "let a := mstore(0, 0)", "add(1, 2)", "sload(0)", "let a, b := 1",
                   "function f() {} function f() {}", "if 1 {", "#",
                   "".join(f"let v{i} := {i} " for i in range(20)) + "mstore(v0, v1)"):
      with self.assertRaises((yul.YulError, IndexError), msg=source):
        yul.compiled(source)
