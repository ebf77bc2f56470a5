import Compiler
import ConstraintSystem
import Model
public import TacitVerifier
import Verification

/// What a key tells of its network's layers and of what they cost a prover: nothing in it is
/// secret, and a verifier key tells as much as a prover key.
public struct ModelProfile: Sendable {
  /// One layer of the network: a block of rows, with those that are there for its sake.
  public struct Layer: Sendable, Hashable {
    /// As in the model file.
    public let name: String
    /// What its relation computes, read off the circuit: `conv 3×3, stride 2`.
    public let kind: String
    /// The shape of its output.
    public let shape: [Int]
    /// Rows of the trace that hold a value.
    public let rows: Int
    /// Rows of the trace with the padding of their blocks.
    public let paddedRows: Int
    /// Blocks of rows; more than one where a value takes several steps.
    public let blocks: Int
    /// Whether a value takes two rows, a coarse and a fine one, so that a smaller table will do.
    public let isSplit: Bool
    /// Rows besides, for channels whose ties to even take more than one multiplier.
    public let tieRows: Int
    /// Weights and biases.
    public let parameters: Int
    /// Multiply-accumulates with weights, or of two activations.
    public let products: Int
    /// Estimated proving time of one proof on two cores with AVX-512.
    public let milliseconds: Double
    /// Its share of the whole proving time, from 0 to 1.
    public let share: Double
    /// Layers whose output it reads, by index.
    public let reads: [Int]
    /// Whether it is what the network is given.
    public let isInput: Bool
    /// Whether it is what the network gives, before its last steps.
    public let isOutput: Bool
  }

  /// A part of a whole, by name.
  public struct Part: Sendable, Hashable {
    /// What it is, for people.
    public let name: String
    /// Of rows or bytes.
    public let count: Int
  }

  /// What a proof takes on a chain, about.
  public struct Chain: Sendable, Hashable {
    /// Gas of the transaction that brings it.
    public let gas: Int
    /// Bytes of calldata, public tensors among them.
    public let calldataBytes: Int

    init(_ cost: ChainCost) {
      gas = Int(cost.gas)
      calldataBytes = cost.calldataBytes
    }
  }

  /// In evaluation order.
  public let layers: [Layer]
  /// Of a key for a chain; nil for another.
  public let chain: Chain?
  /// Estimated, one proof on two cores with AVX-512, by the compiler's cost model.
  public let proveMilliseconds: Double
  /// Estimated, one verification on two cores with AVX-512, by the compiler's cost model.
  public let verifyMilliseconds: Double
  /// Of proving, what is no layer's: the table, the pads and the opening.
  public let sharedShare: Double
  /// Rows of the table by function, the range of a limb first.
  public let table: [Part]
  /// Bytes of a proof without a context, by what they are.
  public let proof: [Part]

  /// Rows of the trace that hold a value.
  public var rows: Int { layers.reduce(0) { $0 + $1.rows } }
  /// Weights and biases.
  public var parameters: Int { layers.reduce(0) { $0 + $1.parameters } }
  /// Multiply-accumulates of one inference.
  public var products: Int { layers.reduce(0) { $0 + $1.products } }
}

extension ModelVerifier {
  /// What the key tells of its network's layers.
  ///
  /// - Complexity: linear in the circuit and in the commitments of the key.
  public var profile: ModelProfile {
    let system = key.system
    let costs = BlockCosts(system)
    let total = max(costs.estimate.proveMilliseconds, .leastNormalMagnitude)
    let groups = LayerGroups(system)
    let layers = groups.members.enumerated().map { index, members in
      let own = members.map { costs.blocks[$0] }
      let milliseconds = own.reduce(0) { $0 + $1.milliseconds }
      let shape = members.last.map { system.blocks[$0].shape } ?? []
      return ModelProfile.Layer(
        name: groups.names[index], kind: LayerKind.text(members, of: system, groups.labels),
        shape: shape,
        rows: own.reduce(0) { $0 + $1.rows },
        paddedRows: members.reduce(0) { $0 + (1 << system.blocks[$1].bits) },
        blocks: members.count,
        isSplit: members.contains { groups.labels[$0].roles.last == .excess },
        tieRows: members.reduce(0) {
          groups.labels[$1].roles.last == .part ? $0 + costs.blocks[$1].rows : $0
        },
        parameters: groups.parameters[index],
        products: own.reduce(0) { $0 + $1.products },
        milliseconds: milliseconds, share: milliseconds / total, reads: groups.reads[index],
        isInput: members.contains { system.isInput($0) },
        isOutput: members.contains { member in
          system.outputs.contains { $0.blocks.contains(member) }
        })
    }
    return ModelProfile(
      layers: layers, chain: costs.estimate.chain.map(ModelProfile.Chain.init),
      proveMilliseconds: costs.estimate.proveMilliseconds,
      verifyMilliseconds: costs.estimate.verifyMilliseconds,
      sharedShare: costs.sharedMilliseconds / total,
      table: [ModelProfile.Part(name: "limb range", count: 1 + (1 << system.parameters.limbBits))]
        + system.functions.map { ModelProfile.Part(name: $0.name, count: $0.count) },
      proof: proofParts)
  }

  /// In the order of the file.
  private var proofParts: [ModelProfile.Part] {
    let point = 32
    let committed = key.rows.committed.reduce(0) { $0 + $1.count } * point
    let columns = (key.rows.phaseOne.count + key.rows.phaseTwo.count) * point
    let (statement, commitments) = (description.proofBytes - key.bodyBytes - committed, columns)
    let pads = key.bodyBytes - columns - key.single.sumCheckBytes - key.single.openingBytes
    return [
      ModelProfile.Part(name: "statement", count: statement),
      ModelProfile.Part(name: "commitments", count: committed + commitments + pads),
      ModelProfile.Part(name: "sum-checks", count: key.single.sumCheckBytes),
      ModelProfile.Part(name: "opening", count: key.single.openingBytes),
    ]
  }
}
