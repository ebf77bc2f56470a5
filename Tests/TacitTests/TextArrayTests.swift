import Foundation
import Tacit
import Testing

/// JSON and CSV: read right, or refused with line and column.
struct TextArrayTests {
  private func read(_ text: String, _ name: String) throws -> NumericArray {
    try NumericArray.read(Array(text.utf8), named: name)
  }

  private func refusal(_ text: String, _ name: String) -> String {
    NumericArrayTests.refusal(Array(text.utf8), name)
  }

  // MARK: CSV

  @Test(arguments: [
    "1,2\n3,4.5\n", "1,2\r\n3,4.5", "1,2\r3,4.5\r", "\u{FEFF}1,2\n3,4.5\n", "\n 1 , 2\n3,  4.5\n\n",
    "\"1\",\"2\"\n\" 3 \",\"4.5\"\n", "1;2\n3;4.5", "1;2\n3;4,5", "1\t2\n3\t4.5",
    "+1,2e0\n3.,45e-1",
    "a,b\n1,2\n3,4.5\n", "\u{FEFF}\"a\";\"b\"\r\n1;2\r\n3;4,5\r\n", "x1,x2\n\n1,2\n3,4.5",
    "# pixel_0,pixel_1\n1,2\n3,4.5",
  ])
  func `numbers in rows, as programs write them`(text: String) throws {
    let array = try read(text, "x.csv")
    #expect(array.shape == [2, 2])
    #expect(array.reals == [1, 2, 3, 4.5])
    #expect(try read(text, "-") == array)
  }

  @Test func `integers stay integers`() throws {
    let array = try read("9007199254740993,-1", "x.csv")
    #expect(array.element == .int64 && array.integers == [9_007_199_254_740_993, -1])
    #expect(try read("1\n2.0\n3", "x.csv").values == .real([1, 2, 3]))
  }

  @Test func `a column with a byte order mark has all its rows`() throws {
    #expect(try read("\u{FEFF}0.25\n0.5\n0.75\n", "x.csv").reals == [0.25, 0.5, 0.75])
  }

  @Test func `quoted numbers in the first line are data`() throws {
    let array = try read("\"0.1\",\"0.2\"\n0.3,0.4\n", "x.csv")
    #expect(array.shape == [2, 2] && array.reals == [0.1, 0.2, 0.3, 0.4])
  }

