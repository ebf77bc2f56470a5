"""Compiles the part of Yul in which the contracts are written: words, functions, `let`, `if`, `switch`, `for`, `leave`.

What it is told is Yul as solc reads it, so whoever distrusts this file compiles the same source with another compiler. What it
makes is plain: a variable is a slot of the stack, a function a jump there and back. Three things are done for gas: a function
that is one expression is put in where it is called, sums of literals are formed here, and a `switch` over 0, 1, 2, … jumps by a
table. There is no other optimization, and a variable that is out of the stack's reach is an error.
"""

import re

OPCODES = {
  "stop": (0x00, 0, 0), "add": (0x01, 2, 1), "mul": (0x02, 2, 1), "sub": (0x03, 2, 1), "div": (0x04, 2, 1), "sdiv": (0x05, 2, 1),
  "mod": (0x06, 2, 1), "smod": (0x07, 2, 1), "addmod": (0x08, 3, 1), "mulmod": (0x09, 3, 1), "exp": (0x0A, 2, 1),
  "signextend": (0x0B, 2, 1), "lt": (0x10, 2, 1), "gt": (0x11, 2, 1), "slt": (0x12, 2, 1), "sgt": (0x13, 2, 1), "eq": (0x14, 2, 1),
  "iszero": (0x15, 1, 1), "and": (0x16, 2, 1), "or": (0x17, 2, 1), "xor": (0x18, 2, 1), "not": (0x19, 1, 1), "byte": (0x1A, 2, 1),
  "shl": (0x1B, 2, 1), "shr": (0x1C, 2, 1), "sar": (0x1D, 2, 1), "keccak256": (0x20, 2, 1), "calldataload": (0x35, 1, 1),
  "calldatasize": (0x36, 0, 1), "calldatacopy": (0x37, 3, 0), "extcodesize": (0x3B, 1, 1), "extcodecopy": (0x3C, 4, 0),
  "extcodehash": (0x3F, 1, 1), "pop": (0x50, 1, 0), "mload": (0x51, 1, 1), "mstore": (0x52, 2, 0), "mstore8": (0x53, 2, 0),
  "gas": (0x5A, 0, 1), "mcopy": (0x5E, 3, 0), "return": (0xF3, 2, 0), "staticcall": (0xFA, 6, 1), "revert": (0xFD, 2, 0),
}
# What neither writes nor depends on the order in which it is evaluated among its like.
PURE = set(OPCODES) - {"stop", "calldatacopy", "extcodecopy", "pop", "mstore", "mstore8", "mcopy", "return", "staticcall", "revert", "gas"}
FOLDED = {
  "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "shl": lambda a, b: b << a if a < 256 else 0,
  "shr": lambda a, b: b >> a if a < 256 else 0, "or": lambda a, b: a | b, "not": lambda a: ~a,
}
WORD = (1 << 256) - 1
TOKEN = re.compile(r"\s+|//[^\n]*|/\*.*?\*/|(0x[0-9a-fA-F]+|\d+|[A-Za-z_$][\w$]*|:=|->|[{}(),])", re.S)


class YulError(Exception):
  """Source that is not of the part of Yul that is compiled here."""


def tokens(text):
  """The tokens of a source, with comments left out."""
  found, at = [], 0
  while at < len(text):
    match = TOKEN.match(text, at)
    if not match:
      raise YulError(f"unreadable: {text[at:at + 30]!r}")
    if match.group(1):
      found.append(match.group(1))
    at = match.end()
  return found


