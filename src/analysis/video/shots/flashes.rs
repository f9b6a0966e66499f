//! Flashes: changes of the picture or its light that soon revert, and are therefore not cuts.

use super::frame_window::FrameWindow;
use crate::analysis::video::change_signal::Signal;

/// Most frames of a flash.
pub(super) const FLASH_LENGTH: u64 = 9;
/// After a flash, less than this share of its step remains between the frames before and after it.
const FLASH_LEAVES: f32 = 0.4;
/// A change of the mean luma this large (of 255) …
const LIGHT_STEP: f32 = 12.0;
/// … of which less than this share remains within this many frames is a flash.
const LIGHT_LEAVES: f32 = 0.4;
const LIGHT_LENGTH: usize = 6;

/// True where the picture soon after frame `t` equals the one before it (or, at the end of a flash, the picture shortly
/// before equals the one after).
pub(super) fn passes_soon(frames: &FrameWindow, t: u64) -> bool {
    let left = FLASH_LEAVES * frames.at(t).change;
    [3, 6, FLASH_LENGTH].into_iter().any(|n| {
        frames.before(t, 1).difference(frames.after(t, n)) < left
            || frames.before(t, n).difference(frames.after(t, 0)) < left
    })
}

/// True where the light jumps and soon returns, or returns from a jump shortly before.
pub(super) fn light_returns(frames: &[&Signal], at: usize) -> bool {
    let mean = |at: Option<usize>| at.and_then(|n| frames.get(n)).map(|frame| frame.mean);
    let (Some(before), Some(after)) = (mean(at.checked_sub(1)), mean(Some(at))) else {
        return false;
    };
    let jump = (after - before).abs();
    let passed = |side: f32, other: Option<f32>| {
        other.is_some_and(|other| (side - other).abs() < LIGHT_LEAVES * jump)
    };
    jump >= LIGHT_STEP
        && (1..=LIGHT_LENGTH).any(|n| {
            passed(before, mean(Some(at + n))) || passed(after, mean(at.checked_sub(n + 1)))
        })
}
