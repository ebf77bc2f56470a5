import Foundation
import TestSupport
import Testing

/// Models of up to a megabyte that were made to cost their reader as much as they can: `inspect` ends
/// with 0 or 2, in two seconds of a processor and 256 MB.
struct HostileModelTests {
  typealias X = ONNXBytes

  /// Named after what they do.
  static let onnx: [(name: String, bytes: [UInt8])] =
    chains + shared + quantizers + folded + wide + windows + fields

  /// One node after the other: whatever is done for each must not depend on the others' number.
  static let chains: [(String, [UInt8])] = {
    func model(
      _ name: String, _ constants: [UInt8], _ type: String, _ others: [String] = [],
      _ attributes: [UInt8] = [], shape: [Int] = [1, 4], bytes: Int = 1 << 20
    ) -> (String, [UInt8]) {
      (
        "a chain of \(name)",
        X.model(
          X.input("x", shape), constants, X.chain(type, others, attributes, bytes: bytes),
          X.output("y"))
      )
    }
    let four = X.reals("c", [4], [1, 2, 3, 4])
    // About as many nodes as are read.
    let most = 400_000
    return [
      model("Identity", [], "Identity", bytes: most),
      model("too many Identity", [], "Identity"),
      model("Dropout", [], "Dropout", bytes: most),
      model("Cast", [], "Cast", [], X.attribute("to", 1), bytes: most),
      model("Relu", [], "Relu", bytes: most), model("Sigmoid", [], "Sigmoid", bytes: most),
      model("Softmax", [], "Softmax", bytes: most), model("Flatten", [], "Flatten", bytes: most),
      model("Log", [], "Log", bytes: most), model("unknown operators", [], "Foo", bytes: most),
      model("MatMulInteger", [], "MatMulInteger", ["x"], bytes: most),
      model("Add", four, "Add", ["c"], bytes: most), model("Max", [], "Max", ["x"], bytes: most),
      model("Mul", X.reals("c", [], [2]), "Mul", ["c"], bytes: most),
      model(
        "MatMul", X.reals("w", [4, 4], [Float](repeating: 1, count: 16)), "MatMul", ["w"],
        bytes: most),
      model(
        "BatchNormalization", four, "BatchNormalization", ["c", "c", "c", "c"], bytes: 500_000),
      model(
        "BatchNormalization over five axes", four, "BatchNormalization", ["c", "c", "c", "c"],
        shape: [1, 4, 1, 1, 1, 2], bytes: 500_000),
      model(
        "MaxPool", [], "MaxPool", [], X.attribute("kernel_shape", [64, 64]),
        shape: [1, 1, 8192, 2048]),
    ]
  }()

  /// Many nodes read one large constant.
  static let shared: [(String, [UInt8])] = {
    let weight = X.reals("w", [1, 100_000], [Float](repeating: 1, count: 100_000))
    let bias = X.reals("b", [], [1])
    let axes = X.integers("a", [50_000], [Int](repeating: 1, count: 50_000))
    func model(
      _ type: String, _ shape: [Int], _ others: [String], _ constants: [UInt8]...
    ) -> (String, [UInt8]) {
      let nodes = (0..<8000).flatMap { X.node(type, ["x"] + others, ["e\($0)"]) }
      return (
        "\(type) that share a constant",
        X.model(X.input("x", shape), constants.flatMap(\.self), nodes, X.output("e7999"))
      )
    }
    return [
      model("MatMul", [1, 1], ["w"], weight), model("Gemm", [1, 1], ["w", "b"], weight, bias),
      model("Add", [1, 100_000], ["w"], weight), model("ReduceMean", [1, 4], ["a"], axes),
      model("Unsqueeze", [1, 4], ["a"], axes),
    ]
  }()

