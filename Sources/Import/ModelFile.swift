package import Model

/// A model file of either format.
package enum ModelFile {
  package enum Format: String, Sendable {
    case tflite = "TFLite"
    case onnx = "ONNX"
  }

  /// TFLite files name themselves; anything else is read as ONNX, which does not.
  package static func format(_ bytes: [UInt8]) -> Format {
    bytes.count >= 8 && bytes[4..<8].elementsEqual(TFLiteSchema.identifier) ? .tflite : .onnx
  }

  /// What every node of a file is, and what stands in the way of proving it.
  ///
  /// - Throws: for what is no model file; never traps, and takes time and memory in proportion to
  ///   the file.
  package static func survey(
    _ bytes: [UInt8], _ options: ReaderOptions = ReaderOptions()
  ) throws(ModelError) -> ModelSurvey {
    switch format(bytes) {
    case .tflite:
      guard options.shapes.isEmpty else {
        throw .unsupported(
          node: "", what: "shapes are given for a TFLite model, which has its own",
          remedy: "convert it again for other shapes")
      }
      return try TFLiteReader.survey(bytes)
    case .onnx: return try ONNXReader.survey(bytes, options)
    }
  }

  /// - Returns: a verified graph, and in plain words what the reader decided on the way.
  /// - Throws: for every file that is not a network made of supported operators; never traps, and
  ///   takes time and memory in proportion to the file.
  package static func read(
    _ bytes: [UInt8], _ options: ReaderOptions = ReaderOptions()
  ) throws(ModelError) -> (graph: Graph, notes: [String]) {
    try survey(bytes, options).accepted()
  }
}
