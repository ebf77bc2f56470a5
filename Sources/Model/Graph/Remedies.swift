/// What to do about operators and attributes that are not supported, in the words of who made the
/// model.
enum Remedies {
  /// Of a TFLite model that is quantized in part, or while it runs.
  static let fullQuantization =
    "convert it with full integer quantization (in Python: converter.optimizations = "
    + "[tf.lite.Optimize.DEFAULT], converter.representative_dataset = typical inputs), or without "
    + "optimizations as a float model, and give calibration inputs (--calibrate)"

  static let exportAgain = "the file contradicts itself here: export the model again"

  /// What is wrong with a node whose operator is not known, and the way around it.
  ///
  /// - Parameter supported: names as `Operators.supported` gives them, opsets after some.
  static func unknown(
    _ type: String, opset: Int?, supported: [String]
  ) -> (what: String, remedy: String) {
    if let known = supported.first(where: { $0.hasPrefix(type + " (") }) {
      let opsets = known.dropFirst(type.count + 2).dropLast()
      return (
        "\(type) of opset \(opset.map(String.init) ?? "unknown") is not supported",
        "convert the model to another opset: \(opsets) are read"
      )
    }
    return ("the operator is not supported", replacement(for: type))
  }

  static func attribute(_ name: String) -> String {
    attributes[name] ?? "export the model with this attribute left at its default"
  }

  private static let attributes = [
    "fused_activation_function":
      "use NONE, RELU, RELU6 or RELU_N1_TO_1, or a separate activation layer",
    "p": "use p from 1 to 16",
    "auto_pad": "export with explicit pads",
    "block_size": "quantize with one scale per tensor or per channel",
    "alpha, beta": "fold the factors into the weights and the bias",
    "transA": "export with transA = 0, or transpose the input before the network",
    "ceil_mode": "export with ceil_mode = 0 and explicit pads",
    "count_include_pad": "export the pooling without padding",
  ]

  /// By the operator's name without its domain, case and underscores.
  static func replacement(for type: String) -> String {
    if type.hasPrefix("custom operator") { return "replace the custom operator by builtin ones" }
    let name = String(type.split(separator: ".").last ?? "").uppercased().replacing("_", with: "")
    let found = patterns.first { pattern in
      pattern.isPrefix ? name.hasPrefix(pattern.name) : name == pattern.name
    }
    return found?.remedy ?? "replace it by supported operators, or do it outside the network"
  }

  private static let patterns = replacements.flatMap { names, remedy in
    names.split(separator: " ").map { pattern in
      let isPrefix = pattern.last == "*"
      return (
        name: String(isPrefix ? pattern.dropLast() : pattern), isPrefix: isPrefix, remedy: remedy
      )
    }
  }

  /// Names, or their beginnings before an asterisk.
  private static let replacements: [(names: String, remedy: String)] = [
    (
      "DYNAMICQUANTIZE* CONVINTEGER MATMULINTEGER*",
      "scales that depend on the input are not proven: quantize with static ranges "
        + "(onnxruntime's quantize_static)"
    ),
    (
      "LSTM GRU RNN SVDF UNIDIRECTIONAL* BIDIRECTIONAL* VARHANDLE READVARIABLE ASSIGNVARIABLE "
        + "CALLONCE", "no state is kept between steps: unroll it, or use convolutions over time"
    ),
    ("WHILE LOOP SCAN IF CALL", "export the model without control flow"),
    (
      "EINSUM ATTENTION MULTIHEADATTENTION", "write it with MatMul and Softmax"
    ),
    (
      "SKIPLAYERNORMALIZATION L2NORMALIZATION LOCALRESPONSENORMALIZATION LRN",
      "use batch normalization, which folds into the layer before it"
    ),
    ("RESIZE UPSAMPLE", "export the model with a constant size, and opset 10 or newer"),
    ("TRANSPOSECONV CONVTRANSPOSE", "use Resize and a convolution"),
    ("L2POOL2D", "use average or max pooling"),
    ("DIV", "multiply by the reciprocal of the constant"),
    (
      "EXP LOG SQRT RSQRT POW SIN COS ERF SELU CELU MISH SOFTPLUS SOFTSIGN SQUARE",
      "use one of the supported activations"
    ),
    (
      "NONMAXSUPPRESSION* TOPK* UNIQUE WHERE NONZERO",
      "do it after the network, on its proven output"
    ),
    ("GATHER* EMBEDDINGLOOKUP* ONEHOT HASHTABLE*", "do it before the network, on its input"),
    ("CAST", "export the model with one type of activation throughout"),
    ("DROPOUT RANDOM* MULTINOMIAL", "export the model for inference"),
  ]
}