  /// QONNX's, and what they let go into a layer.
  static let quantizers: [(String, [UInt8])] = {
    func model(_ name: String, _ width: Int, _ nodes: [UInt8], _ last: String) -> (String, [UInt8])
    {
      (
        "QONNX: \(name)",
        X.model(
          X.input("x", [1, 1]), X.reals("s", [], [0.5]), X.reals("z", [], [0]),
          X.reals("b", [], [4]), X.reals("c", [], [3]),
          X.reals("w", [1, width], [Float](repeating: 1, count: width)),
          X.node("Quant", ["x", "s", "z", "b"], ["q"]),
          X.node("Quant", ["w", "s", "z", "b"], ["v"]), nodes, X.output(last))
      )
    }
    let layer = X.node("MatMul", ["q", "v"], ["e0"])
    func chain(_ first: String, _ type: String, _ others: [String]) -> [UInt8] {
      (1...8000).flatMap { X.node(type, [$0 == 1 ? first : "e\($0 - 1)"] + others, ["e\($0)"]) }
    }
    let scales = X.reals("u", [1, 50_000], [Float](repeating: 1, count: 50_000))
    return [
      model("factors behind a layer", 50_000, layer + chain("e0", "Mul", ["s"]), "e8000"),
      model(
        "factors before a layer", 50_000,
        chain("q", "Mul", ["s"]) + X.node("MatMul", ["e8000", "v"], ["y"]), "y"),
      model("a chain", 4, layer + chain("e0", "Quant", ["s", "z", "b"]), "e8000"),
      model("a chain of signs", 4, layer + chain("e0", "BipolarQuant", ["s"]), "e8000"),
      model(
        "one tensor for all but one", 4,
        layer + (0..<8000).flatMap { X.node("Quant", ["e0", "s", "z", "b"], ["y\($0)"]) }
          + X.node("Quant", ["e0", "s", "z", "c"], ["y"]), "y"),
      model(
        "one list of scales", 50_000,
        scales + (0..<8000).flatMap { X.node("Quant", ["w", "u", "z", "b"], ["y\($0)"]) }
          + X.node("MatMul", ["q", "y7999"], ["y"]), "y"),
    ]
  }()

  /// Constants that are computed, each from few bytes.
  static let folded: [(String, [UInt8])] = {
    let million = X.integers("n", [1], [1 << 20])
    func model(_ name: String, _ parts: [UInt8]...) -> (String, [UInt8]) {
      (
        name,
        X.model(
          X.input("x", [1, 4]), parts.flatMap(\.self), X.node("Relu", ["x"], ["y"]), X.output("y"))
      )
    }
    func many(_ count: Int, _ node: (Int) -> [UInt8]) -> [UInt8] { (0..<count).flatMap(node) }
    let large = X.reals("k", [300, 300], [Float](repeating: 1, count: 90_000))
    return [
      model(
        "ConstantOfShape over and over", million,
        many(20_000) { X.node("ConstantOfShape", ["n"], ["c\($0)"]) }),
      model(
        "Expand over and over", million, X.reals("k", [1], [1]),
        many(15_000) { X.node("Expand", ["k", "n"], ["c\($0)"]) }),
      model(
        "Range over and over", X.integers("a", [], [0]), X.integers("b", [], [1 << 20]),
        X.integers("c", [], [1]), many(15_000) { X.node("Range", ["a", "b", "c"], ["c\($0)"]) }),
      model(
        "Concat that doubles", X.integers("k0", [1], [1]),
        many(60) { X.node("Concat", ["k\($0)", "k\($0)"], ["k\($0 + 1)"], X.attribute("axis", 0)) }),
      model(
        "Concat of many", X.integers("k", [1024], [Int](repeating: 1, count: 1024)),
        many(300) {
          X.node(
            "Concat", [String](repeating: "k", count: 1000), ["c\($0)"], X.attribute("axis", 0))
        }),
      model(
        "Transpose over and over", large, many(15_000) { X.node("Transpose", ["k"], ["c\($0)"]) }),
      model(
        "Gather over and over", large,
        X.integers("i", [40_000], [Int](repeating: 1, count: 40_000)),
        many(5000) { X.node("Gather", ["k", "i"], ["c\($0)"]) }),
      model(
        "Slice with many bounds", X.reals("k", [90_000], [Float](repeating: 1, count: 90_000)),
        X.integers("s", [64], [Int](repeating: 0, count: 64)),
        X.integers("e", [64], [Int](repeating: 90_000, count: 64)),
        many(10_000) { X.node("Slice", ["k", "s", "e", "s"], ["c\($0)"]) }),
      model(
        "Max of one large and many small", million, X.node("ConstantOfShape", ["n"], ["k"]),
        X.node("Max", ["k"] + [String](repeating: "k0", count: 1000), ["c"]),
        X.reals("k0", [], [1])),
      model(
        "integers at their ends", X.integers("a", [], [.min]), X.integers("b", [], [.max]),
        X.integers("s", [], [1 << 62]), X.node("Range", ["a", "b", "s"], ["c0"]),
        X.integers("m", [], [-1]), X.node("Div", ["c0", "m"], ["c1"]),
        X.node("Neg", ["c0"], ["c2"]), X.node("Mul", ["c0", "c0"], ["c3"])),
    ]
  }()

