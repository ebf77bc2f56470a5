/// Slots of a row's look-ups, by a scheme that argues over them in pairs.
///
/// Written down in docs/protocol/scheme-srs.md#pairs.
extension Parameters {
  /// How many pairs K + 1 look-ups make, a dummy with the last one where it is alone.
  package var lookupSlots: Int { (limbs + 2) / 2 }

  /// κ: variables of a slot's number; 0 where look-ups are not paired.
  package var slotBits: Int { scheme.pairsLookups ? ceilLog2(lookupSlots) : 0 }

  /// Look-ups of the zero triple that fill the slots of a row; none where look-ups are not paired.
  package var dummyLookups: Int { scheme.pairsLookups ? (2 << slotBits) - limbs - 1 : 0 }
}
