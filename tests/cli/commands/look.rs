//! The verbs that show, suggest and learn looks, on real pictures.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tastemaker::geometry::Size;
use tastemaker::looks::{CompiledLook, Look, LookLibrary, LookStep, learn_finished};
use tastemaker::picture::{ColorSpace, Filter, Picture, Pixels, Rgb8, resize};

use crate::support::{self, tastemaker};

fn photo(name: &str) -> std::path::PathBuf {
    support::root().join("tests/media/photos").join(name)
}

#[test]
fn a_gallery_shows_a_photo_in_looks_as_a_page_and_as_a_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let meadow = photo("meadow.jpg").display().to_string();
    tastemaker(folder.path())
        .args([
            "look", "gallery", &meadow, "-o", "all.html", "--family", "film",
        ])
        .exits(0);
    let page = fs::read_to_string(folder.path().join("all.html")).unwrap();
    let film: Vec<String> = LookLibrary::open(None)
        .unwrap()
        .looks()
        .iter()
        .filter(|look| look.family == "film")
        .map(|look| look.id.clone())
        .collect();
    assert_eq!(page.matches("data:image/jpeg").count(), film.len() + 1);
    assert!(page.find("original").unwrap() < page.find(&film[0]).unwrap());
    assert!(film.iter().all(|id| page.contains(id)));
    assert!(!page.contains("<script") && !page.contains("http"));

    let sheet = &[
        "look",
        "gallery",
        &meadow,
        "noir",
        "film-warm",
        "-o",
        "two.png",
        "--strength",
        "0.8",
    ];
    tastemaker(folder.path()).args(sheet).exits(0);
    let image = image::open(folder.path().join("two.png")).unwrap();
    assert_eq!(image.width(), 3 * 500 + 20);
    let told = tastemaker(folder.path()).args(sheet).exits(2).stderr();
    assert!(told.contains("--force"), "{told}");
    let plan = [
        "look",
        "gallery",
        &meadow,
        "noir",
        "-o",
        "x.png",
        "--dry-run",
    ];
    assert_eq!(
        tastemaker(folder.path()).args(plan).exits(0).stdout(),
        "noir\n"
    );
    assert!(!folder.path().join("x.png").exists());
    for (words, needle) in [
        (vec!["-o", "x.gif"], ".html"),
        (vec!["-o", "x.png", "--family", "flim"], "film"),
        (vec!["-o", "x.png", "nior"], "noir"),
        (vec!["-o", "x.png", "--strength", "7"], "0 to 2"),
    ] {
        let mut all = vec!["look", "gallery", &meadow];
        all.extend(words);
        let told = tastemaker(folder.path()).args(&all).exits(2).stderr();
        assert!(told.contains(needle), "{told}");
    }
}

