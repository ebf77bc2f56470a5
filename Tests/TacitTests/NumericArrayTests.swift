import Foundation
import Tacit
import TestSupport
import Testing

/// Arrays written by NumPy (Tests/Vectors/arrays), and damaged.
struct NumericArrayTests {
  static func read(_ name: String) throws -> NumericArray {
    try NumericArray.read(Vectors.bytes("arrays/" + name), named: name)
  }

  /// - Returns: what an error says; empty when there is none.
  static func refusal(_ bytes: [UInt8], _ name: String) -> String {
    do {
      _ = try NamedArrays(bytes, named: name)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: ["f2", "f4", "f8", "i1", "u1", "i2", "i4", "i8"])
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

  @Test(arguments: ["big-endian", "big-f2", "big-f8", "big-i2", "big-i4", "big-i8", "fortran"])
  func `the other byte order and the other order of axes hold the same`(name: String) throws {
    let array = try Self.read(name + ".npy")
    #expect(array.shape == [2, 3])
    #expect(array.integers == [0, 1, 2, 100, 101, 127])
  }

  @Test func `an array in Fortran order is put in rows`() throws {
    let array = try Self.read("fortran-3d.npy")
    #expect(array.shape == [2, 3, 4] && array.element == .int16)
    #expect(array.integers == (0..<24).map { $0 })
  }

  @Test func `half precision has its ends, and is written alike`() throws {
    let array = try Self.read("half.npy")
    #expect(array.element == .float16)
    #expect(
      array.values
        == .real([
          0, -0.0, 0x1p-24, 1023 * 0x1p-24, 0x1p-14, 65504, -0.333251953125, .infinity, -.infinity,
        ]))
    #expect(try array.npy() == Vectors.bytes("arrays/half.npy"))
  }

  #if !(os(macOS) && arch(x86_64))
    @Test func `every half is what the processor says, both ways`() throws {
      let bits = (0...UInt16.max).map { $0 }
      let zeros = [Double](repeating: 0, count: bits.count)
      let empty = try NumericArray(shape: [bits.count], element: .float16, values: .real(zeros))
      let file =
        empty.npy().dropLast(2 * bits.count) + bits.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      let array = try NumericArray.read(Array(file), named: "halves.npy")
      guard case .real(let reals) = array.values else {
        Issue.record("halves are reals")
        return
      }
      for bits in bits where !Float16(bitPattern: bits).isNaN {
        #expect(reals[Int(bits)] == Double(Float16(bitPattern: bits)))
      }
      // Between two halves, at the middle and at both its sides.
      let between = (0..<UInt16(0x7C00)).flatMap { bits in
        let (low, high) = (Double(Float16(bitPattern: bits)), Double(Float16(bitPattern: bits + 1)))
        let middle = high.isInfinite ? 65520 : (low + high) / 2
        return [middle.nextDown, middle, middle.nextUp]
      }
      let rounded = try NumericArray(
        shape: [between.count], element: .float16, values: .real(between))
      let again = try NumericArray.read(rounded.npy(), named: "between.npy")
      #expect(again.values == .real(between.map { Double(Float16($0)) }))
    }
  #endif

  @Test func `what savez_compressed wrote is read`() throws {
    #expect(try Self.read("deflated.npz").integers == [0, 1, 2, 100, 101, 127])
    let error = #expect(throws: ArrayFileError.self) { try Self.read("two.npz") }
    #expect("\(error, default: "")".contains("2 arrays (\"x\", \"y\")"))
  }

  @Test(arguments: ["stored.npz", "deflated.npz", "deflated-two.npz"])
  func `a flipped bit of an archived array is an error`(name: String) throws {
    let bytes = try Vectors.bytes("arrays/" + name)
    let original = try NamedArrays(bytes, named: name)
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1
      // Times, versions and what else says nothing of the numbers may change.
      guard let array = try? NamedArrays(changed, named: name) else { continue }
      #expect(array == original, "byte \(index)")
    }
    var damaged = try Vectors.bytes("arrays/stored.npz")
    let last = try #require(damaged.lastIndex(of: 127))
    damaged[last] ^= 0x80
    #expect(Self.refusal(damaged, "x.npz").contains("CRC-32 is wrong"))
  }

  /// NumPy takes the last of two, and refuses a key that it does not know.
  @Test(arguments: ["'descr': '<i4', ", "'more': 1, "])
  func `a header has each of its keys once`(more: String) throws {
    let bytes = try NumericArray(shape: [2], element: .int32, values: .integer([1, 2])).npy()
    let start = try #require(bytes.firstIndex(of: UInt8(ascii: "{"))) + 1
    var changed = bytes
    // In the place of spaces that fill the header up.
    let end = try #require(bytes.firstIndex(of: UInt8(ascii: "\n")))
    changed.removeSubrange(end - more.utf8.count..<end)
    changed.insert(contentsOf: more.utf8, at: start)
    #expect(changed.count == bytes.count)
    #expect(Self.refusal(changed, "x.npy").contains("each once"))
    #expect(try NumericArray.read(bytes, named: "x.npy").integers == [1, 2])
  }

  /// Programs read the first or the last of two archives in one file, so neither is read.
  @Test func `an archive is the whole file`() throws {
    let bytes = try Vectors.bytes("arrays/stored.npz")
    let junk = [UInt8](repeating: 7, count: 4000)
    #expect(Self.refusal(bytes + bytes, "x.npz").contains("does not begin where the file does"))
    #expect(Self.refusal(bytes + junk, "x.npz").contains("stands behind the .npz archive"))
  }

  @Test func `an archive cannot become more than it may`() throws {
    var bytes = try Vectors.bytes("arrays/deflated.npz")
    let central = try #require(
      bytes.indices.last { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    // 2 GB promised, and one byte too many and too few.
    let size = central + 24
    for (promise, words) in [
      ([0, 0, 0, 0x80], "more than an archive of"),
      ([bytes[size] + 1, bytes[size + 1], 0, 0], "does not inflate to"),
      ([bytes[size] - 1, bytes[size + 1], 0, 0], "does not inflate to"),
    ] as [([UInt8], String)] {
      var changed = bytes
      changed.replaceSubrange(size..<size + 4, with: promise)
      #expect(Self.refusal(changed, "x.npz").contains(words))
    }
    bytes[central + 10] = 12
    #expect(Self.refusal(bytes, "x.npz").contains("compression method 12"))
  }

  @Test(arguments: [
    "f4.npy", "i8.npy", "version2.npy", "fortran-3d.npy", "stored.npz", "deflated.npz",
  ])
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
