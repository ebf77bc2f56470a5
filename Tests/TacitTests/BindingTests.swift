import Foundation
import TestSupport
import Testing

#if os(Linux)
  /// libtacit, linked from what the tests were built of: two seconds, and no second build.
  struct BindingTests {
    /// Links the library into a folder.
    private static func library(in folder: Folder) throws -> String {
      let build = URL(fileURLWithPath: try Program(named: "tacit").path).deletingLastPathComponent()
      let path = folder.path("libtacit.so.1")
      let linked = try Program.shell.run([
        Page.root.appendingPathComponent("Scripts/library.sh").path, build.path, path,
      ])
      #expect(linked.status == 0, "\(linked.output)\(linked.errors)")
      return path
    }

    @Test func `a program in C proves and verifies, is told why not, and may fork at any moment`()
      throws
    {
      try Folder.with { folder in
        let library = try Self.library(in: folder)
        let script = Page.root.appendingPathComponent("Scripts/library-test.sh").path
        let result = try Program.shell.run([script, library])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.hasSuffix("does what tacit.h says\n"))
      }
    }

    @Test(.enabled(if: Program.nm != nil, "needs nm"))
    func `the library exports the functions of its header and nothing else`() throws {
      let nm = try #require(Program.nm)
      let header = try String(
        contentsOf: Page.root.appendingPathComponent("Sources/CTacit/include/tacit.h"),
        encoding: .utf8)
      let declared = Set(header.matches(of: /(?m)^[a-z_0-9 ]*[ *](tacit_\w+)\(/).map { "\($0.1)" })
      #expect(declared.count >= 8)
      try Folder.with { folder in
        let symbols = try nm.run(["-D", "--defined-only", Self.library(in: folder)]).output
        let exported = Set(
          symbols.split(separator: "\n").compactMap { $0.split(separator: " ").last }
            .map { "\($0)" })
        #expect(exported == declared)
      }
    }

    @Test func `the Python package does what its tests say`() throws {
      guard
        try Program.shell.run([
          "-c", "python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))'",
        ])
        .status == 0
      else {
        print(
          "BindingTests: the Python package is not tested, as there is no python3 of 3.9 or later")
        return
      }
      try Folder.with { folder in
        let library = try Self.library(in: folder)
        let python = Page.root.appendingPathComponent("Python").path
        let result = try Program.shell.run([
          "-c",
          "cd '\(python)' && TACIT_LIBRARY='\(library)' PYTHONPATH=src PYTHONDONTWRITEBYTECODE=1 "
            // Threads of tests block signals, and so would workers that wait for one to end.
            + "exec python3 -c 'import signal, unittest; signal.pthread_sigmask(signal.SIG_SETMASK, []); "
            + "unittest.main(module=None, argv=[\"\", \"discover\", \"-s\", \"tests\", \"-t\", \".\"])' 2>&1",
        ])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("OK"))
        if result.output.contains("skipped=") {
          print(
            "BindingTests: some tests of the Python package were skipped, as python3 has no numpy")
        }
      }
    }
  }
#endif
