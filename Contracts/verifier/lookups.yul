// The first part of the argument: that rows do their steps, that look-ups are in the table. By inverses and rows
// (docs/protocol/arguments.md). What it takes and leaves: the challenges alpha, beta, tau, lambda, mu; the points XI and R; the pads'
// weights of its scalars; claims from 0 on, and what the columns of the witness weigh.

// Where its masked scalars are.
function FRACTION_CLAIMS() -> i { i := shl(1, INVERSE_ROUNDS()) }
function ROW_SCALARS() -> i { i := add(FRACTION_CLAIMS(), 3) }
function ACC() -> i { i := add(ROW_SCALARS(), mul(add(LIMBS(), 2), TRACE_BITS())) }
function LIMB_CLAIMS() -> i { i := add(ACC(), 1) }
function PRINT() -> i { i := add(LIMB_CLAIMS(), LIMBS()) }
function MULTIPLIER() -> i { i := add(PRINT(), 1) }
function SETTLED() -> i { i := add(MULTIPLIER(), HAS_MULTIPLIER()) }
function AFTER_LOOKUPS() -> i { i := add(SETTLED(), shl(1, sub(LIMBS(), 1))) }

// Its claims: h, the balance of g and m, the total, the limbs, the model's multipliers, y.
function MULTIPLIER_CLAIM() -> j { j := add(3, LIMBS()) }
function Y_CLAIM() -> j { j := add(MULTIPLIER_CLAIM(), HAS_MULTIPLIER()) }
function LOOKUP_CLAIMS() -> j { j := add(Y_CLAIM(), 1) }
// Its equations: one for each product that is settled, and the last.
function LOOKUP_EQUATIONS() -> e { e := sub(shl(1, LIMBS()), 1) }
// Its products of pads.
function FIRST_ROW_PRODUCT() -> p { p := add(add(PADS(), 1), HAS_MULTIPLIER()) }

function PHASE_ONE() -> rows { rows := add(add(mul(LIMBS(), TRACE_ROWS()), HIDDEN_ROWS()), TABLE_ROWS()) }
function PHASE_TWO() -> rows { rows := add(TRACE_ROWS(), TABLE_ROWS()) }

// From alpha and beta to the last message of rows. `long` is where a long message may lie.
function hear_lookups(long) {
  draw_many(96, 2, ALPHA())
  begin(long)
  hear(18, shl(6, PHASE_TWO()))
  draw_many(97, add(INVERSE_ROUNDS(), 1), TAU())
  mstore(LAMBDA(), mload(add(TAU(), shl(5, INVERSE_ROUNDS()))))
  hear_rounds(INVERSE_ROUNDS(), 2, 32, 98, XI())
  hear(33, 96)
  mstore(MU(), draw(102))
  hear_rounds(TRACE_BITS(), add(LIMBS(), 2), 36, 103, R())
  hear(37, shl(5, add(add(LIMBS(), 2), HAS_MULTIPLIER())))
  for { let i := shl(1, sub(LIMBS(), 1)) } i { i := sub(i, 1) } { hear(38, 0x20) }
}

// What follows from alpha and beta of padding, with the inverses of alpha, low, high, lambda and z, which cost one.
function prepare_lookups() {
  let alpha := mload(ALPHA())
  let low := plus(alpha, 1)
  let high := addmod(alpha, add(times(mload(BETA()), shl(sub(LIMB_BITS(), 1), 1)), 1), P())
  if iszero(mul(mul(gt(alpha, 0), gt(low, 0)), gt(high, 0))) { refuse() }
  mstore(LOW(), low)
  mstore(HIGH(), high)
  let lambda := mload(LAMBDA())
  let z := mload(Z())
  // Of lambda = 0 the inverse is 0.
  let first := times(alpha, low)
  let second := times(first, high)
  let third := times(second, z)
  let factor := add(lambda, iszero(lambda))
  let over := inverse(times(third, factor))
  mstore(OVER_LAMBDA(), times(mul(over, gt(lambda, 0)), third))
  over := times(over, factor)
  mstore(OVER_Z(), times(over, second))
  over := times(over, z)
  let sum := times(over, first)
  over := times(over, high)
  sum := addmod(sum, times(times(over, alpha), sub(LIMBS(), 1)), P())
  mstore(FRACTION(), addmod(sum, times(over, low), P()))
}

