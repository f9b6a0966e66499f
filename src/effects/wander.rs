//! Motion without a pattern that is the same in every run.

/// A place from -1 to 1 that wanders smoothly: a new one at each whole `step` (0 or more). Series of different `seed`s
/// have nothing to do with each other.
pub(super) fn wander(step: f64, seed: u64) -> f64 {
    let before = step.max(0.0).floor();
    let share = step.max(0.0) - before;
    let place = |step: f64| scattered((step as u64).wrapping_add(seed << 32));
    let (from, to) = (place(before), place(before + 1.0));
    from + (to - from) * share * share * (3.0 - 2.0 * share)
}

/// A number from -1 to 1 that looks random: the finisher of SplitMix64 (Steele, Lea and Flood 2014).
fn scattered(number: u64) -> f64 {
    let mut bits = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^= bits >> 31;
    // 32 bits are exact in an f64.
    (bits >> 32) as f64 / f64::from(u32::MAX) * 2.0 - 1.0
}
