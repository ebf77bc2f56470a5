import Compiler
import ConstraintSystem

/// The blocks of a circuit by the layer that they belong to: a block whose name continues another's
/// after a dot (`conv.excess`) is there for that one's sake.
struct LayerGroups {
  /// Blocks per layer, in evaluation order; layers in the order of their heads.
  private(set) var members: [[Int]] = []
  /// Per layer, the block that holds its output.
  private(set) var heads: [Int] = []
  /// Per layer, the layers whose blocks it reads.
  private(set) var reads: [[Int]] = []
  /// Per layer, values of the weights and biases that it is the first to read.
  private(set) var parameters: [Int] = []

  init(_ system: ConstraintSystem) {
    let places = Dictionary(
      system.blocks.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var layer: [Int: Int] = [:]
    for (index, block) in system.blocks.enumerated() where Self.head(of: block, places) == nil {
      layer[index] = heads.count
      heads.append(index)
    }
    members = heads.map { _ in [] }
    for (index, block) in system.blocks.enumerated() {
      let own = layer[index] ?? Self.head(of: block, places).flatMap { layer[$0] } ?? 0
      layer[index] = own
      members[own].append(index)
    }
    var isRead: Set<Int> = []
    for (own, blocks) in members.enumerated() {
      var (sources, count) = (Set<Int>(), 0)
      for block in blocks.map({ system.blocks[$0] }) {
        for term in block.relation {
          let read = term.factors.compactMap { view in
            if case .block(let source) = view.source { source } else { nil }
          }
          sources.formUnion(read.compactMap { layer[$0] })
          // The steps of a split are multipliers of its coarse row, not weights.
          if read.contains(where: system.isExcess) { continue }
          for case .tensor(let tensor) in term.factors.map(\.source)
          where isRead.insert(tensor).inserted && system.tensors.indices.contains(tensor) {
            count += system.tensors[tensor].count
          }
        }
      }
      reads.append(sources.subtracting([own]).sorted())
      parameters.append(count)
    }
  }

  /// The block that another is there for, by its name.
  private static func head(of block: Block, _ places: [String: Int]) -> Int? {
    guard let dot = block.name.lastIndex(of: "."), dot != block.name.startIndex else { return nil }
    var name = String(block.name[..<dot])
    guard var place = places[name] else { return nil }
    // `a.b.c` belongs to `a` when `a.b` does.
    while let dot = name.lastIndex(of: "."), let further = places[String(name[..<dot])] {
      name = String(name[..<dot])
      place = further
    }
    return place
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
