//! The streaks of a fast move: means over a length, by running sums.

use crate::picture::Rgb8;

/// Streaks of `length` widths of the frame.
pub(super) fn across(frame: &mut Rgb8, length: f64) {
    let width = frame.width();
    let Some(reach) = reach(length, width) else {
        return;
    };
    let mut line = Vec::with_capacity(width);
    for row in frame.samples_mut().chunks_exact_mut(width * 3) {
        for channel in 0..3 {
            line.clear();
            line.extend(row.iter().skip(channel).step_by(3).copied());
            let means = running_means(&line, reach);
            for (sample, mean) in row.iter_mut().skip(channel).step_by(3).zip(means) {
                *sample = mean;
            }
        }
    }
}

/// Pixels on either side of a pixel that are in its mean; `None` where nothing changes.
fn reach(length: f64, side: usize) -> Option<usize> {
    let reach = (length.clamp(0.0, 1.0) * side as f64 / 2.0).round() as usize;
    (reach > 0).then_some(reach)
}

/// The mean of each value and `reach` on either side; beyond the ends the outermost values go on.
fn running_means(line: &[u8], reach: usize) -> impl Iterator<Item = u8> + '_ {
    let at = move |index: isize| {
        let last = line.len() as isize - 1;
        let index = index.clamp(0, last.max(0)) as usize;
        line.get(index).map_or(0, |value| u32::from(*value))
    };
    let reach = reach as isize;
    let count = (2 * reach + 1) as u32;
    let mut sum: u32 = (-reach..=reach).map(at).sum();
    (0..line.len() as isize).map(move |index| {
        let mean = (sum + count / 2) / count;
        sum = sum + at(index + reach + 1) - at(index - reach);
        mean as u8
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn a_line_becomes_a_streak_of_the_same_light() {
        let mut frame = Rgb8::black(Size::new(41, 3));
        frame.samples_mut()[41 * 3 + 60..41 * 3 + 63].fill(210);
        across(&mut frame, 20.0 / 41.0);
        let lit: Vec<usize> = (0..41).filter(|x| frame.pixel(*x, 1) != [0; 3]).collect();
        assert_eq!(lit, (10..=30).collect::<Vec<_>>());
        assert_eq!(frame.pixel(20, 1), [10; 3]);
        assert_eq!(frame.pixel(20, 0), [0; 3]);
    }

    #[test]
    fn even_parts_stay() {
        let mut frame = Rgb8::new(Size::new(9, 9), vec![77; 243]).unwrap();
        let before = frame.clone();
        across(&mut frame, 0.5);
        across(&mut frame, 1.0);
        assert_eq!(frame, before);
    }
}
