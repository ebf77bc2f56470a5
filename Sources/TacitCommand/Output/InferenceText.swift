import ConstraintSystem
import TacitVerifier

extension VerifiedInference {
  /// What was proven.
  var lines: [String] {
    let batch = inferences == 1 ? "" : "\(inferences) inferences of "
    var lines = ["verified: \(batch)model \(modelID)"]
    if !context.isEmpty { lines.append("context  \(boundTo)") }
    lines += inputs.map { "input    \($0.text())" }
    for output in outputs {
      let step = output.finalOutput?.steps.first { FinalOutput.isTold($0) }
      lines.append("output   \(output.text(before: step))")
      if output.finalOutputs.isEmpty { lines += output.list(inferences) }
      lines += FinalOutput.text(output.finalOutputs)
    }
    return lines
  }

  /// The context in words where it is that of a step of a chain.
  private var boundTo: String {
    guard let step = ChainContext(context) else { return ContextText.text(context) }
    return "step \(step.step) of session \(ContextText.text(step.session))"
  }

  /// The result on one line.
  var brief: String {
    var parts = context.isEmpty ? [] : ["context \(boundTo)"]
    if inferences > 1 { parts.append("\(inferences) inferences") }
    for output in outputs {
      if output.finalOutputs.isEmpty {
        parts.append(output.text())
      } else {
        let results = FinalOutput.list(output.finalOutputs, limit: 4)
        parts += outputs.count == 1 ? results : results.map { "\(output.port.name.quoted) \($0)" }
      }
    }
    return parts.joined(separator: inferences > 1 ? "; " : ", ")
  }

  var json: JSONValue { .object(jsonMembers) }

  var jsonMembers: [(String, JSONValue)] {
    var nowhere: LooseNumbers?
    return jsonMembers(placing: &nowhere)
  }

  /// - Parameter numbers: takes the numbers that the members then only say the place of; nil leaves them there.
  func jsonMembers(placing numbers: inout LooseNumbers?) -> [(String, JSONValue)] {
    var (ins, outs) = ([JSONValue](), [JSONValue]())
    for input in inputs { ins.append(.object(input.jsonMembers(placing: &numbers))) }
    var finals: [JSONValue] = []
    for output in outputs {
      let final = output.finalOutput?.json(placing: &numbers) ?? .null
      finals.append(final)
      outs.append(.object(output.jsonMembers(placing: &numbers) + [("final", final)]))
    }
    return [
      ("verified", .flag(true)), ("model_id", .text("\(modelID)")), ("model", .text(modelName)),
      ("inferences", .integer(inferences)), ("context", .text(Hex.text(context))),
      ("inputs", .list(ins)), ("outputs", .list(outs)), ("final", finals.first ?? .null),
    ]
  }
}

extension VerifiedInference.Tensor {
  /// - Parameter step: a last step that the proven values stand before.
  func text(before step: String? = nil) -> String {
    let head =
      "\(port.name.quoted) \(Text.shape(shape))" + (step.map { " before \($0)" } ?? "")
      + (counts.flatMap(length) ?? "")
    switch port.visibility {
    case .public:
      guard let integers, let reals else { return head }
      if port.modelType == .float32 {
        return
          "\(head), \(port.type.rawValue) as reals: \(Text.list(reals, limit: 10, Text.real))"
      }
      return "\(head), \(port.type.rawValue): \(Text.list(integers, limit: 16) { "\($0)" })"
    case .private: return "\(head): private"
    case .committed:
      return "\(head): committed, \(Text.list(commitment, limit: 1) { Hex.text($0) })"
    }
  }

  /// How much of a tensor is not padding.
  private func length(_ counts: [Int]) -> String? {
    port.paddedAxis.map { axis in
      let number = Text.list(counts, limit: 16) { "\($0)" }
      return ", \(number) of \(port.shape[axis]) along axis \(axis), padding behind"
    }
  }

