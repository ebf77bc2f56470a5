// The program of a model: what blocks and views weigh at the points of the sum-checks. It is a list of operations on words of memory,
// which operands of two bytes name by their number; points and lists are named by a first or last word. docs/onchain.md has the
// operations, and Contracts/tests/program.py says them again.

// The k-th operand, as a number and as an address.
function operand(w, k) -> v { v := and(shr(sub(232, shl(4, k)), w), 0xffff) }
function address(w, k) -> a { a := and(shr(sub(227, shl(4, k)), w), 0x1fffe0) }
function short(w, k) -> v { v := signextend(1, shr(sub(232, shl(4, k)), w)) }
function long(w, k) -> v { v := and(shr(sub(216, shl(4, k)), w), 0xffffffff) }

function run_program(pc, end) {
  for { } lt(pc, end) { } {
    let w := mload(pc)
    switch byte(0, w)
    case 0 { pc := sum_of_products(pc, w) }
    case 1 { pc := products(pc, w) }
    case 2 {
      mstore(address(w, 0), eq_points(address(w, 1), address(w, 2), operand(w, 3)))
      pc := add(pc, 9)
    }
    case 3 {
      spread(w)
      pc := add(pc, 17)
    }
    case 4 {
      mstore(address(w, 0), below(address(w, 1), operand(w, 2), long(w, 3)))
      pc := add(pc, 11)
    }
    case 5 {
      mstore(address(w, 0), below_two(address(w, 1), address(w, 2), operand(w, 3), long(w, 4)))
      pc := add(pc, 13)
    }
    case 6 {
      mstore(address(w, 0), below_three(address(w, 1), address(w, 2), address(w, 3), operand(w, 4), long(w, 5)))
      pc := add(pc, 15)
    }
    case 7 {
      mstore(address(w, 0), eq_at(address(w, 1), address(w, 2), operand(w, 3), long(w, 4)))
      pc := add(pc, 13)
    }
    case 8 {
      table(address(w, 0), address(w, 1), operand(w, 2), 1)
      pc := add(pc, 7)
    }
    case 9 {
      mstore(address(w, 0), window(w))
      pc := add(pc, 21)
    }
    case 10 {
      mstore(address(w, 0), shifted(w))
      pc := add(pc, 19)
    }
    case 11 {
      mstore(address(w, 0), mload(add(pc, 3)))
      pc := add(pc, 35)
    }
    case 12 {
      mstore(address(w, 0), digits(address(w, 1), operand(w, 2), operand(w, 3), mload(address(w, 4)), mload(address(w, 5))))
      pc := add(pc, 13)
    }
    case 13 {
      mstore(address(w, 0), powers_below(address(w, 1), operand(w, 2), long(w, 3), mload(address(w, 5))))
      pc := add(pc, 13)
    }
    case 14 {
      let to := address(w, 0)
      for { let i := 0 } lt(i, shl(5, operand(w, 3))) { i := add(i, 0x20) } {
        mstore(add(to, i), times(mload(add(address(w, 1), i)), mload(add(address(w, 2), i))))
      }
      pc := add(pc, 9)
    }
    case 15 {
      mstore(address(w, 0), power(mload(address(w, 1)), long(w, 2)))
      pc := add(pc, 9)
    }
  }
}

// 0: adds to a word the product of a number of eight bytes with a sign and of as many words as the next byte says.
function sum_of_products(pc, w) -> next {
  let to := address(w, 0)
  let v := signextend(7, shr(168, w))
  v := add(v, mul(P(), slt(v, 0)))
  let at := add(pc, 12)
  let count := and(shr(160, w), 0xff)
  next := add(at, shl(1, count))
  // Two at a time, the last one of an odd number first.
  if and(count, 1) {
    v := times(v, mload(and(shr(235, mload(at)), 0x1fffe0)))
    at := add(at, 2)
  }
  for { } lt(at, next) { at := add(at, 4) } {
    w := mload(at)
    v := times(times(v, mload(and(shr(235, w), 0x1fffe0))), mload(and(shr(219, w), 0x1fffe0)))
  }
  mstore(to, plus(mload(to), v))
}

