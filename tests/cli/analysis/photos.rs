//! Stills: colors, quality, faces, scene words, subject and mood of real photos.

use std::path::Path;

use tastemaker::analysis::picture::{PictureDepth, analyze_picture};
use tastemaker::analysis::{FileKind, PictureFacts, Scope, analyze};
use tastemaker::media::Limits;
use tastemaker::picture::Rgb8;

use crate::support::{self, context};

fn picture(path: &Path) -> PictureFacts {
    let analysis = analyze(&context(), path).expect("the photo is readable");
    assert_eq!(analysis.file.kind, FileKind::Image);
    assert_eq!(analysis.file.partial, None);
    analysis.picture.expect("a still has a picture")
}

fn has(facts: &PictureFacts, word: &str) -> bool {
    facts.scene.iter().any(|label| label.label == word)
}

#[test]
fn photos_are_told_by_their_words() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let photos = corpus.join("images/photos");
    let expected: &[(&str, &[&str], &[&str])] = &[
        (
            "cid22_4215100.jpg",
            &["mountain", "landscape", "outdoor"],
            &["indoor", "portrait"],
        ),
        ("cid22_551991.jpg", &["food"], &["portrait", "landscape"]),
        (
            "cid22_1080721.jpg",
            &["indoor", "kitchen"],
            &["outdoor", "sky"],
        ),
        (
            "cid22_px4577831.jpg",
            &["beach", "sea", "outdoor"],
            &["indoor"],
        ),
        (
            "cid22_px3155588.jpg",
            &["portrait", "people"],
            &["landscape", "sky"],
        ),
        (
            "cid22_2190188.jpg",
            &["sport", "people", "group"],
            &["food"],
        ),
        (
            "cid22_1583339.jpg",
            &["building", "landmark", "sky"],
            &["indoor"],
        ),
        ("cid22_373965.jpg", &["monochrome"], &["greenery"]),
        ("cid22_7062227.jpg", &["night", "dark"], &["snow"]),
        ("cid22_67216.jpg", &["wildlife"], &["people", "dog"]),
        ("cid22_1082342.jpg", &[], &["sunset"]),
    ];
    for (name, present, absent) in expected {
        let facts = picture(&photos.join(name));
        for word in *present {
            assert!(has(&facts, word), "{name} lacks {word}: {:?}", facts.scene);
        }
        for word in *absent {
            assert!(!has(&facts, word), "{name} is no {word}: {:?}", facts.scene);
        }
    }
}

#[test]
fn a_red_plate_is_no_sunset() {
    let facts = picture(&support::media("photos/fig.jpg"));
    assert!(has(&facts, "food"), "{:?}", facts.scene);
    assert!(!has(&facts, "sunset"), "{:?}", facts.scene);
}

