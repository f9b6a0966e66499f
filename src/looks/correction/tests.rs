#![allow(clippy::unwrap_used)]
use super::*;
use crate::geometry::Size;
use crate::looks::color::decode;
use crate::looks::{CompiledLook, Look};

/// A synthetic garden: a bright sky, a green lawn, a gray path, skin, and noise between them.
fn scene() -> Rgb8 {
    let size = Size::new(160, 120);
    let mut samples = vec![];
    let mut dice = 12345_u32;
    for y in 0..120_u32 {
        for x in 0..160_u32 {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = i32::try_from(dice >> 27).unwrap() - 16;
            let base: [i32; 3] = match (x / 40, y / 40) {
                (_, 0) => [176, 200, 226],
                (0, _) => [88, 120, 60],
                (1, _) => [140, 138, 134],
                (2, 1) => [206, 160, 136],
                (2, _) => [34, 33, 36],
                _ => [236, 234, 228],
            };
            let shade = i32::try_from(x % 40).unwrap() - 20;
            samples.extend(base.map(|value| (value + noise + shade).clamp(0, 255) as u8));
        }
    }
    Rgb8::new(size, samples).unwrap()
}

fn lit(picture: &Rgb8, gains: Triple) -> Rgb8 {
    let mut picture = picture.clone();
    for pixel in picture.samples_mut().chunks_exact_mut(3) {
        for (value, gain) in pixel.iter_mut().zip(gains) {
            let light = decode(f64::from(*value) / 255.0) * gain;
            *value = (encode(light.min(1.0)) * 255.0).round() as u8;
        }
    }
    picture
}

fn distance(a: &Rgb8, b: &Rgb8) -> f64 {
    let pairs = a.samples().iter().zip(b.samples());
    let sum: f64 = pairs
        .map(|(a, b)| (f64::from(*a) - f64::from(*b)).abs())
        .sum();
    sum / a.samples().len() as f64
}

#[test]
fn takes_back_a_wrong_exposure_and_a_cast() {
    let scene = scene();
    for (code, spoil) in [
        ("underexposed", gains(-1.6, 0.0, 0.0)),
        ("cast_warm", gains(0.0, 0.6, 0.0)),
        ("cast_green", gains(0.0, 0.0, 0.55)),
    ] {
        let spoiled = lit(&scene, spoil);
        let correction = Correction::measure(&spoiled);
        assert_eq!(correction.reasons[0].code, code, "{correction:?}");
        let mut corrected = spoiled.clone();
        CompiledLook::with_correction(&Look::none(), 1.0, &correction)
            .unwrap()
            .apply(&mut corrected, 0, 0);
        let (before, after) = (distance(&spoiled, &scene), distance(&corrected, &scene));
        assert!(after < 0.85 * before, "{code}: {before} to {after}");
    }
}

#[test]
fn leaves_a_good_picture_and_a_picture_of_nothing_alone() {
    let correction = Correction::measure(&scene());
    assert!(correction.is_identity(), "{correction:?}");
    assert!(correction.steps().is_empty());
    assert_eq!(correction.reasons[0].code, "well_exposed");
    for value in [0, 20, 128, 255] {
        let size = Size::new(30, 20);
        let plain = Rgb8::new(size, vec![value; 1800]).unwrap();
        let correction = Correction::measure(&plain);
        assert!(correction.is_identity());
        assert_eq!(correction.reasons[0].code, "nothing_to_measure");
    }
    let one = Rgb8::new(Size::new(1, 1), vec![9, 200, 30]).unwrap();
    assert!(Correction::measure(&one).is_identity());
}

#[test]
fn black_and_white_gets_no_color() {
    let mut gray = lit(&scene(), gains(-1.8, 0.0, 0.0));
    for pixel in gray.samples_mut().chunks_exact_mut(3) {
        pixel.fill(pixel[1]);
    }
    let correction = Correction::measure(&gray);
    let balance = balance_gains(correction.temperature, correction.tint);
    assert!(
        axes(balance).iter().all(|axis| axis.abs() < 1e-6),
        "{correction:?}"
    );
}

#[test]
fn white_balance_undoes_the_gains_it_was_asked_to() {
    for (warm, green) in [
        (0.3, 0.1),
        (-0.6, 0.0),
        (0.65, 0.0),
        (0.0, 0.5),
        (-0.2, -0.55),
    ] {
        let correction = Correction::against([0.0, warm, green], 0.0);
        let found = axes(balance_gains(correction.temperature, correction.tint));
        assert!((found[0] + warm).abs() < 0.02, "{warm} {green}: {found:?}");
        assert!((found[1] + green).abs() < 0.02, "{warm} {green}: {found:?}");
        for step in correction.steps() {
            step.check().unwrap();
        }
    }
}

