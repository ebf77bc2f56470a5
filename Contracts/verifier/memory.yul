// Where things lie in memory. The program of a model names words of it by their number, so this map is a part of the blob's format.
//
//   0x0000  the transcript: s, then the message that is being heard; later two points and a scalar
//   0x1000  numbers, one word each
//   0x1400  points of sum-checks, 32 words each, the first coordinate first
//   0x3400  the header of the blob, from its first number on
//   0x3480  the powers of rho, one for each claim; then what the program computes
//   then    the weights omega of all pads, eq of the rows, the blob, and a long message

// Challenges.
function ALPHA() -> a { a := 0x1000 }
function BETA() -> a { a := 0x1020 }
function LAMBDA() -> a { a := 0x1040 }
function TABLE_LAMBDA() -> a { a := 0x1060 }
function PACK() -> a { a := 0x1080 }
function KAPPA() -> a { a := 0x10a0 }
function THETA() -> a { a := 0x10c0 }
function DELTA() -> a { a := 0x10e0 }
function CHI() -> a { a := 0x1100 }
function Z() -> a { a := 0x1120 }
function ETA() -> a { a := 0x1140 }

// What the program leaves.
function TAGS() -> a { a := 0x1160 }
function SHIFTS() -> a { a := 0x1180 }
function MULTIPLIERS() -> a { a := 0x11a0 }
function CONSTANTS() -> a { a := 0x11c0 }
function ON_Y() -> a { a := 0x11e0 }
function ON_MODEL() -> a { a := 0x1200 }

// The constant of the form that is opened, and the inverse of z.
function CONSTANT() -> a { a := 0x1220 }
function OVER_Z() -> a { a := 0x12c0 }

// Places.
function OMEGA() -> a { a := 0x12e0 }
function BLOB() -> a { a := 0x1300 }
function ROWS() -> a { a := 0x1320 }
function SCALARS() -> a { a := 0x1340 }
function CLAIM() -> a { a := 0x1360 }

// Points of sum-checks.
function TAU() -> a { a := 0x1400 }
function XI() -> a { a := 0x1800 }
function R() -> a { a := 0x1c00 }
function ZETA() -> a { a := 0x2000 }
function IOTA() -> a { a := 0x2400 }
function STAR() -> a { a := 0x2800 }
// One less each coordinate of R and of STAR.
function R_LESS() -> a { a := 0x2c00 }
function STAR_LESS() -> a { a := 0x3000 }
function HEADER() -> a { a := 0x3400 }
function RHO() -> a { a := 0x3480 }
