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
    room("Platform"),
    room("Compute", ["CKernels", "Platform"]),
    room("Hashing", ["CKernels", "Compute"]),
    room("Field", ["CKernels", "Compute"]),
    room("Curve", ["CGenerators", "CKernels", "Compute", "Hashing", "Field"]),
    room("Polynomial", ["Compute", "Field"]),
    room("Transcript", ["Compute", "Hashing", "Field", "Curve"]),
    room("Commitment", ["Compute", "Field", "Curve", "Polynomial", "Transcript"]),
    room("ConstraintSystem", ["BigInteger", "Platform", "Compute", "Hashing", "Field"]),
    room(
      "Arguments",
      ["CKernels", "Compute", "Field", "Polynomial", "Transcript", "ConstraintSystem"]),
    room("Model", ["BigInteger", "Platform", "ConstraintSystem"]),
    room("Import", ["ConstraintSystem", "Model"]),
    room("Compiler", ["BigInteger", "Platform", "ConstraintSystem", "Model"]),
    room(
      "Verification",
      [
        "Compute", "Hashing", "Field", "Curve", "Polynomial", "Transcript", "Commitment",
        "ConstraintSystem", "Arguments",
      ]),
    room(
      "Proving",
      [
        "Platform", "Compute", "Hashing", "Field", "Curve", "Polynomial", "Transcript",
        "Commitment", "ConstraintSystem", "Arguments", "Verification",
      ]),
    room("TacitVerifier", ["Curve", "ConstraintSystem", "Verification"]),
    room(
      "Tacit",
      [
        "CZlib", "Platform", "Field", "Curve", "ConstraintSystem", "Model", "Import", "Compiler",
        "Verification", "Proving", "TacitVerifier",
      ]),
    .executableTarget(
      name: "TacitCommand",
      dependencies: ["Platform", "Tacit", "TacitVerifier", "ConstraintSystem", arguments],
      resources: [
        .embedInCode("Resources/model-int8-qdq.onnx"), .embedInCode("Resources/input.npy"),
      ],
      swiftSettings: settings),
    tests("BigInteger", ["BigInteger", "TestSupport"]),
    tests("Field", ["Compute", "Field", "BigInteger", "TestSupport"]),
    tests("Compute", ["Platform", "Compute"]),
    tests("Hashing", ["Hashing", "TestSupport"]),
    tests("Curve", ["Compute", "Hashing", "Field", "Curve", "BigInteger", "TestSupport"]),
    tests("Polynomial", ["Field", "Polynomial", "TestSupport"]),
    tests("Transcript", ["Field", "Curve", "Transcript", "TestSupport"]),
    tests("Commitment", ["Field", "Curve", "Transcript", "Commitment", "TestSupport"]),
    tests("ConstraintSystem", ["ConstraintSystem", "BigInteger", "Field", "TestSupport"]),
    tests(
      "Arguments",
      [
        "Compute", "Field", "Polynomial", "Transcript", "ConstraintSystem", "Arguments",
        "TestSupport",
      ]),
    tests("Model", ["Model", "TestSupport"]),
    tests("Import", ["Import", "Model", "TestSupport"]),
    tests(
      "Compiler",
      [
        "Field", "Polynomial", "Compiler", "Import", "Model", "ConstraintSystem", "Transcript",
        "Verification", "Proving", "TestSupport",
      ]),
    tests(
      "Proving",
      [
        "Compute", "Field", "Curve", "Polynomial", "Transcript", "Commitment", "ConstraintSystem",
        "Arguments", "Verification", "Proving", "TestSupport",
      ]),
    tests(
      "Tacit",
      [
        "Tacit", "TacitVerifier", "TacitCommand", "VerifierOnly", "TestSupport", "ConstraintSystem",
        "Proving",
      ]),
    .executableTarget(
      name: "VerifierOnly", dependencies: ["TacitVerifier"], path: "Tests/VerifierOnly",
      swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["ConstraintSystem"], path: "Tests/Support",
      swiftSettings: settings),
  ],
)
