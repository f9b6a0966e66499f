//! What a person can do about an error.
//!
//! A hint says what to do and names no flag. `commands/flag_names.rs` has the flags and verbs that the terminal puts
//! into each message; a server would put its fields there. [`Hint`] displays as a sentence that holds for all of them. A
//! hint that needs a setting has a variant of its own, so that each of them can name that setting; [`Hint::Plain`] is
//! for sentences that name none.

use std::fmt;

/// What to do about an error.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Hint {
    /// A sentence that names no setting and no verb, without a full stop.
    Plain(String),
    /// Write somewhere else: the disk is full.
    FreeSpace,
    /// Replace the file that is in the way, or choose another name.
    ReplaceOrRename,
    /// Raise a limit.
    RaiseLimit(LimitName),
    /// Put the folder of networks back.
    RestoreModels,
    /// Name the folder of networks.
    NameModels,
    /// Put ONNX Runtime in place.
    InstallRuntime,
    /// Look at what this installation has, and report the failure.
    ReportFailure,
    /// Look which encoders this installation has.
    CheckEncoders,
    /// Put the file back that a plan was made from, or make the plan again.
    RestoreSource,
    /// Correct the plan, or make it again.
    CorrectPlan,
    /// Choose another track.
    ChooseOtherMusic,
    /// Name tracks to choose from.
    NameMusic,
    /// Name a folder of music, or go without.
    NameMusicOrNone,
    /// Add tracks to the catalog, or check those that it has.
    FillCatalog,
    /// Ask for a film of at least half a second.
    LengthenFilm,
    /// Ask for a shorter film, or name a platform that takes longer ones.
    ShortenFilm,
    /// Give the shape of the picture as width to height.
    GiveAspect,
    /// Make the profile by teaching it some choices.
    TeachProfile {
        /// Its name.
        name: String,
    },
    /// Name a folder for the results.
    NameOutputFolder,
    /// Choose a folder that no originals lie in.
    ChooseOtherFolder,
    /// Wait for another run, or write into another folder.
    WaitOrChooseFolder,
    /// Go on where a run stopped, or replace its results.
    ResumeOrReplace,
    /// Work on fewer files at a time.
    FewerAtATime,
    /// Name what was taken and what was turned down.
    NameChoices,
    /// Give a picture after for each picture before.
    PairPictures,
    /// Name a single track, or leave out what belongs to one.
    NameOneTrack,
    /// Name a catalog.
    NameCatalog,
    /// Add tracks, which makes the catalog.
    AddTracks,
}

/// The limits that hold before and during decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum LimitName {
    Bytes,
    Pixels,
    Frames,
    Seconds,
    Streams,
    MemoryBytes,
}

impl fmt::Display for LimitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes => "bytes",
            Self::Pixels => "pixels",
            Self::Frames => "frames",
            Self::Seconds => "seconds",
            Self::Streams => "streams",
            Self::MemoryBytes => "bytes of memory",
        })
    }
}

impl From<&str> for Hint {
    fn from(text: &str) -> Self {
        Self::Plain(text.into())
    }
}

impl From<String> for Hint {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(text) => text,
            Self::FreeSpace => "free some space, or choose another place",
            Self::ReplaceOrRename => "choose another name, or ask for the file to be replaced",
            Self::RaiseLimit(limit) => {
                return write!(f, "if you trust the file, raise the limit of {limit}");
            }
            Self::RestoreModels => "restore the folder models/ of this version, or name another",
            Self::NameModels => "name the folder of the networks",
            Self::InstallRuntime => "install ONNX Runtime, or name the library",
            Self::ReportFailure => "report this with what the program says of its installation",
            Self::CheckEncoders => "check which encoders there are",
            Self::RestoreSource => {
                "put the file back that the plan was made from, or make the plan again"
            }
            Self::CorrectPlan => "correct the plan, or make it again",
            Self::ChooseOtherMusic => "choose another track",
            Self::NameMusic => "name tracks to choose from",
            Self::NameMusicOrNone => "name a folder with music, or ask for none",
            Self::FillCatalog => "add tracks to the catalog, or check it",
            Self::LengthenFilm => "ask for half a second or more",
            Self::ShortenFilm => "ask for a shorter film, or for another platform",
            Self::GiveAspect => "give the shape as 9:16, 1:1, 4:5, 16:9 or the like",
            Self::TeachProfile { name } => {
                return write!(f, "make {name} by teaching it a look that you like");
            }
            Self::NameOutputFolder => "name a folder for the results",
            Self::ChooseOtherFolder => "originals are never touched: choose another folder",
            Self::WaitOrChooseFolder => "wait until it is done, or choose another folder",
            Self::ResumeOrReplace => {
                "go on where the run stopped, or ask for its results to be replaced"
            }
            Self::FewerAtATime => "work on fewer files at a time",
            Self::NameChoices => "name what was taken and what was turned down",
            Self::PairPictures => {
                "give one picture after for each picture before, in the same order"
            }
            Self::NameOneTrack => "name one file, or leave out title, tempo and nudge",
            Self::NameCatalog => "name a catalog",
            Self::AddTracks => "add tracks to it first",
        })
    }
}
