// The first part of the argument: that rows do their steps, that look-ups are in the table. By pairs of look-ups
// (docs/protocol/scheme-srs.md#pairs). What it takes and leaves: the challenges alpha, beta, tau, lambda and lambda'; the point XI, whose
// last coordinates are R; the pads' weights of its scalars; claims from 0 on, and what the columns of the witness weigh.

// Where its masked scalars are: three in a round, then h, both fingerprints, their product with h, acc, and the model's multipliers.
function FRACTION() -> i { i := mul(3, LOOKUP_ROUNDS()) }
function EVEN() -> i { i := add(FRACTION(), 1) }
function ODD() -> i { i := add(FRACTION(), 2) }
function PART() -> i { i := add(FRACTION(), 3) }
function ACC() -> i { i := add(FRACTION(), 4) }
function MULTIPLIER() -> i { i := add(FRACTION(), 5) }
function AFTER_LOOKUPS() -> i { i := add(MULTIPLIER(), HAS_MULTIPLIER()) }

// Its claims: h, even and odd look-ups, the model's multipliers, the steps, the total.
function STEP_CLAIM() -> j { j := add(3, HAS_MULTIPLIER()) }
function TOTAL_CLAIM() -> j { j := add(STEP_CLAIM(), 1) }
function LOOKUP_CLAIMS() -> j { j := add(STEP_CLAIM(), 2) }
// Its equations: h times the even fingerprint is their product.
function LOOKUP_EQUATIONS() -> e { e := 1 }

// Limbs, q and y; multiplicities. Then h, and the table's fractions.
function PHASE_ONE() -> rows { rows := add(add(mul(add(LIMBS(), 1), TRACE_ROWS()), HIDDEN_ROWS()), TABLE_ROWS()) }
function PHASE_TWO() -> rows { rows := add(FRACTION_ROWS(), TABLE_ROWS()) }

// eq of the slots, and what is left of sums over them: c at the point, all c, the public parts of both sides.
function SLOTS() -> a { a := 0x800 }
function CHOSEN_PADDING() -> a { a := 0xa00 }
function ALL_PADDING() -> a { a := 0xa20 }
function PUBLIC_EVEN() -> a { a := 0xa40 }
function PUBLIC_ODD() -> a { a := 0xa60 }

// From alpha and beta to the last message of look-ups. `long` is where a long message may lie.
function hear_lookups(long) {
  let rounds := LOOKUP_ROUNDS()
  draw_many(96, 2, ALPHA())
  begin(long)
  hear(18, shl(6, PHASE_TWO()))
  draw_many(121, add(rounds, 2), TAU())
  mstore(LAMBDA(), mload(add(TAU(), shl(5, rounds))))
  mstore(TABLE_LAMBDA(), mload(add(TAU(), shl(5, add(rounds, 1)))))
  hear_rounds(rounds, 3, 44, 122, XI())
  hear(45, shl(5, add(5, HAS_MULTIPLIER())))
  mcopy(R(), trailing(TRACE_BITS()), shl(5, TRACE_BITS()))
}

// The last coordinates of XI.
function trailing(count) -> at { at := add(XI(), shl(5, sub(LOOKUP_ROUNDS(), count))) }

// What follows from alpha and beta of padding, with the inverses of alpha, low, high and z, which cost one.
function prepare_lookups() {
  let alpha := mload(ALPHA())
  let low := plus(alpha, 1)
  let high := addmod(alpha, add(times(mload(BETA()), shl(sub(LIMB_BITS(), 1), 1)), 1), P())
  let first := times(alpha, low)
  let second := times(first, high)
  let z := mload(Z())
  // Of 0 among them there is no inverse, and z is none.
  if iszero(second) { refuse() }
  let over := inverse(times(second, z))
  mstore(OVER_Z(), times(over, second))
  over := times(over, z)
  let over_high := times(over, first)
  over := times(over, high)
  sum_slots(alpha, low, high, times(over, low), times(over, alpha), over_high)
}

// Sums over slots of two look-ups each: that of the function, low limbs, the high one, dummies, which are as padding's function is.
function sum_slots(alpha, low, high, over_alpha, over_low, over_high) {
  let limbs := LIMBS()
  table(SLOTS(), trailing(add(TRACE_BITS(), SLOT_BITS())), SLOT_BITS(), 1)
  for { let i := 0 } lt(i, shl(SLOT_BITS(), 2)) { i := add(i, 1) } {
    let print := alpha
    let over := over_alpha
    if mul(gt(i, 0), lt(i, limbs)) {
      print := low
      over := over_low
    }
    if eq(i, limbs) {
      print := high
      over := over_high
    }
    let chosen := mload(slot(i))
    mstore(CHOSEN_PADDING(), plus(mload(CHOSEN_PADDING()), times(chosen, over)))
    mstore(ALL_PADDING(), plus(mload(ALL_PADDING()), over))
    let side := add(PUBLIC_EVEN(), shl(5, and(i, 1)))
    mstore(side, plus(mload(side), times(chosen, print)))
  }
  let beta := mload(BETA())
  let blocks := add(mload(TAGS()), times(times(beta, add(beta, 1)), mload(SHIFTS())))
  mstore(PUBLIC_EVEN(), plus(mload(PUBLIC_EVEN()), mulmod(blocks, mload(SLOTS()), P())))
}

