//! What can be typed.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::analysis::{Effort, Part, Scope};
use crate::commands::apply::Apply;
use crate::commands::music::MusicVerb;
use crate::media::Limits;
use crate::music::MOST_STRETCH;

/// Looks at what you made, suggests music, looks and effects that fit, and edits it into something ready to post.
///
/// Everything runs on this machine; originals are never touched.
#[derive(Debug, Parser)]
#[command(
    name = "tastemaker",
    version,
    propagate_version = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub verb: Verb,
}

/// What every verb takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Common options")]
pub struct Common {
    /// Folder with the networks and their manifest
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "TASTEMAKER_MODELS",
        hide_env_values = true
    )]
    pub models: Option<PathBuf>,
    /// The ONNX Runtime library
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "ORT_DYLIB_PATH",
        hide_env_values = true
    )]
    pub onnxruntime: Option<PathBuf>,
    /// Configuration file instead of the usual one
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Files worked on at a time (default: one for each core)
    #[arg(short, long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Language of speech, ISO 639-1; only English (en) is transcribed
    #[arg(long, global = true, value_name = "CODE", default_value = "en", value_parser = language)]
    pub language: String,
    /// Folder of the cache
    #[arg(long, global = true, value_name = "DIR")]
    pub cache: Option<PathBuf>,
    /// Most bytes the cache may take
    #[arg(long, global = true, value_name = "BYTES", default_value = "512M", value_parser = amount)]
    pub cache_size: u64,
    /// Neither use nor fill the cache
    #[arg(long, global = true)]
    pub no_cache: bool,
    /// Say only what went wrong
    #[arg(short, long, global = true)]
    pub quiet: bool,
    #[command(flatten)]
    pub limits: LimitArguments,
}

/// The limits on one file.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits on one file")]
pub struct LimitArguments {
    /// Size of the file
    #[arg(long, global = true, value_name = "BYTES", default_value = "64G", value_parser = amount)]
    pub max_bytes: u64,
    /// Pixels of a picture or frame
    #[arg(long, global = true, value_name = "N", default_value = "200M", value_parser = amount)]
    pub max_pixels: u64,
    /// Frames of a film
    #[arg(long, global = true, value_name = "N", default_value = "5M", value_parser = amount)]
    pub max_frames: u64,
    /// Seconds of a film or sound
    #[arg(long, global = true, value_name = "N", default_value = "86400", value_parser = amount)]
    pub max_seconds: u64,
    /// Streams of a container
    #[arg(long, global = true, value_name = "N", default_value = "64", value_parser = amount)]
    pub max_streams: u64,
    /// Memory that decoding may hold
    #[arg(long, global = true, value_name = "BYTES", default_value = "2G", value_parser = amount)]
    pub max_memory: u64,
}

impl LimitArguments {
    /// As the library takes them.
    pub fn limits(&self) -> Limits {
        Limits {
            bytes: self.max_bytes,
            pixels: self.max_pixels,
            frames: self.max_frames,
            seconds: self.max_seconds,
            streams: self.max_streams,
            memory: self.max_memory,
        }
    }
}

/// The parts of an analysis by name.
fn parts() -> impl TypedValueParser<Value = Part> {
    PossibleValuesParser::new(Part::ALL.map(Part::name)).try_map(|name| {
        let found = Part::ALL.into_iter().find(|part| part.name() == name);
        found.ok_or("there is no such part")
    })
}

/// A number with K, M or G: powers of 1000 for counts and bytes alike.
fn amount(text: &str) -> Result<u64, String> {
    let wrong = || format!("\"{text}\" is not a number such as 500, 20M or 4G");
    let (digits, factor) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 1_000),
        Some((at, 'm' | 'M')) => (&text[..at], 1_000_000),
        Some((at, 'g' | 'G')) => (&text[..at], 1_000_000_000),
        _ => (text, 1),
    };
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    number.checked_mul(factor).ok_or_else(wrong)
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    Analyze(Analyze),
    Suggest(Suggest),
    Edit(Edit),
    Apply(Apply),
    Render(Render),
    Verify(Verify),
    Profile(ProfileVerb),
    List(List),
    Look(LookVerb),
    Music(MusicVerb),
    Models(ModelsVerb),
    Doctor(Doctor),
    Schema(SchemaVerb),
    Completions(Completions),
    Man(Man),
    Help(Help),
}

