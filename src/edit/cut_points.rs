//! The points where a film may be cut: the beats of its music, as output frames.

use crate::edit::BeatMark;
use crate::edit::music_bed::MusicBed;
use crate::music::TrackBeat;
use crate::time::{Rational, rounded};

/// A point at which a cut may fall.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct CutPoint {
    /// The output frame nearest to it.
    pub frame: i64,
    /// Seconds in the film.
    pub time: f64,
    /// It is the first beat of a bar.
    pub downbeat: bool,
    /// It is the first beat of a phrase.
    pub phrase: bool,
    /// It is a beat of the music that is surely known; false for others, and for points that continue the pace through
    /// a pause.
    pub heard: bool,
    /// The energy of the music at it, 0..1.
    pub energy: f64,
}

impl CutPoint {
    /// The beat, as a plan has it.
    pub fn mark(&self) -> BeatMark {
        BeatMark {
            time: rounded(self.time),
            downbeat: self.downbeat,
        }
    }
}

/// Seconds between cut points without music: the beat at 120 a minute.
const SILENT_PACE: f64 = 0.5;
/// Cut points in a bar without music.
const BAR: usize = 4;
/// Seconds between beats below which (400 a minute) one is an error of the beat tracker.
const SHORTEST_BEAT: f64 = 0.15;
/// A gap of at least this many usual beats is a pause, which is filled with points that are not heard.
const PAUSE: f64 = 1.6;
/// The energy assumed without music, 0..1.
const NO_ENERGY: f64 = 0.5;
/// Most cut points of a film, a guard against absurd lengths.
const MOST: usize = 100_000;

/// The cut points of a film of up to `length` seconds that is cut to `music`, from frame 0 to the last frame that fits
/// into `length`.
pub(super) fn cut_points(
    music: Option<&MusicBed<'_>>,
    length: f64,
    rate: Rational,
) -> Vec<CutPoint> {
    let frames_per_second = rate.seconds();
    let last = (length * frames_per_second + 1e-6).floor().max(1.0) as i64;
    let mut points: Vec<CutPoint> = Vec::new();
    let point = |time: f64, downbeat, phrase, heard| CutPoint {
        frame: (time * frames_per_second).round() as i64,
        time,
        downbeat,
        phrase,
        heard,
        energy: music.map_or(NO_ENERGY, |music| music.energy_at(time)),
    };
    let beats = music.map_or_else(Vec::new, |music| plausible_beats(music, length));
    let sure = music.is_some_and(MusicBed::beats_are_sure);
    let period = median_gap(&beats).unwrap_or(SILENT_PACE);
    let mut before = 0.0;
    if beats
        .first()
        .is_none_or(|beat| beat.time > 0.5 / frames_per_second)
    {
        points.push(point(0.0, beats.is_empty(), false, false));
    }
    for next in beats.iter().map(Some).chain([None]) {
        let until = next.map_or(length, |beat| beat.time);
        while until - before > period * PAUSE && points.len() < MOST {
            before += period;
            let downbeat = beats.is_empty() && points.len().is_multiple_of(BAR);
            points.push(point(before, downbeat, false, false));
        }
        if let Some(beat) = next {
            let counts = sure || beat.phrase;
            points.push(point(
                beat.time,
                beat.downbeat && counts,
                beat.phrase,
                counts,
            ));
            before = beat.time;
        }
    }
    points.dedup_by_key(|point| point.frame);
    points.retain(|point| point.frame <= last);
    if points.last().is_none_or(|end| end.frame < last) {
        points.push(CutPoint {
            frame: last,
            ..point(last as f64 / frames_per_second, false, false, false)
        });
    }
    points
}

/// Beats in film seconds, without those that follow implausibly close.
fn plausible_beats(music: &MusicBed<'_>, length: f64) -> Vec<TrackBeat> {
    let mut kept: Vec<TrackBeat> = Vec::new();
    for beat in music.beats() {
        let far = kept
            .last()
            .is_none_or(|last| beat.time - last.time >= SHORTEST_BEAT);
        if far && beat.time <= length {
            kept.push(beat);
        }
    }
    kept
}

fn median_gap(beats: &[TrackBeat]) -> Option<f64> {
    let mut gaps: Vec<f64> = beats
        .windows(2)
        .map(|pair| pair[1].time - pair[0].time)
        .collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).copied()
}