class Parser:
  """Source to nested tuples."""

  def __init__(self, text):
    self.tokens, self.at = tokens(text) + [""], 0

  def peek(self):
    return self.tokens[self.at]

  def next(self, expected=None):
    token = self.tokens[self.at]
    self.at += 1
    if expected is not None and token != expected:
      raise YulError(f"{expected} expected, {' '.join(self.tokens[max(0, self.at - 8):self.at])} found")
    return token

  def names(self):
    found = [self.next()]
    while self.peek() == ",":
      self.next()
      found.append(self.next())
    return found

  def block(self):
    self.next("{")
    found = []
    while self.peek() != "}":
      found.append(self.statement())
    self.next("}")
    return found

  def statement(self):
    token = self.peek()
    if token == "{":
      return ("block", self.block())
    if token == "function":
      return self.function()
    if token == "let":
      self.next()
      names = self.names()
      if self.peek() != ":=":
        return ("let", names, None)
      self.next(":=")
      return ("let", names, self.expression())
    if token == "if":
      self.next()
      return ("if", self.expression(), self.block())
    if token == "switch":
      return self.switch()
    if token == "for":
      self.next()
      return ("for", self.block(), self.expression(), self.block(), self.block())
    if token == "leave":
      self.next()
      return ("leave",)
    start = self.at
    names = self.names()
    if self.peek() == ":=":
      self.next()
      return ("set", names, self.expression())
    self.at = start
    return ("do", self.expression())

  def function(self):
    self.next("function")
    name = self.next()
    self.next("(")
    arguments = [] if self.peek() == ")" else self.names()
    self.next(")")
    results = []
    if self.peek() == "->":
      self.next()
      results = self.names()
    return ("function", name, arguments, results, self.block())

  def switch(self):
    self.next("switch")
    value, cases, default = self.expression(), [], None
    while self.peek() in ("case", "default"):
      if self.next() == "case":
        cases.append((int(self.next(), 0), self.block()))
      else:
        default = self.block()
    return ("switch", value, cases, default)

  def expression(self):
    token = self.next()
    if token[0].isdigit():
      return ("number", int(token, 0))
    if self.peek() != "(":
      return ("name", token)
    self.next("(")
    arguments = []
    while self.peek() != ")":
      arguments.append(self.expression())
      if self.peek() == ",":
        self.next()
    self.next(")")
    return ("call", token, arguments)


def uses(expression, counts):
  """Counts the names in an expression; says whether all of it is pure."""
  if expression[0] == "name":
    counts[expression[1]] = counts.get(expression[1], 0) + 1
    return True
  if expression[0] == "number":
    return True
  return all([uses(e, counts) for e in expression[2]]) and expression[1] in PURE


