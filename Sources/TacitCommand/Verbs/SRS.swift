import ArgumentParser
import Ceremony

/// Named after the literature's structured reference string.
struct SRS: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "srs",
    abstract: "Import powers of tau of a public ceremony.",
    discussion: """
      Reads snarkjs' .ptau files and gnark's compressed points, and checks them: every power is a point
      of the curve, the first is the generator, each is tau times the one before, and the ceremony is one
      that this program knows. Nothing is downloaded; docs/command.md says where the files are.

      \(TacitTool.program) srs Tests/Vectors/ceremony/hermez-04.ptau -o hermez.srs
      """)

  @Argument(help: "The powers as the ceremony's publisher wrote them: .ptau, or g1.point.")
  var file: String
  @Option(name: [.short, .long], help: "The file of powers to write: NAME.srs.")
  var output: String
  @Option(help: "How many to keep, the first ones; all of them otherwise.")
  var powers: Int?
  @Flag(help: "Replace a file that exists, if it is of the same kind.")
  var force = false
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let limit = powers ?? .max
    guard limit >= 2 else {
      throw CommandError.usage("--powers \(limit) is too few; at least 2 are needed")
    }
    let destination = try Destination(output, holds: .powers, reading: [file], force: force)
    let bytes = try InputFile.bytes(file)
    let imported: PowersOfTau
    do throws(CeremonyError) {
      imported = try Console.during("checking the powers") { () throws(CeremonyError) in
        let imported = try PowersOfTau(importing: bytes, limit: limit)
        guard powers == nil || imported.count == limit else {
          throw .tooFew(imported.count, needed: limit)
        }
        return imported
      }
    } catch {
      throw CommandError.ceremony(path: InputFile.name(of: file), error)
    }
    let written = imported.file
    try destination.write(written)
    let ceremony = imported.ceremony
    if json {
      let object = JSONValue.object([
        ("srs", .text(output)), ("srs_bytes", .integer(written.count)),
        ("powers", .integer(imported.count)), ("ceremony", .text(ceremony.name)),
        ("ceremony_digest", .text(ceremony.identity)),
      ])
      try destination.tell(["\(object)"])
    } else {
      try destination.tell([
        "ceremony   \(ceremony.name)", "digest     \(ceremony.identity)",
        "wrote \(destination.name), \(Text.count(imported.count)) powers, "
          + Text.bytes(written.count),
      ])
    }
  }
}
