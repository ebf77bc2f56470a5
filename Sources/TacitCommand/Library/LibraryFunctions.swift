public import CTacit
import Compute
import ConstraintSystem
import Platform
import Tacit
import TacitVerifier

// The functions of libtacit, as Sources/CTacit/include/tacit.h declares and describes them.

// They are public, as only those leave the module under their own names.

/// Bytes of a caller's.
public typealias Bytes = UnsafePointer<UInt8>?
/// A text of a caller's, which ends with a zero.
public typealias Text0 = UnsafePointer<CChar>?
/// What a caller has filled.
public typealias Out = UnsafeMutablePointer<tacit_buffer>?

/// A key, as a caller in another language holds it.
final class HeldKey: Sendable {
  /// Nil for a verifier key.
  let prover: ModelProver?
  let verifier: ModelVerifier

  init(_ prover: ModelProver) { (self.prover, verifier) = (prover, prover.verifier) }
  init(_ verifier: ModelVerifier) { (prover, self.verifier) = (nil, verifier) }
}

/// A job, as a caller in another language holds it.
final class HeldJob: Sendable {
  let job: Job

  init(threads: Int) { job = Job(threads: threads) }
}

/// The version. See `tacit.h`.
@_cdecl("tacit_version")
public func tacitVersion() -> Text0 { unsafe LibraryCall.version }

/// Gives back bytes. See `tacit.h`.
@_cdecl("tacit_free")
public func tacitFree(_ data: UnsafeMutableRawPointer?) { unsafe free(data) }

/// Gives back a key or a job. See `tacit.h`.
@_cdecl("tacit_release")
public func tacitRelease(_ held: UnsafeMutableRawPointer?) {
  // SAFETY: the caller gives back what the library gave, once.
  if let held = unsafe held { unsafe Unmanaged<AnyObject>.fromOpaque(held).release() }
}

/// Makes a job. See `tacit.h`.
@_cdecl("tacit_job_make")
public func tacitJobMake(_ threads: Int32) -> OpaquePointer? {
  unsafe LibraryCall.hold(HeldJob(threads: threads > 0 ? Int(threads) : processors))
}

/// How far a job is. See `tacit.h`.
@_cdecl("tacit_job_progress")
public func tacitJobProgress(_ job: OpaquePointer?) -> Double {
  (unsafe LibraryCall.held(job) as HeldJob?)?.job.progress ?? 0
}

/// Ends a job. See `tacit.h`.
@_cdecl("tacit_job_cancel")
public func tacitJobCancel(_ job: OpaquePointer?) {
  (unsafe LibraryCall.held(job) as HeldJob?)?.job.cancel()
}

/// Compiles a model. See `tacit.h`.
@_cdecl("tacit_compile")
public func tacitCompile(
  _ model: Bytes, _ modelCount: Int, _ calibration: Bytes, _ calibrationCount: Int,
  _ compilation: UnsafePointer<tacit_compilation>?, _ job: OpaquePointer?,
  _ key: UnsafeMutablePointer<OpaquePointer?>?, _ out: Out, _ message: Out
) -> Int32 {
  unsafe LibraryCall.answer(out, message, job) { () throws(CommandError) in
    let choice = try unsafe LibraryChoice(compilation?.pointee ?? tacit_compilation())
    let file = try unsafe LibraryCall.bytes(model, modelCount, "model")
    let inputs = try unsafe LibraryCall.arrays(
      calibration, calibrationCount, choice.numbers, "calibration")
    let (prover, report) = try choice.compile(file, calibration: inputs)
    let description = prover.verifier.description
    unsafe key?.pointee = unsafe LibraryCall.hold(HeldKey(prover))
    return JSONValue.object(
      [("model_id", .text("\(prover.modelID)"))] + description.figures + report.jsonMembers)
  }
}

/// Reads a key. See `tacit.h`.
@_cdecl("tacit_open")
public func tacitOpen(
  _ file: Bytes, _ count: Int, _ modelID: Text0, _ key: UnsafeMutablePointer<OpaquePointer?>?,
  _ out: Out, _ message: Out
) -> Int32 {
  unsafe LibraryCall.answer(out, message) { () throws(CommandError) in
    let file = try unsafe LibraryCall.bytes(file, count, "key")
    let pinned = try unsafe LibraryCall.modelID(modelID)
    let held: HeldKey
    if (try? FileFormat.kind(of: file)) == .prover {
      held = HeldKey(try InputFile.prover(file, "key"))
      guard pinned == nil || pinned == held.verifier.modelID else {
        throw LibraryCall.otherModel(pinned, held.verifier)
      }
    } else {
      held = HeldKey(try InputFile.verifier(file, "key", modelID: pinned))
    }
    unsafe key?.pointee = unsafe LibraryCall.hold(held)
    return JSONValue.object([
      ("kind", .text(held.prover == nil ? "verifier key" : "prover key")),
      ("model_id", .text("\(held.verifier.modelID)")),
    ])
  }
}

