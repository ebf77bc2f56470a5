/// c·(q¹² − 1)/r with c = 2u(6u² + 3u + 1), by Python's integers:
///
///     u = 4965661367192848881
///     q = 36*u**4 + 36*u**3 + 24*u**2 + 6*u + 1
///     r = q - 6*u**2
///     e = 2*u*(6*u*u + 3*u + 1) * ((q**12 - 1) // r)
enum FinalExponent {
  /// Least significant first.
  static let limbs: [UInt64] = [
    0x0521_3f41_abb3_1280, 0x7324_5a17_6631_53ca, 0xada0_4fd6_195b_1c84, 0x0cf2_2f37_4fe5_0166,
    0xe4ec_10ae_4fd7_bd41, 0x82ca_f72c_53ce_75a1, 0xfb01_5e91_736f_c12d, 0x5cd8_9eda_dc7f_6a24,
    0x79cb_7366_7e67_7008, 0x9f1b_0189_0f1d_7939, 0xed26_ef2e_dfa2_4c27, 0xfe01_315e_736b_15a5,
    0xcc60_d3b2_451c_a64c, 0x5269_44ab_5c64_20ef, 0x79a9_38e4_2508_28f8, 0xbb3b_a45c_2a11_d529,
    0xadca_37cc_fc43_70e2, 0x1a3c_5ccf_f063_3ccf, 0x45b0_b16c_e2fa_52a6, 0x89e8_6168_f2dc_3b62,
    0x0fe3_4412_3f46_a377, 0xf10c_145c_5643_815e, 0xd5ea_e557_2ad3_94de, 0xdcb8_cd82_b389_badc,
    0xd4a8_c292_bf4c_fb4f, 0x7a43_d444_e031_e1aa, 0xdab4_ae0c_de0a_d0bd, 0xd484_877c_d01d_3197,
    0x565d_8cd0_db6f_b15f, 0x5195_74a8_6192_6412, 0x9453_4abc_b4cb_59bb, 0x32fe_62ae_f859_bdb0,
    0x2073_bb80_bbab_9c22, 0x00a5_b65c_4351_64e2, 0xfa58_f710_fda4_be61, 0x4b66_ec5d_2d7e_4493,
    0x7cfc_246d_4988_280b, 0x9a04_cf66_b607_0c71, 0x9491_aafc_b243_b9cf, 0xa263_cc17_85a6_3aeb,
    0xb593_37ff_6162_8bb6, 0x9446_5792_b4c3_f8c1, 0xb586_6c6a_ec78_4a26, 0x60bf_c996_f315_f361,
    0xa0eb_1140_4cc4_5385, 0xbd9a_d132_bcd2_8278, 0x0000_000b_1209_1dc4,
  ]
}