  /// Many inputs, outputs, operands.
  static let wide: [(String, [UInt8])] = {
    let outputs = (0..<40_000).map { "e\($0)" }
    let names = [String](repeating: "x", count: 200_000)
    func model(_ name: String, _ parts: [UInt8]...) -> (String, [UInt8]) {
      (name, X.model(X.input("x", [1, 1]), parts.flatMap(\.self)))
    }
    return [
      model(
        "many inputs", (0..<30_000).flatMap { X.input("x\($0)", [1, 4]) },
        X.node("Relu", ["x"], ["y"]), X.output("y")),
      model(
        "many outputs", outputs.prefix(12_000).flatMap { X.node("Relu", ["x"], [$0]) },
        outputs.prefix(12_000).flatMap { X.output($0) }),
      model(
        "many readers of one tensor",
        outputs.prefix(16_000).flatMap { X.node("Relu", ["x"], [$0]) }, X.output("e0")),
      model(
        "Split into many", X.node("Split", ["x"], outputs, X.attribute("axis", 1)), X.output("e0")),
      model(
        "Concat of many activations", X.node("Concat", names, ["y"], X.attribute("axis", 1)),
        X.output("y")),
      model(
        "Concat that doubles an activation",
        (0..<24).flatMap { step -> [UInt8] in
          let input = step == 0 ? "x" : "k\(step)"
          return X.node("Concat", [input, input], ["k\(step + 1)"], X.attribute("axis", 1))
        }, X.node("Relu", ["k24"], ["y"]), X.output("y")),
      model(
        "products of concatenations",
        X.node("Concat", [String](repeating: "x", count: 64), ["k"], X.attribute("axis", 1)),
        (0..<60).flatMap { X.node("Mul", ["k", "k"], ["y\($0)"]) + X.output("y\($0)") }),
    ]
  }()

  /// Extents far beyond the file.
  static let windows: [(String, [UInt8])] = {
    func model(_ name: String, _ shape: [Int], _ parts: [UInt8]...) -> (String, [UInt8]) {
      (name, X.model(X.input("x", shape), parts.flatMap(\.self), X.output("y")))
    }
    let kernel = X.reals("w", [1, 1, 2, 2], [1, 1, 1, 1])
    return [
      model(
        "a dilated convolution", [1, 1, 4, 4], kernel,
        X.node(
          "Conv", ["x", "w"], ["y"], X.attribute("dilations", [65536, 65536]),
          X.attribute("auto_pad", "SAME_UPPER"))),
      model(
        "a convolution that reaches over 2^28 values", [1, 1, 4, 4],
        X.reals("w", [1, 1, 4096, 1], [Float](repeating: 1, count: 4096)),
        X.node(
          "Conv", ["x", "w"], ["y"], X.attribute("dilations", [65536, 1]),
          X.attribute("auto_pad", "SAME_UPPER"))),
      model(
        "the maximum of 2^48 values", [1, 1, 1, 1, 1],
        X.node(
          "MaxPool", ["x"], ["y"], X.attribute("kernel_shape", [65536, 65536, 65536]),
          X.attribute("pads", [40959, 40959, 32768, 40959, 40959, 32767]))),
      model(
        "the maximum of 65536 values", [1, 1, 70_000],
        X.node("MaxPool", ["x"], ["y"], X.attribute("kernel_shape", [65536]))),
      model(
        "padded maxima of an image of 2^28 pixels", [1, 1, 1 << 14, 1 << 14],
        X.node(
          "MaxPool", ["x"], ["y"], X.attribute("kernel_shape", [2, 2]),
          X.attribute("pads", [1, 1, 1, 1]))),
      model(
        "padded means of an image of 2^24 pixels", [1, 1, 1 << 12, 1 << 12],
        X.node(
          "AveragePool", ["x"], ["y"], X.attribute("kernel_shape", [2, 2]),
          X.attribute("pads", [1, 1, 0, 0]))),
      model(
        "padded means over and over", [1, 1, 1 << 9, 1 << 9],
        X.chain(
          "AveragePool", [],
          X.attribute("kernel_shape", [3, 3]) + X.attribute("pads", [1, 1, 1, 1]))),
      model(
        "slices of slices of one value", [1, 4], X.integers("s", [1], [0]),
        X.integers("e", [1], [9]), X.integers("a", [1], [1]), X.integers("t", [1], [65536]),
        (0..<9).flatMap { step in
          X.node(
            "Slice", [step == 0 ? "x" : "k\(step)", "s", "e", "a", "t"], ["k\(step + 1)"])
        }, X.node("Relu", ["k9"], ["y"])),
      model(
        "pads over and over", [1, 1, 1, 1],
        X.integers("p", [8], [0, 0, 65536, 0, 0, 0, 65536, 0]),
        (0..<100).flatMap { X.node("Pad", [$0 == 0 ? "x" : "k\($0)", "p"], ["k\($0 + 1)"]) },
        X.node("Relu", ["k100"], ["y"])),
      model("2^64 values", [65536, 65536, 65536, 65536], X.node("Relu", ["x"], ["y"])),
      model(
        "the size of 2^31 values", [1 << 16, 1 << 15], X.node("Size", ["x"], ["s"]),
        X.node("ConstantOfShape", ["s"], ["c"]), X.node("Add", ["x", "c"], ["y"])),
      model(
        "a sum that spreads to 2^28 values", [1 << 14, 1],
        X.reals("c", [1, 1 << 14], [Float](repeating: 1, count: 1 << 14)),
        X.node("Add", ["x", "c"], ["y"])),
      model(
        "less data than the shape says", [1, 4],
        X.constant("c", [1 << 20, 1 << 10], type: 1, [0, 0, 0, 0]),
        X.node("Add", ["x", "c"], ["y"])),
    ]
  }()

