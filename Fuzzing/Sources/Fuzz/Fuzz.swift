import FuzzTargets
import Foundation

/// The reader that `TACIT_FUZZ_TARGET` names, with the key that `TACIT_FUZZ_KEY` names.
private let target: FuzzTarget = {
  let environment = ProcessInfo.processInfo.environment
  guard let name = environment["TACIT_FUZZ_TARGET"],
    let path = environment["TACIT_FUZZ_KEY"],
    let key = FileManager.default.contents(atPath: path),
    let target = FuzzTarget.all(key: [UInt8](key)).first(where: { $0.name == name })
  else { fatalError("TACIT_FUZZ_TARGET and TACIT_FUZZ_KEY name a reader and a key") }
  return target
}()

/// What libFuzzer calls: https://llvm.org/docs/LibFuzzer.html#fuzz-target.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  target.read(Array(UnsafeBufferPointer(start: data, count: size)))
  return 0
}