// Where eq of the slot of a look-up lies.
function slot(i) -> at { at := add(SLOTS(), shl(5, shr(1, i))) }

// Weights of all of its scalars, for the claims' weights and kappa.
function weigh_lookups() {
  let h := FRACTION()
  let kappa := mload(KAPPA())
  weigh_product(kappa, scalar(h), 1, h, scalar(EVEN()), 1, EVEN(), PADS())
  let step := claim(STEP_CLAIM())
  weigh(PART(), minus(kappa))
  weigh_zero(0, LOOKUP_ROUNDS(), XI(), TAU(), step)
  weigh_product(minus(step), scalar(PART()), 1, PART(), scalar(ODD()), 1, ODD(), add(PADS(), 1))
  weigh(h, claim(0))
  weigh(EVEN(), plus(claim(1), step))
  weigh(ODD(), plus(claim(2), step))
  let sum := plus(times(claim(0), mload(CHOSEN_PADDING())), times(claim(1), mload(PUBLIC_EVEN())))
  sum := plus(sum, times(claim(2), mload(PUBLIC_ODD())))
  sum := plus(sum, times(times(claim(TOTAL_CLAIM()), shl(TRACE_BITS(), 1)), mload(ALL_PADDING())))
  add_constant(minus(sum))
  step := minus(times(step, mload(LAMBDA())))
  switch HAS_MULTIPLIER()
  case 0 { weigh(ACC(), times(step, mload(MULTIPLIERS()))) }
  default {
    let i := MULTIPLIER()
    weigh(i, claim(3))
    weigh_product(step, scalar(ACC()), 1, ACC(), plus(mload(MULTIPLIERS()), scalar(i)), 1, i, add(PADS(), 2))
  }
}

// The fingerprint of the table at the last coordinates of XI, by its runs: where one ends (4), its tag (2), input less its place (8),
// output less slope times its place (8), slope (1). A run begins where the one before ends, the first one at 1. The slope 2 says that
// outputs are a list: their number (2) and each of them (2).
function table_print() -> v {
  let beta := mload(BETA())
  let square := times(beta, beta)
  prepare_means()
  v := mload(ALPHA())
  let at := listed(TABLE_LIST())
  let mass_before, moment_before := prefix(1)
  for { let end := listed(PORT_LIST()) } lt(at, end) { at := add(at, 23) } {
    let w := mload(at)
    let mass, moment := prefix(shr(224, w))
    let slope := byte(22, w)
    if eq(slope, 2) {
      slope := 0
      let count := and(shr(56, w), 0xffff)
      v := addmod(v, times(square, listed_outputs(add(at, 25), count, sub(shr(224, w), count))), P())
      at := add(at, add(2, shl(1, count)))
    }
    let start := addmod(and(shr(208, w), 0xffff), times(beta, residue(signextend(7, shr(144, w)))), P())
    start := addmod(start, times(square, residue(signextend(7, shr(80, w)))), P())
    v := addmod(v, times(start, add(mass, minus(mass_before))), P())
    start := add(beta, mul(slope, square))
    v := addmod(v, mulmod(start, add(moment, minus(moment_before)), P()), P())
    mass_before := mass
    moment_before := moment
  }
}

// The sum of eq(x, row + j) times the j-th of a list of outputs. The table of the lowest coordinates' eq lies behind the blob.
function listed_outputs(at, count, row) -> v {
  let bits := 0
  for { } lt(shl(bits, 1), count) { } { bits := add(bits, 1) }
  if gt(bits, TABLE_BITS()) { bits := TABLE_BITS() }
  let eqs := add(mload(BLOB()), and(add(SIZE(), 63), not(31)))
  let high := trailing(TABLE_BITS())
  table(eqs, trailing(bits), bits, 1)
  for { let end := add(at, shl(1, count)) } lt(at, end) { } {
    // What lies between two multiples of the table's size.
    let index := shr(bits, row)
    let next := shl(bits, add(index, 1))
    let sum := 0
    for { } mul(lt(row, next), lt(at, end)) { row := add(row, 1) } {
      let output := signextend(1, shr(240, mload(at)))
      sum := addmod(sum, mulmod(add(output, mul(P(), slt(output, 0))), mload(add(eqs, shl(5, and(row, sub(shl(bits, 1), 1))))), P()), P())
      at := add(at, 2)
    }
    v := plus(v, times(sum, eq_bits(high, sub(TABLE_BITS(), bits), index)))
  }
}

