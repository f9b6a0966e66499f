//! The rules that captions follow so that they can be read in time.

use crate::captions::columns::columns;
use crate::captions::{CaptionStyle, Reveal};
use crate::geometry::Size;

/// Lines of a caption.
pub(super) const MOST_LINES: usize = 2;
/// Columns of a line in landscape, as Netflix's and the BBC's guides have it.
const LANDSCAPE_COLUMNS: usize = 42;
/// Share of the safe width that a line may take in an upright picture.
const UPRIGHT_SHARE: f64 = 0.9;
/// Mean width of a letter in heights of the type, over English text in Inter semi-bold.
const LETTER_WIDTH: f64 = 0.54;
/// Seconds that a caption is shown at least and at most (Netflix's guide: 5/6 s to 7 s).
const SHORTEST: f64 = 5.0 / 6.0;
const LONGEST: f64 = 7.0;
/// Seconds that a caption of single words is shown at least: about three words a second can be followed.
const SHORTEST_WORD: f64 = 0.2;
/// Columns a second that can be read.
const READING_SPEED: f64 = 20.0;
/// Frames between two captions that do not touch, and the rate at which they are counted at most: at more frames a
/// second, two of them are too short to see.
const GAP_FRAMES: f64 = 2.0;
const GAP_RATE: f64 = 30.0;

/// The picture that captions lie over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CaptionShape {
    /// Its size in pixels.
    pub size: Size,
    /// Share of its width that no app covers.
    pub safe_width: f64,
    /// Frames a second.
    pub frame_rate: f64,
}

/// What captions keep to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CaptionRules {
    /// Columns of a line.
    pub line_columns: usize,
    /// Words of a caption, where the style shows few at a time.
    pub most_words: usize,
    /// Seconds that a caption is shown at least.
    pub shortest: f64,
    /// Seconds that a caption is shown at most.
    pub longest: f64,
    /// Columns a second at most.
    pub speed: f64,
    /// Seconds between two captions that do not touch.
    pub gap: f64,
}

impl CaptionRules {
    /// The rules for captions in `style` over a picture; `None` for sound alone.
    pub fn new(style: &CaptionStyle, shape: Option<CaptionShape>) -> Self {
        let by_word = style.reveal == Reveal::Words;
        let rate = shape.map_or(GAP_RATE, |shape| shape.frame_rate.clamp(1.0, GAP_RATE));
        Self {
            line_columns: shape.map_or(LANDSCAPE_COLUMNS, |shape| line_columns(style, shape)),
            most_words: style.most_words,
            shortest: if by_word { SHORTEST_WORD } else { SHORTEST },
            longest: LONGEST,
            speed: if by_word {
                f64::INFINITY
            } else {
                READING_SPEED
            },
            gap: GAP_FRAMES / rate,
        }
    }
}

/// The width of a line of text, about, in heights of the type.
pub fn text_width(line: &str) -> f64 {
    columns(line) as f64 * LETTER_WIDTH
}

/// Columns that fit into a line: by the guides in landscape, by width in an upright picture.
fn line_columns(style: &CaptionStyle, shape: CaptionShape) -> usize {
    let Size { width, height } = shape.size;
    let letter = f64::from(width.min(height)) * style.size * LETTER_WIDTH;
    let share = if width > height { 1.0 } else { UPRIGHT_SHARE };
    let line = f64::from(width) * shape.safe_width * share;
    // At least a long word fits.
    ((line / letter.max(1.0)) as usize).clamp(12, LANDSCAPE_COLUMNS)
}
