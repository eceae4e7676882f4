// swift-tools-version: 6.1
import PackageDescription

// A package of its own: its program has no main but that of libFuzzer.
let package = Package(
  name: "kwass-fuzz",
  dependencies: [.package(name: "kinetic-transport", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz-readers",
      dependencies: [.product(name: "KineticTransport", package: "kinetic-transport")])
  ],
  swiftLanguageModes: [.v6]
)
