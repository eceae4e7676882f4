import CKwass

/// A struct of the header: it starts with its own size in bytes.
protocol SizedStruct {
  /// Its name in the header.
  static var name: String { get }
  /// The function that sets its defaults.
  static var initializer: String { get }
  /// All zero.
  init()
  /// What `initializer` sets, the size included.
  static var defaults: Self { get }
  /// The sizes that it had in earlier versions, in which it ended before its last fields.
  static var earlierSizes: [Int] { get }
  var size: UInt64 { get set }
}

extension SizedStruct {
  static var earlierSizes: [Int] { [] }
  static var defaults: Self { sizedZero }

  /// All zero but the size.
  fileprivate static var sizedZero: Self {
    var value = Self()
    value.size = UInt64(MemoryLayout<Self>.size)
    return value
  }

  /// The size of this version of the header, or of an earlier one. Another one that is smaller is no struct of any
  /// version; a larger one is of a header that knows more than this library.
  private static func check(_ size: UInt64) throws(Failure) {
    let own = MemoryLayout<Self>.size
    guard size == own || earlierSizes.contains(where: { $0 == size }) else {
      throw .argument(
        "The size of the \(name) is \(size); it must be sizeof(\(name)) = \(own), as \(initializer) sets "
          + "it. A program that was compiled with the header of a later version needs its library.")
    }
  }

  /// Sets the defaults.
  static func initialize(_ pointer: UnsafeMutablePointer<Self>?, size: UInt64) throws(Failure) {
    guard let pointer else { throw .null(name) }
    try check(size)
    var value = defaults
    value.size = size
    withUnsafeBytes(of: value) { bytes in
      UnsafeMutableRawPointer(pointer).copyMemory(
        from: bytes.baseAddress ?? UnsafeRawPointer(pointer), byteCount: Int(size))
    }
  }

  /// The struct behind a pointer, which need not be aligned.
  static func read(_ pointer: UnsafePointer<Self>) throws(Failure) -> Self {
    let size = UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self)
    try check(size)
    var value = defaults
    withUnsafeMutableBytes(of: &value) { bytes in
      bytes.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: Int(size)))
    }
    return value
  }

  /// Writes the struct to where a pointer points, which need not be aligned.
  func store(in pointer: UnsafeMutablePointer<Self>) {
    withUnsafeBytes(of: self) { bytes in
      UnsafeMutableRawBufferPointer(start: pointer, count: bytes.count).copyMemory(from: bytes)
    }
  }
}

extension kwass_particles: SizedStruct {
  static let name = "kwass_particles"
  static let initializer = "kwass_particles_init"
}

extension kwass_grid: SizedStruct {
  static let name = "kwass_grid"
  static let initializer = "kwass_grid_init"
}

extension kwass_metric: SizedStruct {
  static let name = "kwass_metric"
  static let initializer = "kwass_metric_init"
  static var defaults: kwass_metric {
    var value = sizedZero
    value.exponent = 2
    value.position_weight = 1
    value.velocity_weight = 1
    value.epsilon = 1
    value.function_bound = .infinity
    return value
  }
}

extension kwass_options: SizedStruct {
  static let name = "kwass_options"
  static let initializer = "kwass_options_init"
  static var defaults: kwass_options {
    var value = sizedZero
    value.threshold = .nan
    return value
  }
  /// Version 0.1.0 had no group.
  static var earlierSizes: [Int] { MemoryLayout<Self>.offset(of: \.group).map { [$0] } ?? [] }
}

extension kwass_group: SizedStruct {
  static let name = "kwass_group"
  static let initializer = "kwass_group_init"
  static var defaults: kwass_group {
    var value = sizedZero
    value.count = 1
    return value
  }
}
