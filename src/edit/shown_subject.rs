//! How much of its subject a shot shows in the film's crop, over time.
//!
//! Where people were followed through a shot, they are its subject: a second in which none of them is in the crop shows
//! what is behind them. Elsewhere only the size of the subject counts, since the crop follows it.

use crate::analysis::{PersonTrack, Shot};
use crate::edit::framing::{box_at, shot_crop_path};
use crate::geometry::{Rect, Size};

/// Score (0..1) of a track from which it is believed.
const SURE: f64 = 0.4;
/// Seconds around a track in which its person is still there: half the distance of samples.
const AROUND: f64 = 0.25;

/// Seconds, and the share of the subject that the crop for a film of size `output` shows there, 0..1; in order of time.
pub(super) fn shown_subject(shot: &Shot, picture: Size, output: Size) -> Vec<(f64, f64)> {
    let crop = shot_crop_path(shot, picture, output, shot.start, shot.end);
    let people: Vec<&PersonTrack> = shot
        .tracks
        .iter()
        .filter(|track| track.score >= SURE && !track.path.is_empty())
        .collect();
    let path = shot.subject_path.iter();
    path.filter(|point| point.iter().all(|value| value.is_finite()))
        .map(|point| {
            let time = point[0];
            let Some(window) = box_at(&crop, time) else {
                return (time, 1.0);
            };
            let shown = if people.is_empty() {
                size_share(rect(point), window)
            } else {
                let shares = people
                    .iter()
                    .filter_map(|track| person_share(track, time, window));
                shares.fold(0.0, f64::max)
            };
            (time, shown)
        })
        .collect()
}

/// The share of a person in the window; `None` where the person is not there.
fn person_share(track: &PersonTrack, time: f64, window: Rect) -> Option<f64> {
    if time < track.start - AROUND || time > track.end + AROUND {
        return None;
    }
    let person = box_at(&track.path, time)?;
    let side = |from: f64, size: f64, start: f64, room: f64| {
        let inside = (from + size).min(start + room) - from.max(start);
        // A person who fills the window is shown as well as can be.
        (inside / size.min(room).max(1e-6)).clamp(0.0, 1.0)
    };
    let across = side(person.x, person.width, window.x, window.width);
    let down = side(person.y, person.height, window.y, window.height);
    Some(across * down)
}

/// The share of a subject that fits into the window, wherever it is.
fn size_share(subject: Rect, window: Rect) -> f64 {
    let fits = |room: f64, size: f64| (room / size.max(1e-6)).clamp(0.0, 1.0);
    fits(window.width, subject.width) * fits(window.height, subject.height)
}

fn rect(point: &[f64; 5]) -> Rect {
    Rect::new(point[1], point[2], point[3], point[4])
}
