// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "kinetic-transport",
  products: [
    .library(name: "KineticTransport", targets: ["KineticTransport"]),
    .executable(name: "kwass", targets: ["kwass"]),
  ],
  targets: [
    .systemLibrary(name: "CGLPK", providers: [.apt(["libglpk-dev"]), .brew(["glpk"])]),
    .systemLibrary(
      name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"]), .brew(["fftw"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
    .systemLibrary(
      name: "CLAPACK", pkgConfig: "lapack", providers: [.apt(["liblapack-dev"]), .brew(["lapack"])]),
    // A module map links its library only where Swift imports it; here C includes the header.
    .target(
      name: "TransportKernels", dependencies: ["CGLPK"], linkerSettings: [.linkedLibrary("glpk")]),
    .target(name: "OptimalTransport", dependencies: ["TransportKernels"]),
    .target(name: "PhaseSpace", dependencies: ["OptimalTransport"]),
    .target(
      name: "CharacteristicFlows", dependencies: ["PhaseSpace", "TransportKernels", "CFFTW"]),
    .target(
      name: "StabilityEstimates",
      dependencies: ["OptimalTransport", "PhaseSpace", "CharacteristicFlows"]),
    .target(
      name: "KineticModels",
      dependencies: [
        "OptimalTransport", "PhaseSpace", "CharacteristicFlows", "TransportKernels", "CFFTW",
        "CLAPACK",
      ]),
    .target(name: "Snapshots", dependencies: ["PhaseSpace", "CZlib", "CHDF5"]),
    .target(name: "Figures", dependencies: ["Snapshots"]),
    .target(
      name: "KineticTransport",
      dependencies: [
        "OptimalTransport", "PhaseSpace", "CharacteristicFlows", "KineticModels",
        "StabilityEstimates", "Snapshots", "Figures",
      ]),
    .target(name: "KwassCommand", dependencies: ["KineticTransport"]),
    .target(name: "MemoryGuard"),
    .executableTarget(name: "kwass", dependencies: ["KwassCommand", "MemoryGuard"]),
    .target(name: "TestSupport", dependencies: ["OptimalTransport"], path: "Tests/TestSupport"),
    .testTarget(
      name: "OptimalTransportTests", dependencies: ["OptimalTransport", "CGLPK", "TestSupport"]),
    .testTarget(name: "TransportKernelsTests", dependencies: ["TransportKernels", "TestSupport"]),
    .testTarget(name: "PhaseSpaceTests", dependencies: ["PhaseSpace", "TestSupport"]),
    .testTarget(
      name: "CharacteristicFlowsTests", dependencies: ["CharacteristicFlows", "TestSupport"]),
    .testTarget(
      name: "StabilityEstimatesTests", dependencies: ["StabilityEstimates", "TestSupport"]),
    .testTarget(
      name: "KineticModelsTests", dependencies: ["KineticModels", "TestSupport"]),
    .testTarget(name: "FiguresTests", dependencies: ["Figures", "TestSupport"]),
    .testTarget(name: "KineticTransportTests", dependencies: ["KineticTransport"]),
    .testTarget(name: "SnapshotsTests", dependencies: ["Snapshots", "TestSupport"]),
    .testTarget(name: "KwassCommandTests", dependencies: ["KwassCommand", "kwass", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
