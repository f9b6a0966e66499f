//! Times of words, from the attention of Whisper's alignment heads.
//!
//! The attention is normalized over tokens, filtered by a median over time and averaged over heads. The cheapest
//! monotone path through it (dynamic time warping: Sakoe and Chiba, 1978) gives the first frame of every token, as in
//! OpenAI's `whisper.timing`.

/// Seconds of a frame.
pub const SPEECH_FRAME: f64 = 0.02;
/// Frames of the median.
const MEDIAN: usize = 7;

/// A word, with times in frames of [`SPEECH_FRAME`] from the start of the window.
#[derive(Debug, Clone, PartialEq)]
pub struct TimedWord {
    /// With its punctuation.
    pub text: String,
    /// First frame.
    pub start_frame: usize,
    /// First frame of the next word, so the pause after a word belongs to it.
    pub end_frame: usize,
    /// Mean probability of its tokens, 0..1.
    pub confidence: f64,
}

/// Reduces attention of `heads` × `rows` × `frames` to `rows` × `frames`.
pub(super) fn smoothed<'a, Head>(
    heads: impl Iterator<Item = Head>,
    rows: usize,
    frames: usize,
) -> Vec<f64>
where
    Head: Iterator<Item = &'a [f32]>,
{
    let mut sum = vec![0.0; rows * frames];
    let mut count = 0.0;
    for head in heads {
        let mut values: Vec<f64> = head
            .flat_map(|row| row.iter().map(|&value| f64::from(value)))
            .collect();
        values.resize(rows * frames, 0.0);
        even(&mut values, rows, frames);
        for (row, sums) in values
            .chunks_exact(frames)
            .zip(sum.chunks_exact_mut(frames))
        {
            for (at, sum) in sums.iter_mut().enumerate() {
                *sum += median(row, at);
            }
        }
        count += 1.0;
    }
    for value in &mut sum {
        *value /= f64::max(count, 1.0);
    }
    sum
}

/// Normalizes each frame to mean 0 and standard deviation 1 over the tokens.
fn even(values: &mut [f64], rows: usize, frames: usize) {
    for frame in 0..frames {
        let column = || (0..rows).map(|row| row * frames + frame);
        let mean = column().map(|at| values[at]).sum::<f64>() / rows as f64;
        let squares = column().map(|at| (values[at] - mean).powi(2)).sum::<f64>();
        let spread = (squares / rows as f64).sqrt() + 1e-8;
        for at in column() {
            values[at] = (values[at] - mean) / spread;
        }
    }
}

/// The median of the frames around `at`, mirrored at the ends.
fn median(row: &[f64], at: usize) -> f64 {
    let half = (MEDIAN / 2) as i64;
    let last = row.len() as i64 - 1;
    let mut around = [0.0; MEDIAN];
    for (offset, value) in (-half..=half).zip(&mut around) {
        let place = (at as i64 + offset).abs();
        let place = if place > last {
            2 * last - place
        } else {
            place
        };
        *value = row[place.clamp(0, last) as usize];
    }
    around.sort_by(f64::total_cmp);
    around[MEDIAN / 2]
}

/// The first frame of every token on the path of the most attention.
pub(super) fn first_frames(attention: &[f64], rows: usize, frames: usize) -> Vec<usize> {
    #[derive(Clone, Copy)]
    enum StepFrom {
        Diagonally,
        FromTheTokenBefore,
        FromTheFrameBefore,
    }
    let width = frames + 1;
    let mut total = vec![f64::INFINITY; (rows + 1) * width];
    let mut came = vec![StepFrom::Diagonally; (rows + 1) * width];
    total[0] = 0.0;
    for row in 1..=rows {
        for frame in 1..=frames {
            let ways = [
                (total[(row - 1) * width + frame - 1], StepFrom::Diagonally),
                (
                    total[(row - 1) * width + frame],
                    StepFrom::FromTheTokenBefore,
                ),
                (total[row * width + frame - 1], StepFrom::FromTheFrameBefore),
            ];
            // Among equals, the first.
            let (least, way) = ways
                .into_iter()
                .reduce(|best, way| if way.0 < best.0 { way } else { best })
                .unwrap_or(ways[0]);
            total[row * width + frame] = least - attention[(row - 1) * frames + frame - 1];
            came[row * width + frame] = way;
        }
    }
    let mut first = vec![0; rows];
    let (mut row, mut frame) = (rows, frames);
    while row > 0 && frame > 0 {
        first[row - 1] = frame - 1;
        match came[row * width + frame] {
            StepFrom::Diagonally => {
                row -= 1;
                frame -= 1;
            }
            StepFrom::FromTheTokenBefore => row -= 1,
            StepFrom::FromTheFrameBefore => frame -= 1,
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_follows_the_attention() {
        // Token 0 at frames 0..4, token 1 at 4..5, token 2 at 5..10.
        let spans = [0..4, 4..5, 5..10];
        let mut attention = vec![0.0; 30];
        for (row, span) in spans.iter().enumerate() {
            for frame in span.clone() {
                attention[row * 10 + frame] = 1.0;
            }
        }
        assert_eq!(first_frames(&attention, 3, 10), [0, 4, 5]);
        // Fewer frames than tokens: some share one, and nothing breaks.
        assert_eq!(first_frames(&[0.0; 6], 3, 2).len(), 3);
    }

    #[test]
    fn a_single_spike_is_no_attention() {
        let mut row = vec![0.0; 20];
        row[9] = 5.0;
        assert!((0..20).all(|at| median(&row, at) == 0.0));
        assert!((median(&[1.0], 0) - 1.0).abs() < 1e-12);
    }
}
