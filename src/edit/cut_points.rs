//! Where a film may be cut: the beats of its music, as output frames.

use crate::edit::music_bed::MusicBed;
use crate::music::TrackBeat;
use crate::time::Rational;

/// A place where a cut may fall.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct CutPoint {
    /// The output frame nearest to it.
    pub frame: i64,
    /// Seconds in the film.
    pub time: f64,
    /// The first beat of a bar.
    pub downbeat: bool,
    /// The first beat of a phrase.
    pub phrase: bool,
    /// Heard in the music; false where it only carries the pace on.
    pub heard: bool,
    /// How loud the music is there, 0..1.
    pub energy: f64,
}

/// Seconds between places where there is no music to follow.
const SILENT_PACE: f64 = 0.5;
/// Places a bar, where nothing is heard.
const BAR: usize = 4;
/// Shorter beats are no beats.
const SHORTEST_BEAT: f64 = 0.15;

/// The places of a film of up to `length` seconds that is cut to `track`; the first is 0, and the last is the last frame
/// that still fits into `length`.
pub(super) fn cut_points(
    track: Option<&MusicBed<'_>>,
    length: f64,
    rate: Rational,
) -> Vec<CutPoint> {
    let frames_per_second = rate.seconds();
    let last = (length * frames_per_second + 1e-6).floor().max(1.0) as i64;
    let mut places: Vec<CutPoint> = Vec::new();
    let place = |time: f64, downbeat, phrase, heard| CutPoint {
        frame: (time * frames_per_second).round() as i64,
        time,
        downbeat,
        phrase,
        heard,
        energy: track.map_or(0.5, |track| track.energy_at(time)),
    };
    let heard = track.map_or_else(Vec::new, |track| heard_beats(track, length));
    let period = usual_gap(&heard).unwrap_or(SILENT_PACE);
    let mut before = 0.0;
    if heard
        .first()
        .is_none_or(|beat| beat.time > 0.5 / frames_per_second)
    {
        places.push(place(0.0, heard.is_empty(), false, false));
    }
    let ends = heard.iter().copied().map(Some).chain([None]);
    for next in ends {
        // Where the beat pauses, the pace goes on unheard.
        let until = next.map_or(length, |beat| beat.time);
        while until - before > period * 1.6 && places.len() < 100_000 {
            before += period;
            let downbeat = heard.is_empty() && places.len().is_multiple_of(BAR);
            places.push(place(before, downbeat, false, false));
        }
        if let Some(beat) = next {
            places.push(place(beat.time, beat.downbeat, beat.phrase, true));
            before = beat.time;
        }
    }
    places.dedup_by_key(|place| place.frame);
    places.retain(|place| place.frame <= last);
    if places.last().is_none_or(|end| end.frame < last) {
        places.push(CutPoint {
            frame: last,
            ..place(last as f64 / frames_per_second, false, false, false)
        });
    }
    places
}

/// Beats in film seconds, none closer than a beat can be.
fn heard_beats(track: &MusicBed<'_>, length: f64) -> Vec<TrackBeat> {
    let mut kept: Vec<TrackBeat> = Vec::new();
    for beat in track.beats() {
        let far = kept
            .last()
            .is_none_or(|last| beat.time - last.time >= SHORTEST_BEAT);
        if far && beat.time <= length {
            kept.push(beat);
        }
    }
    kept
}

fn usual_gap(beats: &[TrackBeat]) -> Option<f64> {
    let mut gaps: Vec<f64> = beats
        .windows(2)
        .map(|pair| pair[1].time - pair[0].time)
        .collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).copied()
}