  /// Messages of two bytes, messages in messages, names.
  static let fields: [(String, [UInt8])] = {
    func empty(_ id: Int, _ count: Int = 490_000) -> [UInt8] {
      [[UInt8]](repeating: X.field(id, [UInt8]()), count: count).flatMap(\.self)
    }
    func model(_ name: String, _ graph: [UInt8], node: [UInt8] = [], after: [UInt8] = []) -> (
      String, [UInt8]
    ) {
      let relu = X.field(
        1, X.field(1, "x") + X.field(2, "y") + X.field(4, "Relu") + node)
      return (name, X.model(X.input("x", [1, 4]), graph, relu, X.output("y")) + after)
    }
    var nested: [UInt8] = []
    for _ in 0..<3000 { nested = X.field(6, X.field(1, X.field(5, nested))) }
    return [
      model("empty nodes", empty(1)), model("empty constants", empty(5)),
      model("empty sparse constants", empty(15)), model("empty inputs", empty(11)),
      model("empty outputs", empty(12)), model("empty descriptions", empty(13)),
      model("empty attributes", [], node: empty(5)), model("empty operands", [], node: empty(1)),
      model("empty graphs in an attribute", [], node: X.field(5, X.field(1, "a") + empty(11))),
      model("empty functions", [], after: empty(25, 320_000)),
      model("empty properties", [], after: empty(14)), model("empty opsets", [], after: empty(8)),
      model("graphs in graphs", [], node: X.field(5, nested)),
      model(
        "a list of small integers", [],
        node: X.field(
          5, X.field(1, "q") + X.field(8, [UInt8](repeating: 1, count: 900_000)) + X.field(20, 7))),
      model(
        "nodes of one name",
        (0..<16_000).flatMap {
          X.field(1, X.field(1, "x") + X.field(2, "y\($0)") + X.field(3, "n") + X.field(4, "Relu"))
        }),
      model(
        "a name of 900,000 bytes",
        X.field(
          1,
          X.field(1, "x") + X.field(2, "z") + X.field(4, "Foo")
            + X.field(3, String(repeating: "n", count: 900_000)))),
      (
        "names to escape",
        X.model(
          (0..<100).map { index in
            X.node(String(repeating: "\u{1B}", count: 9000) + "\(index)", ["x"], ["y\(index)"])
          }.reduce(X.input("x", [1, 4]), +), X.output("y99"))
      ),
      (
        "many names to escape",
        X.model(
          (0..<8000).map { index in
            X.node(String(repeating: "\u{1B}", count: 60) + "\(index)", ["x"], ["y\(index)"])
          }.reduce(into: X.input("x", [1, 4])) { $0 += $1 }, X.output("y7999"))
      ),
      (
        "a tensor that is its own source",
        X.model(X.input("x", [1, 4]), X.node("Relu", ["y"], ["y"]), X.output("y"))
      ),
      (
        "a circle",
        X.model(
          X.input("x", [1, 4]), X.node("Add", ["x", "z"], ["y"]), X.node("Relu", ["y"], ["z"]),
          X.output("z"))
      ),
    ]
  }()

