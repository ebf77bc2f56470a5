// Public tensors: their integers, and the sums of words that they are claimed by.

// Of each block of a public port in turn: offset in the statement (4), values (4), values in a row of words (4), values in a word (2),
// bytes of a value (1), kind (1), zero point (8), least and greatest integer (8, 8), shift (1), width of the limb or 0 (1), bits of a
// digit (1). The first one's claim is the j-th.
function weigh_public(j, count, statement) {
  let at := listed(PORT_LIST())
  for { } count { count := sub(count, 1) } {
    let w := mload(at)
    let v := 0
    switch and(byte(15, w), 2)
    case 0 { v := any_words(add(statement, shr(224, w)), at, w) }
    default { v := byte_words(add(statement, shr(224, w)), w) }
    add_constant(times(claim(j), v))
    j := add(j, 1)
    at := add(at, 43)
  }
}

// How many values the last word of a row of them has.
function last_size(group, length) -> size { size := sub(group, mul(length, div(sub(group, 1), length))) }

// Words from the last one to the first: of bytes, each of which may be any.
function byte_words(from, w) -> v {
  let group := and(shr(160, w), 0xffffffff)
  let length := and(shr(144, w), 0xffff)
  let zero := signextend(7, shr(64, w))
  let flipped := 0
  // Of a signed one the integer is the byte with its highest bit turned over, less 128.
  if and(byte(15, w), 1) {
    flipped := 0x8080808080808080808080808080808080808080808080808080808080808080
    zero := add(zero, 128)
  }
  zero := residue(sub(0, zero))
  for { let end := add(from, and(shr(192, w), 0xffffffff)) } gt(end, from) { } {
    let begin_group := sub(end, group)
    let size := last_size(group, length)
    for { } gt(end, begin_group) { } {
      end := sub(end, size)
      v := addmod(times(v, mload(PACK())), add(word_of(end, size, flipped), times(zero, ones(size))), P())
      size := length
    }
  }
}

// An integer modulo p, of whatever sign.
function residue(a) -> r { r := smod(add(smod(a, P()), P()), P()) }

// 1 + 256 + 256^2 + ..., of as many terms.
function ones(size) -> v { v := shr(sub(256, shl(3, size)), 0x0101010101010101010101010101010101010101010101010101010101010101) }

// As many bytes of the call data as one number, the first one the lowest.
function word_of(from, size, flipped) -> v {
  size := sub(256, shl(3, size))
  v := shl(size, shr(size, xor(calldataload(from), flipped)))
  v := or(and(shr(8, v), 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff), shl(8, and(v, 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff)))
  v := or(and(shr(16, v), 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff), shl(16, and(v, 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff)))
  v := or(and(shr(32, v), 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff), shl(32, and(v, 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff)))
  v := or(and(shr(64, v), 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff), shl(64, and(v, 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff)))
  v := or(shr(128, v), shl(128, v))
}

// The same of values of any size and range, each of which is looked at by itself.
function any_words(from, at, w) -> v {
  let group := and(shr(160, w), 0xffffffff)
  let length := and(shr(144, w), 0xffff)
  let end := and(shr(192, w), 0xffffffff)
  for { } end { } {
    let begin_group := sub(end, group)
    let size := last_size(group, length)
    for { } gt(end, begin_group) { } {
      v := plus(times(v, mload(PACK())), any_word(from, end, size, at))
      end := sub(end, size)
      size := length
    }
  }
}

// The word of the `size` values in front of the end-th.
function any_word(from, end, size, at) -> word {
  let base := shl(byte(10, mload(add(at, 32))), 1)
  for { } size { size := sub(size, 1) } {
    end := sub(end, 1)
    word := plus(times(word, base), value(from, end, at))
  }
}

// The i-th value of a port as its block has it, modulo p. A proof is refused where the port can have no such integer.
function value(from, i, at) -> y {
  let w := mload(at)
  let size := byte(14, w)
  y := word_of(add(from, mul(i, size)), size, 0)
  if and(byte(15, w), 1) { y := signextend(sub(size, 1), y) }
  let more := mload(add(at, 32))
  if or(slt(y, signextend(7, w)), sgt(y, signextend(7, shr(192, more)))) { refuse() }
  y := sar(byte(8, more), sub(y, signextend(7, shr(64, w))))
  let width := byte(9, more)
  if width { y := and(y, sub(shl(width, 1), 1)) }
  y := residue(y)
}
