extension PrimeField {
  /// 1/self; zero for zero (the `inv0` of RFC 9380). About 1 µs; time depends on the value.
  @inlinable
  public func inverse() -> Self {
    let limbs = modularInverse(
      (l0, l1, l2, l3), modulus: P.modulus, negatedInverse: P.negatedInverse)
    // The inverse of a·R is a⁻¹/R: two products by R² bring it to a⁻¹·R.
    return Self(limbs) * .radixSquared * .radixSquared
  }

  /// Inverts every element in place with one inversion and three products per element; zeros stay.
  ///
  /// - Source: [Mon87, §10.3.1].
  @inlinable
  public static func batchInvert(_ values: inout MutableSpan<Self>) {
    var prefixes = [Self](repeating: .zero, count: values.count)
    var product = Self.one
    for i in 0..<values.count {
      prefixes[i] = product
      if !values[i].isZero { product *= values[i] }
    }
    var inverse = product.inverse()
    var i = values.count
    while i > 0 {
      i &-= 1
      let value = values[i]
      if value.isZero { continue }
      values[i] = inverse * prefixes[i]
      inverse *= value
    }
  }

  @inlinable
  public static func batchInvert(_ values: inout [Self]) {
    var span = values.mutableSpan
    batchInvert(&span)
  }
}

extension PrimeField where P == FpParameters {
  /// The root self^((q+1)/4), or nil when self is not a square; q ≡ 3 mod 4.
  @inlinable
  public func squareRoot() -> Self? {
    let root = pow(Self.rootExponent)
    return root.squared() == self ? root : nil
  }

  @inlinable
  static var rootExponent: [UInt64] {
    [0x4f08_2305_b61f_3f52, 0x65e0_5aa4_5a1c_72a3, 0x6e14_116d_a060_5617, 0x0c19_139c_b84c_680a]
  }
}
