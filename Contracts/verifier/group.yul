// The curve: which points a proof may bring, the sums A and B, and the pairing. All calls of precompiles are given what they take now and
// as much again, so that one that fails takes no more; none fails on what was checked.

function Q() -> q { q := 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47 }

// Points of the call data: on the curve, coordinates below q. That leaves out (0, 0), by which precompiles mean the identity.
function check_points(from, count) -> ok {
  ok := 1
  for { let end := add(from, shl(6, count)) } lt(from, end) { from := add(from, 0x40) } {
    let x := calldataload(from)
    let y := calldataload(add(from, 0x20))
    ok := and(ok, and(and(lt(x, Q()), lt(y, Q())), eq(mulmod(y, y, Q()), addmod(mulmod(mulmod(x, x, Q()), x, Q()), 3, Q()))))
  }
}

// Scalars of the call data are below p.
function check_scalars(from, count) -> ok {
  ok := 1
  let end := add(from, shl(5, count))
  for { let most := sub(end, 0x60) } lt(from, most) { from := add(from, 0x80) } {
    let first := and(lt(calldataload(from), P()), lt(calldataload(add(from, 0x20)), P()))
    ok := and(ok, and(first, and(lt(calldataload(add(from, 0x40)), P()), lt(calldataload(add(from, 0x60)), P()))))
  }
  for { } lt(from, end) { from := add(from, 0x20) } {
    ok := and(ok, lt(calldataload(from), P()))
  }
}

// A is the point at 0; what is added to it is put behind it.
function add_term(scale) {
  mstore(0x80, scale)
  if iszero(staticcall(12000, 7, 0x40, 0x60, 0x40, 0x40)) { give_up() }
  if iszero(staticcall(300, 6, 0, 0x80, 0, 0x40)) { give_up() }
}

function add_point(from, scale) {
  calldatacopy(0x40, from, 0x40)
  add_term(scale)
}

function add_constant_point(x, y, scale) {
  mstore(0x40, x)
  mstore(0x60, y)
  add_term(scale)
}

// Rows whose numbers are a list of two bytes each.
function add_rows(from, list, count, weight) {
  for { let end := add(from, shl(6, count)) } lt(from, end) { from := add(from, 0x40) } {
    add_point(from, times(weight, mload(add(mload(ROWS()), shl(5, shr(240, mload(list)))))))
    list := add(list, 2)
  }
}

function add_table_rows(from, weight) {
  for { let i := 0 } lt(i, TABLE_ROWS()) { i := add(i, 1) } {
    add_point(add(from, shl(6, i)), times(weight, mload(add(mload(ROWS()), shl(5, i)))))
  }
}

// Rows of the model, which may be the identity.
function add_model(weight) {
  weight := times(times(weight, star_tail(MODEL_BITS())), mload(ON_MODEL()))
  let list := listed(MODEL_LIST())
  let at := listed(MODEL_POINTS())
  for { let end := add(at, shl(6, MODEL_ROWS())) } lt(at, end) { at := add(at, 0x40) } {
    add_constant_point(mload(at), mload(add(at, 0x20)), times(weight, mload(add(mload(ROWS()), shl(5, shr(240, mload(list)))))))
    list := add(list, 2)
  }
}

// e(A, G2) = e(B, tau·G2). `statement` and `proof` are where points begin in both, hat is 2u's half.
function check_pairing(statement, proof, hat) {
  let on_row, on_pads := add_opening(hat)
  add_point(MASKS(), on_row)
  add_point(add(MASKS(), 0x40), on_pads)
  let delta := mload(DELTA())
  add_point(proof, times(on_pads, delta))
  delta := times(on_row, delta)
  add_witness(delta, statement, add(proof, 0x40))
  add_model(delta)
  pair()
}

// Puts -B at 0x180, begins A with what is of neither rows nor pads, and gives what these two count.
function add_opening(hat) -> on_row, on_pads {
  let z := mload(Z())
  let over := mload(OVER_Z())
  let eta := mload(ETA())
  on_row := plus(psi(over), times(eta, psi(z)))
  let first, second := omega(over, z)
  on_pads := plus(first, times(eta, second))
  calldatacopy(0, QUOTIENTS(), 0x40)
  add_point(add(QUOTIENTS(), 0x40), eta)
  mstore(0x180, mload(0))
  mstore(0x1a0, mod(sub(Q(), mload(0x20)), Q()))
  mstore(0, 0)
  mstore(0x20, 0)
  add_point(QUOTIENTS(), z)
  over := times(eta, over)
  add_point(add(QUOTIENTS(), 0x40), over)
  add_point(RECIPROCALS(), minus(plus(z, over)))
  let f := calldataload(FIRST())
  add_constant_point(1, 2, minus(addmod(f, times(eta, add(shl(1, hat), minus(f))), P())))
  f := plus(times(on_row, calldataload(BLINDERS())), times(on_pads, calldataload(add(BLINDERS(), 0x20))))
  add_constant_point(H_X(), H_Y(), minus(f))
}

// The product of the pairings of the point at 0 with G2 and of the one at 0x180 with tau·G2 is 1.
function pair() {
  mstore(0x100, mload(0))
  mstore(0x120, mload(0x20))
  mstore(0x1c0, mload(0x180))
  mstore(0x1e0, mload(0x1a0))
  mstore(0x140, 0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2)
  mstore(0x160, 0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed)
  mstore(0x180, 0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b)
  mstore(0x1a0, 0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa)
  mstore(0x200, 0x172aa93c41f16e1e04d62ac976a5d945f4be0acab990c6dc19ac4a7cf68bf77b)
  mstore(0x220, 0x2ae0c8c3a090f7200ff398ee9845bbae8f8c1445ae7b632212775f60a0e21600)
  mstore(0x240, 0x1754a9fc3b7e4da9197c283c7401773208190c5555caf254e644e99c29366704)
  mstore(0x260, 0x1459fe6cc8a1222fd4290864ff9e47d4b8cf7a403593c7107c39538ddefd857e)
  if iszero(staticcall(230000, 8, 0x100, 0x180, 0, 0x20)) { give_up() }
  if iszero(eq(mload(0), 1)) { refuse() }
}
