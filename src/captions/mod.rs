//! Captions: text with times. Caption files are read, words are put into captions that can be read in time, and
//! caption styles say how they look.
//!
//! [`caption_words`] makes captions of words and their times, [`caption_cues`] of the cues of a file: those that follow
//! the rules stay as they are, the rest is put together again.

mod break_cost;
mod caption;
mod columns;
mod cue_reader;
mod cue_text;
mod cue_time;
mod cues;
mod display_times;
mod fonts;
mod line_breaks;
mod outlines;
mod painter;
mod picture_letters;
mod rules;
mod segmentation;
mod style;
mod tokens;

pub use caption::{Caption, CaptionAlign, CaptionPlace, CaptionWord};
pub use columns::columns;
pub use cue_reader::{CaptionFile, Cue, parse_cues, read_cues};
pub use cues::caption_cues;
pub use painter::CaptionPainter;
pub use rules::{CaptionRules, CaptionShape, text_width};
pub use segmentation::caption_words;
pub use style::{
    CaptionBackdrop, CaptionFont, CaptionPosition, CaptionStyle, CaptionWeight, Reveal,
};

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
