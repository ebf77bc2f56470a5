// The transcript over Keccak-256. The state s is the word at 0, and what is heard is put behind it; a long message is put together
// elsewhere, behind a copy of s.

function START() -> a { a := 0x1380 }
function END() -> a { a := 0x13a0 }
// Where in the call data the next message is.
function AT() -> a { a := 0x13c0 }

// The message that begins now lies at `start`, where there is room for it.
function begin(start) {
  mstore(start, mload(0))
  mstore(START(), start)
  mstore(END(), add(start, 0x20))
}

// Appends bytes of the call data, with their label and length.
function absorb(label, from, size) {
  let end := mload(END())
  mstore(end, shl(184, or(shl(64, label), size)))
  calldatacopy(add(end, 9), from, size)
  mstore(END(), add(add(end, 9), size))
}

// Appends one word.
function absorb_word(label, word) {
  let end := mload(END())
  mstore(end, shl(184, or(shl(64, label), 0x20)))
  mstore(add(end, 9), word)
  mstore(END(), add(end, 0x29))
}

// The next bytes of the proof.
function hear(label, size) {
  absorb(label, mload(AT()), size)
  mstore(AT(), add(mload(AT()), size))
}

// Ends the message.
function finish(label, count) {
  let start := mload(START())
  let end := mload(END())
  mstore(end, shl(184, or(shl(64, label), count)))
  mstore(0, keccak256(start, add(sub(end, start), 9)))
  mstore(START(), 0)
  mstore(END(), 0x20)
}

function draw(label) -> challenge {
  finish(label, 1)
  challenge := mod(mload(0), P())
}

// Several challenges at once, which lie at `to`.
function draw_many(label, count, to) {
  finish(label, count)
  for { let i := 0 } lt(i, count) { i := add(i, 1) } {
    mstore(0x20, i)
    mstore(add(to, shl(5, i)), mod(keccak256(0, 0x40), P()))
  }
}

// The rounds of a sum-check: `degree` scalars each, and a challenge behind them. Challenges lie at `to`.
function hear_rounds(count, degree, label, drawn, to) {
  let size := shl(5, degree)
  let from := mload(AT())
  let last := add(from, mul(size, count))
  let end := mload(END())
  label := shl(184, or(shl(64, label), size))
  drawn := shl(184, or(shl(64, drawn), 1))
  for { } lt(from, last) { } {
    mstore(end, label)
    calldatacopy(add(end, 9), from, size)
    end := add(add(end, 9), size)
    mstore(end, drawn)
    let s := keccak256(0, add(end, 9))
    mstore(0, s)
    mstore(to, mod(s, P()))
    end := 0x20
    to := add(to, 0x20)
    from := add(from, size)
  }
  mstore(AT(), last)
  mstore(END(), end)
}
