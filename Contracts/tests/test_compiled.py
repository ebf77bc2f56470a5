"""What is committed of the contracts in Vyper is what their sources make, and what the interfaces in Solidity say."""

import json
import re
import unittest

from devchain.abi import kind, signature
from tools import gate


class CompiledTests(unittest.TestCase):

  def test_code_and_abi_are_what_the_sources_make_to_the_byte(self):
    for name in gate.NAMES:
      for file, text in gate.files(name).items():
        with self.subTest(file):
          self.assertEqual((gate.FOLDER / "compiled" / file).read_text(), text)

  def test_the_interfaces_in_solidity_have_the_same_functions_events_and_structs(self):
    source = (gate.FOLDER / "ITacit.sol").read_text()
    for name in gate.NAMES:
      with self.subTest(name):
        abi = json.loads((gate.FOLDER / "compiled" / f"{name}.json").read_text())
        body = re.search(rf"interface I{name} {{\n(.*?)\n}}", source, re.S)[1]
        structs = {}
        for struct, fields in re.findall(r"struct (\w+) {(.*?)}", body, re.S):
          structs[struct] = "(" + ",".join(line.split()[0] for line in fields.split(";") if line.strip()) + ")"
        for word in ("function", "event"):
          expected = {(signature(entry), tuple(kind(each) for each in entry.get("outputs", ())), entry.get("stateMutability", "").replace("pure", "view"),
                       tuple(each.get("indexed", False) for each in entry["inputs"]) if word == "event" else ())
                      for entry in abi if entry["type"] == word}
          self.assertEqual({each for each in self.declared(body, word, structs)}, expected)

  @staticmethod
  def declared(body, word, structs):
    for name, inputs, rest in re.findall(rf"{word} (\w+)\((.*?)\)(.*?);", body):
      typed = lambda text: [re.sub(r"^\w+", lambda match: structs.get(match[0], match[0]), each.split()[0]) for each in text.split(",") if each.strip()]
      returned = re.search(r"returns \((.*)\)", rest)
      mutability = "" if word == "event" else "view" if " view" in rest else "nonpayable"
      indexed = tuple(" indexed " in each for each in inputs.split(",")) if word == "event" else ()
      yield f"{name}({','.join(typed(inputs))})", tuple(typed(returned[1]) if returned else ()), mutability, indexed


if __name__ == "__main__":
  unittest.main()
