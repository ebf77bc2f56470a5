// The scalar field, and how a proof is refused.

function P() -> p { p := 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001 }
function HALF() -> h { h := 0x183227397098d014dc2822db40c0ac2e9419f4243cdcb848a1f0fac9f8000001 }

function plus(a, b) -> c { c := addmod(a, b, P()) }
function times(a, b) -> c { c := mulmod(a, b, P()) }
// Of a value that is at most p; what comes out is at most p, too.
function minus(a) -> c { c := sub(P(), a) }
function one_less(a) -> c { c := sub(0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000002, a) }

// A proof that is not one: the answer is false.
function refuse() {
  mstore(0, 0)
  return(0, 0x20)
}

// Precompiles fail on nothing that comes so far, so that one which does had too little gas. That is no answer.
function give_up() {
  revert(0, 0)
}

function power(base, exponent) -> result {
  result := 1
  for { } exponent { exponent := shr(1, exponent) } {
    if and(exponent, 1) { result := times(result, base) }
    base := times(base, base)
  }
}

// a^(p - 2) by the precompile at 5, which is given what it takes now and as much again. Uses memory below 0x100.
function inverse(a) -> result {
  mstore(0, 0x20)
  mstore(0x20, 0x20)
  mstore(0x40, 0x20)
  mstore(0x60, a)
  mstore(0x80, sub(P(), 2))
  mstore(0xa0, P())
  if iszero(staticcall(10000, 5, 0, 0xc0, 0, 0x20)) { give_up() }
  result := mload(0)
}

// eq(., index) of `count` coordinates from `at` on: coordinates themselves where the index has a 1, those of `less` where it has a 0.
function eq_at(at, less, count, index) -> result {
  result := 1
  for { } count { } {
    count := sub(count, 1)
    switch and(shr(count, index), 1)
    case 0 { result := times(result, mload(less)) }
    default { result := times(result, mload(at)) }
    at := add(at, 0x20)
    less := add(less, 0x20)
  }
}

// eq of two points of `count` coordinates.
function eq_points(a, b, count) -> result {
  result := 1
  for { let end := add(a, shl(5, count)) } lt(a, end) { } {
    let x := mload(a)
    let y := mload(b)
    // 1 - x - y + 2xy, and 2p more, so that it is not negative
    result := times(result, sub(add(shl(1, times(x, y)), 0x60c89ce5c263405370a08b6d0302b0ba5067d090f372e12287c3eb27e0000003), add(x, y)))
    a := add(a, 0x20)
    b := add(b, 0x20)
  }
}

// eq(., index) of `count` coordinates, whose complements lie nowhere.
function eq_bits(at, count, index) -> result {
  result := 1
  for { } count { at := add(at, 0x20) } {
    count := sub(count, 1)
    let x := mload(at)
    if iszero(and(shr(count, index), 1)) { x := one_less(x) }
    result := times(result, x)
  }
}
