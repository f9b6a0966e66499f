//! The input of planning.

use std::path::PathBuf;

use crate::analysis::Analysis;
use crate::choice::{Decision, Reason};
use crate::edit::{
    CutExpression, Denoiser, Hook, LookChoice, Plan, Platform, Segment, Style, VoiceLevels,
};
use crate::geometry::Size;
use crate::music::{Arrangement, Track};
use crate::time::Rational;

/// A source file. One with sound only is left out, which is recorded as a decision.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path as in the plan: relative ones start in the plan's folder.
    pub path: PathBuf,
    /// Its analysis.
    pub analysis: Analysis,
    /// How loud it is over time, for [`CutRule::Talk`](crate::edit::CutRule); without it only what the analysis says
    /// counts.
    pub levels: Option<VoiceLevels>,
}

/// The music under the film.
#[derive(Debug, Clone)]
pub struct MusicChoice<'a> {
    /// The film is cut to it but does not play it: it is added later, inside the app that it is posted with.
    pub guide: bool,
    /// The track; its path goes into the plan unchanged.
    pub track: &'a Track,
    /// The reasons for this track, for the plan.
    pub reasons: Vec<Reason>,
    /// The parts that were chosen for the film of [`film_brief`](crate::edit::film_brief) or for the plan to be scored
    /// anew. If absent, they are searched.
    pub arrangement: Option<Arrangement>,
}

/// A stretch of a source that a person names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NamedStretch {
    /// The index of the source in the request.
    pub source: usize,
    /// Seconds in the source.
    pub start: f64,
    /// Exclusive.
    pub end: f64,
}

/// A segment of an earlier plan that stays as it is, where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct LockedSegment {
    /// The index of its source in the request.
    pub source: usize,
    /// That of its second source.
    pub second: Option<usize>,
    /// Exact seconds of the film at which it begins.
    pub at: Rational,
    /// The segment.
    pub segment: Segment,
}

/// What an earlier plan locks.
#[derive(Debug, Clone, PartialEq)]
pub struct LockedSegments {
    /// The size of its film, in pixels: crops hold for no other shape.
    pub size: Size,
    /// Its frames a second: its segments are whole frames at that rate.
    pub rate: Rational,
    /// The segments, in the order of the film.
    pub segments: Vec<LockedSegment>,
}

/// What other films of the same material show, where this one is to differ.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ShownBefore {
    /// Of each source; a photo is shown before or not.
    pub stretches: Vec<NamedStretch>,
    /// How much it counts against a moment; 1 is as much as its quality can count for it.
    pub weight: f64,
}

/// A shot that is shown wider than the film's shape, over a blurred enlargement of itself, since no crop holds its
/// subject. That is measured in the parts of shots that a plan shows, so only another plan can make use of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WiderShot {
    /// The index of its source in the request.
    pub source: usize,
    /// The index of the shot in the source.
    pub shot: usize,
    /// The share of the film's frame that it fills, 0..1.
    pub filled: f64,
}

/// A request for an edit.
#[derive(Debug, Clone)]
pub struct EditRequest<'a> {
    /// In the order in which they were given.
    pub sources: &'a [SourceFile],
    /// If absent, the clips keep their own sound.
    pub music: Option<MusicChoice<'a>>,
    /// The recipe.
    pub style: &'a Style,
    /// The target platform.
    pub platform: &'a Platform,
    /// Width to height, if it differs from the platform's.
    pub aspect: Option<(u32, u32)>,
    /// Seconds; if absent, what style, platform and material suggest.
    pub length: Option<f64>,
    /// Greatest change of the music's speed under fixed cuts, 0..0.04.
    pub stretch: f64,
    /// The look.
    pub look: LookChoice,
    /// What has to be shown whole; of a photo, for how long.
    pub must: Vec<NamedStretch>,
    /// What must not be shown, whatever else there is; of a photo, all of it.
    pub never: Vec<NamedStretch>,
    /// What an earlier plan locks.
    pub locked: Option<&'a LockedSegments>,
    /// What is cut out in the style `talk`, in place of pauses and false starts.
    pub cut: Option<&'a CutExpression>,
    /// What takes noise off speech, however noisy the room is; if absent, what the style says where it is noisy.
    pub denoise: Option<Denoiser>,
    /// What films before this one show.
    pub shown: ShownBefore,
    /// Shots that are known to be shown wider than the film's shape: they count for less.
    pub wider: Vec<WiderShot>,
    /// 0 for the best film that is found, other numbers for other films.
    pub seed: u64,
}

/// A plan, and the decisions that the request left open.
#[derive(Debug, Clone)]
pub struct EditOutcome {
    /// The edit.
    pub plan: Plan,
    /// What in its first seconds holds people; absent where only the music is new.
    pub hook: Option<Hook>,
    /// The second of its guide track at which the film begins.
    pub guide_start: Option<f64>,
    /// The decisions, in the order in which they were made.
    pub decisions: Vec<Decision>,
}