// f_j as the constant of its form, which has -factor times the cell.
function row_factor(j) -> constant, factor, i {
  i := add(LIMB_CLAIMS(), j)
  factor := 1
  if lt(j, LIMBS()) {
    factor := mload(BETA())
    constant := mload(LOW())
    if eq(add(j, 1), LIMBS()) { constant := mload(HIGH()) }
    constant := addmod(constant, times(factor, scalar(i)), P())
    leave
  }
  let beta := mload(BETA())
  constant := add(mload(TAGS()), times(times(beta, add(beta, 1)), mload(SHIFTS())))
  constant := addmod(constant, add(scalar(i), mload(ALPHA())), P())
}

// Weights of all of its scalars, for the claims' weights and kappa.
function weigh_lookups() {
  weigh_inverses()
  weigh_row_claims()
  weigh_rows()
  weigh_row_products()
}

function weigh_inverses() {
  let h := FRACTION_CLAIMS()
  weigh(h, claim(0))
  let weight := times(claim(1), mload(OVER_LAMBDA()))
  weigh_zero(0, INVERSE_ROUNDS(), 2, XI(), TAU(), weight)
  weigh_product(minus(weight), scalar(h), 1, h, scalar(add(h, 1)), 1, add(h, 1), PADS())
  weigh(add(h, 2), weight)
  add_constant(minus(times(claim(2), times(mload(FRACTION()), shl(TRACE_BITS(), 1)))))
}

function weigh_row_claims() {
  let weight := claim(Y_CLAIM())
  weigh(PRINT(), weight)
  weight := times(times(weight, mload(BETA())), power(HALF(), mul(LIMBS(), LIMB_BITS())))
  let bits := LIMB_BITS()
  for { let j := 0 } lt(j, LIMBS()) { j := add(j, 1) } {
    weigh(add(LIMB_CLAIMS(), j), plus(claim(add(3, j)), times(weight, shl(mul(bits, j), 1))))
  }
  weight := minus(weight)
  switch HAS_MULTIPLIER()
  case 0 { weigh(ACC(), times(weight, mload(MULTIPLIERS()))) }
  default {
    let i := MULTIPLIER()
    weigh(i, claim(MULTIPLIER_CLAIM()))
    weigh_product(weight, scalar(ACC()), 1, ACC(), plus(mload(MULTIPLIERS()), scalar(i)), 1, i, add(PADS(), 1))
  }
}

// The last equation is that V is the sum of products that is left; V began as -pi·(N + mu·D).
function weigh_rows() {
  let weight := power(mload(KAPPA()), LOOKUP_EQUATIONS())
  let n := TRACE_BITS()
  weigh_zero(ROW_SCALARS(), n, add(LIMBS(), 2), R(), add(XI(), shl(5, sub(INVERSE_ROUNDS(), n))), weight)
  let pi := times(times(mload(ALPHA()), power(mload(LOW()), sub(LIMBS(), 1))), mload(HIGH()))
  weight := minus(times(weight, pi))
  weigh(add(FRACTION_CLAIMS(), 2), weight)
  weigh(add(FRACTION_CLAIMS(), 1), times(weight, mload(MU())))
}

function weigh_row_products() {
  let kappa := mload(KAPPA())
  let p := FIRST_ROW_PRODUCT()
  let s := SETTLED()
  weigh_factors(kappa, 0, 1, p)
  weigh(s, minus(kappa))
  // E = (c0 - mu)·Pi - f_0 - f_1, settled
  let weight := times(kappa, kappa)
  weigh(s, times(weight, add(mload(FRACTION()), minus(mload(MU())))))
  weigh_factor(minus(weight), 0)
  weigh_factor(minus(weight), 1)
  weigh(add(s, 1), minus(weight))
  let product := s
  for { let j := 2 } lt(j, LIMBS()) { j := add(j, 1) } {
    let rest := add(s, 1)
    p := add(p, 1)
    s := add(s, 2)
    // Pi·f_j is settled, and then f_j·E - Pi
    weight := times(weight, kappa)
    weigh_settled(weight, j, product, add(p, 1))
    weigh(s, minus(weight))
    weight := times(weight, kappa)
    weigh_settled(weight, j, rest, p)
    weigh(product, minus(weight))
    weigh(add(s, 1), minus(weight))
    product := s
    p := add(p, 1)
  }
  weight := minus(times(weight, kappa))
  weigh_settled(weight, LIMBS(), add(s, 1), add(p, 1))
  weigh(product, minus(weight))
}

