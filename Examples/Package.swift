// swift-tools-version: 6.2
import PackageDescription

/// A program of its own folder, with what it takes of Tacit.
func example(_ name: String, _ library: String) -> Target {
  .executableTarget(
    name: name, dependencies: [.product(name: library, package: "Tacit")],
    swiftSettings: [
      .swiftLanguageMode(.v6),
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("MemberImportVisibility"),
      .treatAllWarnings(as: .error),
    ])
}

let package = Package(
  name: "Examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Tacit", path: "..")],
  targets: [
    example("ProveAndVerify", "Tacit"),
    example("VerifierAlone", "TacitVerifier"),
    example("Calibrate", "Tacit"),
  ]
)
