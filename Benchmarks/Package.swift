// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that importers of the library never see it.
let package = Package(
  name: "kwass-benchmarks",
  dependencies: [.package(name: "kinetic-transport", path: "..")],
  targets: [
    .executableTarget(
      name: "kwass-benchmarks",
      dependencies: [.product(name: "KineticTransport", package: "kinetic-transport")])
  ],
  swiftLanguageModes: [.v6]
)
