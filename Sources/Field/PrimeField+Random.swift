extension PrimeField {
  /// A uniform element (up to 2^−258) from the system's cryptographic generator.
  public static func random() -> Self {
    var generator = SystemRandomNumberGenerator()
    return random(using: &generator)
  }

  /// A uniform element from 512 bits of `generator`.
  public static func random<G: RandomNumberGenerator>(using generator: inout G) -> Self {
    let high = Self(
      reducing: (generator.next(), generator.next(), generator.next(), generator.next()))
    let low = Self(
      reducing: (generator.next(), generator.next(), generator.next(), generator.next()))
    return high * .radixSquared + low
  }
}
