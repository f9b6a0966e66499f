//! Maps measurements to shares.

/// A linear ramp: 0 at `from`, 1 at `to`, clamped outside. `to` may be below `from`.
pub(super) fn ramp(value: f64, from: f64, to: f64) -> f64 {
    ((value - from) / (to - from)).clamp(0.0, 1.0)
}