#[test]
fn facts_of_every_photo_keep_the_contract() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let mut names: Vec<_> = std::fs::read_dir(corpus.join("images/photos"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    for path in names.iter().step_by(12) {
        let facts = picture(path);
        let unit = |value: f64| (0.0..=1.0).contains(&value);
        assert!((1..=5).contains(&facts.palette.len()), "{}", path.display());
        let shares: f64 = facts.palette.iter().map(|swatch| swatch.share).sum();
        assert!(shares <= 1.0 + 1e-9 && shares > 0.5, "{shares}");
        assert!(
            facts
                .palette
                .windows(2)
                .all(|pair| pair[0].share >= pair[1].share)
        );
        for value in [
            facts.luma,
            facts.contrast,
            facts.saturation,
            facts.clipping.low,
            facts.clipping.high,
            facts.quality.sharpness,
            facts.quality.noise,
            facts.quality.exposure,
            facts.quality.score,
            facts.mood.valence,
            facts.mood.arousal,
        ] {
            assert!(unit(value), "{value} in {}", path.display());
        }
        assert!((-1.0..=1.0).contains(&facts.warmth));
        assert!((1..=5).contains(&facts.mood.words.len()));
        assert!(
            facts
                .scene
                .windows(2)
                .all(|pair| pair[0].score >= pair[1].score)
        );
        let boxes = facts
            .faces
            .iter()
            .map(|face| face.bounds)
            .chain(facts.objects.iter().map(|object| object.bounds))
            .chain(facts.subject.iter().map(|subject| subject.bounds));
        for bounds in boxes {
            assert!(
                bounds.x >= 0.0 && bounds.x + bounds.width <= 1.0002,
                "{bounds:?}"
            );
            assert!(
                bounds.y >= 0.0 && bounds.y + bounds.height <= 1.0002,
                "{bounds:?}"
            );
        }
    }
}

/// The count of `faces.py`: portraits show a face, photos without people show none.
#[test]
fn faces_are_found_in_portraits_and_not_in_landscapes() {
    const PEOPLE: [&str; 16] = [
        "people",
        "portrait",
        "crowd",
        "sport_people",
        "sport",
        "street",
        "art",
        "statue",
        "shop",
        "interior",
        "graphic",
        "game",
        "screenshot",
        "text_graphic",
        "illustration",
        "toy",
    ];
    let Some(corpus) = support::corpus() else {
        return;
    };
    let text = std::fs::read(corpus.join("images/labels.json")).unwrap();
    let labels: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let (mut portraits, mut seen, mut others, mut clean) = (0, 0, 0, 0);
    for (name, tags) in labels["images"].as_object().unwrap() {
        let tags: Vec<&str> = tags
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|tag| tag.as_str())
            .collect();
        let portrait = tags.contains(&"portrait");
        if !portrait && (tags.iter().any(|tag| PEOPLE.contains(tag)) || others >= 60) {
            continue;
        }
        let still =
            tastemaker::media::decode_still(&corpus.join("images").join(name), &Limits::default())
                .unwrap();
        let pixels: Rgb8 = tastemaker::media::to_srgb(&still.picture);
        let found = !support::models().detect_faces(&pixels).unwrap().is_empty();
        if portrait {
            portraits += 1;
            seen += usize::from(found);
        } else {
            others += 1;
            clean += usize::from(!found);
        }
    }
    let figure = (seen as f64 / portraits as f64 + clean as f64 / others as f64) / 2.0;
    assert!(figure >= 0.95, "{seen}/{portraits} {clean}/{others}");
}

#[test]
fn a_blurred_and_a_dark_copy_are_judged_worse() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let path = corpus.join("images/photos/cid22_1583339.jpg");
    let still = tastemaker::media::decode_still(&path, &Limits::default()).unwrap();
    let sharp = tastemaker::media::to_srgb(&still.picture);
    let size = sharp.size();
    let small = tastemaker::geometry::Size::new(size.width / 5, size.height / 5);
    let filter = tastemaker::picture::Filter::Bilinear;
    let soft = tastemaker::picture::resize(
        &tastemaker::picture::resize(&sharp, small, filter),
        size,
        filter,
    );
    let dark = Rgb8::new(
        size,
        sharp.samples().iter().map(|&sample| sample / 8).collect(),
    )
    .unwrap();
    let quality = |pixels: &Rgb8| {
        analyze_picture(
            support::models(),
            pixels,
            PictureDepth::KeyFrame,
            &Scope::default(),
        )
        .unwrap()
        .quality
    };
    let (sharp, soft, dark) = (quality(&sharp), quality(&soft), quality(&dark));
    assert!(
        sharp.sharpness > 0.7 && soft.sharpness < 0.5 * sharp.sharpness,
        "{sharp:?} {soft:?}"
    );
    assert!(sharp.exposure > 0.8 && dark.exposure < 0.2, "{dark:?}");
    assert!(soft.score < sharp.score - 0.2 && dark.score < sharp.score - 0.2);
}

#[test]
fn tiny_and_narrow_pictures_are_no_trouble() {
    for (width, height) in [(1, 1), (2, 700), (700, 2), (9, 9), (33, 40)] {
        let size = tastemaker::geometry::Size::new(width, height);
        let samples = (0..size.pixels() * 3)
            .map(|n| (n * 37 % 251) as u8)
            .collect();
        let pixels = Rgb8::new(size, samples).unwrap();
        let facts = analyze_picture(
            support::models(),
            &pixels,
            PictureDepth::Full,
            &Scope::default(),
        )
        .unwrap();
        assert_eq!((facts.width, facts.height), (width, height));
    }
}

#[test]
fn a_still_that_breaks_off_is_partial() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(corpus.join("images/photos/cid22_1583339.jpg")).unwrap();
    let path = folder.path().join("half.jpg");
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let analysis = analyze(&context(), &path).unwrap();
    let partial = analysis.file.partial.expect("half of the photo is missing");
    assert_eq!(partial.code, "breaks_off");
    assert!(analysis.picture.is_some());
}