  @Test func `what is not taken for a number is named`() throws {
    func notes(_ text: String) throws -> [String] {
      try NamedArrays(Array(text.utf8), named: "x.csv").notes
    }
    #expect(try notes("1,2").isEmpty)
    #expect(try notes("\n\u{1B}a,\"b c\"\n1,2") == [#"line 2 is a heading: "\u{1B}a", "b c""#])
    #expect(
      try notes("1;2\n3;4,5")
        == [#"commas are read as decimal points, as in line 2, column 2: "4,5""#])
  }

  @Test(arguments: [
    ("1,2\n3", "CSV line 2 has 1 number where others have 2"),
    ("1,x", "CSV line 1, column 2: \"x\" is not a number"),
    ("a,2\n1,2", "CSV line 1, column 1: \"a\" is not a number"),
    ("", "the file holds no numbers"), ("a,b\n", "the file holds no numbers"),
    ("a,b,c\n1,2", "CSV line 1 has 3 names"),
    ("a,b\nc,d\n1,2", "CSV line 2, column 1: \"c\" is not a number"),
    ("NA\n1\n2", "CSV line 1, column 1: \"NA\" is not a number; fill in"),
    ("-\n1\n2", "CSV line 1, column 1: \"-\" is not a number"),
    ("1,nan", "CSV line 1, column 2: \"nan\" is not a number; fill in"),
    ("1,-Inf", "column 2: \"-Inf\" is not a number; fill in"),
    ("1,,2", "CSV line 1, column 2: nothing stands where a number is wanted"),
    ("1,2,\n", "CSV line 1, column 3: nothing stands"),
    ("0.1,0.\u{0}9", "CSV line 1, column 2: \"0.\\u{0}9\" holds a NUL character"),
    ("\u{0}", "NUL"), ("1 2 3", "separate numbers by commas, semicolons or tabs"),
    ("1 234", "\"1 234\" is not a number"), ("1,\"2,5\"", "write decimals with a point"),
    ("1\t2,5", "CSV line 1, column 2: \"2,5\" is not a number; write decimals with a point"),
    ("1,5;2.5", "has a decimal point where others have a comma"),
    ("1.5;2,5", "has a decimal comma where others have a point"),
    ("1.234,5;2", "is not a number"), ("0x10,1", "\"0x10\" is not a number"),
    ("1e999", "\"1e999\" is larger than any float"), ("\u{2212}1,2\n3,4", "is not a number"),
    ("1\n\n3", "CSV line 2 is empty among lines of one number"),
    ("\"1,2\n3\"", "CSV line 1, column 1: a quote that does not end on its line"),
    ("\"1\"2,3", "CSV line 1, column 1: something stands behind the quotes"),
    ("1,2\n3,\u{FEFF}4", "CSV line 2, column 2: \"\\u{FEFF}4\" is not a number"),
    ("1\u{B}2", "is not a number"), ("1\u{2028}2", "\"1\\u{2028}2\" is not a number"),
    ("1,\t2", "CSV line 1, column 1: \"1,\" is not a number"), ("$5,a\n1,2", "\"$5\""),
  ])
  func `what is no number is refused with its place`(text: String, words: String) {
    let said = refusal(text, "x.csv")
    #expect(said.contains(words), "\(text.debugDescription): \(said)")
  }

  @Test(arguments: [
    "0.1", "1", "-1", "+.5", "1st", "NA", "n/a", "NaN", "inf", "null", "None", "true", "", " ", "?",
    "−1", "１", "$1", "#1", "(1)", "1,5", "\u{FEFF}1", "0x1",
  ])
  func `a first line that could hold a number is no heading`(field: String) {
    #expect(!refusal("\"\(field)\",name\n1,2\n", "x.csv").isEmpty)
  }

  @Test func `UTF-16 is named`() {
    let text: [UInt8] = [0xFF, 0xFE] + "1,2".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    #expect(NumericArrayTests.refusal(text, "x.csv").contains("UTF-16"))
  }

  // MARK: JSON

  @Test func `lists of lists are read`() throws {
    let json = try read(" [[0, 1.5, -2e1],\n [3, 4, 5]] ", "x.json")
    #expect(json.shape == [2, 3] && json.reals == [0, 1.5, -20, 3, 4, 5])
    #expect(try read("[1, 2]", "x").integers == [1, 2])
    #expect(try read("\u{FEFF}[1, 2]", "x").integers == [1, 2])
    #expect(try read("\u{FEFF} [1, 2]", "x.json").integers == [1, 2])
    #expect(try read("{\"x\": [[1, 2]]}", "x").shape == [1, 2])
  }

  @Test(arguments: [
    ("[[1], [2, 3]]", "JSON line 1, column 7: a list of 2 stands where another has 1"),
    ("[1, [2]]", "JSON line 1, column 5: a list stands where others have a number"),
    ("[[1], 2]", "JSON line 1, column 7: a number stands where others have a list"),
    ("[1", "a comma or the end of the list is wanted, the end of the file stands there"),
    ("[1] 2", "JSON line 1, column 5: the end of the file is wanted, \"2\" stands there"),
    (
      "[1,\n é nan]", "JSON line 2, column 2: a number or a list of numbers is wanted, \"é\" stands"
    ),
    ("[nan]", "\"nan\" stands there"), ("[NaN]", "\"NaN\" stands there"),
    ("", "the end of the file stands there"), ("[1e999]", "\"1e999\" is larger than any float"),
    ("[,]", "\",\" stands there"), ("[1,]", "\"]\" stands there"), ("[01]", "\"01\" stands there"),
    ("[.5]", "\".5\" stands there"), ("[+1]", "\"+1\" stands there"),
    ("[\"1\"]", "the text \"1\" stands there"), ("[null]", "\"null\" stands there"),
    ("[{}]", "a number or a list of numbers is wanted, an object stands there"),
    ("{}", "an object without arrays"), ("{\"x\"}", "a colon is wanted, \"}\" stands there"),
    ("{x: [1]}", "a name in double quotes is wanted, \"x\" stands there"),
    ("{\"x\": [1], \"x\": [2]}", "\"x\" is named twice"),
    ("{\"x\": {\"y\": [1]}}", "a list of numbers is wanted, an object stands there"),
    ("{\"output_data\": [[1]]}", "\"output_data\" stands without EZKL's input_data"),
    ("{\"input_data\": [[1]], \"x\": [1]}", "\"x\" stands beside EZKL's input_data"),
    ("{\"input_data\": [1]}", "a list of the numbers of one input is wanted, \"1\" stands there"),
    ("{\"a\\q\": [1]}", "an escape that JSON does not know"),
    ("{\"\\ud800\": [1]}", "an escape that JSON does not know"),
    ("{\"\\ud83dx\\ude00\": [1]}", "an escape that JSON does not know"),
    ("[1\u{0}]", "\"\\u{0}\" stands"),
  ])
  func `what was wanted, and what stands there`(text: String, words: String) {
    let said = refusal(text, "x.json")
    #expect(said.contains(words), "\(text.debugDescription): \(said)")
  }

  @Test func `nesting does not cost the stack`() {
    for text in ["[", "{\"x\":", "{\"input_data\":[[1]],\"output_data\":"] {
      let deep = text + String(repeating: "[", count: 100_000)
      #expect(!refusal(deep, "x.json").isEmpty)
    }
  }

  // MARK: Bounds

  /// Long files of whatever a reader could stumble over for each byte.
  @Test(arguments: [
    "\n", ",", ";", "\t", "\"", "\"\"", "1,", "1\n", "a,", "0;", "[", "[[1],", "{\"a\":", "1e9,",
    "\u{FEFF}", "\\", "\u{0}", "9", " ", "\r", "NA,",
  ])
  func `a long file takes time and memory in its length`(piece: String) {
    let count = 400_000 / piece.utf8.count
    let text = Array(String(repeating: piece, count: count).utf8)
    for (start, name) in [("", "x.csv"), ("[", "x.json"), ("{\"", "x.json"), ("a\n", "x.csv")] {
      let clock = ContinuousClock()
      let time = clock.measure {
        _ = try? NamedArrays(Array(start.utf8) + text, named: name)
      }
      #expect(time < .seconds(5), "\(start)\(piece)…: \(time)")
    }
  }
}
