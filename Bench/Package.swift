// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Bench",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Tacit", path: "..")],
  targets: [
    .executableTarget(
      name: "bench",
      dependencies: [.product(name: "Tacit", package: "Tacit")],
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
      ])
  ]
)
