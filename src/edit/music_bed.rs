//! The music that a film is cut to: which parts of a track play, where their beats fall, and the track's row in the plan.

use crate::analysis::AudioReport;
use crate::choice::Reason;
use crate::edit::plan::write_json::clock;
use crate::edit::soundtrack::FilmMusic;
use crate::edit::{Source, SourceKind};
use crate::music::{
    Arrangement, BeatGrid, EnergyCurve, Track, TrackBeat, WindowRequest, best_window,
};
use crate::time::Rational;

/// What the film is cut to: a track, and which parts of it are played.
pub(super) struct MusicBed<'a> {
    audio: &'a AudioReport,
    arrangement: Arrangement,
    grid: BeatGrid,
    energy: EnergyCurve,
}

impl<'a> MusicBed<'a> {
    /// The part of a track that suits a film best.
    pub(super) fn new(audio: &'a AudioReport, wanted: &WindowRequest<'_>) -> Self {
        Self::arranged(audio, best_window(audio, wanted).arrangement)
    }

    /// These parts of a track.
    pub(super) fn arranged(audio: &'a AudioReport, mut arrangement: Arrangement) -> Self {
        // As the plan will carry it, so that beats are counted from what is heard.
        for part in &mut arrangement.parts {
            part.start = Rational::nearest(part.start, 48_000).seconds();
            part.end = Rational::nearest(part.end, 48_000).seconds();
        }
        Self {
            audio,
            arrangement,
            grid: BeatGrid::of(audio),
            energy: EnergyCurve::of(audio),
        }
    }

    /// Laid under a film, for `reasons`.
    pub(super) fn music(self, source: &'a str, reasons: Vec<Reason>) -> FilmMusic<'a> {
        FilmMusic {
            source,
            audio: self.audio,
            arrangement: self.arrangement,
            reasons,
        }
    }

    /// How it is played: from which second, and how much faster or slower.
    pub(super) fn words(&self) -> String {
        let start = clock(self.arrangement.start());
        let change = (self.arrangement.speed - 1.0) * 100.0;
        match change {
            0.0 => format!("From {start}."),
            faster if faster > 0.0 => format!("From {start}, {faster:.1} % faster."),
            slower => format!("From {start}, {:.1} % slower.", -slower),
        }
    }

    /// Beats in film seconds, in order.
    pub(super) fn beats(&self) -> Vec<TrackBeat> {
        self.arrangement.beats(&self.grid)
    }

    /// How much goes on in the music at a second of the film, 0..1.
    pub(super) fn energy_at(&self, film: f64) -> f64 {
        self.arrangement.energy_at(&self.energy, film)
    }

    /// Seconds of film that it lasts.
    pub(super) fn length(&self) -> f64 {
        self.arrangement.length()
    }
}

/// The row of a plan for a track.
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

/// What the music is called in a plan.
pub(super) const MUSIC_ID: &str = "music";
