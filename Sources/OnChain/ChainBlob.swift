import Arguments
import ConstraintSystem
import Curve
import Hashing
import Transcript
package import Verification

/// A model as the contract reads it: the code of a contract that is never run, since it begins with a STOP. It follows
/// from the verifier key and the number of inferences alone.
///
/// Written down in docs/onchain.md#the-blob.
package struct ChainBlob: Sendable {
  /// EIP-170.
  package static let mostBytes = 24_576
  /// A STOP, two letters and the number of the format.
  package static let magic: [UInt8] = [0, 0x54, 0x63, 1]
  private static let headerBytes = 36 + 2 * 42

  package let bytes: [UInt8]

  /// Keccak-256 of the bytes: the model id on chains, which is the digest of the contract's code.
  package var modelID: [UInt8] { Keccak256.hash(bytes).bytes }

  package init(_ key: VerifierKey, inferences: Int = 1) throws(ChainExportError) {
    guard key.system.parameters.scheme == .srs else { throw .otherScheme }
    let layout: ProofLayout
    do throws(VerificationError) {
      layout = try key.proofLayout(inferences)
    } catch {
      throw .inferences(inferences)
    }
    let system = layout.system
    guard system.paddedPorts.isEmpty else { throw .unsupported("padded tensors") }
    let program = try VerifierProgram(layout.shape)
    let sections = try Self.sections(layout, key.modelRows, program)
    let size = sections.reduce(Self.headerBytes) { $0 + $1.count }
    guard size <= Self.mostBytes else { throw .tooLarge(size) }
    var writer = ByteWriter()
    writer.write(raw: Self.magic)
    writer.write(raw: key.modelID)
    ProgramOperation.words(
      Self.numbers(layout, program) + Self.places(sections) + [size], &writer)
    for section in sections { writer.write(raw: section) }
    bytes = writer.bytes
  }

  /// Dimensions and counts, as header.yul names them.
  private static func numbers(_ layout: ProofLayout, _ program: VerifierProgram) -> [Int] {
    let (shape, system, rows) = (layout.shape, layout.system, layout.rows)
    let (claims, plan) = (program.claims, layout.plan)
    let parameters = system.parameters
    let lists = RowLists(rows)
    let publicBytes = ProofLayout.publicBytes(system)
    let highest = (lists.all.flatMap(\.self).max() ?? 0) + 1
    return [
      system.inferences, shape.traceBits, shape.tableBits, shape.modelBits,
      shape.columnVariables, system.commitmentRowBits, parameters.limbs, parameters.limbBits,
      shape.inverseRounds, parameters.slotBits, claims.pairRounds, ceilLog2(claims.pairCount),
      claims.hasMultipliers ? 1 : 0, claims.hasLinear ? 1 : 0, claims.pairCount > 0 ? 1 : 0,
      program.end, lists.trace.count, lists.hidden.count, lists.committed.count,
      lists.fractions.count, lists.table.count, lists.model.count, plan.messages,
      plan.opened.count, plan.products.count, claims.count, ceilLog2(highest),
      claims.published.count, publicBytes >> 16, publicBytes & 0xFFFF,
    ]
  }

  /// Where each list begins.
  private static func places(_ sections: [[UInt8]]) -> [Int] {
    var place = headerBytes
    return sections.map { section in
      defer { place += section.count }
      return place
    }
  }

  private static func sections(
    _ layout: ProofLayout, _ model: [AffinePoint], _ program: VerifierProgram
  ) throws(ChainExportError) -> [[UInt8]] {
    let lists = RowLists(layout.rows)
    let opened = layout.plan.opened
    guard opened.count < 256 else { throw .unsupported("so many opened cells") }
    var products = ByteWriter()
    for product in layout.plan.products {
      for cell in [product.left, product.right] {
        guard let place = opened.firstIndex(of: cell) else { throw .proof }
        products.write(UInt8(place))
      }
    }
    var operations = ByteWriter()
    for operation in program.operations { operation.write(to: &operations) }
    let rows = [lists.trace, lists.hidden, lists.committed, lists.fractions, lists.model, opened]
    return rows.map(numbers) + [
      products.bytes, TableRuns(layout.system).bytes,
      try PublicPorts(layout.system).bytes, operations.bytes,
      model.flatMap(\.eip196),
    ]
  }

  private static func numbers(_ list: [Int]) -> [UInt8] {
    var writer = ByteWriter()
    ProgramOperation.words(list, &writer)
    return writer.bytes
  }
}

/// The numbers of rows, column by column.
private struct RowLists {
  let trace: [Int]
  let hidden: [Int]
  let committed: [Int]
  let fractions: [Int]
  let table: [Int]
  let model: [Int]

  init(_ plan: RowPlan) {
    trace = plan.phaseOne.filter { $0.column == .limb(0) }.map(\.index)
    hidden = plan.phaseOne.filter { $0.column == .output }.map(\.index)
    committed = plan.committed.joined().map(\.index)
    fractions = plan.phaseTwo.filter { $0.column == .inverses }.map(\.index)
    table = plan.phaseTwo.filter { $0.column == .tableInverses }.map(\.index)
    model = plan.model.map(\.index)
  }

  var all: [[Int]] { [trace, hidden, committed, fractions, table, model] }
}
