@_exported import CharacteristicFlows
@_exported import Figures
@_exported import KineticModels
@_exported import LinearPrograms
@_exported import OptimalTransport
@_exported import PhaseSpace
@_exported import Snapshots
@_exported import StabilityEstimates