/// Bytes of a key's file. See `tacit.h`.
@_cdecl("tacit_key_file")
public func tacitKeyFile(
  _ key: OpaquePointer?, _ asVerifier: Int32, _ out: Out, _ message: Out
) -> Int32 {
  unsafe LibraryCall.answer(out, message) { () throws(CommandError) in
    let key = try unsafe LibraryCall.key(key)
    if asVerifier != 0 { return key.verifier.file }
    return try LibraryCall.prover(key).file
  }
}

/// Proves. See `tacit.h`.
@_cdecl("tacit_prove")
public func tacitProve(
  _ prover: OpaquePointer?, _ input: Bytes, _ inputCount: Int, _ numbers: Int32,
  _ context: Bytes, _ contextCount: Int, _ job: OpaquePointer?, _ out: Out, _ message: Out
) -> Int32 {
  unsafe LibraryCall.answer(out, message, job) { () throws(CommandError) in
    let prover = try LibraryCall.prover(try unsafe LibraryCall.key(prover))
    let reading = try LibraryChoice.reading(numbers)
    guard let input = try unsafe LibraryCall.arrays(input, inputCount, reading, "input") else {
      throw .usage("there is no input")
    }
    let context = try unsafe LibraryCall.bytes(context, contextCount, "context")
    do throws(TacitError) {
      return try prover.prove(input, context: context)
    } catch {
      throw .tacit(path: error.subject == .key ? "key" : "input", error)
    }
  }
}

/// Checks proofs. See `tacit.h`.
@_cdecl("tacit_verify")
public func tacitVerify(
  _ key: OpaquePointer?, _ proofs: UnsafePointer<Bytes>?, _ proofCounts: UnsafePointer<Int>?,
  _ count: Int, _ modelID: Text0, _ context: Bytes, _ contextCount: Int, _ job: OpaquePointer?,
  _ values: Out, _ out: Out, _ message: Out
) -> Int32 {
  unsafe LibraryCall.clear(values)
  return unsafe LibraryCall.answer(out, message, job) { () throws(CommandError) in
    let verifier = try unsafe LibraryCall.key(key).verifier
    let pinned = try unsafe LibraryCall.modelID(modelID)
    var files: [[UInt8]] = []
    if let proofs = unsafe proofs, let counts = unsafe proofCounts, count > 0 {
      for index in 0..<count {
        // SAFETY: the caller has as many of both.
        files.append(
          try unsafe LibraryCall.bytes(proofs[index], counts[index], "proofs[\(index)]"))
      }
    }
    let bound =
      unsafe context == nil
      ? nil : try unsafe LibraryCall.bytes(context, contextCount, "context")
    let results: [Result<VerifiedInference, VerificationFailure>]
    do throws(VerificationFailure) {
      results = try verifier.verifyAll(files, modelID: pinned, context: bound)
    } catch {
      throw .verification(key: "key", proof: "proofs", error)
    }
    var numbers: LooseNumbers? = unsafe values == nil ? nil : LooseNumbers()
    let verdict = LibraryVerdict(results, of: verifier, placing: &numbers)
    if let numbers { unsafe LibraryCall.give(numbers.bytes, values) }
    return verdict
  }
}

/// What is in a file. See `tacit.h`.
@_cdecl("tacit_inspect")
public func tacitInspect(
  _ file: Bytes, _ count: Int, _ shapes: Text0, _ folder: Text0, _ asHTML: Int32, _ out: Out,
  _ message: Out
) -> Int32 {
  unsafe LibraryCall.answer(out, message) { () throws(CommandError) in
    let file = try unsafe LibraryCall.bytes(file, count, "file")
    let reading = try unsafe LibraryChoice.reading(shapes: shapes, folder: folder)
    return try asHTML == 0
      ? LibraryVerdict(Inspect.inspection(of: file, "file", reading)) : LibraryVerdict(page: file)
  }
}

/// The command. See `tacit.h`.
@_cdecl("tacit_main")
public func tacitMain(_ count: Int32, _ arguments: UnsafePointer<Text0>?) -> Int32 {
  var words: [String] = []
  for index in 0..<max(0, Int(count)) {
    // SAFETY: the caller has as many words, each of which ends with a zero.
    guard let word = unsafe arguments?[index] else { break }
    words.append(unsafe String(cString: word))
  }
  return TacitTool.main(words)
}
