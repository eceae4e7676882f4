import Libc
import Synchronization

/// One end of a socket over which messages go: eight bytes with the length, then the message.
final class MessageLink: Sendable {
  private let socket: Mutex<Int32>

  init(_ socket: Int32) {
    self.socket = Mutex(socket)
    // Arrays go over in large pieces.
    var size: Int32 = 1 << 20
    setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    #if canImport(Darwin)
      var yes: Int32 = 1
      setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
    #endif
  }

  deinit { close() }

  /// Closes the socket, which the other end notices.
  func close() {
    socket.withLock { socket in
      if socket >= 0 { systemClose(socket) }
      socket = -1
    }
  }

  /// Sends a message; returns whether the other end was there.
  func send(_ message: [UInt8]) -> Bool {
    var length = message.count
    return withUnsafeBytes(of: &length) { send($0) } && message.withUnsafeBytes { send($0) }
  }

  private func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let socket = socket.withLock { $0 }
    var done = 0
    while done < bytes.count {
      #if canImport(Darwin)
        let flags: Int32 = 0
      #else
        let flags = Int32(MSG_NOSIGNAL)
      #endif
      let count = systemSend(
        socket, bytes.baseAddress?.advanced(by: done), bytes.count - done, flags)
      if count >= 0 { done += count } else if errno != EINTR { return false }
    }
    return true
  }

  /// Waits for a message; `nil` when the other end is gone.
  func receive() -> [UInt8]? {
    var length = 0
    guard withUnsafeMutableBytes(of: &length, { receive($0) }), length >= 0 else { return nil }
    var isWhole = false
    let message = [UInt8](unsafeUninitializedCapacity: length) { buffer, initialized in
      isWhole = receive(UnsafeMutableRawBufferPointer(buffer.prefix(length: length)))
      initialized = isWhole ? length : 0
    }
    return isWhole ? message : nil
  }

  private func receive(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
    let socket = socket.withLock { $0 }
    var done = 0
    while done < buffer.count {
      let count = read(socket, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      if count > 0 { done += count } else if count == 0 || errno != EINTR { return false }
    }
    return true
  }
}

extension UnsafeMutableBufferPointer {
  /// The first elements; an array's room may be larger than was asked for.
  fileprivate func prefix(length: Int) -> UnsafeMutableBufferPointer {
    UnsafeMutableBufferPointer(rebasing: self[..<Swift.min(length, count)])
  }
}

private func systemClose(_ socket: Int32) { close(socket) }

private func systemSend(
  _ socket: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: Int32
) -> Int {
  send(socket, bytes, count, flags)
}
