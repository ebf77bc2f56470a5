import Foundation
import Tacit
import TestSupport
import Testing

/// Arrays written by NumPy (Tests/Vectors/arrays), by hand, and damaged.
struct NumericArrayTests {
  static func read(_ name: String) throws -> NumericArray {
    try NumericArray.read(Vectors.bytes("arrays/" + name), named: name)
  }

  @Test(arguments: ["f4", "f8", "i1", "u1", "i2", "i4", "i8"])
  func `what NumPy wrote is read, and written alike`(kind: String) throws {
    let bytes = try Vectors.bytes("arrays/\(kind).npy")
    let array = try NumericArray.read(bytes, named: "x.npy")
    #expect(array.shape == [2, 3])
    #expect(array.reals == [0, 1, 2, 100, 101, 127])
    #expect(array.integers == [0, 1, 2, 100, 101, 127])
    #expect(array.npy() == bytes)
  }

  @Test func `scalars, rows, version 2 and archives are read`() throws {
    #expect(try Self.read("scalar.npy").shape.isEmpty)
    #expect(try Self.read("scalar.npy").reals == [2.5])
    #expect(try Self.read("row.npy").reals == [-1.5, 0.25])
    #expect(try Self.read("row.npy").npy() == Vectors.bytes("arrays/row.npy"))
    #expect(try Self.read("version2.npy").shape == [2, 3])
    #expect(try Self.read("stored.npz").integers == [0, 1, 2, 100, 101, 127])
  }

  @Test(arguments: [
    ("fortran.npy", "Fortran order"), ("big-endian.npy", ">f4"), ("two.npz", "2 arrays (x, y)"),
    ("deflated.npz", "numpy.savez,"),
  ])
  func `what is not read is refused in plain words`(name: String, words: String) {
    #expect {
      try Self.read(name)
    } throws: { error in
      "\(error)".contains(words)
    }
  }

  @Test func `JSON and CSV are read`() throws {
    func read(_ text: String, _ name: String) throws -> NumericArray {
      try NumericArray.read(Array(text.utf8), named: name)
    }
    let json = try read(" [[0, 1.5, -2e1],\n [3, 4, 5]] ", "x.json")
    #expect(json.shape == [2, 3] && json.reals == [0, 1.5, -20, 3, 4, 5])
    #expect(try read("[1, 2]", "x").integers == [1, 2])
    let csv = try read("a,b\n1, 2\r\n3,4.5\n", "x.csv")
    #expect(csv.shape == [2, 2] && csv.reals == [1, 2, 3, 4.5])
    for bad in [
      "[[1], [2, 3]]", "[1, [2]]", "[[1], 2]", "[1", "[1] 2", "[nan]", "", "[1e999]", "[,]",
    ] {
      #expect(throws: ArrayFileError.self, "\(bad)") { try read(bad, "x.json") }
    }
    for bad in ["1,2\n3", "1,x", "", "1,nan", "1,,2"] {
      #expect(throws: ArrayFileError.self, "\(bad)") { try read(bad, "x.csv") }
    }
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: ArrayFileError.self) { try read(deep, "x.json") }
  }

  @Test(arguments: ["f4.npy", "i8.npy", "version2.npy", "stored.npz"])
  func `cut or changed bytes are an array or an error, not a trap`(name: String) throws {
    let bytes = try Vectors.bytes("arrays/" + name)
    for length in 0..<bytes.count {
      #expect(throws: ArrayFileError.self) {
        try NumericArray.read(Array(bytes[..<length]), named: name)
      }
    }
    for index in bytes.indices {
      for flip in [UInt8(1), 0x80, 0xFF] {
        var changed = bytes
        changed[index] ^= flip
        _ = try? NumericArray.read(changed, named: name)
      }
    }
  }
}
