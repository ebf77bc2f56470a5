import Curve
import Field
import TestSupport
import Testing
import Transcript

struct TranscriptTests {
  @Test(arguments: [("challenges", Transcript.Hash.sha256), ("keccak", .keccak256)])
  func `challenges are those of an independent script`(
    name: String, hash: Transcript.Hash
  ) throws {
    let text = String(decoding: try Vectors.bytes("transcript/\(name).txt"), as: UTF8.self)
    var transcript = Transcript(hash)
    var drawn = 0
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      let label = try #require(UInt8(words[1]).flatMap(Label.init(rawValue:)))
      if words[0] == "absorb" {
        transcript.absorb(label, words[2] == "-" ? [] : try bytes(words[2]))
      } else {
        let expected = try words.dropFirst(2).map { Fr(canonicalBigEndian: try bytes($0)) }
        #expect(transcript.challenges(expected.count, label) == expected)
        drawn += 1
      }
    }
    #expect(drawn == 25)
  }

  private func bytes(_ hex: String) throws -> [UInt8] {
    try stride(from: 0, to: hex.count, by: 2).map { place in
      let start = hex.index(hex.startIndex, offsetBy: place)
      return try #require(UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16))
    }
  }

  /// Points as files hold them, or as the precompiles of the EVM take them.
  @Test func `points are heard in the form of the hash`() {
    let points: [AffinePoint] = [.generator, Array(Generators.prefix(1))[0]]
    for hash in Transcript.Hash.allCases {
      var (one, two) = (Transcript(hash), Transcript(hash))
      one.absorb(.pads, points)
      let bytes = points.flatMap { hash == .sha256 ? $0.compressed : $0.eip196 }
      #expect(bytes.count == (hash == .sha256 ? 64 : 128))
      two.absorb(.pads, bytes)
      #expect(one.challenges(2, .lookup) == two.challenges(2, .lookup))
    }
  }

  private typealias Message = (label: Label, bytes: [UInt8])

  private func challenge(
    _ messages: [Message], _ label: Label = .lookup, by hash: Transcript.Hash
  ) -> Fr {
    var transcript = Transcript(hash)
    for message in messages { transcript.absorb(message.label, message.bytes) }
    return transcript.challenges(1, label)[0]
  }

  @Test(arguments: Transcript.Hash.allCases)
  func `a challenge depends on labels, lengths, bytes and order`(hash: Transcript.Hash) {
    let base: [Message] = [(.context, [1, 2]), (.pads, [3]), (.crossTerms, [])]
    let variants: [[Message]] = [
      base,
      [(.keyDigest, [1, 2]), (.pads, [3]), (.crossTerms, [])],
      [(.context, [1, 2]), (.pads, [3]), (.openedValue, [])],
      [(.context, [1, 3]), (.pads, [3]), (.crossTerms, [])],
      [(.context, [1]), (.pads, [2, 3]), (.crossTerms, [])],
      [(.context, [1, 2, 3]), (.pads, []), (.crossTerms, [])],
      [(.context, [1, 2]), (.pads, [3])],
      [(.context, [1, 2, Label.pads.rawValue, 3])],
      [(.context, [1, 2]), (.crossTerms, []), (.pads, [3])],
      [(.pads, [3]), (.context, [1, 2]), (.crossTerms, [])],
      [(.context, [1, 2]), (.pads, [3]), (.crossTerms, []), (.crossTerms, [])],
      [],
    ]
    let drawn = variants.map { challenge($0, by: hash) }
    #expect(Set(drawn).count == variants.count)
    #expect(challenge(base, by: hash) == challenge(base, by: hash))
    #expect(
      challenge(base, .lookup, by: hash) != challenge(base, .claimsBatch, by: hash))
  }

  @Test func `challenges depend on those before them and on how many were drawn`() {
    func draw(_ counts: [Int]) -> [Fr] {
      var transcript = Transcript()
      return counts.flatMap { transcript.challenges($0, .lookup) }
    }
    #expect(Set(draw([3])).count == 3)
    #expect(draw([1, 1]) != draw([2]))
    #expect(Set(draw([1, 1, 1, 1])).count == 4)
  }

  @Test func `labels are distinct and none is zero`() {
    #expect(Set(Label.allCases.map(\.rawValue)).count == Label.allCases.count)
    #expect(!Label.allCases.map(\.rawValue).contains(0))
  }
}

/// Both ends of a conversation.
struct ChannelTests {
  private func plan(_ count: Int) throws -> PadLayout {
    var planner = PlanningChannel()
    let a = try planner.receive(count, as: .claimsRound)
    _ = planner.product(a[0], a[1])
    return planner.plan
  }

  private let scalars: [Fr] = [5, 7, 11]

  private func speaker(
    pads: [Fr] = [1, 2, 3], sending scalars: [Fr]? = nil, points: [AffinePoint] = [.generator],
    bare: [Fr] = [9]
  ) throws -> ProverChannel {
    var channel = ProverChannel(transcript: Transcript(), plan: try plan(3), pads: pads)
    channel.sendPoints(points, as: .pads)
    channel.send(scalars ?? self.scalars, as: .claimsRound)
    channel.sendBare(bare, as: .crossTerms)
    return channel
  }

