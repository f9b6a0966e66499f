//! Notices: what a person should know about work that continues.
//!
//! An error ends something; a notice does not. Work passes notices to its [`crate::task::Task`], and its listener
//! prints or sends them. A notice is data: it has a stable [`Notice::code`] and typed fields, and displays as a plain
//! sentence that names no flag. Notices come from the thread that consumes results in order, never from workers, so
//! their order does not depend on the number of threads.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A part of a file besides its picture, its film and its best sound track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MediaPart {
    /// More pages, of a TIFF.
    Pages,
    /// More pictures: of a collection, or of a stereo camera.
    Pictures,
    /// A sequence of pictures beside a picture.
    PictureSequence,
    /// How much brighter the picture may become on a display with high dynamic range.
    GainMap,
    /// How far away things are.
    DepthMap,
    /// Where people, hair or the sky are.
    Masks,
    /// A film in a picture's file, as of a motion photo.
    Film,
    /// More video tracks, of a film.
    VideoTracks,
    /// More sound tracks, of a film.
    SoundTracks,
}

/// What a track of a clip holds, besides pictures.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TrackType {
    /// Sound.
    #[default]
    Sound,
    /// Subtitles, as text or as pictures.
    Subtitles,
    /// A file that comes along, such as a font.
    Attachment,
    /// A cover, or small pictures for chapters.
    Cover,
    /// Data of a device, such as its movements.
    Data,
}

impl TrackType {
    /// True for [`Self::Sound`], which results leave out of their JSON.
    pub fn is_sound(&self) -> bool {
        *self == Self::Sound
    }
}

/// Parts of one kind that are left out, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOutPart {
    /// What they are.
    pub part: MediaPart,
    /// From 1.
    pub count: u64,
}

use crate::picture::FilmTreatment;

/// Something worth knowing. Serializes as its fields with `code` beside them.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Notice {
    /// A file breaks off; what came before was read.
    PartlyRead {
        /// The file.
        file: PathBuf,
        /// Where and how it breaks off.
        problem: String,
    },
    /// A file breaks off; what came before is used in the film or the suggestions.
    PartlyUsed {
        /// The file.
        file: PathBuf,
        /// Where and how it breaks off.
        problem: String,
    },
    /// A file breaks off; its result holds what came before.
    PartlyWritten {
        /// The file.
        file: PathBuf,
        /// Where and how it breaks off.
        problem: String,
    },
    /// A sound track of a clip is not in the result, whose container cannot hold it.
    SoundTrackLeftOut {
        /// The file.
        file: PathBuf,
        /// From 1, among the sound tracks of the file.
        number: usize,
        /// FFmpeg's name of the codec, or the container's four letters.
        codec: String,
    },
    /// A track of a clip other than pictures and sound is not in the result.
    TrackLeftOut {
        /// The file.
        file: PathBuf,
        /// What it holds.
        kind: TrackType,
        /// From 1, among the tracks of this kind in the file.
        number: usize,
        /// FFmpeg's name of the codec, or the container's four letters; of an attachment, the name of its file.
        codec: String,
    },
    /// Parts of a file are neither analyzed nor in a result.
    PartLeftOut {
        /// The file.
        file: PathBuf,
        /// What they are.
        part: MediaPart,
        /// From 1.
        count: u64,
    },
    /// The frames of a film had to be treated before use.
    FilmTreated {
        /// The file.
        file: PathBuf,
        /// What was done.
        treatment: FilmTreatment,
    },
    /// A picture had to be treated before it was written.
    PictureTreated {
        /// The file.
        file: PathBuf,
        /// What was done.
        treatment: FilmTreatment,
    },
    /// A color table cannot carry a step of a look.
    StepNotInTable {
        /// The kind of step.
        step: String,
        /// The masks that a table cannot carry; empty where it is the step itself.
        masks: Vec<String>,
    },
    /// The artwork of a track cannot be decoded and is left out of its picture.
    ArtworkUnreadable {
        /// The track's file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Captions were given for a file without sound.
    CaptionsUnused {
        /// The file.
        file: PathBuf,
    },
    /// Captions were asked for, and nobody says anything that is recognized.
    NothingToCaption,
    /// Folders hold files that are not media.
    NotMedia {
        /// How many.
        files: usize,
    },
    /// A profile has judged too few choices of a kind for its taste to count.
    TasteUnsure {
        /// The profile's name.
        profile: String,
        /// The kind of choice, such as `looks`.
        kind: String,
        /// How many were judged.
        judgements: usize,
        /// How many are enough.
        enough: usize,
    },
    /// A catalog holds more tracks than are compared.
    Shortlisted {
        /// Tracks that may be used.
        tracks: usize,
        /// Tracks that are compared.
        compared: usize,
    },
    /// There are fewer pieces of a recording that can stand by themselves than were asked for.
    FewerShorts {
        /// The recording.
        file: PathBuf,
        /// How many there are.
        found: usize,
        /// How many were asked for.
        wanted: usize,
    },
    /// A run that was killed had encoded a part of the film, and this one goes on after it.
    FilmResumed {
        /// How many frames there were.
        frames: u64,
    },
    /// What became of the tracks that were added to a catalog.
    TracksAdded {
        /// Files by what they are to the catalog, such as `added` or `unchanged`.
        counts: BTreeMap<String, usize>,
    },
    /// The words of a search set conditions that tracks have to meet.
    SearchNarrowed {
        /// Each as a person would say it.
        filters: Vec<String>,
    },
    /// No track of a catalog meets the conditions of a search and may be used.
    NoTrackFits {
        /// Tracks in the catalog.
        tracks: usize,
    },
    /// The track that was named is laid although it fits poorly.
    TrackFitsPoorly {
        /// Its title.
        track: String,
        /// How well it fits, 0..1.
        score: f64,
        /// What is most wrong with it.
        wrong: String,
    },
    /// The file of a catalog's track is gone; the track is left out.
    TrackMissing {
        /// The file.
        file: PathBuf,
    },
    /// The file of a catalog's track changed after it was added; the track is left out.
    TrackChanged {
        /// The file.
        file: PathBuf,
    },
    /// Tracks were left out because they may not be used as asked.
    TracksNotPermitted {
        /// How many.
        tracks: usize,
        /// A stable word.
        reason: String,
        /// One sentence.
        text: String,
    },
    /// Whether a track may be used is not certain.
    RightsUnclear {
        /// The track's title.
        title: String,
        /// What is not certain.
        text: String,
    },
    /// A film gets no music though there was some to choose from.
    NoMusic {
        /// One sentence.
        why: String,
    },
    /// A catalog could not note that a track was used.
    UseNotRecorded {
        /// The catalog.
        file: PathBuf,
        /// What went wrong.
        problem: String,
    },
    /// The film differs from what its plan asks for.
    FilmDiffers {
        /// What is different.
        text: String,
    },
}

