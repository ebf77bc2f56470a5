// What a sum-check's messages count in the form that is opened. A masked scalar m of weight w counts w·m in the constant and -w in
// the weight of its pad, by which `omega` is indexed. Rounds are walked backwards, as a plain one halves the weight of what is
// before it.

function cell(i) -> a { a := add(mload(OMEGA()), shl(5, i)) }
function scalar(i) -> m { m := calldataload(add(mload(SCALARS()), shl(5, i))) }

function add_constant(value) {
  mstore(CONSTANT(), plus(mload(CONSTANT()), value))
}

// Adds a weight to the i-th masked scalar.
function weigh(i, weight) {
  add_constant(times(weight, scalar(i)))
  let at := cell(i)
  mstore(at, plus(mload(at), minus(weight)))
}

// A sum-check of `count` rounds and degree 2 whose first scalar is the i-th. Gives the weight of the value that it began with.
function weigh_plain(i, count, point, weight) -> before {
  let from := add(mload(SCALARS()), shl(5, i))
  let to := cell(i)
  let at := add(from, shl(6, count))
  let sum := 0
  to := add(to, shl(6, count))
  point := add(point, shl(5, count))
  for { } gt(at, from) { } {
    at := sub(at, 0x40)
    to := sub(to, 0x40)
    point := sub(point, 0x20)
    let x := mload(point)
    // The weights' negatives: of x - 1/2 and x^2 - 1/2.
    let first := times(weight, add(sub(P(), x), HALF()))
    let second := times(weight, add(sub(P(), times(x, x)), HALF()))
    mstore(to, first)
    mstore(add(to, 0x20), second)
    sum := addmod(sum, add(times(first, calldataload(at)), times(second, calldataload(add(at, 0x20)))), P())
    weight := times(weight, HALF())
  }
  add_constant(minus(sum))
  before := weight
}

// A zero-check of `count` rounds and degree 3 at tau, which leaves the weight as it is.
function weigh_zero(i, count, point, tau, weight) {
  let sum := 0
  let at := add(mload(SCALARS()), shl(5, i))
  let to := cell(i)
  for { let end := add(point, shl(5, count)) } lt(point, end) { point := add(point, 0x20) } {
    sum := addmod(sum, weigh_round(at, to, mload(point), mload(tau), weight), P())
    tau := add(tau, 0x20)
    at := add(at, 0x60)
    to := add(to, 0x60)
  }
  add_constant(minus(sum))
}

// One round of it: negatives of the weights of x - tau, x^2 - tau, x^3 - tau, and the sum of their products with the scalars, below 3p.
function weigh_round(at, to, x, tau, weight) -> sum {
  let negative := times(weight, add(minus(x), tau))
  mstore(to, negative)
  sum := times(negative, calldataload(at))
  let x_power := times(x, x)
  negative := times(weight, add(minus(x_power), tau))
  mstore(add(to, 0x20), negative)
  sum := add(sum, times(negative, calldataload(add(at, 0x20))))
  negative := times(weight, add(minus(times(x_power, x)), tau))
  mstore(add(to, 0x40), negative)
  sum := add(sum, times(negative, calldataload(add(at, 0x40))))
}

// The product of two forms ca + ka·(-cell a) and cb + kb·(-cell b), with a weight; its product of pads is cell p.
function weigh_product(weight, ca, ka, a, cb, kb, b, p) {
  add_constant(times(weight, times(ca, cb)))
  let at := cell(a)
  mstore(at, plus(mload(at), minus(times(weight, times(ka, cb)))))
  at := cell(b)
  mstore(at, plus(mload(at), minus(times(weight, times(ca, kb)))))
  at := cell(p)
  mstore(at, times(weight, times(ka, kb)))
}
