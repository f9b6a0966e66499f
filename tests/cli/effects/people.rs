//! Films in which people are told from what is behind them, made and verified by the program.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tastemaker::geometry::{Rect, Size};
use tastemaker::media::{FrameSize, Limits, VideoReader};
use tastemaker::picture::{Filter, Rgb8, crop_resize};
use tastemaker::store::hash_file;
use tastemaker::task::Task;

use crate::support::{Home, media, tastemaker};

/// In the photo: the face, a flag to its left and a space shuttle to its right.
const FACE: Rect = Rect {
    x: 0.36,
    y: 0.16,
    width: 0.14,
    height: 0.16,
};
const FLAG: Rect = Rect {
    x: 0.05,
    y: 0.1,
    width: 0.15,
    height: 0.4,
};

const SHUTTLE: Rect = Rect {
    x: 0.66,
    y: 0.0,
    width: 0.3,
    height: 0.5,
};

/// The film of the portrait with these effects and captions, and its plan.
fn film(home: &Home, name: &str, effects: Value, captions: Value) -> (PathBuf, PathBuf) {
    let photo = media("photos/astronaut.jpg");
    let plan = json!({
        "schema": "tastemaker.plan/1",
        "sources": [{
            "id": "s1", "path": photo, "kind": "image",
            "blake3": hash_file(&photo, &Task::default()).unwrap(),
        }],
        "output": {
            "width": 320, "height": 320, "frame_rate": "10/1", "duration": 0.5,
            "loudness_lufs": -14.0, "true_peak_dbtp": -1.0,
            "platform": "test", "style": "test", "seed": 0,
        },
        "picture": [{
            "source": "s1", "in": 0.0, "out": 0.5, "crop": [[0.0, 0.0, 0.0, 1.0, 1.0]], "effects": effects,
        }],
        "captions": captions,
    });
    let (path, film) = (
        home.path(&format!("{name}.json")),
        home.path(&format!("{name}.mp4")),
    );
    std::fs::write(&path, plan.to_string()).unwrap();
    tastemaker(home)
        .arg("render")
        .arg(&path)
        .arg("-o")
        .arg(&film)
        .exits(0);
    (film, path)
}

fn last_frame(film: &Path) -> Rgb8 {
    let mut reader = VideoReader::open(film, &Limits::default(), 1).unwrap();
    for _ in 0..5 {
        reader.next_frame().unwrap().unwrap();
    }
    reader.image(FrameSize::Full).unwrap()
}

fn part(frame: &Rgb8, place: Rect) -> Rgb8 {
    let side = |share: f64| (share * 320.0).round() as u32;
    crop_resize(
        frame,
        place,
        Size::new(side(place.width), side(place.height)),
        Filter::Box,
    )
}

/// The mean difference of neighboring samples of a row.
fn detail(picture: &Rgb8) -> f64 {
    let samples = picture.samples();
    let pairs = samples.iter().zip(&samples[3..]);
    let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / samples.len() as f64
}

fn difference(a: &Rgb8, b: &Rgb8) -> f64 {
    let pairs = a.samples().iter().zip(b.samples());
    let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.samples().len() as f64
}

#[test]
fn a_film_with_a_blurred_background_passes_verify() {
    let home = Home::new();
    let (plain, _) = film(&home, "plain", json!([]), json!([]));
    let effects = json!([{ "kind": "background_blur", "amount": 0.8 }]);
    let (blurred, plan) = film(&home, "blurred", effects, json!([]));
    let verified = tastemaker(&home)
        .arg("verify")
        .arg(&blurred)
        .arg("--plan")
        .arg(&plan);
    verified.exits(0);
    let (plain, blurred) = (last_frame(&plain), last_frame(&blurred));
    let kept = |place| detail(&part(&blurred, place)) / detail(&part(&plain, place));
    assert!(kept(SHUTTLE) < 0.5, "{}", kept(SHUTTLE));
    assert!(kept(FACE) > 0.8, "{}", kept(FACE));
}

#[test]
fn another_background_stands_behind_a_person() {
    let home = Home::new();
    let (plain, _) = film(&home, "plain", json!([]), json!([]));
    let wall = json!([{
        "kind": "background_color", "hue": 120.0, "saturation": 1.0, "brightness": 0.8, "shade": 0.5,
    }]);
    let (walled, plan) = film(&home, "walled", wall, json!([]));
    let verified = tastemaker(&home)
        .arg("verify")
        .arg(&walled)
        .arg("--plan")
        .arg(&plan);
    verified.exits(0);
    let (plain, walled) = (last_frame(&plain), last_frame(&walled));
    // Green, darker towards the lower edge: of a brightness of 0.8, a half is gone there.
    for place in [FLAG, SHUTTLE] {
        let middle = place.y + place.height / 2.0;
        let green = 255.0 * 0.8 * (1.0 - 0.5 * middle);
        let wall = part(&walled, place);
        let pixels = wall.samples().chunks_exact(3);
        let [red, mean, blue] = [0, 1, 2].map(|channel| {
            let sum: u64 = pixels.clone().map(|pixel| u64::from(pixel[channel])).sum();
            sum as f64 / pixels.len() as f64
        });
        assert!((mean - green).abs() < 8.0, "{mean}, not {green}");
        // What is left of a light wall and a flag is the edge of a sleeve.
        assert!(red < 24.0 && blue < 24.0, "{red} {blue}");
    }
    let changed = difference(&part(&walled, FACE), &part(&plain, FACE));
    assert!(changed < 5.0, "{changed}");
}

#[test]
fn a_title_stands_behind_a_person() {
    let home = Home::new();
    let titled = |style: &str| {
        let caption = json!({
            "text": "astronaut", "start": 0.0, "end": 0.5, "style": style,
            "place": { "x": 0.02, "y": 0.14, "width": 0.96, "height": 0.24 },
        });
        film(&home, style, json!([]), json!([caption]))
    };
    let (plain, _) = film(&home, "plain", json!([]), json!([]));
    let (behind, plan) = titled("behind");
    let (before, _) = titled("title-card");
    let verified = tastemaker(&home)
        .arg("verify")
        .arg(&behind)
        .arg("--plan")
        .arg(&plan);
    verified.exits(0);
    let [plain, behind, before] = [plain, behind, before].map(|film| last_frame(&film));
    let changed = |frame, place| difference(&part(frame, place), &part(&plain, place));
    assert!(changed(&before, FACE) > 15.0, "{}", changed(&before, FACE));
    assert!(changed(&behind, FACE) < 5.0, "{}", changed(&behind, FACE));
    // Both show letters beside the head.
    let beside = Rect {
        y: 0.16,
        height: 0.16,
        ..FLAG
    };
    assert!(
        changed(&behind, beside) > 15.0,
        "{}",
        changed(&behind, beside)
    );
}
