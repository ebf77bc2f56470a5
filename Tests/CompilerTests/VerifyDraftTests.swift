import Compiler
import ConstraintSystem
import Model
import Testing

/// One broken draft for everything that a pass could break.
struct VerifyDraftTests {
  /// y[o] = Σ_i w[o, i]·x[i]; tensor 0 is w, block 0 is x.
  private static func draft() -> CircuitIR {
    var recorder = CircuitRecorder()
    let x = recorder.input("x", shape: [3], range: -4...4)
    let w = recorder.tensor(
      "y", as: .weight, shape: [2, 3], type: .int8, values: [1, 2, 3, -4, -5, -6])
    let relation = recorder.terms(
      over: [2], summed: [3], Reading(w, [.label(0), .label(1)]), Reading(x, [.label(1)]),
      named: "y")
    _ = recorder.block(
      "y", shape: [2], relation: relation, multiplier: .identity, activation: .clamp(-8...8))
    return recorder.draft
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var layer = "y"
    var apply: @Sendable (inout CircuitIR) -> Void
  }

  static let damages: [Damage] = [
    Damage(testDescription: "a value is missing", layer: "y.weight") {
      $0.tensors[0].values.removeLast()
    },
    Damage(testDescription: "a value beyond its type", layer: "y.weight") {
      $0.tensors[0].values[0] = 128
    },
    Damage(testDescription: "a float32 step") {
      $0.blocks[1].floatScaling = FloatScaling(steps: [], axes: [])
    },
    Damage(testDescription: "an empty axis") { $0.blocks[1].shape = [0] },
    Damage(testDescription: "no term") { $0.blocks[1].relation = [] },
    Damage(testDescription: "more terms than a key may hold") {
      $0.blocks[1].relation = Array(
        repeating: $0.blocks[1].relation[0], count: Limits.termsPerBlock + 1)
    },
    Damage(testDescription: "no factor") { $0.blocks[1].relation[0].factors = [] },
    Damage(testDescription: "a vanishing coefficient") {
      $0.blocks[1].relation[0].coefficient = 0
    },
    Damage(testDescription: "it reads itself") {
      $0.blocks[1].relation[0].factors[1].source = .block(1)
    },
    Damage(testDescription: "a tensor that is not there") {
      $0.blocks[1].relation[0].factors[0].source = .tensor(1)
    },
    Damage(testDescription: "a window too few") {
      $0.blocks[1].relation[0].factors[0].windows.removeLast()
    },
    Damage(testDescription: "a label twice") {
      $0.blocks[1].relation[0].factors[0].windows[0] = .label(1)
    },
    Damage(testDescription: "a label that is not there") {
      $0.blocks[1].relation[0].factors[1].windows[0] = .label(2)
    },
    Damage(testDescription: "a step that does not move") {
      $0.blocks[1].relation[0].factors[1].windows[0].steps[0].stride = 0
    },
    Damage(testDescription: "a sum over what nothing reads") {
      $0.blocks[1].relation[0].summed.append(2)
    },
  ]

  @Test func `a whole draft passes`() throws {
    try VerifyDraft.run(Self.draft(), after: "a pass")
  }

  @Test(arguments: damages)
  func `what a pass must not leave is refused by the layer's name`(_ damage: Damage) {
    var draft = Self.draft()
    damage.apply(&draft)
    #expect {
      try VerifyDraft.run(draft, after: "a pass")
    } throws: { error in
      let text = "\(error)"
      return text.contains("\"\(damage.layer)\"") && text.contains("after a pass")
    }
  }
}
