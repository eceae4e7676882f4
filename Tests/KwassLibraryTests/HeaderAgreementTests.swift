import CKwass
import KwassLibrary
import Testing

/// What the library exports is what the header declares.
@Suite struct HeaderAgreementTests {
  /// Compiles only where both functions have the same type, and is called once for each pair.
  private static func agree<Function>(_ declared: Function, _ exported: Function) -> Int { 1 }

  @Test func everyFunctionHasTheTypeOfTheHeader() {
    var count = Self.agree(kwass_version, KwassLibrary.kwassVersion)
    count += Self.agree(kwass_licenses, KwassLibrary.kwassLicenses)
    count += Self.agree(kwass_last_message, KwassLibrary.kwassLastMessage)
    count += Self.agree(kwass_status_name, KwassLibrary.kwassStatusName)
    count += Self.agree(kwass_particles_init, KwassLibrary.kwassParticlesInit)
    count += Self.agree(kwass_grid_init, KwassLibrary.kwassGridInit)
    count += Self.agree(kwass_metric_init, KwassLibrary.kwassMetricInit)
    count += Self.agree(kwass_group_init, KwassLibrary.kwassGroupInit)
    count += Self.agree(kwass_options_init, KwassLibrary.kwassOptionsInit)
    count += Self.agree(kwass_measure_from_particles, KwassLibrary.kwassMeasureFromParticles)
    count += Self.agree(kwass_measure_from_points, KwassLibrary.kwassMeasureFromPoints)
    count += Self.agree(kwass_measure_from_grid, KwassLibrary.kwassMeasureFromGrid)
    count += Self.agree(kwass_measure_shape, KwassLibrary.kwassMeasureShape)
    count += Self.agree(kwass_measure_free, KwassLibrary.kwassMeasureFree)
    count += Self.agree(kwass_metric_set_anisotropic, KwassLibrary.kwassMetricSetAnisotropic)
    count += Self.agree(kwass_metric_set_twisted, KwassLibrary.kwassMetricSetTwisted)
    count += Self.agree(kwass_metric_set_free_flow, KwassLibrary.kwassMetricSetFreeFlow)
    count += Self.agree(kwass_distance, KwassLibrary.kwassDistance)
    count += Self.agree(kwass_bounds, KwassLibrary.kwassBounds)
    count += Self.agree(kwass_matrix, KwassLibrary.kwassMatrix)
    count += Self.agree(kwass_solver_create, KwassLibrary.kwassSolverCreate)
    count += Self.agree(kwass_solver_distance, KwassLibrary.kwassSolverDistance)
    count += Self.agree(kwass_solver_reset, KwassLibrary.kwassSolverReset)
    count += Self.agree(kwass_solver_free, KwassLibrary.kwassSolverFree)
    count += Self.agree(kwass_result_summary, KwassLibrary.kwassResultSummary)
    count += Self.agree(kwass_result_distance, KwassLibrary.kwassResultDistance)
    count += Self.agree(kwass_result_lower, KwassLibrary.kwassResultLower)
    count += Self.agree(kwass_result_upper, KwassLibrary.kwassResultUpper)
    count += Self.agree(kwass_result_cost, KwassLibrary.kwassResultCost)
    count += Self.agree(kwass_result_plan, KwassLibrary.kwassResultPlan)
    count += Self.agree(kwass_result_potentials, KwassLibrary.kwassResultPotentials)
    count += Self.agree(kwass_result_marginals, KwassLibrary.kwassResultMarginals)
    count += Self.agree(kwass_result_gradient, KwassLibrary.kwassResultGradient)
    count += Self.agree(kwass_result_free, KwassLibrary.kwassResultFree)
    #expect(count == 34)
  }
}
