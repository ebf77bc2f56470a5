import TestSupport
import Testing

func circuit(_ name: String) throws -> Circuit {
  try #require(Circuits.all.first { $0.name == name }?.circuit)
}
