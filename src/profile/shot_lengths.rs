//! How long the single shots of a film are, as a histogram: enough to draw all cuts of a creator, and too little to
//! know a film again by its cuts.

use serde::{Deserialize, Serialize};

/// Seconds at which the second bin begins; the first holds all that is shorter. Nobody sees a picture that is shorter.
const SHORTEST: f64 = 0.25;
/// Bins. Each is wider than the one before by the square root of two, as a shot that is half as long again is seen to
/// be longer; the last begins at 32 seconds and holds all that is longer.
const BINS: usize = 16;
/// Most shots of a film in one bin: a day of shots of a second.
const MOST_SHOTS: u32 = 86_400;

/// How many shots of a film are how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShotLengths(Vec<u32>);

/// How many shots are at least so long, and shorter than those of the next bin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShotLengthBin {
    /// Seconds at which the bin begins.
    pub from: f64,
    /// Shots in it.
    pub shots: u64,
}

impl ShotLengths {
    /// Counts shots of these seconds; `None` for a film of one shot, which has no cut.
    pub fn of(seconds: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut bins = vec![0_u32; BINS];
        let mut shots = 0;
        for length in seconds.into_iter().filter(|length| length.is_finite()) {
            let octaves = (length.max(1e-3) / SHORTEST).log2();
            let bin = (1.0 + 2.0 * octaves).floor().clamp(0.0, (BINS - 1) as f64) as usize;
            if let Some(count) = bins.get_mut(bin) {
                *count = count.saturating_add(1).min(MOST_SHOTS);
            }
            shots += 1;
        }
        (shots > 1).then_some(Self(bins))
    }

    /// The shots of all these films, in all bins from the shortest shots to the longest; empty for no film.
    pub fn sum(films: &[&Self]) -> Vec<ShotLengthBin> {
        if films.is_empty() {
            return Vec::new();
        }
        let mut bins = [0_u64; BINS];
        for film in films {
            for (sum, count) in bins.iter_mut().zip(&film.0) {
                *sum += u64::from(*count);
            }
        }
        let seconds = |bin: usize| match bin {
            0 => 0.0,
            bin => SHORTEST * libm::pow(2.0, (bin - 1) as f64 / 2.0),
        };
        let bins = bins.into_iter().enumerate();
        bins.map(|(bin, shots)| ShotLengthBin {
            from: seconds(bin),
            shots,
        })
        .collect()
    }

    /// Shots of the film.
    pub fn shots(&self) -> u64 {
        self.0.iter().map(|count| u64::from(*count)).sum()
    }

    /// What is wrong with it, in words.
    pub(super) fn fault(&self) -> Option<String> {
        if self.0.len() != BINS {
            return Some(format!("shots: not {BINS} numbers"));
        }
        let is_over = self.0.iter().any(|count| *count > MOST_SHOTS);
        is_over.then(|| format!("shots: more than {MOST_SHOTS} of a length"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn single_shots_are_counted_by_their_length_and_no_film_of_one_shot() {
        assert_eq!(ShotLengths::of([4.0]), None);
        let film = ShotLengths::of([0.1, 1.0, 1.3, 1.5, 600.0]).unwrap();
        assert_eq!(film.shots(), 5);
        let bins = ShotLengths::sum(&[&film, &film]);
        let counted: Vec<(f64, u64)> = bins
            .iter()
            .filter(|bin| bin.shots > 0)
            .map(|bin| ((bin.from * 100.0).round() / 100.0, bin.shots))
            .collect();
        assert_eq!(counted, [(0.0, 2), (1.0, 4), (1.41, 2), (32.0, 2)]);
        assert!(film.fault().is_none());
        assert!(ShotLengths(vec![1; 3]).fault().is_some());
        assert!(ShotLengths(vec![u32::MAX; BINS]).fault().is_some());
    }
}
