import OptimalTransport

/// The exact field of Vlasov–Poisson on a circle: particles are charged sheets, and the field is
/// found by sorting them.
///
/// v̇ = E = −U′, −ε²U″ = ρ/ρ̄ − 1, where ρ̄ is the mean density, so that the plasma frequency is 1/ε on a
/// circle of any length L. With places s = x/L and masses w of sum 1,
///
/// E_i = (L/ε²)·[M_i + w_i/2 − s_i + Σ_j w_j s_j − ½],
///
/// where M_i is the mass strictly to the left and tied particles share the half mass of their group.
/// The mean field and the total force are zero. With the attractive sign E is reversed. Source: J.
/// Dawson, "One-dimensional plasma model", Phys. Fluids 5 (1962), doi:10.1063/1.1706638.
public struct SheetField: ForceField {
  /// The particles in the order of their places.
  public struct Scratch: FieldScratch {
    var sheets = SheetOrder()

    /// No memory yet.
    public init() {}
  }

  /// The Debye length ε in units of the speeds; the plasma frequency is 1/ε.
  public let epsilon: Double
  /// Whether particles attract each other (gravitation) instead of repelling (a plasma).
  public let isAttractive: Bool

  /// The field of a plasma, or of a gravitating medium, with the Debye length ε.
  ///
  /// - Throws: `FlowError.badParameter` unless ε and ε⁻² are positive and finite.
  public init(epsilon: Double, isAttractive: Bool = false) throws(FlowError) {
    try checkEpsilon(epsilon)
    self.epsilon = epsilon
    self.isAttractive = isAttractive
  }

  /// "exact sheet field" with ε and the sign.
  public var name: String {
    "Vlasov–Poisson by exact sheets, ε = \(epsilon), \(isAttractive ? "attractive" : "repulsive")"
  }
  /// The plasma frequency 1/ε.
  public var frequency: Double? { 1 / epsilon }
  /// The field jumps where two sheets meet.
  public var isContinuous: Bool { false }

  /// One periodic axis.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    guard particles.dimension == 1, particles.box.axes[0].isPeriodic else {
      throw .badBox(field: name, requirement: "one periodic axis")
    }
  }

  /// The exact field at each particle.
  ///
  /// - Complexity: O(n) for densities that vary moderately, O(n log n) at worst.
  public func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout Scratch,
    into accelerations: inout [Double]
  ) {
    let length = particles.box.axes[0].length
    let moments = sort(particles, length, &scratch.sheets)
    let factor = (isAttractive ? -1 : 1) * length / (epsilon * epsilon)
    let order = scratch.sheets
    accelerations.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let accelerations = buffer
      forEachBucket(order, particles, costPerSheet: 4) { bucket, sheets, masses in
        var left = LeftMass(
          masses: masses, rank: order.starts[bucket], before: moments.left[bucket])
        var index = 0
        while index < sheets.count {
          let place = sheets[index].place
          var end = index + 1
          while end < sheets.count, sheets[end].place == place { end += 1 }
          let group = left.pass(sheets[index..<end])
          let field = factor * ((group.before + 0.5 * group.mass - place) + moments.offset)
          for sheet in sheets[index..<end] { accelerations[Int(sheet.index)] = field }
          index = end
        }
      }
    }
  }

  /// (ε²/2)·∫E² dx/L, exactly: between two sheets the field is linear.
  ///
  /// - Complexity: as `accelerations`.
  public func potentialEnergy(of particles: ParticleState, at time: Double) -> Double? {
    let length = particles.box.axes[0].length
    var order = SheetOrder()
    let moments = sort(particles, length, &order)
    let factor = length / (epsilon * epsilon)
    var energy = CompensatedSum()
    var left = CompensatedSum([moments.offset])
    for (index, sheet) in order.sheets.enumerated() {
      left.add(particles.masses[Int(sheet.index)])
      let isLast = index + 1 == order.sheets.count
      let next = isLast ? order.sheets[0].place + 1 : order.sheets[index + 1].place
      let (a, b) = (factor * (left.value - sheet.place), factor * (left.value - next))
      energy.add((next - sheet.place) * (a * a + a * b + b * b) / 3)
    }
    return (isAttractive ? -0.5 : 0.5) * epsilon * epsilon * energy.value
  }

  // MARK: Moments

  /// Sums over the sorted sheets.
  private struct Moments: Sendable {
    /// For each bucket the mass to the left of it.
    let left: [Double]
    /// Σ_j w_j s_j − ½.
    let offset: Double
  }

  private func sort(
    _ particles: ParticleState, _ length: Double, _ order: inout SheetOrder
  ) -> Moments {
    order.sort(particles.positions, length: length)
    let buckets = order.bucketCount
    var sums = [SIMD2<Double>](repeating: .zero, count: buckets)
    sums.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let sums = buffer
      forEachBucket(order, particles, costPerSheet: 1) { bucket, sheets, masses in
        sums[bucket] = masses.moments(of: sheets)
      }
    }
    var (left, mass, moment) = ([Double](), CompensatedSum(), CompensatedSum())
    for sum in sums {
      left.append(mass.value)
      mass.add(sum[0])
      moment.add(sum[1])
    }
    return Moments(left: left, offset: CompensatedSum([moment.value, -0.5]).value)
  }

  /// Calls a body for each bucket with its sheets, at the same time where it pays.
  private func forEachBucket(
    _ order: SheetOrder, _ particles: ParticleState, costPerSheet: Double,
    _ body: @Sendable (Int, UnsafeBufferPointer<Sheet>, Masses) -> Void
  ) {
    particles.masses.withUnsafeBufferPointer { masses in
      order.sheets.withUnsafeBufferPointer { sheets in
        nonisolated(unsafe) let sheets = sheets
        nonisolated(unsafe) let masses = Masses(
          equalCount: particles.commonMass.map { _ in Double(particles.count) }, each: masses)
        let cost = costPerSheet * Double(sheets.count / order.bucketCount)
        Parallel.forEachChunk(of: order.bucketCount, costPerItem: cost) { range in
          for bucket in range {
            let own = order.starts[bucket]..<order.starts[bucket + 1]
            body(bucket, UnsafeBufferPointer(rebasing: sheets[own]), masses)
          }
        }
      }
    }
  }
}

