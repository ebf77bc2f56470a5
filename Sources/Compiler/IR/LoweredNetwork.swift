package import ConstraintSystem

/// A network as rows and relations, with its ports and the public steps after it.
package struct LoweredNetwork: Sendable {
  /// An input or output; `block` counts the draft's blocks.
  package struct Port: Sendable, Hashable {
    package var name: String
    package var block: Int
    package var shape: [Int]
    package var type: ElementType
    package var scale: Double
    package var zeroPoint: Int64
    package var userType: ElementType
    package var finalSteps: [FinalStep]

    package init(
      name: String, block: Int, shape: [Int], type: ElementType, scale: Double, zeroPoint: Int64,
      userType: ElementType, finalSteps: [FinalStep] = []
    ) {
      self.name = name
      self.block = block
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
    for index in inputs.indices { inputs[index].block = places[inputs[index].block] }
    for index in outputs.indices { outputs[index].block = places[outputs[index].block] }
  }

  package init(name: String, draft: CircuitIR, inputs: [Port], outputs: [Port]) {
    self.name = name
    self.draft = draft
    self.inputs = inputs
    self.outputs = outputs
  }
}
