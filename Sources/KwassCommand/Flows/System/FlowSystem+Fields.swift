import KineticTransport

extension FlowSystem {
  /// The field of the system for particles in a box.
  ///
  /// - Throws: `FlowError`.
  func field(in box: ProductDomain) throws(FlowError) -> any ForceField {
    switch kind {
    case .free: return FreeField()
    case .vlasov: return try kernel?.field(in: box) ?? FreeField()
    case .incompressibleEuler: return try IncompressibleEulerField(modes: modes, box: box)
    case .cuckerSmale, .motschTadmor, .overmollified, .segregation, .sModel, .wModel:
      guard let alignment, !kind.isAdaptive else {
        throw .badBox(
          field: "--system \(kind.rawValue)",
          requirement:
            "kwass evolve or --theorem mean-field: its strength is no field of the agents alone")
      }
      do {
        return try alignment.field(kind, in: box, mesh: mesh)
      } catch {
        throw FlowError(error)
      }
    case .vfp, .mckeanVlasov, .swarm, .noisyAlignment, .bgk:
      throw .badBox(
        field: "--system \(kind.rawValue)",
        requirement: "kwass evolve: it is no field alone, since "
          + (kind == .bgk ? "particles collide" : "noise drives it"))
    case .vlasovPoisson:
      if let mesh {
        return try ParticleMeshField(
          epsilon: epsilon ?? 1, box: box, cells: mesh, shape: shape ?? .quadratic,
          filter: filter ?? .gaussian, isAttractive: isAttractive)
      }
      guard box.dimension == 1 else {
        throw .badBox(
          field: "--system vlasov-poisson", requirement: "--mesh in more than one dimension")
      }
      return try SheetField(epsilon: epsilon ?? 1, isAttractive: isAttractive)
    }
  }

  /// A flow of the system from a snapshot. Positions that the snapshot has outside of its periodic
  /// box are kept as lifts, so that a run goes on from any of its own snapshots to the same bits.
  ///
  /// - Throws: `CommandFailure`.
  func flow(
    from snapshot: Snapshot, measure: PhaseSpaceMeasure
  ) throws(CommandFailure) -> CharacteristicFlow {
    do throws(FlowError) {
      let field = try field(in: measure.box)
      try checkStep(field)
      return try CharacteristicFlow(
        measure: measure, lifts: snapshot.positions.map(\.array), field: field,
        integrator: integrator,
        step: step ?? Self.standardStep(field))
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Refuses a step that is too long for the rate of an alignment.
  private func checkStep(_ field: any ForceField) throws(FlowError) {
    guard let step, let stable = (field as? any RelaxationField)?.stableStep, step > stable else {
      return
    }
    throw .badParameter(
      name: "--step", value: step,
      requirement: "at most \(stable), up to which the method is stable")
  }

  private static func standardStep(_ field: any ForceField) -> Double {
    if let rate = (field as? any RelaxationField)?.largestRate { return 0.1 / rate }
    let rate = field.frequency ?? field.curvatureBound?.squareRoot() ?? 1
    // Without a force any step is exact.
    return rate > 0 ? 0.1 / rate : Double.greatestFiniteMagnitude
  }
}

extension FlowSystem.Kernel {
  /// The field of the kernel.
  func field(in box: ProductDomain) throws(FlowError) -> any ForceField {
    switch self {
    case .cosine(let curvature): try CosineField(curvature: curvature, box: box)
    case .quadratic(let curvature): try QuadraticField(curvature: curvature)
    case .radial(let kernel): try RadialField(kernel, dimension: box.dimension)
    }
  }
}
