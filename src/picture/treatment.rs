//! Treatments of pictures and of a film's frames beside looks and edits.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::picture::Background;

/// What was done to a picture or to the frames of a film beside looks and edits, or could not be done.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FilmTreatment {
    /// Interlaced frames were deinterlaced.
    Deinterlaced,
    /// 24 frames a second spread over the fields of 30 (3:2 pulldown); deinterlaced, and still 30.
    Telecine,
    /// Transparent areas show black.
    LaidOverBlack,
    /// Transparent areas show the background that was chosen.
    LaidOverColor,
    /// The film has an alpha channel that no decoder here reads.
    OpacityUnread,
    /// The film has a color matrix that is not known here; its colors are those of the usual one.
    MatrixUnread,
    /// Sound that was copied changes its rate or channels midway, which the result cannot say.
    SoundChanges,
}

impl FilmTreatment {
    /// Transparent areas show `background`.
    pub fn laid_over(background: Background) -> Self {
        match background {
            Background::BLACK => Self::LaidOverBlack,
            _ => Self::LaidOverColor,
        }
    }
}

impl fmt::Display for FilmTreatment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deinterlaced => "its frames are interlaced and were deinterlaced",
            Self::Telecine => {
                "it is film spread over the fields of video (3:2 pulldown): it was deinterlaced, \
                 not brought back to 24 frames a second"
            }
            Self::LaidOverBlack => "it is transparent in places, which show black",
            Self::LaidOverColor => "it is transparent in places, which show the chosen background",
            Self::OpacityUnread => {
                "its opacity cannot be read: what is transparent may show colors that were never meant to be seen"
            }
            Self::MatrixUnread => {
                "its color matrix is not known here: its colors may be wrong"
            }
            Self::SoundChanges => {
                "its sound changes its rate or channels midway and was copied: players may not follow"
            }
        })
    }
}
