import Testing

@testable import OptimalTransport

@Suite struct DomainTests {
  @Test func wrapsIntoTheCircle() {
    let axis = CoordinateAxis.circle(length: 1)
    #expect(axis.wrapped(-0.25) == 0.75)
    #expect(axis.wrapped(3.25) == 0.25)
    #expect(axis.wrapped(-1e-30) == 0)
    #expect(axis.wrapped(1) == 0)
    #expect(CoordinateAxis.line.wrapped(-3) == -3)
  }
}
