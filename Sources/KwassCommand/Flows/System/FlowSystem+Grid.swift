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
        "The grid representation knows --system free, s-model, w-model, vlasov-poisson without --mesh, "
          + "and --kernel cos; follow particles for others.")
    }
    do throws(FlowError) {
      return try GridFlow(
        grid: grid, field: field, integrator: integrator,
        step: step ?? (rate > 0 ? 0.1 / rate : .greatestFiniteMagnitude))
    } catch {
      throw CommandFailure(error)
    }
  }
}
