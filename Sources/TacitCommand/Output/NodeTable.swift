import Tacit

extension ModelFileDescription {
  /// Each node of a model, and what stands in the way of proving it.
  var nodesField: InspectionLine {
    var table = TextTable([
      ("operator", .left), ("name", .left), ("output", .left), ("type", .left), ("support", .left),
    ])
    // Many nodes have the same obstacle; each is told once.
    var reasons: [String] = []
    var numbers: [String: Int] = [:]
    for node in nodes {
      var word = node.support.word
      if case .unsupported(let problem) = node.support {
        let reason = [problem.what, problem.remedy].filter { !$0.isEmpty }.joined(separator: "; ")
        let number = numbers[reason] ?? reasons.count + 1
        if number > reasons.count { reasons.append(reason) }
        numbers[reason] = number
        word += " [\(number)]"
      }
      table.add([
        TextTable.short(node.type, 28), TextTable.short(node.name, 36),
        node.outputShape.map(Text.shape) ?? "?", node.outputType ?? "?", word,
      ])
    }
    let notes = reasons.enumerated().map { "[\($0 + 1)] \($1)" }
    let well = nodes.count { $0.support == .supported }
    return InspectionLine(
      "nodes", "\(Text.count(nodes.count)), \(Text.count(well)) of them supported",
      .list(nodes.map(\.json)), rows: table.lines + notes)
  }
}

extension ModelFileDescription.Support {
  fileprivate var word: String {
    switch self {
    case .supported: "yes"
    case .unsupported: "no"
    case .unclear: "unclear: it reads what an unsupported node makes"
    case .unused: "not used"
    }
  }
}

extension ModelFileDescription.Node {
  fileprivate var json: JSONValue {
    var problem = JSONValue.null
    if case .unsupported(let found) = support { problem = found.json }
    let flag: JSONValue =
      switch support {
      case .supported, .unused: .flag(true)
      case .unsupported: .flag(false)
      case .unclear: .null
      }
    return .object([
      ("name", .text(name)), ("operator", .text(type)),
      ("shape", outputShape.map { .integers($0) } ?? .null),
      ("type", outputType.map { .text($0) } ?? .null), ("supported", flag), ("problem", problem),
    ])
  }
}

extension UnsupportedNode {
  var json: JSONValue {
    .object([
      ("name", .text(name)), ("operator", .text(type)), ("what", .text(what)),
      ("remedy", .text(remedy)),
    ])
  }
}
