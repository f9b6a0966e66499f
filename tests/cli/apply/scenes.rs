//! `--match set`, which gives photos of one scene the same light, and `--preview` of an album.

use std::fs;

use tastemaker::geometry::Size;
use tastemaker::looks::{CompiledLook, Exposure, Look, LookStep, WhiteBalance};
use tastemaker::media::{ChromaSubsampling, Metadata, StillFormat, to_srgb};
use tastemaker::picture::Background;

use crate::support::{Home, decode, media, results, write_picture};

/// The simulated camera error of each photo of a scene: stops, temperature, tint.
const CAMERA: [(f64, f64, f64); 7] = [
    (0.0, 0.0, 0.0),
    (0.7, 0.0, 0.0),
    (-0.7, 20.0, 0.0),
    (0.35, -40.0, 0.0),
    (-0.35, 40.0, 10.0),
    (0.5, -20.0, -15.0),
    (-0.6, 0.0, 15.0),
];

/// Photos of one scene: parts of one photo, a little moved, each in another light.
fn scene(home: &Home, photo: &str) -> Vec<String> {
    let whole = decode(&media(&format!("photos/{photo}.jpg"))).picture;
    let whole = whole.resized(whole.size().within(640));
    let size = Size::new(whole.size().width - 24, whole.size().height - 24);
    let jpeg = StillFormat::Jpeg {
        background: Background::BLACK,
        quality: 92,
        subsampling: ChromaSubsampling::Full444,
    };
    let mut names = Vec::new();
    for (number, (stops, temperature, tint)) in CAMERA.into_iter().enumerate() {
        let at = number as u32;
        let mut part = whole.cropped(at * 4 % 24, at * 7 % 24, size);
        let steps = vec![
            LookStep::WhiteBalance(WhiteBalance { temperature, tint }),
            LookStep::Exposure(Exposure { stops }),
        ];
        let look = Look {
            steps,
            ..Look::none()
        };
        let camera = CompiledLook::new(&look, 1.0).unwrap();
        camera.apply_picture(&mut part, 0);
        let name = format!("{photo}-{number}.jpg");
        write_picture(
            &home.path("in").join(&name),
            &part,
            jpeg,
            &Metadata::default(),
        );
        names.push(name);
    }
    names
}

/// Mean CIELAB (D65) of a picture.
fn mean_lab(home: &Home, folder: &str, name: &str) -> [f64; 3] {
    let picture = to_srgb(&decode(&home.path(folder).join(name)).picture);
    let mut mean = [0.0; 3];
    for pixel in picture.pixels() {
        let [red, green, blue] = pixel.map(|value| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        });
        let root = |value: f64| {
            if value > 0.008856 {
                value.cbrt()
            } else {
                7.787 * value + 16.0 / 116.0
            }
        };
        let x = root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
        let y = root(0.2126 * red + 0.7152 * green + 0.0722 * blue);
        let z = root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
        let lab = [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)];
        for (mean, value) in mean.iter_mut().zip(lab) {
            *mean += value / picture.size().pixels() as f64;
        }
    }
    mean
}

/// Standard deviation of the mean colors of the pictures.
fn spread(home: &Home, folder: &str, names: &[String]) -> f64 {
    let means: Vec<[f64; 3]> = names
        .iter()
        .map(|name| mean_lab(home, folder, name))
        .collect();
    let count = means.len() as f64;
    let square: f64 = (0..3)
        .map(|axis| {
            let middle = means.iter().map(|mean| mean[axis]).sum::<f64>() / count;
            means
                .iter()
                .map(|mean| (mean[axis] - middle).powi(2))
                .sum::<f64>()
                / count
        })
        .sum();
    square.sqrt()
}

#[test]
fn photos_of_one_scene_come_to_one_light_for_any_number_at_a_time() {
    let home = Home::new();
    let scenes = ["cat", "meadow", "coffee"].map(|photo| scene(&home, photo));
    let run = home
        .apply(&[
            "none", "in", "-o", "out", "--match", "set", "--json", "-j", "1",
        ])
        .exits(0);
    for names in &scenes {
        let (before, after) = (spread(&home, "in", names), spread(&home, "out", names));
        eprintln!("{}: spread {before:.2} before, {after:.2} after", names[0]);
        assert!(
            after < before / 3.0,
            "{}: {before} before, {after} after",
            names[0]
        );
    }
    for line in run.documents() {
        let reason = &line["adjusted"]["reasons"][0];
        assert_eq!(reason["code"], "scene", "{line}");
        assert!(reason["text"].as_str().unwrap().contains("7"), "{line}");
        assert_eq!(line["adjusted"]["strength"], 1.0);
    }
    let calm = results(&home.path("out"));
    home.apply(&["none", "in", "-o", "two", "--match", "set", "-j", "4"])
        .exits(0);
    assert!(results(&home.path("two")) == calm);
    // Missing results are made again as before, and the rest is kept.
    let gone = home.path("two/cat-3.jpg");
    fs::remove_file(&gone).unwrap();
    let run = home
        .apply(&["none", "in", "-o", "two", "--match", "set", "--resume"])
        .exits(0);
    assert!(run.counts("1 written") && results(&home.path("two")) == calm);
    // A scene that has lost its light photos has another goal: its results are made anew.
    for number in [1, 3, 5] {
        fs::remove_file(home.path("in").join(format!("cat-{number}.jpg"))).unwrap();
    }
    home.apply(&["none", "in", "-o", "two", "--match", "set", "--resume"])
        .exits(0);
    let changed = results(&home.path("two"));
    assert!(changed["cat-0.jpg"] != calm["cat-0.jpg"]);
    assert!(changed["coffee-0.jpg"] == calm["coffee-0.jpg"]);
}

#[test]
fn a_preview_shows_what_differs_and_writes_one_page() {
    let home = Home::new();
    scene(&home, "cat");
    home.photos(
        "in",
        &[
            ("dune.jpg", "dune"),
            ("wine.jpg", "wine"),
            ("storm.jpg", "storm"),
        ],
    );
    let arguments = ["noir", "in", "-o", "out", "--preview", "4"];
    let run = home.apply(&arguments).exits(0);
    assert!(run.stdout().contains("preview.html"), "{}", run.stdout());
    let made = results(&home.path("out"));
    assert_eq!(made.keys().collect::<Vec<_>>(), ["preview.html"]);
    let page = String::from_utf8(made["preview.html"].clone()).unwrap();
    assert_eq!(page.matches("data:image/jpeg;base64,").count(), 8);
    for different in ["dune.jpg", "wine.jpg", "storm.jpg"] {
        assert!(page.contains(different), "{different} is not shown");
    }
    for elsewhere in ["<script", "http://", "https://"] {
        assert!(!page.contains(elsewhere));
    }
    home.apply(&arguments).exits(2);
    home.apply(&[&arguments[..], &["--force"]].concat())
        .exits(0);
    // The page does not collide with a result.
    home.apply(&["noir", "in", "-o", "out"]).exits(0);
}