  /// TFLite's objects may be shared.
  static let tflite: [(name: String, bytes: [UInt8])] = {
    func chain(
      _ name: String, _ code: Int, shape extents: [Int], count: Int,
      options: (union: Int8, fields: [Int: TFLiteBytes.Field])? = nil
    ) -> (String, [UInt8]) {
      var file = TFLiteBytes()
      let shape = file.ints(extents)
      let tensor = file.tensor("t", shape)
      let table = options.map { (union: $0.union, table: file.add(.table($0.fields))) }
      var nodes: [Int] = []
      for index in 0..<count { nodes.append(file.node([index], [index + 1], options: table)) }
      return (
        name,
        file.model(
          operator: code, tensors: [Int](repeating: tensor, count: count + 1), nodes: nodes,
          inputs: [0], outputs: [count])
      )
    }
    func pool(_ extent: Int32) -> (union: Int8, fields: [Int: TFLiteBytes.Field]) {
      (5, [0: .byte(0), 1: .int(1), 2: .int(1), 3: .int(extent), 4: .int(extent)])
    }
    func shared(
      _ name: String, _ code: Int, tensor scales: Int, shape extents: [Int], buffer: [UInt8],
      tensors: Int
    ) -> (String, [UInt8]) {
      var file = TFLiteBytes()
      let (small, large) = (file.ints([1, 4]), file.ints(extents))
      let ends = [file.tensor("x", small), file.tensor("y", small)]
      let weight = file.tensor("w", large, buffer: buffer.isEmpty ? 0 : 1, scales: scales)
      var nodes: [Int] = []
      for index in 0..<8000 { nodes.append(file.node([0, 2 + index % tensors], [1])) }
      return (
        name,
        file.model(
          operator: code, tensors: ends + [Int](repeating: weight, count: tensors), nodes: nodes,
          inputs: [0], outputs: [1], buffer: buffer)
      )
    }
    /// Operators that are one table, whose output has a long name.
    func renamed(_ name: String) -> (String, [UInt8]) {
      var file = TFLiteBytes()
      let tensor = file.tensor(String(repeating: "n", count: 200), file.ints([1, 4]))
      let node = file.node([0], [1])
      return (
        name,
        file.model(
          operator: 200, tensors: [tensor, tensor], nodes: [Int](repeating: node, count: 16_000),
          inputs: [0], outputs: [1])
      )
    }
    /// Constants that only a node makes, of a number that the file states.
    func fills(_ name: String, _ extent: Int, count: Int) -> (String, [UInt8]) {
      var file = TFLiteBytes()
      let shape = file.ints([1])
      func integers(_ name: String, buffer: Int32, in file: inout TFLiteBytes) -> Int {
        let label = file.text(name)
        return file.add(
          .table([
            0: .reference(shape), 1: .byte(2), 2: .int(buffer), 3: .reference(label),
          ]))
      }
      let extents = integers("extents", buffer: 1, in: &file)
      let filled = integers("filled", buffer: 0, in: &file)
      let nodes = (0..<count).map { file.node([0, 0], [1 + $0]) }
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: extent >> (8 * $0)) }
      return (
        name,
        file.model(
          operator: 94, tensors: [extents] + [Int](repeating: filled, count: count), nodes: nodes,
          inputs: [1], outputs: [count], buffer: bytes)
      )
    }
    /// One divisor of many nodes, each a product with its reciprocal.
    func divided(_ name: String, count: Int, _ buffer: [UInt8]) -> (String, [UInt8]) {
      var file = TFLiteBytes()
      let extents = file.ints([1, buffer.count / 4])
      let real = file.add(.table([0: .reference(extents), 3: .reference(file.text("r"))]))
      let divisor = file.add(
        .table([0: .reference(extents), 2: .int(1), 3: .reference(file.text("d"))]))
      let nodes = (0..<count).map { file.node([0, 1], [2 + $0]) }
      return (
        name,
        file.model(
          operator: 42, tensors: [real, divisor] + [Int](repeating: real, count: count),
          nodes: nodes, inputs: [0], outputs: [1 + count], buffer: buffer)
      )
    }
    /// One constant that many nodes make reals of.
    func dequantized(_ name: String, count: Int, _ buffer: [UInt8]) -> (String, [UInt8]) {
      var file = TFLiteBytes()
      let extents = file.ints([buffer.count])
      let weight = file.tensor("w", extents, buffer: 1)
      let real = file.add(.table([0: .reference(extents), 3: .reference(file.text("r"))]))
      let input = file.tensor("x", file.ints([1, 4]))
      let nodes = (0..<count).map { file.node([1], [2 + $0]) }
      return (
        name,
        file.model(
          operator: 6, tensors: [input, weight] + [Int](repeating: real, count: count),
          nodes: nodes, inputs: [0], outputs: [1 + count], buffer: buffer)
      )
    }
    let zeros = [UInt8](repeating: 0, count: 200_000)
    return [
      fills("many fills", 1 << 20, count: 8000), fills("a fill of much", 1 << 28, count: 1),
      dequantized("one weight as many reals", count: 8000, zeros),
      divided("one divisor", count: 8000, [UInt8](repeating: 63, count: 200_000)),
      renamed("one long name in many places"),
      chain("RELU one behind the other", 19, shape: [1, 4], count: 12_000),
      chain("LOGISTIC one behind the other", 14, shape: [1, 4], count: 12_000),
      chain("TANH one behind the other", 28, shape: [1, 4], count: 12_000),
      chain("SOFTMAX one behind the other", 25, shape: [1, 4], count: 12_000),
      chain("ARG_MAX one behind the other", 56, shape: [1, 4], count: 12_000),
      chain("unknown operators one behind the other", 200, shape: [1, 4], count: 12_000),
      chain("padded means", 1, shape: [1, 512, 512, 1], count: 8000, options: pool(2)),
      chain("means of many sizes", 1, shape: [1, 512, 512, 1], count: 8000, options: pool(500)),
      chain("means along one axis", 1, shape: [1, 1, 1 << 18, 1], count: 8000, options: pool(3)),
      chain("padded maxima", 17, shape: [1, 4096, 4096, 1], count: 8000, options: pool(2)),
      chain("large maxima", 17, shape: [1, 64, 64, 1], count: 8000, options: pool(64)),
      shared("one weight", 9, tensor: 1, shape: [50_000, 4], buffer: zeros, tensors: 1),
      shared(
        "one buffer in many tensors", 0, tensor: 1, shape: [200_000], buffer: zeros, tensors: 8000),
      shared("one list of scales", 0, tensor: 20_000, shape: [20_000], buffer: [], tensors: 100),
    ]
  }()

  private func check(_ name: String, _ bytes: [UInt8], _ kind: String) throws {
    try #require(bytes.count <= 1 << 20 + 1 << 16, "\(name): \(bytes.count) bytes")
    try Folder.with { folder in
      try folder.write(bytes, "hostile." + kind)
      for options in [[], ["--json"]] {
        let measure = try Program(named: "tacit").measure(
          ["inspect", folder.path("hostile." + kind)] + options)
        #expect(measure.status == 0 || measure.status == 2, "\(name) ends with \(measure)")
        #expect(measure.seconds < 2, "\(name) takes \(measure.seconds) s")
        #expect(measure.peak < 256 << 20, "\(name) takes \(measure.peak) bytes")
      }
    }
  }

  @Test(arguments: onnx.map(\.name)) func `an ONNX model costs no more than its size allows`(
    name: String
  ) throws {
    let found = try #require(Self.onnx.first { $0.name == name })
    try check(name, found.bytes, "onnx")
  }

  @Test(arguments: tflite.map(\.name)) func `a TFLite model costs no more than its size allows`(
    name: String
  ) throws {
    let found = try #require(Self.tflite.first { $0.name == name })
    try check(name, found.bytes, "tflite")
  }
}
