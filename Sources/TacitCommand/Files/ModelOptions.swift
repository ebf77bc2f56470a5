import ArgumentParser
import ConstraintSystem
import Tacit

/// What a model file does not say by itself, of every verb that reads one.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .customLong("shape"),
    help: ArgumentHelp(
      "Of an ONNX model: the extents of an input that it leaves open; once for each input.",
      valueName: "input=1,3,224,224"))
  var shapes: [String] = []

  /// - Parameter model: the model's path; a stream has no folder.
  func reading(_ model: String) throws(CommandError) -> ModelReading {
    ModelReading(shapes: try Self.shapes(shapes), folder: Self.folder(of: model))
  }

  /// - Parameter texts: as `--shape` takes them.
  static func shapes(_ texts: [String]) throws(CommandError) -> [String: [Int]] {
    var shapes: [String: [Int]] = [:]
    for text in texts {
      guard let cut = text.lastIndex(of: "="), cut != text.startIndex else {
        throw usage(text)
      }
      var extents: [Int] = []
      for part in text[text.index(after: cut)...].split(
        separator: ",", omittingEmptySubsequences: false)
      {
        guard let extent = Int(part), extent > 0 else { throw usage(text) }
        extents.append(extent)
      }
      guard shapes.updateValue(extents, forKey: String(text[..<cut])) == nil else {
        throw .usage("--shape \(text.quoted): that input has a shape already")
      }
    }
    return shapes
  }

  private static func usage(_ text: String) -> CommandError {
    .usage("--shape \(text.quoted): write it as in --shape image=1,3,224,224")
  }

  private static func folder(of model: String) -> ModelFolder? {
    guard model != "-" else { return nil }
    guard let cut = model.lastIndex(of: "/") else { return ModelFolder(path: ".") }
    return ModelFolder(path: cut == model.startIndex ? "/" : String(model[..<cut]))
  }
}
