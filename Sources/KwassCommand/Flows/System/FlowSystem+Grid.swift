import KineticTransport

extension FlowSystem {
  /// The force of the system on a grid, and its step.
  ///
  /// - Throws: `CommandFailure`.
  func flow(of grid: PhaseSpaceGrid) throws(CommandFailure) -> GridFlow {
    let field: GridFlow.Field
    let rate: Double
    switch (kind, kernel) {
    case (.free, _): (field, rate) = (.free, 0)
    case (.vlasovPoisson, _) where mesh == nil:
      (field, rate) = (
        .vlasovPoisson(epsilon: epsilon ?? 1, isAttractive: isAttractive), 1 / (epsilon ?? 1)
      )
    case (.vlasov, .cosine(let curvature)):
      (field, rate) = (.cosine(curvature: curvature), curvature.magnitude.squareRoot())
    default:
      throw CommandFailure(
        .usage,
        "The grid representation knows --system free, s-model, w-model, vfp, mckean-vlasov, bgk, swarm, "
          + "vlasov-poisson without --mesh, and vlasov with --kernel cos; follow particles for others."
      )
    }
    do throws(FlowError) {
      return try GridFlow(
        grid: grid, field: field, integrator: integrator,
        step: step ?? (rate > 0 ? 0.1 / rate : .greatestFiniteMagnitude))
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The solution by modes of the velocities from a grid, over which particles may have been spread.
  ///
  /// - Throws: `CommandFailure`.
  func modeFlow(
    of grid: PhaseSpaceGrid, isWellPrepared: Bool, isOfParticles: Bool
  ) throws(CommandFailure) -> ModeFlow {
    let (interaction, external) = try potentials(length: grid.length)
    let epsilon = epsilon ?? 0
    do throws(KineticModelError) {
      return try ModeFlow(
        RelaxationEquation(
          collision(), external: PeriodicPotential(cosines: external),
          interaction: PeriodicPotential(cosines: interaction)),
        epsilon: epsilon, grid: grid, isWellPrepared: isWellPrepared, modeCount: modeCount,
        step: step)
    } catch {
      // More modes and more positions would only show more of the noise.
      guard isOfParticles, error.isUnresolved else { throw CommandFailure(error) }
      throw CommandFailure(
        .badData,
        "The density that the grid has of the particles is too rough for modes; follow them as particles"
          + (isWellPrepared || epsilon == 0
            ? "." : ", or start from their positions alone with --well-prepared."))
    }
  }

  private func collision() throws(KineticModelError) -> RelaxationEquation.Collision {
    guard let relaxation else { return .fokkerPlanck }
    if kind == .bgk { return .bgk(exponent: relaxation.exponent) }
    guard kind == .swarm, let gamma = relaxation.gamma else { return .fokkerPlanck }
    return .swarm(
      try VelocityPotential(gamma: gamma, sigma: relaxation.sigma),
      temperature: relaxation.temperature)
  }

  /// The amplitudes of the interaction −K and of the external potential.
  private func potentials(
    length: Double
  ) throws(CommandFailure) -> (interaction: [Double], external: [Double]) {
    let interaction: [Double]
    switch kernel {
    case nil: interaction = []
    case .cosine(let curvature)?:
      let unit = length / (2 * .pi)
      interaction = [-curvature * unit * unit]
    case .quadratic?, .radial?:
      throw CommandFailure(
        .usage, "--kernel \(kernel?.notation ?? "") is one of free space; on a grid it is cos:B.")
    }
    switch relaxation?.external {
    case nil: return (interaction, [])
    case .cosine(let amplitude)?: return (interaction, [-amplitude])
    case .quadratic?:
      throw CommandFailure(
        .usage, "--external quadratic needs a free axis; on a grid, which is periodic, it is cos:A."
      )
    }
  }
}
