import KineticTransport

/// An HDF5 file that is no file: the groups, datasets and attributes that the bytes of an input spell,
/// behind the channel through which another process would tell of them. So what is fuzzed is what kwass
/// makes of a file whose structure is right, and not the HDF5 library.
///
/// An input is a list of objects. The first byte of each chooses the kind and the type, the second one the
/// name, the third one the group that it is in, and the fourth one the shape; two bytes with the length of
/// the contents follow, and the contents.
final class InventedFile: HDF5Channel {
  private struct Node {
    let name: String
    var isDataset = false
    var members: [(name: String, node: Int)] = []
    var attributes: [String: Contents] = [:]
    var shape: [Int] = []
    var contents = Contents.numbers([])
  }

  fileprivate enum Contents {
    case numbers([Double])
    case wholes([UInt64])
    case texts([String])

    var numbers: [Double]? {
      switch self {
      case .numbers(let values): values
      case .wholes(let values): values.map(Double.init)
      case .texts: nil
      }
    }
  }

  private let nodes: [Node]

  init(_ input: [UInt8]) {
    var nodes = [Node(name: "/")]
    var rest = input[...]
    while rest.count >= 6 {
      let head = Array(rest.prefix(6))
      let bytes = Array(rest.dropFirst(6).prefix(Int(head[4]) | Int(head[5] & 15) << 8))
      rest = rest.dropFirst(6 + bytes.count)
      let name = Self.names[Int(head[1]) % Self.names.count]
      let contents = Self.contents(bytes, type: head[0] >> 2)
      let groups = nodes.indices.filter { !nodes[$0].isDataset }
      switch head[0] & 3 {
      case 0:
        let place = Int(head[2]) % nodes.count
        nodes[place].attributes[name] = contents
      case let kind:
        let parent = groups[Int(head[2]) % groups.count]
        var node = Node(name: (parent == 0 ? "" : nodes[parent].name) + "/" + name)
        node.isDataset = kind > 1
        if node.isDataset { (node.shape, node.contents) = Self.array(contents, shape: head[3]) }
        nodes[parent].members.append((name, nodes.count))
        nodes.append(node)
      }
    }
    self.nodes = nodes
  }

  /// What names occur in the layouts that kwass knows.
  static let names = [
    "data", "0", "100", "particles", "electrons", "position", "x", "y", "z", "momentum", "mass",
    "weighting", "id", "time", "openPMD", "basePath", "particlesPath", "meshesPath", "unitSI",
    "value",
    "shape", "macroWeighted", "weightingPower", "timeUnitSI", "meshes", "rho", "geometry",
    "axisLabels",
    "gridSpacing", "gridUnitSI", "particleBoundary", "Times", "Id", "px", "py", "pz", "w",
    "fdistribu",
    "v", "time_saved", "run", "p", "positionOffset", "momentumOffset", "velocity", "particleStatus",
    "speciesType", "openPMDextension", "software", "charge", "weight", "MeshX", "MeshVx",
  ]

  private static let texts = [
    "1.1.0", "2.0.0", "/data/%T/", "/data/", "/", "particles/", "meshes/", "electron", "proton",
    "cartesian", "thetaMode", "periodic", "open", "x", "y", "z", "ED-PIC",
    "BeamPhysics;SpeciesType",
    "/screen/%T/", "",
  ]

