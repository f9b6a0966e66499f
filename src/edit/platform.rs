//! Platforms where a film is posted, as TOML presets compiled into the program.

use std::path::Path;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::geometry::Size;
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
    /// The margins under the app's own text and buttons, for films of its own shape.
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

impl SafeArea {
    /// The margins of a film for no platform that is known, and the least of those between bars: the title-safe area of
    /// television.
    pub(in crate::edit) const TITLE: Self = Self {
        top: 0.05,
        bottom: 0.05,
        left: 0.05,
        right: 0.05,
    };
}

/// Shapes whose ratio of width to height differs less are one.
const SAME_SHAPE: f64 = 0.01;

impl Platform {
    /// What the app covers of a film of `size`. One of another shape than the app's own stands in the middle between bars,
    /// which take the app's text and buttons first.
    pub fn safe_of(&self, size: Size) -> SafeArea {
        let own = f64::from(self.width) / f64::from(self.height);
        let wider = size.aspect() / own;
        // The film's share of a side of the screen, and what its margins become there.
        let between = |share: f64, margin: f64| {
            let bar = (1.0 - share) / 2.0;
            ((margin - bar) / share).max(SafeArea::TITLE.top)
        };
        let safe = self.safe;
        if wider > 1.0 + SAME_SHAPE {
            SafeArea {
                top: between(1.0 / wider, safe.top),
                bottom: between(1.0 / wider, safe.bottom),
                ..safe
            }
        } else if wider < 1.0 - SAME_SHAPE {
            SafeArea {
                left: between(wider, safe.left),
                right: between(wider, safe.right),
                ..safe
            }
        } else {
            safe
        }
    }

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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn bars_take_the_text_and_the_buttons_of_the_app_first() {
        let reels = Platform::find("instagram-reels").unwrap();
        let of = |width, height| reels.safe_of(Size::new(width, height));
        assert_eq!(of(1080, 1920), reels.safe);
        assert_eq!(of(720, 1280), reels.safe);
        // Bars of .219 of the screen over and under a square are more than the app covers.
        let square = of(1080, 1080);
        assert_eq!([square.top, square.bottom], [SafeArea::TITLE.top; 2]);
        assert_eq!(
            [square.left, square.right],
            [reels.safe.left, reels.safe.right]
        );
        // Of 4 : 5 they leave some of it: .2 less .148, of .703.
        let portrait = of(1080, 1350);
        assert_eq!(portrait.top, SafeArea::TITLE.top);
        assert!(
            (portrait.bottom - 0.073).abs() < 0.001,
            "{}",
            portrait.bottom
        );
        // An upright film on a wide screen.
        let wide = Platform::find("youtube").unwrap();
        let upright = wide.safe_of(Size::new(1080, 1920));
        assert_eq!([upright.left, upright.right], [SafeArea::TITLE.left; 2]);
        assert_eq!(
            [upright.top, upright.bottom],
            [wide.safe.top, wide.safe.bottom]
        );
    }
}
