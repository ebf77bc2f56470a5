import Tacit

extension ModelProfile {
  /// Each layer with what it is and what it costs.
  var layersField: InspectionLine {
    var table = TextTable([
      ("layer", .left), ("computes", .left), ("output", .left), ("rows", .right),
      ("parameters", .right), ("MACs", .right), ("proving", .right),
    ])
    let widest = max(1, layers.map(\.marks.count).max() ?? 0)
    for layer in layers {
      table.add([
        TextTable.short(layer.name, 36), TextTable.short(layer.kind, 32), Text.shape(layer.shape),
        Text.count(layer.rows) + layer.marks
          + String(repeating: " ", count: widest - layer.marks.count),
        Text.count(layer.parameters), Text.count(layer.products), Text.share(layer.share),
      ])
    }
    table.add(["table, pads, opening", "", "", "", "", "", Text.percent(sharedShare)])
    table.add([
      "all", "", "", Text.count(rows) + String(repeating: " ", count: widest),
      Text.count(parameters), Text.count(products),
      "\(Text.milliseconds(.milliseconds(1) * proveMilliseconds))",
    ])
    var notes: [String] = []
    if layers.contains(where: \.isSplit) {
      notes.append("* two rows a value, a coarse and a fine one, for a smaller table")
    }
    if layers.contains(where: { $0.tieRows > 0 }) {
      notes.append("† rows besides, for channels whose ties to even take more than one multiplier")
    }
    return InspectionLine(
      "layers", "\(layers.count)", .list(layers.map(\.json)), rows: table.lines + notes)
  }

  var proofField: InspectionLine {
    let total = proof.reduce(0) { $0 + $1.count }
    let parts = proof.map { "\($0.name) \(Text.count($0.count))" }
    return InspectionLine(
      "proof_bytes", Text.count(total), .integer(total), rows: [parts.joined(separator: ", ")])
  }
}

extension ModelProfile.Layer {
  fileprivate var marks: String { (isSplit ? "*" : "") + (tieRows > 0 ? "†" : "") }

  fileprivate var json: JSONValue {
    .object([
      ("name", .text(name)), ("computes", .text(kind)), ("shape", .integers(shape)),
      ("rows", .integer(rows)), ("padded_rows", .integer(paddedRows)), ("blocks", .integer(blocks)),
      ("split", .flag(isSplit)), ("tie_rows", .integer(tieRows)),
      ("parameters", .integer(parameters)),
      ("macs", .integer(products)), ("proving_ms", .real(milliseconds)),
      ("proving_share", .real(share)), ("reads", .integers(reads)),
    ])
  }
}
