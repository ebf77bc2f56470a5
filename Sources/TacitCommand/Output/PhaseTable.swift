import Tacit

extension ProvingCost {
  /// Each phase with its time and memory.
  var lines: [String] {
    var table = TextTable([
      ("phase", .left), ("time", .right), ("processor", .right), ("peak memory", .right),
    ])
    func add(_ name: String, _ seconds: Double, _ processor: Double, _ bytes: Int) {
      table.add([name, Text.time(seconds * 1e3), Text.time(processor * 1e3), Text.size(bytes)])
    }
    for phase in phases {
      add(phase.name, phase.seconds, phase.processorSeconds, phase.peakResidentBytes)
    }
    add(
      "all", seconds, phases.reduce(0) { $0 + $1.processorSeconds },
      phases.last?.peakResidentBytes ?? 0)
    return table.lines + [
      "\(Text.count(groupAdditions)) group additions, "
        + "\(Text.count(fieldMultiplications)) field multiplications, "
        + "\(Text.count(smallMultiplications)) by small integers, "
        + "\(Text.bytes(bytesHashed)) hashed"
    ]
  }

  var json: JSONValue {
    .object([
      (
        "phases",
        .list(
          phases.map { phase in
            .object([
              ("name", .text(phase.name)), ("ms", .real(phase.seconds * 1e3)),
              ("processor_ms", .real(phase.processorSeconds * 1e3)),
              ("peak_rss_bytes", .integer(phase.peakResidentBytes)),
            ])
          })
      ),
      ("group_additions", .integer(groupAdditions)),
      ("field_multiplications", .integer(fieldMultiplications)),
      ("small_multiplications", .integer(smallMultiplications)),
      ("bytes_hashed", .integer(bytesHashed)),
    ])
  }
}
