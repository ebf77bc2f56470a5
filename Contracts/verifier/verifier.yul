// verify(address key, bytes32 modelId, bytes32 context, bytes statement, bytes proof) view returns (bool)
//
// True if the contract `key` holds the blob with the digest `modelId` and the proof is one of that model, of this context and of this
// statement. False on everything else; nothing here reverts but a call that has too little gas, or is no call of this function.

// The call: its offsets are the ones that every encoder writes, lengths are exact, and nothing is left over.
function STATEMENT() -> at { at := 0xc4 }

function check_call() -> proof {
  if or(lt(calldatasize(), 0xe4), shr(160, calldataload(4))) { refuse() }
  if iszero(eq(calldataload(0x64), 0xa0)) { refuse() }
  let size := calldataload(0xa4)
  if gt(size, calldatasize()) { refuse() }
  let padded := and(add(size, 31), not(31))
  // Behind the statement zeros only.
  if lt(size, padded) {
    if shl(shl(3, and(size, 31)), calldataload(sub(add(STATEMENT(), padded), 32))) { refuse() }
  }
  if iszero(eq(calldataload(0x84), add(0xc0, padded))) { refuse() }
  proof := add(add(STATEMENT(), padded), 0x20)
  size := calldataload(sub(proof, 0x20))
  if gt(size, calldatasize()) { refuse() }
  if iszero(eq(calldatasize(), add(proof, size))) { refuse() }
}

// The blob, and whether statement and proof are as long as its model's are.
function load_blob(key, proof) {
  if iszero(eq(extcodehash(key), calldataload(0x24))) { refuse() }
  extcodecopy(key, HEADER(), 0x24, 0x80)
  extcodecopy(key, 0, 0, 0x24)
  // A STOP, "Tc" and the format's number
  if iszero(eq(shr(224, mload(0)), 0x00546301)) { refuse() }
  if iszero(eq(extcodesize(key), SIZE())) { refuse() }
  if iszero(eq(calldataload(0xa4), add(public_bytes(), shl(6, COMMITTED_ROWS())))) { refuse() }
  let size := add(shl(6, add(6, add(PHASE_ONE(), PHASE_TWO()))), shl(5, add(add(PADS(), OPENED()), 6)))
  if iszero(eq(calldataload(sub(proof, 0x20)), size)) { refuse() }
  mstore(SCALARS(), add(proof, shl(6, add(1, add(PHASE_ONE(), PHASE_TWO())))))
  mstore(OMEGA(), shl(5, REGISTERS_END()))
  mstore(ROWS(), cell(add(add(PADS(), PRODUCTS()), 1)))
  let blob := add(mload(ROWS()), shl(add(5, EQ_BITS()), 1))
  mstore(BLOB(), blob)
  extcodecopy(key, blob, 0, SIZE())
}

function public_bytes() -> size { size := add(shl(16, PUBLIC_HIGH()), PUBLIC_LOW()) }

// Before anything is paid for: what is meant to be a point is one, what is meant to be a scalar is one.
function check_elements(proof) {
  let ok := check_points(add(STATEMENT(), public_bytes()), COMMITTED_ROWS())
  ok := and(ok, check_points(proof, add(1, add(PHASE_ONE(), PHASE_TWO()))))
  ok := and(ok, check_scalars(mload(SCALARS()), PADS()))
  ok := and(ok, check_points(MASKS(), 2))
  ok := and(ok, check_scalars(CROSS(), add(OPENED(), 5)))
  ok := and(ok, check_points(RECIPROCALS(), 1))
  ok := and(ok, check_scalars(FIRST(), 1))
  ok := and(ok, check_points(QUOTIENTS(), 2))
  if iszero(ok) { refuse() }
}

// The transcript from its beginning to the last challenge.
function hear_all(proof) {
  let long_message := add(mload(BLOB()), and(add(SIZE(), 63), not(31)))
  // Keccak-256 of "tacit proof v7"; the identity of the scheme is what it hears first.
  mstore(0, START_STATE())
  begin(long_message)
  hear_identity()
  absorb_word(2, mload(add(mload(BLOB()), 4)))
  let end := mload(END())
  mstore(end, shl(184, or(shl(64, 3), 8)))
  mstore(add(end, 9), shl(192, INFERENCES()))
  mstore(END(), add(end, 17))
  absorb(4, 0x44, 0x20)
  absorb(5, STATEMENT(), public_bytes())
  absorb(6, add(STATEMENT(), public_bytes()), shl(6, COMMITTED_ROWS()))
  mstore(AT(), proof)
  hear(16, 0x40)
  hear(17, shl(6, PHASE_ONE()))
  hear_lookups(long_message)
  hear_relations()
  hear_claims()
  hear_opening()
}

function hear_identity() {
  let end := mload(END())
  mstore(end, shl(184, or(shl(64, 1), 92)))
  mstore(add(end, 9), IDENTITY_0())
  mstore(add(end, 41), IDENTITY_1())
  mstore(add(end, 69), CEREMONY())
  mstore(END(), add(end, 101))
}

// The form that is opened: everything linear in the pads, and its constant.
function weigh_all() {
  // The weight of the claims' sum is what the last sum-check leaves of -1.
  mstore(CLAIM(), weigh_plain(CLAIM_SCALARS(), COLUMN_BITS(), STAR(), minus(1)))
  weigh_lookups()
  weigh_relations()
  if HAS_PUBLIC() { weigh_public(PUBLIC_CLAIM(), HAS_PUBLIC(), STATEMENT()) }
}

if iszero(eq(shr(224, calldataload(0)), SELECTOR())) { revert(0, 0) }
let proof := check_call()
load_blob(calldataload(4), proof)
check_elements(proof)
hear_all(proof)
complement(R(), TRACE_BITS(), R_LESS())
complement(STAR(), COLUMN_BITS(), STAR_LESS())
run_program(listed(PROGRAM()), listed(MODEL_POINTS()))
prepare_lookups()
weigh_all()
let hat := check_field()
// eq of the rows: of the coordinates that number them, and of those in front of these.
table(mload(ROWS()), star_from(add(ROW_BITS(), EQ_BITS())), EQ_BITS(), star_tail(add(ROW_BITS(), EQ_BITS())))
check_pairing(add(STATEMENT(), public_bytes()), proof, hat)
mstore(0, 1)
return(0, 0x20)
