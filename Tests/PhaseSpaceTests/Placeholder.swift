import Testing

@testable import PhaseSpace
