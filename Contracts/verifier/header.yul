// The header of a model's blob. The blob is a contract's code: a STOP, three bytes that name this format, the model id that the keys
// have outside of chains, and numbers of two bytes, which are read here. Its lists are found by their places in the code.

function number(i) -> v { v := shr(240, mload(add(HEADER(), shl(1, i)))) }
function INFERENCES() -> v { v := number(0) }
function TRACE_BITS() -> v { v := number(1) }
function TABLE_BITS() -> v { v := number(2) }
function MODEL_BITS() -> v { v := number(3) }
function COLUMN_BITS() -> v { v := number(4) }
function ROW_BITS() -> v { v := number(5) }
function LIMBS() -> v { v := number(6) }
function LIMB_BITS() -> v { v := number(7) }
function LOOKUP_ROUNDS() -> v { v := number(8) }
function SLOT_BITS() -> v { v := number(9) }
function PAIR_ROUNDS() -> v { v := number(10) }
function TERM_ROUNDS() -> v { v := number(11) }
function HAS_MULTIPLIER() -> v { v := number(12) }
function HAS_LINEAR() -> v { v := number(13) }
function HAS_PAIRS() -> v { v := number(14) }
function REGISTERS_END() -> v { v := number(15) }
function TRACE_ROWS() -> v { v := number(16) }
function HIDDEN_ROWS() -> v { v := number(17) }
function COMMITTED_ROWS() -> v { v := number(18) }
function FRACTION_ROWS() -> v { v := number(19) }
function TABLE_ROWS() -> v { v := number(20) }
function MODEL_ROWS() -> v { v := number(21) }
function PADS() -> v { v := number(22) }
function OPENED() -> v { v := number(23) }
function PRODUCTS() -> v { v := number(24) }
function CLAIMS() -> v { v := number(25) }
function EQ_BITS() -> v { v := number(26) }
function HAS_PUBLIC() -> v { v := number(27) }
function PUBLIC_HIGH() -> v { v := number(28) }
function PUBLIC_LOW() -> v { v := number(29) }
function TRACE_LIST() -> v { v := number(30) }
function HIDDEN_LIST() -> v { v := number(31) }
function COMMITTED_LIST() -> v { v := number(32) }
function FRACTION_LIST() -> v { v := number(33) }
function MODEL_LIST() -> v { v := number(34) }
function OPENED_LIST() -> v { v := number(35) }
function PRODUCT_LIST() -> v { v := number(36) }
function TABLE_LIST() -> v { v := number(37) }
function PORT_LIST() -> v { v := number(38) }
function PROGRAM() -> v { v := number(39) }
function MODEL_POINTS() -> v { v := number(40) }
function SIZE() -> v { v := number(41) }

// The first of the words of a list, as they lie in memory.
function listed(place) -> at { at := add(mload(BLOB()), place) }
