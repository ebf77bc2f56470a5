import Curve
import Field
import Pairing

extension Ceremony {
  /// All that are accepted, both of the Perpetual Powers of Tau for BN254, 2^28 powers.
  package static let known = [challenge85, hermez]

  /// After contribution 84, of 30 December 2023: file `challenge_0085`, BLAKE2b 6029d131 82d59c40 …
  /// 2d3d0eca 2de5c54b. EigenDA's `g1.point` holds the first 2^19 of its powers.
  package static let challenge85 = pinned(
    "perpetual powers of tau, challenge 0085",
    tau: (
      Fp(
        reducing: (
          0x55a1_8c28_79c5_4eea, 0xf42c_22d2_dfd5_2b46, 0xf548_1bb1_79aa_ada7, 0x0bfc_87ec_bdcd_c23e
        )),
      Fp(
        reducing: (
          0x81ca_27a9_74d7_d385, 0x6fa2_d25b_b2c6_4309, 0x0026_c7d8_854b_946e, 0x1cbb_5fca_4281_4f56
        ))
    ),
    x: Fp2(
      Fp(
        reducing: (
          0x1277_5f60_a0e2_1600, 0x8f8c_1445_ae7b_6322, 0x0ff3_98ee_9845_bbae, 0x2ae0_c8c3_a090_f720
        )),
      Fp(
        reducing: (
          0x19ac_4a7c_f68b_f77b, 0xf4be_0aca_b990_c6dc, 0x04d6_2ac9_76a5_d945, 0x172a_a93c_41f1_6e1e
        ))),
    y: Fp2(
      Fp(
        reducing: (
          0x7c39_538d_defd_857e, 0xb8cf_7a40_3593_c710, 0xd429_0864_ff9e_47d4, 0x1459_fe6c_c8a1_222f
        )),
      Fp(
        reducing: (
          0xe644_e99c_2936_6704, 0x0819_0c55_55ca_f254, 0x197c_283c_7401_7732, 0x1754_a9fc_3b7e_4da9
        ))),
    // Of the first 2^16 powers.
    checkedFiles: [
      [
        0x72, 0x2c, 0x21, 0xe8, 0xfe, 0xd1, 0xf1, 0x2d, 0x9c, 0x25, 0x4f, 0x22,
        0x87, 0x5f, 0xdc, 0x5d, 0xa7, 0xc0, 0xfe, 0x72, 0x23, 0xc4, 0xca, 0x85,
        0xa9, 0x2d, 0xd1, 0x6e, 0xc4, 0x88, 0x38, 0xd0,
      ]
    ])

  /// After contribution 54 and a beacon, as Hermez closed it: files `powersOfTau28_hez_final_*.ptau`, whose
  /// BLAKE2b sums the README of snarkjs lists.
  package static let hermez = pinned(
    "perpetual powers of tau, contribution 54 and beacon (Hermez)",
    tau: (
      Fp(
        reducing: (
          0xe379_44d5_5ab6_51cf, 0xe4c4_0e4b_0df9_ae94, 0x4a61_6568_bb6b_a1a1, 0x2dd3_fd59_098a_5b4b
        )),
      Fp(
        reducing: (
          0xe31b_60ef_f6b3_4ef0, 0x5133_edfe_37c2_26d3, 0x5a90_34d6_e69c_96de, 0x2568_0c35_25ba_0443
        ))
    ),
    x: Fp2(
      Fp(
        reducing: (
          0xbc9f_7fee_8aae_f79e, 0x7169_89a6_996c_2535, 0x82c4_2152_a889_9027, 0x3044_1fd1_b5d3_3704
        )),
      Fp(
        reducing: (
          0x35d8_443d_1938_e23d, 0x5f19_2cd1_20ca_f7e9, 0x9c9a_5b91_f865_97d3, 0x2618_6a2d_65ee_4d2f
        ))),
    y: Fp2(
      Fp(
        reducing: (
          0x9778_f689_786b_1e48, 0x5863_19de_359a_b938, 0x5622_c340_573c_b277, 0x0547_9334_8f12_c0cf
        )),
      Fp(
        reducing: (
          0xc6c4_0e22_d65b_3c02, 0xdbbb_6a85_7f57_8403, 0xfbc5_71ef_fb03_503a, 0x1970_ea81_dd69_92ad
        ))),
    // Of the first 2^11 powers.
    checkedFiles: [
      [
        0x13, 0x37, 0xa7, 0xd2, 0x53, 0x20, 0x7b, 0x94, 0x5b, 0xac, 0xce, 0x5e,
        0x66, 0x9c, 0x20, 0x57, 0x65, 0xe1, 0xdd, 0x30, 0x57, 0x94, 0x6f, 0x56,
        0xf2, 0xe3, 0xe4, 0x9d, 0x20, 0xf3, 0x51, 0x53,
      ]
    ])

  private static func pinned(
    _ name: String, tau: (Fp, Fp), x: Fp2, y: Fp2, checkedFiles: [[UInt8]]
  ) -> Ceremony {
    guard let tau = AffinePoint(x: tau.0, y: tau.1), let tauG2 = G2Point(x: x, y: y) else {
      preconditionFailure("the table of ceremonies is damaged at \(name)")
    }
    return Ceremony(name: name, tau: tau, tauG2: tauG2, checkedFiles: checkedFiles)
  }
}