impl Notice {
    /// The stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::PartlyRead { .. } => "partly_read",
            Self::PartlyUsed { .. } => "partly_used",
            Self::PartlyWritten { .. } => "partly_written",
            Self::SoundTrackLeftOut { .. } => "sound_track_left_out",
            Self::TrackLeftOut { .. } => "track_left_out",
            Self::PartLeftOut { .. } => "part_left_out",
            Self::FilmTreated { .. } => "film_treated",
            Self::PictureTreated { .. } => "picture_treated",
            Self::StepNotInTable { .. } => "step_not_in_table",
            Self::ArtworkUnreadable { .. } => "artwork_unreadable",
            Self::CaptionsUnused { .. } => "captions_unused",
            Self::NothingToCaption => "nothing_to_caption",
            Self::NotMedia { .. } => "not_media",
            Self::TasteUnsure { .. } => "taste_unsure",
            Self::Shortlisted { .. } => "shortlisted",
            Self::FewerShorts { .. } => "fewer_shorts",
            Self::FilmResumed { .. } => "film_resumed",
            Self::TracksAdded { .. } => "tracks_added",
            Self::SearchNarrowed { .. } => "search_narrowed",
            Self::NoTrackFits { .. } => "no_track_fits",
            Self::TrackFitsPoorly { .. } => "track_fits_poorly",
            Self::TrackMissing { .. } => "track_missing",
            Self::TrackChanged { .. } => "track_changed",
            Self::TracksNotPermitted { .. } => "tracks_not_permitted",
            Self::RightsUnclear { .. } => "rights_unclear",
            Self::NoMusic { .. } => "no_music",
            Self::UseNotRecorded { .. } => "use_not_recorded",
            Self::FilmDiffers { .. } => "film_differs",
        }
    }

    /// The file this is about, if it is about one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::PartlyRead { file, .. }
            | Self::PartlyUsed { file, .. }
            | Self::PartlyWritten { file, .. }
            | Self::SoundTrackLeftOut { file, .. }
            | Self::TrackLeftOut { file, .. }
            | Self::PartLeftOut { file, .. }
            | Self::FilmTreated { file, .. }
            | Self::PictureTreated { file, .. }
            | Self::ArtworkUnreadable { file, .. }
            | Self::CaptionsUnused { file }
            | Self::FewerShorts { file, .. }
            | Self::TrackMissing { file }
            | Self::TrackChanged { file }
            | Self::UseNotRecorded { file, .. } => Some(file),
            _ => None,
        }
    }

    /// What is said of the file, without its name, where the same may be said of most files of a folder: whoever prints
    /// for people says it once and counts the other files.
    pub fn shared_text(&self) -> Option<String> {
        match self {
            Self::PartLeftOut { part, count, .. } => {
                Some(format!("{} left out", parts_in_words(*part, *count)))
            }
            Self::FilmTreated { treatment, .. } | Self::PictureTreated { treatment, .. } => {
                Some(treatment.to_string())
            }
            _ => None,
        }
    }
}

