/// A compiled network: rows that all do the same scalar step, and multilinear relations that say
/// what each accumulator is. Public: it holds no weight.
///
/// Written down in docs/protocol/circuit.md#parts.
package struct ConstraintSystem: Hashable, Sendable {
  /// Name of the model, for people.
  package var name: String
  package var parameters: Parameters
  package var functions: [TableFunction]
  package var tensors: [ModelTensor]
  /// In evaluation order: a view reads earlier blocks only.
  package var blocks: [Block]
  /// Which blocks a prover fills, and what leaves it no choice.
  package var gadgets: [Gadget]
  package var inputs: [Port]
  package var outputs: [Port]
  /// Whether the model's rows are committed with blinders of zero, so that anyone can rebuild them.
  package var weightsArePublic: Bool
  /// How many inferences the trace holds: one in a key, more in what `batched` makes of it, where they
  /// are the leading axis of every block. Not part of the canonical form, which is a key's.
  package internal(set) var inferences = 1
  /// Of the inputs that views go through, by number: where their integers lead. Of a key none, as these are
  /// a statement's; not part of the canonical form. Without them all of an input's integers are 0.
  package internal(set) var indices: [Int: [Int]] = [:]

  package init(
    name: String, parameters: Parameters, functions: [TableFunction], tensors: [ModelTensor],
    blocks: [Block], gadgets: [Gadget] = [], inputs: [Port], outputs: [Port],
    weightsArePublic: Bool = false
  ) {
    self.name = name
    self.parameters = parameters
    self.functions = functions
    self.tensors = tensors
    self.blocks = blocks
    self.gadgets = gadgets
    self.inputs = inputs
    self.outputs = outputs
    self.weightsArePublic = weightsArePublic
  }

  package var table: Table { Table(limbBits: parameters.limbBits, functions: functions) }

  /// Rows of the trace up to the end of the last block.
  package var usedRows: Int { blocks.map { $0.offset + (1 << $0.bits) }.max() ?? 0 }
  /// n: the trace has 2^n rows.
  package var traceBits: Int { ceilLog2(usedRows) }
  /// Cells of the model polynomial up to the end of the last tensor.
  package var usedModelCells: Int { tensors.map { $0.offset + (1 << $0.bits) }.max() ?? 0 }
  /// Variables of the model polynomial.
  package var modelBits: Int { ceilLog2(usedModelCells) }

  /// Shape of what a view reads.
  package func shape(of source: Source) -> [Int]? {
    switch source {
    case .block(let index): blocks.indices.contains(index) ? blocks[index].shape : nil
    case .tensor(let index): tensors.indices.contains(index) ? tensors[index].shape : nil
    }
  }

  /// From the least y that a block can have to the largest, in a circuit whose functions are valid.
  package func image(of block: Block) -> ClosedRange<Int64> {
    let outputs = functions[block.function].image
    return outputs.lowerBound - block.shift...outputs.upperBound - block.shift
  }

  /// Whether block `index` holds an input, or a limb of one: its relation is `acc = y` on itself.
  package func isInput(_ index: Int) -> Bool { inputs.contains { $0.blocks.contains(index) } }

  /// The gadget of each block that holds advice: its relation is that of an input.
  package var advice: [Int: Gadget] {
    var advice: [Int: Gadget] = [:]
    for gadget in gadgets {
      for block in gadget.kind.blocks.advice { advice[block] = gadget }
    }
    return advice
  }

  /// The relation of a block whose values are given: itself.
  package static func given(_ index: Int, _ shape: [Int]) -> [Term] {
    [Term(factors: [TensorAccess(.block(index), shape.indices.map { .label($0) })])]
  }
}
