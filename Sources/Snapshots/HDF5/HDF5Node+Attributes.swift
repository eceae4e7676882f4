import CHDF5

extension HDF5Node {
  private static let largestAttribute = 1 << 20

  private func attribute(_ name: String) -> HDF5Handle? {
    guard H5Aexists(handle.id, name) > 0 else { return nil }
    let attribute = HDF5Handle(H5Aopen(handle.id, name, hid_t(0)))
    return attribute.isValid ? attribute : nil
  }

  func numbers(of name: String) throws(HDF5Failure) -> [Double]? {
    guard let attribute = attribute(name) else { return nil }
    let type = HDF5Handle(H5Aget_type(attribute.id))
    guard type.isValid, hdf5_is_number(type.id) != 0 else { return nil }
    let count = try count(of: attribute, name)
    var numbers = [Double](repeating: 0, count: count)
    guard count == 0 || hdf5_read_attribute(attribute.id, &numbers) != 0 else {
      throw unreadable(name)
    }
    return numbers
  }

  func texts(of name: String) throws(HDF5Failure) -> [String]? {
    guard let attribute = attribute(name) else { return nil }
    let type = HDF5Handle(H5Aget_type(attribute.id))
    guard type.isValid, hdf5_is_text(type.id) != 0 else { return nil }
    let count = try count(of: attribute, name)
    guard count > 0 else { return [] }
    if H5Tis_variable_str(type.id) > 0 {
      var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
      guard H5Aread(attribute.id, type.id, &pointers) >= 0 else { throw unreadable(name) }
      let texts = pointers.map { $0.map { String(cString: $0) } ?? "" }
      let space = HDF5Handle(H5Aget_space(attribute.id))
      H5Dvlen_reclaim(type.id, space.id, hid_t(0), &pointers)
      return texts
    }
    let size = H5Tget_size(type.id)
    guard size > 0, size <= Self.largestAttribute / count else { throw unreadable(name) }
    var bytes = [UInt8](repeating: 0, count: size * count)
    guard H5Aread(attribute.id, type.id, &bytes) >= 0 else { throw unreadable(name) }
    return (0..<count).map { index in
      String(
        decoding: bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  private func count(of attribute: HDF5Handle, _ name: String) throws(HDF5Failure) -> Int {
    let space = HDF5Handle(H5Aget_space(attribute.id))
    guard let count = Self.product(try sizes(of: space)),
      count <= Self.largestAttribute / MemoryLayout<Double>.size
    else { throw unreadable(name) }
    return count
  }

  private func unreadable(_ name: String) -> HDF5Failure {
    malformed(
      found: "an attribute \(quoted(name)) that cannot be read", expected: "less than 1 MiB")
  }
}
