//! Text on a picture: prerendered Noto Sans Mono, in dark gray.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};

use crate::picture::Rgb8;

/// Pixels from one line to the next.
pub(super) const LINE: usize = 20;
/// Height of the letters: 16 pixels.
const HEIGHT: RasterHeight = RasterHeight::Size16;
/// The gray of letters, 0..255.
const INK: f64 = 30.0;

/// `text` broken into lines of at most `wide` pixels.
pub(super) fn wrapped(text: &str, wide: usize) -> Vec<String> {
    let most = (wide / get_raster_width(FontWeight::Regular, HEIGHT)).max(1);
    let mut lines: Vec<String> = vec![];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The position of a line of text, and the width at which it is cut off.
pub(super) struct TextLine {
    /// Pixels to its upper left corner.
    pub left: usize,
    pub top: usize,
    /// Pixels.
    pub wide: usize,
    pub bold: bool,
}

impl TextLine {
    /// Writes `text`.
    pub fn write(&self, picture: &mut Rgb8, text: &str) {
        let weight = if self.bold {
            FontWeight::Bold
        } else {
            FontWeight::Regular
        };
        let step = get_raster_width(weight, HEIGHT);
        for (number, letter) in text.chars().take(self.wide / step).enumerate() {
            let raster =
                get_raster(letter, weight, HEIGHT).or_else(|| get_raster('?', weight, HEIGHT));
            let Some(raster) = raster else {
                continue;
            };
            for (y, row) in raster.rows().enumerate() {
                for (x, cover) in row.iter().enumerate() {
                    ink(picture, self.left + number * step + x, self.top + y, *cover);
                }
            }
        }
    }
}

/// Darkens one pixel by the share that a letter covers, 0..255. Pixels outside the picture are ignored.
fn ink(picture: &mut Rgb8, x: usize, y: usize, cover: u8) {
    let width = picture.width();
    let at = 3 * (y * width + x);
    if x >= width {
        return;
    }
    let cover = f64::from(cover) / 255.0;
    for value in picture
        .samples_mut()
        .get_mut(at..at + 3)
        .into_iter()
        .flatten()
    {
        *value = (f64::from(*value) * (1.0 - cover) + INK * cover).round() as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words() {
        let lines = wrapped("What the eye saw: a little more contrast", 160);
        assert!(lines.len() >= 2 && lines.iter().all(|line| line.chars().count() <= 20));
        assert_eq!(lines.join(" "), "What the eye saw: a little more contrast");
    }
}
