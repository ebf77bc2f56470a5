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

// A zero-check at tau, which leaves the weight as it is.
function weigh_zero(i, count, degree, point, tau, weight) {
  let sum := 0
  for { let end := add(i, mul(count, degree)) } lt(i, end) { i := add(i, degree) } {
    sum := plus(sum, weigh_powers(add(mload(SCALARS()), shl(5, i)), cell(i), degree, mload(point), mload(tau), weight))
    point := add(point, 0x20)
    tau := add(tau, 0x20)
  }
  add_constant(minus(sum))
}

// One round of it: negatives of the weights of x - tau, x^2 - tau, ... at `to`, and the sum of their products with the scalars.
function weigh_powers(at, to, degree, x, tau, weight) -> sum {
  let x_power := x
  for { let end := add(to, shl(5, degree)) } lt(to, end) { } {
    let negative := times(weight, add(sub(P(), x_power), tau))
    mstore(to, negative)
    sum := addmod(sum, times(negative, calldataload(at)), P())
    x_power := times(x_power, x)
    to := add(to, 0x20)
    at := add(at, 0x20)
  }
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
