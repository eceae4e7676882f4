/// A coefficient of a Fourier transform: its real and its imaginary part.
package typealias FourierCoefficient = (Double, Double)

/// The library that computes Fourier transforms.
package enum FourierLibrary {
  /// Whether this build has it.
  package static var isPresent: Bool {
    #if FFTW
      true
    #else
      false
    #endif
  }

  /// - Parameter user: who needs it, for the sentence.
  /// - Throws: `FlowError.missingLibrary` in a build without it.
  package static func require(for user: String) throws(FlowError) {
    guard isPresent else { throw .missingLibrary(user: user, name: "FFTW") }
  }
}
