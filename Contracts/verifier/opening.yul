// The opening (docs/protocol/opening.md, docs/protocol/scheme-srs.md): messages, the field check, and the weights at z and 1/z.

// Scalars of the opening, by their places behind D and D_s.
function CROSS() -> at { at := add(mload(SCALARS()), add(shl(5, PADS()), 0x80)) }
function SHOWN() -> at { at := add(CROSS(), 0x40) }
function VALUE() -> at { at := add(SHOWN(), shl(5, OPENED())) }
function BLINDERS() -> at { at := add(VALUE(), 0x20) }
function RECIPROCALS() -> at { at := add(BLINDERS(), 0x40) }
function FIRST() -> at { at := add(RECIPROCALS(), 0x40) }
function QUOTIENTS() -> at { at := add(FIRST(), 0x20) }
function MASKS() -> at { at := add(mload(SCALARS()), shl(5, PADS())) }

function hear_opening() {
  mstore(KAPPA(), draw(109))
  mstore(THETA(), draw(110))
  hear(19, 0x40)
  hear(20, 0x40)
  hear(64, 0x40)
  mstore(DELTA(), draw(111))
  hear(65, shl(5, OPENED()))
  hear(66, 0x20)
  hear(67, 0x40)
  mstore(CHI(), draw(118))
  hear(70, 0x40)
  let z := draw(119)
  if iszero(z) { refuse() }
  mstore(Z(), z)
  hear(71, 0x20)
  hear(72, 0x80)
  mstore(ETA(), draw(120))
}

// The i-th of the cells that are shown.
function shown(i) -> v { v := calldataload(add(SHOWN(), shl(5, i))) }

// Products of pads are products, and the shown cells count what the form says: against X0, X1 and v. Leaves powers of chi in the place of
// the shown cells' weights, and gives their sum.
function check_field() -> hat {
  let theta := mload(THETA())
  let delta := mload(DELTA())
  let first_product := sub(sub(OPENED(), PRODUCTS()), 1)
  let left := shown(sub(OPENED(), 1))
  let weight := theta
  let at := listed(PRODUCT_LIST())
  for { let i := first_product } lt(i, sub(OPENED(), 1)) { i := add(i, 1) } {
    let pair := mload(at)
    left := plus(left, times(weight, add(times(shown(byte(0, pair)), shown(byte(1, pair))), minus(times(delta, shown(i))))))
    weight := times(weight, theta)
    at := add(at, 2)
  }
  let sum := 0
  sum, hat := weigh_shown()
  left := plus(left, times(delta, sum))
  let cross := CROSS()
  // v is less the constant of the form.
  let right := addmod(calldataload(add(cross, 0x20)), minus(times(delta, mload(CONSTANT()))), P())
  if iszero(eq(left, plus(calldataload(cross), times(delta, right)))) { refuse() }
}

// The sum of u and each shown cell times its weight; then weights give way to powers of chi, by which hat is summed.
function weigh_shown() -> sum, hat {
  sum := calldataload(VALUE())
  hat := sum
  let chi := mload(CHI())
  let weight := chi
  let from := SHOWN()
  let at := listed(OPENED_LIST())
  for { let end := add(from, shl(5, OPENED())) } lt(from, end) { from := add(from, 0x20) } {
    let to := cell(shr(240, mload(at)))
    let v := calldataload(from)
    sum := plus(sum, times(v, mload(to)))
    hat := plus(hat, times(v, weight))
    mstore(to, weight)
    weight := times(weight, chi)
    at := add(at, 2)
  }
}

// psi at x: a product over the last coordinates of STAR, from the last one on.
function psi(x) -> v {
  v := 1
  let at := add(STAR(), shl(5, COLUMN_BITS()))
  for { let count := ROW_BITS() } count { count := sub(count, 1) } {
    at := sub(at, 0x20)
    let r := mload(at)
    v := times(v, add(one_less(r), times(r, x)))
    x := times(x, x)
  }
}

// The weights of all pads as a polynomial, at x and at y.
function omega(x, y) -> at_x, at_y {
  let from := mload(OMEGA())
  let at := cell(add(add(PADS(), PRODUCTS()), 1))
  // Two at a time, the last one of an odd number first. A sum is below 2p, and the next product is taken of it.
  if and(sub(at, from), 0x20) {
    at := sub(at, 0x20)
    at_x := mload(at)
    at_y := at_x
  }
  for { } gt(at, from) { } {
    at := sub(at, 0x40)
    let second := mload(add(at, 0x20))
    let first := mload(at)
    at_x := add(times(add(times(at_x, x), second), x), first)
    at_y := add(times(add(times(at_y, y), second), y), first)
  }
}
