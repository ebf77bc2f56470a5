import Tacit
import TacitVerifier

extension ModelReport {
  /// Members of the object that tells of a compilation.
  var jsonMembers: [(String, JSONValue)] {
    [("quantization", quantization?.json ?? .null), ("notes", .texts(notes))]
  }
}

extension ModelDescription {
  /// Members of the object that tells of a compilation.
  var figures: [(String, JSONValue)] {
    [
      ("rows", .integer(usedRows)), ("trace_rows", .integer(traceRows)),
      ("table_rows", .integer(tableRows)), ("model_values", .integer(modelValues)),
      ("proof_bytes", .integer(proofBytes)),
    ]
  }
}

extension ModelReport.Quantization {
  fileprivate var json: JSONValue {
    .object([
      ("inputs", .list(inputs.map(\.json))), ("samples", .integer(samples)),
      ("agreeing", .integer(agreeing)),
      (
        "accuracy",
        accuracy.map {
          .object([("float", .integer($0.float)), ("quantized", .integer($0.quantized))])
        } ?? .null
      ),
      (
        "layers",
        .list(
          layers.map {
            .object([
              ("name", .text($0.name)), ("relative_error", .real($0.relativeError)),
              ("saturated", .integer($0.saturated)), ("values", .integer($0.values)),
            ])
          })
      ),
    ])
  }
}
