//! Which parts of the analysis are wanted, and how thoroughly.
//!
//! By default all are, except [`Part::Safety`], which passes judgment on people's own pictures, and
//! [`Part::Fingerprint`], which only lists of known pictures and sounds need: these must be named.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A part of the analysis that can be requested by itself.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Shots, motion and moments of films, and the plain measurements of pictures.
    Shots,
    /// Faces.
    Faces,
    /// Objects.
    Objects,
    /// Scene words.
    Scene,
    /// The subject of a picture and, in films, its path.
    Subject,
    /// Text in the picture.
    Text,
    /// Loudness.
    Loudness,
    /// Spans of speech and music.
    Speech,
    /// The words that are spoken.
    Transcript,
    /// Sudden sounds.
    Events,
    /// Beats, key, tags, mood.
    Music,
    /// Whether a picture is safe to show at work.
    Safety,
    /// The hashes by which lists of known pictures and sounds are searched.
    Fingerprint,
}

impl Part {
    /// All, in the order that they are listed.
    pub const ALL: [Self; 13] = [
        Self::Shots,
        Self::Faces,
        Self::Objects,
        Self::Scene,
        Self::Subject,
        Self::Text,
        Self::Loudness,
        Self::Speech,
        Self::Transcript,
        Self::Events,
        Self::Music,
        Self::Safety,
        Self::Fingerprint,
    ];

    /// The name on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shots => "shots",
            Self::Faces => "faces",
            Self::Objects => "objects",
            Self::Scene => "scene",
            Self::Subject => "subject",
            Self::Text => "text",
            Self::Loudness => "loudness",
            Self::Speech => "speech",
            Self::Transcript => "transcript",
            Self::Events => "events",
            Self::Music => "music",
            Self::Safety => "safety",
            Self::Fingerprint => "fingerprint",
        }
    }

    /// True for a part that is only analyzed where it is named.
    fn must_be_named(self) -> bool {
        matches!(self, Self::Safety | Self::Fingerprint)
    }

    fn is_heard(self) -> bool {
        matches!(
            self,
            Self::Loudness | Self::Speech | Self::Transcript | Self::Events | Self::Music
        ) || self == Self::Fingerprint
    }

    fn is_seen(self) -> bool {
        !self.is_heard() || self == Self::Fingerprint
    }
}

/// How thoroughly a file is analyzed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effort {
    /// Everything that is wanted, as well as possible.
    #[default]
    Full,
    /// Without what costs most. In films: no loop filter for frames that no other frame needs, half as many and smaller
    /// samples, and objects only in key frames. In stills: no very small faces. No saliency, text or transcript.
    Fast,
}

/// The parts of the analysis that are wanted, and the effort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// `None` means all that need not be named.
    only: Option<Vec<Part>>,
    effort: Effort,
}

impl Default for Scope {
    fn default() -> Self {
        Self::new(None, Effort::Full)
    }
}

impl Scope {
    /// The parts `only` (`None` means all that need not be named) at `effort`.
    pub fn new(only: Option<Vec<Part>>, effort: Effort) -> Self {
        let only = only.map(|mut parts| {
            parts.sort_unstable();
            parts.dedup();
            parts
        });
        Self { only, effort }
    }

    /// The parts that were named.
    pub fn only(&self) -> Option<&[Part]> {
        self.only.as_deref()
    }

    /// True for a fast analysis.
    pub fn is_fast(&self) -> bool {
        self.effort == Effort::Fast
    }

    /// True if `part` is wanted and not left out for speed.
    pub fn wants(&self, part: Part) -> bool {
        let left_out = self.is_fast() && matches!(part, Part::Text | Part::Transcript);
        match &self.only {
            // A part that is named is analyzed in any case.
            Some(parts) => parts.contains(&part),
            None => !part.must_be_named() && !left_out,
        }
    }

    /// True if any part that needs the picture is wanted.
    pub fn wants_picture(&self) -> bool {
        Part::ALL
            .into_iter()
            .any(|part| part.is_seen() && self.wants(part))
    }

    /// True if any part that needs the sound is wanted.
    pub fn wants_sound(&self) -> bool {
        Part::ALL
            .into_iter()
            .any(|part| part.is_heard() && self.wants(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn safety_waits_until_it_is_named() {
        assert!(
            !Scope::default().wants(Part::Safety) && !Scope::default().wants(Part::Fingerprint)
        );
        let named = Scope::new(Some(vec![Part::Safety, Part::Safety]), Effort::Full);
        assert!(named.wants(Part::Safety) && named.wants_picture());
        assert!(!named.wants(Part::Faces) && !named.wants_sound());
        assert_eq!(named.only(), Some(&[Part::Safety][..]));
        let print = Scope::new(Some(vec![Part::Fingerprint]), Effort::Full);
        assert!(print.wants_picture() && print.wants_sound());
    }

    #[test]
    fn speed_leaves_out_what_was_not_named() {
        let fast = Scope::new(None, Effort::Fast);
        assert!(!fast.wants(Part::Transcript) && fast.wants(Part::Speech));
        assert!(Scope::new(Some(vec![Part::Transcript]), Effort::Fast).wants(Part::Transcript));
    }

    #[test]
    fn names_are_those_of_the_documents() {
        for part in Part::ALL {
            let written = serde_json::to_value(part).ok();
            assert_eq!(written, Some(serde_json::Value::from(part.name())));
        }
    }
}
