//! The music that a film is cut to: the parts of a track that play, their beats in the film, and the track's entry in
//! the plan.

use crate::analysis::AudioReport;
use crate::choice::Reason;
use crate::edit::plan::summary::clock;
use crate::edit::{Source, SourceKind};
use crate::music::{
    Arrangement, BeatGrid, EnergyCurve, Track, TrackBeat, WindowRequest, best_window,
};
use crate::sound::RATE;
use crate::time::Rational;

/// The id of the music in a plan.
pub(super) const MUSIC_ID: &str = "music";
/// Confidence of the tempo (0..1) below which beats are not cut on. Where all beats keep one tempo, it is reached when
/// their mean strength is 0.36 of 1.
const SURE_BEATS: f64 = 0.2;
/// Seconds before the end of a track, and of its music before the end of a film, that count as played to the end.
const AT_THE_END: f64 = 0.05;

/// The time of the sample nearest to `seconds`.
pub(super) fn to_sample(seconds: f64) -> Rational {
    Rational::nearest(seconds, RATE)
}

/// A track under a film, and the parts of it that play.
pub(super) struct MusicBed<'a> {
    audio: &'a AudioReport,
    arrangement: Arrangement,
    grid: BeatGrid,
    energy: EnergyCurve,
}

impl<'a> MusicBed<'a> {
    /// The part of a track that suits a film best.
    pub fn new(audio: &'a AudioReport, wanted: &WindowRequest<'_>) -> Self {
        Self::of_parts(audio, best_window(audio, wanted).arrangement)
    }

    /// The parts of a track that were chosen before.
    pub fn of_parts(audio: &'a AudioReport, mut arrangement: Arrangement) -> Self {
        // The plan has whole samples, so beats count from the rounded start of a part.
        for part in &mut arrangement.parts {
            part.start = to_sample(part.start).seconds();
            part.end = to_sample(part.end).seconds();
        }
        Self {
            audio,
            arrangement,
            grid: BeatGrid::of(audio),
            energy: EnergyCurve::of(audio),
        }
    }

    /// Only the first part at its own speed: what plays elsewhere cannot jump.
    pub fn without_jumps(mut self) -> Self {
        self.arrangement.parts.truncate(1);
        self.arrangement.speed = 1.0;
        self
    }

    /// The second of the track at which the film begins.
    pub fn start(&self) -> f64 {
        self.arrangement.start()
    }

    /// The music for a plan whose track has the id `source`.
    pub fn into_music(self, source: &'a str, reasons: Vec<Reason>) -> FilmMusic<'a> {
        FilmMusic {
            source,
            audio: self.audio,
            arrangement: self.arrangement,
            reasons,
        }
    }

    /// A sentence: the second from which the track plays, and its change of speed.
    pub fn words(&self) -> String {
        let start = clock(self.arrangement.start());
        let change = (self.arrangement.speed - 1.0) * 100.0;
        let mut words = match change {
            0.0 => format!("From {start}."),
            faster if faster > 0.0 => format!("From {start}, {faster:.1} % faster."),
            slower => format!("From {start}, {:.1} % slower.", -slower),
        };
        if !self.beats_are_sure() {
            words.push_str(" Its beats are unsure, so cuts keep to its phrases.");
        }
        words
    }

    /// Whether the beats are known well enough to cut on.
    pub fn beats_are_sure(&self) -> bool {
        let tempo = self.audio.tempo.as_ref();
        tempo.is_some_and(|tempo| tempo.confidence >= SURE_BEATS)
    }

    /// Beats in film seconds, in order.
    pub fn beats(&self) -> Vec<TrackBeat> {
        self.arrangement.beats(&self.grid)
    }

    /// The energy of the music at a second of the film, 0..1.
    pub fn energy_at(&self, film: f64) -> f64 {
        self.arrangement.energy_at(&self.energy, film)
    }

    /// Its length in seconds of the film.
    pub fn length(&self) -> f64 {
        self.arrangement.length()
    }
}

/// The music of a film, ready to be mixed.
pub(super) struct FilmMusic<'a> {
    /// Its id in the plan.
    pub source: &'a str,
    pub audio: &'a AudioReport,
    /// The parts that play.
    pub arrangement: Arrangement,
    pub reasons: Vec<Reason>,
}

impl FilmMusic<'_> {
    /// Whether the track plays to its own end in a film of `seconds`.
    pub fn plays_to_its_end(&self, seconds: f64) -> bool {
        let last = self.arrangement.parts.last();
        last.is_some_and(|part| part.end >= self.audio.duration - AT_THE_END)
            && seconds >= self.arrangement.length() - AT_THE_END
    }
}

/// The entry for a track in a plan's sources.
pub(super) fn music_source(track: &Track, id: &str) -> Source {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Source {
        id: id.into(),
        path: track.path.to_string_lossy().into_owned(),
        blake3: track.id().to_owned(),
        kind: SourceKind::Audio,
        title: some(&track.title),
        license: some(&track.license.id),
        attribution: track.credit(),
    }
}
