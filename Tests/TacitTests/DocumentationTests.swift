import Foundation
import TestSupport
import Testing

/// What the pages say is there, is there; what they tell to type, works and prints what they show.
struct DocumentationTests {
  @Test(arguments: Page.all)
  func `links and anchors lead somewhere`(page: Page) throws {
    for link in page.links where !link.contains("://") && !link.hasPrefix("mailto:") {
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let target =
        parts[0].isEmpty
        ? page
        : Page(url: page.url.deletingLastPathComponent().appendingPathComponent("\(parts[0])"))
      #expect(
        FileManager.default.fileExists(atPath: target.url.path), "\(page): no file at \(link)")
      if parts.count > 1 {
        #expect(target.anchors.contains("\(parts[1])"), "\(page): no heading at \(link)")
      }
    }
  }

  /// Comments say where the protocol's text has what they implement.
  @Test func `what comments cite is there`() throws {
    let sources = Page.root.appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(atPath: sources.path))
    var cited = Set<String>()
    for case let file as String in files where file.hasSuffix(".swift") {
      let text = try String(
        contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
      for citation in text.matches(of: /docs\/protocol\/[a-z-]+\.md(#[a-z0-9-]+)?/) {
        let parts = citation.0.split(separator: "#").map(String.init)
        let page = Page(url: Page.root.appendingPathComponent(parts[0]))
        #expect(!page.text.isEmpty, "\(file) cites \(citation.0)")
        if parts.count > 1 {
          #expect(page.anchors.contains(parts[1]), "\(file) cites \(citation.0)")
        }
        cited.insert(parts[0])
      }
    }
    // All of the protocol is written for code that cites it, but for what argues about it.
    let protocolPages = Page.all.map(\.description).filter { $0.hasPrefix("docs/protocol/") }
    #expect(protocolPages.count > 10)
    #expect(
      Set(protocolPages).subtracting(cited)
        == ["docs/protocol/README.md", "docs/protocol/security.md"])
  }

  @Test func `a dead link and a missing anchor are found`() {
    let page = Page(
      url: Page.root.appendingPathComponent("README.md"),
      text: "# One `two`: three\n[a](missing.md) [b](#nowhere)\n```\n[c](d)\n# none\n```\n")
    #expect(page.links == ["missing.md", "#nowhere"])
    #expect(page.anchors == ["one-two-three"])
  }

  @Test(arguments: Page.all.filter { !$0.commands.isEmpty })
  func `commands run as pasted and print what is shown`(page: Page) throws {
    let binary = URL(fileURLWithPath: try Program(named: "tacit").path).deletingLastPathComponent()
    try Folder.with { folder in
      for name in ["Circuits", "Tests"] {
        try FileManager.default.createSymbolicLink(
          at: folder.url(name), withDestinationURL: Page.root.appendingPathComponent(name))
      }
      for command in page.commands {
        let result = try Program.shell.run(
          ["-c", "PATH=\(binary.path):$PATH; exec 2>&1; \(command.line)"], in: folder.url)
        guard let shown = command.shown else {
          #expect(result.status == 0, "\(page): \(command.line)\n\(result.output)")
          continue
        }
        let printed = result.output.split(separator: "\n", omittingEmptySubsequences: false)
          .dropLast().map { String($0) }
        #expect(
          Shown.matches(shown[...], printed[...]),
          "\(page): \(command.line)\nshown:\n\(shown.joined(separator: "\n"))\nprinted:\n\(result.output)"
        )
      }
    }
  }

  @Test func `what is shown is compared line by line, numbers aside`() {
    #expect(Shown.matches(["a 1.5 ms", "…", "c  9,210"], ["a 22 ms", "b", "b", "c 7"]))
    #expect(!Shown.matches(["a 1"], ["a 1", "b"]))
    #expect(!Shown.matches(["a", "b"], ["a"]))
    #expect(!Shown.matches(["accepted"], ["refused"]))
  }
}

