import Commitment
import Compiler
import ConstraintSystem
import Import
import Model
import Proving
import Compute
import TacitVerifier
import Verification

extension ModelProver {
  /// Compiles a model file: ONNX (float32, QDQ or QOperator) or TFLite (int8 or float32).
  ///
  /// - Parameters:
  ///   - model: the bytes of the file, of anyone's making.
  ///   - reading: what the file does not say by itself.
  ///   - options: who learns inputs, outputs and weights.
  ///   - calibration: typical inputs, one row each; what a float model is quantized by, and nothing
  ///     for a model that is quantized already.
  ///   - labels: the class of each calibration input, by its index among the outputs: for the report.
  ///   - powers: of a public ceremony, for keys whose proofs a contract on a chain verifies; nil for keys
  ///     that need no set-up.
  /// - Returns: the model's prover, and what was decided on the way.
  /// - Throws: `TacitError.model`, `TacitError.unsupported`, `TacitError.calibration`,
  ///   `TacitError.labels`, `TacitError.powers`.
  /// - Complexity: linear in the model and, for a float model, three passes over the calibration
  ///   inputs.
  public static func compile(
    _ model: [UInt8], reading: ModelReading = ModelReading(),
    options: CompilationOptions = CompilationOptions(), calibration: NamedArrays? = nil,
    labels: NumericArray? = nil, powers: CeremonyPowers? = nil
  ) throws(TacitError) -> (prover: ModelProver, report: ModelReport) {
    var compiling = options.compiler
    if let powers { (compiling.scheme, compiling.powers) = (.srs, powers.count) }
    let survey = try read(model, reading)
    try Job.advance(to: 0.05, else: TacitError.cancelled)
    let (compiled, quantization) = try Job.part(0.05...0.9) { () throws(TacitError) in
      try circuit(survey, compiling, calibration, labels)
    }
    try Job.advance(to: 0.9, else: TacitError.cancelled)
    let prover: ModelProver
    do throws(KeyError) {
      prover = ModelProver(
        key: try ProverKey(
          compiled.system, cells: compiled.cells, committer: powers?.committer))
    } catch {
      throw .model(.circuit(CircuitFault(error)))
    }
    try prover.checkPowers(for: prover.key.verifier.single)
    // Not all commitments are made in a job that is cancelled.
    try Job.check(else: TacitError.cancelled)
    let notes =
      (calibration?.notes ?? []) + survey.notes + (quantization?.notes ?? []) + compiled.notes
    return (
      prover,
      ModelReport(
        notes: notes.map(\.printable),
        quantization: quantization,
        circuit: "\(compiled.report)")
    )
  }

  /// Quantizes a float network, and compiles.
  private static func circuit(
    _ survey: ModelSurvey, _ options: CompilerOptions, _ calibration: NamedArrays?,
    _ labels: NumericArray?
  ) throws(TacitError) -> (CompiledCircuit, ModelReport.Quantization?) {
    var (graph, quantization): (Graph, ModelReport.Quantization?) = (survey.graph, nil)
    let open = Quantizer.openInputs(of: graph)
    switch (calibration, graph.isFloat) {
    case (let calibration?, true):
      (graph, quantization) = try Job.part(0...0.6) { () throws(TacitError) in
        try quantize(survey, calibration, labels)
      }
    case (nil, true):
      throw .calibration(
        .missing(
          graph.inputs.map { .init(name: graph.tensors[$0].name, shape: graph.tensors[$0].shape) }))
    case (let calibration?, false) where !open.isEmpty:
      graph = Quantizer.quantizeInputs(
        of: graph, by: try samples(survey.graph, calibration).samples)
      if labels != nil { throw .labels(.withoutInputs) }
    case (nil, false) where !open.isEmpty:
      throw .calibration(
        .missingInputs(
          open.map { .init(name: graph.tensors[$0].name, shape: graph.tensors[$0].shape) }))
    case (.some, false):
      throw .calibration(.unwanted)
    case (nil, false):
      if labels != nil { throw .labels(.withoutInputs) }
    }
    do throws(ModelError) {
      return try Job.part(quantization == nil ? 0...1 : 0.6...1) { () throws(ModelError) in
        (try Compiler.compile(graph, options), quantization)
      }
    } catch {
      throw refusal(error, of: survey)
    }
  }

  /// An error that names one node, or all of those that stand in the way where there are more.
  private static func refusal(_ error: ModelError, of survey: ModelSurvey) -> TacitError {
    if error == .cancelled { return .cancelled }
    let problems = survey.problems.filter { !$0.node.isEmpty }
    return problems.isEmpty ? TacitError(error) : TacitError(.nodes(problems, supported: []))
  }

  /// A model whose every node was read.
  private static func read(
    _ model: [UInt8], _ reading: ModelReading
  ) throws(TacitError) -> ModelSurvey {
    do throws(ModelError) {
      let survey = try ModelFile.survey(model, reading.options)
      _ = try survey.accepted()
      return survey
    } catch {
      throw TacitError(error)
    }
  }

  /// What calibration inputs hold for each input of a network, and how they were read.
  private static func samples(
    _ graph: Graph, _ calibration: NamedArrays
  ) throws(TacitError) -> (samples: [[[Float]]], reports: [InputReport]) {
    let inputs = graph.inputs.map { graph.tensors[$0] }
    do throws(CalibrationFault) {
      return (
        try CalibrationInputs.samples(calibration, of: inputs),
        try CalibrationInputs.reports(calibration, of: inputs)
      )
    } catch {
      throw .calibration(error)
    }
  }

  private static func quantize(
    _ survey: ModelSurvey, _ calibration: NamedArrays, _ labels: NumericArray?
  ) throws(TacitError) -> (Graph, ModelReport.Quantization) {
    let graph = survey.graph
    let (samples, reports) = try samples(graph, calibration)
    let classes: Labels?
    do throws(LabelFault) {
      classes = try labels.map { array throws(LabelFault) in
        try Labels(array, of: graph, samples: samples.count)
      }
    } catch {
      throw .labels(error)
    }
    do throws(ModelError) {
      let (quantized, report) = try Quantizer.quantizeWithShortMultipliers(
        graph, calibration: samples)
      return (
        quantized,
        ModelReport.Quantization(report, inputs: reports, labels: classes)
      )
    } catch {
      throw refusal(error, of: survey)
    }
  }
}
