import KineticTransport
import Libc

/// The processes that were started together with this one.
enum World {
  /// They, as a group; this process alone where nothing has started several.
  static func group() throws(CommandFailure) -> any ProcessGroup {
    #if MPI
      guard isLaunched else { return SingleProcess() }
      do throws(ProcessGroupError) {
        return try MPIGroup()
      } catch {
        throw CommandFailure(.internal, error.description)
      }
    #else
      return SingleProcess()
    #endif
  }

  /// What a user should know who has started several processes of a program that cannot join them; `nil` for
  /// nothing.
  static var remark: String? {
    #if MPI
      return nil
    #else
      guard let size = value("OMPI_COMM_WORLD_SIZE"), size > 1, isRankZero else { return nil }
      return
        "This kwass is built without MPI, and each of the \(size) ranks does all of the work; a build with the "
        + "trait MPI shares it out, and so does --part."
    #endif
  }

  /// Whether this process says what is the same for all, before they are joined.
  static var isFirst: Bool {
    #if MPI
      return isRankZero
    #else
      return true
    #endif
  }

  private static var isRankZero: Bool { ranks.compactMap(value).first ?? 0 == 0 }

  /// The variables in which Open MPI, and Slurm for it, tell a process its rank.
  private static let ranks = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"]

  private static var isLaunched: Bool { ranks.contains { value($0) != nil } }

  private static func value(_ variable: String) -> Int? {
    getenv(variable).flatMap { Int(String(cString: $0)) }
  }
}
