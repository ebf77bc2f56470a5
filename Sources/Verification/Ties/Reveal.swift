package import Commitment
package import ConstraintSystem
package import Curve
package import Field
import ProofSizes
package import Transcript

// Reveal: chosen values of a committed tensor, and nothing of its other values.
//
//   known    for each row that holds a value told, its commitment C_i;  columns J;  values v_ij
//   claims   cell j of row i is v_ij, for all j in J
//   first    the transcript has heard all commitments of the tensor, J and the values
//   V → P    μ, χ
//   both     row Σ μ^i·C_i,  ψ = Σ χ^k on the k-th column of J,  v = Σ μ^i χ^k v_ij:  Opening, without a
//            pad but its mask cell
//   rows     of unlike J are opened one by one, each with a transcript of its own: one inner product has the
//            same weights on all of them
//   error    (rows + |J|)/p beside that of Opening
//   hidden   t' is masked by fresh d on all cells, so that the values told are all there is to learn
//
// A reveal says nothing of ranges, nor that the tensor ever was in a network: whoever reads it takes the
// proof along and compares commitments.
//
// Written down in docs/protocol/ties.md#reveal.
package struct Reveal: Sendable, Equatable {
  /// Of the form of what is proven.
  package static let version: UInt8 = 1

  package var modelID: [UInt8]
  /// N of the proof.
  package var inferences: Int
  package var context: [UInt8]
  /// Of the port, among the committed ones, inputs first.
  package var place: Int
  /// Row-major among the values of all inferences, ascending.
  package var indices: [Int]
  /// The runtime's integers, one for each index.
  package var values: [Int64]
  /// To all rows of the tensor.
  package var commitments: [AffinePoint]
  /// An argument for each group of rows.
  package var bodies: [[UInt8]]

  package init(
    modelID: [UInt8], inferences: Int, context: [UInt8], place: Int, indices: [Int],
    values: [Int64], commitments: [AffinePoint], bodies: [[UInt8]] = []
  ) {
    self.modelID = modelID
    self.inferences = inferences
    self.context = context
    self.place = place
    self.indices = indices
    self.values = values
    self.commitments = commitments
    self.bodies = bodies
  }

  /// Rows that tell values of the same columns.
  package struct Group: Sendable, Equatable {
    /// Among the tensor's rows.
    package var rows: [Int]
    /// J.
    package var columns: [Int]
    /// For each row, for each column, which of the cells told it is (`Reveal.cells`).
    package var places: [[Int]]
  }

  /// What is opened together, in the order of the first row of each.
  ///
  /// - Precondition: indices are ascending and less than the tensor's count of values.
  package func groups(of port: Port, as layout: ProofLayout) -> [Group] {
    let (system, length) = (layout.system, layout.system.commitmentRowLength)
    let order = layout.rows.committed[place].map(\.index)
    let rowPlaces = Dictionary(uniqueKeysWithValues: zip(order, order.indices))
    var columns = [Int: [(column: Int, place: Int)]]()
    for (limb, index) in port.blocks.enumerated() {
      let block = system.blocks[index]
      let strides = Layout.strides(of: block.shape)
      for (place, index) in indices.enumerated() {
        let cell = zip(Layout.position(index, in: block.shape), strides).reduce(block.offset) {
          $0 + $1.0 * $1.1
        }
        // Every cell within the extents is in a row that is committed to.
        guard let row = rowPlaces[cell / length] else { continue }
        columns[row, default: []].append((cell % length, limb * indices.count + place))
      }
    }
    var groups: [Group] = []
    var known: [[Int]: Int] = [:]
    for row in columns.keys.sorted() {
      let told = (columns[row] ?? []).sorted { $0.column < $1.column }
      let own = told.map(\.column)
      if let group = known[own] {
        groups[group].rows.append(row)
        groups[group].places.append(told.map(\.place))
      } else {
        known[own] = groups.count
        groups.append(Group(rows: [row], columns: own, places: [told.map(\.place)]))
      }
    }
    return groups
  }

  /// Bound to all that is told, and to the place of a group among the arguments.
  package func transcript(key: VerifierKey, group: Int) -> Transcript {
    var transcript = key.system.parameters.scheme.transcript()
    transcript.absorb(.reveal, [Self.version])
    transcript.absorb(.keyDigest, modelID)
    transcript.absorb(.inferences, UInt64(truncatingIfNeeded: inferences).bigEndianBytes)
    transcript.absorb(.context, context)
    transcript.absorb(.revealPort, UInt64(truncatingIfNeeded: place).bigEndianBytes)
    transcript.absorb(.committedTensors, commitments)
    transcript.absorb(
      .revealPlaces, indices.flatMap { UInt64(truncatingIfNeeded: $0).bigEndianBytes })
    transcript.absorb(
      .revealValues, values.flatMap { UInt64(bitPattern: $0).bigEndianBytes })
    transcript.absorb(.revealGroup, UInt64(truncatingIfNeeded: group).bigEndianBytes)
    return transcript
  }

  /// The pads of an opening that no argument was before: its mask cell alone.
  package static let plan = PadLayout()

  /// The cells told: of each value its limbs, those of the first block before those of the next.
  package func cells(of port: Port, in system: ConstraintSystem) -> [Int64] {
    PortLimbs(port, of: system).split(port.circuit(RuntimeIntegers(values))).flatMap(\.values)
  }

  /// What is opened of a group.
  ///
  /// - Parameter draws: μ and χ, drawn when everything else was heard.
  package func opening(
    of group: Group, port: Port, in system: ConstraintSystem, draws: [Fr]
  ) -> (statement: Opening.Statement, coefficients: [Fr]) {
    let (mu, chi) = (draws[0], draws[1])
    let cells = cells(of: port, in: system)
    var coefficients: [Fr] = []
    var (rowWeight, value) = (Fr.one, Fr.zero)
    for places in group.places {
      coefficients.append(rowWeight)
      var weight = rowWeight
      for place in places {
        value += weight * Fr(cells[place])
        weight *= chi
      }
      rowWeight *= mu
    }
    var weights = [Fr](repeating: .zero, count: system.commitmentRowLength)
    var weight = Fr.one
    for column in group.columns {
      weights[column] = weight
      weight *= chi
    }
    return (
      Opening.Statement(
        rowWeights: RowWeights(cells: weights), claim: MaskedValue(value), zeros: [], kappa: .one,
        plan: Self.plan),
      coefficients
    )
  }

  /// Bytes of a group's argument.
  package static func bodyBytes(of layout: ProofLayout) -> Int {
    let system = layout.system
    let size = system.parameters.scheme.implementation.openingSize(
      rowLength: system.commitmentRowLength, plan: plan)
    return (1 + size.points) * ProofReader.pointBytes + size.scalars * ProofReader.scalarBytes
  }

  package func encoded(for system: ConstraintSystem) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(system.parameters.scheme.rawValue)
    writer.write(Self.version)
    writer.write(raw: modelID)
    writer.write(unsigned: UInt64(truncatingIfNeeded: inferences))
    writer.write(unsigned: UInt64(context.count))
    writer.write(raw: context)
    writer.write(unsigned: UInt64(truncatingIfNeeded: place))
    writer.write(list: Array(zip(indices, values))) { writer, told in
      writer.write(unsigned: UInt64(truncatingIfNeeded: told.0))
      writer.write(signed: told.1)
    }
    for point in commitments { writer.write(raw: point.compressed) }
    for body in bodies { writer.write(raw: body) }
    return writer.bytes
  }

  /// Reads a reveal that goes with a proof of as many inferences; every size follows from the key and from
  /// what is told.
  package init(
    decoding reader: inout ByteReader, for key: VerifierKey, inferences: Int
  ) throws(VerificationError) {
    let layout = try key.proofLayout(inferences)
    let system = layout.system
    let scheme = try reading { () throws(FormatError) in
      let scheme = try reader.byte("scheme")
      let at = reader.position
      let version = try reader.byte("version of the reveal")
      guard version == Self.version else {
        throw .unknownCode(part: "version of the reveal", at: at, code: Int(version))
      }
      return scheme
    }
    guard scheme == system.parameters.scheme.rawValue else { throw .otherScheme }
    modelID = try reading { () throws(FormatError) in
      Array(try reader.take(key.modelID.count, "model id"))
    }
    guard modelID == key.modelID else {
      throw .otherModel(expected: key.modelID, actual: modelID)
    }
    let count = try reading { () throws(FormatError) in
      try reader.unsigned("number of inferences")
    }
    guard count == UInt64(inferences) else { throw .statement }
    self.inferences = inferences
    var place: UInt64 = 0
    context = try reading { () throws(FormatError) in
      let context = try reader.take(
        try reader.count("length of the context", limit: Statement.maximalContextBytes), "context")
      place = try reader.unsigned("place of the tensor")
      return Array(context)
    }
    let ports = system.committedPorts
    guard let place = Int(exactly: place), ports.indices.contains(place) else { throw .statement }
    self.place = place
    let port = ports[place]
    let told = try reading { () throws(FormatError) in
      try reader.list("values of the reveal", bytesEach: 2) {
        reader throws(FormatError) in
        (try reader.unsigned("index of a value"), try reader.signed("value"))
      }
    }
    let limit = UInt64(port.count)
    guard !told.isEmpty, told.allSatisfy({ $0.0 < limit }),
      zip(told, told.dropFirst()).allSatisfy({ $0.0 < $1.0 })
    else { throw .statement }
    indices = told.map { Int($0.0) }
    values = told.map(\.1)
    commitments = try Proof.points(
      layout.rows.committed[place].count, ofPort: place, &reader)
    bodies = []
    let size = Self.bodyBytes(of: layout)
    for _ in groups(of: port, as: layout) {
      bodies.append(
        try reading { () throws(FormatError) in Array(try reader.take(size, "argument")) })
    }
    try reading { () throws(FormatError) in try reader.finish() }
  }
}

