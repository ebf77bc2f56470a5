import Compiler
public import TacitVerifier

/// What a user chooses when compiling.
public struct CompilationOptions: Sendable, Hashable {
  /// Who learns the inputs.
  public var input: TensorVisibility
  /// Who learns the outputs.
  public var output: TensorVisibility
  /// Whether anyone who has the model file gets the same model id from it; its weights are then
  /// committed to without blinding.
  public var weightsArePublic: Bool
  /// Name of the model in its keys; nil for the model file's own.
  public var name: String?

  /// - Parameters:
  ///   - input: who learns the inputs.
  ///   - output: who learns the outputs.
  ///   - weightsArePublic: whether the model file gives the same model id to anyone.
  ///   - name: of the model in its keys; nil for the model file's own.
  public init(
    input: TensorVisibility = .public, output: TensorVisibility = .public,
    weightsArePublic: Bool = false, name: String? = nil
  ) {
    self.input = input
    self.output = output
    self.weightsArePublic = weightsArePublic
    self.name = name
  }

  var compiler: CompilerOptions {
    CompilerOptions(
      input: input.visibility, output: output.visibility, weightsArePublic: weightsArePublic,
      name: name)
  }
}
