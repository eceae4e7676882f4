import KineticTransport

extension StateFigure {
  /// Two states that are compared.
  ///
  /// - Parameter paths: where they were read.
  init(
    _ inputs: DistanceInputs, of paths: [String], axes: FigureAxes, plan: TransportPlan? = nil
  ) {
    let names = ShortNames.of(paths)
    self.init(
      title: names.joined(separator: " and "), names: names,
      measures: [inputs.source, inputs.target], coordinates: inputs.coordinates, axes: axes,
      space: inputs.space, plan: plan)
  }
}
