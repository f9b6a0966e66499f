//! The people whom a crop should keep in sight: a second witness beside the maps of where the eye goes.
//!
//! Saliency takes a bus beside a cyclist for the subject, and detectors a tree for a giraffe. Where both say something,
//! each pulls at the crop; neither decides alone.

use crate::analysis::PersonTrack;
use crate::edit::framing::axis::{AxisRange, CropAxis};
use crate::geometry::Rect;

/// Seconds around a track in which its person is still there: half the distance of samples.
const AROUND: f64 = 0.25;
/// How much a surely seen person counts, where all that the map holds is 1. On `tune`, clips keep the middle of their
/// subject in .977 of all frames with 0, .985 with 0.5 and .989 with 1, where a little of the boxes is lost.
const WEIGHT: f64 = 0.75;

/// Where people are along the axis at one time, and how sure that is.
pub(super) struct SeenPeople(Vec<(AxisRange, f64)>);

impl SeenPeople {
    pub fn at(axis: CropAxis, tracks: &[PersonTrack], time: f64) -> Self {
        let there = tracks
            .iter()
            .filter(|track| (track.start - AROUND..=track.end + AROUND).contains(&time));
        let seen = there.filter_map(|track| {
            let [_, x, y, width, height] = *nearest(&track.path, time)?;
            let bounds = Rect::new(x, y, width, height).clipped();
            Some((axis.stretch(bounds), track.score.clamp(0.0, 1.0)))
        });
        Self(seen.collect())
    }

    /// What a crop holds of them: 0 nobody, [`WEIGHT`] all of people who are surely there.
    pub fn within(&self, crop: AxisRange) -> f64 {
        self.weight() * self.mean(|place| share_inside(place, crop))
    }

    /// The middle of a map's weight, moved towards them.
    pub fn center(&self, of_map: f64) -> f64 {
        let weight = self.weight();
        let people = self.mean(|(from, to)| (from + to) / 2.0);
        (of_map + weight * people) / (1.0 + weight)
    }

    /// How much they count together: as much as the surest of them.
    fn weight(&self) -> f64 {
        let scores = self.0.iter().map(|(_, score)| *score);
        WEIGHT * scores.fold(0.0, f64::max)
    }

    /// The mean over all, those who are surely there counting more.
    fn mean(&self, of: impl Fn(AxisRange) -> f64) -> f64 {
        let scores: f64 = self.0.iter().map(|(_, score)| score).sum();
        let sum: f64 = self.0.iter().map(|(place, score)| score * of(*place)).sum();
        if scores > 0.0 { sum / scores } else { 0.0 }
    }
}

/// The share of `place` that lies in `crop`; someone wider than the crop is held as well as can be.
fn share_inside(place: AxisRange, crop: AxisRange) -> f64 {
    let inside = place.1.min(crop.1) - place.0.max(crop.0);
    let most = (place.1 - place.0).min(crop.1 - crop.0);
    (inside / most.max(1e-6)).clamp(0.0, 1.0)
}

/// The point of a path that is nearest in time.
fn nearest(path: &[[f64; 5]], time: f64) -> Option<&[f64; 5]> {
    path.iter()
        .min_by(|a, b| (a[0] - time).abs().total_cmp(&(b[0] - time).abs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::TrackKind;

    fn track(x: f64, score: f64) -> PersonTrack {
        PersonTrack {
            id: 1,
            kind: TrackKind::Face,
            start: 1.0,
            end: 2.0,
            score,
            path: vec![[1.0, x, 0.1, 0.1, 0.2], [2.0, x, 0.1, 0.1, 0.2]],
            face: None,
            speaking: Vec::new(),
            speaking_share: None,
            mouth: Vec::new(),
        }
    }

    #[test]
    fn people_count_by_how_sure_they_are_and_while_they_are_there() {
        let axis = CropAxis::Across(0.3);
        let tracks = [track(0.1, 0.8), track(0.7, 0.4)];
        let seen = SeenPeople::at(axis, &tracks, 1.5);
        let (left, right) = (seen.within((0.0, 0.3)), seen.within((0.7, 1.0)));
        assert!((left - 2.0 * right).abs() < 1e-9, "{left} {right}");
        assert!((seen.within((0.0, 1.0)) - WEIGHT * 0.8).abs() < 1e-9);
        assert!(seen.center(0.9) < 0.9);
        let gone = SeenPeople::at(axis, &tracks, 3.0);
        assert_eq!((gone.within((0.0, 1.0)), gone.center(0.9)), (0.0, 0.9));
        // Half of someone is half of what can be had.
        let cut = SeenPeople::at(axis, &tracks[..1], 1.5);
        assert!((cut.within((0.15, 0.45)) - WEIGHT * 0.4).abs() < 1e-9);
    }
}
