import ArgumentParser
import OnChain
import TacitVerifier

/// What a contract needs of a key, and of a proof.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a key or a proof as a contract on a chain reads it.",
    subcommands: [ExportKey.self, ExportCall.self])
}

struct ExportKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evm",
    abstract: "Write the blob of a model, to be stored as a contract's code.",
    discussion: """
      The blob follows from the verifier key alone. What it prints is the model id on chains: the digest of the
      blob, which is the code hash of the contract that holds it. With --check the file is compared, not written.

      \(TacitTool.program) export evm digits.verifier -o digits.tacitevm
      \(TacitTool.program) export evm digits.verifier -o digits.tacitevm --check
      """)

  @Argument(help: "NAME.verifier, of a key that was compiled --for chain.")
  var verifier: String
  @Option(name: [.short, .long], help: "The blob: NAME.tacitevm.")
  var output: String
  @Option(help: "Inferences in each proof.")
  var inferences = 1
  @Option(help: "Refuse a key of any other model: 64 hexadecimal digits.")
  var modelID: PinnedModel?
  @Flag(help: "Compare the file with what the key makes; exit with 1 if it differs.")
  var check = false
  @Flag(help: "Replace a file that exists, if it is of the same kind.")
  var force = false
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let key = try InputFile.verifier(verifier, modelID: modelID?.id)
    let blob: ChainBlob
    do throws(ChainExportError) {
      blob = try key.chainBlob(inferences: inferences)
    } catch {
      throw CommandError.chainExport(path: InputFile.name(of: verifier), error)
    }
    let id = "0x" + Hex.text(blob.modelID)
    if check {
      guard try InputFile.bytes(output) == blob.bytes else {
        throw CommandError.otherBlob(path: InputFile.name(of: output))
      }
      return try Console.print(
        json
          ? "\(JSONValue.object([("checked", .flag(true)), ("chain_model_id", .text(id))]))"
          : "checked: \(output) is the blob of \(verifier), \(id)")
    }
    let destination = try Destination(
      output, holds: .chainBlob, reading: [verifier], force: force)
    try destination.write(blob.bytes)
    if json {
      let object = JSONValue.object([
        ("blob", .text(output)), ("blob_bytes", .integer(blob.bytes.count)),
        ("chain_model_id", .text(id)), ("model_id", .text("\(key.modelID)")),
        ("inferences", .integer(inferences)),
      ])
      try destination.tell(["\(object)"])
    } else {
      try destination.tell([
        "model id   \(key.modelID)", "on chains  \(id)",
        "wrote \(destination.name), \(Text.bytes(blob.bytes.count))",
      ])
    }
  }
}

struct ExportCall: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calldata",
    abstract: "Write the call by which a contract verifies a proof.",
    discussion: """
      The proof's context has 32 bytes. --blob is where the model's blob was deployed. Nothing is verified here.

      \(TacitTool.program) export calldata digits.verifier digits.proof --blob 0x… -o digits.calldata
      """)

  @Argument(help: "NAME.verifier")
  var verifier: String
  @Argument(help: "The proof.")
  var proof: String
  @Option(help: "The address of the model's blob: 0x and 40 hexadecimal digits.")
  var blob: String
  @Option(name: [.short, .long], help: "The bytes of the call; - is standard output.")
  var output: String
  @Flag(help: "Replace a file that exists, if it is of the same kind.")
  var force = false
  @Flag(help: "Print one JSON object, with statement and proof in hexadecimal.")
  var json = false

  func run() throws {
    let key = try InputFile.verifier(verifier)
    let digits = blob.hasPrefix("0x") ? blob.dropFirst(2) : blob[...]
    guard let address = Hex.bytes(digits), address.count == 20 else {
      throw CommandError.usage("--blob is an address: 0x and 40 hexadecimal digits")
    }
    let destination = try Destination(
      output, holds: .chainCall, reading: [verifier, proof], force: force)
    let file = try InputFile.bytes(proof)
    let (call, model): (ChainCall, [UInt8])
    do throws(ChainExportError) {
      let read = try key.chainCall(file)
      call = read.call
      model = try key.chainBlob(inferences: read.inferences).modelID
    } catch {
      throw CommandError.chainExport(path: InputFile.name(of: proof), error)
    }
    let bytes = call.calldata(blob: address, modelID: model)
    try destination.write(bytes)
    let id = "0x" + Hex.text(model)
    if json {
      let object = JSONValue.object([
        ("calldata", .text(output)), ("calldata_bytes", .integer(bytes.count)),
        ("chain_model_id", .text(id)), ("context", .text("0x" + Hex.text(call.context))),
        ("statement", .text("0x" + Hex.text(call.statement))),
        ("proof", .text("0x" + Hex.text(call.proof))),
      ])
      try destination.tell(["\(object)"])
    } else {
      try destination.tell([
        "model id on chains  \(id)",
        "wrote \(destination.name), \(Text.bytes(bytes.count))",
      ])
    }
  }
}
