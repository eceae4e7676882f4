import KineticTransport
import Synchronization

/// How far a comparison has come in this process.
final class ComparisonState: Sendable {
  private let state = Mutex((files: [SnapshotFile](), isReported: false))

  /// What was read: the references, then the snapshots to judge.
  var files: [SnapshotFile] {
    get { state.withLock { $0.files } }
    set { state.withLock { $0.files = newValue } }
  }

  /// Whether the verdicts are written down.
  var isReported: Bool {
    get { state.withLock { $0.isReported } }
    set { state.withLock { $0.isReported = newValue } }
  }
}