class Compiler:
  """One object's code: assembly with labels, then bytes."""

  def __init__(self):
    self.functions, self.inlined, self.code, self.labels, self.waiting = {}, {}, [], 0, []

  def label(self):
    self.labels += 1
    return self.labels

  # Simplification of expressions.

  def simple(self, expression):
    """An expression with functions of one expression put in and literals added up."""
    if expression[0] != "call":
      return expression
    name, arguments = expression[1], [self.simple(e) for e in expression[2]]
    if name in self.inlined:
      parameters, body, counts = self.inlined[name]
      atoms = all(counts.get(p, 0) == 1 or a[0] != "call" for p, a in zip(parameters, arguments))
      if len(parameters) != len(arguments):
        raise YulError(f"arguments of {name}")
      if atoms and all(uses(a, {}) for a in arguments):
        return self.simple(self.replaced(body, dict(zip(parameters, arguments))))
    if name in FOLDED and all(a[0] == "number" for a in arguments):
      return ("number", FOLDED[name](*(a[1] for a in arguments)) & WORD)
    return ("call", name, arguments)

  def replaced(self, expression, values):
    if expression[0] == "name":
      return values.get(expression[1], expression)
    if expression[0] == "number":
      return expression
    return ("call", expression[1], [self.replaced(e, values) for e in expression[2]])

  # Code.

  def emit(self, *items):
    self.code.extend(items)

  def push(self, value):
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    self.emit(bytes([0x5F + len(data)]) + data)

  def find(self, stack, name):
    for depth, slot in enumerate(reversed(stack)):
      if slot == name:
        return depth
    raise YulError(f"{name} is not there")

  def reach(self, depth, name):
    if depth > 16:
      raise YulError(f"{name} is out of reach in {self.current}")
    return depth

  def expression(self, expression, stack):
    """Puts an expression's values on the stack; gives how many."""
    if expression[0] == "number":
      self.push(expression[1])
      return 1
    if expression[0] == "name":
      depth = self.reach(self.find(stack, expression[1]) + 1, expression[1])
      self.emit(bytes([0x7F + depth]))
      return 1
    name, arguments = expression[1], expression[2]
    if name in OPCODES:
      code, taken, left = OPCODES[name]
      if taken != len(arguments):
        raise YulError(f"arguments of {name}")
      self.arguments(arguments, stack)
      self.emit(bytes([code]))
      return left
    if name not in self.functions:
      raise YulError(f"no function {name}")
    _, _, parameters, results, _ = self.functions[name]
    if len(parameters) != len(arguments):
      raise YulError(f"arguments of {name}")
    back = self.label()
    self.emit(("push", back))
    self.arguments(arguments, stack + [None])
    self.emit(("push", "f " + name), b"\x56", ("label", back))
    if name not in self.waiting:
      self.waiting.append(name)
    return len(results)

  def arguments(self, arguments, stack):
    """The last one first, so that the first one lies on top."""
    stack = list(stack)
    for argument in reversed(arguments):
      if self.expression(argument, stack) != 1:
        raise YulError("an argument that is no single value")
      stack.append(None)

  def condition(self, expression, stack, target, when):
    """Jumps to a label if a condition is as said."""
    expression = self.simple(expression)
    while expression[0] == "call" and expression[1] == "iszero":
      expression, when = expression[2][0], not when
    self.expression(expression, stack)
    self.emit(*([] if when else [b"\x15"]), ("push", target), b"\x57")

  def block(self, statements, stack, leave):
    """Statements with variables of their own."""
    inner = list(stack)
    for statement in statements:
      self.statement(statement, inner, leave)
    self.emit(*[b"\x50"] * (len(inner) - len(stack)))

  def statement(self, statement, stack, leave):
    kind = statement[0]
    if kind == "function":
      return
    if kind == "block":
      self.block(statement[1], stack, leave)
    elif kind == "let":
      if statement[2] is None:
        for _ in statement[1]:
          self.emit(b"\x5f")
      elif self.expression(self.simple(statement[2]), stack) != len(statement[1]):
        raise YulError(f"{statement[1]} is not as many values")
      stack.extend(statement[1])
    elif kind == "set":
      if self.expression(self.simple(statement[2]), stack) != len(statement[1]):
        raise YulError(f"{statement[1]} is not as many values")
      for i, name in reversed(list(enumerate(statement[1]))):
        depth = self.reach(self.find(stack, name) + i + 1, name)
        self.emit(bytes([0x8F + depth]), b"\x50")
    elif kind == "do":
      if self.expression(self.simple(statement[1]), stack):
        raise YulError(f"a value is left over: {statement[1][1]}")
    elif kind == "if":
      after = self.label()
      self.condition(statement[1], stack, after, False)
      self.block(statement[2], stack, leave)
      self.emit(("label", after))
    elif kind == "for":
      inner = list(stack)
      for s in statement[1]:
        self.statement(s, inner, leave)
      body, test = self.label(), self.label()
      self.emit(("push", test), b"\x56", ("label", body))
      self.block(statement[4], inner, leave)
      self.block(statement[3], inner, leave)
      self.emit(("label", test))
      self.condition(statement[2], inner, body, True)
      self.emit(*[b"\x50"] * (len(inner) - len(stack)))
    elif kind == "switch":
      self.switch(statement, stack, leave)
    elif kind == "leave":
      self.emit(*[b"\x50"] * (len(stack) - leave[1]), ("push", leave[0]), b"\x56")
    else:
      raise YulError(kind)

  def switch(self, statement, stack, leave):
    _, value, cases, default = statement
    after, places = self.label(), [self.label() for _ in cases]
    self.expression(self.simple(value), stack)
    if [v for v, _ in cases] == list(range(len(cases))) and 3 < len(cases) <= 16:
      # The value is below 16 by what it is read of: a place of two bytes out of one word.
      self.emit(b"\x60\x04\x1b", ("table", places), b"\x90\x1c", b"\x61\xff\xff\x16\x56")
      if default is not None:
        raise YulError("a table has no default")
      for place, (_, body) in zip(places, cases):
        self.emit(("label", place))
        self.block(body, stack, leave)
        self.emit(("push", after), b"\x56")
    elif [v for v, _ in cases] == [0] and default is not None:
      self.emit(("push", places[0]), b"\x57")
      self.block(cases[0][1], stack, leave)
      self.emit(("push", after), b"\x56", ("label", places[0]))
      self.block(default, stack, leave)
    else:
      for place, (v, _) in zip(places, cases):
        self.emit(b"\x80")
        self.push(v)
        self.emit(b"\x14", ("push", place), b"\x57")
      self.emit(b"\x50")
      self.block(default or [], stack, leave)
      self.emit(("push", after), b"\x56")
      for place, (_, body) in zip(places, cases):
        self.emit(("label", place), b"\x50")
        self.block(body, stack, leave)
        self.emit(("push", after), b"\x56")
    self.emit(("label", after))

  def function(self, name):
    """Entered with the place to return to and then the arguments, the first on top."""
    _, _, parameters, results, body = self.functions[name]
    self.current = name
    stack = [None] + parameters[::-1]
    self.emit(("label", "f " + name), *[b"\x5f"] * len(results))
    stack += results
    end = self.label()
    self.block(body, stack, (end, len(stack)))
    self.emit(("label", end))
    self.exit(len(parameters), len(results))

  def exit(self, parameters, results):
    """From place, arguments, results to results, and a jump to the place."""
    layout = ["place"] + ["drop"] * parameters + list(range(results))
    # Results move down to where place and arguments were; the place comes on top.
    target = list(range(results)) + ["place"]
    while len(layout) > len(target) or layout != target:
      top = layout[-1]
      if top == "drop":
        layout.pop()
        self.emit(b"\x50")
        continue
      goal = target.index(top)
      if goal == len(layout) - 1:
        break
      depth = len(layout) - 1 - goal
      self.emit(bytes([0x8F + depth]))
      layout[-1], layout[goal] = layout[goal], layout[-1]
    if layout != target:
      raise YulError(f"results of {self.current}")
    self.emit(b"\x56")

  def program(self, statements):
    """All of an object's code: what is done first, and then each function that it reaches."""
    for s in statements:
      if s[0] == "function":
        if s[1] in self.functions or s[1] in OPCODES:
          raise YulError(f"{s[1]} is there twice")
        self.functions[s[1]] = s
        if len(s[3]) == 1 and len(s[4]) == 1 and s[4][0][0] == "set" and s[4][0][1] == s[3]:
          counts = {}
          uses(s[4][0][2], counts)
          self.inlined[s[1]] = (s[2], s[4][0][2], counts)
    self.inlined = {k: v for k, v in self.inlined.items() if set(v[2]) <= set(v[0]) and uses(self.deep(v[1]), {})}
    self.current = "the beginning"
    self.block([s for s in statements if s[0] != "function"], [], None)
    self.emit(b"\x00")
    done = 0
    while done < len(self.waiting):
      self.function(self.waiting[done])
      done += 1
    return self.assembled()

  def deep(self, expression):
    """An expression as pure as it is behind all functions that it calls."""
    if expression[0] != "call":
      return expression
    name = expression[1]
    inner = [self.deep(e) for e in expression[2]]
    if name in self.inlined:
      return ("call", "add", inner + [self.deep(self.inlined[name][1])])
    return ("call", name, inner)

  def assembled(self):
    """Bytes; every place is two bytes."""
    at, places = 0, {}
    for item in self.code:
      if isinstance(item, bytes):
        at += len(item)
      elif item[0] == "label":
        places[item[1]] = at
        at += 1
      else:
        at += 3 if item[0] == "push" else 1 + 2 * len(item[1])
    out = bytearray()
    for item in self.code:
      if isinstance(item, bytes):
        out += item
      elif item[0] == "label":
        out.append(0x5B)
      elif item[0] == "push":
        out += b"\x61" + places[item[1]].to_bytes(2, "big")
      else:
        word = b"".join(places[p].to_bytes(2, "big") for p in reversed(item[1]))
        out += bytes([0x5F + len(word)]) + word
    return bytes(out)


def compiled(source):
  """The code of a block of Yul."""
  parser = Parser("{" + source + "}")
  statements = parser.block()
  parser.next("")
  return Compiler().program(statements)


def creation(runtime):
  """Code that deploys it."""
  return b"\x61" + len(runtime).to_bytes(2, "big") + b"\x80\x60\x0a\x5f\x39\x5f\xf3" + runtime
