import Compiler
import ConstraintSystem
import Model

/// What a layer computes, read off its relations: names in a file could say anything, relations are
/// what is proven.
enum LayerKind {
  /// - Parameters:
  ///   - members: blocks of the layer.
  ///   - labels: of all blocks.
  static func text(
    _ members: [Int], of system: ConstraintSystem, _ labels: [BlockLabel]
  ) -> String {
    if members.contains(where: system.isInput) { return "input" }
    if let count = normalized(members, of: system) { return "normalization over \(count)" }
    let rows = members.filter { labels[$0].roles.last != .excess }
    let blocks = rows.map { system.blocks[$0] }
    let terms = blocks.flatMap { block in block.relation.map { (block, $0) } }
    // Of a layer's blocks the last one is its own.
    let own = blocks.suffix(1).flatMap { block in block.relation.map { (block, $0) } }
    let weighted = (own + terms).first { $0.1.factors.count == 2 && $0.1.weight != nil }
    if let (block, term) = weighted {
      return resize(rows, of: system, labels) ?? withWeights(block, term)
    }
    if let (_, term) = terms.first(where: { $0.1.factors.count == 2 }) {
      if blocks.contains(where: { name(of: $0, system) == "reciprocal" }) { return "quotient" }
      if term.summed.isEmpty { return "product" }
      let isSquare = term.factors[0] == term.factors[1]
      return isSquare ? "sum of squares of \(size(term))" : "matrix product"
    }
    let differences = Set(rows.filter { labels[$0].roles.last == .difference })
    if !differences.isEmpty {
      if let (_, term) = own.first(where: { !$0.1.summed.isEmpty }) {
        return "sum of magnitudes of \(size(term))"
      }
      let isMinimum = own.contains { _, term in
        guard case .block(let source)? = term.factors.first?.source else { return false }
        return term.coefficient < 0 && differences.contains(source)
      }
      return isMinimum ? "minimum" : "maximum"
    }
    if let (block, term) = terms.first(where: { !$0.1.summed.isEmpty }) {
      return pool(block, term)
    }
    let sources = Set(terms.flatMap { $0.1.factors.map(\.source) })
    if sources.count > 1 {
      return terms.contains { $0.1.coefficient < 0 } && sources.count == 2 ? "difference" : "sum"
    }
    return step(blocks.last, system)
  }

  /// How many values a layer's root is of; nil for one without a root.
  private static func normalized(_ members: [Int], of system: ConstraintSystem) -> Int? {
    for case .squareRoot(let gadget) in system.gadgets {
      guard let limb = gadget.limbs.first, members.contains(limb) else { continue }
      let sum = gadget.radicand.first { $0.factors.count == 2 && !$0.summed.isEmpty }
      return sum?.summed.reduce(1, *) ?? 1
    }
    return nil
  }

  private static func name(of block: Block, _ system: ConstraintSystem) -> String? {
    system.functions.indices.contains(block.function) ? system.functions[block.function].name : nil
  }

  /// Sums over axes whose weights are no layer's, the last of them after those of other axes.
  private static func resize(
    _ rows: [Int], of system: ConstraintSystem, _ labels: [BlockLabel]
  ) -> String? {
    var axes: [(from: Int, to: Int)] = []
    for row in rows where labels[row].roles.isEmpty || labels[row].roles == [.axis] {
      let block = system.blocks[row]
      guard let term = block.relation.first, !term.summed.isEmpty, let weight = term.weight,
        case .tensor(let tensor) = weight.source, system.tensors.indices.contains(tensor),
        TensorRole(ofTensor: system.tensors[tensor].name) == .constant
      else { return nil }
      let own = weight.labels.filter { $0 < block.shape.count }.map { block.shape[$0] }
      // Several parts of an axis are one.
      if labels[row].roles.isEmpty || axes.isEmpty {
        axes += zip(term.summed, own).map { (from: $0, to: $1) }
      }
    }
    return axes.isEmpty
      ? nil : "resize " + axes.map { "\($0.from) → \($0.to)" }.joined(separator: ", ")
  }

  /// A product with a tensor of the model.
  private static func withWeights(_ block: Block, _ term: Term) -> String {
    let rank = block.shape.count
    guard let weight = term.weight, let value = term.value else { return "product" }
    let shared = Set(weight.labels).intersection(value.labels).filter { $0 < rank }
    // Axes of the output that slide over the input; a batch of one does not.
    let sliding = value.windows.filter { window in
      window.steps.contains {
        $0.label < rank && (block.shape[$0.label] > 1 || window.steps.count > 1)
      }
    }
    .filter { window in !shared.contains { label in window.steps.contains { $0.label == label } }
    }
    let kernel = sliding.map { window in
      window.steps.first { $0.label >= rank }.map { term.summed[$0.label - rank] } ?? 1
    }
    if term.summed.isEmpty { return shared.isEmpty ? "outer product" : "scale" }
    let taps = kernel.filter { $0 > 1 }
    guard sliding.count > 1 || !taps.isEmpty else {
      let inputs = term.summed.reduce(1, *)
      let outputs = weight.labels.filter { $0 < rank }.reduce(1) { $0 * block.shape[$1] }
      return "dense \(inputs) → \(outputs)"
    }
    let size = kernel.map(String.init).joined(separator: "×")
    let strides = sliding.compactMap { window in
      window.steps.first { $0.label < rank }.map(\.stride)
    }
    let stride = strides.max() ?? 1
    let isDepthwise = !shared.isEmpty && term.summed.count <= sliding.count
    let name = isDepthwise ? "depthwise conv" : shared.isEmpty ? "conv" : "grouped conv"
    return "\(name) \(size)" + (stride > 1 ? ", stride \(stride)" : "")
  }

  /// A sum over windows, or over whole axes.
  private static func pool(_ block: Block, _ term: Term) -> String {
    let rank = block.shape.count
    let windows = term.factors.flatMap(\.windows).filter { window in
      window.steps.contains { $0.label >= rank }
    }
    let isSliding = windows.contains { window in window.steps.contains { $0.label < rank } }
    let isRunning = windows.contains { window in
      window.steps.contains { $0.label < rank && block.shape[$0.label] == term.summed.first }
        && window.steps.contains { $0.label >= rank && abs($0.stride) == 1 }
    }
    if isRunning, term.summed.count == 1 { return "running sum of \(size(term))" }
    return isSliding ? "average \(size(term))" : "sum or mean of \(size(term))"
  }

  private static func size(_ term: Term) -> String {
    term.summed.map(String.init).joined(separator: "×")
  }

  private static func step(_ block: Block?, _ system: ConstraintSystem) -> String {
    guard let block else { return "step" }
    let function = system.functions[block.function]
    if function.isIdentity { return "copy" }
    if function.name.hasPrefix("clamp") { return "rescale" }
    return function.name
  }
}

extension Term {
  /// The factor that is a tensor of the model.
  fileprivate var weight: TensorAccess? {
    factors.first { view in
      if case .tensor = view.source { true } else { false }
    }
  }
  fileprivate var value: TensorAccess? {
    factors.first { view in
      if case .block = view.source { true } else { false }
    }
  }
}
