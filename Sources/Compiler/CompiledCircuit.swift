package import ConstraintSystem
package import Model
package import Witness

/// A network as a proof sees it: the public circuit, and the model's values that fill its tensors.
package struct CompiledCircuit: Sendable {
  package var system: ConstraintSystem
  /// Secret unless the weights are public: per tensor of `system`, row-major without padding.
  package var values: [[Int64]]
  package var cells: ModelCells
  /// The layer and the role of each block. A key holds their names alone; `BlockLabels` reads them back.
  package var labels: [BlockLabel]
  package var report: CompilationReport
  /// Where the circuit's integers are not to the last unit the runtime's.
  package var notes: [String]
}

/// What a user chooses when compiling.
package struct CompilerOptions: Sendable, Hashable {
  package var input: Visibility
  package var output: Visibility
  /// Whether the model's commitments are to be reproducible by anyone who has the model.
  package var weightsArePublic: Bool
  /// Name of the model; nil for the graph's own.
  package var name: String?
  /// By what proofs are made.
  package var scheme: ProofScheme
  /// How many generators there are where they come from a file.
  package var powers: Int

  package init(
    input: Visibility = .public, output: Visibility = .public, weightsArePublic: Bool = false,
    name: String? = nil, scheme: ProofScheme = .transparent, powers: Int = .max
  ) {
    self.input = input
    self.output = output
    self.weightsArePublic = weightsArePublic
    self.name = name
    self.scheme = scheme
    self.powers = powers
  }
}
