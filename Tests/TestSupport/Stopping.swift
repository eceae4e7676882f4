import OptimalTransport
import Testing

/// Expects that a solver was stopped, and returns what it had proved.
@discardableResult
public func stopped<Result>(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) -> PartialBracket? {
  do {
    _ = try body()
    Issue.record("It was not stopped.", sourceLocation: sourceLocation)
  } catch SolverError.cancelled(let bracket) {
    #expect(bracket != nil, "Nothing was proved.", sourceLocation: sourceLocation)
    return bracket
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
  }
  return nil
}
