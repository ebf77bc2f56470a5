import Compiler
import ConstraintSystem

/// The blocks of a circuit by the layer that they belong to: `conv.excess` is there for the sake of
/// `conv`, which comes after it, or is all that a layer like a max-pool has, whose output is a sum of
/// views.
struct LayerGroups {
  /// Blocks per layer, in evaluation order; layers in the order of their last blocks.
  private(set) var members: [[Int]] = []
  /// As in the model file.
  private(set) var names: [String] = []
  /// Per layer, the layers whose values it reads.
  private(set) var reads: [[Int]] = []
  /// Per layer, values of the weights and biases that it is the first to read.
  private(set) var parameters: [Int] = []

  /// Of blocks that operators and the compiler add beside a layer's own.
  private static let helpers: Set<String> = ["excess", "copy", "positive", "part"]
  /// Of tensors that hold no weights: what makes a lowering exact.
  private static let fixtures: Set<String> = [
    "step", "zero", "shift", "lowest", "place", "part", "offset", "factor",
  ]

  init(_ system: ConstraintSystem) {
    let isHeadless = gather(system)
    let layers = Dictionary(
      members.enumerated().flatMap { layer, blocks in blocks.map { ($0, layer) } },
      uniquingKeysWith: { first, _ in first })
    var isRead: Set<Int> = []
    for (own, blocks) in members.enumerated() {
      var (sources, count) = (Set<Int>(), 0)
      for view in blocks.flatMap({ system.blocks[$0].relation.flatMap(\.factors) }) {
        switch view.source {
        case .block(let block): sources.formUnion(layers[block].map { [$0] } ?? [])
        case .tensor(let tensor):
          guard system.tensors.indices.contains(tensor), isRead.insert(tensor).inserted,
            !Self.fixtures.contains(Self.split(system.tensors[tensor].name).suffix)
          else { continue }
          count += system.tensors[tensor].count
        }
      }
      reads.append(sources.subtracting([own]).sorted())
      parameters.append(count)
    }
    // max(a, b) = b + relu(a − b): who reads a maximum reads b beside the layer's rows.
    for own in members.indices {
      let behind = reads[own].filter { isHeadless.contains($0) }.flatMap { reads[$0] }
      reads[own].removeAll { behind.contains($0) }
    }
  }

  /// - Returns: layers that have no block of their own name.
  private mutating func gather(_ system: ConstraintSystem) -> Set<Int> {
    var waiting: [String: [Int]] = [:]
    var layers: [(name: String, blocks: [Int], isHeadless: Bool)] = []
    for (index, block) in system.blocks.enumerated() {
      let base = Self.base(of: block.name)
      if base == block.name {
        layers.append((base, (waiting.removeValue(forKey: base) ?? []) + [index], false))
      } else {
        waiting[base, default: []].append(index)
      }
    }
    layers += waiting.map { ($0, $1, true) }
    layers.sort { ($0.blocks.last ?? 0) < ($1.blocks.last ?? 0) }
    members = layers.map(\.blocks)
    names = layers.map(\.name)
    return Set(layers.indices.filter { layers[$0].isHeadless })
  }

  private static func base(of name: String) -> String {
    var name = name
    while true {
      let (base, suffix) = split(name)
      guard !base.isEmpty, helpers.contains(suffix) else { return name }
      name = base
    }
  }

  /// Whether a block holds parts of another's quotients.
  static func isPart(_ name: String) -> Bool { split(name).suffix == "part" }

  /// Around the last dot.
  private static func split(_ name: String) -> (base: String, suffix: String) {
    guard let dot = name.lastIndex(of: ".") else { return (name, "") }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }
}

extension ConstraintSystem {
  /// Whether a block is the coarse row of a split one.
  func isExcess(_ block: Int) -> Bool {
    guard blocks.indices.contains(block) else { return false }
    let function = blocks[block].function
    return functions.indices.contains(function) && functions[function].name == "excess"
  }
}
