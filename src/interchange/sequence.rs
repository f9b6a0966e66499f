//! The timeline that all formats are read into and written from.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::edit::{MarkerKind, Plan};
use crate::geometry::Size;
use crate::interchange::medium::Medium;
use crate::time::Rational;

/// A timeline: tracks of items, each beginning at second 0.
#[derive(Debug, Clone, Default)]
pub struct Sequence {
    /// Its title.
    pub name: String,
    /// Frames a second, where the format says.
    pub frame_rate: Option<Rational>,
    /// Size of the film, where the format says.
    pub size: Option<Size>,
    /// The files that clips use.
    pub media: Vec<Medium>,
    /// From bottom to top.
    pub tracks: Vec<SequenceTrack>,
    /// Points of the whole timeline.
    pub markers: Vec<SequenceMarker>,
    /// The plan that it was made from, where that is known. Clips name its segments by number.
    pub plan: Option<Box<Plan>>,
    /// What a plan has no place for.
    pub carried: Option<Value>,
}

/// What a track holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum TrackContent {
    Picture,
    Sound,
}

/// A row of items that follow each other.
#[derive(Debug, Clone)]
pub struct SequenceTrack {
    /// What it holds.
    pub content: TrackContent,
    /// False for a track that is switched off.
    pub enabled: bool,
    /// Its items in order.
    pub items: Vec<SequenceItem>,
}

/// A part of a track.
#[derive(Debug, Clone)]
pub enum SequenceItem {
    /// A part of a file.
    Clip(Box<SequenceClip>),
    /// Nothing, for so many seconds.
    Gap(Rational),
    /// From the item before into the one after. It takes no time of its own.
    Transition(SequenceTransition),
    /// A timeline in place of a clip: shown from `start`, for `duration` seconds.
    Nested {
        /// Its tracks.
        tracks: Vec<SequenceTrack>,
        /// Seconds of it that are skipped.
        start: Rational,
        /// Seconds in the film.
        duration: Rational,
    },
}

/// A part of a file in a track.
#[derive(Debug, Clone, PartialEq)]
pub struct SequenceClip {
    /// Its title.
    pub name: String,
    /// Index of its file in [`Sequence::media`]; none for a generator, or where the format names no file.
    pub medium: Option<usize>,
    /// Seconds from the beginning of the file.
    pub start: Rational,
    /// Seconds in the film.
    pub duration: Rational,
    /// Seconds of the file per second of the film; 0 is a freeze frame, below 0 runs backwards.
    pub speed: Rational,
    /// False for a clip that is switched off.
    pub enabled: bool,
    /// Whether the file's sound plays with its picture.
    pub with_sound: bool,
    /// The number of its segment in the picture or sound of [`Sequence::plan`].
    pub segment: Option<usize>,
    /// Points of the clip, in seconds of the film from its beginning.
    pub markers: Vec<SequenceMarker>,
    /// What a plan has no place for.
    pub carried: Option<Value>,
}

/// A transition between two items.
#[derive(Debug, Clone, PartialEq)]
pub struct SequenceTransition {
    /// Its kind as a plan writes it, or the other program's name for it.
    pub kind: String,
    /// Seconds before the cut.
    pub before: Rational,
    /// Seconds after the cut.
    pub after: Rational,
}

/// A named point.
#[derive(Debug, Clone, PartialEq)]
pub struct SequenceMarker {
    /// Seconds.
    pub at: Rational,
    /// What it marks, where that is known.
    pub kind: Option<MarkerKind>,
    /// Its text.
    pub text: String,
}

/// What a timeline holds, counted over all tracks and nested timelines.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct SequenceCounts {
    /// Tracks with pictures.
    pub video_tracks: usize,
    /// Tracks with sound.
    pub audio_tracks: usize,
    /// Clips.
    pub clips: usize,
    /// Stretches with nothing.
    pub gaps: usize,
    /// Transitions.
    pub transitions: usize,
    /// Seconds of the longest track.
    pub duration: f64,
    /// Frames a second; absent where the file does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rational>,
}

impl SequenceItem {
    /// Seconds that it takes in its track.
    pub fn duration(&self) -> Rational {
        match self {
            Self::Clip(clip) => clip.duration,
            Self::Gap(duration) | Self::Nested { duration, .. } => *duration,
            Self::Transition(_) => Rational::ZERO,
        }
    }
}

impl SequenceTrack {
    /// An empty track.
    pub fn new(content: TrackContent) -> Self {
        Self {
            content,
            enabled: true,
            items: Vec::new(),
        }
    }

    /// Seconds of all its items.
    pub fn duration(&self) -> Rational {
        self.items
            .iter()
            .fold(Rational::ZERO, |sum, item| sum + item.duration())
    }
}

impl Sequence {
    /// The index of the medium with this address, which is added if it is new.
    pub(super) fn medium(&mut self, url: &str, name: &str) -> usize {
        if let Some(known) = self.media.iter().position(|medium| medium.url == url) {
            return known;
        }
        self.media.push(Medium::at_url(url, name));
        self.media.len() - 1
    }

    /// What it holds.
    pub fn counts(&self) -> SequenceCounts {
        let of = |content| {
            let tracks = self.tracks.iter();
            tracks.filter(|track| track.content == content).count()
        };
        let mut counts = SequenceCounts {
            video_tracks: of(TrackContent::Picture),
            audio_tracks: of(TrackContent::Sound),
            clips: 0,
            gaps: 0,
            transitions: 0,
            duration: 0.0,
            rate: self.frame_rate,
        };
        count(&self.tracks, &mut counts);
        let longest = self.tracks.iter().map(SequenceTrack::duration).max();
        counts.duration = crate::time::rounded(longest.unwrap_or(Rational::ZERO).seconds());
        counts
    }
}

/// Adds what `tracks` hold. Readers limit how deep timelines nest.
fn count(tracks: &[SequenceTrack], counts: &mut SequenceCounts) {
    for item in tracks.iter().flat_map(|track| &track.items) {
        match item {
            SequenceItem::Clip(_) => counts.clips += 1,
            SequenceItem::Gap(_) => counts.gaps += 1,
            SequenceItem::Transition(_) => counts.transitions += 1,
            SequenceItem::Nested { tracks, .. } => count(tracks, counts),
        }
    }
}
