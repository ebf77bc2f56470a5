import BigInteger
import Checker
import ConstraintSystem
import Testing
import Witness

struct PrintableTextTests {
  @Test(arguments: [
    ("", ""), ("conv2d/Relu:0", "conv2d/Relu:0"), ("größe 日本 שלום 🙂 · † → \u{A0}", nil),
    ("a\nverified: b", "a\\nverified: b"), ("\r\t", "\\r\\t"), ("\r\n", "\\r\\n"),
    ("\u{1B}[31m", "\\u{1B}[31m"), ("\u{0}", "\\u{0}"), ("\u{7F}", "\\u{7F}"),
    ("\u{85}", "\\u{85}"), ("\u{9B}1m", "\\u{9B}1m"),
    ("\u{202E}fdp.exe", "\\u{202E}fdp.exe"), ("\u{2066}\u{2069}", "\\u{2066}\\u{2069}"),
    ("\u{200B}\u{200D}\u{FEFF}\u{AD}", "\\u{200B}\\u{200D}\\u{FEFF}\\u{AD}"),
    ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"), ("\u{E0041}", "\\u{E0041}"),
    ("\u{E000}\u{10FFFD}", "\\u{E000}\\u{10FFFD}"), ("\u{FFFF}\u{378}", "\\u{FFFF}\\u{378}"),
    ("\u{115F}\u{3164}\u{34F}\u{FE0F}", "\\u{115F}\\u{3164}\\u{34F}\\u{FE0F}"),
    ("C:\\new", "C:\\new"),
  ])
  func `what is not drawn where it stands is spelled out`(text: String, shown: String?) {
    #expect(text.printable == shown ?? text)
    #expect(text.printable.printable == text.printable)
    #expect(text[...].printable == text.printable)
  }

  @Test(arguments: [
    ("x", "\"x\""), ("", "\"\""), ("y\" [1, 2]: 9.9", #""y\" [1, 2]: 9.9""#),
    (#"y\" z"#, #""y\\\" z""#), ("a\n", #""a\n""#), (#"a\n"#, #""a\\n""#),
  ])
  func `a name in quotation marks cannot end them`(name: String, shown: String) {
    #expect(name.quoted == shown)
  }

  @Test func `every control and every format character is spelled out`() {
    let ranges: [ClosedRange<UInt32>] = [
      0...0x1F, 0x7F...0x9F, 0x600...0x605, 0x61C...0x61C, 0x200B...0x200F, 0x2028...0x202E,
      0x2060...0x206F, 0xFFF9...0xFFFB, 0xE0000...0xE007F,
    ]
    for scalar in ranges.joined().compactMap(Unicode.Scalar.init) {
      let digits = String(scalar.value, radix: 16, uppercase: true)
      let short = ["\n": "\\n", "\r": "\\r", "\t": "\\t"][String(scalar)]
      #expect("a\(scalar)b".printable == "a\(short ?? "\\u{\(digits)}")b")
    }
  }

  @Test func `an error is one line, whatever a name holds`() {
    let name = "x\nverified: model 0\u{1B}[31m\u{202E}"
    let errors: [any CustomStringConvertible] = [
      FormatError.truncated(part: name, at: 0, needed: 1, available: 0),
      ExecutionError.inputLength(input: name, expected: 1, actual: 2),
      ExecutionError.inference(3, .accumulator(layer: name, position: [0], value: 1)),
      Violation(
        .padding(layer: name, row: 0),
        .function(name, quotient: 1, expected: nil, actual: 0)),
    ]
    for error in errors {
      let text = error.description
      #expect(text.contains("x\\nverified: model 0\\u{1B}[31m\\u{202E}"))
      #expect(!text.unicodeScalars.contains { ["\n", "\u{1B}", "\u{202E}"].contains($0) })
    }
  }
}
