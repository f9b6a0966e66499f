//! The step `dehaze`: it restores hazy pictures and leaves clear ones alone.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tastemaker::looks::{CompiledLook, Look, MaskSource, MaskTracker, Masks};
use tastemaker::media::{FrameSize, Limits, VideoReader, decode_still, to_srgb};
use tastemaker::picture::{ColorSpace, Filter, Picture, Pixels, Rgb8, Rgb16, resize};

use crate::support;
use crate::support::Home;

/// The color of the haze that tests add to pictures.
const AIR: [f64; 3] = [0.86, 0.88, 0.90];

const DEHAZE: &str = "schema = \"tastemaker.look/1\"\nsummary = \"Clear.\"\nfamily = \"test\"\n\
    [[step]]\nkind = \"dehaze\"\namount = 100\n";

fn look(amount: u32) -> Look {
    let text = DEHAZE.replace("100", &amount.to_string());
    Look::parse("test", Path::new("test.toml"), &text).unwrap()
}

fn haze() -> BTreeSet<MaskSource> {
    BTreeSet::from([MaskSource::Haze])
}

fn read(path: &Path) -> Rgb8 {
    to_srgb(&decode_still(path, &Limits::default()).unwrap().picture)
}

fn photo(name: &str) -> Rgb8 {
    let photo = read(&support::media(&format!("photos/{name}.jpg")));
    resize(&photo, photo.size().within(640), Filter::Box)
}

/// `clear` under haze: I = J · t + A (1 − t), with `through` giving t by the position from the top, 0..1.
fn hazy(clear: &Rgb8, through: impl Fn(f64) -> f64) -> Rgb8 {
    let (width, height) = (clear.width(), clear.height());
    let mut hazy = clear.clone();
    for (number, pixel) in hazy.samples_mut().chunks_exact_mut(3).enumerate() {
        let t = through((number / width) as f64 / height as f64);
        for (sample, air) in pixel.iter_mut().zip(AIR) {
            *sample = (f64::from(*sample) * t + 255.0 * air * (1.0 - t)).round() as u8;
        }
    }
    hazy
}

/// More haze toward the top, where the distance is.
fn far(position: f64) -> f64 {
    0.3 + 0.65 * position
}

fn dehazed(picture: &Rgb8, amount: u32) -> Rgb8 {
    let mut frame = picture.clone();
    let masks = Masks::measure(&haze(), picture, None).unwrap();
    let compiled = CompiledLook::new(&look(amount), 1.0).unwrap();
    compiled.with_masks(masks).apply(&mut frame, 1, 0);
    frame
}

/// Mean difference, levels of 255.
fn difference(a: &Rgb8, b: &Rgb8) -> f64 {
    let both = a.samples().iter().zip(b.samples());
    let sum: u64 = both.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.samples().len() as f64
}

fn luma(picture: &Rgb8) -> f64 {
    let sum: f64 = picture
        .pixels()
        .map(|[r, g, b]| 0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b))
        .sum();
    sum / picture.size().pixels() as f64
}

#[test]
fn what_was_under_haze_is_closer_to_what_it_was() {
    // A stream in a forest; brushes; mountains, whose white clouds no measurement tells from haze.
    for (name, factor) in [("stream", 2.5), ("brushes", 2.0), ("mountains", 1.4)] {
        let clear = photo(name);
        let hazy = hazy(&clear, far);
        let (before, after) = (
            difference(&hazy, &clear),
            difference(&dehazed(&hazy, 100), &clear),
        );
        assert!(before > factor * after, "{name}: {before} to {after}");
        // Half an amount helps too.
        let half = difference(&dehazed(&hazy, 50), &clear);
        assert!(half < before, "{name}: {half}");
    }
}

#[test]
fn nothing_changes_at_amount_or_strength_0_or_without_a_measurement() {
    let hazy = hazy(&photo("stream"), far);
    assert!(dehazed(&hazy, 0) == hazy);
    let masks = Masks::measure(&haze(), &hazy, None).unwrap();
    let none = CompiledLook::new(&look(100), 0.0).unwrap();
    assert!(none.is_identity() && none.mask_sources().is_empty());
    let whole = CompiledLook::new(&look(100), 1.0).unwrap();
    assert_eq!(whole.mask_sources(), haze());
    for compiled in [none.with_masks(masks), whole] {
        let mut frame = hazy.clone();
        compiled.apply(&mut frame, 1, 0);
        assert!(frame == hazy);
    }
}

