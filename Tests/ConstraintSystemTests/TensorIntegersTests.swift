import ConstraintSystem
import Testing

struct TensorIntegersTests {
  private static func port(zeroPoint: Int64) -> Port {
    Port(
      name: "x", blocks: [0], visibility: .public, shape: [3], type: .int8, scale: 0.5,
      zeroPoint: zeroPoint, userType: .int8)
  }

  @Test(arguments: [-128, -1, 0, 7, 127] as [Int64])
  func `a port takes its zero point off and adds it again`(zeroPoint: Int64) {
    let port = Self.port(zeroPoint: zeroPoint)
    let runtime: RuntimeIntegers = [-128, 0, 127]
    let circuit = port.circuit(runtime)
    #expect(circuit.values == [-128, 0, 127].map { $0 - zeroPoint })
    #expect(port.runtime(circuit) == runtime)
    #expect(port.runtime(-zeroPoint) == 0)
    #expect(port.runtime(-1...2) == zeroPoint - 1...zeroPoint + 2)
  }

  /// Hostile values are compared with their type afterwards, and may not stop the process before.
  @Test func `integers next to the ends of a word wrap around`() {
    let port = Self.port(zeroPoint: 100)
    #expect(port.runtime([.max]).values == [.max &+ 100])
    #expect(port.circuit([.min]).values == [.min &- 100])
  }
}
