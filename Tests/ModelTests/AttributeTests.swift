import ConstraintSystem
import Model
import Testing

/// Attributes, constants and quantizations that no operator takes: an error in plain words each.
struct AttributeTests {
  struct Malformed: Sendable, CustomTestStringConvertible {
    var type: String
    var isTFLite = true
    var attributes: [String: SourceNode.Attribute] = [:]
    var inputs: [Tensor]
    var output = Tensor.activation("y", [1, 2, 2, 3], 0.05, 3)
    var outputs = 1
    var piece = 0
    /// What the message says.
    var says: String
    var testDescription: String { "\(type): \(says)" }
  }

  private static let x = Tensor.activation("x", [1, 4, 4, 3], 0.05, 3)
  private static let first = Tensor.activation("x", [1, 3, 4, 4], 0.05, 3)

  private static func constant(_ values: [Int64], _ shape: [Int]? = nil) -> Tensor {
    Tensor(
      name: "c", shape: shape ?? [values.count], type: .int32, constant: .integer(values))
  }

  private static func pool(_ changes: [String: SourceNode.Attribute]) -> [String: SourceNode
    .Attribute]
  {
    let standard: [String: SourceNode.Attribute] = [
      "filter_height": .integer(2), "filter_width": .integer(2), "stride_h": .integer(2),
      "stride_w": .integer(2), "padding": .text("VALID"),
    ]
    return standard.merging(changes) { $1 }
  }

