/// A prime below 2^255 and what Montgomery arithmetic with R = 2^256 needs to know of it.
///
/// Limbs are little-endian. Every member is an inlined literal, so specialised code sees constants.
public protocol FieldParameters: Sendable {
  /// The prime p, 2^253 < p < 2^254.
  static var modulus: (UInt64, UInt64, UInt64, UInt64) { get }
  /// −p⁻¹ mod 2^64.
  static var negatedInverse: UInt64 { get }
  /// 2^256 mod p: one in Montgomery form.
  static var radix: (UInt64, UInt64, UInt64, UInt64) { get }
  /// 2^512 mod p: takes a plain integer to Montgomery form.
  static var radixSquared: (UInt64, UInt64, UInt64, UInt64) { get }
  /// ⌊2^317 / p⌋: the reciprocal that reduces a product by a 63-bit integer.
  static var reciprocal: UInt64 { get }
}

/// The order r of BN254's G1: the field of all arithmetic in proofs.
public enum FrParameters: FieldParameters {
  @inlinable @inline(__always)
  public static var modulus: (UInt64, UInt64, UInt64, UInt64) {
    (0x43e1_f593_f000_0001, 0x2833_e848_79b9_7091, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029)
  }
  @inlinable @inline(__always)
  public static var negatedInverse: UInt64 { 0xc2e1_f593_efff_ffff }
  @inlinable @inline(__always)
  public static var radix: (UInt64, UInt64, UInt64, UInt64) {
    (0xac96_341c_4fff_fffb, 0x36fc_7695_9f60_cd29, 0x666e_a36f_7879_462e, 0x0e0a_77c1_9a07_df2f)
  }
  @inlinable @inline(__always)
  public static var radixSquared: (UInt64, UInt64, UInt64, UInt64) {
    (0x1bb8_e645_ae21_6da7, 0x53fe_3ab1_e35c_59e3, 0x8c49_833d_53bb_8085, 0x0216_d0b1_7f4e_44a5)
  }
  @inlinable @inline(__always)
  public static var reciprocal: UInt64 { 0xa948_e8c4_c474_094f }
}

/// The prime q whose field holds the coordinates of BN254's G1.
public enum FpParameters: FieldParameters {
  @inlinable @inline(__always)
  public static var modulus: (UInt64, UInt64, UInt64, UInt64) {
    (0x3c20_8c16_d87c_fd47, 0x9781_6a91_6871_ca8d, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029)
  }
  @inlinable @inline(__always)
  public static var negatedInverse: UInt64 { 0x87d2_0782_e486_6389 }
  @inlinable @inline(__always)
  public static var radix: (UInt64, UInt64, UInt64, UInt64) {
    (0xd35d_438d_c58f_0d9d, 0x0a78_eb28_f5c7_0b3d, 0x666e_a36f_7879_462c, 0x0e0a_77c1_9a07_df2f)
  }
  @inlinable @inline(__always)
  public static var radixSquared: (UInt64, UInt64, UInt64, UInt64) {
    (0xf32c_fc5b_538a_fa89, 0xb5e7_1911_d445_01fb, 0x47ab_1eff_0a41_7ff6, 0x06d8_9f71_cab8_351f)
  }
  @inlinable @inline(__always)
  public static var reciprocal: UInt64 { 0xa948_e8c4_c474_094f }
}

/// BN254's scalar field.
public typealias Fr = PrimeField<FrParameters>

/// BN254's base field.
public typealias Fp = PrimeField<FpParameters>