impl fmt::Display for Notice {
    #[expect(clippy::too_many_lines, reason = "a table of sentences")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PartlyRead { problem, .. } => {
                write!(f, "only a part of it was read: {problem}")
            }
            Self::PartlyUsed { problem, .. } => write!(f, "only a part of it is used: {problem}"),
            Self::PartlyWritten { problem, .. } => {
                write!(f, "only a part of it was written: {problem}")
            }
            Self::SoundTrackLeftOut {
                file,
                number,
                codec,
            } => write!(
                f,
                "{}: sound track {number} ({codec}) is left out: the result cannot hold it",
                file.display()
            ),
            Self::TrackLeftOut {
                file,
                kind,
                number,
                codec,
            } => {
                let (file, track) = (file.display(), track_in_words(*kind));
                write!(f, "{file}: {track} {number} ({codec}) is left out")
            }
            Self::PartLeftOut { file, .. }
            | Self::FilmTreated { file, .. }
            | Self::PictureTreated { file, .. } => {
                let text = self.shared_text().unwrap_or_default();
                write!(f, "{}: {text}", file.display())
            }
            Self::StepNotInTable { step, masks } => {
                write!(f, "a table cannot carry {step}")?;
                if masks.is_empty() {
                    return Ok(());
                }
                write!(f, " under a mask of {}", masks.join(" and "))
            }
            Self::ArtworkUnreadable { problem, .. } => {
                write!(f, "its artwork is not in the picture: {problem}")
            }
            Self::CaptionsUnused { .. } => {
                f.write_str("it has no sound: the captions were not used")
            }
            Self::NothingToCaption => {
                f.write_str("there are no captions: nothing that is said was recognized")
            }
            Self::NotMedia { files } => write!(
                f,
                "{files} files in the folders are not media and were left alone"
            ),
            Self::TasteUnsure {
                profile,
                kind,
                judgements,
                enough,
            } => {
                write!(f, "profile {profile} has judged ")?;
                match judgements {
                    0 => write!(f, "no choice")?,
                    1 => write!(f, "1 choice")?,
                    more => write!(f, "{more} choices")?,
                }
                write!(f, " of {kind}: its taste counts from {enough} on")
            }
            Self::Shortlisted { tracks, compared } => write!(
                f,
                "of {tracks} tracks, the {compared} that seem to fit best are compared"
            ),
            Self::FewerShorts { found, wanted, .. } => write!(
                f,
                "only {found} of {wanted} pieces can stand by themselves without sharing time"
            ),
            Self::FilmResumed { frames } => write!(
                f,
                "a run that was ended had encoded {frames} frames of the film; they were kept"
            ),
            Self::TracksAdded { counts } if counts.is_empty() => {
                f.write_str("no tracks were added")
            }
            Self::TracksAdded { counts } => {
                let counts = counts
                    .iter()
                    .map(|(state, count)| format!("{count} {}", state.replace('_', " ")));
                f.write_str(&counts.collect::<Vec<_>>().join(", "))
            }
            Self::SearchNarrowed { filters } => {
                write!(f, "only tracks: {}", filters.join(", "))
            }
            Self::NoTrackFits { tracks } => {
                write!(f, "none of the {tracks} tracks is like that")
            }
            Self::TrackFitsPoorly {
                track,
                score,
                wrong,
            } => write!(f, "{track} fits poorly ({score:.2}). {wrong}"),
            Self::TrackMissing { file } => {
                write!(f, "{} is missing and left out", file.display())
            }
            Self::TrackChanged { file } => write!(
                f,
                "{} has changed since it was added and is left out: add it again",
                file.display()
            ),
            Self::TracksNotPermitted { text, .. } | Self::FilmDiffers { text } => f.write_str(text),
            Self::RightsUnclear { title, text } => write!(f, "{title}: {text}"),
            Self::NoMusic { why } => {
                write!(f, "no music: {why} The clips keep their own sound.")
            }
            Self::UseNotRecorded { problem, .. } => {
                write!(f, "the use of the track could not be recorded: {problem}")
            }
        }
    }
}

