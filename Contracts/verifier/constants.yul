// What the protocol fixes. Contracts/tests/test_constants.py derives each of them again.

// Keccak-256 of "tacit proof v7": the transcript's first state.
function START_STATE() -> s { s := 0xc2da7126900e53e98d2d7e2d0d7839f4e242b82fe72fd4767f406349106ae0c3 }
// "BN254 G1 powers of tau, Keccak-256, pairs, KZG inner product", 60 bytes, and the digest of the ceremony.
function IDENTITY_0() -> w { w := 0x424e32353420473120706f77657273206f66207461752c204b656363616b2d32 }
function IDENTITY_1() -> w { w := 0x35362c2070616972732c204b5a4720696e6e65722070726f6475637400000000 }
function CEREMONY() -> w { w := 0xe6bc964fdd7b3c32cc62f5fa2f40a8c9e06e1a76fe91eea2a2ce5092f19e4b0f }
// verify(address,bytes32,bytes32,bytes,bytes)
function SELECTOR() -> s { s := 0xd2b09fdc }
// H, which blinds.
function H_X() -> x { x := 0x29381a09940ef0ca0dfef5b964973c6b37c5fea7539af5c61e5528f326a2bce4 }
function H_Y() -> y { y := 0x17539671492f275b79c1892f4720fe57929927b9cae5e45a64d5cd98f0ad68b3 }
