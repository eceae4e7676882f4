// swift-tools-version: 6.1
import PackageDescription

/// The modules of the library, in the order of their imports. Their clients depend on all of them by name:
/// where a module changes the layout of a type, an incremental build compiles again what names the module, and
/// not what sees it by way of another one.
let library: [Target.Dependency] = [
  "OptimalTransport", "LinearPrograms", "PhaseSpace", "CharacteristicFlows", "KineticModels",
  "StabilityEstimates", "Snapshots", "Figures",
]

/// Programs that show how the library is used; the tests run them.
let examples = [
  "TwoClouds", "OwnCost", "EntropicGradient", "OwnField", "FileSeries", "FreeFlowDistance",
  "StabilityBound", "TwoFlocks", "DistanceFigure", "FlatDistance",
]

let package = Package(
  name: "kinetic-transport",
  products: [
    .library(name: "KineticTransport", targets: ["KineticTransport"]),
    .executable(name: "kwass", targets: ["kwass"]),
    // Not of the program's name: of two products of one name SwiftPM builds the first only.
    .library(name: "kwass-c", type: .dynamic, targets: ["KwassLibrary"]),
  ],
  traits: [
    .default(enabledTraits: ["GLPK", "FFTW"]),
    .trait(
      name: "GLPK",
      description: "Link GLPK (GPL-3 or later) for linear programs, the reference of all solvers."),
    .trait(
      name: "FFTW", description: "Link FFTW (GPL-2 or later) for flows on meshes and grids."),
    .trait(
      name: "MPI",
      description:
        "Link Open MPI into the command, whose ranks then share its work; never into the library."),
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
    .systemLibrary(
      name: "CMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
    .systemLibrary(name: "CKwass"),
    .target(name: "Libc"),
    .target(name: "BuildInformation"),
    .target(name: "InstructionSets"),
    // Kernels include their bodies by the header that compiles them for each instruction set.
    .target(
      name: "TransportKernels", dependencies: ["InstructionSets"],
      cSettings: [.headerSearchPath(".")]),
    .target(
      name: "FlowKernels", dependencies: ["InstructionSets"], cSettings: [.headerSearchPath(".")]),
    // A module map links its library only where Swift imports it; here C includes the header.
    .target(
      name: "GuardedGLPK",
      dependencies: [.target(name: "CGLPK", condition: .when(traits: ["GLPK"]))],
      cSettings: [.define("GLPK", .when(traits: ["GLPK"]))],
      linkerSettings: [.linkedLibrary("glpk", .when(traits: ["GLPK"]))]),
    .target(
      name: "OptimalTransport",
      dependencies: ["InstructionSets", "TransportKernels", "Libc"]),
    .target(name: "LinearPrograms", dependencies: ["OptimalTransport", "GuardedGLPK"]),
    .target(name: "PhaseSpace", dependencies: ["OptimalTransport", "Libc"]),
    .target(
      name: "CharacteristicFlows",
      dependencies: [
        "OptimalTransport", "PhaseSpace", "FlowKernels",
        .target(name: "CFFTW", condition: .when(traits: ["FFTW"])), "Libc",
      ]),
    .target(
      name: "StabilityEstimates",
      dependencies: ["OptimalTransport", "PhaseSpace", "CharacteristicFlows", "Libc"]),
    .target(
      name: "KineticModels",
      dependencies: [
        "OptimalTransport", "PhaseSpace", "CharacteristicFlows", "FlowKernels", "CLAPACK", "Libc",
      ]),
    .target(
      name: "Snapshots",
      dependencies: ["OptimalTransport", "PhaseSpace", "CZlib", "CHDF5", "Libc"]),
    .target(name: "Figures", dependencies: ["OptimalTransport", "Snapshots", "Libc"]),
    .target(name: "KineticTransport", dependencies: library),
    .target(
      name: "KwassCommand",
      dependencies: [
        "KineticTransport", "BuildInformation", "Libc",
        .target(name: "CMPI", condition: .when(traits: ["MPI"])),
      ] + library),
    .target(
      name: "KwassLibrary",
      dependencies: ["CKwass", "OptimalTransport", "PhaseSpace", "BuildInformation", "Libc"]),
    .target(name: "MemoryGuard"),
    .executableTarget(name: "kwass", dependencies: ["KwassCommand", "MemoryGuard", "Libc"]),
    .target(
      name: "TestSupport", dependencies: ["OptimalTransport", "Libc"], path: "Tests/TestSupport"),
    .testTarget(
      name: "OptimalTransportTests",
      dependencies: ["OptimalTransport", "LinearPrograms", "Libc", "TestSupport"]),
    .testTarget(
      name: "LinearProgramsTests",
      dependencies: [
        "OptimalTransport", "LinearPrograms", "PhaseSpace", "CharacteristicFlows",
        .target(name: "CGLPK", condition: .when(traits: ["GLPK"])), "TestSupport",
      ]),
    .testTarget(
      name: "TransportKernelsTests",
      dependencies: ["TransportKernels", "InstructionSets", "Libc", "TestSupport"]),
    .testTarget(
      name: "FlowKernelsTests", dependencies: ["FlowKernels", "InstructionSets", "TestSupport"]),
    .testTarget(name: "PhaseSpaceTests", dependencies: ["Libc", "TestSupport"] + library),
    .testTarget(name: "CharacteristicFlowsTests", dependencies: ["TestSupport"] + library),
    .testTarget(name: "StabilityEstimatesTests", dependencies: ["TestSupport"] + library),
    .testTarget(name: "KineticModelsTests", dependencies: ["TestSupport"] + library),
    .testTarget(name: "FiguresTests", dependencies: ["TestSupport"] + library),
    .testTarget(name: "KineticTransportTests", dependencies: ["KineticTransport"] + library),
    .testTarget(
      name: "KwassLibraryTests",
      dependencies: [
        "CKwass", "KwassLibrary", "OptimalTransport", "PhaseSpace", "Libc", "TestSupport",
      ]),
    .testTarget(name: "SnapshotsTests", dependencies: ["Libc", "TestSupport"] + library),
    .testTarget(
      name: "KwassCommandTests",
      dependencies: ["KwassCommand", "kwass", "KineticTransport", "Libc", "TestSupport"] + library),
  ]
    + examples.map { name in
      .executableTarget(
        name: name, dependencies: ["KineticTransport"] + library, path: "Examples/\(name)")
    },
  swiftLanguageModes: [.v6]
)
