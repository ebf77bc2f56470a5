import Compiler
import ConstraintSystem
import Model

/// The blocks of a circuit by the layer that they belong to: the rows of a difference are there for the sake
/// of a maximum, which comes after them, or are all that a layer has whose output is a sum of views.
struct LayerGroups {
  /// What each block is for, by block.
  let labels: [BlockLabel]
  /// Blocks per layer, in evaluation order; layers in the order of their last blocks.
  private(set) var members: [[Int]] = []
  /// As in the model file.
  private(set) var names: [String] = []
  /// Per layer, the layers whose values it reads.
  private(set) var reads: [[Int]] = []
  /// Per layer, values of the weights and biases that it is the first to read.
  private(set) var parameters: [Int] = []

  init(_ system: ConstraintSystem) {
    labels = system.blockLabels
    let isHeadless = gather()
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
            TensorRole(ofTensor: system.tensors[tensor].name)?.isParameter != false
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

  /// - Returns: layers that have no values of their own.
  private mutating func gather() -> Set<Int> {
    var waiting: [String: [Int]] = [:]
    var layers: [(name: String, blocks: [Int], isHeadless: Bool)] = []
    for (index, label) in labels.enumerated() {
      if label.roles.isEmpty {
        let added = waiting.removeValue(forKey: label.layer) ?? []
        layers.append((label.layer, added + [index], false))
      } else {
        waiting[label.layer, default: []].append(index)
      }
    }
    layers += waiting.map { ($0, $1, true) }
    layers.sort { ($0.blocks.last ?? 0) < ($1.blocks.last ?? 0) }
    members = layers.map(\.blocks)
    names = layers.map(\.name)
    return Set(layers.indices.filter { layers[$0].isHeadless })
  }
}
