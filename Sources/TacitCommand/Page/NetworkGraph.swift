import Tacit

/// The network's edges beside a list of its layers, one row each: a layer's value goes straight down to
/// the next row, and along a lane of its own to rows further down.
struct NetworkGraph {
  /// A value's way to rows beyond the next: out of `from`, into each of `to`.
  struct Lane: Equatable {
    var from: Int
    /// Ascending.
    var to: [Int]
    /// Counted from 1; 0 is the straight way.
    var place: Int
    fileprivate var last: Int { to.last ?? from }
  }

  let lanes: [Lane]
  /// Edges that no lane was left for.
  let hidden: Int
  /// Whether each row's value goes to the next row.
  let goesOn: [Bool]
  /// Lanes side by side, the straight way included.
  var width: Int { 1 + (lanes.map(\.place).max() ?? 0) }

  /// - Parameter reads: per row, the rows above that it reads.
  init(reads: [[Int]]) {
    var targets = [[Int]](repeating: [], count: reads.count)
    for (row, sources) in reads.enumerated() {
      for source in sources where source < row { targets[source].append(row) }
    }
    goesOn = targets.enumerated().map { $1.contains($0 + 1) }
    var (lanes, hidden) = ([Lane](), 0)
    for (row, rows) in targets.enumerated() {
      let far = rows.filter { $0 > row + 1 }.sorted()
      guard !far.isEmpty else { continue }
      // A lane is free again for a value that starts where another one ends.
      let taken = Set(lanes.filter { $0.last > row }.map(\.place))
      if let place = (1...Self.mostLanes).first(where: { !taken.contains($0) }) {
        lanes.append(Lane(from: row, to: far, place: place))
      } else {
        hidden += far.count
      }
    }
    self.lanes = lanes
    self.hidden = hidden
  }

  /// The drawing beside a row: 100 high whatever the row's height, the layer's dot in the middle.
  func drawing(of row: Int) -> Markup {
    var paths: [Markup] = []
    func add(_ path: String, _ style: String) {
      paths.append("<path class=\"\(style)\" d=\"\(path)\"/>")
    }
    if row > 0, goesOn[row - 1] { add("M\(Self.x(0)) 0V50", "edge") }
    if goesOn.indices.contains(row), goesOn[row] { add("M\(Self.x(0)) 50V100", "edge") }
    for lane in lanes where (lane.from...lane.last).contains(row) {
      let (own, at) = (Self.x(0), Self.x(lane.place))
      let style = "edge skip s\(lane.place % 3)"
      if row == lane.from {
        add("M\(own) 50C\(own) 78 \(at) 72 \(at) 100", style)
        continue
      }
      if lane.to.contains(row) { add("M\(at) 0C\(at) 28 \(own) 22 \(own) 50", style) }
      if row < lane.last { add("M\(at) 0V100", style) }
    }
    let width = Self.x(self.width - 1) + Self.x(0)
    return """
      <svg class="edges" viewBox="0 0 \(width) 100" preserveAspectRatio="none" \
      style="width:\(width)px" aria-hidden="true">\(paths)</svg>
      """
  }

  /// Side by side; a page must not grow with the square of a network.
  static let mostLanes = 12
  static let step = 14
  static func x(_ lane: Int) -> Int { 11 + lane * step }
}
