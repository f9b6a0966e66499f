//! Treatments of a film's frames before anything else.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was done to the frames of a film before anything else, or could not be done.
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
    /// The film has an alpha channel that no decoder here reads.
    OpacityUnread,
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
            Self::OpacityUnread => {
                "its opacity cannot be read: what is transparent may show colors that were never meant to be seen"
            }
        })
    }
}
