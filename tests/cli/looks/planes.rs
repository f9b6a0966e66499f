//! Looks applied to the planes of real frames give the same picture as on RGB, at both depths.

use std::path::Path;

use tastemaker::geometry::Size;
use tastemaker::looks::{CompiledLook, Look, LookLibrary};
use tastemaker::media::{FrameSize, Limits, VideoReader};
use tastemaker::picture::{Planar, Rgb8};

use crate::support::{ffmpeg, media, skip};

/// The colors of blocks of two by two pixels.
fn blocks_of_rgb(picture: &Rgb8) -> Vec<[f64; 3]> {
    let (columns, rows) = (picture.width() / 2, picture.height() / 2);
    let places = (0..columns * rows).map(|at| (2 * (at % columns), 2 * (at / columns)));
    places
        .map(|(x, y)| {
            let four = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(a, b)| picture.pixel(x + a, y + b));
            [0, 1, 2].map(|c| four.iter().map(|pixel| f64::from(pixel[c])).sum::<f64>() / 4.0)
        })
        .collect()
}

/// Like [`blocks_of_rgb`], for planes, by ITU-R BT.709.
fn blocks_of_planes(picture: &Planar) -> Vec<[f64; 3]> {
    let width = picture.size().width as usize;
    let [luma, blue, red] = picture.planes();
    (0..blue.len())
        .map(|at| {
            let (x, y) = (2 * (at % (width / 2)), 2 * (at / (width / 2)));
            let luma: f64 = [0, 1, width, width + 1]
                .iter()
                .map(|step| f64::from(luma[y * width + x + step]))
                .sum();
            let luma = (luma / 4.0 - 16.0) / 219.0;
            let (blue, red) = (f64::from(blue[at]), f64::from(red[at]));
            let red = luma + (red - 128.0) / 224.0 * 1.5748;
            let blue = luma + (blue - 128.0) / 224.0 * 1.8556;
            let green = (luma - 0.2126 * red - 0.0722 * blue) / 0.7152;
            [red, green, blue].map(|value| (255.0 * value).clamp(0.0, 255.0))
        })
        .collect()
}

/// Mean difference of a film's first frame by the two ways, in levels of 255.
fn difference(path: &Path, look: &CompiledLook, bits: u32) -> f64 {
    let mut reader = VideoReader::open(path, &Limits::default(), 1).unwrap();
    reader.next_frame().unwrap().unwrap();
    let mut to = Planar::new(reader.facts().size).unwrap();
    let frame = reader.planes().unwrap();
    assert_eq!(frame.bits, bits);
    assert!(look.apply_planes(&frame, &mut to));
    let mut picture = reader.image(FrameSize::Full).unwrap();
    look.apply(&mut picture, 0, 0);
    let (a, b) = (blocks_of_planes(&to), blocks_of_rgb(&picture));
    let sum: f64 = a
        .iter()
        .zip(&b)
        .flat_map(|(a, b)| [0, 1, 2].map(|channel| (a[channel] - b[channel]).abs()))
        .sum();
    sum / (3 * a.len()) as f64
}

fn ten_bits(path: &Path) {
    ffmpeg()
        .input(media("clips/plaza.mp4"))
        .words("-frames:v 12 -an -pix_fmt yuv420p10le -c:v libx264 -crf 4")
        .writes(path);
}

#[test]
fn planes_and_rgb_give_the_same_picture() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("deep.mp4");
    ten_bits(&deep);
    let clip = media("clips/plaza.mp4");
    for steps in [
        "kind = \"exposure\"\nstops = 0.4\n[[step]]\nkind = \"saturation\"\namount = 25",
        "kind = \"split_tone\"\nshadow_hue = 200\nshadow_amount = 40\nhighlight_hue = 40\nhighlight_amount = 30",
        "kind = \"monochrome\"\n[[step]]\nkind = \"contrast\"\namount = 30",
    ] {
        let text = format!(
            "schema = \"tastemaker.look/1\"\nsummary = \"Color.\"\nfamily = \"test\"\n[[step]]\n{steps}\n"
        );
        let look = Look::parse("color", "color.toml".as_ref(), &text).unwrap();
        let look = CompiledLook::new(&look, 1.0).unwrap();
        for (path, bits) in [(&clip, 8), (&deep, 10)] {
            let found = difference(path, &look, bits);
            assert!(found < 1.3, "{steps} at {bits} bits: {found}");
        }
    }
}

#[test]
fn looks_with_textures_and_films_that_are_turned_go_by_way_of_rgb() {
    let look = LookLibrary::open(None).unwrap().find("noir").unwrap();
    assert!(!CompiledLook::new(&look, 1.0).unwrap().fits_planes());
    let folder = tempfile::tempdir().unwrap();
    let turned = folder.path().join("turned.mp4");
    let turns = ffmpeg()
        .args(["-display_rotation", "90"])
        .input(media("clips/plaza.mp4"))
        .args(["-c", "copy"])
        .arg(&turned);
    if !turns.succeeds() {
        skip("this ffmpeg cannot turn a film without encoding it");
        return;
    }
    let mut reader = VideoReader::open(&turned, &Limits::default(), 1).unwrap();
    reader.next_frame().unwrap().unwrap();
    assert!(reader.planes().is_none());
    assert_ne!(reader.facts().size, Size::new(0, 0));
}