  private static func contents(_ bytes: [UInt8], type: UInt8) -> Contents {
    func words() -> [UInt64] {
      (0..<bytes.count / 8).map { place in
        bytes[8 * place..<8 * place + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      }
    }
    switch type % 5 {
    case 0: return .numbers(words().map(Double.init(bitPattern:)))
    case 1: return .wholes(words())
    // Small numbers, which are found more easily.
    case 2: return .numbers(bytes.map { Double(Int8(bitPattern: $0)) / 4 })
    case 3: return .wholes(bytes.map(UInt64.init))
    default: return .texts(bytes.map { texts[Int($0) % texts.count] })
    }
  }

  /// An array as the HDF5 library would hand it over: with as many numbers as its shape says.
  private static func array(_ contents: Contents, shape byte: UInt8) -> ([Int], Contents) {
    let count = contents.numbers?.count ?? 0
    let width = Int(byte >> 2)
    switch byte & 3 {
    case 0 where count > 0: return ([], contents.prefix(1))
    case 1 where width > 0: return ([count / width, width], contents.prefix(count / width * width))
    case 2 where width > 0:
      return ([width, count / width], contents.prefix(count / width * width))
    case 3: return ([1, 1, count], contents)
    default: return ([count], contents)
    }
  }

  // MARK: Answers

  func exchange(_ request: [UInt8]) throws(HDF5ChannelError) -> [UInt8] {
    var reader = Words(request)
    for _ in 0..<reader.integer() { _ = reader.integer() }
    let kind = reader.integer()
    if kind == 0 { return Self.success { $0.append(description(0)) } }
    let node = nodes[reader.integer()]
    switch kind {
    case 1: return Self.success { $0.append(node.members.map(\.name)) }
    case 2:
      let name = reader.text()
      return Self.success { $0.append(optional: find(node, name).map(description)) }
    case 3: return Self.success { $0.append(node.shape) }
    case 4:
      guard node.isDataset, let values = rows(node, reader.integer(), node.contents.numbers) else {
        return Self.failure
      }
      return Self.success { $0.append(values) }
    case 5:
      guard case .wholes(let wholes) = node.contents else { return Self.success { $0.append(0) } }
      guard let values = rows(node, reader.integer(), wholes) else { return Self.failure }
      return Self.success {
        $0.append(1)
        $0.append(values)
      }
    case 6:
      let values = node.attributes[reader.text()]?.numbers
      return Self.success {
        $0.append(values == nil ? 0 : 1)
        if let values { $0.append(values) }
      }
    default:
      guard case .texts(let texts)? = node.attributes[reader.text()] else {
        return Self.success { $0.append(0) }
      }
      return Self.success {
        $0.append(1)
        $0.append(texts)
      }
    }
  }

  private func rows<Number>(_ node: Node, _ row: Int, _ all: [Number]?) -> [Number]? {
    guard let all, row >= 0 else { return all }
    guard node.shape.count == 2, row < node.shape[0] else { return nil }
    return Array(all[row * node.shape[1]..<(row + 1) * node.shape[1]])
  }

  private func find(_ node: Node, _ path: String) -> Int? {
    var place = nodes.firstIndex { $0.name == node.name } ?? 0
    for part in path.split(separator: "/") where part != "." {
      guard let next = nodes[place].members.first(where: { $0.name == part }) else { return nil }
      place = next.node
    }
    return place
  }

  private func description(_ place: Int) -> [UInt8] {
    var words = Words()
    words.append(place)
    words.append(nodes[place].name)
    words.append(nodes[place].isDataset ? 1 : 0)
    return words.bytes
  }

  private static func success(_ body: (inout Words) -> Void) -> [UInt8] {
    var words = Words()
    words.append(0)
    body(&words)
    return words.bytes
  }

  private static var failure: [UInt8] {
    var words = Words()
    words.append(1)
    words.append(0)
    words.append("no numbers")
    words.append("numbers")
    return words.bytes
  }
}

/// The messages of the channel: integers of eight bytes, and lists behind their length.
private struct Words {
  var bytes: [UInt8] = []
  private var place = 0

  init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  mutating func append(_ value: Int) { withUnsafeBytes(of: value) { bytes += $0 } }
  mutating func append(_ raw: [UInt8]) { bytes += raw }
  mutating func append(_ text: String) {
    append(text.utf8.count)
    bytes += text.utf8
  }
  mutating func append(_ texts: [String]) {
    append(texts.count)
    for text in texts { append(text) }
  }
  mutating func append(_ values: [Int]) { append(list: values) }
  mutating func append<Number: BitwiseCopyable>(_ values: [Number]) { append(list: values) }
  mutating func append(optional raw: [UInt8]?) {
    append(raw == nil ? 0 : 1)
    if let raw { bytes += raw }
  }

  private mutating func append<Number: BitwiseCopyable>(list values: [Number]) {
    append(values.count)
    values.withUnsafeBytes { bytes += $0 }
  }

  mutating func integer() -> Int {
    defer { place += 8 }
    return bytes[place..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  mutating func text() -> String {
    let count = integer()
    defer { place += count }
    return String(decoding: bytes[place..<place + count], as: UTF8.self)
  }
}

extension InventedFile.Contents {
  fileprivate func prefix(_ count: Int) -> Self {
    switch self {
    case .numbers(let values): .numbers(Array(values.prefix(count)))
    case .wholes(let values): .wholes(Array(values.prefix(count)))
    case .texts(let values): .texts(Array(values.prefix(count)))
    }
  }
}
