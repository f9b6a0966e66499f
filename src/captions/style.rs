//! Styles of captions, as TOML presets compiled into the program.

use std::path::Path;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::captions::CaptionAlign;
use crate::error::{Error, Result};
use crate::preset::{self, Preset};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/presets/captions");
static STYLES: LazyLock<Result<Vec<CaptionStyle>>> = LazyLock::new(|| preset::read_all(&FILES));

/// How captions look and how much they show at a time.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptionStyle {
    /// The file name without extension.
    #[serde(skip)]
    pub id: String,
    /// One sentence for people.
    pub summary: String,
    /// The typeface.
    #[serde(default)]
    pub font: CaptionFont,
    /// Its weight.
    #[serde(default)]
    pub weight: CaptionWeight,
    /// Height of the type as a share of the picture's shorter side, 0.02..0.2.
    pub size: f64,
    /// What is shown while a word is spoken.
    #[serde(default)]
    pub reveal: Reveal,
    /// Words of a caption at most.
    #[serde(default = "any_number")]
    pub most_words: usize,
    /// Whether letters are drawn as capitals.
    #[serde(default)]
    pub uppercase: bool,
    /// Where it stands in the safe area.
    pub position: CaptionPosition,
    /// The side on which its lines are aligned.
    #[serde(default = "centered")]
    pub align: CaptionAlign,
    /// Color of the text.
    #[serde(deserialize_with = "color")]
    pub color: [u8; 3],
    /// Color of words that are spoken, where they are marked.
    #[serde(deserialize_with = "color")]
    pub highlight: [u8; 3],
    /// Width of the dark outline as a share of the type's height, 0..0.3.
    pub stroke: f64,
    /// What is behind the text.
    pub backdrop: CaptionBackdrop,
    /// Whether the text stands behind the people in the picture, who hide parts of it.
    #[serde(default)]
    pub behind_people: bool,
}

/// A typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptionFont {
    /// For text.
    #[default]
    Text,
    /// Narrow, for a few large words.
    Display,
}

/// A weight of the typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum CaptionWeight {
    #[default]
    Medium,
    Bold,
}

/// What is shown while a word is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reveal {
    /// The whole caption.
    #[default]
    Whole,
    /// The whole caption, with the word in another color.
    Highlight,
    /// The whole caption, with all words up to this one in another color.
    Karaoke,
    /// A few words alone.
    Words,
}

/// Where a caption stands in the safe area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum CaptionPosition {
    Bottom,
    LowerThird,
    Middle,
    UpperThird,
}

/// What is behind the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum CaptionBackdrop {
    None,
    Shadow,
    Box,
}

/// The default of [`CaptionStyle::most_words`].
fn any_number() -> usize {
    usize::MAX
}

fn centered() -> CaptionAlign {
    CaptionAlign::Center
}

/// Reads `#rrggbb`.
fn color<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<[u8; 3], D::Error> {
    let text = String::deserialize(deserializer)?;
    let digits = text
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6 && digits.is_ascii());
    let value = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let [_, red, green, blue] = value
        .map(u32::to_be_bytes)
        .ok_or_else(|| serde::de::Error::custom("a color is written as #rrggbb"))?;
    Ok([red, green, blue])
}

impl CaptionStyle {
    /// All of them, by id.
    pub fn all() -> Result<&'static [Self]> {
        preset::all(&STYLES)
    }

    /// By id, such as `plain`. Fails with [`Error::UnknownName`].
    pub fn find(id: &str) -> Result<&'static Self> {
        preset::find(Self::all()?, "caption style", id)
    }
}

impl Preset for CaptionStyle {
    const FOLDER: &'static str = "presets/captions";

    fn id(&self) -> &str {
        &self.id
    }

    fn parse(text: &str, path: &Path, id: &str) -> Result<Self> {
        let mut style: Self =
            toml::from_str(text).map_err(|error| Error::toml(path, text, &error))?;
        style.id = id.to_owned();
        let ranges = [
            ("size", style.size, 0.02, 0.2),
            ("stroke", style.stroke, 0.0, 0.3),
        ];
        for (field, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                let what = format!("must be {least} to {most}");
                return Err(preset::wrong(path, text, field, &what));
            }
        }
        if style.most_words == 0 {
            return Err(preset::wrong(
                path,
                text,
                "most_words",
                "must be at least 1",
            ));
        }
        Ok(style)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_styles_of_the_program_are_right() {
        let ids: Vec<&str> = CaptionStyle::all()
            .unwrap()
            .iter()
            .map(|style| style.id.as_str())
            .collect();
        assert_eq!(
            ids,
            [
                "behind",
                "big",
                "highlight",
                "karaoke",
                "lower-third",
                "plain",
                "title-card"
            ]
        );
        assert_eq!(
            CaptionStyle::find("karaoke").unwrap().highlight,
            [0x4d, 0xe8, 0xff]
        );
    }

    #[test]
    fn wrong_styles_are_refused_with_their_line() {
        let good = FILES
            .get_file("plain.toml")
            .unwrap()
            .contents_utf8()
            .unwrap();
        for (from, to) in [
            ("0.05", "0.5"),
            ("#ffffff", "white"),
            ("\"bottom\"", "\"nowhere\""),
        ] {
            let text = good.replacen(from, to, 1);
            let refused = CaptionStyle::parse(&text, Path::new("x.toml"), "x");
            assert!(
                matches!(refused, Err(Error::Document { .. })),
                "{to}: {refused:?}"
            );
        }
    }
}
