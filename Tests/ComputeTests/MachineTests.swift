import Foundation
import Platform
import Testing

struct MachineTests {
  @Test func `the machine is the one that Foundation sees`() {
    #expect(Machine.processors == ProcessInfo.processInfo.activeProcessorCount)
    #expect(Machine.physicalMemory == ProcessInfo.processInfo.physicalMemory)
  }

  @Test func `variables of the environment`() {
    #expect(Machine.variable("PATH") == ProcessInfo.processInfo.environment["PATH"])
    #expect(Machine.variable("TACIT_NO_SUCH_VARIABLE") == nil)
  }
}
