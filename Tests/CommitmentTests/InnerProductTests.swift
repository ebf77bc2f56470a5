import Commitment
import Curve
import Field
import TestSupport
import Testing
import Transcript

/// The argument of an inner product by itself.
struct InnerProductTests {
  private struct Instance {
    var vector: [Fr]
    var weights: [Fr]
    /// Places among G_1, G_2, ….
    var generators: [Int]

    init(length: Int, seed: UInt64 = 5) {
      var random = SplitMix64(seed: seed)
      vector = (0..<length).map { _ in Fr.random(using: &random) }
      weights = (0..<length).map { _ in Fr.random(using: &random) }
      // With gaps, and not in order.
      generators = (0..<length).map { 3 * length - 2 * $0 }
    }

    var value: Fr { zip(vector, weights).reduce(.zero) { $0 + $1.0 * $1.1 } }
    var point: AffinePoint {
      let all = Array(Generators.prefix((generators.max() ?? 0) + 1))
      return multiScalarMultiply(generators.map { all[$0] }, vector).affine
    }
  }

  private func prove(_ instance: Instance, transcript: Transcript = Transcript()) -> [UInt8] {
    var channel = ProverChannel(transcript: transcript, plan: PadLayout(), pads: [])
    InnerProduct.prove(
      instance.vector, weights: instance.weights, generators: instance.generators, over: &channel)
    return channel.proof
  }

  private func accepts(
    _ instance: Instance, point: AffinePoint, value: Fr, _ proof: [UInt8]
  ) throws -> Bool {
    var channel = VerifierChannel(
      transcript: Transcript(), proof: ProofReader(proof), plan: PadLayout())
    let (scale, rest) = try InnerProduct.verify(
      value: value, weights: instance.weights, generators: instance.generators, over: &channel)
    try channel.finish()
    var equation = DeferredMSM(scalars: [scale], points: [point])
    equation.add(rest, times: .one)
    return equation.holds(shared: [])
  }

  @Test(arguments: [1, 2, 3, 17, 60, 61, 62, 64, 81, 100, 130, 170])
  func `what is true is accepted, in about the root of its length`(length: Int) throws {
    let instance = Instance(length: length)
    #expect(Set(instance.generators).count == length)
    let proof = prove(instance)
    #expect(
      proof.count == 32 * (2 * InnerProduct.rounds(length) + InnerProduct.remaining(length)))
    let remaining = InnerProduct.remaining(length)
    #expect(remaining <= 60 || remaining * remaining <= 4 * length)
    #expect(InnerProduct.rounds(length) > 0 || length <= 60)
    #expect(try accepts(instance, point: instance.point, value: instance.value, proof))
  }

  @Test(arguments: [1, 11, 61, 70])
  func `another value or commitment is refused`(length: Int) throws {
    let instance = Instance(length: length)
    let proof = prove(instance)
    let (point, value) = (instance.point, instance.value)
    #expect(try !accepts(instance, point: point, value: value + .one, proof))
    let other = (G1(point) + AffinePoint.generator).affine
    #expect(try !accepts(instance, point: other, value: value, proof))
    for place in 0..<length {
      var lying = instance
      lying.vector[place] += .one
      #expect(try !accepts(instance, point: point, value: value, prove(lying)))
      #expect(try !accepts(instance, point: point, value: lying.value, prove(lying)))
    }
  }

  /// A commitment that holds some of H lets its maker claim what he likes, were w known to him.
  @Test func `a part of H in the commitment does not make up for the value`() throws {
    let instance = Instance(length: 72)
    let point = (G1(instance.point) + -Generators.blinding).affine
    #expect(try !accepts(instance, point: point, value: instance.value + .one, prove(instance)))
  }

  @Test func `any one changed element is refused`() throws {
    let instance = Instance(length: 130)
    let proof = prove(instance)
    let points = 2 * InnerProduct.rounds(130)
    #expect(points == 4 && InnerProduct.remaining(130) == 33)
    for element in 0..<proof.count / 32 {
      var altered = proof
      let isPoint = element < points
      altered[isPoint ? 32 * element : 32 * element + 31] ^= isPoint ? 0x40 : 1
      let (point, value) = (instance.point, instance.value)
      #expect(try !accepts(instance, point: point, value: value, altered), "element \(element)")
    }
  }

  /// The rounds as they are written, generators folded one by one.
  @Test(arguments: [61, 64, 87, 170])
  func `rounds are those of the textbook`(length: Int) throws {
    let instance = Instance(length: length)
    let tape = Transcript(tape: [7])
    let proof = prove(instance, transcript: tape)
    var reader = VerifierChannel(transcript: tape, proof: ProofReader(proof), plan: PadLayout())
    let w = reader.challenge(.innerProductScale)
    let all = Array(Generators.prefix((instance.generators.max() ?? 0) + 1))
    var (a, weights) = (instance.vector, instance.weights)
    var points = instance.generators.map { G1(all[$0]) }
    func inner(_ a: ArraySlice<Fr>, _ b: ArraySlice<Fr>) -> Fr {
      zip(a, b).reduce(.zero) { $0 + $1.0 * $1.1 }
    }
    func sum(_ a: ArraySlice<Fr>, _ points: ArraySlice<G1>) -> G1 {
      zip(a, points).reduce(G1.identity) { $0 + $1.0 * $1.1 }
    }
    for _ in 0..<InnerProduct.rounds(length) {
      if a.count % 2 == 1 {
        a.append(.zero)
        weights.append(.zero)
        points.append(.identity)
      }
      let half = a.count / 2
      let h = w * G1(Generators.blinding)
      let left = sum(a[..<half], points[half...]) + inner(a[..<half], weights[half...]) * h
      let right = sum(a[half...], points[..<half]) + inner(a[half...], weights[..<half]) * h
      #expect(
        try reader.receivePoints(2, as: .innerProductRound) == [left.affine, right.affine])
      let x = reader.challenge(.innerProductChallenge)
      a = (0..<half).map { a[$0] + x * a[$0 + half] }
      weights = (0..<half).map { x * weights[$0] + weights[$0 + half] }
      points = (0..<half).map { x * points[$0] + points[$0 + half] }
    }
    #expect(try reader.receiveBare(a.count, as: .innerProductVector) == a)
  }
}
