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

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
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
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CGMP", pkgConfig: "gmp", providers: [.apt(["libgmp-dev"]), .brew(["gmp"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    room("BigInteger", ["CGMP"]),
    .target(name: "CKernels"),
    room("Field", ["CKernels"]),
    room("Curve", ["CKernels", "Field", crypto]),
    room("Polynomial", ["Field"]),
    room("Transcript", ["Field", "Curve", crypto]),
    room("ConstraintSystem", ["Field", crypto]),
    room("Commitment", ["Field", "Curve", "Transcript", "ConstraintSystem"]),
    room("Witness", ["Field", "ConstraintSystem"]),
    room("Checker", ["BigInteger", "Field", "ConstraintSystem", "Witness"]),
    room("Arguments", ["CKernels", "Field", "Polynomial", "Transcript", "ConstraintSystem"]),
    room("Model", ["BigInteger", "ConstraintSystem"]),
    // Generated code: a language mode, but not the strict settings that it was not written for.
    .target(
      name: "ONNXSchema", dependencies: [protobuf], exclude: ["onnx.proto"],
      swiftSettings: [.swiftLanguageMode(.v6)]),
    room("Import", ["Model", "ONNXSchema", protobuf]),
    room("Compiler", ["BigInteger", "ConstraintSystem", "Witness", "Model"]),
    room(
      "Verification",
      [
        "Field", "Curve", "Polynomial", "Transcript", "Commitment", "ConstraintSystem", "Arguments",
        crypto,
      ]),
    room(
      "Proving",
      [
        "Field", "Curve", "Polynomial", "Transcript", "Commitment", "ConstraintSystem", "Arguments",
        "Verification", "Witness", crypto,
      ]),
    room("TacitVerifier", ["Curve", "ConstraintSystem", "Verification"]),
    room(
      "Tacit",
      [
        "CZlib", "Field", "Curve", "ConstraintSystem", "Witness", "Checker", "Model", "Import",
        "Compiler", "Verification", "Proving", "TacitVerifier",
      ]),
    .executableTarget(
      name: "TacitCommand",
      dependencies: ["Tacit", "TacitVerifier", "ConstraintSystem", "Witness", arguments],
      resources: [
        .embedInCode("Resources/model-int8-qdq.onnx"), .embedInCode("Resources/input.npy"),
      ],
      swiftSettings: settings),
    tests("BigInteger", ["BigInteger", "TestSupport"]),
    tests("Field", ["Field", "BigInteger", "TestSupport"]),
    tests("Curve", ["Field", "Curve", "BigInteger", "TestSupport", crypto]),
    tests("Polynomial", ["Field", "Polynomial", "TestSupport"]),
    tests("Transcript", ["Field", "Curve", "Transcript", "TestSupport"]),
    tests("Commitment", ["Field", "Curve", "Transcript", "Commitment", "TestSupport"]),
    tests(
      "ConstraintSystem",
      ["ConstraintSystem", "Witness", "Checker", "BigInteger", "Field", "TestSupport"]),
    tests("Witness", ["ConstraintSystem", "Witness", "Checker", "BigInteger", "TestSupport"]),
    tests("Checker", ["ConstraintSystem", "Witness", "Checker", "BigInteger", "TestSupport"]),
    tests(
      "Arguments",
      ["Field", "Polynomial", "Transcript", "ConstraintSystem", "Arguments", "TestSupport"]),
    tests("Model", ["Model", "TestSupport"]),
    tests("Import", ["Import", "Model", "TestSupport"]),
    tests(
      "Compiler",
      [
        "Field", "Polynomial", "Compiler", "Import", "Model", "ConstraintSystem", "Transcript",
        "Witness", "Checker", "Verification", "Proving", "TestSupport",
      ]),
    tests(
      "Proving",
      [
        "Field", "Curve", "Polynomial", "Transcript", "Commitment", "ConstraintSystem", "Arguments",
        "Witness", "Verification", "Proving", "TestSupport",
      ]),
    tests(
      "Tacit",
      [
        "Tacit", "TacitVerifier", "TacitCommand", "VerifierOnly", "TestSupport", "ConstraintSystem",
        "Witness", "Proving",
      ]),
    .executableTarget(
      name: "VerifierOnly", dependencies: ["TacitVerifier"], path: "Tests/VerifierOnly",
      swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["Field", "ConstraintSystem", "Witness"],
      path: "Tests/Support",
      swiftSettings: settings),
  ],
)
