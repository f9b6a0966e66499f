//! What can be typed behind `music`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::error::Error;
use crate::music::catalog::Said;
use crate::music::license::{read_platforms, read_territory};
use crate::music::{Date, License};

/// Keep a catalog of tracks: add, search, compare, check
#[derive(Debug, Args)]
pub struct MusicVerb {
    /// The catalog instead of the usual one
    #[arg(long, global = true, value_name = "FILE")]
    pub catalog: Option<PathBuf>,
    #[command(subcommand)]
    pub what: MusicWhat,
}

/// What `music` does.
#[derive(Debug, Subcommand)]
pub enum MusicWhat {
    Add(MusicAdd),
    List(MusicList),
    Show(MusicShow),
    Search(MusicSearch),
    Similar(MusicSimilar),
    Remove(MusicRemove),
    Check(MusicCheck),
    Export(MusicExport),
}

/// Listen to tracks and keep what was heard; only what is new or changed is listened to
#[derive(Debug, Args)]
pub struct MusicAdd {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Name of the one track
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Who made the tracks
    #[arg(long, value_name = "TEXT")]
    pub artist: Option<String>,
    /// Under which license they may be used: an SPDX id such as CC-BY-4.0, or a plain name
    #[arg(long, value_name = "ID")]
    pub license: Option<String>,
    /// Who owns the rights
    #[arg(long, value_name = "TEXT")]
    pub holder: Option<String>,
    /// The credit that the license asks for
    #[arg(long, value_name = "TEXT")]
    pub attribution: Option<String>,
    /// Whether they may be used to earn money
    #[arg(long, value_enum, value_name = "yes|no")]
    pub commercial: Option<Answer>,
    /// Whether they may be cut, mixed and laid under a film
    #[arg(long, value_enum, value_name = "yes|no")]
    pub edits: Option<Answer>,
    /// Where films with them may be posted, such as youtube,tiktok
    #[arg(long, value_name = "LIST")]
    pub platforms: Option<String>,
    /// Countries in which they may be used, such as DE,FR or EU
    #[arg(long, value_name = "LIST")]
    pub territory: Option<String>,
    /// The last day on which the license holds, such as 2027-01-31
    #[arg(long, value_name = "DATE")]
    pub expires: Option<Date>,
    /// Beats a minute of the one track, 40 to 220, where it is known: beats keep within 4 % of it. Remembered
    #[arg(long, value_name = "BPM")]
    pub tempo: Option<f64>,
    /// Move beats and downbeats of the one track by up to 2 seconds; later where above zero. Remembered
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub nudge: Option<f64>,
    /// Print one JSON document a line
    #[arg(long)]
    pub json: bool,
    /// Say what would be added, do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Answer {
    Yes,
    No,
}

impl MusicAdd {
    /// What was typed about the tracks. Fails with `Usage` for lists that name nothing known.
    pub fn said(&self) -> Result<Said, Error> {
        let text = |field: &Option<String>| field.as_deref().unwrap_or("").trim().to_owned();
        let list = |field: &Option<String>,
                    read: fn(&str) -> Result<Option<Vec<String>>, String>| {
            field
                .as_deref()
                .map_or(Ok(None), read)
                .map_err(|what| Error::Usage {
                    what,
                    hint: "see tastemaker music add --help".into(),
                })
        };
        let yes = |answer: Option<Answer>| answer.map(|answer| answer == Answer::Yes);
        Ok(Said {
            tempo: self.tempo,
            nudge: self.nudge,
            title: self.title.clone(),
            artist: self.artist.clone(),
            license: License {
                holder: text(&self.holder),
                commercial: yes(self.commercial),
                edits: yes(self.edits),
                platforms: list(&self.platforms, read_platforms)?,
                territory: list(&self.territory, read_territory)?,
                attribution: text(&self.attribution),
                expires: self.expires,
                ..License::named(&text(&self.license))
            },
        })
    }
}

/// List the tracks
#[derive(Debug, Args)]
pub struct MusicList {
    /// What the music is for, such as commercial,tiktok,DE: tracks that may not be used for that are left out
    #[arg(long = "use", value_name = "LIST")]
    pub usage: Option<String>,
    /// Print one JSON document a line
    #[arg(long)]
    pub json: bool,
}

/// Tell what is known of a track
#[derive(Debug, Args)]
pub struct MusicShow {
    /// Its path, its title, or the beginning of its id
    #[arg(value_name = "TRACK")]
    pub track: String,
    /// Draw its waveform, energy, beats and sections, beside its artwork
    #[arg(long, value_name = "PNG")]
    pub picture: Option<PathBuf>,
    /// Write the picture that its tags carry, as it is there
    #[arg(long, value_name = "FILE")]
    pub artwork: Option<PathBuf>,
    /// Print one JSON document, with the analysis
    #[arg(long)]
    pub json: bool,
    /// Replace the pictures if they are there already
    #[arg(long)]
    pub force: bool,
}

/// Find tracks by words, such as "calm piano, no vocals, under 90 bpm"
#[derive(Debug, Args)]
pub struct MusicSearch {
    /// What the track is like; tempo, length, key and voices are understood, everything else ranks
    #[arg(value_name = "WORDS")]
    pub words: String,
    /// Most tracks to name
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub count: usize,
    /// What the music is for, such as commercial,tiktok,DE: tracks that may not be used for that are left out
    #[arg(long = "use", value_name = "LIST")]
    pub usage: Option<String>,
    /// Print one JSON document a line
    #[arg(long)]
    pub json: bool,
}

/// Find tracks that sound like one
#[derive(Debug, Args)]
pub struct MusicSimilar {
    /// Its path, its title, or the beginning of its id
    #[arg(value_name = "TRACK")]
    pub track: String,
    /// Most tracks to name
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub count: usize,
    /// What the music is for, such as commercial,tiktok,DE: tracks that may not be used for that are left out
    #[arg(long = "use", value_name = "LIST")]
    pub usage: Option<String>,
    /// Print one JSON document a line
    #[arg(long)]
    pub json: bool,
}

/// Forget tracks; their files stay where they are
#[derive(Debug, Args)]
pub struct MusicRemove {
    /// Their paths, titles, or the beginnings of their ids
    #[arg(required = true, value_name = "TRACK")]
    pub tracks: Vec<String>,
    /// Print one JSON document a line
    #[arg(long)]
    pub json: bool,
    /// Say what would be forgotten, do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Find files that are missing or changed, and recordings that are there twice
#[derive(Debug, Args)]
pub struct MusicCheck {
    /// Print one JSON document a line
    #[arg(long)]
    pub json: bool,
}

/// Write the whole catalog as lines of JSON, with the analyses
#[derive(Debug, Args)]
pub struct MusicExport {
    /// The file (default: standard output)
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace the file if it is there already
    #[arg(long)]
    pub force: bool,
}