#[test]
fn looks_are_suggested_with_reasons_and_not_where_none_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let suggest = |path: &Path| -> Value {
        let path = path.display().to_string();
        let told = tastemaker(folder.path())
            .args(["look", "suggest", "--json", &path])
            .exits(0)
            .stdout();
        serde_json::from_str(&told).unwrap()
    };
    let told = suggest(&photo("mountains.jpg"));
    assert_eq!(told["schema"], "tastemaker.look-suggestions/1");
    let looks = told["looks"].as_array().unwrap();
    assert!(!looks.is_empty(), "{told}");
    for look in looks {
        assert!(look["score"].as_f64().unwrap() >= 0.5);
        assert!(!look["reasons"].as_array().unwrap().is_empty());
    }
    let scores: Vec<f64> = looks
        .iter()
        .map(|look| look["score"].as_f64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");

    let changed = |name: &str, change: &dyn Fn([u8; 3]) -> [u8; 3]| {
        let mut image = image::open(photo("mountains.jpg")).unwrap().to_rgb8();
        image
            .pixels_mut()
            .for_each(|pixel| pixel.0 = change(pixel.0));
        let path = folder.path().join(name);
        image.save(&path).unwrap();
        path
    };
    let abstains = |told: &Value, needle: &str| {
        assert_eq!(told["looks"], serde_json::json!([]), "{told}");
        let all = told["abstained"].as_array().unwrap();
        assert!(
            all.iter()
                .any(|one| one["what"] == "looks" && one["why"].as_str().unwrap().contains(needle)),
            "{told}"
        );
    };
    let gray = changed("gray.png", &|[r, g, b]| {
        [((u32::from(r) + u32::from(g) + u32::from(b)) / 3) as u8; 3]
    });
    abstains(&suggest(&gray), "black and white");
    // Lifted as a faded look lifts: what was dark lies on one floor.
    let faded = changed("faded.png", &|pixel| {
        pixel.map(|value| (40 + u32::from(value.max(90)) * 200 / 255) as u8)
    });
    abstains(&suggest(&faded), "lifted");

    // A flat picture gets contrast, one that is right gets nothing, and each says why.
    let flat = changed("flat.png", &|pixel| {
        pixel.map(|value| (90 + u32::from(value) * 110 / 255) as u8)
    });
    let told = suggest(&flat);
    let correction = &told["correction"];
    assert!(correction["black_point"].as_f64().unwrap() > 0.03, "{told}");
    let reasons = correction["reasons"].as_array().unwrap();
    assert!(
        reasons
            .iter()
            .any(|one| one["code"] == "flat"
                && one["text"].as_str().unwrap().contains("of 256 levels")),
        "{told}"
    );
    // And that is what `apply none --match each` does.
    let told = tastemaker(folder.path())
        .args([
            "apply", "none", "flat.png", "-o", "out", "--match", "each", "--json",
        ])
        .exits(0)
        .stdout();
    let adjusted = told
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .find(|line| line["adjusted"].is_object());
    let adjusted = adjusted.unwrap_or_else(|| panic!("{told}"));
    assert_eq!(
        adjusted["adjusted"]["black_point"],
        correction["black_point"]
    );
    assert_eq!(adjusted["adjusted"]["reasons"], correction["reasons"]);
}

fn opened(path: &Path) -> Rgb8 {
    let image = image::open(path).unwrap().to_rgb8();
    let size = Size::new(image.width(), image.height());
    let whole = Rgb8::new(size, image.into_raw()).unwrap();
    resize(&whole, size.within(320), Filter::Box)
}

/// `look` on a still, which it may measure.
fn still(look: &Look, picture: &Rgb8) -> Rgb8 {
    let mut picture = Picture {
        pixels: Pixels::Eight(picture.clone()),
        alpha: None,
        color: ColorSpace::Srgb,
    };
    CompiledLook::new(look, 1.0)
        .unwrap()
        .apply_picture(&mut picture, 1);
    match picture.pixels {
        Pixels::Eight(pixels) => pixels,
        Pixels::Sixteen(_) => panic!("the depth changed"),
    }
}

/// The darkest, the middle and the brightest luma of a picture: fade, light and contrast move them.
fn tones(picture: &Rgb8) -> [f64; 3] {
    let mut lumas: Vec<f64> = picture
        .pixels()
        .map(|[r, g, b]| 0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b))
        .collect();
    lumas.sort_by(f64::total_cmp);
    [0.01, 0.5, 0.99].map(|share| lumas[(share * (lumas.len() - 1) as f64) as usize])
}

const PHOTOS: [&str; 8] = [
    "cat.jpg",
    "dandelion.jpg",
    "dogs.jpg",
    "meadow.jpg",
    "mountains.jpg",
    "storm.jpg",
    "stream.jpg",
    "wine.jpg",
];

