// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

// The programs of the package in Examples, for tests to run: built here with the rest, not anew.
func example(_ name: String, _ library: String) -> Target {
  .executableTarget(
    name: name, dependencies: [.byName(name: library)], path: "Examples/Sources/\(name)",
    swiftSettings: settings)
}

// Readers as the package in Fuzzing has them, for tests to run its corpus.
let fuzzTargets = Target.target(
  name: "FuzzTargets", dependencies: ["Tacit"], path: "Fuzzing/Sources/FuzzTargets",
  swiftSettings: settings)

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: settings)
}

// A target may import only those above it; see the table of rooms in docs/architecture.md.
let package = Package(
  name: "Tacit",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Tacit", targets: ["Tacit"]),
    .library(name: "TacitVerifier", targets: ["TacitVerifier"]),
    .executable(name: "tacit", targets: ["TacitCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(
      name: "CGMP", pkgConfig: "gmp", providers: [.apt(["libgmp-dev"]), .brew(["gmp"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    room("BigInteger", ["CGMP"]),
    .target(name: "CGenerators", exclude: ["generators.bin"]),
    .target(name: "CKernels"),
    .target(name: "CTacit"),
    room("Platform"),
    room("Compute", ["CKernels", "Platform"]),
    room("Hashing", ["CKernels", "Compute"]),
    room("Field", ["CKernels", "Compute"]),
    room("Curve", ["CGenerators", "CKernels", "Compute", "Hashing", "Field"]),
    room("Pairing", ["Field", "Curve"]),
    room("Polynomial", ["Compute", "Field"]),
    room("ArgumentKernels", ["CKernels", "Compute", "Field", "Polynomial"]),
    room("InnerProducts", ["CKernels", "Compute"]),
    room("ProofSizes"),
    room("Transcript", ["Compute", "Hashing", "Field", "Curve"]),
    room("ConstraintSystem", ["Hashing"]),
    room(
      "Ceremony", ["Compute", "Hashing", "Field", "Curve", "Pairing", "ConstraintSystem"]),
    room(
      "Commitment",
      [
        "Compute", "Field", "Curve", "Pairing", "Polynomial", "ProofSizes", "Transcript",
        "ConstraintSystem", "Ceremony",
      ]),
    room("Witness", ["Compute", "Field", "InnerProducts", "ConstraintSystem"]),
    room("Checker", ["BigInteger", "Compute", "Field", "ConstraintSystem", "Witness"]),
    room(
      "Arguments",
      ["Compute", "Field", "Polynomial", "ArgumentKernels", "Transcript", "ConstraintSystem"]),
    room("Model", ["Platform", "Compute", "InnerProducts", "ConstraintSystem"]),
    room("Import", ["ConstraintSystem", "Model"]),
    room(
      "Compiler",
      ["BigInteger", "Platform", "Compute", "ProofSizes", "ConstraintSystem", "Witness", "Model"]),
    room(
      "Verification",
      [
        "Compute", "Hashing", "Field", "Curve", "Polynomial", "ArgumentKernels", "ProofSizes",
        "Transcript", "ConstraintSystem", "Commitment", "Arguments",
      ]),
    room(
      "Proving",
      [
        "Platform", "Compute", "Hashing", "Field", "Curve", "Polynomial", "ArgumentKernels",
        "Transcript", "ConstraintSystem", "Commitment", "Witness", "Arguments", "Verification",
      ]),
    room(
      "TacitVerifier",
      ["Compute", "Hashing", "Curve", "Transcript", "ConstraintSystem", "Verification"]),
    room(
      "OnChain",
      [
        "Hashing", "Field", "Curve", "Transcript", "ConstraintSystem", "Arguments", "Verification",
        "TacitVerifier",
      ]),
    room(
      "Tacit",
      [
        "CZlib", "Platform", "Compute", "Field", "Curve", "ConstraintSystem", "Ceremony",
        "Commitment", "Witness", "Checker", "Model", "Import", "Compiler", "Verification",
        "Proving", "TacitVerifier",
      ]),
    .executableTarget(
      name: "TacitCommand",
      dependencies: [
        "CTacit", "Platform", "Compute", "ConstraintSystem", "Ceremony", "Witness", "TacitVerifier",
        "OnChain", "Tacit", arguments,
      ],
      resources: [
        .embedInCode("Resources/model-int8-qdq.onnx"), .embedInCode("Resources/input.npy"),
      ],
      swiftSettings: settings),
    tests("BigInteger", ["BigInteger", "TestSupport"]),
    tests("Compute", ["Platform", "Compute"]),
    tests("Hashing", ["Hashing", "TestSupport"]),
    tests("Field", ["BigInteger", "Compute", "Field", "TestSupport"]),
    tests("Curve", ["Compute", "Hashing", "Field", "Curve", "TestSupport"]),
    tests("Pairing", ["Field", "Curve", "Pairing", "TestSupport"]),
    tests(
      "Ceremony",
      ["Hashing", "Field", "Curve", "Pairing", "ConstraintSystem", "Ceremony", "TestSupport"]),
    tests("Polynomial", ["Field", "Polynomial", "TestSupport"]),
    tests("ArgumentKernels", ["Compute", "Field", "Polynomial", "ArgumentKernels", "TestSupport"]),
    tests(
      "ProofSizes",
      [
        "ProofSizes", "Transcript", "ConstraintSystem", "Commitment", "Arguments", "Compiler",
        "Verification", "Proving", "TestSupport",
      ]),
    tests("InnerProducts", ["Compute", "InnerProducts", "TestSupport"]),
    tests("Transcript", ["Field", "Curve", "Transcript", "TestSupport"]),
    tests(
      "ConstraintSystem", ["BigInteger", "ConstraintSystem", "Witness", "Checker", "TestSupport"]),
    tests(
      "Commitment",
      [
        "Field", "Curve", "Pairing", "ProofSizes", "Transcript", "ConstraintSystem", "Ceremony",
        "Commitment", "TestSupport",
      ]),
    tests(
      "Witness", ["BigInteger", "Field", "ConstraintSystem", "Witness", "Checker", "TestSupport"]),
    tests(
      "Checker", ["BigInteger", "Field", "ConstraintSystem", "Witness", "Checker", "TestSupport"]),
    tests(
      "Arguments",
      [
        "Field", "Polynomial", "ArgumentKernels", "Transcript", "ConstraintSystem", "Witness",
        "Arguments", "TestSupport",
      ]),
    tests("Model", ["ConstraintSystem", "Model", "TestSupport"]),
    tests("Import", ["ConstraintSystem", "Model", "Import", "TestSupport"]),
    tests(
      "Compiler",
      [
        "Field", "Polynomial", "Transcript", "ConstraintSystem", "Witness", "Checker", "Model",
        "Import", "Compiler", "Verification", "Proving", "TestSupport",
      ]),
    tests(
      "Proving",
      [
        "Compute", "Hashing", "Field", "Curve", "Polynomial", "ArgumentKernels", "ProofSizes",
        "Transcript", "ConstraintSystem", "Ceremony", "Commitment", "Witness", "Arguments",
        "Verification", "Proving", "TestSupport",
      ]),
    tests(
      "Tacit",
      [
        "Hashing", "Curve", "ConstraintSystem", "Ceremony", "Witness", "Proving", "TacitVerifier",
        "Tacit", "TacitCommand", "TestSupport", "ProveAndVerify", "VerifierAlone", "Calibrate",
        "FuzzTargets",
      ]),
    fuzzTargets,
    example("ProveAndVerify", "Tacit"),
    example("VerifierAlone", "TacitVerifier"),
    example("Calibrate", "Tacit"),
    .target(
      name: "TestSupport",
      dependencies: [
        "Hashing", "Field", "Curve", "Pairing", "ConstraintSystem", "Ceremony", "Witness",
      ],
      path: "Tests/Support", swiftSettings: settings),
  ],
)
