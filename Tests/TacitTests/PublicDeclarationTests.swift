import Foundation
import TestSupport
import Testing

/// What a user of the libraries can call says what it is.
struct PublicDeclarationTests {
  @Test(arguments: ["Tacit", "TacitVerifier"])
  func `every public declaration has a doc comment of its own`(library: String) throws {
    let sources = try Self.sources(of: library)
    #expect(sources.count > 5)
    var declarations = 0
    for (name, text) in sources {
      for declaration in PublicDeclaration.all(in: text) {
        declarations += 1
        let place: Comment = "\(library)/\(name):\(declaration.line): \(declaration.text)"
        #expect(!declaration.comment.isEmpty, place)
        #expect(!declaration.throws || declaration.comment.contains("- Throws:"), place)
      }
    }
    #expect(declarations > 50)
  }

  /// `make docs` refuses a link to what is not there; here it is the other way round.
  @Test(arguments: ["Tacit", "TacitVerifier"])
  func `every public type is on its library's page`(library: String) throws {
    let page = try String(
      contentsOf: Page.root.appendingPathComponent(
        "Sources/\(library)/\(library).docc/\(library).md"),
      encoding: .utf8)
    for (name, text) in try Self.sources(of: library) {
      for type in text.matches(of: /(?m)^public (?:struct|enum|final class|protocol) (\w+)/) {
        #expect(page.contains("- ``\(type.1)``\n"), "\(name): \(type.1)")
      }
    }
  }

  @Test func `declarations without a comment are found`() {
    let text = """
      /// A thing.
      public struct A {
        public let a: Int
        /// b
        public let b: Int
        let c: Int
        /// Where it comes from.
        @inlinable
        public static func d() {}
        public var e: Int { switch self { case .x: 0 } }
        /// No errors named.
        public func f(
          _ a: Int
        ) throws(E) -> Int {
          0
        }
      }
      public enum B: String {
        /// x
        case x
        case y, z
        public var g: Int {
          switch self {
          case .x: 0
          }
        }
      }
      /// A word.
      enum C { case x }
      """
    let found = PublicDeclaration.all(in: text)
    #expect(found.filter { $0.comment.isEmpty }.map(\.line) == [3, 10, 18, 21, 22])
    #expect(found.count == 10)
    #expect(found.filter(\.throws).map(\.line) == [12])
  }

  private static func sources(of library: String) throws -> [(name: String, text: String)] {
    let folder = Page.root.appendingPathComponent("Sources/\(library)")
    let files = try #require(
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.map {
      ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
    }
  }
}

/// A declaration that users of a library see, as its source has it; sources are formatted, so that
/// a line begins at most one.
private struct PublicDeclaration {
  /// From 1.
  var line: Int
  var text: String
  /// What stands above it.
  var comment: String
  /// Whether it says that it throws.
  var `throws`: Bool

  static func all(in source: String) -> [PublicDeclaration] {
    var result: [PublicDeclaration] = []
    var comment = ""
    // Indentations at which the cases of public enumerations stand.
    var cases: [Int] = []
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let indentation = line.prefix { $0 == " " }.count
      let text = line.dropFirst(indentation)
      if text.hasPrefix("///") {
        comment += text.dropFirst(3) + "\n"
        continue
      }
      if text.hasPrefix("@"), !text.contains(" ") { continue }
      if text == "}" { cases.removeAll { $0 > indentation } }
      let isCase = text.hasPrefix("case ") && cases.contains(indentation)
      if text.hasPrefix("public ") && !text.hasPrefix("public import") || isCase {
        // A signature goes on until its body begins or its line's indentation comes again.
        let rest = lines[(index + 1)...].prefix { $0.prefix { $0 == " " }.count > indentation }
        let signature =
          text.hasSuffix("(")
          ? [text] + rest.map { $0[...] } + lines[(index + 1 + rest.count)...].prefix(1) : [text]
        let head = signature.joined(separator: " ")
        result.append(
          PublicDeclaration(
            line: index + 1, text: String(text), comment: comment,
            throws: !isCase && (head.contains(") throws") || head.contains("throws("))))
      }
      if text.hasPrefix("public "), text.contains(" enum ") || text.hasPrefix("public enum "),
        !text.hasSuffix("}")
      {
        cases.append(indentation + 2)
      }
      comment = ""
    }
    return result
  }
}