/// Tell what is in pictures, clips and sounds
#[derive(Debug, Args)]
pub struct Analyze {
    /// Files and folders
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Print one JSON document a line
    #[arg(long)]
    pub json: bool,
    /// Write DIR/NAME.EXT.json for each file
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Write one page to look at: storyboards, curves, faces, palettes
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Look for these alone; `safety` is looked for only when it is named
    #[arg(long, value_name = "PART", value_delimiter = ',', value_parser = parts())]
    pub only: Vec<Part>,
    /// Speed first: no transcript, no text, fewer networks on films
    #[arg(long, conflicts_with = "full")]
    pub fast: bool,
    /// Everything, as well as it can be told (the default)
    #[arg(long)]
    pub full: bool,
    /// What is said in the one FILE, as SubRip (.srt) or WebVTT (.vtt), instead of a transcript
    #[arg(long, value_name = "FILE")]
    pub captions: Option<PathBuf>,
    /// Beats a minute, 40 to 220, where it is known: beats keep within 4 % of it
    #[arg(long, value_name = "BPM")]
    pub tempo: Option<f64>,
    /// Move beats and downbeats by up to 2 seconds; later where above zero
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub nudge: Option<f64>,
    /// Replace results that are there already
    #[arg(long)]
    pub force: bool,
    /// Say what would be done, do nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl Analyze {
    /// What is asked of each file.
    pub fn scope(&self) -> Scope {
        let only = (!self.only.is_empty()).then(|| self.only.clone());
        Scope::new(
            only,
            if self.fast {
                Effort::Fast
            } else {
                Effort::Full
            },
        )
    }
}

/// Suggest music, looks and effects for a set of files, with reasons
#[derive(Debug, Args)]
pub struct Suggest {
    /// Files and folders
    #[arg(required_unless_present = "words", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Folder of tracks, one track, or a catalog (see `tastemaker music`)
    #[arg(long, value_name = "PLACE")]
    pub music: Option<PathBuf>,
    /// What the film is to feel like, in words, such as "rainy night drive"
    #[arg(long, value_name = "TEXT")]
    pub words: Option<String>,
    /// Suggest music even where the clips have some of their own
    #[arg(long)]
    pub over_music: bool,
    /// For a cut that is fixed: the music may be played so many percent faster or slower (4 where no number is given)
    #[arg(long, value_name = "PERCENT", value_parser = stretch, num_args = 0..=1, require_equals = true, default_missing_value = "4")]
    pub stretch: Option<f64>,
    /// Number that decides between what is as good as equal
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Where it will be posted
    #[arg(long, value_name = "ID")]
    pub platform: Option<String>,
    /// What the music is for: commercial, edits, platforms, countries; only tracks that allow it are suggested
    #[arg(long = "use", value_name = "USE")]
    pub usage: Option<String>,
    /// Length of the film they are for, such as 20s
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub length: Option<f64>,
    /// Whose taste counts, see `tastemaker profile list`; `none` for nobody's
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
    /// Write the JSON document to a file
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace the file if it is there already
    #[arg(long)]
    pub force: bool,
    /// Say what would be done, do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Cut clips and photos into a film, on the beat of a track
#[derive(Debug, Args)]
pub struct Edit {
    /// Clips, photos and folders of them; or one plan, whose cut stays and gets music
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Folder of tracks to choose from, one track, or a catalog (see `tastemaker music`); `none` for no music
    #[arg(long, value_name = "PLACE")]
    pub music: Option<PathBuf>,
    /// Lay music even over clips that have some of their own
    #[arg(long)]
    pub over_music: bool,
    /// Where a cut is fixed: the music may be played so many percent faster or slower (4 where no number is given)
    #[arg(long, value_name = "PERCENT", value_parser = stretch, num_args = 0..=1, require_equals = true, default_missing_value = "4")]
    pub stretch: Option<f64>,
    /// What the film is for: commercial, edits, platforms, countries; only music that allows it is taken
    #[arg(long = "use", value_name = "USE")]
    pub usage: Option<String>,
    /// The film (with --plan-only: the plan)
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Recipe for the edit, see `tastemaker list styles`
    #[arg(long, value_name = "ID")]
    pub style: Option<String>,
    /// Where it will be posted, see `tastemaker list platforms`
    #[arg(long, value_name = "ID")]
    pub platform: Option<String>,
    /// Shape of the picture, such as 9:16 (default: the platform's)
    #[arg(long, value_name = "W:H", value_parser = aspect)]
    pub aspect: Option<(u32, u32)>,
    /// Length of the film, such as 20s (default: what the material carries)
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub length: Option<f64>,
    /// `auto`, `none`, the name of a look or the path of one
    #[arg(long, value_name = "LOOK", default_value = "auto")]
    pub look: String,
    /// Whose taste counts, see `tastemaker profile list`; `none` for nobody's
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Number that breaks ties
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Write the plan, do not render
    #[arg(long)]
    pub plan_only: bool,
    /// Also write a picture of the film's frames
    #[arg(long, value_name = "PNG")]
    pub sheet: Option<PathBuf>,
    /// Print one JSON document about what was made
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub encoding: Encoding,
    /// Replace what is there already
    #[arg(long)]
    pub force: bool,
    /// Plan and print, write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Make the film of a plan
#[derive(Debug, Args)]
pub struct Render {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// The film
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Also write a picture of the film's frames
    #[arg(long, value_name = "PNG")]
    pub sheet: Option<PathBuf>,
    /// Print one JSON document about what was made
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub encoding: Encoding,
    /// Replace what is there already
    #[arg(long)]
    pub force: bool,
    /// Check the plan and its sources, write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// How films are encoded.
#[derive(Debug, Args)]
#[command(next_help_heading = "Encoding")]
pub struct Encoding {
    /// x264's constant rate factor: lower is better and larger
    #[arg(long, value_name = "0-51", default_value_t = 20, value_parser = clap::value_parser!(u8).range(0..=51))]
    pub quality: u8,
    /// x264's speed
    #[arg(long, value_enum, default_value_t = Speed::Veryfast)]
    pub speed: Speed,
}

/// x264's presets that make sense here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Speed {
    Ultrafast,
    Veryfast,
    Fast,
    Medium,
    Slow,
}

impl Speed {
    /// x264's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ultrafast => "ultrafast",
            Self::Veryfast => "veryfast",
            Self::Fast => "fast",
            Self::Medium => "medium",
            Self::Slow => "slow",
        }
    }
}