/// A page for people, in Markdown.
struct Page: CustomTestStringConvertible, CustomStringConvertible, Sendable {
  let url: URL
  let text: String

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let all: [Page] = {
    let files = FileManager.default
    func pages(_ folder: String) -> [String] {
      let names = try? files.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)
      return (names ?? []).sorted().map { "\(folder)/\($0)" }
    }
    return
      ([
        "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "Circuits/README.md",
        "Examples/README.md",
      ]
      + pages("docs") + pages("docs/protocol"))
      .filter { $0.hasSuffix(".md") }.map { Page(url: root.appendingPathComponent($0)) }
  }()

  init(url: URL) {
    self.init(url: url, text: (try? String(contentsOf: url, encoding: .utf8)) ?? "")
  }

  init(url: URL, text: String) {
    self.url = url.standardizedFileURL
    self.text = text
  }

  var testDescription: String { description }
  var description: String { url.path.replacingOccurrences(of: Self.root.path + "/", with: "") }

  /// Lines of prose, and blocks of lines between fences.
  private var parts: (prose: [String], blocks: [[String]]) {
    var (prose, blocks) = ([String](), [[String]]())
    var isBlock = false
    for line in text.components(separatedBy: "\n") {
      if line.hasPrefix("```") {
        isBlock.toggle()
        if isBlock { blocks.append([]) }
      } else if isBlock {
        blocks[blocks.count - 1].append(line)
      } else {
        prose.append(line)
      }
    }
    return (prose, blocks)
  }

  /// What the links of the prose lead to.
  var links: [String] {
    parts.prose.joined(separator: "\n").matches(of: /\]\(([^()\s]+)\)/).map { String($0.1) }
  }

  /// The headings, as they are linked to.
  var anchors: Set<String> {
    Set(
      parts.prose.filter { $0.hasPrefix("#") }.map { line in
        String(
          line.drop { $0 == "#" }.dropFirst().lowercased().compactMap { character in
            character == " "
              ? "-"
              : character.isLetter || character.isNumber || "-_".contains(character)
                ? character : nil
          })
      })
  }

  /// A line to type, with what the page shows it to print, if it does.
  struct Command {
    let line: String
    var shown: [String]?
  }

  /// What a reader pastes into a shell, in order; not what builds or tests the package, nor what sets the
  /// path for the others.
  var commands: [Command] {
    var commands: [Command] = []
    for block in parts.blocks {
      if block.contains(where: { $0.hasPrefix("$ ") }) {
        for line in block.drop(while: { !$0.hasPrefix("$ ") }) {
          if line.hasPrefix("$ ") {
            commands.append(Command(line: String(line.dropFirst(2)), shown: []))
          } else {
            commands[commands.count - 1].shown?.append(line)
          }
        }
      } else if block.allSatisfy({ $0.hasPrefix("tacit ") || $0.hasPrefix("(printf ") }),
        // A synopsis has places for names.
        !block.contains(where: { $0.contains(/(^|[ \[.])[A-Z]{4,}/) })
      {
        commands += block.map { Command(line: $0, shown: nil) }
      }
    }
    return commands.compactMap { command in
      if command.line.hasPrefix("export PATH") { return nil }
      // `make demo` builds the command and runs its verb.
      var command = command
      if command.line == "make demo" { command = Command(line: "tacit demo", shown: command.shown) }
      while command.shown?.last?.isEmpty == true { command.shown?.removeLast() }
      return command
    }
  }
}

/// Whether a page's lines are what was printed: word for word, but that any number stands for any other,
/// any digest for any other, and `…` for any lines.
private enum Shown {
  static func matches(_ shown: ArraySlice<String>, _ printed: ArraySlice<String>) -> Bool {
    guard let line = shown.first else { return printed.isEmpty }
    if line == "…" {
      return (printed.startIndex...printed.endIndex).contains {
        matches(shown.dropFirst(), printed[$0...])
      }
    }
    guard let other = printed.first, words(line) == words(other) else { return false }
    return matches(shown.dropFirst(), printed.dropFirst())
  }

  private static func words(_ line: String) -> String {
    line.replacing(/[0-9a-f]{16,}/, with: "#").replacing(/-?[0-9][0-9,.]*(e-?[0-9]+)?/, with: "#")
      .split(separator: " ").joined(separator: " ")
  }
}