// 1: as many products of two words.
function products(pc, w) -> next {
  let at := add(pc, 3)
  next := add(at, mul(6, operand(w, 0)))
  for { } lt(at, next) { at := add(at, 6) } {
    w := mload(at)
    mstore(and(shr(235, w), 0x1fffe0), times(mload(and(shr(219, w), 0x1fffe0)), mload(and(shr(203, w), 0x1fffe0))))
  }
}

// 3: adds b[j]·a[i] to the word i + s·j + d of a table, where it has one: the table, tables a and b, extents of a and b, s, d, the extent
// of the table.
function spread(w) {
  for { let j := 0 } lt(j, operand(w, 4)) { j := add(j, 1) } {
    let d := add(mul(short(w, 5), j), short(w, 6))
    let weight := mload(add(address(w, 2), shl(5, j)))
    for { let i := 0 } lt(i, operand(w, 3)) { i := add(i, 1) } {
      let place := add(i, d)
      if lt(place, operand(w, 7)) {
        let at := add(address(w, 0), shl(5, place))
        mstore(at, plus(mload(at), times(weight, mload(add(address(w, 1), shl(5, i))))))
      }
    }
  }
}

// 4: the sum of eq(a, i) over all i below an extent. From the last coordinate, which a names, to the first.
function below(a, count, extent) -> v {
  for { } count { count := sub(count, 1) } {
    let x := mload(a)
    switch and(extent, 1)
    case 0 { v := times(v, one_less(x)) }
    default { v := plus(times(x, v), one_less(x)) }
    extent := shr(1, extent)
    a := sub(a, 0x20)
  }
}

// 5: the sum of eq(a, i)·eq(b, i).
function below_two(a, b, count, extent) -> v {
  let all := 1
  for { } count { count := sub(count, 1) } {
    let ones := times(mload(a), mload(b))
    let zeros := times(one_less(mload(a)), one_less(mload(b)))
    switch and(extent, 1)
    case 0 { v := times(zeros, v) }
    default { v := plus(times(zeros, all), times(ones, v)) }
    all := times(all, add(ones, zeros))
    extent := shr(1, extent)
    a := sub(a, 0x20)
    b := sub(b, 0x20)
  }
}

// 6: the sum of eq(a, i)·eq(b, i)·eq(c, i); here the extent may be that of all i.
function below_three(a, b, c, count, extent) -> v {
  let all := 1
  let full := shr(count, extent)
  for { } count { count := sub(count, 1) } {
    let ones := times(times(mload(a), mload(b)), mload(c))
    let zeros := times(times(one_less(mload(a)), one_less(mload(b))), one_less(mload(c)))
    switch and(extent, 1)
    case 0 { v := times(zeros, v) }
    default { v := plus(times(zeros, all), times(ones, v)) }
    all := times(all, add(ones, zeros))
    extent := shr(1, extent)
    a := sub(a, 0x20)
    b := sub(b, 0x20)
    c := sub(c, 0x20)
  }
  if full { v := all }
}

// 8: eq(a, i) times `first` for all i, from the first coordinate on.
function table(to, a, count, first) {
  mstore(to, first)
  for { let size := 0x20 } count { count := sub(count, 1) } {
    let x := mload(a)
    // Backwards, so that what is read is not yet written over.
    for { let i := size } i { } {
      i := sub(i, 0x20)
      let v := mload(add(to, i))
      let high := times(v, x)
      let at := add(to, shl(1, i))
      mstore(at, plus(v, minus(high)))
      mstore(add(at, 0x20), high)
    }
    size := shl(1, size)
    a := add(a, 0x20)
  }
}

// 9: the sum over i and j of a[i]·b[j]·c[s·i + t·j + u], where that place is one: tables a, b, c, extents of a and b, strides, u, extent of c.
function window(w) -> v {
  let bend := operand(w, 5)
  for { let j := 0 } lt(j, bend) { j := add(j, 1) } {
    let d := add(mul(short(w, 7), j), short(w, 8))
    v := plus(v, times(mload(add(address(w, 2), shl(5, j))), run(address(w, 1), address(w, 3), operand(w, 4), operand(w, 6), d, operand(w, 9))))
  }
}