extension ConstraintSystem {
  /// In the order of a statement's commitments: inputs first.
  package var committedPorts: [Port] {
    (inputs + outputs).filter { $0.visibility == .committed }
  }
}

extension Verifier {
  /// Checks that a reveal tells what the rows hold that a proof committed to.
  ///
  /// - Parameter statement: of a proof that was accepted under the key.
  package static func verify(
    _ reveal: Reveal, of statement: Statement, key: VerifierKey
  ) throws(VerificationError) {
    guard statement.inferences == reveal.inferences,
      statement.commitments.indices.contains(reveal.place)
    else { throw .statement }
    // SOUNDNESS: a reveal alone is of any rows whatever.
    guard statement.commitments[reveal.place] == reveal.commitments else {
      throw .otherCommitment
    }
    try verify(reveal, key: key, by: key.system.parameters.scheme.implementation)
  }

  private static func verify<Scheme: RowCommitmentScheme>(
    _ reveal: Reveal, key: VerifierKey, by scheme: Scheme
  ) throws(VerificationError) {
    guard reveal.modelID == key.modelID else {
      throw .otherModel(expected: key.modelID, actual: reveal.modelID)
    }
    let layout = try key.proofLayout(reveal.inferences)
    let ports = layout.system.committedPorts
    guard ports.indices.contains(reveal.place) else { throw .statement }
    let port = ports[reveal.place]
    let groups = reveal.groups(of: port, as: layout)
    let range = PortLimbs(port, of: layout.system).range ?? 0...0
    // SOUNDNESS: each value told is of one cell, and none that no cell can have.
    guard groups.count == reveal.bodies.count, reveal.indices.count == reveal.values.count,
      groups.reduce(0, { $0 + $1.places.joined().count })
        == reveal.indices.count * port.blocks.count,
      reveal.values.allSatisfy(range.contains)
    else { throw .statement }
    var obligations: [Opening.Obligation<Scheme.Equation>] = []
    for (place, (group, body)) in zip(groups, reveal.bodies).enumerated() {
      do throws(ProofError) {
        obligations.append(
          try argue(
            reveal, group: group, body: body, port: port, as: layout, by: scheme,
            transcript: reveal.transcript(key: key, group: place)))
      } catch {
        throw .refused(error)
      }
    }
    guard settle(obligations, weights: weights(of: obligations, key: key), shared: []) else {
      throw .refused(.rejected(.commitments))
    }
  }

  /// One group's argument; separate so that a test can bring its own challenges.
  package static func argue<Scheme: RowCommitmentScheme>(
    _ reveal: Reveal, group: Reveal.Group, body: [UInt8], port: Port, as layout: ProofLayout,
    by scheme: Scheme, transcript: Transcript
  ) throws(ProofError) -> Opening.Obligation<Scheme.Equation> {
    var channel = VerifierChannel(
      transcript: transcript, proof: ProofReader(body), plan: Reveal.plan)
    let pads = try channel.receivePoints(1, as: .pads)[0]
    let (statement, coefficients) = reveal.opening(
      of: group, port: port, in: layout.system,
      draws: channel.challenges(2, .revealBatch))
    return try Opening.verify(
      statement,
      row: Combination(
        coefficients: coefficients, points: group.rows.map { reveal.commitments[$0] }),
      pads: pads, by: scheme, over: &channel)
  }
}
