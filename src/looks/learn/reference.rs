//! What 134 photographs without a look have in common: written by `scripts/fit-look-reference`.

use crate::looks::learn::signature::COUNT;

/// The mean of each number of [`super::signature::Signature`].
#[rustfmt::skip]
pub(super) const MEAN: [f64; COUNT] = [
    0.08798,
    0.12389,
    0.16571,
    0.21604,
    0.31771,
    0.47731,
    0.63238,
    0.76113,
    0.82006,
    0.86783,
    0.90833,
    0.00649,
    -0.00366,
    0.00538,
    -0.00112,
    0.00495,
    -0.00170,
    -2.64949,
];

/// How far single photographs lie from it: the standard deviation.
#[rustfmt::skip]
pub(super) const DEVIATION: [f64; COUNT] = [
    0.09158,
    0.11317,
    0.13327,
    0.15553,
    0.17565,
    0.18294,
    0.17657,
    0.14444,
    0.12790,
    0.11269,
    0.09364,
    0.04279,
    0.02691,
    0.03952,
    0.03027,
    0.04742,
    0.01960,
    0.85416,
];
