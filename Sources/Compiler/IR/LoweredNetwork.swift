package import ConstraintSystem

/// A network as rows and relations, with its ports and the public steps after it.
package struct LoweredNetwork: Sendable {
  /// An input or output; `blocks` count the draft's blocks. An input that views go through has none.
  package struct Port: Sendable, Hashable {
    package var name: String
    package var blocks: [Int]
    package var shape: [Int]
    package var type: ElementType
    package var scale: Double
    package var zeroPoint: Int64
    package var userType: ElementType
    package var finalSteps: [FinalStep]

    package init(
      name: String, blocks: [Int], shape: [Int], type: ElementType, scale: Double,
      zeroPoint: Int64, userType: ElementType, finalSteps: [FinalStep] = []
    ) {
      self.name = name
      self.blocks = blocks
      self.shape = shape
      self.type = type
      self.scale = scale
      self.zeroPoint = zeroPoint
      self.userType = userType
      self.finalSteps = finalSteps
    }
  }

  package var name: String
  package var draft: CircuitIR
  package var inputs: [Port]
  package var outputs: [Port]

  /// Takes a draft in which the values of the blocks stand at other places.
  mutating func move(to draft: CircuitIR, _ places: [Int]) {
    self.draft = draft
    for index in inputs.indices { inputs[index].blocks = inputs[index].blocks.map { places[$0] } }
    for index in outputs.indices {
      outputs[index].blocks = outputs[index].blocks.map { places[$0] }
    }
  }

  package init(name: String, draft: CircuitIR, inputs: [Port], outputs: [Port]) {
    self.name = name
    self.draft = draft
    self.inputs = inputs
    self.outputs = outputs
  }
}
