import Foundation
import TestSupport
import Testing

/// What the command is linked with.
struct BinaryTests {
  /// One `import Foundation` in any source would bring 34 MB of ICU's data into a statically linked
  /// command, and into another one libraries that load it.
  @Test(arguments: ["icudt", "libFoundation.so", "lib_FoundationICU.so"])
  func `the command holds neither Foundation nor ICU`(mark: String) throws {
    let command = try Data(contentsOf: URL(fileURLWithPath: Program(named: "tacit").path))
    #expect(command.range(of: Data(mark.utf8)) == nil)
  }

  #if os(Linux)
    /// A statically linked one holds no library's name, but FoundationEssentials, which the parser of
    /// arguments uses, is in either.
    @Test func `the search finds what is there`() throws {
      let command = try Data(contentsOf: URL(fileURLWithPath: Program(named: "tacit").path))
      #expect(command.range(of: Data("FoundationEssentials".utf8)) != nil)
    }
  #endif
}
