extension Graph {
  /// The passes in order: operators that are several others become them, what is a normalization
  /// one node, and what leaves values out of a softmax its mask; sums, factors, clamps and functions of one
  /// value that a file states of reals go into the layers beside them. What is quantized stays as it is.
  package mutating func simplify() {
    ExpandNodes.run(&self)
    FuseNormalization.run(&self)
    FuseMasks.run(&self)
    if arithmetic == .exact {
      FoldRealSteps.run(&self)
    } else {
      FoldBias.run(&self)
      FuseBatchNorm.run(&self)
      FoldBias.run(&self)
      FuseFactors.run(&self)
    }
    FuseActivations.run(&self)
    FuseElementwise.run(&self)
    if arithmetic != .exact { FuseChannelSteps.run(&self) }
    AnnotateTruths.run(&self)
    closeReals()
  }
}