  /// A line for each of the first few inferences, where there are several.
  fileprivate func list(_ inferences: Int) -> [String] {
    guard inferences > 1, integers != nil else { return [] }
    let shown = (0..<min(inferences, 16)).map { place in
      let values = integers(of: place) ?? []
      let words = values.map {
        port.modelType == .float32 ? Text.real(port.real($0)) : "\($0)"
      }
      return "  \(place): \(Text.list(words, limit: 10))"
    }
    return inferences > shown.count ? shown + ["  … \(inferences - shown.count) more"] : shown
  }

  fileprivate func jsonMembers(
    placing numbers: inout LooseNumbers?
  ) -> [(String, JSONValue)] {
    var values = JSONValue.null
    if let integers { values = numbers.json(integers, as: port.type) }
    return [
      ("name", .text(port.name)), ("visibility", .text(port.visibility.rawValue)),
      ("shape", .integers(shape)), ("type", .text(port.type.rawValue)),
      ("scale", .real(port.scale)), ("zero_point", .integer(port.zeroPoint)),
      ("integers", values),
      ("commitment", .texts(commitment.map(Hex.text))),
    ] + (counts.map { [("counts", .integers($0))] } ?? [])
  }
}

extension FinalOutput {
  /// `softmax (public step after the proof): class 5, 0.98`, and a line each where there are several.
  static func text(_ outputs: [FinalOutput]) -> [String] {
    guard let first = outputs.first else { return [] }
    let told = first.steps.filter(isTold)
    let names = told.isEmpty ? first.steps : told
    let head = "\(names.joined(separator: ", ")) (public step after the proof):"
    if outputs.count == 1 { return ["\(head) \(first.result)"] }
    return [head] + list(outputs, limit: 16).map { "  \($0)" }
  }

  /// A few words on each of the first few inferences.
  static func list(_ outputs: [FinalOutput], limit: Int) -> [String] {
    if outputs.count == 1 { return outputs.map(\.result) }
    let shown = outputs.prefix(limit).enumerated().map { "\($0): \($1.result)" }
    return outputs.count > limit ? shown + ["… \(outputs.count - limit) more"] : shown
  }

  /// Whether people want to hear of a step beside others.
  static func isTold(_ step: String) -> Bool {
    !["dequantize", "reshape", "transpose"].contains(step)
  }

  fileprivate var result: String {
    // Of one row; of several the largest value says little.
    let isClassifier =
      !Set(["softmax", "qlinear-softmax"]).isDisjoint(with: steps)
      && shape.count { $0 > 1 } <= 1
    switch elements {
    case .integers(let values):
      if steps.last == "argmax" { return "class \(Text.list(values) { "\($0)" })" }
      if isClassifier, let (best, value) = Self.largest(values) {
        return "class \(best), \(value) of \(type.rawValue)"
      }
      return Text.list(values) { "\($0)" }
    case .reals(let values):
      if isClassifier, let (best, value) = Self.largest(values) {
        return "class \(best), \(Text.decimal(Double(value), 4))"
      }
      return Text.list(values, limit: 10) { Text.real(Double($0)) }
    }
  }

  private static func largest<Value: Comparable>(_ values: [Value]) -> (Int, Value)? {
    guard let largest = values.max(), let place = values.firstIndex(of: largest) else { return nil }
    return (place, largest)
  }

  /// Index of the largest value.
  var largestIndex: Int? {
    switch elements {
    case .integers(let values): Self.largest(values)?.0
    case .reals(let values): Self.largest(values)?.0
    }
  }

  func json(placing numbers: inout LooseNumbers?) -> JSONValue {
    let values: JSONValue =
      switch elements {
      case .integers(let values): numbers.json(values, as: type)
      case .reals(let values): numbers.json(values)
      }
    return .object([
      ("proven", .flag(false)), ("steps", .texts(steps)), ("shape", .integers(shape)),
      ("type", .text(type.rawValue)), ("values", values),
    ])
  }
}
