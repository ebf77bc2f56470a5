import ConstraintSystem
import Field
import Foundation
import Proving
import TestSupport
import Testing
import Verification

/// Convolutional networks of realistic shape, made up of layers by hand.
struct ScaleTests {
  @Test func `a residual network of realistic shape is proven`() throws {
    let fixture = try Fixture(ConvolutionalCircuits.residual(side: 8, width: 4))
    var prover = fixture.prover()
    let proof = try prover.run()
    #expect(fixture.refusal(proof) == nil)
    #expect(try Diagnosis(prover).violated.isEmpty)
  }

  @Test func `a separable network of realistic shape is proven`() throws {
    let fixture = try Fixture(
      ConvolutionalCircuits.separable(side: 12, layers: [(16, 1), (16, 2), (24, 1)]))
    var prover = fixture.prover()
    let proof = try prover.run()
    #expect(fixture.refusal(proof) == nil)
    #expect(try Diagnosis(prover).violated.isEmpty)
  }
}