// The sums of eq(x, i) and of i·eq(x, i) over i below an end, x the last coordinates of XI: for each 1 of the end, of those i that have
// the same digits above it and a 0 in its place, whose mean is that of what is below.
function prefix(end) -> mass, moment {
  let count := TABLE_BITS()
  let at := trailing(count)
  if shr(count, end) {
    mass := 1
    moment := plus(mload(MEANS()), times(mload(at), shl(sub(count, 1), 1)))
    leave
  }
  let weight := 1
  let base := 0
  let means := MEANS()
  for { let rest := end } rest { } {
    count := sub(count, 1)
    let x := mload(at)
    let inside := times(weight, one_less(x))
    switch and(shr(count, end), 1)
    case 0 { weight := inside }
    default {
      mass := plus(mass, inside)
      moment := addmod(moment, times(inside, add(base, mload(means))), P())
      weight := plus(weight, minus(inside))
      base := add(base, shl(count, 1))
      rest := sub(end, base)
    }
    at := add(at, 0x20)
    means := add(means, 0x20)
  }
}

// For each of the last coordinates of XI, what those behind it come to as digits of a number, the last one counting 1.
function MEANS() -> a { a := 0xc00 }
function prepare_means() {
  let at := add(XI(), shl(5, LOOKUP_ROUNDS()))
  let mean := 0
  let place := 1
  for { let to := add(MEANS(), shl(5, TABLE_BITS())) } gt(to, MEANS()) { } {
    to := sub(to, 0x20)
    at := sub(at, 0x20)
    mstore(to, mean)
    mean := addmod(mean, times(mload(at), place), P())
    place := shl(1, place)
  }
}

// What columns weigh at STAR, and so the scalars of their rows: each row of the witness in the order of the proof.
function add_witness(scale, statement, proof) {
  let n := TRACE_BITS()
  proof := add_trace(times(scale, star_tail(n)), eq_points(R(), star_from(n), n), statement, proof)
  n := TABLE_BITS()
  let on_table := times(scale, star_tail(n))
  let step := times(times(on_table, eq_points(trailing(n), star_from(n), n)), times(rho(STEP_CLAIM()), mload(TABLE_LAMBDA())))
  add_table_rows(proof, minus(step))
  proof := add(proof, shl(6, TABLE_ROWS()))
  n := add(TRACE_BITS(), SLOT_BITS())
  scale := times(scale, star_tail(n))
  add_rows(proof, listed(FRACTION_LIST()), FRACTION_ROWS(), times(scale, plus(rho(TOTAL_CLAIM()), eq_points(trailing(n), star_from(n), n))))
  proof := add(proof, shl(6, FRACTION_ROWS()))
  add_table_rows(proof, plus(times(step, table_print()), minus(times(on_table, rho(TOTAL_CLAIM())))))
}

// Of limbs, q and y, whose weights but for those of views are multiples of `on_rows`.
function add_trace(tail, on_rows, statement, proof) -> next {
  on_rows := times(tail, on_rows)
  let beta := mload(BETA())
  let step := times(on_rows, times(rho(STEP_CLAIM()), mload(LAMBDA())))
  let look_up := times(times(on_rows, beta), rho(1))
  look_up := times(look_up, mload(SLOTS()))
  let y := plus(times(tail, mload(ON_Y())), times(look_up, beta))
  add_rows(statement, listed(COMMITTED_LIST()), COMMITTED_ROWS(), y)
  for { let i := 1 } iszero(gt(i, LIMBS())) { i := add(i, 1) } {
    let weight := times(times(on_rows, beta), times(rho(add(1, and(i, 1))), mload(slot(i))))
    add_rows(proof, listed(TRACE_LIST()), TRACE_ROWS(), plus(weight, minus(step)))
    step := times(step, shl(LIMB_BITS(), 1))
    proof := add(proof, shl(6, TRACE_ROWS()))
  }
  // Behind the last limb the step's weight is that of q, 2^S times the first one's.
  add_rows(proof, listed(TRACE_LIST()), TRACE_ROWS(), plus(look_up, minus(step)))
  proof := add(proof, shl(6, TRACE_ROWS()))
  add_rows(proof, listed(HIDDEN_LIST()), HIDDEN_ROWS(), y)
  next := add(proof, shl(6, HIDDEN_ROWS()))
}
