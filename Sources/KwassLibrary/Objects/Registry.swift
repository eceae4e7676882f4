import CKwass
import Synchronization

/// Something that the caller holds by an opaque pointer.
protocol LibraryObject: AnyObject, Sendable {
  /// What it is called in the header.
  static var name: String { get }
}

/// All objects that callers hold. A pointer counts only while its object stands here, so that one that was
/// freed, or never was an object, is noticed before anything reads what it points to.
enum Registry {
  private static let objects = Mutex<[UInt: any LibraryObject]>([:])

  /// Keeps an object until it is freed.
  static func keep(_ object: some LibraryObject) -> OpaquePointer {
    let pointer = OpaquePointer(Unmanaged.passUnretained(object).toOpaque())
    objects.withLock { $0[UInt(bitPattern: pointer)] = object }
    return pointer
  }

  /// The object behind a pointer.
  static func object<Object: LibraryObject>(
    _ pointer: OpaquePointer?, _: Object.Type = Object.self
  ) throws(Failure) -> Object {
    guard let pointer else { throw .null(Object.name) }
    guard let object = objects.withLock({ $0[UInt(bitPattern: pointer)] }) as? Object else {
      throw Self.stranger(Object.name)
    }
    return object
  }

  /// Gives an object up; nothing happens for NULL. Calls that work with it on other threads go on.
  static func free<Object: LibraryObject>(
    _ pointer: OpaquePointer?, _: Object.Type
  ) throws(Failure) {
    guard let pointer else { return }
    let key = UInt(bitPattern: pointer)
    // The object is let go outside of the lock.
    let found = objects.withLock { objects in
      objects[key] is Object ? objects.removeValue(forKey: key) : nil
    }
    guard found != nil else { throw Self.stranger(Object.name) }
  }

  private static func stranger(_ name: String) -> Failure {
    Failure(
      KWASS_ERROR_OBJECT,
      "The pointer is no living \(name): it was freed, or is something else.")
  }
}
