/// The lowest modes of the collision operator that the velocity meets: −C(Mp_n) = λ_n·Mp_n.
struct VelocityModes {
  /// λ₁ < λ₂ < …, without λ₀ = 0.
  var eigenvalues: [Double]
  /// By how much λ_n is off, as the last two resolutions tell.
  var eigenvalueErrors: [Double]
  /// ⟨v, p_n⟩²_M, per axis.
  var squaredMoments: [Double]
}
