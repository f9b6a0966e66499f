//! Text on a picture: Noto Sans Mono as its crate draws it, in dark gray.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};

use crate::picture::Rgb8;

/// Pixels from one line to the next.
pub(super) const LINE: usize = 20;
const HEIGHT: RasterHeight = RasterHeight::Size16;
/// What the letters are made of.
const INK: f64 = 30.0;

/// `text` in lines that fit into `wide` pixels.
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

/// Writes one line with its upper left corner at `place`, cut off after `wide` pixels.
pub(super) fn write_line(
    picture: &mut Rgb8,
    text: &str,
    (left, top): (usize, usize),
    wide: usize,
    bold: bool,
) {
    let weight = if bold {
        FontWeight::Bold
    } else {
        FontWeight::Regular
    };
    let step = get_raster_width(weight, HEIGHT);
    let width = picture.width();
    for (number, letter) in text.chars().take(wide / step).enumerate() {
        let Some(raster) =
            get_raster(letter, weight, HEIGHT).or_else(|| get_raster('?', weight, HEIGHT))
        else {
            continue;
        };
        for (y, row) in raster.rows().enumerate() {
            for (x, cover) in row.iter().enumerate() {
                let column = left + number * step + x;
                let at = 3 * ((top + y) * width + column);
                if column >= width {
                    continue;
                }
                for value in picture
                    .samples_mut()
                    .get_mut(at..at + 3)
                    .into_iter()
                    .flatten()
                {
                    let cover = f64::from(*cover) / 255.0;
                    *value = (f64::from(*value) * (1.0 - cover) + INK * cover).round() as u8;
                }
            }
        }
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
