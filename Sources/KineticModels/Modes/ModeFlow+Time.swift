import CharacteristicFlows

extension ModeFlow {
  /// How long the next step is at most: the first ones resolve the layer of the length ε² in which the modes
  /// relax, and grow in proportion to the time that has passed.
  package var nextStep: Double {
    guard epsilon > 0 else { return step }
    let first = max(epsilon * epsilon / (16 * largestRate), 1e-9 * step)
    return min(step, max(first, (time - startTime) / 10))
  }

  /// Follows the equation to a later time, with steps of at most `step` that are the same wherever a run was
  /// stopped before.
  ///
  /// - Throws: `KineticModelError`: in particular `.unresolvedModes` where the highest modes or harmonics
  ///   are not small.
  /// - Complexity: O(modes · n · log n) for each step.
  public mutating func advance(to target: Double) throws(KineticModelError) {
    guard target >= time else {
      throw .badParameter(
        name: "time", value: target, requirement: "at least \(time), as relaxation has no way back")
    }
    _ = try stepCount(to: target)
    var scratch = ModeStep(self)
    var count = 0
    while time < target {
      let next = length(ofStepTo: target, longest: nextStep)
      scratch.take(next.length, &self)
      time = next.isLast ? target : time + next.length
      count += 1
      if count.isMultiple(of: 64) { try checkResolution() }
    }
    try checkResolution()
  }

  /// The next one of equal steps to a time none of which is longer than a given one.
  package func length(
    ofStepTo target: Double, longest: Double
  ) -> (length: Double, isLast: Bool) {
    let rest = target - time
    guard rest > longest * (1 + 1e-9) else { return (rest, true) }
    return (rest < 2 * longest ? rest / 2 : longest, false)
  }

  /// About how many steps lead to a time.
  ///
  /// - Throws: `KineticModelError.flow(.tooManySteps)`.
  public func stepCount(to target: Double) throws(KineticModelError) -> Int {
    do throws(FlowError) {
      return try StepCount.steps(from: time, to: target, step: step)
    } catch {
      throw .flow(error)
    }
  }
}
