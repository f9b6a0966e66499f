//! Whether two fingerprints of sound have a part in common, and from when to when.
//!
//! In windows of 8.5 s the bits that differ are compared with as many as would differ if the two had nothing to do with
//! each other, but the same share of each of the 32 bits set: agreement is 1 where none differ, and 0 where as many do
//! as by chance (Cohen's kappa). So noises, whose items are much alike, do not agree. Where hardly any would differ by
//! chance, as in silence and in a tone that lasts, nothing is said.
//!
//! Measured (docs/screening.md): copies at low bit rates agree by 0.86 and more, where the tones are changed by 0.67;
//! no other sound agrees by 0.5.

use crate::analysis::Chromaprint;

/// Items of a window: 8.5 s of sound.
const WINDOW: usize = 48;
const BITS: usize = u32::BITS as usize;
/// From this agreement on a window is the same.
const SAME: f64 = 0.5;
/// Where fewer of all bits would differ by chance, nothing is said: white noise has 0.16, silence and hums 0.
const LEAST_CHANCE: f64 = 0.1;

/// What two sounds have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SameSound {
    /// Seconds of the sound that was searched for.
    pub start: f64,
    pub end: f64,
    /// 0.5..1, the mean over its windows.
    pub agreement: f64,
}

/// True where a sound can be recognized by its items: somewhere it is long enough and says enough.
pub(super) fn has_detail(items: &[u32]) -> bool {
    windows(items, items).any(|window| window.chance >= LEAST_CHANCE)
}

/// The longest part that `heard` and `known` have in common, where item `shift` of `known`, or one of its neighbors, is
/// like the first one of `heard`.
pub(super) fn same_sound(heard: &[u32], known: &[u32], shift: i64) -> Option<SameSound> {
    let at = [shift, shift.saturating_sub(1), shift.saturating_add(1)];
    let parts = at
        .into_iter()
        .filter_map(|shift| common(heard, known, shift));
    parts.reduce(|best, part| {
        if part.end - part.start > best.end - best.start {
            part
        } else {
            best
        }
    })
}

fn common(heard: &[u32], known: &[u32], shift: i64) -> Option<SameSound> {
    let before = usize::try_from(shift.min(0).unsigned_abs()).ok()?;
    let skipped = usize::try_from(shift.max(0)).ok()?;
    let (heard, known) = (heard.get(before..)?, known.get(skipped..)?);
    let (mut longest, mut now): ((usize, usize, f64), _) = ((0, 0, 0.0), (0, 0, 0.0));
    for (at, window) in windows(heard, known).enumerate() {
        let agreement = 1.0 - window.differ / window.chance.max(f64::EPSILON);
        if window.chance < LEAST_CHANCE || agreement < SAME {
            now = (0, 0, 0.0);
            continue;
        }
        let first = if now.1 == 0 { at } else { now.0 };
        now = (first, now.1 + 1, now.2 + agreement);
        if now.1 > longest.1 {
            longest = now;
        }
    }
    let (first, count, sum) = longest;
    let seconds = |item: usize| (before + item) as f64 * Chromaprint::item_seconds();
    (count > 0).then(|| SameSound {
        start: seconds(first),
        end: seconds(first + count + WINDOW - 2) + Chromaprint::REACH,
        agreement: sum / count as f64,
    })
}

/// Shares of the bits of a window.
struct WindowBits {
    /// Those that differ.
    differ: f64,
    /// Those that would differ by chance.
    chance: f64,
}

/// Of each window of two rows of items that begin together.
fn windows(a: &[u32], b: &[u32]) -> impl Iterator<Item = WindowBits> {
    let count = a.len().min(b.len());
    let pairs: Vec<(u32, u32)> = a.iter().copied().zip(b.iter().copied()).collect();
    let (mut set, mut differ) = ([[0_i32; BITS]; 2], 0_i32);
    (0..count).filter_map(move |end| {
        let mut count = |(a, b): (u32, u32), sign: i32| {
            differ += sign * (a ^ b).count_ones() as i32;
            for (counts, item) in set.iter_mut().zip([a, b]) {
                for (bit, sum) in counts.iter_mut().enumerate() {
                    *sum += sign * (item >> bit & 1) as i32;
                }
            }
        };
        count(*pairs.get(end)?, 1);
        if let Some(gone) = end.checked_sub(WINDOW).and_then(|gone| pairs.get(gone)) {
            count(*gone, -1);
        }
        (end + 1 >= WINDOW).then(|| {
            let (all, [a, b]) = (WINDOW as i32, &set);
            let chance: i32 = a
                .iter()
                .zip(b)
                .map(|(a, b)| a * (all - b) + b * (all - a))
                .sum();
            let bits = (WINDOW * BITS) as f64;
            WindowBits {
                differ: f64::from(differ) / bits,
                chance: f64::from(chance) / (bits * WINDOW as f64),
            }
        })
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Items without a pattern (xorshift).
    fn items(count: usize, mut state: u32) -> Vec<u32> {
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn the_part_in_common_is_told() {
        let known = items(400, 5);
        let mut heard = items(300, 9);
        // One bit of each item is another one.
        let part = known[100..200].iter().enumerate();
        heard.splice(50..150, part.map(|(at, item)| item ^ 1 << (at % 32)));
        let same = same_sound(&heard, &known, 49).unwrap();
        assert_eq!(same_sound(&heard, &known, 50).unwrap(), same);
        let item = Chromaprint::item_seconds();
        // Windows that hold a little of what is around it are the same as well.
        assert!((same.start - 50.0 * item).abs() < 25.0 * item, "{same:?}");
        assert!(
            (same.end - 150.0 * item - Chromaprint::REACH).abs() < 25.0 * item,
            "{same:?}"
        );
        assert!(same.agreement > 0.6 && same.agreement <= 1.0);
        assert_eq!(same_sound(&heard, &known, 90), None);
        assert_eq!(same_sound(&heard, &known, i64::MIN), None);
        assert_eq!(same_sound(&heard, &known, 5000), None);
        // The known one begins within the other.
        let inside = same_sound(&known, &known[30..], -30).unwrap();
        assert_eq!((inside.start, inside.agreement), (30.0 * item, 1.0));
    }

    #[test]
    fn what_lasts_or_is_short_says_nothing() {
        let tone = vec![0x1234_5678; 400];
        assert!(!has_detail(&tone) && same_sound(&tone, &tone, 0).is_none());
        let short = items(WINDOW - 1, 5);
        assert!(!has_detail(&short) && same_sound(&short, &short, 0).is_none());
        assert!(has_detail(&items(WINDOW, 5)));
        // Nine of ten bits are the same, as they are in two noises.
        let noise = |state| -> Vec<u32> {
            let bits = |at: usize| items(400, state + at as u32);
            let rows = [bits(1), bits(2), bits(3)];
            (0..400)
                .map(|at| rows.iter().fold(u32::MAX, |item, row| item & row[at]))
                .collect()
        };
        assert_eq!(same_sound(&noise(7), &noise(70), 0), None);
    }
}