  static let all: [Malformed] =
    ["AVERAGE_POOL_2D", "MAX_POOL_2D"].flatMap { type in
      [
        Malformed(
          type: type, attributes: pool(["filter_height": .integer(0)]), inputs: [x],
          says: "filter_height"),
        Malformed(
          type: type, attributes: pool(["filter_width": .integer(-3)]), inputs: [x],
          says: "filter_width"),
        Malformed(
          type: type, attributes: pool(["stride_w": .integer(0)]), inputs: [x], says: "stride_w"),
        Malformed(
          type: type, attributes: pool(["padding": .text("number 7")]), inputs: [x],
          says: "padding"),
        Malformed(
          type: type, attributes: pool(["fused_activation_function": .text("TANH")]),
          inputs: [x], says: "fused_activation_function"),
        Malformed(
          type: type, attributes: pool(["filter_height": .integer(9)]), inputs: [x],
          says: "does not fit"),
        Malformed(
          type: type, attributes: pool([:]), inputs: [.activation("x", [4, 4], 0.05, 3)],
          says: "does not fit"),
        Malformed(
          type: type, attributes: pool([:]), inputs: [x],
          output: .activation("y", [1, 2, 2, 3], 0.06, 3), says: "different quantizations"),
        Malformed(type: type, attributes: pool([:]), inputs: [x], outputs: 2, says: "2 outputs"),
      ]
    } + [
      Malformed(type: "MaxPool", isTFLite: false, inputs: [first], says: "kernel_shape"),
      Malformed(
        type: "AveragePool", isTFLite: false,
        attributes: ["kernel_shape": .integers([2, 2]), "pads": .integers([0, 2, 0, 0])],
        inputs: [first], says: "reads pads only"),
      Malformed(
        type: "MaxPool", isTFLite: false,
        attributes: ["kernel_shape": .integers([2, 2]), "strides": .integers([1])],
        inputs: [first], says: "do not fit"),
      Malformed(type: "MEAN", inputs: [x, constant([1, 4])], says: "no axis 4"),
      Malformed(
        type: "MEAN", inputs: [x, .activation("axes", [1], 1, 0)], says: "not a constant"),
      Malformed(type: "REDUCE_MIN", inputs: [x, constant([1, 4])], says: "no axis 4"),
      Malformed(
        type: "REDUCE_MAX", inputs: [x, constant([1])],
        output: .activation("y", [1, 4, 3], 0.06, 3), says: "different quantizations"),
      Malformed(
        type: "ReduceSum", isTFLite: false,
        inputs: [x, .activation("axes", [1], 1, 0)], says: "not a constant"),
      Malformed(
        type: "ReduceL2", isTFLite: false, inputs: [x, constant([1])],
        says: "whose sums are 68645 integers; at most 65536"),
      Malformed(
        type: "ReduceLogSum", isTFLite: false, inputs: [x, constant([3])], says: "may be negative"),
      Malformed(
        type: "LpPool", isTFLite: false,
        attributes: ["kernel_shape": .integers([2, 2]), "p": .integer(0)], inputs: [first],
        says: "p = 0"),
      Malformed(
        type: "LpPool", isTFLite: false,
        attributes: ["kernel_shape": .integers([2, 2]), "p": .integer(3)], inputs: [first],
        says: "LpPool of p = 3 between quantized tensors; use p = 1"),
      Malformed(
        type: "ReduceLogSumExp", isTFLite: false, inputs: [x, constant([1])],
        says: "between quantized tensors"),
      Malformed(
        type: "ReduceProd", isTFLite: false, inputs: [x, constant([1])],
        says: "between quantized tensors"),
      Malformed(
        type: "CumSum", isTFLite: false, inputs: [x, constant([4], [])], says: "no axis 4"),
      Malformed(
        type: "CumSum", isTFLite: false, inputs: [x, constant([1, 2])], says: "over 2 axes"),
      Malformed(type: "CUMSUM", inputs: [x, constant([1], [])], says: "CUMSUM of integers"),
      Malformed(
        type: "GlobalLpPool", isTFLite: false, attributes: ["p": .integer(1)],
        inputs: [.activation("x", [4, 4], 0.05, 3)], says: "no spatial axis"),
      Malformed(
        type: "GatherElements", isTFLite: false,
        inputs: [x, .activation("places", [1, 1, 1, 1], 1, 0)], says: "depend on the input"),
      Malformed(
        type: "GatherElements", isTFLite: false, attributes: ["axis": .integer(4)],
        inputs: [x, constant([0], [1, 1, 1, 1])], says: "no axis 4"),
      Malformed(
        type: "GatherElements", isTFLite: false, attributes: ["axis": .integer(3)],
        inputs: [x, constant([0, 0], [2, 1, 1, 1])], says: "do not fit"),
      Malformed(
        type: "GatherElements", isTFLite: false, attributes: ["axis": .integer(1)],
        inputs: [x, constant([-5], [1, 1, 1, 1])], says: "of element -5 of 4"),
      Malformed(
        type: "GatherElements", isTFLite: false, inputs: [x, constant([], [0, 1, 1, 1])],
        says: "leaves nothing"),
      Malformed(
        type: "GatherElements", isTFLite: false, inputs: [x, constant([0], [1, 1, 1, 1])],
        output: .activation("y", [1, 1, 1, 1], 0.06, 3), says: "different quantizations"),
      Malformed(
        type: "GatherElements", isTFLite: false, attributes: ["axis": .integer(1)],
        inputs: [x, constant((0..<48).map { Int64($0 * $0 % 7 % 4) }, [1, 4, 4, 3])],
        says: "no 16 boxes"),
      Malformed(
        type: "GatherND", isTFLite: false, inputs: [x, constant([0, 0, 0, 0, 0])],
        says: "do not fit"),
      Malformed(
        type: "GatherND", isTFLite: false, attributes: ["batch_dims": .integer(1)],
        inputs: [x, constant([0], [1])], says: "do not fit"),
      Malformed(
        type: "GatherND", isTFLite: false, attributes: ["batch_dims": .integer(-1)],
        inputs: [x, constant([0], [1, 1])], says: "do not fit"),
      Malformed(
        type: "GatherND", isTFLite: false, inputs: [x, constant([0, 4], [1, 2])],
        says: "of element 4 of 4"),
      Malformed(
        type: "GatherND", isTFLite: false,
        inputs: [
          .activation("x", [1, 1 << 24], 0.05, 3), constant([0, 0], [2, 1]),
        ], says: "at most 16777216 values"),
      Malformed(type: "TRANSPOSE", inputs: [x, constant([0, 1, 1, 3])], says: "no permutation"),
      Malformed(type: "TRANSPOSE", inputs: [x, constant([0, 1, 2])], says: "no permutation"),
      Malformed(type: "PAD", inputs: [x, constant([0, 0, 1, 1])], says: "4 pads for 4 axes"),
      Malformed(
        type: "PAD", inputs: [x, constant([0, 0, -1, 0, 0, 0, 0, 0], [4, 2])],
        says: "a pad of -1"),
      Malformed(
        type: "PADV2",
        inputs: [x, constant([0, 0, 1, 0, 0, 0, 0, 0], [4, 2]), constant([7, 8])],
        says: "pads with 2 values"),
      Malformed(
        type: "Pad", isTFLite: false, attributes: ["mode": .text("mirror")],
        inputs: [x, constant([0, 0, 0, 0, 0, 0, 0, 0])], says: "mode"),
      Malformed(
        type: "SLICE", inputs: [x, constant([0, 5, 0, 0]), constant([1, 1, 1, 1])],
        says: "of an axis of 4"),
      Malformed(
        type: "SLICE", inputs: [x, constant([0, 0, 0, 0]), constant([1, 0, 1, 1])],
        says: "0 values"),
      Malformed(
        type: "STRIDED_SLICE",
        inputs: [x, constant([0]), constant([1]), constant([0])], says: "leaves nothing"),
      Malformed(
        type: "STRIDED_SLICE", attributes: ["ellipsis_mask": .integer(3)],
        inputs: [x, constant([0, 0]), constant([1, 1]), constant([1, 1])], says: "do not agree"),
      Malformed(
        type: "STRIDED_SLICE", attributes: ["shrink_axis_mask": .integer(1)],
        inputs: [x, constant([3]), constant([4]), constant([1])], says: "leaves nothing"),
      Malformed(
        type: "SPLIT", attributes: ["num_splits": .integer(2)], inputs: [constant([3], []), x],
        outputs: 2, says: "in 2 pieces"),
      Malformed(
        type: "SPLIT", attributes: ["num_splits": .integer(3)], inputs: [constant([3], []), x],
        outputs: 2, says: "num_splits"),
      Malformed(
        type: "SPLIT_V", attributes: ["num_splits": .integer(2)],
        inputs: [x, constant([1, 1]), constant([3], [])], outputs: 2, says: "in 2 pieces"),
      Malformed(
        type: "SPLIT_V", attributes: ["num_splits": .integer(2)],
        inputs: [x, constant([.max, 3]), constant([3], [])], outputs: 2, says: "in 2 pieces"),
      Malformed(
        type: "CONCATENATION", attributes: ["axis": .integer(4)], inputs: [x, x],
        says: "no axis 4"),
      Malformed(
        type: "CONCATENATION", attributes: ["axis": .integer(3)],
        inputs: [x, .activation("z", [1, 4, 3, 3], 0.05, 3)], says: "do not agree"),
      Malformed(
        type: "CONCATENATION",
        attributes: ["axis": .integer(3), "fused_activation_function": .text("RELU")],
        inputs: [x, x], says: "fused_activation_function"),
      Malformed(type: "Concat", isTFLite: false, inputs: [x, x], says: "without its axis"),
      Malformed(
        type: "RESIZE_NEAREST_NEIGHBOR", inputs: [x, constant([0, 8])], says: "an extent of 0"),
      Malformed(
        type: "RESIZE_BILINEAR",
        attributes: ["align_corners": .integer(1), "half_pixel_centers": .integer(1)],
        inputs: [x, constant([8, 8])], says: "align_corners"),
      Malformed(
        type: "RESIZE_BILINEAR", inputs: [x, constant([1 << 20, 1 << 20])], says: "a size"),
      Malformed(
        type: "RESIZE_BILINEAR", inputs: [x, constant([8, 8])],
        output: .activation("y", [1, 8, 8, 3], 0.07, 3), says: "different quantizations"),
      Malformed(
        type: "Resize", isTFLite: false, attributes: ["mode": .text("area")], inputs: [x],
        says: "mode"),
      Malformed(
        type: "Resize", isTFLite: false, attributes: ["nearest_mode": .text("up")], inputs: [x],
        says: "nearest_mode"),
      Malformed(
        type: "Resize", isTFLite: false,
        attributes: ["coordinate_transformation_mode": .text("centred")], inputs: [x],
        says: "coordinate_transformation_mode"),
      Malformed(
        type: "Resize", isTFLite: false, attributes: ["keep_aspect_ratio_policy": .text("yes")],
        inputs: [x], says: "keep_aspect_ratio_policy"),
      Malformed(
        type: "Resize", isTFLite: false,
        attributes: [
          "coordinate_transformation_mode": .text("tf_crop_and_resize"),
          "scales": .reals([1, 1, 2, 2]),
        ], inputs: [x], says: "roi"),
      Malformed(
        type: "LEAKY_RELU", attributes: ["alpha": .real(.nan)], inputs: [x], says: "alpha"),
      Malformed(
        type: "Gelu", isTFLite: false, attributes: ["approximate": .text("erf")], inputs: [x],
        says: "approximate"),
      Malformed(type: "PRELU", inputs: [x, x], says: "not a constant"),
      Malformed(
        type: "PRELU", inputs: [x, constant([1, 2], [2])], says: "does not broadcast"),
      Malformed(
        type: "MUL", inputs: [x, .activation("z", [1, 4, 2, 3], 0.05, 3)], says: "do not agree"),
      Malformed(
        type: "SUB", attributes: ["unheard_of": .integer(1)], inputs: [x, x], says: "unheard_of"),
    ]

  @Test(arguments: all)
  func `a malformed node is refused in plain words`(_ malformed: Malformed) throws {
    var node = SourceNode(
      format: malformed.isTFLite ? .tflite(version: 1) : .onnx(opset: 21), type: malformed.type,
      name: "node", attributes: malformed.attributes, inputs: malformed.inputs,
      outputs: [Tensor](repeating: malformed.output, count: malformed.outputs))
    node.piece = malformed.piece
    let message: String
    do {
      let made = try Operators.make(node)
      var output = malformed.output
      output.shape = try made.outputShape(node.inputs)
      try made.check(NodeTensors(node: "node", inputs: node.inputs, output: output))
      message = "no error"
    } catch {
      message = "\(error)"
    }
    #expect(message.contains(malformed.says), "\(message)")
  }
}
