//! What a person asked for, as plain data.

use schemars::JsonSchema;
use serde::Serialize;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AskedVerb {
    /// A film of clips and photos.
    #[default]
    Edit,
    /// A look on pictures and clips.
    Apply,
    /// The best pieces of a long recording.
    Shorts,
    /// What is said, as a caption file.
    Captions,
    /// A plan as a timeline of another program.
    Export,
    /// Music, looks and effects that fit.
    Suggest,
    /// What is in the files.
    Analyze,
    /// The film of a plan.
    Render,
    /// Whether a film is what its plan says.
    Verify,
    /// A plan with changes.
    Revise,
}

/// A stretch of a file.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AskedStretch {
    /// Its name.
    pub file: String,
    /// Seconds in it.
    pub start: f64,
    /// Exclusive.
    pub end: f64,
}

/// What was asked for. What was not said is absent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct AskedRequest {
    /// What is to be done.
    pub verb: AskedVerb,
    /// Seconds of film.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<f64>,
    /// Times as long as now, 0.5 for half: only of a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length_factor: Option<f64>,
    /// How many films.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Width to height.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect: Option<[u32; 2]>,
    /// Id of the platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Id of the style.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
    /// Id of the look, `none` or `auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub look: Option<String>,
    /// How much of the look, 1 as written; of a plan, times as much as now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strength: Option<f64>,
    /// Id of the captions' style, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captions: Option<String>,
    /// Id of the transition between shots, or `none` for cuts alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transition: Option<String>,
    /// No music: the clips keep their own sound.
    #[serde(skip_serializing_if = "is_false")]
    pub no_music: bool,
    /// Music even over clips that have some.
    #[serde(skip_serializing_if = "is_false")]
    pub over_music: bool,
    /// What the film is to feel like and its music to sound like.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// What has to be shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub must: Vec<AskedStretch>,
    /// What must not be shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub never: Vec<AskedStretch>,
    /// Names of files that are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// Noise is taken off speech.
    #[serde(skip_serializing_if = "is_false")]
    pub denoise: bool,
    /// The dynamic range and the 10 bits of the clips are kept, in H.265.
    #[serde(skip_serializing_if = "is_false")]
    pub keep_range: bool,
    /// The codec: h264, h265, av1 or vp9.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoder: Option<String>,
    /// Small and fast, to look at the cut.
    #[serde(skip_serializing_if = "is_false")]
    pub draft: bool,
    /// The plan alone.
    #[serde(skip_serializing_if = "is_false")]
    pub plan_only: bool,
    /// What the film is for, such as commercial.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub usage: Vec<String>,
    /// Another film of the same: its seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// How photos are made to match: `each` or `set`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matching: Option<String>,
    /// Pixels of the longer side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longer_side: Option<u32>,
    /// Format of stills: jpeg, png or webp.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub still_format: Option<String>,
    /// Leave out where a picture was taken.
    #[serde(skip_serializing_if = "is_false")]
    pub strip_location: bool,
    /// Segments of a plan, from 1, that are to show something else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub again: Vec<usize>,
    /// Segments of a plan, from 1, that are to go.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub drop: Vec<usize>,
    /// Format of an exported timeline, or of captions in a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The program that an exported timeline is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// Whether a film was named: "reel", "video", "cut".
    #[serde(skip)]
    pub(super) names_film: bool,
    /// The verb that was named.
    #[serde(skip)]
    pub(super) named_verb: Option<AskedVerb>,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// What the parser has to know of the files.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AskedFiles {
    /// Names without their folders.
    pub names: Vec<String>,
    /// Pictures that stand still.
    pub stills: usize,
    /// Files that may have a moving picture.
    pub clips: usize,
    /// Files with sound alone.
    pub sounds: usize,
    /// The one plan that is given instead.
    pub plan: Option<AskedPlan>,
    /// Whether there is a place to take music from.
    pub music: bool,
}

/// What the parser has to know of a plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AskedPlan {
    /// How many segments its picture has.
    pub segments: usize,
    /// Seconds of each segment.
    pub lengths: Vec<f64>,
    /// The name of its first look.
    pub look: Option<String>,
    /// The number that it was planned with.
    pub seed: u64,
}

impl AskedPlan {
    /// Seconds of film.
    pub fn duration(&self) -> f64 {
        self.lengths.iter().sum()
    }

    /// Segments, from 1, that begin in the last third of the film, at least one.
    pub(super) fn last_third(&self) -> Vec<usize> {
        let from = self.duration() * 2.0 / 3.0;
        let (mut at, mut numbers) = (0.0, Vec::new());
        for (number, length) in (1..).zip(&self.lengths) {
            if at >= from - 1e-6 || number == self.segments {
                numbers.push(number);
            }
            at += length;
        }
        numbers
    }

    /// Segments, from 1, that begin in the first third of the film.
    pub(super) fn first_third(&self) -> Vec<usize> {
        let until = self.duration() / 3.0;
        let (mut at, mut numbers) = (0.0, Vec::new());
        for (number, length) in (1..).zip(&self.lengths) {
            if at < until {
                numbers.push(number);
            }
            at += length;
        }
        numbers
    }
}
