import Libc
import OptimalTransport

extension SampleFamily {
  /// All families.
  public static let all: [SampleFamily] = [
    gaussian, maxwellian, twoStream, densityWave, coldWave, uniform,
  ]

  /// Independent normal positions and velocities in free space, centred anywhere.
  public static let gaussian = SampleFamily(
    name: "gaussian", summary: "normal positions and velocities in free space",
    parameters: [
      .positive("position-spread", 1, "standard deviation of each position"),
      .positive("velocity-spread", 1, "standard deviation of each velocity"),
      .fraction("correlation", 0, "correlation of position and velocity on the same axis"),
      .any("position-shift", 0, "mean of each position"),
      .any("velocity-shift", 0, "mean of each velocity"),
    ], largestDimension: 8,
    box: { _, dimension in Array(repeating: .line, count: dimension) },
    map: { point, values in
      let r = values["correlation"]
      return eachAxis(point) { a, b in
        let (x, y) = (NormalQuantile.value(a), NormalQuantile.value(b))
        return (
          values["position-shift"] + values["position-spread"] * x,
          values["velocity-shift"]
            + values["velocity-spread"] * (r * x + ((1 - r) * (1 + r)).squareRoot() * y)
        )
      }
    })

  /// The uniform density on a periodic box with a Maxwellian in velocity.
  public static let maxwellian = SampleFamily(
    name: "maxwellian", summary: "uniform in a periodic box, normal velocities",
    parameters: [
      .positive("length", 1, "length of the box on each axis"),
      .positive("thermal-speed", 1, "standard deviation of each velocity"),
      .any("drift", 0, "mean of each velocity"),
    ], largestDimension: 8, box: periodic,
    map: { point, values in
      eachAxis(point) { a, b in
        (
          values["length"] * a,
          values["drift"] + values["thermal-speed"] * NormalQuantile.value(b)
        )
      }
    },
    shape: { density(of: $0, around: [$0["drift"]]) })

  /// Two beams of opposite velocities, with a density wave on the first axis.
  public static let twoStream = SampleFamily(
    name: "two-stream", summary: "two opposite beams on the first axis of a periodic box",
    parameters: [
      .positive("length", 1, "length of the box on each axis"),
      .positive("beam-speed", 2, "speed of either beam on the first axis"),
      .positive("thermal-speed", 0.5, "standard deviation of each velocity in a beam"),
      .fraction("amplitude", 0.01, "amplitude of the density wave 1 + amplitude·cos(2π·mode·x/L)"),
      .natural("mode", 1, "waves in the box"),
    ], largestDimension: 8, box: periodic,
    map: { point, values in
      var state = eachAxis(point) { a, b in
        (values["length"] * a, values["thermal-speed"] * NormalQuantile.value(b))
      }
      state.x[0] = values["length"] * wave(point[0], values["amplitude"], values["mode"])
      // The lower half of the unit interval is one beam, the upper half the other.
      let isForward = point[1] >= 0.5
      let quantile = isForward ? 2 * point[1] - 1 : 2 * point[1]
      state.v[0] =
        (isForward ? 1 : -1) * values["beam-speed"]
        + values["thermal-speed"] * NormalQuantile.value(max(quantile, 0x1p-54))
      return state
    },
    shape: { density(of: $0, around: [-$0["beam-speed"], $0["beam-speed"]]) })

  /// (1 + δ cos 2πnx/L)·M(v) on a periodic box: Landau damping's initial state, case E of the tests.
  public static let densityWave = SampleFamily(
    name: "density-wave", summary: "a density wave on the first axis, normal velocities",
    parameters: [
      .positive("length", 1, "length of the box on each axis"),
      .fraction("amplitude", 0.5, "amplitude of the density wave 1 + amplitude·cos(2π·mode·x/L)"),
      .natural("mode", 1, "waves in the box"),
      .positive("thermal-speed", 1, "standard deviation of each velocity"),
      .any("drift", 0, "mean of each velocity"),
    ], largestDimension: 8, box: periodic,
    map: { point, values in
      var state = eachAxis(point) { a, b in
        (
          values["length"] * a,
          values["drift"] + values["thermal-speed"] * NormalQuantile.value(b)
        )
      }
      state.x[0] = values["length"] * wave(point[0], values["amplitude"], values["mode"])
      return state
    },
    shape: { density(of: $0, around: [$0["drift"]]) })