/// What stands before the number of a track.
fn track_in_words(kind: TrackType) -> &'static str {
    match kind {
        TrackType::Sound => "sound track",
        TrackType::Subtitles => "subtitle track",
        TrackType::Attachment => "attachment",
        TrackType::Cover => "cover",
        TrackType::Data => "data track",
    }
}

/// What is left out, and its verb.
fn parts_in_words(part: MediaPart, count: u64) -> String {
    let (one, many) = match part {
        MediaPart::Pages => ("another page", "more pages"),
        MediaPart::Pictures => ("another picture in it", "more pictures in it"),
        MediaPart::PictureSequence => ("its sequence of pictures", "sequences of pictures"),
        MediaPart::GainMap => (
            "its gain map for HDR displays",
            "gain maps for HDR displays",
        ),
        MediaPart::DepthMap => ("its depth map", "depth maps"),
        MediaPart::Masks => (
            "a mask of people or sky in it",
            "masks of people and sky in it",
        ),
        MediaPart::Film => ("the film in it", "films in it"),
        MediaPart::VideoTracks => ("another video track", "more video tracks"),
        MediaPart::SoundTracks => ("another sound track", "more sound tracks"),
    };
    match count {
        1 => format!("{one} is"),
        count => format!("{count} {many} are"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[expect(clippy::too_many_lines, reason = "a list")]
    fn each_notice() -> Vec<Notice> {
        let file = PathBuf::from("a.mp3");
        let (text, problem) = (String::from("text"), String::from("problem"));
        vec![
            Notice::PartlyRead {
                file: file.clone(),
                problem: problem.clone(),
            },
            Notice::PartlyUsed {
                file: file.clone(),
                problem: problem.clone(),
            },
            Notice::PartlyWritten {
                file: file.clone(),
                problem: problem.clone(),
            },
            Notice::SoundTrackLeftOut {
                file: file.clone(),
                number: 2,
                codec: "apac".into(),
            },
            Notice::TrackLeftOut {
                file: file.clone(),
                kind: TrackType::Subtitles,
                number: 1,
                codec: "hdmv_pgs_subtitle".into(),
            },
            Notice::PartLeftOut {
                file: file.clone(),
                part: MediaPart::Pages,
                count: 3,
            },
            Notice::FilmTreated {
                file: file.clone(),
                treatment: FilmTreatment::Telecine,
            },
            Notice::PictureTreated {
                file: file.clone(),
                treatment: FilmTreatment::LaidOverBlack,
            },
            Notice::StepNotInTable {
                step: "grain".into(),
                masks: vec!["sky".into()],
            },
            Notice::ArtworkUnreadable {
                file: file.clone(),
                problem: problem.clone(),
            },
            Notice::CaptionsUnused { file: file.clone() },
            Notice::NothingToCaption,
            Notice::NotMedia { files: 2 },
            Notice::TasteUnsure {
                profile: "me".into(),
                kind: "looks".into(),
                judgements: 1,
                enough: 5,
            },
            Notice::Shortlisted {
                tracks: 1000,
                compared: 300,
            },
            Notice::FewerShorts {
                file: "talk.mp4".into(),
                found: 2,
                wanted: 5,
            },
            Notice::FilmResumed { frames: 120 },
            Notice::TracksAdded {
                counts: BTreeMap::from([("added".into(), 2)]),
            },
            Notice::SearchNarrowed {
                filters: vec!["under 90 bpm".into()],
            },
            Notice::NoTrackFits { tracks: 3 },
            Notice::TrackFitsPoorly {
                track: text.clone(),
                score: 0.3,
                wrong: text.clone(),
            },
            Notice::TrackMissing { file: file.clone() },
            Notice::TrackChanged { file: file.clone() },
            Notice::TracksNotPermitted {
                tracks: 1,
                reason: "expired".into(),
                text: text.clone(),
            },
            Notice::RightsUnclear {
                title: "Title".into(),
                text: text.clone(),
            },
            Notice::NoMusic { why: text.clone() },
            Notice::UseNotRecorded { file, problem },
            Notice::FilmDiffers { text },
        ]
    }

    #[test]
    fn the_code_is_the_one_that_is_serialized() {
        for notice in each_notice() {
            let value = serde_json::to_value(&notice).unwrap();
            assert_eq!(value["code"], notice.code());
            assert_eq!(
                value.get("file").is_some(),
                notice.file().is_some(),
                "{value}"
            );
            assert!(!notice.to_string().contains("--"), "{notice}");
        }
    }
}
