import CKwass
import Libc

/// The sentence of the last failure of each thread.
enum LastMessage {
  /// Frees the sentence of a thread when it ends.
  private static let key: pthread_key_t? = {
    var key = pthread_key_t()
    return pthread_key_create(&key) { text in free(text) } == 0 ? key : nil
  }()

  /// Keeps a sentence; where there is no memory for it, the last one is gone nevertheless.
  static func set(_ message: String) {
    guard let key else { return }
    free(pthread_getspecific(key))
    pthread_setspecific(key, strdup(message))
  }

  /// The sentence of the calling thread.
  static var current: UnsafePointer<CChar> {
    guard let key, let text = pthread_getspecific(key) else { return StaticText.empty }
    return UnsafePointer(text.assumingMemoryBound(to: CChar.self))
  }
}

/// Texts that live as long as the process.
enum StaticText {
  /// A copy of a text that is never freed.
  static func permanent(_ text: String) -> UnsafePointer<CChar> {
    strdup(text).map { UnsafePointer($0) } ?? empty
  }

  nonisolated(unsafe) static let empty: UnsafePointer<CChar> = {
    let zero = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    zero.initialize(to: 0)
    return UnsafePointer(zero)
  }()
}

/// Runs the body of a function of the header.
///
/// - Returns: the status: `KWASS_OK`, or that of the failure, whose sentence is kept for the thread.
func reporting(_ body: () throws(Failure) -> Void) -> Int32 {
  do throws(Failure) {
    try body()
    return Int32(KWASS_OK)
  } catch {
    LastMessage.set(error.message)
    return error.status
  }
}
