import Foundation
import Import
import Model
import TestSupport
import Testing

/// The table of operators in docs/models.md names what the readers read, and nothing else.
struct OperatorTableTests {
  /// The names in a column of the table: its words in capitals.
  private func names(_ column: Int) throws -> Set<String> {
    let page = try String(contentsOf: Vectors.url("../../docs/models.md"), encoding: .utf8)
    let section = try #require(
      page.components(separatedBy: "\n## ").first { $0.hasPrefix("Operators\n") })
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
    #expect(rows.count > 20)
    let words = rows.flatMap { row -> [Substring] in
      let cells = row.split(separator: "|", omittingEmptySubsequences: false)
      return cells[column + 1].split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    }
    return Set(words.filter { $0.first?.isUppercase == true }.map(String.init))
  }

  @Test func `the ONNX column is what the ONNX reader reads`() throws {
    let supported = try ONNXReader.survey(Vectors.bytes("networks/float/gemm.onnx")).supported
    let known = Set(
      supported.map { name in
        String(name.prefix { $0 != " " }).replacing(ONNXForm.microsoftDomain + ".", with: "")
      })
    // These dissolve before there is an operator.
    #expect(try names(1) == known.subtracting(["Constant", "Dropout", "If"]))
    #expect(known.isSuperset(of: Operators.onnxForms.map(\.name)))
  }

  @Test func `the TFLite column is what the TFLite reader reads`() throws {
    #expect(try names(2) == Set(Operators.supported(.tflite(version: 0))))
  }
}
