//! Strips that are torn aside, with their colors apart, as in a signal that breaks.

use crate::picture::Rgb8;

/// Strips in the height of a frame.
const STRIPS: usize = 24;
/// How far a strip moves at most, in widths of the frame.
const FARTHEST: f64 = 0.125;
/// How far red and blue stand apart at most, in widths.
const APART: f64 = 0.012;
/// Frames that a pattern is held: new strips in every frame are noise.
const HELD: u64 = 2;
/// Of this many strips one moves.
const ONE_IN: u64 = 3;

/// Tears the film's frame `number`; `force` 0..1.
pub(super) fn tear(frame: &mut Rgb8, force: f64, number: u64) {
    let force = force.clamp(0.0, 1.0);
    if force == 0.0 {
        return;
    }
    let (width, height) = (frame.width(), frame.height());
    let strip = height.div_ceil(STRIPS);
    let apart = (force * APART * width as f64).round() as isize;
    let mut line = Vec::with_capacity(width * 3);
    for (y, row) in frame.samples_mut().chunks_exact_mut(width * 3).enumerate() {
        let bits = scattered((number / HELD) << 16 | (y / strip) as u64);
        let aside = if bits.is_multiple_of(ONE_IN) {
            // -1..1 in 256 steps.
            let share = ((bits >> 8) & 0xFF) as f64 / 127.5 - 1.0;
            (share * force * FARTHEST * width as f64).round() as isize
        } else {
            0
        };
        line.clear();
        line.extend_from_slice(row);
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            for (channel, sample) in pixel.iter_mut().enumerate() {
                let own = (channel as isize - 1) * apart;
                let from = (x as isize - aside - own).clamp(0, width as isize - 1) as usize;
                *sample = line.get(from * 3 + channel).copied().unwrap_or(*sample);
            }
        }
    }
}

/// Bits that look random: the finisher of MurmurHash3 (Appleby 2011).
fn scattered(number: u64) -> u64 {
    let mut bits = number.wrapping_add(1).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    bits ^ (bits >> 33)
}
