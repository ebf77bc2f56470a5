// Text from outside, the names in a model or key, paths, contexts, fields of a file of numbers, may
// hold characters that write a line, a colour or a direction of their own where it is shown. This is
// the one place that says which they are and how they are shown instead.
//
//   errors     each `description` is escaped as a whole, line by line where it has several
//   terminal   `Console` escapes each line that it prints
//   page       `Markup` escapes what is interpolated into it
//   JSON       a value keeps its characters, spelled `\u202e`: a reader gets the exact name, and the bytes
//              are harmless on a terminal

extension Unicode.Scalar {
  /// Whether it is drawn where it stands and does nothing else. Not so controls, formats (the bidirectional
  /// ones and tags among them), separators of lines and paragraphs, what is private or not assigned, and
  /// what is ignored when drawn. Letters of scripts that run from right to left are letters.
  package var isPrintable: Bool {
    if value < 0x7F { return value >= 0x20 }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      return false
    default: return !properties.isDefaultIgnorableCodePoint
    }
  }
}

extension StringProtocol {
  /// On one line and without a say over what surrounds it: `\n`, `\u{202E}`. Backslashes stay as they are, so
  /// escaping twice is escaping once.
  package var printable: String { String(self).escaped(quotes: false) }

  /// As `printable`, between quotation marks that the text itself cannot end: what stands after them is
  /// not of its making.
  package var quoted: String { "\"\(String(self).escaped(quotes: true))\"" }
}

extension String {
  /// Byte by byte and of one type only, as a hostile file has names of a megabyte.
  fileprivate func escaped(quotes: Bool) -> String {
    let isPlain = utf8.allSatisfy { byte in
      (0x20..<0x7F).contains(byte)
        && !(quotes && (byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")))
    }
    if isPlain { return self }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(utf8.count)
    for scalar in unicodeScalars {
      if quotes, scalar == "\"" || scalar == "\\" { bytes.append(UInt8(ascii: "\\")) }
      if scalar.isPrintable {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      } else {
        scalar.appendEscape(to: &bytes)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Unicode.Scalar {
  /// `\n`, `\u{202E}`.
  fileprivate func appendEscape(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    switch self {
    case "\n": bytes.append(UInt8(ascii: "n"))
    case "\r": bytes.append(UInt8(ascii: "r"))
    case "\t": bytes.append(UInt8(ascii: "t"))
    default:
      bytes.append(UInt8(ascii: "u"))
      bytes.append(UInt8(ascii: "{"))
      let digits = max(1, (32 - value.leadingZeroBitCount + 3) / 4)
      for place in (0..<digits).reversed() {
        let digit = UInt8(truncatingIfNeeded: value >> UInt32(4 * place) & 15)
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") - 10 + digit)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }
}

extension [Int] {
  /// `[1, 28, 28]`, on every platform.
  package var listed: String { "[" + map { "\($0)" }.joined(separator: ", ") + "]" }
}
