import FuzzTargets
import Foundation

/// The reader that `TACIT_FUZZ_TARGET` names, with key and proofs of the folder that `TACIT_FUZZ_CORPUS` names.
private let target: FuzzTarget = {
  let environment = ProcessInfo.processInfo.environment
  guard let name = environment["TACIT_FUZZ_TARGET"],
    let corpus = environment["TACIT_FUZZ_CORPUS"],
    let key = FileManager.default.contents(atPath: corpus + "/key"),
    let proof = FileManager.default.contents(atPath: corpus + "/proof/00"),
    let keyProof = FileManager.default.contents(atPath: corpus + "/key-proof/00"),
    let target = FuzzTarget.all(
      key: [UInt8](key), proof: [UInt8](proof), keyProof: [UInt8](keyProof)
    )
    .first(where: { $0.name == name })
  else {
    FileHandle.standardError.write(
      Data("TACIT_FUZZ_TARGET names a reader, TACIT_FUZZ_CORPUS the corpus\n".utf8))
    exit(2)
  }
  return target
}()

/// What libFuzzer calls: https://llvm.org/docs/LibFuzzer.html#fuzz-target.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  target.read(Array(UnsafeBufferPointer(start: data, count: size)))
  return 0
}
