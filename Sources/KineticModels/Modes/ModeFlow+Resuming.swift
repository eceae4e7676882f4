extension ModeFlow {
  /// ρ(x_i), and behind it g_n(x_i) for n = 1, 2, …: with the time all that a run needs to go on besides its start.
  ///
  /// A density on a grid of velocities has the modes but for the rounding of their sum; these numbers have all bits.
  public var state: [Double] { density + moments }

  /// Goes on from what another flow from the same start has come to, to the same bits as if it were that flow.
  ///
  /// - Parameters:
  ///   - state: that of the other flow.
  ///   - time: its time.
  /// - Throws: `KineticModelError.anotherRun`.
  public mutating func resume(from state: [Double], at time: Double) throws(KineticModelError) {
    let n = positionCount
    guard state.count == n + moments.count, state.allSatisfy(\.isFinite) else {
      throw .anotherRun(
        requirement: "\(n + moments.count) finite numbers, \(basis.count) modes at \(n) positions")
    }
    guard time >= self.time, time.isFinite else {
      throw .anotherRun(requirement: "a time from \(self.time) on")
    }
    density = Array(state[..<n])
    moments = Array(state[n...])
    self.time = time
  }
}