/// The masses of sheets; equal ones need no look into memory, and are 1/n exactly: rounded ones would
/// not add up to 1, and all sheets together would feel a force.
private struct Masses {
  /// The number of sheets where all have the same mass.
  let equalCount: Double?
  let each: UnsafeBufferPointer<Double>

  /// Σ w and Σ w·s, as good as rounded once: an error common to all sheets would push the whole.
  func moments(of sheets: UnsafeBufferPointer<Sheet>) -> SIMD2<Double> {
    guard let equalCount else {
      var (mass, moment) = (CompensatedSum(), CompensatedSum())
      for sheet in sheets {
        let own = each[Int(sheet.index)]
        mass.add(own)
        moment.add(own * sheet.place)
      }
      return SIMD2(mass.value, moment.value)
    }
    // Places are cut into multiples of 2^-32, whose sum is exact, and the small rest.
    var (high, low) = (0.0, 0.0)
    for sheet in sheets {
      let coarse = (sheet.place + 0x1.8p20) - 0x1.8p20
      high += coarse
      low += sheet.place - coarse
    }
    return SIMD2(Double(sheets.count) / equalCount, (high + low) / equalCount)
  }
}

/// The mass to the left of a sheet, carried along without an error that grows.
private struct LeftMass {
  private let masses: Masses
  private var rank: Int
  private var sum: CompensatedSum

  init(masses: Masses, rank: Int, before: Double) {
    self.masses = masses
    self.rank = rank
    sum = CompensatedSum([before])
  }

  /// Goes past a group of tied sheets; returns the mass before it, and its own.
  @inline(__always)
  mutating func pass(
    _ group: Slice<UnsafeBufferPointer<Sheet>>
  ) -> (before: Double, mass: Double) {
    if let count = masses.equalCount {
      defer { rank += group.count }
      return (Double(rank) / count, Double(group.count) / count)
    }
    let before = sum.value
    var own = 0.0
    for sheet in group {
      let mass = masses.each[Int(sheet.index)]
      own += mass
      sum.add(mass)
    }
    return (before, own)
  }
}

/// Checks the parameter ε of Vlasov–Poisson.
func checkEpsilon(_ epsilon: Double) throws(FlowError) {
  guard epsilon > 0, epsilon.isFinite, (1 / (epsilon * epsilon)).isFinite,
    1 / (epsilon * epsilon) > 0
  else {
    throw .badParameter(
      name: "epsilon", value: epsilon, requirement: "positive, and neither tiny nor huge")
  }
}
