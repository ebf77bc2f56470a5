import CTacit
import Tacit
import TacitVerifier

/// What a caller of `tacit_compile` chooses.
struct LibraryChoice {
  let options: CompilationOptions
  let reading: ModelReading
  /// What calibration inputs are.
  let numbers: InputReading
  let labels: NumericArray?

  /// - Throws: for a number that names nothing.
  @unsafe init(_ choice: tacit_compilation) throws(CommandError) {
    options = CompilationOptions(
      input: try Self.visibility(unsafe choice.input),
      output: try Self.visibility(unsafe choice.output),
      weightsArePublic: unsafe choice.weights_public != 0,
      name: unsafe choice.name.map { unsafe String(cString: $0) })
    reading = try unsafe Self.reading(shapes: choice.shapes, folder: choice.folder)
    numbers = try Self.reading(unsafe choice.numbers)
    let arrays = try unsafe LibraryCall.arrays(
      choice.labels, choice.labels_count, .automatic, "labels")
    do throws(ArrayFileError) {
      labels = try arrays.map { arrays throws(ArrayFileError) in try arrays.only() }
    } catch {
      throw .array(path: "labels", error)
    }
  }

  func compile(
    _ model: [UInt8], calibration: NamedArrays?
  ) throws(CommandError) -> (prover: ModelProver, report: ModelReport) {
    do throws(TacitError) {
      return try ModelProver.compile(
        model, reading: reading, options: options, calibration: calibration, labels: labels)
    } catch {
      throw .tacit(path: error.subject?.rawValue ?? "model", error)
    }
  }

  /// - Parameter shapes: a line for each input, as `--shape` has it.
  @unsafe static func reading(
    shapes: Text0, folder: Text0
  ) throws(CommandError) -> ModelReading {
    let lines = unsafe shapes.map { unsafe String(cString: $0) } ?? ""
    return ModelReading(
      shapes: try ModelOptions.shapes(
        lines.split(separator: "\n").map { String($0) }),
      folder: unsafe folder.map { ModelFolder(path: unsafe String(cString: $0)) })
  }

  static func reading(_ numbers: Int32) throws(CommandError) -> InputReading {
    switch numbers {
    case TACIT_AUTOMATIC: .automatic
    case TACIT_REALS: .reals
    case TACIT_INTEGERS: .integers
    default: throw .usage("\(numbers) says nothing of what numbers are: 0, 1 or 2 does")
    }
  }

  private static func visibility(_ number: Int32) throws(CommandError) -> TensorVisibility {
    switch number {
    case TACIT_PUBLIC: .public
    case TACIT_PRIVATE: .private
    case TACIT_COMMITTED: .committed
    default: throw .usage("\(number) says nothing of who learns a tensor: 0, 1 or 2 does")
    }
  }
}