/// Check that a film is what its plan says
#[derive(Debug, Args)]
pub struct Verify {
    /// The film
    #[arg(value_name = "FILM")]
    pub film: PathBuf,
    /// Its plan (default: FILM.plan.json)
    #[arg(long, value_name = "PLAN")]
    pub plan: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// Teach a profile what you like, and see what it knows
#[derive(Debug, Args)]
pub struct ProfileVerb {
    #[command(subcommand)]
    pub what: ProfileWhat,
}

/// What `profile` does.
#[derive(Debug, Subcommand)]
pub enum ProfileWhat {
    /// Note what you took and what you turned down
    Learn(ProfileLearn),
    /// Tell what a profile has learned, and how well it foretells your choices
    Show {
        /// Its name, or a path that ends in .json
        #[arg(value_name = "NAME")]
        name: String,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Names of all profiles
    List {
        /// Print one JSON document a line
        #[arg(long)]
        json: bool,
    },
}

/// What `profile learn` takes.
#[derive(Debug, Args)]
pub struct ProfileLearn {
    /// The profile's name, or a path that ends in .json; it is made where there is none yet
    #[arg(value_name = "NAME")]
    pub name: String,
    /// What you took: a look's name, or the title, path or id of a track in --suggestions
    #[arg(long, value_name = "CHOICE")]
    pub accept: Vec<String>,
    /// What you turned down
    #[arg(long, value_name = "CHOICE")]
    pub reject: Vec<String>,
    /// What `tastemaker suggest -o FILE` wrote: the tracks are looked up there
    #[arg(long, value_name = "FILE")]
    pub suggestions: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
    /// Say what would be noted, write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// List what can be named: looks, styles, platforms
#[derive(Debug, Args)]
pub struct List {
    /// What to list
    pub what: Listed,
    /// Print one JSON document a line
    #[arg(long)]
    pub json: bool,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Listed {
    Looks,
    Styles,
    Platforms,
}

/// List, show, import, export and learn looks
#[derive(Debug, Args)]
pub struct LookVerb {
    #[command(subcommand)]
    pub what: LookWhat,
}

/// What `look` does.
#[derive(Debug, Subcommand)]
pub enum LookWhat {
    /// Name, family and summary of each
    List {
        /// Print one JSON document a line
        #[arg(long)]
        json: bool,
    },
    /// Print a look as the file it could be
    Show {
        /// Name, or path of a look
        look: String,
    },
    Import(LookImport),
    Export(LookExport),
    Learn(LookLearn),
    Gallery(LookGallery),
    Suggest(LookSuggest),
}

/// Make a look of a table: a .cube file or a Hald image
#[derive(Debug, Args)]
pub struct LookImport {
    /// The .cube file, or the Hald image as PNG or TIFF
    pub file: PathBuf,
    /// The look, LOOK.toml; its table is written beside it as LOOK.cube
    #[arg(short, long, value_name = "LOOK")]
    pub output: PathBuf,
    /// Replace files that are there already
    #[arg(long)]
    pub force: bool,
    /// Say what would be written, write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Learn a look from pictures before and after somebody finished them
#[derive(Debug, Args)]
pub struct LookLearn {
    /// A picture as it was; give one for each --after, in the same order
    #[arg(long, required_unless_present = "from", value_name = "FILE")]
    pub before: Vec<PathBuf>,
    /// The same picture, finished
    #[arg(long, required_unless_present = "from", value_name = "FILE")]
    pub after: Vec<PathBuf>,
    /// Finished pictures alone: a folder, or files; give it as often as needed
    #[arg(long, value_name = "FOLDER", num_args = 1.., conflicts_with_all = ["before", "after"])]
    pub from: Vec<PathBuf>,
    /// The look, LOOK.toml; from pairs, its table is written beside it as LOOK.cube
    #[arg(short, long, value_name = "LOOK")]
    pub output: PathBuf,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
    /// Replace files that are there already
    #[arg(long)]
    pub force: bool,
    /// Learn and tell, write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Show a photo in every look, with their names
#[derive(Debug, Args)]
pub struct LookGallery {
    /// The photo
    pub photo: PathBuf,
    /// Names or paths of looks; all of them when none is given
    pub looks: Vec<String>,
    /// The page, NAME.html, or the sheet, NAME.png
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Only looks of this family, such as film
    #[arg(long, value_name = "FAMILY", conflicts_with = "looks")]
    pub family: Option<String>,
    /// From 0 (nothing) through 1 (as written) to 2
    #[arg(long, default_value_t = 1.0)]
    pub strength: f64,
    /// Replace a file that is there already
    #[arg(long)]
    pub force: bool,
    /// Say what would be shown, write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Say which looks fit a photo, and what should be corrected before
#[derive(Debug, Args)]
pub struct LookSuggest {
    /// The photos, each judged on its own
    #[arg(required = true)]
    pub photos: Vec<PathBuf>,
    /// Print one JSON document a line
    #[arg(long)]
    pub json: bool,
    /// Whose taste counts, see `tastemaker profile list`; `none` for nobody's
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Say what would be looked at, look at nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Write the color of a look as a table for other programs
#[derive(Debug, Args)]
pub struct LookExport {
    /// Name, or path of a look
    pub look: String,
    /// The table: NAME.cube, or NAME.png for a Hald image
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Nodes a side, 17 to 65; a Hald image has 36 or 64
    #[arg(long, default_value_t = 33, value_parser = clap::value_parser!(u8).range(17..=65))]
    pub size: u8,
    /// Replace a file that is there already
    #[arg(long)]
    pub force: bool,
    /// Say what would be written, write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// List the networks, or check their files
#[derive(Debug, Args)]
pub struct ModelsVerb {
    #[command(subcommand)]
    pub what: ModelsWhat,
}

/// What `models` does.
#[derive(Debug, Subcommand)]
pub enum ModelsWhat {
    /// Name, task, license and size of each
    List {
        /// Print one JSON document a line
        #[arg(long)]
        json: bool,
    },
    /// Compare every file with its pinned sha256
    Check {
        /// Print one JSON document a line
        #[arg(long)]
        json: bool,
    },
}

/// Tell what this installation has: versions, ONNX Runtime, encoders, networks, threads, cache
#[derive(Debug, Args)]
pub struct Doctor {
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// Print the JSON Schema of what --json prints, for programs that read it
#[derive(Debug, Args)]
pub struct SchemaVerb {
    /// Such as `analysis`; without, those that there are
    #[arg(value_name = "DOCUMENT")]
    pub document: Option<String>,
}

/// Print a shell's completions
#[derive(Debug, Args)]
pub struct Completions {
    /// Which shell
    pub shell: Shell,
}

/// Print the manual page, or write one for each verb
#[derive(Debug, Args)]
pub struct Man {
    /// Write tastemaker.1 and tastemaker-VERB.1 into a folder
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Replace pages that are there already
    #[arg(long)]
    pub force: bool,
    /// Say what would be written, write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Print help of a verb; with --json, of everything, for machines
#[derive(Debug, Args)]
pub struct Help {
    /// The verb
    pub verb: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// Two or three small letters.
fn language(text: &str) -> Result<String, String> {
    let wrong =
        !(2..=3).contains(&text.len()) || !text.chars().all(|letter| letter.is_ascii_lowercase());
    match wrong {
        true => Err(format!(
            "\"{text}\" is not a language code such as en or de"
        )),
        false => Ok(text.to_owned()),
    }
}

/// `20`, `20s`, `1.5s`, `1m30s`, `2m`.
fn length(text: &str) -> Result<f64, String> {
    let wrong = || format!("\"{text}\" is not a length such as 20s or 1m30s");
    let (minutes, seconds) = match text.split_once('m') {
        Some((minutes, rest)) => (minutes.parse::<f64>().map_err(|_| wrong())?, rest),
        None => (0.0, text),
    };
    let seconds = seconds.strip_suffix('s').unwrap_or(seconds);
    let seconds = if seconds.is_empty() {
        0.0
    } else {
        seconds.parse::<f64>().map_err(|_| wrong())?
    };
    let total = minutes * 60.0 + seconds;
    if total.is_finite() && total > 0.0 && total <= 86_400.0 {
        Ok(total)
    } else {
        Err(wrong())
    }
}

/// `9:16`.
/// `4`, `2.5%`: a share of 0..0.04.
fn stretch(text: &str) -> Result<f64, String> {
    let most = MOST_STRETCH * 100.0;
    let percent = text.strip_suffix('%').unwrap_or(text).parse::<f64>();
    percent
        .ok()
        .filter(|percent| (0.0..=most).contains(percent))
        .map(|percent| percent / 100.0)
        .ok_or_else(|| format!("\"{text}\" is no change of speed: give 0 to {most} percent"))
}

pub fn aspect(text: &str) -> Result<(u32, u32), String> {
    let wrong = || format!("\"{text}\" is not a shape such as 9:16");
    let (width, height) = text.split_once(':').ok_or_else(wrong)?;
    let side = |text: &str| {
        text.parse::<u32>()
            .ok()
            .filter(|side| (1..=100).contains(side))
            .ok_or_else(wrong)
    };
    Ok((side(width)?, side(height)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_table_of_arguments_is_consistent() {
        use clap::CommandFactory as _;
        Arguments::command().debug_assert();
    }

    #[test]
    fn lengths_and_amounts_are_read_as_people_write_them() {
        assert_eq!(length("20s"), Ok(20.0));
        assert_eq!(length("1m30s"), Ok(90.0));
        assert_eq!(length("2m"), Ok(120.0));
        assert_eq!(length("7.5"), Ok(7.5));
        for wrong in ["", "s", "m", "-3", "nan", "inf", "20x"] {
            assert!(length(wrong).is_err(), "{wrong}");
        }
        assert_eq!(amount("4G"), Ok(4_000_000_000));
        for wrong in ["", "G", "4X", "é", "99999999999G", "-1"] {
            assert!(amount(wrong).is_err(), "{wrong}");
        }
        assert_eq!(aspect("9:16"), Ok((9, 16)));
        for wrong in ["9", "0:1", "9:", "a:b"] {
            assert!(aspect(wrong).is_err(), "{wrong}");
        }
    }
}
