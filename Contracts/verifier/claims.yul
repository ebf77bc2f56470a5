// The claim reduction (docs/protocol/arguments.md): all claims become one at STAR.

function rho(j) -> v { v := mload(add(RHO(), shl(5, j))) }
// What the value of the j-th claim weighs in the form that is opened.
function claim(j) -> weight { weight := times(mload(CLAIM()), rho(j)) }

function hear_claims() {
  if HAS_PUBLIC() { mstore(PACK(), draw(106)) }
  let base := draw(107)
  let v := 1
  for { let at := RHO() let end := add(RHO(), shl(5, CLAIMS())) } lt(at, end) { at := add(at, 0x20) } {
    mstore(at, v)
    v := times(v, base)
  }
  hear_rounds(COLUMN_BITS(), 2, 43, 108, STAR())
}

function complement(from, count, to) {
  for { let end := add(from, shl(5, count)) } lt(from, end) { from := add(from, 0x20) } {
    mstore(to, one_less(mload(from)))
    to := add(to, 0x20)
  }
}

// The last coordinates of STAR, and the product of one less each other.
function star_from(count) -> at { at := add(STAR(), shl(5, sub(COLUMN_BITS(), count))) }
function star_tail(count) -> v {
  v := 1
  let end := add(STAR_LESS(), shl(5, sub(COLUMN_BITS(), count)))
  for { let at := STAR_LESS() } lt(at, end) { at := add(at, 0x20) } { v := times(v, mload(at)) }
}
