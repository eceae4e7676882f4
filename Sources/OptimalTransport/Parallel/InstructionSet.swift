import InstructionSets
import Libc

/// The instruction sets for which the hot loops have bodies.
///
/// On one of them, results are the same bits for any number of threads. From one to another, costs,
/// c-transforms, exact plans and their brackets are the same bits as well; sums of exponentials, and with
/// them what Sinkhorn's solvers give, and forces of radial kernels are rounded differently, in the twelfth
/// digit or so. Brackets hold on all of them. The environment variable `KWASS_INSTRUCTION_SET` chooses one
/// when a process first needs it, so that numbers of different machines can be compared; otherwise it is
/// the widest there is.
public enum InstructionSet: String, Sendable, CaseIterable {
  /// What every processor has.
  case portable
  /// AVX2 with fused multiply-add, x86-64-v3.
  case avx2
  /// AVX-512, x86-64-v4.
  case avx512

  /// The name of the variable.
  public static let variable = INSTRUCTION_SET_VARIABLE

  /// The one that is in use.
  public static var current: InstructionSet {
    switch chosen_instruction_set() {
    case instruction_set_x86_64_v4: .avx512
    case instruction_set_x86_64_v3: .avx2
    default: .portable
    }
  }

  /// Whether this processor and this build have it.
  public var isAvailable: Bool {
    switch self {
    case .portable: true
    case .avx2: has_instruction_set(instruction_set_x86_64_v3)
    case .avx512: has_instruction_set(instruction_set_x86_64_v4)
    }
  }

  /// Checks what the environment asks for. A library that is not asked to check uses the widest set
  /// instead of one that is unknown or missing.
  ///
  /// - Throws: `InstructionSetError`.
  public static func checkEnvironment() throws(InstructionSetError) {
    guard let value = getenv(variable) else { return }
    var set = instruction_set_portable
    guard instruction_set_named(value, &set), has_instruction_set(set) else {
      throw InstructionSetError(value: String(cString: value))
    }
  }
}

/// The environment asks for an instruction set that there is not.
public struct InstructionSetError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was asked for.
  public let value: String

  /// A full sentence.
  public var description: String {
    let available = InstructionSet.allCases.filter(\.isAvailable).map(\.rawValue)
    return
      "The environment variable \(InstructionSet.variable) is \"\(value)\"; on this machine it can "
      + "be \(available.joined(separator: ", "))."
  }
}
