/// The velocities at which an equilibrium e^{−W/θ} is not negligible.
struct VelocityWindow {
  /// Beyond, W lies by more than (45 + 3n)θ + barrier above its minimum, so that what is left out is
  /// below e^{−45} of all that is computed: the smallest eigenvalue and the first n modes included,
  /// whose squares grow in the tails like no more than the n-th power of W/θ.
  let range: ClosedRange<Double>
  /// The least value of W, on a fine grid.
  let minimum: Double
  /// How far one must climb from the lowest well to leave it for another one; 0 where there is one
  /// well alone. In the unit of W.
  let barrier: Double

  /// The window of a potential.
  ///
  /// - Parameter isRadial: whether velocities are moduli, from 0 on; between two points of a circle
  ///   there is no barrier.
  /// - Throws: `KineticModelError` where W is no number, does not confine, or has too high a barrier.
  init(
    _ potential: VelocityPotential, temperature: Double, isRadial: Bool, modeCount: Int
  ) throws(KineticModelError) {
    var search = Search(
      potential: potential, margin: Double(45 + 3 * modeCount) * temperature, isRadial: isRadial)
    var radius = 1.0
    while try !search.holds(radius) {
      radius *= 2
      guard radius < 0x1p60 else {
        throw .notConfining(
          potential: potential.name, at: search.lowestEnd(radius / 2),
          value: potential(search.lowestEnd(radius / 2)))
      }
    }
    while radius > 0x1p-60, try search.holds(radius / 2) { radius /= 2 }
    _ = try search.holds(radius)
    (minimum, barrier) = (search.minimum, search.barrier)
    guard barrier < 600 * temperature else {
      throw .barrierTooHigh(potential: potential.name, barrier: barrier / temperature)
    }
    range = search.range(radius)
  }
}

/// Looks at a potential on grids of growing and shrinking radius.
private struct Search {
  let potential: VelocityPotential
  let margin: Double
  let isRadial: Bool
  var minimum = 0.0
  var barrier = 0.0

  private static let count = 4096

  private func place(_ index: Int, _ radius: Double) -> Double {
    let part = Double(index) / Double(Self.count)
    return isRadial ? radius * part : radius * (2 * part - 1)
  }

  private func value(_ velocity: Double) throws(KineticModelError) -> Double {
    let value = potential(velocity)
    guard !value.isNaN else {
      throw .badPotential(potential: potential.name, at: velocity)
    }
    return value
  }

  /// Whether the potential from a radius on lies above all that matters within. It is looked at up to
  /// sixteen times the radius.
  mutating func holds(_ radius: Double) throws(KineticModelError) -> Bool {
    var values: [Double] = []
    for index in 0...Self.count { values.append(try value(place(index, radius))) }
    minimum = values.reduce(.infinity, min)
    guard minimum.isFinite else { return false }
    barrier = isRadial ? 0 : Self.barrier(values) - minimum
    var beyond = radius
    while beyond <= 16 * radius {
      for place in isRadial ? [beyond] : [beyond, -beyond] {
        guard try value(place) - minimum > margin + barrier else { return false }
      }
      beyond *= 1.25
    }
    return true
  }

  /// The greatest value that has smaller ones on both of its sides; the least of all where none has.
  private static func barrier(_ values: [Double]) -> Double {
    var lowestAfter = values
    for index in values.indices.dropLast().reversed() {
      lowestAfter[index] = min(values[index], lowestAfter[index + 1])
    }
    var (lowestBefore, highest) = (Double.infinity, lowestAfter[0])
    for index in values.indices {
      if values[index] > lowestBefore, values[index] > lowestAfter[index] {
        highest = max(highest, values[index])
      }
      lowestBefore = min(lowestBefore, values[index])
    }
    return highest
  }

  /// The lower one of the two ends.
  func lowestEnd(_ radius: Double) -> Double {
    isRadial || potential(radius) <= potential(-radius) ? radius : -radius
  }

  /// From the first to the last velocity at which the potential is low enough.
  func range(_ radius: Double) -> ClosedRange<Double> {
    func isLow(_ velocity: Double) -> Bool { potential(velocity) - minimum <= margin + barrier }
    let low = (0...Self.count).map { place($0, radius) }.filter(isLow)
    guard let first = low.first, let last = low.last else { return -radius...radius }
    let step = place(1, radius) - place(0, radius)
    func edge(from inside: Double, to outside: Double) -> Double {
      var (inside, outside) = (inside, outside)
      for _ in 0..<40 {
        let middle = (inside + outside) / 2
        if isLow(middle) { inside = middle } else { outside = middle }
      }
      return outside
    }
    let left = isRadial && first == 0 ? 0 : edge(from: first, to: first - step)
    return left...edge(from: last, to: last + step)
  }
}