  @Test func `what is sent is padded, and what is read is a form of it`() throws {
    var prover = try speaker()
    var verifier = VerifierChannel(
      transcript: Transcript(), proof: ProofReader(prover.proof), plan: try plan(3))
    #expect(try verifier.receivePoints(1, as: .pads) == [.generator])
    let forms = try verifier.receive(3, as: .claimsRound)
    #expect(forms.map(\.constant) == [6, 9, 14])
    #expect(forms.map { $0.parts.map(\.cell) } == [[0], [1], [2]])
    #expect(forms.allSatisfy { $0.parts.map(\.coefficient) == [-Fr.one] })
    #expect(try verifier.receiveBare(1, as: .crossTerms) == [9])
    #expect(prover.challenges(2, .lookup) == verifier.challenges(2, .lookup))
    try verifier.finish()
    // The product of the first two is 35 where the pads' product is in its cell.
    let cells: [Fr] = [1, 2, 3, 1 * 2, 0]
    let product = verifier.product(forms[0], forms[1])
    let value = product.parts.reduce(product.constant) { $0 + $1.coefficient * cells[$1.cell] }
    #expect(value == 35)
  }

  @Test func `a replay hears what the prover says from then on, and is given what it draws`() throws
  {
    var prover = ProverChannel(transcript: Transcript(), plan: try plan(3), pads: [1, 2, 3])
    prover.sendPoints([.generator], as: .pads)
    let before = prover.challenge(.lookup)
    var replay = ReplayChannel(prover)
    replay.prover.send(scalars, as: .claimsRound)
    let drawn = replay.prover.challenges(2, .claimsBatch)
    #expect(!drawn.contains(before))
    let forms = try replay.receive(3, as: .claimsRound)
    #expect(forms.map(\.constant) == [6, 9, 14])
    #expect(forms.map { $0.parts.map(\.cell) } == [[0], [1], [2]])
    #expect(replay.challenges(2, .claimsBatch) == drawn)
    // A prover knows what forms and products of them are worth.
    #expect(forms.map { replay.prover.value(of: $0) } == scalars)
    let product = replay.product(forms[0], forms[1])
    #expect(replay.prover.value(of: product) == 35)
    #expect(replay.prover.value(of: product - forms[2] * 3 + 1) == 3)
    replay.require(zero: product)
    #expect(replay.equations.map(\.constant) == [6 * 9])
  }

  @Test func `every message moves the next challenge`() throws {
    var channels = [
      try speaker(), try speaker(sending: [5, 7, 12]), try speaker(bare: [8]),
      try speaker(points: [-AffinePoint.generator]), try speaker(pads: [1, 2, 5]),
    ]
    var drawn: [Fr] = []
    for index in channels.indices { drawn.append(channels[index].challenge(.lookup)) }
    #expect(Set(drawn).count == drawn.count)
  }

  @Test func `the verifier's challenges move with the bytes it reads`() throws {
    func challenge(_ body: [UInt8]) throws -> Fr {
      var verifier = VerifierChannel(
        transcript: Transcript(), proof: ProofReader(body), plan: try plan(3))
      _ = try verifier.receivePoints(1, as: .pads)
      _ = try verifier.receive(3, as: .claimsRound)
      _ = try verifier.receiveBare(1, as: .crossTerms)
      return verifier.challenges(1, .lookup)[0]
    }
    let body = try speaker().proof
    var drawn = [try challenge(body)]
    for element in 0..<body.count / 32 {
      var altered = body
      // The sign of a point, the last bit of a scalar: still canonical.
      altered[element == 0 ? 0 : 32 * element + 31] ^= element == 0 ? 0x40 : 1
      drawn.append(try challenge(altered))
    }
    #expect(Set(drawn).count == drawn.count)
  }

  @Test func `a reader refuses what is short, long or not canonical`() throws {
    let body = try speaker().proof
    func read(_ body: [UInt8]) throws {
      var verifier = VerifierChannel(
        transcript: Transcript(), proof: ProofReader(body), plan: try plan(3))
      _ = try verifier.receivePoints(1, as: .pads)
      _ = try verifier.receive(3, as: .claimsRound)
      _ = try verifier.receiveBare(1, as: .crossTerms)
      try verifier.finish()
    }
    try read(body)
    for count in 0..<body.count {
      #expect(throws: ProofError.self) { try read(Array(body.prefix(count))) }
    }
    #expect(throws: ProofError.length(expected: 160, actual: 161)) { try read(body + [0]) }
    var altered = body
    altered.replaceSubrange(64..<96, with: [UInt8](repeating: 0xff, count: 32))
    #expect(throws: ProofError.scalar(.claimsRound, at: 1)) { try read(altered) }
    altered = body
    altered.replaceSubrange(0..<32, with: AffinePoint.identity.compressed)
    #expect(throws: ProofError.point(.pads, at: 0)) { try read(altered) }
  }
}
