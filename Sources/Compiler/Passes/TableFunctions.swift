package import ConstraintSystem
import Model

/// The functions that the table of a draft holds, each on the union of the quotients that its blocks
/// are proven to have, and each block's function and shift.
struct TableFunctions {
  private(set) var functions: [TableFunction] = []
  /// Index into `functions` and shift, per block.
  private(set) var uses: [(function: Int, shift: Int64)] = []

  /// What makes two blocks share a function.
  fileprivate enum Key: Hashable {
    case input(ClosedRange<Int64>)
    case zero
    case bound([Int16])
    case identity
    case clamp(width: Int64)
    case lookup(lowest: Int64, [Int16])
    case excess(ClosedRange<Int64>)
  }

  init(_ uses: [(CircuitIR.Function, ClosedRange<Int64>)]) {
    var keys: [Key] = []
    var names: [String] = []
    var domains: [ClosedRange<Int64>] = []
    var indices: [Key: Int] = [:]
    for (function, quotients) in uses {
      let (key, shift, name) = Self.normalize(function)
      let inputs = (quotients.lowerBound + shift)...(quotients.upperBound + shift)
      if let index = indices[key] {
        domains[index] = domains[index].union(inputs)
        self.uses.append((index, shift))
      } else {
        indices[key] = keys.count
        self.uses.append((keys.count, shift))
        keys.append(key)
        names.append(name)
        domains.append(inputs)
      }
    }
    for index in keys.indices {
      functions.append(Self.make(keys[index], names[index], domains[index]))
    }
  }

  /// Rows of the table beside the limbs' range.
  var rows: Int { functions.reduce(0) { $0 + $1.count } }

  fileprivate static func normalize(_ function: CircuitIR.Function) -> (Key, shift: Int64, String) {
    switch function {
    case .input(let range): (.input(range), 0, "input")
    case .zero: (.zero, 0, "zero")
    case .bound(let name, let values): (.bound(values), 0, name)
    case .activation(.identity): (.identity, 0, TableFunction.identityName)
    case .activation(.clamp(let range)):
      (.clamp(width: range.upperBound - range.lowerBound), -range.lowerBound, "clamp")
    case .activation(.lookup(let name, let lowest, let values)):
      (.lookup(lowest: lowest, values), 0, name)
    case .excess(let kept): (.excess(kept), 0, TableFunction.excessName)
    }
  }

  private static func make(
    _ key: Key, _ name: String, _ domain: ClosedRange<Int64>
  ) -> TableFunction {
    switch key {
    case .input, .identity: return .identity(domain)
    case .zero: return .zero
    case .bound(let values):
      return TableFunction(name: name, body: .values(lowest: 0, values))
    case .clamp(let width): return .clamp(width: width, domain: domain)
    case .lookup(let lowest, let values):
      // Beyond its ends a look-up stays at its first and last value.
      let highest = lowest + Int64(values.count) - 1
      return TableFunction(
        name: name,
        body: .values(
          lowest: domain.lowerBound,
          domain.map { values[Int($0.clamped(to: lowest...highest) - lowest)] }))
    case .excess(let kept): return .excess(over: kept, domain: domain)
    }
  }
}

/// How many rows a table has, for one way after another to split blocks, without making its functions.
struct TableRows {
  /// Which function a block has, of so many, and its shift.
  private var places: [(function: Int, shift: Int64)] = []
  private var count = 0
  /// Functions of blocks that are excesses already, by what they keep.
  private var excesses: [ClosedRange<Int64>: Int] = [:]

  init(_ functions: [CircuitIR.Function]) {
    var indices: [TableFunctions.Key: Int] = [:]
    for function in functions {
      let (key, shift, _) = TableFunctions.normalize(function)
      let index = indices[key] ?? indices.count
      indices[key] = index
      if case .excess(let kept) = key { excesses[kept] = index }
      places.append((index, shift))
    }
    count = indices.count
  }

  /// - Parameters:
  ///   - ranges: of each block.
  ///   - splits: by block index.
  func rows(_ ranges: [BlockRanges], _ splits: [Int: Saturation]) -> Int {
    var domains = [ClosedRange<Int64>?](repeating: nil, count: count)
    var coarse: [ClosedRange<Int64>: ClosedRange<Int64>] = [:]
    for (index, place) in places.enumerated() {
      let plan = splits[index]
      let quotients = plan?.fine ?? ranges[index].quotients
      let inputs = (quotients.lowerBound + place.shift)...(quotients.upperBound + place.shift)
      domains[place.function] = domains[place.function]?.union(inputs) ?? inputs
      guard let plan else { continue }
      if let known = excesses[plan.kept] {
        domains[known] = domains[known]?.union(plan.coarse) ?? plan.coarse
      } else {
        coarse[plan.kept] = coarse[plan.kept]?.union(plan.coarse) ?? plan.coarse
      }
    }
    return domains.reduce(0) { $0 + ($1?.count ?? 0) } + coarse.values.reduce(0) { $0 + $1.count }
  }
}

extension TableFunction {
  package static let excessName = "excess"

  /// y = x − min(max(x, lower), upper), on `domain`.
  package static func excess(
    over kept: ClosedRange<Int64>, domain: ClosedRange<Int64>
  ) -> TableFunction {
    var segments: [Segment] = []
    func add(_ low: Int64, _ high: Int64, _ output: Int64, slope: Int64) {
      guard low <= high else { return }
      segments.append(
        Segment(input: low, count: Int(high - low) + 1, output: output, slope: slope))
    }
    let (low, high) = (domain.lowerBound, domain.upperBound)
    add(low, min(high, kept.lowerBound - 1), low - kept.lowerBound, slope: 1)
    add(max(low, kept.lowerBound), min(high, kept.upperBound), 0, slope: 0)
    let above = max(low, kept.upperBound + 1)
    add(above, high, above - kept.upperBound, slope: 1)
    return TableFunction(name: excessName, body: .segments(segments))
  }
}