// A weight of f_i.
function weigh_factor(weight, i) {
  let constant, factor, a := row_factor(i)
  add_constant(times(weight, add(constant, minus(times(factor, scalar(a))))))
  weigh(a, times(weight, factor))
}

// A weight of f_i·f_j.
function weigh_factors(weight, i, j, p) {
  let ca, ka, a := row_factor(i)
  let cb, kb, b := row_factor(j)
  weigh_product(weight, ca, ka, a, cb, kb, b, p)
}

// A weight of f_i times a settled scalar.
function weigh_settled(weight, i, b, p) {
  let ca, ka, a := row_factor(i)
  weigh_product(weight, ca, ka, a, scalar(b), 1, b, p)
}

// The fingerprint of the table at the last coordinates of XI, by its runs: where one ends (4), its tag (2), input less its place (8),
// output less slope times its place (8), slope (1). A run begins where the one before ends, the first one at 1.
function table_print() -> v {
  let beta := mload(BETA())
  let square := times(beta, beta)
  v := mload(ALPHA())
  let at := listed(TABLE_LIST())
  let mass_before, moment_before := prefix(1)
  for { let end := listed(PORT_LIST()) } lt(at, end) { at := add(at, 23) } {
    let w := mload(at)
    let mass, moment := prefix(shr(224, w))
    let start := addmod(and(shr(208, w), 0xffff), times(beta, residue(signextend(7, shr(144, w)))), P())
    start := addmod(start, times(square, residue(signextend(7, shr(80, w)))), P())
    v := addmod(v, times(start, add(mass, minus(mass_before))), P())
    start := add(beta, mul(and(shr(72, w), 0xff), square))
    v := addmod(v, mulmod(start, add(moment, minus(moment_before)), P()), P())
    mass_before := mass
    moment_before := moment
  }
}

// The sums of eq(x, i) and of i·eq(x, i) over i below an end, x the last coordinates of XI.
function prefix(end) -> mass, moment {
  let count := TABLE_BITS()
  let at := add(XI(), shl(5, INVERSE_ROUNDS()))
  let mean := 0
  let place := 1
  let full := shr(count, end)
  for { } count { count := sub(count, 1) } {
    at := sub(at, 0x20)
    let x := mload(at)
    switch and(end, 1)
    case 0 {
      mass := times(one_less(x), mass)
      moment := times(one_less(x), moment)
    }
    default {
      moment := plus(times(one_less(x), mean), times(x, add(moment, times(place, mass))))
      mass := plus(one_less(x), times(x, mass))
    }
    mean := addmod(mean, times(x, place), P())
    place := shl(1, place)
    end := shr(1, end)
  }
  if full {
    mass := 1
    moment := mean
  }
}

// What columns weigh at STAR, and so the scalars of their rows: each row of the witness in the order of the proof.
function add_witness(scale, statement, proof) {
  let n := TRACE_BITS()
  let k := TABLE_BITS()
  let tail := times(scale, star_tail(n))
  let on_trace := times(tail, eq_points(R(), star_from(n), n))
  let y := plus(times(tail, mload(ON_Y())), times(times(on_trace, rho(Y_CLAIM())), times(mload(BETA()), mload(BETA()))))
  add_rows(statement, listed(COMMITTED_LIST()), COMMITTED_ROWS(), y)
  for { let j := 0 } lt(j, LIMBS()) { j := add(j, 1) } {
    add_rows(proof, listed(TRACE_LIST()), TRACE_ROWS(), times(on_trace, rho(add(3, j))))
    proof := add(proof, shl(6, TRACE_ROWS()))
  }
  add_rows(proof, listed(HIDDEN_LIST()), HIDDEN_ROWS(), y)
  proof := add(proof, shl(6, HIDDEN_ROWS()))
  scale := times(scale, star_tail(k))
  let on_table := times(times(scale, rho(1)), eq_points(add(XI(), shl(5, sub(INVERSE_ROUNDS(), k))), star_from(k), k))
  add_table_rows(proof, minus(on_table))
  proof := add(proof, shl(6, TABLE_ROWS()))
  add_rows(proof, listed(TRACE_LIST()), TRACE_ROWS(), times(tail, plus(rho(2), eq_points(add(XI(), shl(5, sub(INVERSE_ROUNDS(), n))), star_from(n), n))))
  proof := add(proof, shl(6, TRACE_ROWS()))
  add_table_rows(proof, plus(times(on_table, table_print()), minus(times(scale, rho(2)))))
}
