import Import
import Model
import TestSupport
import Testing

/// Files that ask for more than a key could hold, or for more work than their size allows, are told what is
/// too much.
struct ModelLimitTests {
  typealias X = ONNXBytes

  private func message(_ bytes: [UInt8]) -> String {
    do throws(ModelError) {
      let problems = try ModelFile.survey(bytes).problems
      return problems.map(\.description).joined(separator: "\n")
    } catch { return error.description }
  }

  @Test func `inputs, outputs, nodes and operands`() {
    let relu = X.node("Relu", ["x0"], ["y"])
    func inputs(_ count: Int) -> [UInt8] { (0..<count).flatMap { X.input("x\($0)", [1, 4]) } }
    #expect(
      message(X.model(inputs(65), relu, X.output("y")))
        == "a model of 65 inputs; at most 64 are read")
    #expect(!message(X.model(inputs(64), relu, X.output("y"))).contains("at most 64"))
    let outputs = (0..<65).flatMap { X.node("Relu", ["x0"], ["y\($0)"]) + X.output("y\($0)") }
    #expect(message(X.model(inputs(1), outputs)) == "a model of 65 outputs; at most 64 are read")
    let nodes = (0...16_384).flatMap { X.node("Relu", ["x0"], ["y\($0)"]) }
    #expect(
      message(X.model(inputs(1), nodes, X.output("y0")))
        == "a model of 16385 nodes; at most 16384 are read")
    let names = [String](repeating: "x0", count: 1025)
    #expect(
      message(X.model(inputs(1), X.node("Concat", names, ["y"]), X.output("y")))
        .contains("1025 operands and 1 outputs; at most 1024 are read"))
  }

  @Test func `messages are counted before they are decoded`() {
    let many = [[UInt8]](repeating: X.field(5, [UInt8]()), count: 1 << 18).flatMap(\.self)
    let node = X.field(1, X.field(1, "x") + X.field(2, "y") + X.field(4, "Relu") + many)
    for graph in [node, X.field(1, X.field(5, X.field(6, node)))] {
      #expect(
        message(X.model(X.input("x", [1, 4]), graph, X.output("y")))
          == "a model of more than 262144 nodes, attributes and tensors; use a smaller network")
    }
  }

  @Test func `constants that many nodes share`() {
    let weight = X.reals("w", [1, 50_000], [Float](repeating: 1, count: 50_000))
    func model(_ count: Int) -> [UInt8] {
      X.model(
        X.input("x", [1, 50_000]), weight,
        (0..<count).flatMap { X.node("Add", [$0 == 0 ? "x" : "y\($0 - 1)", "w"], ["y\($0)"]) },
        X.output("y\(count - 1)"))
    }
    #expect(!message(model(50)).contains("constants"))
    #expect(message(model(200)).contains("the nodes read more than"))
  }

  @Test func `constants that are computed`() {
    let nodes = (0..<40).flatMap { X.node("ConstantOfShape", ["n"], ["c\($0)"]) }
    let sums = (0..<40).flatMap {
      X.node("Add", [$0 == 0 ? "x" : "y\($0 - 1)", "c\($0)"], ["y\($0)"])
    }
    #expect(
      message(
        X.model(
          X.input("x", [1 << 18]), X.integers("n", [1], [1 << 18]), nodes, sums, X.output("y39"))
      ).contains("the constants that are computed hold more than"))
  }

  @Test func `views and windows`() {
    let ones = [String](repeating: "x", count: 65)
    #expect(
      message(
        X.model(
          X.input("x", [1, 1]), X.node("Concat", ones, ["y"], X.attribute("axis", 1)),
          X.output("y"))
      ).contains("a concatenation of 65 views; at most 64"))
    #expect(
      message(
        X.model(
          X.input("x", [1, 1, 5000]),
          X.node("MaxPool", ["x"], ["y"], X.attribute("kernel_shape", [4999])), X.output("y"))
      ).contains("at most 4096 are compared"))
    #expect(
      message(
        X.model(
          X.input("x", [1, 1, 1024, 1024]),
          X.node(
            "AveragePool", ["x"], ["y"], X.attribute("kernel_shape", [3, 3]),
            X.attribute("pads", [1, 1, 1, 1])), X.output("y"))
      ).contains("windows at 1048576 positions, some over pads"))
  }

  @Test func `rows and steps of the whole network`() {
    let large = (0..<20).flatMap { index in
      X.node("Add", [index == 0 ? "x" : "y\(index - 1)", "x"], ["y\(index)"])
    }
    #expect(
      message(X.model(X.input("x", [1, 1 << 20]), large, X.output("y19")))
        .contains("it takes more than 2^24 rows to prove"))
    let deep = (0..<5000).flatMap { index in
      X.node("Add", [index == 0 ? "x" : "y\(index - 1)", "x"], ["y\(index)"])
    }
    #expect(
      message(X.model(X.input("x", [1, 2]), deep, X.output("y4999")))
        .contains("it takes more than 4096 steps to prove"))
  }
}
