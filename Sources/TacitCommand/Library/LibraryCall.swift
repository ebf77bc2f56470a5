import CTacit
import Compute
import ConstraintSystem
import Platform
import Tacit
import TacitVerifier

/// What a function of the library may answer with.
protocol LibraryAnswer {
  /// Of `out`.
  var answer: [UInt8] { get }
  /// Why it is no success all the same; nil where it is one.
  var failure: CommandError? { get }
}

extension LibraryAnswer {
  var failure: CommandError? { nil }
}

extension [UInt8]: LibraryAnswer {
  var answer: [UInt8] { self }
}

extension JSONValue: LibraryAnswer {
  var answer: [UInt8] { Array(description.utf8) }
}

/// How each function of the library begins and ends.
enum LibraryCall {
  /// The text of `tacit_version`, which is made once and kept.
  nonisolated(unsafe) static let version: UnsafePointer<CChar>? = {
    // SAFETY: strdup makes a copy that nobody frees.
    unsafe UnsafePointer(strdup(TacitTool.version))
  }()

  /// Does a call's work, and hands over what it makes or why it fails.
  ///
  /// - Parameters:
  ///   - out: takes the answer, or a failure as JSON.
  ///   - message: takes the failure in words.
  ///   - job: nil for one that nobody looks at.
  /// - Returns: what the command exits with.
  @unsafe static func answer(
    _ out: Out, _ message: Out, _ job: OpaquePointer? = nil,
    _ work: () throws(CommandError) -> some LibraryAnswer
  ) -> Int32 {
    tacit_gate_enter()
    defer { tacit_gate_leave() }
    unsafe clear(out)
    unsafe clear(message)
    let failure: CommandError
    do throws(CommandError) {
      let result: any LibraryAnswer
      if let job = unsafe job {
        guard let held = unsafe self.held(job) as HeldJob? else {
          throw .usage("what was given as a job is none")
        }
        result = try held.job.complete { () throws(CommandError) in try work() }
      } else {
        result = try work()
      }
      unsafe give(result.answer, out)
      guard let found = result.failure else { return ExitStatus.done.rawValue }
      failure = found
    } catch {
      unsafe give(Array("\(error.json(error.reason))".utf8), out)
      failure = error
    }
    unsafe give(Array(failure.reason.utf8), message)
    return failure.status.rawValue
  }

  /// - Throws: for a number of bytes that nothing has, or of none.
  @unsafe static func bytes(
    _ bytes: Bytes, _ count: Int, _ name: String
  ) throws(CommandError) -> [UInt8] {
    guard count >= 0 else { throw .usage("\(name): \(UInt(bitPattern: count)) bytes are too many") }
    guard let bytes = unsafe bytes else {
      guard count == 0 else { throw .usage("\(name): NULL has no \(count) bytes") }
      return []
    }
    // SAFETY: the caller has as many bytes there, until the call returns.
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// Numbers of an array file; nil for NULL.
  @unsafe static func arrays(
    _ bytes: Bytes, _ count: Int, _ reading: InputReading, _ name: String
  ) throws(CommandError) -> NamedArrays? {
    guard unsafe bytes != nil else { return nil }
    let file = try unsafe self.bytes(bytes, count, name)
    do throws(ArrayFileError) {
      return try NamedArrays(file, named: name, reading: reading)
    } catch {
      throw .array(path: name, error)
    }
  }

  /// nil for NULL.
  @unsafe static func modelID(_ text: Text0) throws(CommandError) -> ModelID? {
    guard let text = unsafe text else { return nil }
    guard let id = ModelID(unsafe String(cString: text)) else {
      throw .usage("a model id is 64 hexadecimal digits")
    }
    return id
  }

  static func otherModel(_ pinned: ModelID?, _ key: ModelVerifier) -> CommandError {
    .verification(
      key: "key", proof: "key",
      .pinnedModel(expected: pinned ?? key.modelID, key: key.modelID))
  }

  @unsafe static func key(_ key: OpaquePointer?) throws(CommandError) -> HeldKey {
    guard let held = unsafe self.held(key) as HeldKey? else {
      throw .usage("what was given as a key is none")
    }
    return held
  }

  static func prover(_ key: HeldKey) throws(CommandError) -> ModelProver {
    guard let prover = key.prover else {
      throw .usage("this is a verifier key; a prover key is needed")
    }
    return prover
  }

  /// Keeps an object for a caller until `tacit_release`.
  @unsafe static func hold(_ object: AnyObject) -> OpaquePointer {
    unsafe OpaquePointer(Unmanaged.passRetained(object).toOpaque())
  }

  /// An object that a caller has; nil for NULL and for one of another kind.
  @unsafe static func held<Held: AnyObject>(_ pointer: OpaquePointer?) -> Held? {
    // SAFETY: the library made it, and the caller has not given it back.
    unsafe pointer.flatMap {
      unsafe Unmanaged<AnyObject>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() as? Held
    }
  }

  @unsafe static func clear(_ out: Out) { unsafe out?.pointee = tacit_buffer() }

  /// Copies bytes for a caller, with a zero behind them.
  @unsafe static func give(_ bytes: [UInt8], _ out: Out) {
    guard let out = unsafe out, let memory = unsafe malloc(bytes.count + 1) else { return }
    // SAFETY: there is room for the bytes and for one more.
    unsafe bytes.withUnsafeBytes {
      unsafe UnsafeMutableRawBufferPointer(start: memory, count: bytes.count + 1).copyBytes(
        from: $0)
    }
    unsafe (memory + bytes.count).storeBytes(of: 0, as: UInt8.self)
    unsafe out.pointee = tacit_buffer(
      data: memory.assumingMemoryBound(to: UInt8.self), count: bytes.count)
  }
}

/// An answer that is told as it is, whether it is a success or not.
struct LibraryVerdict: LibraryAnswer {
  let answer: [UInt8]
  let failure: CommandError?

  /// The verdict on each of several proofs.
  init(
    _ results: [Result<VerifiedInference, VerificationFailure>], of verifier: ModelVerifier,
    placing numbers: inout LooseNumbers?
  ) {
    var list: [JSONValue] = []
    var (rejected, first) = (0, nil as CommandError?)
    for (index, result) in results.enumerated() {
      switch result {
      case .success(let inference): list.append(.object(inference.jsonMembers(placing: &numbers)))
      case .failure(let failure):
        let error = CommandError.verification(key: "key", proof: "proofs[\(index)]", failure)
        rejected += 1
        first = first ?? error
        list.append(error.json(error.reason))
      }
    }
    failure =
      results.count == 1 ? first : first.map { _ in .proofs(rejected: rejected, of: results.count) }
    let object = JSONValue.object(
      [
        ("verified", .flag(rejected == 0)), ("model_id", .text("\(verifier.modelID)")),
        ("rejected", .integer(rejected)), ("proofs", .list(list)),
      ] + (failure.map { $0.members($0.reason) } ?? []))
    answer = object.answer
  }

  /// A page that shows a key.
  init(page file: [UInt8]) throws(CommandError) {
    guard file.starts(with: "TACIT".utf8) else {
      throw .usage("the file is no key; compile the model to see its circuit as a page")
    }
    let verifier = try Inspect.verifier(file, try Inspect.kind(of: file, "file"), "file")
    (answer, failure) = (Array(ReportPage(verifier).html.utf8), nil)
  }

  /// What is in a file, and whether a model that it holds can be proven.
  init(_ inspection: Inspection) {
    failure = inspection.failure
    let why = inspection.failure.map { $0.members($0.reason) } ?? []
    answer = JSONValue.object(inspection.members + why).answer
  }
}