#[test]
fn clear_pictures_stay_as_they_are() {
    for name in [
        "astronaut",
        "brushes",
        "coffee",
        "dandelion",
        "dune",
        "fig",
        "meadow",
        "mountains",
        "rocket",
        "stream",
        "wine",
    ] {
        let clear = photo(name);
        let change = luma(&dehazed(&clear, 100)) - luma(&clear);
        assert!(change.abs() < 0.012 * 255.0, "{name}: {change} levels");
    }
    // A picture that is light, gray and smooth all over looks slightly hazy and is darkened slightly.
    for name in ["cat", "storm", "sunset"] {
        let clear = photo(name);
        let change = luma(&dehazed(&clear, 100)) - luma(&clear);
        assert!(change.abs() < 0.045 * 255.0, "{name}: {change} levels");
    }
}

#[test]
fn a_face_in_haze_keeps_the_color_of_skin() {
    let path = support::root().join("models/golden/inputs/astronaut.png");
    let hazy = hazy(&read(&path), |_| 0.6);
    let masks = Masks::measure(&haze(), &hazy, None).unwrap();
    let compiled = CompiledLook::new(&look(100), 1.0).unwrap();
    let change = compiled.with_masks(masks).measure(&hazy);
    assert!(change.skin_share > 0.05, "{change:?}");
    assert!(change.skin_hue_shift_degrees.abs() < 12.0, "{change:?}");
    assert!(
        change.clipping_low - change.clipping_low_before < 0.12,
        "{change:?}"
    );
}

#[test]
fn both_depths_and_any_number_of_threads_give_the_same_picture() {
    let hazy = hazy(&photo("stream"), far);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| dehazed(&hazy, 80))
    };
    let one = with(1);
    assert!(one == with(4));
    let samples = hazy.samples().iter().map(|value| u16::from(*value) * 257);
    let mut deep = Picture {
        pixels: Pixels::Sixteen(Rgb16::new(hazy.size(), samples.collect()).unwrap()),
        alpha: None,
        color: ColorSpace::Srgb,
    };
    let masks = Masks::measure(&haze(), &hazy, None).unwrap();
    let compiled = CompiledLook::new(&look(80), 1.0).unwrap();
    compiled.with_masks(masks).apply_picture(&mut deep, 1);
    let Pixels::Sixteen(deep) = &deep.pixels else {
        panic!("the depth changed");
    };
    for (narrow, wide) in one.samples().iter().zip(deep.samples()) {
        assert!((f64::from(*narrow) - f64::from(*wide) / 257.0).abs() < 0.6);
    }
}

#[test]
fn a_clip_does_not_flicker() {
    let path = support::media("clips/carphone.mp4");
    let mut reader = VideoReader::open(&path, &Limits::default(), 1).unwrap();
    let mut tracker = MaskTracker::new(haze(), None);
    let compiled = CompiledLook::new(&look(100), 1.0).unwrap();
    let (mut before, mut after) = (vec![], vec![]);
    for number in 0..60_u32 {
        reader.next_frame().unwrap().unwrap();
        let mut frame = hazy(&reader.image(FrameSize::Full).unwrap(), |_| 0.5);
        before.push(luma(&frame));
        let masks = tracker.next(&frame, f64::from(number) / 25.0).unwrap();
        compiled
            .with_masks(masks)
            .apply(&mut frame, 1, number.into());
        after.push(luma(&frame));
    }
    assert!(after[0] < before[0] - 10.0, "{} {}", before[0], after[0]);
    // Half the light came through: without haze, changes from frame to frame are twice as large.
    let steps = |lumas: &[f64]| -> Vec<f64> {
        lumas
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).abs())
            .collect()
    };
    for (number, (before, after)) in steps(&before).into_iter().zip(steps(&after)).enumerate() {
        assert!(
            after < 3.0 * before + 2.0,
            "frame {number}: {before} {after}"
        );
    }
}

#[test]
fn apply_measures_the_haze_of_each_photo() {
    let home = Home::new();
    fs::create_dir_all(home.path("in")).unwrap();
    let hazy = hazy(&photo("stream"), far);
    let size = hazy.size();
    image::save_buffer(
        home.path("in/a.png"),
        hazy.samples(),
        size.width,
        size.height,
        image::ColorType::Rgb8,
    )
    .unwrap();
    fs::write(home.path("clear.toml"), DEHAZE).unwrap();
    let run = home
        .apply(&["./clear.toml", "in", "-o", "out", "--models", "nowhere"])
        .run();
    assert_eq!(run.code(), 0, "{}", run.stderr());
    let result = read(&home.path("out/a.png"));
    assert!(difference(&result, &dehazed(&hazy, 100)) < 2.0);
}