// The sum of a[i]·c[s·i + d] over those i below an extent whose place is from 0 on and below the extent of c.
function run(a, c, extent, stride, d, most) -> sum {
  let first := 0
  if slt(d, 0) { first := div(sub(sub(stride, d), 1), stride) }
  if iszero(slt(d, most)) { leave }
  let end := div(sub(add(sub(most, d), stride), 1), stride)
  if lt(extent, end) { end := extent }
  if iszero(lt(first, end)) { leave }
  c := add(c, mul(0x20, add(mul(first, stride), d)))
  stride := shl(5, stride)
  end := add(a, shl(5, end))
  a := add(a, shl(5, first))
  // Four at a time: five numbers below p are together below 2^256.
  for { let most := sub(end, 0x60) } lt(a, most) { a := add(a, 0x80) } {
    let second := add(c, stride)
    let third := add(second, stride)
    let fourth := add(third, stride)
    sum := add(sum, times(mload(a), mload(c)))
    sum := add(sum, times(mload(add(a, 0x20)), mload(second)))
    sum := add(sum, times(mload(add(a, 0x40)), mload(third)))
    sum := mod(add(sum, times(mload(add(a, 0x60)), mload(fourth))), P())
    c := add(fourth, stride)
  }
  for { } lt(a, end) { a := add(a, 0x20) } {
    sum := addmod(sum, times(mload(a), mload(c)), P())
    c := add(c, stride)
  }
}

// 10: the same in closed form, where all indices of a and all of c count and s is a power of two: a's last coordinate, the table b, c's
// last coordinate, coordinates of a, extent of b, the exponent of s, t, u.
function shifted(w) -> v {
  for { let j := 0 } lt(j, operand(w, 5)) { j := add(j, 1) } {
    let d := add(mul(short(w, 7), j), short(w, 8))
    let weight := mload(add(address(w, 2), shl(5, j)))
    let a := address(w, 1)
    let c := address(w, 3)
    // The lowest bits of c are those of d.
    for { let low := operand(w, 6) } low { low := sub(low, 1) } {
      let x := mload(c)
      if iszero(and(d, 1)) { x := one_less(x) }
      weight := times(weight, x)
      d := sar(1, d)
      c := sub(c, 0x20)
    }
    if slt(d, 0) {
      d := sub(0, d)
      let other := a
      a := c
      c := other
    }
    v := plus(v, times(weight, moved(a, c, operand(w, 4), d)))
  }
}

// The sum of eq(a, i)·eq(c, i + d) over all i, digit by digit, with what a carry makes of it.
function moved(a, c, count, d) -> same {
  same := 1
  let carry := 0
  for { } count { count := sub(count, 1) } {
    let only_a := mload(a)
    let only_c := mload(c)
    let both := times(only_a, only_c)
    only_a := add(only_a, minus(both))
    only_c := add(only_c, minus(both))
    // 1 - only_a - only_c, and 4p more
    both := sub(add(shl(2, P()), 1), add(only_a, only_c))
    switch and(d, 1)
    case 0 {
      same := plus(times(same, both), times(carry, only_c))
      carry := times(carry, only_a)
    }
    default {
      carry := plus(times(carry, both), times(same, only_a))
      same := times(same, only_c)
    }
    d := shr(1, d)
    a := sub(a, 0x20)
    c := sub(c, 0x20)
  }
  if d { same := 0 }
}

// 12: the sum of X^(i / run)·B^(i mod run)·t[i] over all i below an extent.
function digits(t, extent, length, base, x) -> v {
  let words := div(sub(add(extent, length), 1), length)
  let end := add(t, shl(5, extent))
  for { } words { } {
    words := sub(words, 1)
    let from := add(t, shl(5, mul(words, length)))
    let word := 0
    for { let at := end } gt(at, from) { } {
      at := sub(at, 0x20)
      word := plus(times(word, base), mload(at))
    }
    v := plus(times(v, x), word)
    end := from
  }
}

// 13: the sum of base^i·eq(a, i) over all i below an extent, from the last coordinate on.
function powers_below(a, count, extent, base) -> v {
  let all := 1
  let full := shr(count, extent)
  for { } count { count := sub(count, 1) } {
    let x := mload(a)
    let scaled := times(x, base)
    switch and(extent, 1)
    case 0 { v := times(one_less(x), v) }
    default { v := plus(times(one_less(x), all), times(scaled, v)) }
    all := times(all, add(one_less(x), scaled))
    base := times(base, base)
    extent := shr(1, extent)
    a := sub(a, 0x20)
  }
  if full { v := all }
}
