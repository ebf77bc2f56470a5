// Relations (docs/protocol/arguments.md): every acc is the sum that the circuit says.

function LINEAR() -> i { i := AFTER_LOOKUPS() }
function PAIR_SCALARS() -> i { i := add(LINEAR(), HAS_LINEAR()) }
function PAIR_CLAIMS() -> i { i := add(PAIR_SCALARS(), shl(1, add(PAIR_ROUNDS(), TERM_ROUNDS()))) }
function CLAIM_SCALARS() -> i { i := add(PAIR_CLAIMS(), shl(1, HAS_PAIRS())) }

function PAIR_CLAIM() -> j { j := add(LOOKUP_CLAIMS(), HAS_LINEAR()) }
function PUBLIC_CLAIM() -> j { j := add(PAIR_CLAIM(), shl(1, HAS_PAIRS())) }

function hear_relations() {
  if HAS_LINEAR() { hear(39, 0x20) }
  if HAS_PAIRS() {
    hear_rounds(PAIR_ROUNDS(), 2, 40, 104, ZETA())
    hear_rounds(TERM_ROUNDS(), 2, 41, 105, IOTA())
    hear(42, 0x40)
  }
}

// The last equation: A = acc - constants - linear, or what a sum-check leaves of it, is the product of the claims.
function weigh_relations() {
  let weight := power(mload(KAPPA()), add(LOOKUP_EQUATIONS(), 1))
  if HAS_PAIRS() {
    let a := PAIR_CLAIMS()
    let b := add(a, 1)
    weigh_product(weight, scalar(a), 1, a, scalar(b), 1, b, sub(add(PADS(), PRODUCTS()), 1))
    weigh(a, claim(PAIR_CLAIM()))
    weigh(b, claim(add(PAIR_CLAIM(), 1)))
    weight := weigh_plain(add(PAIR_SCALARS(), shl(1, PAIR_ROUNDS())), TERM_ROUNDS(), IOTA(), minus(weight))
    weight := weigh_plain(PAIR_SCALARS(), PAIR_ROUNDS(), ZETA(), weight)
  }
  weigh(ACC(), weight)
  weight := minus(weight)
  add_constant(times(weight, mload(CONSTANTS())))
  if HAS_LINEAR() { weigh(LINEAR(), plus(claim(LOOKUP_CLAIMS()), weight)) }
}
