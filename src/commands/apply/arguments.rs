//! What can be typed behind `apply`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::batch::{Fit, Format, FormatChoice, Matching};
use crate::commands::arguments::aspect;
use crate::geometry::Size;
use crate::media::{ChromaSubsampling, MetadataPolicy};

/// Apply a look to pictures and clips, one or ten thousand
#[derive(Debug, Args)]
pub struct Apply {
    /// Name of a look (see `tastemaker list looks`), path of one, several joined with `+`, or `none`
    #[arg(value_name = "LOOK")]
    pub look: String,
    /// Pictures, clips and folders of them
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Folder of the results: FOLDER/x/y.jpg becomes DIR/x/y.jpg
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// How much of the look: 0 changes nothing, 1 is as written
    #[arg(long, value_name = "0-2", default_value_t = 1.0, value_parser = strength)]
    pub strength: f64,
    /// Make files match: `each` corrects light and color of each and holds the look back where it would do harm, `set` evens
    /// light and color over the photos of one scene
    #[arg(long = "match", value_name = "HOW", value_enum, default_value_t = Match::None)]
    pub matching: Match,
    /// Cut stills to a shape, such as 4:5, around their subject
    #[arg(long, value_name = "W:H", value_parser = aspect)]
    pub aspect: Option<(u32, u32)>,
    /// Make pictures and clips smaller: the longer side, such as 2048, or both, such as 1920x1080
    #[arg(long, value_name = "N|WxH", value_parser = fit)]
    pub resize: Option<Fit>,
    /// Format of stills
    #[arg(long, value_enum, default_value_t = StillKind::Keep)]
    pub format: StillKind,
    /// Quality of JPEG and WebP (default: 92)
    #[arg(long, value_name = "1-100", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub quality: Option<u8>,
    /// How the color of a JPEG is thinned out
    #[arg(long, value_enum, default_value_t = Subsampling::Keep)]
    pub subsampling: Subsampling,
    /// What comes out of what the camera wrote
    #[arg(long, value_enum, default_value_t = MetadataChoice::Keep)]
    pub metadata: MetadataChoice,
    /// Names of the results, such as "{stem}-{look}.{ext}"
    #[arg(long, value_name = "TEMPLATE")]
    pub name: Option<String>,
    /// Write pictures that break off as far as they go
    #[arg(long)]
    pub partial: bool,
    /// Go on with a run that was stopped: what is finished stays
    #[arg(long, conflicts_with = "force")]
    pub resume: bool,
    /// Replace results that are there already
    #[arg(long)]
    pub force: bool,
    /// Show the look on N photos that differ most, in one page, DIR/preview.html, and write nothing else
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "12", conflicts_with_all = ["resume", "dry_run"],
        value_parser = clap::value_parser!(u8).range(1..=60))]
    pub preview: Option<u8>,
    /// Print one JSON document a line
    #[arg(long)]
    pub json: bool,
    /// Say what would be done, do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What is done beyond the look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Match {
    None,
    Each,
    Set,
}

impl Match {
    /// As the library takes it.
    pub fn choice(self) -> Matching {
        match self {
            Self::None => Matching::None,
            Self::Each => Matching::Each,
            Self::Set => Matching::Set,
        }
    }
}

/// Formats that stills are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum StillKind {
    Keep,
    #[value(alias = "jpg")]
    Jpeg,
    Png,
    Webp,
}

impl StillKind {
    /// As the library takes it.
    pub fn choice(self) -> FormatChoice {
        match self {
            Self::Keep => FormatChoice::Keep,
            Self::Jpeg => FormatChoice::Fixed(Format::Jpeg),
            Self::Png => FormatChoice::Fixed(Format::Png),
            Self::Webp => FormatChoice::Fixed(Format::WebP),
        }
    }
}

/// How the color of a JPEG is thinned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Subsampling {
    Keep,
    #[value(name = "444")]
    Full444,
    #[value(name = "422")]
    Half422,
    #[value(name = "420")]
    Quarter420,
}

impl Subsampling {
    /// As the library takes it.
    pub fn choice(self) -> Option<ChromaSubsampling> {
        match self {
            Self::Keep => None,
            Self::Full444 => Some(ChromaSubsampling::Full444),
            Self::Half422 => Some(ChromaSubsampling::Half422),
            Self::Quarter420 => Some(ChromaSubsampling::Quarter420),
        }
    }
}

/// What comes out of EXIF and XMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MetadataChoice {
    /// Everything, with the orientation reset
    Keep,
    /// Everything but where it was taken
    StripLocation,
    /// Only the color profile
    Strip,
}

impl MetadataChoice {
    /// As the library takes it.
    pub fn policy(self) -> MetadataPolicy {
        match self {
            Self::Keep => MetadataPolicy::Keep,
            Self::StripLocation => MetadataPolicy::StripLocation,
            Self::Strip => MetadataPolicy::Strip,
        }
    }
}

/// A number from 0 to 2.
fn strength(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok();
    number
        .filter(|number| (0.0..=2.0).contains(number))
        .ok_or_else(|| format!("\"{text}\" is not a number from 0 to 2"))
}

/// `2048` or `1920x1080`.
fn fit(text: &str) -> Result<Fit, String> {
    let side = |text: &str| {
        text.parse::<u32>()
            .ok()
            .filter(|side| (1..=100_000).contains(side))
            .ok_or_else(|| format!("\"{text}\" is not a size such as 2048 or 1920x1080"))
    };
    match text.split_once('x') {
        Some((width, height)) => Ok(Fit::Within(Size::new(side(width)?, side(height)?))),
        None => side(text).map(Fit::LongSide),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strengths_and_sizes_are_read_as_people_write_them() {
        assert_eq!(strength("0.7"), Ok(0.7));
        for wrong in ["", "-0.1", "2.1", "nan", "inf", "1,5"] {
            assert!(strength(wrong).is_err(), "{wrong}");
        }
        assert_eq!(fit("2048"), Ok(Fit::LongSide(2048)));
        assert_eq!(fit("30x20"), Ok(Fit::Within(Size::new(30, 20))));
        for wrong in ["", "0", "x", "30x", "30x0", "-1", "1e3"] {
            assert!(fit(wrong).is_err(), "{wrong}");
        }
    }
}
