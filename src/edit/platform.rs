//! Platforms where a film is posted, as TOML presets compiled into the program.

use std::path::Path;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::preset::{self, Preset};
use crate::time::Rational;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/presets/platforms");
static PLATFORMS: LazyLock<Result<Vec<Platform>>> = LazyLock::new(|| preset::read_all(&FILES));

/// A platform and its requirements.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// The file name without extension.
    #[serde(skip)]
    pub id: String,
    /// The name for people.
    pub name: String,
    /// One sentence for people.
    pub summary: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The highest useful rate; material with a lower one keeps its own.
    pub frame_rate: Rational,
    /// The longest film, in seconds.
    pub longest: f64,
    /// Integrated loudness, LUFS.
    pub loudness_lufs: f64,
    /// Highest true peak, dBTP.
    pub true_peak_dbtp: f64,
    /// The margins under the app's own text and buttons.
    pub safe: SafeArea,
}

/// Shares of the picture that the app covers, from each edge.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SafeArea {
    pub top: f64,
    pub bottom: f64,
    pub left: f64,
    pub right: f64,
}

impl Platform {
    /// All of them, by id.
    pub fn all() -> Result<&'static [Self]> {
        preset::all(&PLATFORMS)
    }

    /// By id, such as `instagram-reels`. Fails with [`Error::UnknownName`].
    pub fn find(id: &str) -> Result<&'static Self> {
        preset::find(Self::all()?, "platform", id)
    }
}

impl Preset for Platform {
    const FOLDER: &'static str = "presets/platforms";

    fn id(&self) -> &str {
        &self.id
    }

    fn parse(text: &str, path: &Path, id: &str) -> Result<Self> {
        let mut platform: Self =
            toml::from_str(text).map_err(|error| Error::toml(path, text, &error))?;
        platform.id = id.to_owned();
        let wrong = |field: &str, what: &str| Err(preset::wrong(path, text, field, what));
        if !(16..=8192).contains(&platform.width) || !platform.width.is_multiple_of(2) {
            return wrong("width", "must be even and 16 to 8192");
        }
        if !(16..=8192).contains(&platform.height) || !platform.height.is_multiple_of(2) {
            return wrong("height", "must be even and 16 to 8192");
        }
        let rate = platform.frame_rate.seconds();
        if !(1.0..=240.0).contains(&rate) {
            return wrong("frame_rate", "must be 1 to 240");
        }
        if !(1.0..=86_400.0).contains(&platform.longest) {
            return wrong("longest", "must be 1 to 86400 seconds");
        }
        if !(-70.0..=0.0).contains(&platform.loudness_lufs) {
            return wrong("loudness_lufs", "must be -70 to 0");
        }
        if !(-20.0..=0.0).contains(&platform.true_peak_dbtp) {
            return wrong("true_peak_dbtp", "must be -20 to 0");
        }
        let safe = platform.safe;
        for (field, value) in [
            ("top", safe.top),
            ("bottom", safe.bottom),
            ("left", safe.left),
            ("right", safe.right),
        ] {
            if !(0.0..0.5).contains(&value) {
                return wrong(field, "must be at least 0 and below 0.5");
            }
        }
        Ok(platform)
    }
}
