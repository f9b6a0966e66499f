use std::path::Path;

use super::*;
use crate::picture::Rgb8;

const SIZE: Size = Size {
    width: 640,
    height: 360,
};

fn caption(text: &str) -> Caption {
    let word = |(number, text): (usize, &str)| CaptionWord {
        text: text.into(),
        start: number as f64,
        end: number as f64 + 1.0,
    };
    Caption {
        text: text.into(),
        start: 0.0,
        end: 9.0,
        style: None,
        words: text.split_whitespace().enumerate().map(word).collect(),
        place: None,
        align: None,
    }
}

/// The picture of `text` over a ground whose pixels are `ground`.
fn painted(text: &str, style: &CaptionStyle, time: f64, ground: impl Fn(u32) -> u8) -> Rgb8 {
    let pixels = (0..SIZE.width * SIZE.height)
        .flat_map(|at| [ground(at); 3])
        .collect();
    let mut frame = Rgb8::new(SIZE, pixels).unwrap();
    let overlay = CaptionPainter::new(SIZE)
        .draw(0, &caption(text), style, time)
        .unwrap();
    overlay.draw_over(&mut frame);
    frame
}

/// Relative luminance of a pixel.
fn luminance(pixel: [u8; 3]) -> f64 {
    let linear = pixel.map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

/// The least contrast of a letter's pixels with what is darkest near each, its ground, where `text` lies over white.
/// Pixels of letters have their color over black, too.
fn least_contrast(text: &str, style: &CaptionStyle, color: [u8; 3]) -> f64 {
    const NEAR: usize = 5;
    let (white, black) = (
        painted(text, style, 0.5, |_| 255),
        painted(text, style, 0.5, |_| 0),
    );
    let (mut least, mut found) = (f64::INFINITY, 0);
    for y in NEAR..white.height() - NEAR {
        for x in NEAR..white.width() - NEAR {
            if white.pixel(x, y) != color || black.pixel(x, y) != color {
                continue;
            }
            found += 1;
            let near =
                (y - NEAR..=y + NEAR).flat_map(|y| (x - NEAR..=x + NEAR).map(move |x| (x, y)));
            let darkest = near
                .map(|(x, y)| luminance(white.pixel(x, y)))
                .fold(1.0, f64::min);
            least = least.min((luminance(color) + 0.05) / (darkest + 0.05));
        }
    }
    assert!(found > 50, "{found} pixels of text");
    least
}

#[test]
fn every_style_is_readable_over_white() {
    for style in CaptionStyle::all().unwrap() {
        let color = match style.reveal {
            Reveal::Whole | Reveal::Words => style.color,
            Reveal::Highlight | Reveal::Karaoke => style.highlight,
        };
        let contrast = least_contrast("Shells lie", style, color);
        assert!(contrast >= 4.5, "{}: {contrast}", style.id);
    }
}

#[test]
fn a_marked_word_moves_nothing() {
    let style = CaptionStyle::find("highlight").unwrap();
    let shape = |time| {
        let frame = painted("She sells\nsea shells", style, time, |_| 90);
        let dark = |pixel: &[u8]| pixel.iter().all(|value| *value < 40);
        frame
            .samples()
            .chunks_exact(3)
            .map(dark)
            .collect::<Vec<bool>>()
    };
    let first = shape(0.5);
    assert!(first.iter().filter(|dark| **dark).count() > 500);
    assert!((1..4).all(|word| shape(f64::from(word) + 0.5) == first));
}

#[test]
fn a_caption_is_drawn_again_only_when_a_word_changes() {
    let style = CaptionStyle::find("karaoke").unwrap();
    let (caption, mut painter) = (caption("sea shells"), CaptionPainter::new(SIZE));
    let first = painter.draw(0, &caption, style, 0.2).unwrap();
    assert!(Arc::ptr_eq(
        &first,
        &painter.draw(0, &caption, style, 0.9).unwrap()
    ));
    assert_ne!(first, painter.draw(0, &caption, style, 1.1).unwrap());
}

#[test]
fn long_and_strange_text_stays_inside_its_place() {
    let style = CaptionStyle::find("plain").unwrap();
    for text in [&"W".repeat(300), "שלום עולם", "\u{0} \u{1f600}", "—"] {
        let overlay = CaptionPainter::new(SIZE).draw(0, &caption(text), style, 0.0);
        let Some(overlay) = overlay else { continue };
        let mut frame = Rgb8::new(SIZE, vec![128; SIZE.pixels() as usize * 3]).unwrap();
        overlay.draw_over(&mut frame);
        let row = |y| {
            (0..frame.width())
                .filter(|x| frame.pixel(*x, y) != [128; 3])
                .count()
        };
        assert!((0..frame.height()).all(|y| row(y) <= 520), "{text}");
    }
}

/// Whether the system has a font; says so where it has not, for then the test is skipped.
fn has_font(file: &str) -> bool {
    let path = Path::new("/usr/share/fonts/truetype/noto").join(file);
    if !path.exists() {
        eprintln!("skipped: {} is not installed", path.display());
    }
    path.exists()
}

#[test]
fn emoji_are_painted_in_color_on_the_line() {
    if !has_font("NotoColorEmoji.ttf") {
        return;
    }
    let style = CaptionStyle::find("plain").unwrap();
    let colored = |text: &str| -> Vec<(usize, usize)> {
        let frame = painted(text, style, 0.5, |_| 0);
        let all = (0..frame.height()).flat_map(|y| (0..frame.width()).map(move |x| (x, y)));
        all.filter(|(x, y)| {
            let [red, green, blue] = frame.pixel(*x, *y);
            red.max(green).max(blue) - red.min(green).min(blue) > 60
        })
        .collect()
    };
    assert_eq!(colored("Well done"), []);
    let party = colored("Well \u{1f600} done");
    let type_height = 360.0 * style.size;
    assert!(
        party.len() as f64 > type_height * type_height * 0.4,
        "{}",
        party.len()
    );
    let (low, high) = (
        party.iter().map(|(_, y)| *y).min().unwrap(),
        party.iter().map(|(_, y)| *y).max().unwrap(),
    );
    assert!(((high - low) as f64) < type_height * 1.4, "{low} to {high}");
    // In the middle of the text, for the words on both sides are about as wide.
    let mean = party.iter().map(|(x, _)| *x).sum::<usize>() / party.len();
    assert!((280..360).contains(&mean), "{mean}");
}

#[test]
fn hebrew_is_read_from_the_right() {
    if !has_font("NotoSansHebrew-Bold.ttf") {
        return;
    }
    let style = CaptionStyle::find("highlight").unwrap();
    let marked = |time: f64| {
        let frame = painted("אחת שתיים שלוש", style, time, |_| 0);
        let yellow = |x: &usize| {
            (0..frame.height()).any(|y| {
                let [red, green, blue] = frame.pixel(*x, y);
                red > 150 && green > 120 && blue < 60
            })
        };
        let columns: Vec<usize> = (0..frame.width()).filter(yellow).collect();
        assert!(columns.len() > 10, "a word is marked");
        columns.iter().sum::<usize>() / columns.len()
    };
    let places = [marked(0.5), marked(1.5), marked(2.5)];
    assert!(places[0] > places[1] && places[1] > places[2], "{places:?}");
}
