package import ConstraintSystem

/// A public step after the proof, on the way to an output of the network; elsewhere it has no integers, if it does
/// not state its own.
package protocol FinalOperator: UnprovenOperator {
  /// The steps, which every verifier knows.
  func steps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep]
}

extension FinalOperator {
  package static var end: NetworkEnd? { .output }

  package func finalSteps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep]? {
    try steps(tensors)
  }

  package func refusal(_ tensors: NodeTensors) -> ModelError {
    .unsupported(
      node: tensors.node, what: "\(label) in the middle of the network",
      remedy: "it is supported as a last step, on an output of the network")
  }
}
