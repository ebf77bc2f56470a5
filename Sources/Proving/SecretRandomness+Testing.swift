import ConstraintSystem
package import Field

/// What only tests ask of a secret stream.
extension SecretRandomness {
  /// A stream that begins with the given scalars: how a test varies one secret at a time.
  package init(script: [Fr]) {
    self.init(label: "script", scheme: .transparent, parts: [])
    self.script = script[...]
  }
}