#[test]
fn a_faded_look_is_told_from_pictures_in_it() {
    let library = LookLibrary::open(None).unwrap();
    let faded = CompiledLook::new(&library.find("film-faded").unwrap(), 1.0).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("done")).unwrap();
    for name in PHOTOS {
        let mut picture = opened(&photo(name));
        faded.apply(&mut picture, 1, 0);
        let (width, height) = (picture.width() as u32, picture.height() as u32);
        let image = image::RgbImage::from_raw(width, height, picture.samples().to_vec()).unwrap();
        image
            .save(folder.path().join("done").join(name).with_extension("png"))
            .unwrap();
    }
    fs::write(folder.path().join("done/notes.txt"), "not a picture").unwrap();
    let words = [
        "look",
        "learn",
        "--from",
        "done",
        "-o",
        "mine.toml",
        "--json",
    ];
    let told = tastemaker(folder.path()).args(words).exits(0).stdout();
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["pictures"].as_array().unwrap().len(), PHOTOS.len());
    let figure = |name: &str| told[name].as_f64().unwrap();
    assert!(figure("left_out") < figure("before"), "{told}");
    assert!(told["unknown"].as_str().unwrap().contains("grain"));
    let path = folder.path().join("mine.toml").display().to_string();
    let look = library.find(&path).unwrap();
    assert!(
        look.steps
            .iter()
            .any(|step| matches!(step, LookStep::Fade(_))),
        "{:?}",
        look.steps
    );
    assert!(!folder.path().join("mine.cube").exists());

    // On pictures that were not learned from, it does much of what the look does.
    for name in ["fig.jpg", "sunset.jpg", "nuthatch.jpg"] {
        let plain = opened(&photo(name));
        let mut wanted = plain.clone();
        faded.apply(&mut wanted, 1, 0);
        let made = still(&look, &plain);
        let distance = |a: &Rgb8, b: &Rgb8| -> f64 {
            tones(a)
                .iter()
                .zip(tones(b))
                .map(|(a, b)| (a - b).abs())
                .sum()
        };
        let (before, after) = (distance(&plain, &wanted), distance(&made, &wanted));
        assert!(after < 0.9 * before, "{name}: {before} to {after}");
    }
    let told = tastemaker(folder.path()).args(words).exits(2).stderr();
    assert!(told.contains("--force"), "{told}");
}

#[test]
fn plain_photographs_teach_next_to_nothing_and_four_are_too_few() {
    let plain: Vec<Rgb8> = PHOTOS.iter().map(|name| opened(&photo(name))).collect();
    let learned = learn_finished(&plain).unwrap();
    let look = Look {
        steps: learned.steps,
        ..Look::none()
    };
    let change = CompiledLook::new(&look, 1.0)
        .unwrap()
        .measure(&plain[0])
        .change;
    assert!(change < 0.05, "{change} {:?}", look.steps);
    assert_eq!(learn_finished(&plain[..4]).unwrap_err().code(), "usage");
}

/// An expert's finished pictures alone bring a picture that they do not hold nearer to the tones that the expert gave
/// it.
#[test]
fn an_expert_s_finished_pictures_lead_others_toward_them() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let images = corpus.join("images");
    let truth: Value =
        serde_json::from_slice(&fs::read(images.join("pairs.json")).unwrap()).unwrap();
    let pairs: Vec<[Rgb8; 2]> = truth["pairs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| [0, 1].map(|side| opened(&images.join(pair[side].as_str().unwrap()))))
        .collect();
    let apart =
        |a: [f64; 3], b: [f64; 3]| -> f64 { a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum() };
    let (mut nothing, mut learned) = (0.0, 0.0);
    for (number, [before, after]) in pairs.iter().enumerate() {
        let others: Vec<Rgb8> = pairs
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != number)
            .map(|(_, [_, after])| after.clone())
            .collect();
        let look = Look {
            steps: learn_finished(&others).unwrap().steps,
            ..Look::none()
        };
        let made = still(&look, before);
        nothing += apart(tones(before), tones(after));
        learned += apart(tones(&made), tones(after));
    }
    let count = pairs.len() as f64;
    eprintln!(
        "{count} left out in turn: {:.1} to {:.1} levels",
        nothing / count,
        learned / count
    );
    assert!(learned < 0.85 * nothing, "{nothing} to {learned}");
}
