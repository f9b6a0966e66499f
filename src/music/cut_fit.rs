//! How well the cuts of a film fall on the beats of a track.

use crate::music::TrackBeat;

/// How well the cuts fall on the beats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CutFit {
    /// Mean distance of a cut from the nearest beat, as a share of the time between the beats around it: 0 on the
    /// beats, 0.25 by chance, 0.5 exactly between them.
    pub misfit: f64,
    /// Share of the cuts within [`ON_BEAT`] of a beat.
    pub on_beat: f64,
    /// Share of the cuts within [`ON_BEAT`] of the first beat of a bar.
    pub on_downbeat: f64,
}

/// A cut within this many seconds of a beat is on it: two frames at 25 a second, slightly less than people notice
/// (Vatakis and Spence, "Audiovisual synchrony perception for music, speech, and object actions", 2006).
pub const ON_BEAT: f64 = 0.08;

/// Misfit of a cut before the first or after the last beat: as bad as exactly between two beats.
const LOST: f64 = 0.5;

/// Measures `cuts`, seconds of the film at which the picture visibly changes (not its beginning and its end), against
/// `beats`, in order. `None` where either is missing.
pub fn cut_fit(cuts: &[f64], beats: &[TrackBeat]) -> Option<CutFit> {
    if cuts.is_empty() || beats.len() < 2 {
        return None;
    }
    let (mut far, mut on_beat, mut on_downbeat) = (0.0, 0usize, 0usize);
    for &cut in cuts {
        let after = beats.partition_point(|beat| beat.time <= cut);
        let (Some(before), Some(next)) = (
            after.checked_sub(1).and_then(|at| beats.get(at)),
            beats.get(after),
        ) else {
            // Outside of the beats, only the first or last beat itself can be close enough.
            let nearest = beats
                .first()
                .into_iter()
                .chain(beats.last())
                .min_by(|a, b| (a.time - cut).abs().total_cmp(&(b.time - cut).abs()));
            match nearest.filter(|beat| (beat.time - cut).abs() <= ON_BEAT) {
                Some(beat) => {
                    on_beat += 1;
                    on_downbeat += usize::from(beat.downbeat);
                }
                None => far += LOST,
            }
            continue;
        };
        let gap = (next.time - before.time).max(1e-6);
        let (distance, nearest) = if cut - before.time <= next.time - cut {
            (cut - before.time, before)
        } else {
            (next.time - cut, next)
        };
        far += (distance / gap).min(LOST);
        if distance <= ON_BEAT {
            on_beat += 1;
            on_downbeat += usize::from(nearest.downbeat);
        }
    }
    let count = cuts.len() as f64;
    Some(CutFit {
        misfit: far / count,
        on_beat: on_beat as f64 / count,
        on_downbeat: on_downbeat as f64 / count,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn grid(period: f64, count: usize) -> Vec<TrackBeat> {
        (0..count)
            .map(|beat| TrackBeat {
                time: beat as f64 * period,
                downbeat: beat % 4 == 0,
                phrase: beat % 16 == 0,
            })
            .collect()
    }

    #[test]
    fn on_the_beats_nothing_is_missed_and_between_them_all_is() {
        let beats = grid(0.5, 40);
        let fit = cut_fit(&[2.0, 4.0, 5.5], &beats).unwrap();
        assert!(fit.misfit < 1e-9);
        assert!((fit.on_beat - 1.0).abs() < 1e-9);
        assert!((fit.on_downbeat - 2.0 / 3.0).abs() < 1e-9);
        let between = cut_fit(&[2.25, 4.25], &beats).unwrap();
        assert!((between.misfit - 0.5).abs() < 1e-9);
        assert_eq!(between.on_beat, 0.0);
    }

    #[test]
    fn by_chance_it_is_a_quarter() {
        let cuts: Vec<f64> = (1..200).map(|cut| f64::from(cut) * 0.0937).collect();
        let misfit = cut_fit(&cuts, &grid(0.5, 60)).unwrap().misfit;
        assert!((misfit - 0.25).abs() < 0.02, "{misfit}");
    }

    #[test]
    fn without_cuts_or_beats_there_is_no_answer() {
        assert!(cut_fit(&[], &grid(0.5, 9)).is_none());
        assert!(cut_fit(&[1.0], &grid(0.5, 1)).is_none());
        // A cut long after the music has ended does not fit.
        assert_eq!(cut_fit(&[90.0], &grid(0.5, 9)).unwrap().misfit, 0.5);
    }
}
