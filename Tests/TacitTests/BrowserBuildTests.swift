import Foundation
import TestSupport
import Testing

/// The sources of the verifier are also those of the module that browsers run, which knows less of Swift and of a
/// system. `make test-web` makes that module and compares verdicts.
struct BrowserBuildTests {
  @Test func `the verifier compiles for browsers`() throws {
    guard try Program.shell.run(["-c", "python3 --version"]).status == 0 else {
      print("BrowserBuildTests: skipped, as there is no python3")
      return
    }
    let script = Page.root.appendingPathComponent("Verifiers/web/build.py").path
    let result = try Program.shell.run(["-c", "exec python3 '\(script)' --check"])
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  @Test func `the page sends nothing, and fills in no name as markup`() throws {
    let page = try String(
      contentsOf: Page.root.appendingPathComponent("Verifiers/web/page.html"), encoding: .utf8)
    #expect(page.contains("default-src 'none'"))
    for word in [
      "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "fetch(", "http:",
    ] {
      #expect(!page.contains(word), "\(word)")
    }
  }
}