  /// The cold plasma oscillation of (VP)_ε on the unit torus: X = y + a·sin(2πy)·cos(t/ε),
  /// V = −(a/ε)·sin(2πy)·sin(t/ε), y uniform.
  public static let coldWave = SampleFamily(
    name: "cold-wave", summary: "a cold plasma oscillation on the unit circle",
    parameters: [
      Parameter(
        name: "amplitude", standard: 0.05, meaning: "largest displacement a, with 2πa < 1",
        range: 0...0.15915, requirement: "at least 0 and below 1/(2π)"),
      .positive("epsilon", 0.1, "Debye length ε; the plasma frequency is 1/ε"),
      .any("time", 0, "time t of the state"),
    ], largestDimension: 1, box: { _, _ in [.circle(length: 1)] },
    map: { point, values in
      let displacement = values["amplitude"] * sin(2 * .pi * point[0])
      let phase = values["time"] / values["epsilon"]
      return (
        [point[0] + displacement * cos(phase)],
        [-displacement / values["epsilon"] * sin(phase)]
      )
    })

  /// Uniform positions on a periodic box, velocities uniform on an interval.
  public static let uniform = SampleFamily(
    name: "uniform", summary: "uniform in a periodic box and in a cube of velocities",
    parameters: [
      .positive("length", 1, "length of the box on each axis"),
      .positive("velocity-limit", 1, "velocities lie between plus and minus this"),
      .any("drift", 0, "mean of each velocity"),
    ], largestDimension: 8, box: periodic,
    map: { point, values in
      eachAxis(point) { a, b in
        (values["length"] * a, values["drift"] + values["velocity-limit"] * (2 * b - 1))
      }
    })

  // MARK: Parts

  private static let periodic: @Sendable (Values, Int) throws(SampleError) -> [CoordinateAxis] = {
    (values: Values, dimension: Int) throws(SampleError) -> [CoordinateAxis] in
    Array(repeating: .circle(length: values["length"]), count: dimension)
  }

  /// A density wave with normal velocities about each of some means.
  private static func density(of values: Values, around means: [Double]) -> SampleDensity {
    let (length, spread) = (values["length"], values["thermal-speed"])
    let (amplitude, wave) = (values["amplitude"], 2 * Double.pi * values["mode"] / length)
    let (lowest, highest) = (means.min() ?? 0, means.max() ?? 0)
    return SampleDensity(
      length: length, velocityRange: (lowest - 9.5 * spread)...(highest + 9.5 * spread)
    ) { x, v in
      let velocities = means.reduce(0) { sum, mean in
        let offset = (v - mean) / spread
        return sum + exp(-offset * offset / 2)
      }
      return (1 + amplitude * cos(wave * x)) * velocities
    }
  }

  /// Maps the pairs of coordinates of a point, one pair for each axis.
  private static func eachAxis(
    _ point: [Double], _ map: (Double, Double) -> (Double, Double)
  ) -> (x: [Double], v: [Double]) {
    let pairs = stride(from: 0, to: point.count, by: 2).map { map(point[$0], point[$0 + 1]) }
    return (pairs.map(\.0), pairs.map(\.1))
  }

  /// The quantile function of the density 1 + δ·cos(2πnx) on the unit interval: the root of
  /// x + δ·sin(2πnx)/(2πn) = q, by bisection (the left side increases for |δ| ≤ 1).
  private static func wave(_ quantile: Double, _ amplitude: Double, _ mode: Double) -> Double {
    let frequency = 2 * Double.pi * mode
    func excess(_ x: Double) -> Double { x + amplitude * sin(frequency * x) / frequency - quantile }
    var (low, high) = (0.0, 1.0)
    while high - low > 0x1p-50 {
      let middle = (low + high) / 2
      if excess(middle) < 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

extension SampleFamily.Parameter {
  fileprivate static func positive(_ name: String, _ standard: Double, _ meaning: String) -> Self {
    Self(
      name: name, standard: standard, meaning: meaning,
      range: Double.leastNormalMagnitude...Double.greatestFiniteMagnitude,
      requirement: "positive and finite")
  }

  fileprivate static func any(_ name: String, _ standard: Double, _ meaning: String) -> Self {
    Self(
      name: name, standard: standard, meaning: meaning,
      range: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude,
      requirement: "finite")
  }

  fileprivate static func fraction(_ name: String, _ standard: Double, _ meaning: String) -> Self {
    Self(
      name: name, standard: standard, meaning: meaning, range: -1...1,
      requirement: "between -1 and 1")
  }

  fileprivate static func natural(_ name: String, _ standard: Double, _ meaning: String) -> Self {
    Self(
      name: name, standard: standard, meaning: meaning, range: 1...1e9,
      isWhole: true, requirement: "a whole number of at least 1")
  }
}