#[test]
fn clipped_white_stays_white_when_light_is_taken_away() {
    let mut picture =
        Rgb8::new(Size::new(3, 1), vec![255, 255, 255, 120, 120, 120, 0, 0, 0]).unwrap();
    let correction = Correction::against([1.5, 0.0, 0.0], 0.1);
    CompiledLook::with_correction(&Look::none(), 1.0, &correction)
        .unwrap()
        .apply(&mut picture, 0, 0);
    let [white, middle, black] = [0, 1, 2].map(|x| picture.pixel(x, 0)[1]);
    assert!(white >= 253 && black == 0, "{white} {black}");
    // 120 is 0.188 of the light; 1.5 stops less are 0.066, which is shown as 73.
    assert!((70..=76).contains(&middle), "{middle}");
}

#[test]
fn a_goal_for_bright_tones_is_reached_with_and_without_a_correction() {
    let look = evening("bright = 0.7\n");
    for stops in [-1.5, -0.7, 0.0] {
        let dark = lit(&scene(), gains(stops, 0.0, 0.0));
        let measured = Correction::measure(&dark);
        for compiled in [
            CompiledLook::measured(&look, 1.0, &measured).unwrap(),
            CompiledLook::with_correction(&look, 1.0, &measured).unwrap(),
        ] {
            let mut evened = dark.clone();
            compiled.apply(&mut evened, 0, 0);
            let bright = Correction::measure(&evened).bright;
            assert!((bright - 0.7).abs() < 0.06, "{stops}: {bright}");
        }
    }
}

/// A look with one `even` step.
fn evening(step: &str) -> Look {
    let text = format!(
        "schema = \"tastemaker.look/1\"\nsummary = \"x\"\nfamily = \"x\"\n[[step]]\nkind = \"even\"\n{step}"
    );
    Look::parse("x", "x.toml".as_ref(), &text).unwrap()
}

#[test]
fn a_goal_for_dark_tones_is_reached_whatever_the_light() {
    let look = evening("bright = 0.7\ndark = 0.05\n");
    for [low, high] in [[0.1, 0.9], [0.15, 0.6], [0.2, 0.5]] {
        let flat = hazy(&scene(), low, high);
        let measured = Correction::measure(&flat);
        for compiled in [
            CompiledLook::measured(&look, 1.0, &measured).unwrap(),
            CompiledLook::with_correction(&look, 1.0, &measured).unwrap(),
        ] {
            let mut evened = flat.clone();
            compiled.apply(&mut evened, 0, 0);
            let dark = Correction::measure(&evened).dark;
            assert!((dark - 0.05).abs() < 0.04, "{low} {high}: {dark}");
        }
    }
}

/// `picture` through haze: its range is compressed to `low`..`high`.
fn hazy(picture: &Rgb8, low: f64, high: f64) -> Rgb8 {
    let mut picture = picture.clone();
    for value in picture.samples_mut() {
        *value = (255.0 * low + f64::from(*value) * (high - low)).round() as u8;
    }
    picture
}

#[test]
fn a_flat_picture_gets_contrast_in_bounds_and_says_how_flat_it_was() {
    let flat = hazy(&scene(), 0.3, 0.62);
    let correction =
        Correction::none().with_contrast(statistics::PictureStatistics::measure(&flat).ends);
    let reason = correction.reasons.iter().find(|one| one.code == "flat");
    let reason = reason.unwrap_or_else(|| panic!("{correction:?}"));
    assert!(reason.text.contains("of 256 levels"), "{}", reason.text);
    let slope = 1.0 / (correction.white_point - correction.black_point);
    assert!((1.1..=1.51).contains(&slope), "{correction:?}");
    for step in correction.steps() {
        step.check().unwrap();
    }
    let contrast = |picture: &Rgb8| {
        let ends = statistics::PictureStatistics::measure(picture).ends;
        ends[1] - ends[0]
    };
    let mut corrected = flat.clone();
    CompiledLook::with_correction(&Look::none(), 1.0, &correction)
        .unwrap()
        .apply(&mut corrected, 0, 0);
    assert!(contrast(&corrected) > 1.08 * contrast(&flat));
    assert!(correction.scaled(0.0).is_identity());
    // A picture that has black or white uses its range on purpose.
    for (low, high) in [(0.0, 0.4), (0.6, 1.0), (0.0, 1.0)] {
        let ends = statistics::PictureStatistics::measure(&hazy(&scene(), low, high)).ends;
        let kept = Correction::none().with_contrast(ends);
        assert_eq!((kept.black_point, kept.white_point), (0.0, 1.0), "{kept:?}");
    }
}
