import CharacteristicFlows
import Libc
import OptimalTransport

extension ParticleState {
  /// The order parameter |∫e^{2πix/L} dρ| on each axis of a length L: 0 where particles are even round a circle, 1 where
  /// they are all at one place; `nil` on a line.
  ///
  /// - Complexity: O(n).
  public var orderParameters: [Double?] {
    box.axes.indices.map { axis in
      guard box.axes[axis].isPeriodic else { return nil }
      let wave = 2 * Double.pi / box.axes[axis].length
      var (real, imaginary) = (CompensatedSum(), CompensatedSum())
      for (x, mass) in zip(position(axis), masses) {
        real.add(mass * cos(wave * x))
        imaginary.add(mass * sin(wave * x))
      }
      return hypot(real.value, imaginary.value)
    }
  }
}
