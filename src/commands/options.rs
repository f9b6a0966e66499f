//! Options that verbs share, each defined once, and the limits on one file.

use std::path::PathBuf;

use clap::{Arg, Args};

use crate::commands::values;
use crate::media::Limits;
use crate::store::Overwrite;

/// Options of every verb.
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
    #[arg(long, global = true, value_name = "CODE", default_value = "en", value_parser = values::language)]
    pub language: String,
    /// Folder of the cache
    #[arg(long, global = true, value_name = "DIR")]
    pub cache: Option<PathBuf>,
    /// Most bytes the cache may take
    #[arg(long, global = true, value_name = "BYTES", default_value = "512M", value_parser = values::amount)]
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
    #[arg(long, global = true, value_name = "BYTES", default_value = "64G", value_parser = values::amount)]
    pub max_bytes: u64,
    /// Pixels of a picture or frame
    #[arg(long, global = true, value_name = "N", default_value = "200M", value_parser = values::amount)]
    pub max_pixels: u64,
    /// Frames of a film
    #[arg(long, global = true, value_name = "N", default_value = "5M", value_parser = values::amount)]
    pub max_frames: u64,
    /// Seconds of a film or sound
    #[arg(long, global = true, value_name = "N", default_value = "86400", value_parser = values::amount)]
    pub max_seconds: u64,
    /// Streams of a container
    #[arg(long, global = true, value_name = "N", default_value = "64", value_parser = values::amount)]
    pub max_streams: u64,
    /// Memory that decoding may hold
    #[arg(long, global = true, value_name = "BYTES", default_value = "2G", value_parser = values::amount)]
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

/// `--json`.
#[derive(Debug, Args)]
pub struct JsonOption {
    /// Print JSON, one document a line
    #[arg(long)]
    pub json: bool,
}

/// `--use`, for verbs that list tracks.
#[derive(Debug, Args)]
pub struct UsageOption {
    /// What the music is for, such as commercial,tiktok,DE: tracks that may not be used for that are left out
    #[arg(long = "use", value_name = "LIST")]
    pub usage: Option<String>,
}

/// `--dry-run`.
#[derive(Debug, Args)]
pub struct DryRunOption {
    /// Say what would be done, write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `--force`.
#[derive(Debug, Args)]
pub struct ForceOption {
    /// Replace files that are there already
    #[arg(long)]
    pub force: bool,
}

impl ForceOption {
    /// As the library takes it.
    pub fn overwrite(&self) -> Overwrite {
        if self.force {
            Overwrite::Force
        } else {
            Overwrite::Refuse
        }
    }
}

/// `-o`, for verbs that write a file in any case. Each verb words its help with [`output`].
#[derive(Debug, Args)]
pub struct RequiredOutput {
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// `-o`, for verbs that print where no file is named. Each verb words its help with [`output`].
#[derive(Debug, Args)]
pub struct OptionalOutput {
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// How a verb words its `-o`.
pub fn output(value: &'static str, help: &'static str) -> impl FnOnce(Arg) -> Arg {
    move |argument| argument.value_name(value).help(help)
}
